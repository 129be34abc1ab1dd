-- report-readiness: what stands between each domain and its next policy.
-- $1 text[]: domains, or NULL for all.  $2 date: the last day, or NULL for
-- yesterday, the last that is complete.
--
-- "names": of those below a domain that send, three with most mail that passes.
WITH asked AS MATERIALIZED (
       SELECT d.id, d.name
         FROM dmarc.policy_domain d
        WHERE ($1::text[] IS NULL OR d.name = ANY ($1))
          AND EXISTS (SELECT FROM dmarc.report t
                       WHERE t.policy_domain_id = d.id)),
     line AS MATERIALIZED (
       SELECT *
         FROM dmarc.readiness(ARRAY(SELECT id FROM asked),
                coalesce($2::date,
                         (now() AT TIME ZONE 'UTC')::date - 1))),
     passing AS (
       SELECT n.domain, n.header_from, n.messages,
              row_number() OVER (PARTITION BY n.domain
                ORDER BY n.messages DESC, n.header_from COLLATE "C") AS place,
              count(*) OVER (PARTITION BY n.domain) AS names
         FROM (SELECT r.domain, p.header_from, sum(m.messages) AS messages
                 FROM line r
                 JOIN asked a ON a.name = r.domain
                 JOIN (SELECT c.policy_domain_id, c.day, c.profile_id,
                              sum(c.message_count) AS messages
                         FROM dmarc.record c
                        WHERE c.policy_domain_id IN (SELECT id FROM asked)
                          AND c.day BETWEEN (SELECT min(first_day) FROM line)
                                        AND (SELECT max(last_day) FROM line)
                          AND NOT EXISTS (
                              SELECT FROM dmarc.left_out x
                               WHERE x.policy_domain_id = c.policy_domain_id
                                 AND x.id = c.report_id)
                        GROUP BY 1, 2, 3) m
                   ON m.policy_domain_id = a.id
                  AND m.day BETWEEN r.first_day AND r.last_day
                 JOIN dmarc.profile_count k ON k.profile_id = m.profile_id
                                           AND k.pass = 1
                 JOIN dmarc.auth_profile p ON p.id = m.profile_id
                WHERE r."row" = 'scope'
                  AND r.scope = 'sp'
                  AND r.messages > 0
                  AND dmarc.policy_scope(r.domain, p.header_from) = 'sp'
                GROUP BY 1, 2) n),
     named AS (
       SELECT p.domain, dmarc.in_words(
                array_agg(p.header_from || ' (' || dmarc.in_words(p.messages)
                          || ')' ORDER BY p.place)
                  FILTER (WHERE p.place <= 3), max(p.names)) AS names
         FROM passing p
        GROUP BY p.domain)
SELECT r."row", r.domain, r.scope, r.policy, r.level, r.step, r.verdict,
       r.first_day, r.last_day, r.level_day, r.reports, r.reporters,
       r.messages, r.legitimate, r.legitimate_fail, r.legitimate_dkim,
       r.indirect, r.indirect_fail, r.unresolved_fail, r.hostile,
       r.hostile_fail, r.undetermined, r.left_out, r.untrusted, r.loss_low,
       r.loss_mid, r.loss_high, r.loss_of, r.loss_high_of, r.expected_low,
       r.expected_mid, r.expected_high, r.action, r.gate, r.what, r.figure,
       r."limit", r.unit, r.met, r.source,
       CASE WHEN r."row" = 'gate' THEN r.detail END AS detail,
       CASE WHEN r."row" = 'note' THEN r.detail END AS note,
       CASE WHEN r."row" = 'scope' AND r.scope = 'sp' THEN n.names END AS names
  FROM line r
  LEFT JOIN named n ON n.domain = r.domain
 ORDER BY r.place;
