-- report_detail: one row a report.
CREATE OR REPLACE VIEW dmarc.report_detail AS
SELECT d.name AS policy_domain, r.reporter, r.org_name, r.email,
       r.extra_contact_info, r.report_id, r.begin_at, r.end_at, r.day,
       r.p, r.sp, r.np, r.adkim, r.aspf, r.pct, r.fo, r.testing,
       r.discovery_method, r.generator, r.version, r.dialect,
       array_to_string(r.errors, '; ') AS errors,
       r.record_count, r.set_aside_count, r.message_count, r.pass_count,
       r.salvaged, array_to_string(r.quirks, ' ') AS quirks,
       r.source, r.part, r.message_id, r.mail_from, r.mail_auth,
       r.received_at, r.ingested_at, r.policy_domain_id, r.id
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id;
COMMENT ON VIEW dmarc.report_detail IS 'one row a report';
COMMENT ON COLUMN dmarc.report_detail.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.report_detail.record_count IS 'record elements in the report, those set aside included';
COMMENT ON COLUMN dmarc.report_detail.set_aside_count IS 'records of it that could not be read';
COMMENT ON COLUMN dmarc.report_detail.message_count IS 'messages over the stored records';
COMMENT ON COLUMN dmarc.report_detail.pass_count IS 'messages that pass DMARC';
COMMENT ON COLUMN dmarc.report_detail.day IS 'UTC date of the middle of the period: what all windows select by';
COMMENT ON COLUMN dmarc.report_detail.errors IS 'what the reporter found wrong with the DMARC record';
COMMENT ON COLUMN dmarc.report_detail.quirks IS 'what is odd about the report; see VIOLATIONS.md';
