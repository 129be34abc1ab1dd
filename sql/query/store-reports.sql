-- store-reports: from incoming_report to report; the number in the batch and
-- the ids of each that was new.  Rows are taken in the order of their keys, so
-- that two ingesters wait for each other and never in a circle; of two with the
-- same key the first of the batch wins.
WITH stored AS (
INSERT INTO dmarc.report (
       policy_domain_id, id, reporter, org_name, email, extra_contact_info,
       report_id, begin_at, end_at, day, p, sp, np, adkim, aspf, pct, fo,
       testing, discovery_method, generator, version, dialect, errors,
       record_count, set_aside_count, message_count, pass_count, salvaged,
       quirks, content_hash, source, part, message_id, mail_from, mail_auth,
       received_at, source_digest)
SELECT d.id, i.id, i.reporter, i.org_name, i.email, i.extra_contact_info,
       i.report_id, i.begin_at, i.end_at, i.day, i.p, i.sp, i.np,
       i.adkim, i.aspf, i.pct, i.fo, i.testing, i.discovery_method,
       i.generator, i.version, i.dialect, i.errors, i.record_count,
       i.set_aside_count, i.message_count, i.pass_count, i.salvaged,
       i.quirks, i.content_hash, i.source, i.part, i.message_id,
       i.mail_from, i.mail_auth, i.received_at, i.source_digest
  FROM pg_temp.incoming_report i
  JOIN dmarc.policy_domain d ON d.name = i.domain
 ORDER BY d.id, i.reporter COLLATE "C", coalesce(i.report_id, '') COLLATE "C",
       i.begin_at, i.end_at, i.n
    ON CONFLICT (policy_domain_id, reporter, (coalesce(report_id, '')),
                 begin_at, end_at) DO NOTHING
RETURNING policy_domain_id, id)
SELECT i.n, s.policy_domain_id, s.id
  FROM stored s
  JOIN pg_temp.incoming_report i ON i.id = s.id;
