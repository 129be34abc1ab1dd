-- last_day: the newest day that anything was reported on.  A clock that is
-- wrong somewhere shall not make everybody else silent.
CREATE OR REPLACE FUNCTION dmarc.last_day() RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT max(r.day)
    FROM dmarc.report r
   WHERE r.tier <> 'C'
     AND r.day <= (now() AT TIME ZONE 'UTC')::date + 1 $$;
COMMENT ON FUNCTION dmarc.last_day() IS 'the newest day that anything was reported on; days of the future do not count';

-- patience: for how many days who comes regularly may stay away.
CREATE OR REPLACE FUNCTION dmarc.patience(usual_gap integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$ SELECT greatest(7, 2 * usual_gap) $$;
COMMENT ON FUNCTION dmarc.patience(integer) IS 'days that somebody may stay away whose usual gap is so many days: twice that, at least 7';

-- share_low, share_high: where a share lies with 95 % confidence (Wilson).
CREATE OR REPLACE FUNCTION dmarc.share_low(part numeric, whole numeric)
RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN whole > 0 THEN
           (part + 1.9208 - 1.96 * sqrt(part * (whole - part) / whole + 0.9604))
           / (whole + 3.8416) ELSE 0 END $$;
COMMENT ON FUNCTION dmarc.share_low(numeric, numeric) IS 'lower end of the 95 % interval of a share, by Wilson';
CREATE OR REPLACE FUNCTION dmarc.share_high(part numeric, whole numeric)
RETURNS double precision
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN whole > 0 THEN
           (part + 1.9208 + 1.96 * sqrt(part * (whole - part) / whole + 0.9604))
           / (whole + 3.8416) ELSE 1 END $$;
COMMENT ON FUNCTION dmarc.share_high(numeric, numeric) IS 'upper end of the 95 % interval of a share, by Wilson';

-- share_moved: -1 or 1 where a share fell or rose beyond doubt, else 0: by five
-- points, 20 messages on either side, and intervals that do not meet.
CREATE OR REPLACE FUNCTION dmarc.share_moved(part_before numeric,
  whole_before numeric, part numeric, whole numeric)
RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN whole_before < 20 OR whole < 20 THEN 0
    WHEN part_before / whole_before - part / whole >= 0.05
         AND dmarc.share_low(part_before, whole_before)
             > dmarc.share_high(part, whole) THEN -1
    WHEN part / whole - part_before / whole_before >= 0.05
         AND dmarc.share_low(part, whole)
             > dmarc.share_high(part_before, whole_before) THEN 1
    ELSE 0 END $$;
COMMENT ON FUNCTION dmarc.share_moved(numeric, numeric, numeric, numeric) IS
  'whether a share rose (1) or fell (-1) beyond doubt: by 5 points or more, with 20 messages or more on either side, and 95 % intervals that do not meet; else 0';

-- reporter_rhythm: how regularly each reporter reports, from the 400 days up
-- to a day.  Regular is who reported on five days or more and nine times of ten
-- within 35 days of the time before.
CREATE OR REPLACE FUNCTION dmarc.reporter_rhythm(policy_domain_ids integer[],
  as_of date, least_reports bigint)
RETURNS TABLE (policy_domain_id integer, reporter text, days bigint,
  reports numeric, messages numeric, first_day date, last_day date,
  usual_gap integer, overdue_day date)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH often AS MATERIALIZED (
         SELECT r.policy_domain_id AS id, r.reporter
           FROM unnest($1) a (id)
           JOIN dmarc.report r ON r.policy_domain_id = a.id
          WHERE dmarc.shown_tier(r.tier)
            AND r.day BETWEEN $2 - 400 AND $2
          GROUP BY r.policy_domain_id, r.reporter
         HAVING count(*) >= $3),
       day AS MATERIALIZED (
         SELECT r.policy_domain_id AS id, r.reporter, r.day,
                count(*) AS reports, sum(r.message_count) AS messages
           FROM often o
           JOIN dmarc.report r ON r.policy_domain_id = o.id
                              AND r.reporter = o.reporter
          WHERE dmarc.shown_tier(r.tier)
            AND r.day BETWEEN $2 - 400 AND $2
          GROUP BY r.policy_domain_id, r.reporter, r.day)
  SELECT x.id, x.reporter, x.days, x.reports, x.messages, x.first_day,
         x.last_day, x.usual_gap,
         CASE WHEN x.days >= 5 AND x.usual_gap <= 35
              THEN x.last_day + dmarc.patience(x.usual_gap) + 1 END
    FROM (SELECT g.id, g.reporter, count(*) AS days, sum(g.reports) AS reports,
                 sum(g.messages) AS messages, min(g.day) AS first_day,
                 max(g.day) AS last_day,
                 percentile_disc(0.9) WITHIN GROUP (ORDER BY g.gap)
                   AS usual_gap
            FROM (SELECT d.*, d.day - lag(d.day) OVER (
                           PARTITION BY d.id, d.reporter ORDER BY d.day) AS gap
                    FROM day d) g
           GROUP BY g.id, g.reporter) x
  $query$ USING policy_domain_ids, as_of, least_reports;
END $$;
COMMENT ON FUNCTION dmarc.reporter_rhythm(integer[], date, bigint) IS
  'reporters of these domains in the 400 days up to a day that sent so many reports or more: usual_gap is the number of days within which the next report came nine times of ten; overdue_day the first day on which a regular one is missed';

DROP FUNCTION IF EXISTS dmarc.reporter_rhythm(text, date);
CREATE OR REPLACE FUNCTION dmarc.reporter_rhythm(only_domain text, as_of date)
RETURNS TABLE (policy_domain text, reporter text, days bigint,
  reports numeric, messages numeric, first_day date, last_day date,
  usual_gap integer, overdue_day date)
LANGUAGE sql STABLE AS $$
  SELECT d.name, r.reporter, r.days, r.reports, r.messages, r.first_day,
         r.last_day, r.usual_gap, r.overdue_day
    FROM dmarc.reporter_rhythm(
           ARRAY(SELECT p.id
                   FROM dmarc.policy_domain p
                  WHERE only_domain IS NULL OR p.name = only_domain),
           as_of, 1) r
    JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id $$;
COMMENT ON FUNCTION dmarc.reporter_rhythm(text, date) IS
  'the same of all reporters of one domain or all (NULL)';
