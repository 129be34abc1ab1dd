-- The policy over time, from what reporters saw.
--
-- Reporters differ: their software writes sp=none where nothing is published, or
-- does not know t.  So what differs between two of them is no change, nor is the
-- day on which another one is heard.  A change is what one and the same reporter
-- sees differently, on two days, or what several see at once.
--
--   policy_told     what a reporter saw on a day
--   policy_run      how long it saw the same, tag by tag
--   policy_tally    how many say what, from a day on
--   policy_held     tag by tag, which value stood from when on
--   policy_stretch  all tags together

-- policy_told: a row a day and voice, with what most of its reports of the day
-- say.  A voice is a listed reporter by its name, or whoever vouches for it.
-- Where listed reporters, files or unjudged reports speak, only these have a
-- voice (as in report_voice).  sp is '' where p applies, np is '' where sp does;
-- NULL: reports of that kind do not tell.
DROP FUNCTION IF EXISTS dmarc.policy_told(integer[], date, date);
CREATE OR REPLACE FUNCTION dmarc.policy_told(policy_domain_ids integer[],
  from_day date, to_day date)
RETURNS TABLE (policy_domain_id integer, voucher text, voice text, day date,
  tags text[])
LANGUAGE plpgsql STABLE SET jit = off AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH asked AS (
         SELECT coalesce(current_setting('dmarc.untrusted', true), '') = 'only'
                  AS others),
       told AS MATERIALIZED (
         SELECT r.policy_domain_id AS id,
                coalesce(r.vouched_by, r.reporter) AS voucher,
                CASE WHEN r.listed THEN r.reporter
                     ELSE coalesce(r.vouched_by, r.reporter) END AS voice,
                r.day, r.listed OR r.tier IN ('file', 'unjudged') AS sure,
                ARRAY[r.p, coalesce(nullif(r.sp, r.p), ''),
                      coalesce(r.adkim, 'r'), coalesce(r.aspf, 'r'),
                      CASE WHEN r.np IS NULL AND r.dialect <> 'rfc9990'
                           THEN NULL
                           ELSE coalesce(nullif(r.np, coalesce(r.sp, r.p)), '')
                           END,
                      r.pct::text,
                      CASE WHEN r.dialect = 'rfc9990'
                           THEN coalesce(r.testing, 'n')
                           ELSE r.testing END] AS tags,
                count(*) AS reports, max(r.end_at) AS end_at
           FROM dmarc.report r
          CROSS JOIN asked a
          WHERE r.policy_domain_id = ANY ($1)
            AND r.day BETWEEN coalesce($2, '-infinity')
                          AND coalesce($3, 'infinity')
            AND r.p IS NOT NULL
            AND (r.tier = 'C') = a.others
          GROUP BY 1, 2, 3, 4, 5, 6),
       believed AS MATERIALIZED (
         SELECT t.id, bool_or(t.sure) AS sure
           FROM told t
          GROUP BY t.id)
  SELECT DISTINCT ON (t.id, t.voice, t.day)
         t.id, t.voucher, t.voice, t.day, t.tags
    FROM told t
    JOIN believed b ON b.id = t.id
   WHERE t.sure OR NOT b.sure
   ORDER BY t.id, t.voice, t.day, t.reports DESC, t.end_at DESC, t.tags
  $query$ USING policy_domain_ids, from_day, to_day;
END $$;
COMMENT ON FUNCTION dmarc.policy_told(integer[], date, date) IS
  'what each reporter saw published for these domains, a row a day: p, sp ('''': p applies), adkim, aspf, np ('''': sp applies), pct and t; NULL: it does not tell';

-- policy_run: how long a voice saw one value of a tag, without a break by
-- another.  run is its number in the voice's line; from the second on a voice
-- has seen a change.  One that it saw on a single day is left out, unless two
-- such changes to one value lie within a week.
DROP FUNCTION IF EXISTS dmarc.policy_run(integer[], date, date);
CREATE OR REPLACE FUNCTION dmarc.policy_run(policy_domain_ids integer[],
  from_day date, to_day date)
RETURNS TABLE (policy_domain_id integer, voucher text, voice text, tag integer,
  value text, run bigint, first_day date, last_day date, next_day date)
