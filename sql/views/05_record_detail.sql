-- profile_detail: one combination of identifiers and results, spelled out.
--
-- dmarc_result is the reporter's evaluation and nothing else (RFC 7489 6.6.2):
-- pass when dkim or spf is pass, fail when both are fail, else unknown.  What
-- we recompute (alignment of each listed identifier) explains it and is
-- compared with it, but never replaces it.
CREATE OR REPLACE VIEW dmarc.profile_detail AS
SELECT p.id AS profile_id,
       p.header_from, p.header_from_org, p.envelope_from, p.adkim, p.aspf,
       p.disposition, p.eval_dkim, p.eval_spf, f.dmarc_result,
       f.author_signature, f.author_selector,
       f.broken_signature, f.broken_selector,
       f.third_party_signature, f.third_party_selector, f.third_party_org,
       f.return_path, f.return_path_result,
       f.platform, f.relay, f.forwarder, f.other_org,
       CASE
         WHEN p.eval_dkim = 'pass' AND NOT f.dkim_pass_aligned
           THEN 'dkim pass without a listed aligned pass'
         WHEN p.eval_spf = 'pass' AND NOT f.spf_pass_aligned
           THEN 'spf pass without a listed aligned pass'
         WHEN p.eval_dkim = 'fail' AND f.dkim_pass_aligned
           THEN 'dkim fail beside a listed aligned pass'
         WHEN p.eval_spf = 'fail' AND f.spf_pass_aligned
           THEN 'spf fail beside a listed aligned pass'
       END AS disagreement,
       (SELECT string_agg(coalesce(x.domain, '-') || '/' || coalesce(x.selector, '-')
                          || '=' || coalesce(x.result, '-'), '; ' ORDER BY x.n)
          FROM unnest(p.dkim) WITH ORDINALITY
               AS x (domain, selector, result, org_domain, alignment, n)) AS dkim,
       (SELECT string_agg(coalesce(x.domain, '-') || coalesce('/' || x.scope, '')
                          || '=' || coalesce(x.result, '-'), '; ' ORDER BY x.n)
          FROM unnest(p.spf) WITH ORDINALITY
               AS x (domain, scope, result, org_domain, alignment, n)) AS spf,
       array_to_string(p.reasons, ' ') AS reasons, p.arc_pass
  FROM dmarc.auth_profile p
  JOIN dmarc.profile_feature f ON f.profile_id = p.id;
COMMENT ON VIEW dmarc.profile_detail IS 'the verdict on each combination of identifiers and results, as far as the combination itself says';
COMMENT ON COLUMN dmarc.profile_detail.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_detail.header_from IS 'author domain (RFC5322.From)';
COMMENT ON COLUMN dmarc.profile_detail.header_from_org IS 'its organizational domain';
COMMENT ON COLUMN dmarc.profile_detail.envelope_from IS 'identifiers/envelope_from; NULL: not sent; empty: null return-path';
COMMENT ON COLUMN dmarc.profile_detail.adkim IS 'DKIM alignment mode that applied: r or s';
COMMENT ON COLUMN dmarc.profile_detail.aspf IS 'SPF alignment mode that applied: r or s';
COMMENT ON COLUMN dmarc.profile_detail.disposition IS 'what the reporter did; NULL: not said';
COMMENT ON COLUMN dmarc.profile_detail.eval_dkim IS 'the reporter''s verdict on aligned DKIM; NULL: not said';
COMMENT ON COLUMN dmarc.profile_detail.eval_spf IS 'the reporter''s verdict on aligned SPF; NULL: not said';
COMMENT ON COLUMN dmarc.profile_detail.dmarc_result IS 'pass, fail or unknown: the reporter''s own evaluation';
COMMENT ON COLUMN dmarc.profile_detail.author_signature IS 'd= of a passing, aligned signature';
COMMENT ON COLUMN dmarc.profile_detail.author_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_detail.broken_signature IS 'd= of the first broken signature of the author''s organization';
COMMENT ON COLUMN dmarc.profile_detail.broken_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_detail.third_party_signature IS 'd= of the first passing signature of another organization';
COMMENT ON COLUMN dmarc.profile_detail.third_party_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_detail.third_party_org IS 'its organizational domain';
COMMENT ON COLUMN dmarc.profile_detail.return_path IS 'return-path domain (RFC5321.MailFrom) that SPF was checked for, or envelope_from';
COMMENT ON COLUMN dmarc.profile_detail.return_path_result IS 'raw SPF result for it';
COMMENT ON COLUMN dmarc.profile_detail.platform IS 'who composed the mail, as far as the identifiers say';
COMMENT ON COLUMN dmarc.profile_detail.relay IS 'who handed it over: infrastructure or gateway';
COMMENT ON COLUMN dmarc.profile_detail.forwarder IS 'who sent it again';
COMMENT ON COLUMN dmarc.profile_detail.other_org IS 'organizational domain that the mail is authenticated as and the catalogue does not know';
COMMENT ON COLUMN dmarc.profile_detail.disagreement IS 'where the reporter''s evaluation does not follow from the results it lists';
COMMENT ON COLUMN dmarc.profile_detail.dkim IS 'all DKIM results: domain/selector=result';
COMMENT ON COLUMN dmarc.profile_detail.spf IS 'all SPF results: domain/scope=result';
COMMENT ON COLUMN dmarc.profile_detail.reasons IS 'override reasons';
COMMENT ON COLUMN dmarc.profile_detail.arc_pass IS 'a local_policy reason says arc=pass';

