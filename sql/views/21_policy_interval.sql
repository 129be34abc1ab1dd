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

-- policy_intervals: the policy over time, of as many domains as are asked for.
DROP FUNCTION IF EXISTS dmarc.policy_intervals(integer[]) CASCADE;
CREATE OR REPLACE FUNCTION dmarc.policy_intervals(policy_domain_ids integer[])
RETURNS TABLE (policy_domain text, policy_domain_id integer, number bigint,
  first_day date, last_day date, next_day date, p text, sp text, np text,
  adkim text, aspf text, pct text, testing text, policy text[],
  policy_before text[])
LANGUAGE sql STABLE AS $$
  SELECT d.name, x.policy_domain_id, x.number, x.first_day, x.last_day,
         lead(x.first_day) OVER w, x.p, x.sp, x.np, x.adkim, x.aspf,
         x.policy[6], x.testing, x.policy, lag(x.policy) OVER w
    FROM (SELECT s.*, ARRAY[s.p, s.sp, s.adkim, s.aspf, s.np, s.pct::text,
                            s.testing] AS policy
            FROM dmarc.policy_stretch(policy_intervals.policy_domain_ids, NULL,
                   NULL, false) s) x
    JOIN dmarc.policy_domain d ON d.id = x.policy_domain_id
  WINDOW w AS (PARTITION BY x.policy_domain_id ORDER BY x.number) $$;
COMMENT ON FUNCTION dmarc.policy_intervals(integer[]) IS
  'policy_interval of these domains alone, in one pass';

-- policy_interval: the same of all domains.
CREATE OR REPLACE VIEW dmarc.policy_interval AS
SELECT i.*
  FROM dmarc.policy_intervals(ARRAY(SELECT d.id FROM dmarc.policy_domain d)) i;
COMMENT ON VIEW dmarc.policy_interval IS 'the published policy as it stood (policy_stretch), in intervals; behind dmarc-report policy';
COMMENT ON COLUMN dmarc.policy_interval.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_interval.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.policy_interval.number IS 'its number within the domain, 1 is the first';
COMMENT ON COLUMN dmarc.policy_interval.first_day IS 'the first day on which most have seen it';
COMMENT ON COLUMN dmarc.policy_interval.last_day IS 'the last day on which one saw it before the next';
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

-- policy_sights: what each reporter saw in an interval.
--
-- Intervals and reports are sorted into one line of days, where each report
-- follows its interval: to compare each report with each interval would take
-- the product of both.
DROP FUNCTION IF EXISTS dmarc.policy_sights(integer[]) CASCADE;
CREATE OR REPLACE FUNCTION dmarc.policy_sights(policy_domain_ids integer[])
RETURNS TABLE (policy_domain text, policy_domain_id integer, number bigint,
  day date, reporter text, sees text, fo text, report_count bigint,
  first_day date)
LANGUAGE plpgsql STABLE SET jit = off AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  SELECT z.policy_domain, z.policy_domain_id, z.number, z.day, z.reporter,
         CASE
           WHEN NOT dmarc.policy_differs(z.policy, z.current) THEN 'this'
           WHEN NOT dmarc.policy_differs(z.policy, z.before)
                AND z.before IS NOT NULL THEN 'before'
           ELSE 'other'
         END, z.fo, count(*), z.first_day
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
                            FROM dmarc.policy_intervals($1) i
                           UNION ALL
                          SELECT r.policy_domain, r.policy_domain_id, r.day,
                                 true, r.reporter, r.policy, NULL, r.fo, NULL
                            FROM dmarc.policy_report r
                           WHERE r.policy_domain_id = ANY ($1)) x) y
          WINDOW w AS (PARTITION BY y.policy_domain, y.policy_domain_id, y.number
                           ORDER BY y.report, y.day)) z
   WHERE z.report
     AND z.number IS NOT NULL
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 9
  $query$ USING policy_domain_ids;
END $$;
COMMENT ON FUNCTION dmarc.policy_sights(integer[]) IS
  'policy_sight_day of these domains alone, in one pass';

-- policy_sight_day: the same of all domains.
CREATE OR REPLACE VIEW dmarc.policy_sight_day AS
SELECT s.*
  FROM dmarc.policy_sights(ARRAY(SELECT d.id FROM dmarc.policy_domain d)) s;
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

-- policy_lates: who went on seeing the old policy after a change.
DROP FUNCTION IF EXISTS dmarc.policy_lates(integer[]) CASCADE;
CREATE OR REPLACE FUNCTION dmarc.policy_lates(policy_domain_ids integer[])
RETURNS TABLE (policy_domain text, policy_domain_id integer, number bigint,
  reporter text, changed_day date, last_day date, lag_days integer,
  report_count numeric, still boolean)
LANGUAGE sql STABLE AS $$
  SELECT s.policy_domain, s.policy_domain_id, s.number, s.reporter,
         s.first_day,
         max(s.day) FILTER (WHERE s.sees = 'before'),
         max(s.day) FILTER (WHERE s.sees = 'before') - s.first_day,
         sum(s.report_count) FILTER (WHERE s.sees = 'before'),
         bool_and(s.sees = 'before')
    FROM dmarc.policy_sights(policy_lates.policy_domain_ids) s
   GROUP BY s.policy_domain, s.policy_domain_id, s.number, s.reporter,
         s.first_day
  HAVING max(s.day) FILTER (WHERE s.sees = 'before') > s.first_day $$;
COMMENT ON FUNCTION dmarc.policy_lates(integer[]) IS
  'policy_late of these domains alone, in one pass';

-- policy_late: the same of all domains.
CREATE OR REPLACE VIEW dmarc.policy_late AS
SELECT l.*
  FROM dmarc.policy_lates(ARRAY(SELECT d.id FROM dmarc.policy_domain d)) l;
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