LANGUAGE sql STABLE SET jit = off SET enable_nestloop = off
SET enable_mergejoin = off AS $$
  WITH told AS MATERIALIZED (
         SELECT t.policy_domain_id AS id, t.voucher, t.voice, t.day, t.tags,
                t.tags IS DISTINCT FROM lag(t.tags) OVER (
                  PARTITION BY t.policy_domain_id, t.voice ORDER BY t.day)
                  AS differs
           FROM dmarc.policy_told(policy_run.policy_domain_ids,
                  policy_run.from_day, policy_run.to_day) t),
       same AS MATERIALIZED (
         SELECT x.id, x.voucher, x.voice, x.tags, min(x.day) AS first_day,
                max(x.day) AS last_day, count(*) AS days
           FROM (SELECT t.*, count(*) FILTER (WHERE t.differs) OVER (
                          PARTITION BY t.id, t.voice ORDER BY t.day) AS n
                   FROM told t) x
          GROUP BY x.id, x.voucher, x.voice, x.tags, x.n),
       one AS MATERIALIZED (
         SELECT s.id, s.voucher, s.voice, g.tag, s.tags[g.tag] AS value,
                s.first_day, s.last_day, s.days,
                s.tags[g.tag] IS DISTINCT FROM lag(s.tags[g.tag]) OVER (
                  PARTITION BY s.id, s.voice, g.tag ORDER BY s.first_day)
                  AS differs
           FROM same s
          CROSS JOIN generate_series(1, 7) g (tag)
          WHERE s.tags[g.tag] IS NOT NULL),
       run AS MATERIALIZED (
         SELECT x.id, x.voucher, x.voice, x.tag, x.value, x.n,
                min(x.first_day) AS first_day, max(x.last_day) AS last_day,
                sum(x.days) AS days
           FROM (SELECT o.*, count(*) FILTER (WHERE o.differs) OVER (
                          PARTITION BY o.id, o.voice, o.tag
                              ORDER BY o.first_day) AS n
                   FROM one o) x
          GROUP BY x.id, x.voucher, x.voice, x.tag, x.value, x.n),
       sure AS MATERIALIZED (
         SELECT x.*, x.value IS DISTINCT FROM lag(x.value) OVER (
                  PARTITION BY x.id, x.voice, x.tag ORDER BY x.first_day)
                  AS differs
           FROM (SELECT r.*, count(*) FILTER (WHERE r.n > 1) OVER (
                          PARTITION BY r.id, r.tag, r.value
                              ORDER BY r.first_day
                              RANGE BETWEEN interval '7 days' PRECEDING
                                        AND interval '7 days' FOLLOWING) AS seen
                   FROM run r) x
          WHERE x.n = 1 OR x.days > 1 OR x.seen > 1),
       merged AS (
         SELECT x.id, x.voucher, x.voice, x.tag, x.value, x.n,
                min(x.first_day) AS first_day, max(x.last_day) AS last_day
           FROM (SELECT s.id, s.voucher, s.voice, s.tag, s.value, s.first_day,
                        s.last_day, count(*) FILTER (WHERE s.differs) OVER (
                          PARTITION BY s.id, s.voice, s.tag
                              ORDER BY s.first_day) AS n
                   FROM sure s) x
          GROUP BY x.id, x.voucher, x.voice, x.tag, x.value, x.n)
  SELECT m.id, m.voucher, m.voice, m.tag, m.value, m.n, m.first_day,
         m.last_day, lead(m.first_day) OVER (
           PARTITION BY m.id, m.voice, m.tag ORDER BY m.first_day)
    FROM merged m $$;
COMMENT ON FUNCTION dmarc.policy_run(integer[], date, date) IS
  'for how long each reporter saw one value of a tag (1 p, 2 sp, 3 adkim, 4 aspf, 5 np, 6 pct, 7 t); next_day: it saw another; run 1 is the first that it told';

-- policy_vote: a run, and until when it counts.
DROP FUNCTION IF EXISTS dmarc.policy_tally(dmarc.policy_vote[]);
DROP TYPE IF EXISTS dmarc.policy_vote CASCADE;
CREATE TYPE dmarc.policy_vote AS (policy_domain_id integer, without text,
  tag integer, value text, run bigint, first_day date, end_day date);
COMMENT ON TYPE dmarc.policy_vote IS 'a run of policy_run, while without is left out (a newline: nobody), and the first day on which it does not count any more';

-- policy_tally: on each day on which anything begins or ends, how many say what.
-- changed is the newest day on which one of them saw a change to that value,
-- begun how many began with it within a week.
CREATE OR REPLACE FUNCTION dmarc.policy_tally(votes dmarc.policy_vote[])
RETURNS TABLE (policy_domain_id integer, without text, tag integer,
  value text, day date, next_day date, n numeric, changed date,
  begun numeric, first_day date)