-- profile_count: what a message of a profile counts as, 1 or 0 each.  Here, and
-- nowhere else, messages become passes, failures and unknowns: a figure is the
-- sum of messages times one of these.  What has few profiles and many records
-- adds up the messages of each profile first.
CREATE OR REPLACE VIEW dmarc.profile_count AS
SELECT f.profile_id,
       CASE WHEN f.dmarc_result = 'pass' THEN 1 ELSE 0 END AS pass,
       CASE WHEN f.dmarc_result = 'fail' THEN 1 ELSE 0 END AS fail,
       CASE WHEN f.dmarc_result = 'unknown' THEN 1 ELSE 0 END AS unknown,
       CASE WHEN p.eval_dkim = 'pass' THEN 1 ELSE 0 END AS dkim_aligned,
       CASE WHEN p.eval_spf = 'pass' THEN 1 ELSE 0 END AS spf_aligned,
       CASE WHEN p.disposition = 'quarantine' THEN 1 ELSE 0 END AS quarantine,
       CASE WHEN p.disposition = 'reject' THEN 1 ELSE 0 END AS reject,
       CASE WHEN (p.eval_dkim = 'pass') <> f.dkim_pass_aligned
              OR (p.eval_spf = 'pass') <> f.spf_pass_aligned
            THEN 1 ELSE 0 END AS disagree,
       CASE WHEN (f.dkim_pass_foreign OR f.spf_pass_foreign)
                 AND f.dmarc_result <> 'pass'
            THEN 1 ELSE 0 END AS unaligned
  FROM dmarc.profile_feature f
  JOIN dmarc.auth_profile p ON p.id = f.profile_id;
COMMENT ON VIEW dmarc.profile_count IS 'what a message of each combination of identifiers and results counts as, 1 or 0; every figure is the sum of messages times one of these';
COMMENT ON COLUMN dmarc.profile_count.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_count.pass IS 'dmarc_result is pass';
COMMENT ON COLUMN dmarc.profile_count.fail IS 'dmarc_result is fail';
COMMENT ON COLUMN dmarc.profile_count.unknown IS 'the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.profile_count.dkim_aligned IS 'evaluated dkim is pass';
COMMENT ON COLUMN dmarc.profile_count.spf_aligned IS 'evaluated spf is pass';
COMMENT ON COLUMN dmarc.profile_count.quarantine IS 'disposition is quarantine';
COMMENT ON COLUMN dmarc.profile_count.reject IS 'disposition is reject';
COMMENT ON COLUMN dmarc.profile_count.disagree IS 'the evaluation does not follow from the listed results';
COMMENT ON COLUMN dmarc.profile_count.unaligned IS 'the mail does not pass and is authenticated as somebody else';

-- record_count: one row a record, as numbers: every figure of dmarc-report is a
-- sum over this view.
--
-- The LEFT JOIN never misses (record and report are stored together), but lets
-- sums that do not ask for the report leave it out.
CREATE OR REPLACE VIEW dmarc.record_count AS
SELECT d.name AS policy_domain, c.policy_domain_id, c.day, r.reporter,
       c.report_id AS stored_report_id, c.profile_id, c.source_ip,
       c.envelope_to, c.remarks, c.message_count,
       c.message_count * k.pass AS pass_count,
       c.message_count * k.fail AS fail_count,
       c.message_count * k.unknown AS unknown_count,
       c.message_count * k.dkim_aligned AS dkim_aligned_count,
       c.message_count * k.spf_aligned AS spf_aligned_count,
       c.message_count * k.quarantine AS quarantine_count,
       c.message_count * k.reject AS reject_count,
       c.message_count * k.disagree AS disagree_count,
       c.message_count * k.unaligned AS unaligned_count
  FROM dmarc.record c
  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
  JOIN dmarc.profile_count k ON k.profile_id = c.profile_id
  LEFT JOIN dmarc.report r ON r.policy_domain_id = c.policy_domain_id
                          AND r.id = c.report_id
 WHERE NOT EXISTS (SELECT FROM dmarc.left_out x
                    WHERE x.policy_domain_id = c.policy_domain_id
                      AND x.id = c.report_id);
