-- record_detail: one row a record, everything spelled out.  Here, and nowhere
-- else, messages become passes, failures and unknowns; every figure of
-- dmarc-report is a sum over this view.
CREATE OR REPLACE VIEW dmarc.record_detail AS
SELECT d.name AS policy_domain, c.day,
       r.reporter, r.org_name, r.report_id, r.begin_at, r.end_at,
       c.source_ip, c.message_count,
       f.header_from, f.envelope_from, c.envelope_to,
       f.disposition, f.eval_dkim, f.eval_spf, f.dmarc_result,
       CASE WHEN f.dmarc_result = 'pass' THEN c.message_count ELSE 0 END AS pass_count,
       CASE WHEN f.dmarc_result = 'fail' THEN c.message_count ELSE 0 END AS fail_count,
       CASE WHEN f.dmarc_result = 'unknown' THEN c.message_count ELSE 0 END AS unknown_count,
       CASE WHEN f.eval_dkim = 'pass' THEN c.message_count ELSE 0 END AS dkim_aligned_count,
       CASE WHEN f.eval_spf = 'pass' THEN c.message_count ELSE 0 END AS spf_aligned_count,
       CASE WHEN f.disposition = 'quarantine' THEN c.message_count ELSE 0 END AS quarantine_count,
       CASE WHEN f.disposition = 'reject' THEN c.message_count ELSE 0 END AS reject_count,
       CASE WHEN f.disagreement IS NOT NULL THEN c.message_count ELSE 0 END AS disagree_count,
       f.sender, f.sender_kind, f.finding,
       f.author_signature, f.author_selector,
       f.third_party_signature, f.third_party_selector,
       f.return_path, f.return_path_result, f.disagreement,
       f.dkim, f.spf, f.reasons, f.arc_pass,
       array_to_string(c.remarks, E'\n') AS remarks,
       r.p, r.sp, r.np, f.adkim, f.aspf, r.pct, r.testing,
       f.header_from_org, c.policy_domain_id, r.id AS stored_report_id,
       c.profile_id
  FROM dmarc.record c
  JOIN dmarc.report r ON r.policy_domain_id = c.policy_domain_id
                     AND r.id = c.report_id
  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
  JOIN dmarc.profile_detail f ON f.profile_id = c.profile_id;
COMMENT ON VIEW dmarc.record_detail IS 'one row a record, everything spelled out';
COMMENT ON COLUMN dmarc.record_detail.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.record_detail.day IS 'UTC date of the middle of the report''s period';
COMMENT ON COLUMN dmarc.record_detail.message_count IS 'messages as the reporter counts them';
COMMENT ON COLUMN dmarc.record_detail.dmarc_result IS 'pass, fail or unknown, by the reporter''s evaluation';
COMMENT ON COLUMN dmarc.record_detail.pass_count IS 'message_count where dmarc_result is pass';
COMMENT ON COLUMN dmarc.record_detail.fail_count IS 'message_count where dmarc_result is fail';
COMMENT ON COLUMN dmarc.record_detail.unknown_count IS 'message_count where the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.record_detail.dkim_aligned_count IS 'message_count where evaluated dkim is pass';
COMMENT ON COLUMN dmarc.record_detail.spf_aligned_count IS 'message_count where evaluated spf is pass';
COMMENT ON COLUMN dmarc.record_detail.disagree_count IS 'message_count where the evaluation does not follow from the listed results';
COMMENT ON COLUMN dmarc.record_detail.finding IS 'what is wrong, one code; dmarc.finding_text() has the words';