LANGUAGE sql STABLE SET jit = off SET enable_nestloop = off
SET enable_mergejoin = off AS $$
  WITH event AS MATERIALIZED (
         SELECT e.id, e.without, e.tag, e.value, e.day, sum(e.n) AS n,
                max(e.day) FILTER (WHERE e.n = 1 AND e.run > 1) AS changed,
                count(*) FILTER (WHERE e.n = 1 AND e.run = 1) AS begun
           FROM (SELECT v.policy_domain_id AS id, v.without, v.tag, v.value,
                        v.first_day AS day, 1 AS n, v.run
                   FROM unnest(votes) v
                 UNION ALL
                 SELECT v.policy_domain_id, v.without, v.tag, v.value,
                        v.end_day, -1, v.run
                   FROM unnest(votes) v) e
          GROUP BY e.id, e.without, e.tag, e.value, e.day)
  SELECT d.id, d.without, d.tag, v.value, d.day, lead(d.day) OVER w,
         coalesce(sum(e.n) OVER w, 0), max(e.changed) OVER w,
         coalesce(sum(e.begun) OVER (
           PARTITION BY d.id, d.without, d.tag, v.value ORDER BY d.day
           RANGE BETWEEN interval '7 days' PRECEDING AND CURRENT ROW), 0),
         v.first_day
    FROM (SELECT DISTINCT x.id, x.without, x.tag, x.day FROM event x) d
    JOIN (SELECT x.id, x.without, x.tag, x.value, min(x.day) AS first_day
            FROM event x
           GROUP BY x.id, x.without, x.tag, x.value) v
      ON v.id = d.id AND v.without = d.without AND v.tag = d.tag
    LEFT JOIN event e
      ON e.id = d.id AND e.without = d.without AND e.tag = d.tag
     AND e.value = v.value AND e.day = d.day
  WINDOW w AS (PARTITION BY d.id, d.without, d.tag, v.value
               ORDER BY d.day) $$;
COMMENT ON FUNCTION dmarc.policy_tally(dmarc.policy_vote[]) IS
  'how many voices say what of a tag, on each day on which one of them begins or ends; changed: when one of them saw the newest change to it; begun: how many began with it in the week up to the day';

-- policy_held: which value of a tag stood from when on.
--
-- What a voice says counts from the first to the last time that it says so.
-- Most voices win, of equals the value
-- to which one saw the newest change, then the one that was told first.  A value
-- that wins by who is heard alone is no change: one voice must have seen it
-- change, or two begun with it, or one told of nothing else for a fortnight.
-- Whether sp is published, only a change seen by one voice tells.
--
-- Who is decisive on some day is left out once.
DROP FUNCTION IF EXISTS dmarc.policy_held(integer[], date, date, boolean);
CREATE OR REPLACE FUNCTION dmarc.policy_held(policy_domain_ids integer[],
  from_day date, to_day date, leave_out boolean)
RETURNS TABLE (policy_domain_id integer, without text, tag integer,
  value text, first_day date, last_day date)
