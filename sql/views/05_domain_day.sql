-- domain_day: the headline figures, a row per policy domain and day.
CREATE OR REPLACE VIEW dmarc.domain_day AS
SELECT policy_domain, policy_domain_id, day,
       count(*) AS record_count,
       sum(message_count)::bigint AS message_count,
       sum(pass_count)::bigint AS pass_count,
       sum(fail_count)::bigint AS fail_count,
       sum(unknown_count)::bigint AS unknown_count,
       sum(dkim_aligned_count)::bigint AS dkim_aligned_count,
       sum(spf_aligned_count)::bigint AS spf_aligned_count,
       sum(quarantine_count)::bigint AS quarantine_count,
       sum(reject_count)::bigint AS reject_count,
       sum(disagree_count)::bigint AS disagree_count
  FROM dmarc.record_detail
 GROUP BY policy_domain, policy_domain_id, day;
COMMENT ON VIEW dmarc.domain_day IS 'headline figures per policy domain and day; behind dmarc-report';
