-- policy_seen: the policy as the reporters saw it, newest last.
CREATE OR REPLACE VIEW dmarc.policy_seen AS
SELECT d.name AS policy_domain, r.p, r.sp, r.np, r.adkim, r.aspf, r.pct,
       r.testing, min(r.day) AS first_day, max(r.day) AS last_day,
       max(r.end_at) AS last_at, count(*) AS report_count,
       count(DISTINCT r.reporter) AS reporter_count
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 WHERE dmarc.shown_tier(r.tier)
 GROUP BY d.name, r.p, r.sp, r.np, r.adkim, r.aspf, r.pct, r.testing;
COMMENT ON VIEW dmarc.policy_seen IS 'each published policy that reporters saw, and when';
COMMENT ON COLUMN dmarc.policy_seen.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_seen.p IS 'policy_published/p';
COMMENT ON COLUMN dmarc.policy_seen.sp IS 'policy_published/sp; NULL: not sent';
COMMENT ON COLUMN dmarc.policy_seen.np IS 'policy_published/np; NULL: not sent';
COMMENT ON COLUMN dmarc.policy_seen.adkim IS 'policy_published/adkim; NULL: not sent';
COMMENT ON COLUMN dmarc.policy_seen.aspf IS 'policy_published/aspf; NULL: not sent';
COMMENT ON COLUMN dmarc.policy_seen.pct IS 'policy_published/pct; NULL: not sent';
COMMENT ON COLUMN dmarc.policy_seen.testing IS 'policy_published/testing; NULL: not sent';
COMMENT ON COLUMN dmarc.policy_seen.first_day IS 'first day a report shows it';
COMMENT ON COLUMN dmarc.policy_seen.last_day IS 'last day a report shows it';
COMMENT ON COLUMN dmarc.policy_seen.last_at IS 'end of the last period that shows it';
COMMENT ON COLUMN dmarc.policy_seen.report_count IS 'reports that show it';
COMMENT ON COLUMN dmarc.policy_seen.reporter_count IS 'reporters that show it';
