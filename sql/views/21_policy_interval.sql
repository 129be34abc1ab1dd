-- policy_report: the policy of each report with its defaults filled in.
CREATE OR REPLACE VIEW dmarc.policy_report AS
SELECT d.name AS policy_domain, r.policy_domain_id, r.id AS stored_report_id,
       r.reporter, r.day,
       ARRAY[r.p, coalesce(r.sp, r.p), coalesce(r.adkim, 'r'),
             coalesce(r.aspf, 'r'), r.np, r.pct::text, r.testing] AS policy,
       r.fo
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 WHERE CASE WHEN coalesce(current_setting('dmarc.untrusted', true), '') = 'only'
            THEN r.tier = 'C'
            ELSE EXISTS (SELECT FROM dmarc.report_voice v
                          WHERE v.policy_domain_id = r.policy_domain_id
                            AND v.id = r.id) END;
COMMENT ON VIEW dmarc.policy_report IS 'the published policy as each report has it that speaks of it (report_voice)';
COMMENT ON COLUMN dmarc.policy_report.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_report.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.policy_report.stored_report_id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.policy_report.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.policy_report.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.policy_report.policy IS 'p, sp, adkim, aspf with their defaults, np, pct and testing as sent';
COMMENT ON COLUMN dmarc.policy_report.fo IS 'policy_published/fo as sent';

-- policy_interval: the policy as the world saw it over time.
--
-- A day has the policy that most of its reports have; days in a row with the
-- same make an interval.  np, pct and testing stand in one generation of
-- reports only, so that they are carried on from the day that said them last.
-- What one reporter alone saw for three days or less between two runs of one
-- policy is no change: it is late, or wrong.
CREATE OR REPLACE VIEW dmarc.policy_interval AS
WITH daily AS (
       SELECT DISTINCT ON (policy_domain, day)
              policy_domain, policy_domain_id, day, policy[1:4] AS core,
              mode() WITHIN GROUP (ORDER BY policy[5]) AS np,
              mode() WITHIN GROUP (ORDER BY policy[6]) AS pct,
              mode() WITHIN GROUP (ORDER BY policy[7]) AS testing,
              min(reporter) AS one, max(reporter) AS other
         FROM dmarc.policy_report
        GROUP BY policy_domain, policy_domain_id, day, policy[1:4]
        ORDER BY policy_domain, day, count(*) DESC, policy[1:4]),
     said AS (
       SELECT *, count(np) OVER w AS np_run, count(pct) OVER w AS pct_run,
              count(testing) OVER w AS testing_run
         FROM daily
       WINDOW w AS (PARTITION BY policy_domain ORDER BY day)),
     carried AS (
       SELECT policy_domain, policy_domain_id, day, one, other,
              core || ARRAY[
                max(np) OVER (PARTITION BY policy_domain, np_run),
                max(pct) OVER (PARTITION BY policy_domain, pct_run),
                max(testing) OVER (PARTITION BY policy_domain, testing_run)]
                AS policy
         FROM said),
     marked AS (
       SELECT *, dmarc.policy_differs(policy, lag(policy) OVER (
                PARTITION BY policy_domain ORDER BY day)) AS differs
         FROM carried),
     numbered AS (
       SELECT *, count(*) FILTER (WHERE differs) OVER (
                PARTITION BY policy_domain ORDER BY day) AS run
         FROM marked),
     -- Within a run no tag has two values: max() is the one that was said.
     run AS (
       SELECT policy_domain, policy_domain_id, run, min(day) AS first_day,
              max(day) AS last_day,
              ARRAY[max(policy[1]), max(policy[2]), max(policy[3]),
                    max(policy[4]), max(policy[5]), max(policy[6]),
                    max(policy[7])] AS policy,
              min(one) = max(other) AND max(day) - min(day) < 3 AS doubtful
         FROM numbered
        GROUP BY policy_domain, policy_domain_id, run),
     kept AS (
       SELECT *
         FROM (SELECT *, doubtful AND NOT dmarc.policy_differs(
                        lag(policy) OVER w, lead(policy) OVER w)
                      AND lag(policy) OVER w IS NOT NULL
                      AND lead(policy) OVER w IS NOT NULL AS stray
                 FROM run
               WINDOW w AS (PARTITION BY policy_domain ORDER BY run)) x
        WHERE NOT stray),
     island AS (
       SELECT *, count(*) FILTER (WHERE differs) OVER (
                PARTITION BY policy_domain ORDER BY run) AS n
         FROM (SELECT *, dmarc.policy_differs(policy, lag(policy) OVER (
                        PARTITION BY policy_domain ORDER BY run)) AS differs
                 FROM kept) x),
     interval AS (
       SELECT policy_domain, policy_domain_id, n + 1 AS number,
              min(first_day) AS first_day, max(last_day) AS last_day,
              ARRAY[max(policy[1]), max(policy[2]), max(policy[3]),
                    max(policy[4]), max(policy[5]), max(policy[6]),
                    max(policy[7])] AS policy
         FROM island
        GROUP BY policy_domain, policy_domain_id, n)
