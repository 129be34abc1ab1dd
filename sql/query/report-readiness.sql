-- report-readiness: what stands between each domain and its next policy.
-- $1 text[]: domains, or NULL for all.  $2 date: the last day, or NULL for
-- yesterday, the last that is complete.
SELECT r."row", r.domain, r.scope, r.policy, r.level, r.step, r.verdict,
       r.first_day, r.last_day, r.level_day, r.reports, r.reporters,
       r.messages, r.legitimate, r.legitimate_fail, r.legitimate_dkim,
       r.indirect, r.indirect_fail, r.unresolved_fail, r.hostile,
       r.hostile_fail, r.undetermined, r.left_out, r.untrusted, r.loss_low,
       r.loss_mid, r.loss_high, r.loss_of, r.loss_high_of, r.expected_low,
       r.expected_mid, r.expected_high, r.action, r.gate, r.what, r.figure,
       r."limit", r.unit, r.met, r.source,
       CASE WHEN r."row" = 'gate' THEN r.detail END AS detail,
       CASE WHEN r."row" = 'note' THEN r.detail END AS note
  FROM dmarc.readiness(
         ARRAY(SELECT d.id
                 FROM dmarc.policy_domain d
                WHERE ($1::text[] IS NULL OR d.name = ANY ($1))
                  AND EXISTS (SELECT FROM dmarc.report t
                               WHERE t.policy_domain_id = d.id)),
         coalesce($2::date, (now() AT TIME ZONE 'UTC')::date - 1)) r
 ORDER BY r.place;
