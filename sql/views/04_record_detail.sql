-- record_detail: one row a record, everything spelled out.  Here, and nowhere
-- else, messages become passes, failures and unknowns; every figure of
-- dmarc-report is a sum over this view.
--
-- OFFSET 0 keeps the profile's verdict a step of its own, so that the planner
-- remembers it by profile_id (Memoize) instead of working it out again for
-- every record: ten times faster.  The LEFT JOIN never misses (record and
-- report are stored together), but lets sums that do not ask for the report
-- leave it out.
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
       CASE WHEN f.sender_kind = 'third_party' AND f.dmarc_result <> 'pass'
            THEN c.message_count ELSE 0 END AS unaligned_count,
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
  LEFT JOIN dmarc.report r ON r.policy_domain_id = c.policy_domain_id
                          AND r.id = c.report_id
  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
 CROSS JOIN LATERAL (
       SELECT *
         FROM dmarc.profile_detail p
        WHERE p.profile_id = c.profile_id
       OFFSET 0) f;
COMMENT ON VIEW dmarc.record_detail IS 'one row a record, everything spelled out';
COMMENT ON COLUMN dmarc.record_detail.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.record_detail.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.record_detail.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.record_detail.org_name IS 'report_metadata/org_name as sent';
COMMENT ON COLUMN dmarc.record_detail.report_id IS 'report_metadata/report_id, angle brackets taken off';
COMMENT ON COLUMN dmarc.record_detail.begin_at IS 'start of the report''s period';
COMMENT ON COLUMN dmarc.record_detail.end_at IS 'end of the report''s period as sent';
COMMENT ON COLUMN dmarc.record_detail.source_ip IS 'the last hop before the reporter; NULL: not sent or no address';
COMMENT ON COLUMN dmarc.record_detail.message_count IS 'messages as the reporter counts them';
COMMENT ON COLUMN dmarc.record_detail.header_from IS 'author domain (RFC5322.From)';
COMMENT ON COLUMN dmarc.record_detail.envelope_from IS 'identifiers/envelope_from as sent';
COMMENT ON COLUMN dmarc.record_detail.envelope_to IS 'the recipient''s domain';
COMMENT ON COLUMN dmarc.record_detail.disposition IS 'what the reporter did; not where the mail ended up';
COMMENT ON COLUMN dmarc.record_detail.eval_dkim IS 'the reporter''s verdict on aligned DKIM';
COMMENT ON COLUMN dmarc.record_detail.eval_spf IS 'the reporter''s verdict on aligned SPF';
COMMENT ON COLUMN dmarc.record_detail.dmarc_result IS 'pass, fail or unknown, by the reporter''s evaluation';
COMMENT ON COLUMN dmarc.record_detail.pass_count IS 'message_count where dmarc_result is pass';
COMMENT ON COLUMN dmarc.record_detail.fail_count IS 'message_count where dmarc_result is fail';
COMMENT ON COLUMN dmarc.record_detail.unknown_count IS 'message_count where the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.record_detail.dkim_aligned_count IS 'message_count where evaluated dkim is pass';
COMMENT ON COLUMN dmarc.record_detail.spf_aligned_count IS 'message_count where evaluated spf is pass';
COMMENT ON COLUMN dmarc.record_detail.quarantine_count IS 'message_count where disposition is quarantine';
COMMENT ON COLUMN dmarc.record_detail.reject_count IS 'message_count where disposition is reject';
COMMENT ON COLUMN dmarc.record_detail.disagree_count IS 'message_count where the evaluation does not follow from the listed results';
COMMENT ON COLUMN dmarc.record_detail.unaligned_count IS 'message_count where the mail does not pass and is authenticated as somebody else';
COMMENT ON COLUMN dmarc.record_detail.sender IS 'organizational domain that the mail is authenticated as: third-party signature, third-party return-path, else the author''s; NULL: none';
COMMENT ON COLUMN dmarc.record_detail.sender_kind IS 'author, third_party or unauthenticated';
COMMENT ON COLUMN dmarc.record_detail.finding IS 'what is wrong, one code; dmarc.finding_text() has the words';
COMMENT ON COLUMN dmarc.record_detail.author_signature IS 'd= of a passing, aligned signature';
COMMENT ON COLUMN dmarc.record_detail.author_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.record_detail.third_party_signature IS 'd= of the first passing signature of another organization';
COMMENT ON COLUMN dmarc.record_detail.third_party_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.record_detail.return_path IS 'return-path domain (RFC5321.MailFrom) that SPF was checked for, or envelope_from';
COMMENT ON COLUMN dmarc.record_detail.return_path_result IS 'raw SPF result for it';
COMMENT ON COLUMN dmarc.record_detail.disagreement IS 'where the reporter''s evaluation does not follow from the results it lists; NULL: it does';
COMMENT ON COLUMN dmarc.record_detail.dkim IS 'every DKIM result: d=/s==result';
COMMENT ON COLUMN dmarc.record_detail.spf IS 'every SPF result: domain/scope=result';
COMMENT ON COLUMN dmarc.record_detail.reasons IS 'override reason types';
COMMENT ON COLUMN dmarc.record_detail.arc_pass IS 'a local_policy reason says arc=pass';
COMMENT ON COLUMN dmarc.record_detail.remarks IS 'free text of the reporter, a line each';
COMMENT ON COLUMN dmarc.record_detail.p IS 'policy_published/p of the report';
COMMENT ON COLUMN dmarc.record_detail.sp IS 'policy_published/sp of the report; NULL: not sent, p applies';
COMMENT ON COLUMN dmarc.record_detail.np IS 'policy_published/np of the report; NULL: not sent, sp applies';
COMMENT ON COLUMN dmarc.record_detail.adkim IS 'DKIM alignment mode that applied: r or s';
COMMENT ON COLUMN dmarc.record_detail.aspf IS 'SPF alignment mode that applied: r or s';
COMMENT ON COLUMN dmarc.record_detail.pct IS 'policy_published/pct of the report (RFC 7489 only)';
COMMENT ON COLUMN dmarc.record_detail.testing IS 'policy_published/testing of the report: the t tag (RFC 9989)';
COMMENT ON COLUMN dmarc.record_detail.header_from_org IS 'organizational domain of header_from';
COMMENT ON COLUMN dmarc.record_detail.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.record_detail.stored_report_id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.record_detail.profile_id IS 'dmarc.auth_profile.id; dmarc.profile_detail has the verdict';
