-- store-reports: from incoming_report to report.  Rows are taken in the order
-- of their keys, so that two ingesters wait for each other and never in a
-- circle; of two with the same key the first of the batch wins.
INSERT INTO dmarc.policy_domain (name)
SELECT DISTINCT i.domain
  FROM pg_temp.incoming_report i
 WHERE NOT EXISTS (SELECT FROM dmarc.policy_domain d WHERE d.name = i.domain)
 ORDER BY i.domain
    ON CONFLICT (name) DO NOTHING;

UPDATE pg_temp.incoming_report i
   SET policy_domain_id = d.id, id = nextval('dmarc.report_id_seq')
  FROM dmarc.policy_domain d
 WHERE d.name = i.domain;

INSERT INTO dmarc.report (
       policy_domain_id, id, reporter, org_name, email, extra_contact_info,
       report_id, begin_at, end_at, day, p, sp, np, adkim, aspf, pct, fo,
       testing, discovery_method, generator, version, dialect, errors,
       record_count, set_aside_count, message_count, pass_count, salvaged,
       quirks, content_hash, source, part, message_id, mail_from, mail_auth,
       received_at)
SELECT policy_domain_id, id, reporter, org_name, email, extra_contact_info,
       report_id, begin_at, end_at, day, p, sp, np, adkim, aspf, pct, fo,
       testing, discovery_method, generator, version, dialect, errors,
       record_count, set_aside_count, message_count, pass_count, salvaged,
       quirks, content_hash, source, part, message_id, mail_from, mail_auth,
       received_at
  FROM pg_temp.incoming_report
 ORDER BY policy_domain_id, reporter, coalesce(report_id, ''), begin_at,
       end_at, n
    ON CONFLICT (policy_domain_id, reporter, (coalesce(report_id, '')),
                 begin_at, end_at) DO NOTHING;
