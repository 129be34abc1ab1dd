-- domain_day: the headline figures, a row per policy domain and day.  Sums are
-- numeric, so that absurd counts cannot make them fail.
CREATE OR REPLACE VIEW dmarc.domain_day AS
SELECT policy_domain, policy_domain_id, day,
       count(*) AS record_count,
       sum(message_count) AS message_count,
       sum(pass_count) AS pass_count,
       sum(fail_count) AS fail_count,
       sum(unknown_count) AS unknown_count,
       sum(dkim_aligned_count) AS dkim_aligned_count,
       sum(spf_aligned_count) AS spf_aligned_count,
       sum(quarantine_count) AS quarantine_count,
       sum(reject_count) AS reject_count,
       sum(disagree_count) AS disagree_count,
       sum(unaligned_count) AS unaligned_count
  FROM dmarc.record_count
 GROUP BY policy_domain, policy_domain_id, day;
COMMENT ON VIEW dmarc.domain_day IS 'headline figures per policy domain and day; their sums are the headline of dmarc-report';
COMMENT ON COLUMN dmarc.domain_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.domain_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.domain_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.domain_day.record_count IS 'records';
COMMENT ON COLUMN dmarc.domain_day.message_count IS 'messages as the reporters count them';
COMMENT ON COLUMN dmarc.domain_day.pass_count IS 'messages where dmarc_result is pass';
COMMENT ON COLUMN dmarc.domain_day.fail_count IS 'messages where dmarc_result is fail';
COMMENT ON COLUMN dmarc.domain_day.unknown_count IS 'messages where the reporter gave no full verdict';
COMMENT ON COLUMN dmarc.domain_day.dkim_aligned_count IS 'messages where evaluated dkim is pass';
COMMENT ON COLUMN dmarc.domain_day.spf_aligned_count IS 'messages where evaluated spf is pass';
COMMENT ON COLUMN dmarc.domain_day.quarantine_count IS 'messages where disposition is quarantine';
COMMENT ON COLUMN dmarc.domain_day.reject_count IS 'messages where disposition is reject';
COMMENT ON COLUMN dmarc.domain_day.disagree_count IS 'messages where the evaluation does not follow from the listed results';
COMMENT ON COLUMN dmarc.domain_day.unaligned_count IS 'messages where the mail does not pass and is authenticated as somebody else';