SELECT policy_domain, policy_domain_id, number, first_day, last_day,
       lead(first_day) OVER w AS next_day,
       policy[1] AS p, policy[2] AS sp, policy[5] AS np, policy[3] AS adkim,
       policy[4] AS aspf, policy[6] AS pct, policy[7] AS testing, policy,
       lag(policy) OVER w AS policy_before
  FROM interval
WINDOW w AS (PARTITION BY policy_domain ORDER BY number);
COMMENT ON VIEW dmarc.policy_interval IS 'the published policy as most reports saw it, in intervals; behind dmarc-report policy';
COMMENT ON COLUMN dmarc.policy_interval.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_interval.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.policy_interval.number IS 'its number within the domain, 1 is the first';
COMMENT ON COLUMN dmarc.policy_interval.first_day IS 'the first day on which most reports have it';
COMMENT ON COLUMN dmarc.policy_interval.last_day IS 'the last such day';
COMMENT ON COLUMN dmarc.policy_interval.next_day IS 'the first day of the next; NULL: it is the last';
COMMENT ON COLUMN dmarc.policy_interval.p IS 'p';
COMMENT ON COLUMN dmarc.policy_interval.sp IS 'sp, or p where it is not said';
COMMENT ON COLUMN dmarc.policy_interval.np IS 'np; NULL: no report said it';
COMMENT ON COLUMN dmarc.policy_interval.adkim IS 'adkim, or its default r';
COMMENT ON COLUMN dmarc.policy_interval.aspf IS 'aspf, or its default r';
COMMENT ON COLUMN dmarc.policy_interval.pct IS 'pct; NULL: no report said it';
COMMENT ON COLUMN dmarc.policy_interval.testing IS 'the t tag; NULL: no report said it';
COMMENT ON COLUMN dmarc.policy_interval.policy IS 'all of these, in the order of policy_report.policy';
COMMENT ON COLUMN dmarc.policy_interval.policy_before IS 'the same of the interval before; NULL: it is the first';

-- policy_sight_day: what each reporter saw in an interval.
--
-- Intervals and reports are sorted into one line of days, where each report
-- follows its interval: to compare each report with each interval would take
-- the product of both.
CREATE OR REPLACE VIEW dmarc.policy_sight_day AS
SELECT z.policy_domain, z.policy_domain_id, z.number, z.day, z.reporter,
       CASE
         WHEN NOT dmarc.policy_differs(z.policy, z.current) THEN 'this'
         WHEN NOT dmarc.policy_differs(z.policy, z.before)
              AND z.before IS NOT NULL THEN 'before'
         ELSE 'other'
       END AS sees, z.fo, count(*) AS report_count, z.first_day
  FROM (SELECT y.*, first_value(y.policy) OVER w AS current,
               first_value(y.policy_before) OVER w AS before,
               first_value(y.day) OVER w AS first_day
          FROM (SELECT x.policy_domain, x.policy_domain_id, x.day, x.report,
                       x.reporter, x.policy, x.policy_before, x.fo,
                       max(x.number) OVER (
                         PARTITION BY x.policy_domain, x.policy_domain_id
                             ORDER BY x.day, x.report) AS number
                  FROM (SELECT i.policy_domain, i.policy_domain_id,
                               i.first_day AS day, false AS report,
                               NULL AS reporter, i.policy, i.policy_before,
                               NULL AS fo, i.number
                          FROM dmarc.policy_interval i
                         UNION ALL
                        SELECT r.policy_domain, r.policy_domain_id, r.day,
                               true, r.reporter, r.policy, NULL, r.fo, NULL
                          FROM dmarc.policy_report r) x) y
        WINDOW w AS (PARTITION BY y.policy_domain, y.policy_domain_id, y.number
                         ORDER BY y.report, y.day)) z
 WHERE z.report
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 9;
COMMENT ON VIEW dmarc.policy_sight_day IS 'which policy each reporter saw, per day and interval of policy_interval';
COMMENT ON COLUMN dmarc.policy_sight_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_sight_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.policy_sight_day.number IS 'dmarc.policy_interval.number';
COMMENT ON COLUMN dmarc.policy_sight_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.policy_sight_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.policy_sight_day.sees IS 'this: the interval''s policy; before: that of the interval before; other: neither';
COMMENT ON COLUMN dmarc.policy_sight_day.fo IS 'policy_published/fo as sent';
COMMENT ON COLUMN dmarc.policy_sight_day.first_day IS 'the first day of the interval';
COMMENT ON COLUMN dmarc.policy_sight_day.report_count IS 'reports';

