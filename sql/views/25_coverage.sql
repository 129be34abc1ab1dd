-- big_receivers: words in the names of receivers that nobody can do without.
CREATE OR REPLACE FUNCTION dmarc.big_receivers() RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT regexp_split_to_array(
           lower(trim(dmarc.setting_text('big_receivers'))), '\s+') $$;
COMMENT ON FUNCTION dmarc.big_receivers() IS 'words in the names of the receivers that a domain should have reports of: the setting big_receivers';

-- big_receiver_seen: what they reported, each with a row.
CREATE OR REPLACE FUNCTION dmarc.big_receiver_seen(only_domain text,
  first_day date, last_day date)
RETURNS TABLE (policy_domain text, receiver text, reports numeric,
  messages numeric, domain_messages numeric, days bigint, last_seen date)
LANGUAGE sql STABLE AS $$
WITH day AS MATERIALIZED (
       SELECT r.*
         FROM dmarc.reporter_day r
        WHERE (only_domain IS NULL OR r.policy_domain = only_domain)
          AND r.day BETWEEN coalesce(big_receiver_seen.first_day, '-infinity')
                        AND coalesce(big_receiver_seen.last_day, 'infinity'))
SELECT d.policy_domain, b.receiver, coalesce(sum(r.report_count), 0),
       coalesce(sum(r.message_count), 0), d.messages,
       count(DISTINCT r.day), max(r.day)
  FROM (SELECT x.policy_domain, sum(x.message_count) AS messages
          FROM day x
         GROUP BY x.policy_domain) d
 CROSS JOIN unnest(dmarc.big_receivers()) AS b (receiver)
  LEFT JOIN day r ON r.policy_domain = d.policy_domain
                 AND position(b.receiver IN r.reporter) > 0
                 -- Anybody can call himself so.
                 AND r.mail_domain IS NULL
 GROUP BY d.policy_domain, b.receiver, d.messages $$;
COMMENT ON FUNCTION dmarc.big_receiver_seen(text, date, date) IS
  'reports of each big receiver, for one domain or all (NULL), from a day to a day; a receiver without any has a row of zeros';

-- day_without: runs of days on which nobody reported.
CREATE OR REPLACE FUNCTION dmarc.day_without(only_domain text, first_day date,
  last_day date)
RETURNS TABLE (policy_domain text, from_day date, to_day date, days integer)
LANGUAGE sql STABLE AS $$
WITH last AS MATERIALIZED (
       SELECT coalesce(day_without.last_day, dmarc.last_day()) AS day),
     day AS (
       SELECT DISTINCT r.policy_domain, r.day
         FROM dmarc.reporter_day r
        WHERE (only_domain IS NULL OR r.policy_domain = only_domain)
          AND r.day BETWEEN coalesce(day_without.first_day, '-infinity')
                        AND (SELECT l.day FROM last l)),
     -- the days beside the window bound the first run and the last
     fence AS (
       SELECT d.policy_domain, d.day FROM day d
       UNION
       SELECT d.policy_domain, day_without.first_day - 1 FROM day d
        WHERE day_without.first_day IS NOT NULL
       UNION
       SELECT d.policy_domain,
              (SELECT l.day FROM last l) + 1
         FROM day d)
SELECT x.policy_domain, x.day + 1, x.next - 1, x.next - x.day - 1
  FROM (SELECT f.policy_domain, f.day,
               lead(f.day) OVER (PARTITION BY f.policy_domain
                                     ORDER BY f.day) AS next
          FROM fence f) x
 WHERE x.next > x.day + 1 $$;
COMMENT ON FUNCTION dmarc.day_without(text, date, date) IS
  'runs of days without any report, for one domain or all (NULL), from a day (NULL: the first report) to a day (NULL: the newest of the database)';

-- overlap_day: reports whose period lies partly in that of an earlier one by
-- the same reporter.  That may be right (several gateways, a policy that
-- changed within the day) or count mail twice.
CREATE OR REPLACE VIEW dmarc.overlap_day AS
SELECT x.policy_domain, x.policy_domain_id, x.reporter, x.day,
       count(*) AS report_count, sum(x.message_count) AS message_count
  FROM (SELECT d.name AS policy_domain, r.policy_domain_id, r.reporter, r.day,
               r.begin_at, r.message_count,
               max(r.end_at) OVER (
                 PARTITION BY d.name, r.policy_domain_id, r.reporter
                     ORDER BY r.begin_at, r.id
                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS ended
          FROM dmarc.report r
          JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
         WHERE dmarc.shown_tier(r.tier)) x
 WHERE x.ended > x.begin_at
 GROUP BY x.policy_domain, x.policy_domain_id, x.reporter, x.day;
COMMENT ON VIEW dmarc.overlap_day IS 'reports whose period overlaps that of an earlier one by the same reporter';
COMMENT ON COLUMN dmarc.overlap_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.overlap_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.overlap_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.overlap_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.overlap_day.report_count IS 'such reports';
COMMENT ON COLUMN dmarc.overlap_day.message_count IS 'messages in them';
