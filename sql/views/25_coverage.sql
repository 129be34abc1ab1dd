-- big_receivers: words in the names of receivers that nobody can do without.
CREATE OR REPLACE FUNCTION dmarc.big_receivers() RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT regexp_split_to_array(
           lower(trim(dmarc.setting_text('big_receivers'))), '\s+') $$;
COMMENT ON FUNCTION dmarc.big_receivers() IS 'words in the names of the receivers that a domain should have reports of: the setting big_receivers';

-- big_receiver_seen: what they reported, each with a row.
CREATE OR REPLACE FUNCTION dmarc.big_receiver_seen(policy_domain_ids integer[],
  first_day date, last_day date)
RETURNS TABLE (policy_domain text, receiver text, reports numeric,
  messages numeric, domain_messages numeric, days bigint, last_seen date)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH day AS MATERIALIZED (
         SELECT r.policy_domain_id AS id, r.reporter, r.day,
                count(*) AS reports, sum(r.message_count) AS messages,
                -- Anybody can call himself so.
                max(r.mail_domain) IS NULL OR bool_or(r.listed) AS believed
           FROM unnest($1) a (id)
           JOIN dmarc.report r ON r.policy_domain_id = a.id
          WHERE dmarc.shown_tier(r.tier)
            AND r.day BETWEEN coalesce($2, '-infinity')
                          AND coalesce($3, 'infinity')
          GROUP BY r.policy_domain_id, r.reporter, r.day),
       total AS MATERIALIZED (
         SELECT x.id, sum(x.messages) AS messages FROM day x GROUP BY x.id),
       seen AS MATERIALIZED (
         SELECT x.id, b.receiver, sum(x.reports) AS reports,
                sum(x.messages) AS messages, count(DISTINCT x.day) AS days,
                max(x.day) AS last_seen
           FROM unnest(dmarc.big_receivers()) b (receiver)
           JOIN day x ON x.believed AND position(b.receiver IN x.reporter) > 0
          GROUP BY x.id, b.receiver)
  SELECT d.name, b.receiver, coalesce(s.reports, 0), coalesce(s.messages, 0),
         t.messages, coalesce(s.days, 0), s.last_seen
    FROM total t
    JOIN dmarc.policy_domain d ON d.id = t.id
   CROSS JOIN unnest(dmarc.big_receivers()) b (receiver)
    LEFT JOIN seen s ON s.id = t.id AND s.receiver = b.receiver
  $query$ USING policy_domain_ids, first_day, last_day;
END $$;
COMMENT ON FUNCTION dmarc.big_receiver_seen(integer[], date, date) IS
  'reports of each big receiver on these domains, from a day to a day; a receiver without any has a row of zeros';

CREATE OR REPLACE FUNCTION dmarc.big_receiver_seen(only_domain text,
  first_day date, last_day date)
RETURNS TABLE (policy_domain text, receiver text, reports numeric,
  messages numeric, domain_messages numeric, days bigint, last_seen date)
LANGUAGE sql STABLE AS $$
  SELECT b.*
    FROM dmarc.big_receiver_seen(
           ARRAY(SELECT d.id
                   FROM dmarc.policy_domain d
                  WHERE only_domain IS NULL OR d.name = only_domain),
           first_day, last_day) b $$;
COMMENT ON FUNCTION dmarc.big_receiver_seen(text, date, date) IS
  'the same of one domain or all (NULL)';

-- day_without: runs of days on which nobody reported.
CREATE OR REPLACE FUNCTION dmarc.day_without(policy_domain_ids integer[],
  first_day date, last_day date)
RETURNS TABLE (policy_domain text, from_day date, to_day date, days integer)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH day AS MATERIALIZED (
         SELECT DISTINCT r.policy_domain_id AS id, r.day
           FROM unnest($1) a (id)
           JOIN dmarc.report r ON r.policy_domain_id = a.id
          WHERE dmarc.shown_tier(r.tier)
            AND r.day BETWEEN coalesce($2, '-infinity') AND $3),
       -- the days beside the window bound the first run and the last
       fence AS (
         SELECT d.id, d.day FROM day d
         UNION
         SELECT d.id, x.day
           FROM day d
          CROSS JOIN (VALUES ($2 - 1), ($3 + 1)) x (day)
          WHERE x.day IS NOT NULL)
  SELECT d.name, x.day + 1, x.next - 1, x.next - x.day - 1
    FROM (SELECT f.id, f.day,
                 lead(f.day) OVER (PARTITION BY f.id ORDER BY f.day) AS next
            FROM fence f) x
    JOIN dmarc.policy_domain d ON d.id = x.id
   WHERE x.next > x.day + 1
  $query$ USING policy_domain_ids, first_day,
          coalesce(last_day, dmarc.last_day());
END $$;
COMMENT ON FUNCTION dmarc.day_without(integer[], date, date) IS
  'runs of days without any report on these domains, from a day (NULL: the first report) to a day (NULL: the newest of the database)';

CREATE OR REPLACE FUNCTION dmarc.day_without(only_domain text, first_day date,
  last_day date)
RETURNS TABLE (policy_domain text, from_day date, to_day date, days integer)
LANGUAGE sql STABLE AS $$
  SELECT w.*
    FROM dmarc.day_without(
           ARRAY(SELECT d.id
                   FROM dmarc.policy_domain d
                  WHERE only_domain IS NULL OR d.name = only_domain),
           first_day, last_day) w $$;
COMMENT ON FUNCTION dmarc.day_without(text, date, date) IS
  'the same of one domain or all (NULL)';

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