-- policy_late: who went on seeing the old policy after a change.
CREATE OR REPLACE VIEW dmarc.policy_late AS
SELECT s.policy_domain, s.policy_domain_id, s.number, s.reporter,
       s.first_day AS changed_day,
       max(s.day) FILTER (WHERE s.sees = 'before') AS last_day,
       max(s.day) FILTER (WHERE s.sees = 'before') - s.first_day AS lag_days,
       sum(s.report_count) FILTER (WHERE s.sees = 'before') AS report_count,
       bool_and(s.sees = 'before') AS still
  FROM dmarc.policy_sight_day s
 GROUP BY s.policy_domain, s.policy_domain_id, s.number, s.reporter, s.first_day
HAVING max(s.day) FILTER (WHERE s.sees = 'before') > s.first_day;
COMMENT ON VIEW dmarc.policy_late IS 'reporters that saw the policy before an interval on later days than its first';
COMMENT ON COLUMN dmarc.policy_late.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_late.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.policy_late.number IS 'dmarc.policy_interval.number of the new policy';
COMMENT ON COLUMN dmarc.policy_late.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.policy_late.changed_day IS 'the first day of the new policy';
COMMENT ON COLUMN dmarc.policy_late.last_day IS 'the last day on which it saw the old one';
COMMENT ON COLUMN dmarc.policy_late.lag_days IS 'days between these';
COMMENT ON COLUMN dmarc.policy_late.report_count IS 'reports with the old one since the change';
COMMENT ON COLUMN dmarc.policy_late.still IS 'it has not seen the new one yet';

-- policy_error_day: what reporters find wrong with the DMARC record.
CREATE OR REPLACE VIEW dmarc.policy_error_day AS
SELECT d.name AS policy_domain, r.policy_domain_id, r.reporter, r.day, e.error,
       count(*) AS report_count
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 CROSS JOIN LATERAL unnest(r.errors) AS e (error)
 WHERE dmarc.shown_tier(r.tier)
 GROUP BY d.name, r.policy_domain_id, r.reporter, r.day, e.error;
COMMENT ON VIEW dmarc.policy_error_day IS 'errors in the DMARC record by the word of reporters, per day';
COMMENT ON COLUMN dmarc.policy_error_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_error_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.policy_error_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.policy_error_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.policy_error_day.error IS 'what it writes';
COMMENT ON COLUMN dmarc.policy_error_day.report_count IS 'reports that say so';

-- policy_note: what an operator should know of tags that only one generation
-- of receivers obeys.
CREATE OR REPLACE FUNCTION dmarc.policy_note(p text, sp text, pct text,
  testing text)
RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(concat_ws('; ',
    CASE WHEN pct <> '100' AND 'none' <> ANY (ARRAY[p, sp]) THEN
      'pct=' || pct || ': RFC 9989 has no pct any more, its receivers apply the'
      || ' whole policy' END,
    CASE WHEN testing = 'y' AND 'none' <> ANY (ARRAY[p, sp]) THEN
      't=y: receivers that only know RFC 7489 ignore it and apply the whole'
      || ' policy' END), '') $$;
COMMENT ON FUNCTION dmarc.policy_note(text, text, text, text) IS 'what pct and t=y do at receivers of the other generation; NULL: nothing to say';
