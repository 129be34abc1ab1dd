-- sender_day: who sends in the domain's name, a row per sender, finding,
-- identity, address and day.  Behind the sender table of dmarc-report.
CREATE OR REPLACE VIEW dmarc.sender_day AS
SELECT policy_domain, policy_domain_id, day, sender, sender_kind, finding,
       author_signature, third_party_signature, third_party_selector,
       return_path, return_path_result, header_from, source_ip,
       sum(message_count)::bigint AS message_count,
       sum(pass_count)::bigint AS pass_count,
       sum(fail_count)::bigint AS fail_count,
       sum(unknown_count)::bigint AS unknown_count,
       sum(dkim_aligned_count)::bigint AS dkim_aligned_count,
       sum(spf_aligned_count)::bigint AS spf_aligned_count
  FROM dmarc.record_detail
 GROUP BY policy_domain, policy_domain_id, day, sender, sender_kind, finding,
          author_signature, third_party_signature, third_party_selector,
          return_path, return_path_result, header_from, source_ip;
COMMENT ON VIEW dmarc.sender_day IS 'who sends in the domain''s name, per address and day; behind dmarc-report';

-- unaligned_day: mail that does not pass and is authenticated as somebody
-- else.  That is where a SaaS without author signature is.
CREATE OR REPLACE VIEW dmarc.unaligned_day AS
SELECT *
  FROM dmarc.sender_day
 WHERE sender_kind = 'third_party'
   AND pass_count = 0
   AND message_count > 0;
COMMENT ON VIEW dmarc.unaligned_day IS 'mail that does not pass DMARC and is authenticated as somebody else; behind dmarc-report unaligned';
