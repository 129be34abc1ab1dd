-- sender_day: who sends in the domain's name, a row per sender, class,
-- identity, address and day.
CREATE OR REPLACE VIEW dmarc.sender_day AS
SELECT policy_domain, policy_domain_id, day, sender, sender_kind, role, class, stream,
       author_signature, third_party_signature, third_party_selector,
       return_path, return_path_result, header_from, source_ip,
       sum(message_count) AS message_count,
       sum(pass_count) AS pass_count,
       sum(fail_count) AS fail_count,
       sum(unknown_count) AS unknown_count,
       sum(dkim_aligned_count) AS dkim_aligned_count,
       sum(spf_aligned_count) AS spf_aligned_count,
       sum(unaligned_count) AS unaligned_count
  FROM dmarc.record_detail
 GROUP BY policy_domain, policy_domain_id, day, sender, sender_kind, role, class, stream,
          author_signature, third_party_signature, third_party_selector,
          return_path, return_path_result, header_from, source_ip;
COMMENT ON VIEW dmarc.sender_day IS 'who sends in the domain''s name, per address and day; the rows of dmarc-report, finer';
COMMENT ON COLUMN dmarc.sender_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.sender_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.sender_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.sender_day.sender IS 'who sends: see dmarc.verdict(); NULL: nothing names it';
COMMENT ON COLUMN dmarc.sender_day.sender_kind IS 'author, third_party or unauthenticated';
COMMENT ON COLUMN dmarc.sender_day.role IS 'the operator''s word: own, vendor, forwarder, hostile, retired; NULL: none';
COMMENT ON COLUMN dmarc.sender_day.class IS 'what is right or wrong with it; dmarc.class_text() has the words';
COMMENT ON COLUMN dmarc.sender_day.stream IS 'what it counts as: legitimate, indirect, unresolved, hostile or undetermined';
COMMENT ON COLUMN dmarc.sender_day.author_signature IS 'd= of a passing, aligned signature';
COMMENT ON COLUMN dmarc.sender_day.third_party_signature IS 'd= of the first passing signature of another organization';
COMMENT ON COLUMN dmarc.sender_day.third_party_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.sender_day.return_path IS 'return-path domain (RFC5321.MailFrom) that SPF was checked for, or envelope_from';
COMMENT ON COLUMN dmarc.sender_day.return_path_result IS 'raw SPF result for it';
COMMENT ON COLUMN dmarc.sender_day.header_from IS 'author domain (RFC5322.From)';
COMMENT ON COLUMN dmarc.sender_day.source_ip IS 'the last hop before the reporter; NULL: not sent or no address';
COMMENT ON COLUMN dmarc.sender_day.message_count IS 'messages as the reporters count them';
COMMENT ON COLUMN dmarc.sender_day.pass_count IS 'messages where dmarc_result is pass';
COMMENT ON COLUMN dmarc.sender_day.fail_count IS 'messages where dmarc_result is fail';
COMMENT ON COLUMN dmarc.sender_day.unknown_count IS 'messages where the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.sender_day.dkim_aligned_count IS 'messages where evaluated dkim is pass';
COMMENT ON COLUMN dmarc.sender_day.spf_aligned_count IS 'messages where evaluated spf is pass';
COMMENT ON COLUMN dmarc.sender_day.unaligned_count IS 'messages where the mail does not pass and is authenticated as somebody else';

-- unaligned_day: mail that does not pass and is authenticated as somebody
-- else.  That is where a SaaS without author signature is.
CREATE OR REPLACE VIEW dmarc.unaligned_day AS
SELECT *
  FROM dmarc.sender_day
 WHERE unaligned_count > 0;
COMMENT ON VIEW dmarc.unaligned_day IS 'mail that does not pass DMARC and is authenticated as somebody else; the rows of dmarc-report unaligned, finer';
COMMENT ON COLUMN dmarc.unaligned_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.unaligned_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.unaligned_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.unaligned_day.sender IS 'who sends: see dmarc.verdict(); NULL: nothing names it';
COMMENT ON COLUMN dmarc.unaligned_day.sender_kind IS 'author, third_party or unauthenticated';
COMMENT ON COLUMN dmarc.unaligned_day.role IS 'the operator''s word: own, vendor, forwarder, hostile, retired; NULL: none';
COMMENT ON COLUMN dmarc.unaligned_day.class IS 'what is right or wrong with it; dmarc.class_text() has the words';
COMMENT ON COLUMN dmarc.unaligned_day.stream IS 'what it counts as: legitimate, indirect, unresolved, hostile or undetermined';
COMMENT ON COLUMN dmarc.unaligned_day.author_signature IS 'd= of a passing, aligned signature';
COMMENT ON COLUMN dmarc.unaligned_day.third_party_signature IS 'd= of the first passing signature of another organization';
COMMENT ON COLUMN dmarc.unaligned_day.third_party_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.unaligned_day.return_path IS 'return-path domain (RFC5321.MailFrom) that SPF was checked for, or envelope_from';
COMMENT ON COLUMN dmarc.unaligned_day.return_path_result IS 'raw SPF result for it';
COMMENT ON COLUMN dmarc.unaligned_day.header_from IS 'author domain (RFC5322.From)';
COMMENT ON COLUMN dmarc.unaligned_day.source_ip IS 'the last hop before the reporter; NULL: not sent or no address';
COMMENT ON COLUMN dmarc.unaligned_day.message_count IS 'messages as the reporters count them';
COMMENT ON COLUMN dmarc.unaligned_day.pass_count IS 'messages where dmarc_result is pass';
COMMENT ON COLUMN dmarc.unaligned_day.fail_count IS 'messages where dmarc_result is fail';
COMMENT ON COLUMN dmarc.unaligned_day.unknown_count IS 'messages where the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.unaligned_day.dkim_aligned_count IS 'messages where evaluated dkim is pass';
COMMENT ON COLUMN dmarc.unaligned_day.spf_aligned_count IS 'messages where evaluated spf is pass';
COMMENT ON COLUMN dmarc.unaligned_day.unaligned_count IS 'messages where the mail does not pass and is authenticated as somebody else';
