-- reporter_day: who reports, a row per policy domain, reporter and day.
CREATE OR REPLACE VIEW dmarc.reporter_day AS
SELECT d.name AS policy_domain, r.policy_domain_id, r.reporter, r.day,
       max(r.org_name) AS org_name, count(*) AS report_count,
       sum(r.record_count) AS record_count,
       sum(r.set_aside_count) AS set_aside_count,
       sum(r.message_count) AS message_count,
       sum(r.pass_count) AS pass_count,
       count(*) FILTER (WHERE r.salvaged) AS salvaged_count,
       count(*) FILTER (WHERE r.errors IS NOT NULL) AS error_count,
       CASE WHEN NOT bool_or(r.listed) THEN max(r.mail_domain) END
         AS mail_domain,
       max(r.left_out_reason) AS left_out_reason
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 WHERE dmarc.shown_tier(r.tier)
 GROUP BY d.name, r.policy_domain_id, r.reporter, r.day;
COMMENT ON VIEW dmarc.reporter_day IS 'who reports on a domain, per day; behind dmarc-report reporters';
COMMENT ON COLUMN dmarc.reporter_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.reporter_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.reporter_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.reporter_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.reporter_day.org_name IS 'org_name as sent';
COMMENT ON COLUMN dmarc.reporter_day.report_count IS 'reports';
COMMENT ON COLUMN dmarc.reporter_day.record_count IS 'record elements in them, those set aside included';
COMMENT ON COLUMN dmarc.reporter_day.set_aside_count IS 'records of them that could not be read';
COMMENT ON COLUMN dmarc.reporter_day.message_count IS 'messages over the stored records';
COMMENT ON COLUMN dmarc.reporter_day.pass_count IS 'messages that pass DMARC';
COMMENT ON COLUMN dmarc.reporter_day.salvaged_count IS 'reports whose XML was broken and was read in a recovering pass';
COMMENT ON COLUMN dmarc.reporter_day.error_count IS 'reports that name errors in the DMARC record';
COMMENT ON COLUMN dmarc.reporter_day.mail_domain IS 'From domain of the mail that brought them, where the reporter is not listed and mail is judged';
COMMENT ON COLUMN dmarc.reporter_day.left_out_reason IS 'why they are left out; NULL: they count';

-- disagreement_day: where a reporter's evaluation does not follow from the
-- results that it lists.
CREATE OR REPLACE VIEW dmarc.disagreement_day AS
SELECT n.policy_domain, n.policy_domain_id, n.reporter, n.day, f.disagreement,
       count(*) AS record_count, sum(n.message_count) AS message_count
  FROM dmarc.record_count n
  JOIN dmarc.profile_detail f ON f.profile_id = n.profile_id
 WHERE n.disagree_count > 0
 GROUP BY n.policy_domain, n.policy_domain_id, n.reporter, n.day,
          f.disagreement;
COMMENT ON VIEW dmarc.disagreement_day IS 'evaluations that do not follow from the listed results, per reporter and day; behind dmarc-report reporters';
COMMENT ON COLUMN dmarc.disagreement_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.disagreement_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.disagreement_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.disagreement_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.disagreement_day.disagreement IS 'where the reporter''s evaluation does not follow from the results it lists';
COMMENT ON COLUMN dmarc.disagreement_day.record_count IS 'records';
COMMENT ON COLUMN dmarc.disagreement_day.message_count IS 'messages';
