-- report_detail: one row a report that counts; report_trust has all.
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
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 WHERE dmarc.shown_tier(r.tier);
COMMENT ON VIEW dmarc.report_detail IS 'one row a report that counts; report_trust has all';
COMMENT ON COLUMN dmarc.report_detail.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.report_detail.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.report_detail.org_name IS 'report_metadata/org_name as sent';
COMMENT ON COLUMN dmarc.report_detail.email IS 'report_metadata/email as sent';
COMMENT ON COLUMN dmarc.report_detail.extra_contact_info IS 'report_metadata/extra_contact_info as sent';
COMMENT ON COLUMN dmarc.report_detail.report_id IS 'report_metadata/report_id, angle brackets taken off';
COMMENT ON COLUMN dmarc.report_detail.begin_at IS 'date_range/begin: start of the period';
COMMENT ON COLUMN dmarc.report_detail.end_at IS 'date_range/end: end of the period as sent';
COMMENT ON COLUMN dmarc.report_detail.day IS 'UTC date of the middle of the period: what all windows select by';
COMMENT ON COLUMN dmarc.report_detail.p IS 'policy_published/p';
COMMENT ON COLUMN dmarc.report_detail.sp IS 'policy_published/sp; NULL: not sent, p applies';
COMMENT ON COLUMN dmarc.report_detail.np IS 'policy_published/np; NULL: not sent, sp applies';
COMMENT ON COLUMN dmarc.report_detail.adkim IS 'policy_published/adkim; NULL: not sent, r applies';
COMMENT ON COLUMN dmarc.report_detail.aspf IS 'policy_published/aspf; NULL: not sent, r applies';
COMMENT ON COLUMN dmarc.report_detail.pct IS 'policy_published/pct (RFC 7489 only)';
COMMENT ON COLUMN dmarc.report_detail.fo IS 'policy_published/fo';
COMMENT ON COLUMN dmarc.report_detail.testing IS 'policy_published/testing: the t tag (RFC 9989)';
COMMENT ON COLUMN dmarc.report_detail.discovery_method IS 'psl or treewalk (RFC 9990)';
COMMENT ON COLUMN dmarc.report_detail.generator IS 'report_metadata/generator (RFC 9990)';
COMMENT ON COLUMN dmarc.report_detail.version IS 'the version element as sent';
COMMENT ON COLUMN dmarc.report_detail.dialect IS 'rfc7489 or rfc9990';
COMMENT ON COLUMN dmarc.report_detail.errors IS 'what the reporter found wrong with the DMARC record';
COMMENT ON COLUMN dmarc.report_detail.record_count IS 'record elements in the report, those set aside included';
COMMENT ON COLUMN dmarc.report_detail.set_aside_count IS 'records of it that could not be read';
COMMENT ON COLUMN dmarc.report_detail.message_count IS 'messages over the stored records';
COMMENT ON COLUMN dmarc.report_detail.pass_count IS 'messages that pass DMARC';
COMMENT ON COLUMN dmarc.report_detail.salvaged IS 'the XML was broken and was read in a second, recovering pass';
COMMENT ON COLUMN dmarc.report_detail.quirks IS 'what is odd about the report; see VIOLATIONS.md';
COMMENT ON COLUMN dmarc.report_detail.source IS 'where it came from: file, Maildir file, mbox#number, stdin';
COMMENT ON COLUMN dmarc.report_detail.part IS 'path inside the mail or archive';
COMMENT ON COLUMN dmarc.report_detail.message_id IS 'Message-ID of the carrying mail';
COMMENT ON COLUMN dmarc.report_detail.mail_from IS 'From of the carrying mail';
COMMENT ON COLUMN dmarc.report_detail.mail_auth IS 'Authentication-Results of the carrying mail, a line a field; NULL: no mail, or not kept';
COMMENT ON COLUMN dmarc.report_detail.received_at IS 'Date of the carrying mail';
COMMENT ON COLUMN dmarc.report_detail.ingested_at IS 'when it was stored';
COMMENT ON COLUMN dmarc.report_detail.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.report_detail.id IS 'dmarc.report.id';
