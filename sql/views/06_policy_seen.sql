-- policy_seen: the policy as the reporters saw it, newest last.
CREATE OR REPLACE VIEW dmarc.policy_seen AS
SELECT d.name AS policy_domain, r.p, r.sp, r.np, r.adkim, r.aspf, r.pct,
       r.testing, min(r.day) AS first_day, max(r.day) AS last_day,
       max(r.end_at) AS last_at, count(*) AS report_count,
       count(DISTINCT r.reporter) AS reporter_count
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 GROUP BY d.name, r.p, r.sp, r.np, r.adkim, r.aspf, r.pct, r.testing;
COMMENT ON VIEW dmarc.policy_seen IS 'each published policy that reporters saw, and when';