COMMENT ON VIEW dmarc.record_count IS 'one row a record, as numbers; every figure is a sum over it';
COMMENT ON COLUMN dmarc.record_count.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.record_count.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.record_count.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.record_count.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.record_count.stored_report_id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.record_count.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.record_count.source_ip IS 'the last hop before the reporter; NULL: not sent or no address';
COMMENT ON COLUMN dmarc.record_count.envelope_to IS 'the recipient''s domain, where sent';
COMMENT ON COLUMN dmarc.record_count.remarks IS 'free text of the reporter';
COMMENT ON COLUMN dmarc.record_count.message_count IS 'messages as the reporter counts them';
COMMENT ON COLUMN dmarc.record_count.pass_count IS 'messages where dmarc_result is pass';
COMMENT ON COLUMN dmarc.record_count.fail_count IS 'messages where dmarc_result is fail';
COMMENT ON COLUMN dmarc.record_count.unknown_count IS 'messages where the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.record_count.dkim_aligned_count IS 'messages where evaluated dkim is pass';
COMMENT ON COLUMN dmarc.record_count.spf_aligned_count IS 'messages where evaluated spf is pass';
COMMENT ON COLUMN dmarc.record_count.quarantine_count IS 'messages where disposition is quarantine';
COMMENT ON COLUMN dmarc.record_count.reject_count IS 'messages where disposition is reject';
COMMENT ON COLUMN dmarc.record_count.disagree_count IS 'messages where the evaluation does not follow from the listed results';
COMMENT ON COLUMN dmarc.record_count.unaligned_count IS 'messages where the mail does not pass and is authenticated as somebody else';

-- record_detail: one row a record, everything spelled out.
CREATE OR REPLACE VIEW dmarc.record_detail AS
SELECT n.policy_domain, n.day,
       r.reporter, r.org_name, r.report_id, r.begin_at, r.end_at,
       n.source_ip, n.message_count,
       f.header_from, f.envelope_from, n.envelope_to,
       f.disposition, f.eval_dkim, f.eval_spf, f.dmarc_result,
       n.pass_count, n.fail_count, n.unknown_count, n.dkim_aligned_count,
       n.spf_aligned_count, n.quarantine_count, n.reject_count,
       n.disagree_count, n.unaligned_count,
       v.sender, v.sender_kind, v.sender_evidence, v.platform, v.relay,
       v.forwarder, v.role, v.class, v.confidence, v.stream,
       f.author_signature, f.author_selector,
       f.third_party_signature, f.third_party_selector,
       f.return_path, f.return_path_result, f.disagreement,
       f.dkim, f.spf, f.reasons, f.arc_pass,
       array_to_string(n.remarks, E'\n') AS remarks,
       r.p, r.sp, r.np, f.adkim, f.aspf, r.pct, r.testing,
       f.header_from_org, n.policy_domain_id, n.stored_report_id,
       n.profile_id
  FROM dmarc.record_count n
  JOIN dmarc.profile_detail f ON f.profile_id = n.profile_id
  LEFT JOIN dmarc.report r ON r.policy_domain_id = n.policy_domain_id
                          AND r.id = n.stored_report_id
 CROSS JOIN LATERAL dmarc.verdict(n.policy_domain, n.profile_id, n.source_ip) v;
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
COMMENT ON COLUMN dmarc.record_detail.sender_kind IS 'author, third_party or unauthenticated';
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
COMMENT ON COLUMN dmarc.record_detail.sender IS 'who sends: see dmarc.verdict(); NULL: nothing names it';
COMMENT ON COLUMN dmarc.record_detail.sender_evidence IS 'what named it: dkim, selector, return-path, ptr, asn or address';
COMMENT ON COLUMN dmarc.record_detail.platform IS 'who composed the mail';
COMMENT ON COLUMN dmarc.record_detail.relay IS 'who handed it over: infrastructure or gateway';
COMMENT ON COLUMN dmarc.record_detail.forwarder IS 'who sent it again';
COMMENT ON COLUMN dmarc.record_detail.role IS 'the operator''s word: own, vendor, forwarder, hostile, retired; NULL: none';
COMMENT ON COLUMN dmarc.record_detail.class IS 'what is right or wrong with it; dmarc.class_text() has the words';
COMMENT ON COLUMN dmarc.record_detail.confidence IS 'reported: it follows from the report; confirmed: by the operator''s word; presumed: by what is known of the sender; guess';
COMMENT ON COLUMN dmarc.record_detail.stream IS 'what it counts as: legitimate, indirect, unresolved, hostile or undetermined';
