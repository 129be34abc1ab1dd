-- store-tls-reports: from incoming_tls to tls_report; the number in the batch of
-- each that was new.  As store-reports does it: in the order of the keys, of two
-- with the same key the first of the batch wins, and one that does not count
-- lies beside one that does, unless it says the same.
WITH sums AS (
SELECT p.report, count(*) AS policies, sum(p.success_count) AS successes,
       sum(p.failure_count) AS failures
  FROM pg_temp.incoming_tls_policy p
 GROUP BY p.report),
judged AS MATERIALIZED (
SELECT i.*, m.policies, m.successes, m.failures, j.tier, j.mail_domain,
       j.vouched_by, j.listed, j.reason
  FROM pg_temp.incoming_tls i
  JOIN sums m ON m.report = i.n
 CROSS JOIN dmarc.trust_settings s
 CROSS JOIN LATERAL dmarc.judge_report(i.reporter, i.mail_from, i.message_id,
                      i.mail_auth, i.day > (now() AT TIME ZONE 'UTC')::date + 1,
                      s.ids, s.approved) j),
stored AS (
INSERT INTO dmarc.tls_report (
       id, policy_domain, reporter, org_name, contact_info, report_id, begin_at,
       end_at, day, policy_count, success_count, failure_count, quirks,
       content_hash, source, part, message_id, mail_from, mail_auth,
       received_at, tier, mail_domain, vouched_by, listed, left_out_reason,
       slot)
SELECT i.id, i.domain, i.reporter, i.org_name, i.contact_info, i.report_id,
       i.begin_at, i.end_at, i.day, i.policies, i.successes, i.failures,
       i.quirks, i.content_hash, i.source, i.part, i.message_id, i.mail_from,
       i.mail_auth, i.received_at, i.tier, i.mail_domain, i.vouched_by,
       i.listed, i.reason, CASE i.tier WHEN 'C' THEN i.id ELSE 0 END
  FROM judged i
 WHERE i.tier <> 'C'
    OR NOT EXISTS (SELECT FROM dmarc.tls_report r
                    WHERE r.policy_domain = i.domain
                      AND r.reporter = i.reporter
                      AND coalesce(r.report_id, '') = coalesce(i.report_id, '')
                      AND r.begin_at = i.begin_at
                      AND r.end_at = i.end_at
                      AND r.content_hash = i.content_hash)
 ORDER BY i.domain COLLATE "C", i.reporter COLLATE "C",
       coalesce(i.report_id, '') COLLATE "C", i.begin_at, i.end_at, i.n
    ON CONFLICT (policy_domain, reporter, (coalesce(report_id, '')), begin_at,
                 end_at, slot) DO NOTHING
RETURNING id)
SELECT i.n
  FROM stored s
  JOIN pg_temp.incoming_tls i ON i.id = s.id;
