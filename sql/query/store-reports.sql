-- store-reports: from incoming_report to report; the number in the batch and
-- the ids of each that was new.  Rows are taken in the order of their keys, so
-- that two ingesters wait for each other and never in a circle; of two with the
-- same key the first of the batch wins.
--
-- Each is judged here (dmarc.judge_report).  One that does not count lies beside
-- one that does, unless it says the same: neither is an obstacle to the other.
WITH judged AS MATERIALIZED (
SELECT i.*, d.id AS policy_domain_id, j.tier, j.mail_domain, j.vouched_by,
       j.listed, j.reason
  FROM pg_temp.incoming_report i
  JOIN dmarc.policy_domain d ON d.name = i.domain
 CROSS JOIN dmarc.trust_settings s
 CROSS JOIN LATERAL dmarc.judge_report(i.reporter, i.mail_from, i.message_id,
                      i.mail_auth, i.day > (now() AT TIME ZONE 'UTC')::date + 1,
                      s.ids, s.approved) j),
stored AS (
INSERT INTO dmarc.report (
       policy_domain_id, id, reporter, org_name, email, extra_contact_info,
       report_id, begin_at, end_at, day, p, sp, np, adkim, aspf, pct, fo,
       testing, discovery_method, generator, version, dialect, errors,
       record_count, set_aside_count, message_count, pass_count, salvaged,
       quirks, content_hash, source, part, message_id, mail_from, mail_auth,
       received_at, source_digest, tier, mail_domain, vouched_by, listed,
       left_out_reason, slot)
SELECT i.policy_domain_id, i.id, i.reporter, i.org_name, i.email,
       i.extra_contact_info, i.report_id, i.begin_at, i.end_at, i.day, i.p,
       i.sp, i.np, i.adkim, i.aspf, i.pct, i.fo, i.testing,
       i.discovery_method, i.generator, i.version, i.dialect, i.errors,
       i.record_count, i.set_aside_count, i.message_count, i.pass_count,
       i.salvaged, i.quirks, i.content_hash, i.source, i.part, i.message_id,
       i.mail_from, i.mail_auth, i.received_at, i.source_digest, i.tier,
       i.mail_domain, i.vouched_by, i.listed, i.reason,
       CASE i.tier WHEN 'C' THEN i.id ELSE 0 END
  FROM judged i
 WHERE i.tier <> 'C'
    OR NOT EXISTS (SELECT FROM dmarc.report r
                    WHERE r.policy_domain_id = i.policy_domain_id
                      AND r.reporter = i.reporter
                      AND coalesce(r.report_id, '') = coalesce(i.report_id, '')
                      AND r.begin_at = i.begin_at
                      AND r.end_at = i.end_at
                      AND r.content_hash = i.content_hash)
 ORDER BY i.policy_domain_id, i.reporter COLLATE "C",
       coalesce(i.report_id, '') COLLATE "C", i.begin_at, i.end_at, i.n
    ON CONFLICT (policy_domain_id, reporter, (coalesce(report_id, '')),
                 begin_at, end_at, slot) DO NOTHING
RETURNING policy_domain_id, id, tier, listed),
-- Whoever is not listed is weighed against the others before the next answer.
weigh AS (
INSERT INTO dmarc.due (what, policy_domain_id)
SELECT DISTINCT 'weigh', s.policy_domain_id
  FROM stored s
 WHERE s.tier = 'A'
   AND NOT s.listed),
-- What these reports show of senders is found out before the next answer.
facts AS (
INSERT INTO dmarc.due (what, policy_domain_id)
SELECT DISTINCT 'facts', s.policy_domain_id
  FROM stored s
 WHERE s.tier <> 'C')
SELECT i.n, s.policy_domain_id, s.id
  FROM stored s
  JOIN pg_temp.incoming_report i ON i.id = s.id;
