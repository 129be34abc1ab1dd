-- reporter_day: who reports, a row per policy domain, reporter and day.
CREATE OR REPLACE VIEW dmarc.reporter_day AS
SELECT d.name AS policy_domain, r.policy_domain_id, r.reporter, r.day,
       max(r.org_name) AS org_name, count(*) AS report_count,
       sum(r.record_count)::bigint AS record_count,
       sum(r.set_aside_count)::bigint AS set_aside_count,
       sum(r.message_count)::bigint AS message_count,
       sum(r.pass_count)::bigint AS pass_count,
       count(*) FILTER (WHERE r.salvaged) AS salvaged_count,
       count(*) FILTER (WHERE r.errors IS NOT NULL) AS error_count
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 GROUP BY d.name, r.policy_domain_id, r.reporter, r.day;
COMMENT ON VIEW dmarc.reporter_day IS 'who reports on a domain, per day; behind dmarc-report reporters';

-- disagreement_day: where a reporter's evaluation does not follow from the
-- results that it lists.
CREATE OR REPLACE VIEW dmarc.disagreement_day AS
SELECT policy_domain, policy_domain_id, reporter, day, disagreement,
       count(*) AS record_count, sum(message_count)::bigint AS message_count
  FROM dmarc.record_detail
 WHERE disagreement IS NOT NULL
 GROUP BY policy_domain, policy_domain_id, reporter, day, disagreement;
COMMENT ON VIEW dmarc.disagreement_day IS 'evaluations that do not follow from the listed results, per reporter and day; behind dmarc-report reporters';