LANGUAGE sql STABLE SET jit = off SET enable_nestloop = off
SET enable_mergejoin = off AS $$
  WITH run AS MATERIALIZED (
         SELECT r.policy_domain_id AS id, r.voucher, r.tag, r.value, r.run,
                r.first_day, r.last_day,
                least(r.last_day + 1, r.next_day) AS end_day
           FROM dmarc.policy_run(policy_held.policy_domain_ids,
                  policy_held.from_day, policy_held.to_day) r),
       close AS MATERIALIZED (
         SELECT x.policy_domain_id AS id, x.tag, x.value, x.day
           FROM (SELECT t.*, row_number() OVER w AS rank,
                        coalesce(lead(t.n) OVER w, 0) AS next_n
                   FROM dmarc.policy_tally(
                          (SELECT array_agg(ROW(r.id, E'\n', r.tag, r.value,
                                    r.run, r.first_day,
                                    r.end_day)::dmarc.policy_vote)
                             FROM run r
                            WHERE leave_out AND r.tag NOT IN (5, 6))) t
                 WINDOW w AS (PARTITION BY t.policy_domain_id, t.tag, t.day
                              ORDER BY t.n DESC, t.value)) x
          WHERE x.n > 0
            AND x.n - x.next_n <= 1),
       without AS MATERIALIZED (
         SELECT E'\n' AS voucher, i AS id
           FROM unnest(policy_held.policy_domain_ids) i
          UNION
         SELECT r.voucher, r.id
           FROM run r
           JOIN close c ON c.id = r.id AND c.tag = r.tag AND c.value = r.value
          WHERE c.day >= r.first_day
            AND c.day < r.end_day),
       vote AS MATERIALIZED (
         SELECT r.id, w.voucher AS without, r.tag, r.value, r.run,
                r.first_day, r.last_day, r.end_day
           FROM run r
           JOIN without w ON w.id = r.id
          WHERE r.voucher <> w.voucher),
       won AS MATERIALIZED (
         SELECT DISTINCT ON (t.policy_domain_id, t.without, t.tag, t.day)
                t.policy_domain_id AS id, t.without, t.tag, t.day, t.next_day,
                t.value, t.changed, t.begun,
                t.n = sum(t.n) OVER (PARTITION BY t.policy_domain_id,
                        t.without, t.tag, t.day) AS unopposed
           FROM dmarc.policy_tally(
                  (SELECT array_agg(ROW(v.id, v.without, v.tag, v.value, v.run,
                            v.first_day, v.end_day)::dmarc.policy_vote)
                     FROM vote v)) t
          WHERE t.n > 0
          ORDER BY t.policy_domain_id, t.without, t.tag, t.day, t.n DESC,
                   t.changed DESC NULLS LAST, t.tag = 2 AND t.value <> '',
                   t.first_day, t.value),
       stretch AS MATERIALIZED (
         SELECT x.id, x.without, x.tag, x.value, x.n, min(x.day) AS day,
                max(x.next_day) AS until, max(x.changed) AS changed,
                max(x.begun) AS begun, bool_and(x.unopposed) AS unopposed
           FROM (SELECT w.*, count(*) FILTER (WHERE w.differs) OVER (
                          PARTITION BY w.id, w.without, w.tag
                              ORDER BY w.day) AS n
                   FROM (SELECT o.*, o.value IS DISTINCT FROM lag(o.value) OVER (
                                  PARTITION BY o.id, o.without, o.tag
                                      ORDER BY o.day) AS differs
                           FROM won o) w) x
          GROUP BY x.id, x.without, x.tag, x.value, x.n),
       kept AS MATERIALIZED (
         SELECT s.*, s.value IS DISTINCT FROM lag(s.value) OVER (
                  PARTITION BY s.id, s.without, s.tag ORDER BY s.day)
                  AS differs
           FROM (SELECT x.*, lag(x.day) OVER w AS before,
                        x.until - x.day AS days
                   FROM stretch x
                 WINDOW w AS (PARTITION BY x.id, x.without, x.tag
                              ORDER BY x.day)) s
          WHERE s.before IS NULL
             OR s.changed >= s.before
             OR (NOT (s.tag = 2 AND s.value = 'none')
                 AND (s.begun > 1 OR (s.unopposed AND s.days >= 14)))),
       held AS MATERIALIZED (
         SELECT k.id, k.without, k.tag, k.value, k.day,
                lead(k.day) OVER (PARTITION BY k.id, k.without, k.tag
                                      ORDER BY k.day) AS next_day
           FROM kept k
          WHERE k.differs)
  SELECT h.id, nullif(h.without, E'\n'), h.tag, h.value, h.day,
         max(least(v.last_day, h.next_day - 1))
    FROM held h
    LEFT JOIN vote v ON v.id = h.id AND v.without = h.without
                    AND v.tag = h.tag AND v.value = h.value
                    AND v.first_day < coalesce(h.next_day, 'infinity')
   GROUP BY h.id, h.without, h.tag, h.value, h.day, h.next_day $$;
COMMENT ON FUNCTION dmarc.policy_held(integer[], date, date, boolean) IS
  'which value of each tag stood from a day on, and the last day on which it was seen; the same again without each voucher that is decisive on some day (leave_out)';

-- policy_stretch: all tags together, a row for each policy that stood.  A tag
-- that few tell (np, pct, t) stood since the policy changed before it was told
-- first.
DROP FUNCTION IF EXISTS dmarc.policy_stretch(integer[], date, date, boolean);
CREATE OR REPLACE FUNCTION dmarc.policy_stretch(policy_domain_ids integer[],
  from_day date, to_day date, leave_out boolean)
RETURNS TABLE (policy_domain_id integer, without text, number bigint,
  first_day date, last_day date, p text, sp text, np text, adkim text,
  aspf text, pct integer, testing text, level_p text, level_sp text)
LANGUAGE sql STABLE SET jit = off SET enable_nestloop = off
SET enable_mergejoin = off AS $$
  WITH held AS MATERIALIZED (
         SELECT h.policy_domain_id AS id, coalesce(h.without, E'\n') AS without,
                h.tag, h.value, h.first_day AS day, h.last_day,
                row_number() OVER (PARTITION BY h.policy_domain_id, h.without,
                                                h.tag ORDER BY h.first_day)
                  AS nth
           FROM dmarc.policy_held(policy_stretch.policy_domain_ids,
                  policy_stretch.from_day, policy_stretch.to_day,
                  leave_out) h),
       core AS MATERIALIZED (
         SELECT h.id, h.without, h.day
           FROM held h
          WHERE h.tag <= 4
          GROUP BY h.id, h.without, h.day),
       -- The first that is told of a tag is of the policy that stood then.
       moved AS MATERIALIZED (
         SELECT h.id, h.without, h.tag, h.value, h.nth, h.last_day,
                CASE WHEN h.nth > 1 OR h.tag <= 4 THEN h.day
                     ELSE max(c.day) FILTER (WHERE c.day <= h.day) END AS day
           FROM held h
           JOIN core c ON c.id = h.id AND c.without = h.without
          GROUP BY h.id, h.without, h.tag, h.value, h.nth, h.day, h.last_day),
       day AS MATERIALIZED (
         SELECT m.id, m.without, m.day,
                max(m.value) FILTER (WHERE m.tag = 1) AS p,
                max(m.value) FILTER (WHERE m.tag = 2) AS sp,
                max(m.value) FILTER (WHERE m.tag = 3) AS adkim,
                max(m.value) FILTER (WHERE m.tag = 4) AS aspf,
                max(m.value) FILTER (WHERE m.tag = 5) AS np,
                max(m.value) FILTER (WHERE m.tag = 6) AS pct,
                max(m.value) FILTER (WHERE m.tag = 7) AS testing
           FROM moved m
          GROUP BY m.id, m.without, m.day),
       -- Each is carried on: the newest that is not NULL.
       numbered AS MATERIALIZED (
         SELECT d.*, count(d.p) OVER w AS p_n, count(d.sp) OVER w AS sp_n,
                count(d.adkim) OVER w AS adkim_n,
                count(d.aspf) OVER w AS aspf_n, count(d.np) OVER w AS np_n,
                count(d.pct) OVER w AS pct_n,
                count(d.testing) OVER w AS testing_n,
                row_number() OVER w AS number,
                lead(d.day) OVER w AS next_day
           FROM day d
         WINDOW w AS (PARTITION BY d.id, d.without ORDER BY d.day)),
       full_day AS MATERIALIZED (
         SELECT n.id, n.without, n.number, n.day, n.next_day,
                max(n.p) OVER (PARTITION BY n.id, n.without, n.p_n) AS p,
                max(n.sp) OVER (PARTITION BY n.id, n.without, n.sp_n) AS sp,
                max(n.adkim) OVER (PARTITION BY n.id, n.without, n.adkim_n)
                  AS adkim,
                max(n.aspf) OVER (PARTITION BY n.id, n.without, n.aspf_n)
                  AS aspf,
                max(n.np) OVER (PARTITION BY n.id, n.without, n.np_n) AS np,
                max(n.pct) OVER (PARTITION BY n.id, n.without, n.pct_n) AS pct,
                max(n.testing) OVER (PARTITION BY n.id, n.without,
                                                  n.testing_n) AS testing
           FROM numbered n),
       seen AS MATERIALIZED (
         SELECT f.id, f.without, f.number,
                max(least(m.last_day, f.next_day - 1)) AS last_day
           FROM full_day f
           JOIN moved m ON m.id = f.id AND m.without = f.without
          WHERE m.day < coalesce(f.next_day, 'infinity')
            AND m.last_day >= f.day
          GROUP BY f.id, f.without, f.number)
  SELECT f.id, nullif(f.without, E'\n'), f.number, f.day,
         coalesce(s.last_day, f.day), f.p, coalesce(nullif(f.sp, ''), f.p),
         nullif(f.np, ''), f.adkim, f.aspf, f.pct::integer, f.testing,
         dmarc.policy_level(f.p, f.testing),
         dmarc.policy_level(coalesce(nullif(f.sp, ''), f.p), f.testing)
    FROM full_day f
    LEFT JOIN seen s ON s.id = f.id AND s.without = f.without
                    AND s.number = f.number $$;
COMMENT ON FUNCTION dmarc.policy_stretch(integer[], date, date, boolean) IS
  'the policies of each domain as they stood one after the other, the first has number 1; level_p and level_sp are what t leaves of them; the same again without each voucher that is decisive on some day (leave_out)';
