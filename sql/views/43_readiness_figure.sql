-- readiness_figure: the sums behind the gates, for the domain itself (scope p)
-- and for those below it (scope sp), with all reports and without those of each
-- voucher.
--
--   l, lf   mail of legitimate senders, and how much of it fails; ld: passes
--           by DKIM
--   i, jf   forwarded mail and mail of lists, and how much of it fails
--   uf      failing mail of which nobody has said whose it is
--   h, hf   forged mail: what reject is for
--
-- guessed, unlooked, outside and left_fail (see readiness_sender) are told with
-- all reports only: they are questions to the operator, whoever told of it.
--
-- Without a voucher the sums of the senders that it told of are exchanged; how
-- many senders stand in the way is counted the same way.  As a limit for one
-- sender goes by the mail of all, how many others are above it then is looked
-- up in their sorted figures.
DROP FUNCTION IF EXISTS dmarc.readiness(integer[], date);
DROP FUNCTION IF EXISTS dmarc.readiness_figure(integer[], date);
DROP TYPE IF EXISTS dmarc.readiness_figure CASCADE;
CREATE TYPE dmarc.readiness_figure AS (
  id integer, scope text, without text, open boolean, domain text, own boolean,
  policy text, p text, sp text, np text, pct integer, testing text,
  history_day date, change_day date, window_day date, last_day date,
  level text, level_day date, step text, gates text, low boolean,
  first_day date, stable integer, policy_days_limit numeric, steered boolean,
  reports bigint, days bigint, reporters bigint, untrusted numeric,
  untrusted_reports bigint, sends boolean, messages numeric,
  l numeric, lf numeric, ld numeric, i numeric, jf numeric, uf numeric,
  h numeric, hf numeric, undetermined numeric, left_out numeric,
  left_out_pass numeric, season numeric, lx numeric, ix numeric, ux numeric,
  honour_known boolean, floor numeric, unresolved_floor numeric,
  failing_n bigint, spf_only_n bigint, unresolved_n bigint, new_n bigint,
  missing_n bigint, passed numeric, worst numeric, new_day date,
  failing text, spf_only text, unresolved text, new text, missing text,
  left_senders text, fail_name text, fail_n numeric, fail_action text,
  spf_name text, spf_action text, left_name text, unresolved_name text,
  unresolved_worst numeric, missing_name text, passing_name text,
  guessed numeric, unlooked numeric, outside_n bigint, outside text,
  outside_name text, left_n bigint, left_fail text, left_fail_name text,
  forgers text, repaired text, sure_floor numeric);
COMMENT ON TYPE dmarc.readiness_figure IS 'the sums behind the gates of one domain and scope, with all reports or without those of one voucher';

-- readiness_scope: where each scope stands, and which step its gates are for.
DROP FUNCTION IF EXISTS dmarc.readiness_scope(integer[], date);
CREATE OR REPLACE FUNCTION dmarc.readiness_scope(policy_domain_ids integer[],
  last_day date)
RETURNS TABLE (id integer, scope text, without text, domain text, own boolean,
  policy text, p text, sp text, np text, pct integer, testing text,
  history_day date, change_day date, level text, level_day date, step text,
  gates text, first_day date, first_day_low date)
LANGUAGE sql STABLE AS $$
  SELECT f.policy_domain_id, s.scope, f.without, f.policy_domain, f.own,
         f.policy, f.p, f.sp, f.np, f.pct, f.testing, f.history_day,
         f.change_day, s.level, s.level_day,
         CASE s.level WHEN 'reject' THEN 'stay'
                      WHEN 'quarantine' THEN 'reject'
                      ELSE 'quarantine' END,
         CASE WHEN s.level IN ('quarantine', 'reject') THEN 'reject'
              ELSE 'quarantine' END,
         f.first_day, f.first_day_low
    FROM dmarc.readiness_frame(readiness_scope.policy_domain_ids,
           readiness_scope.last_day) f
   CROSS JOIN LATERAL (VALUES ('p', f.level_p, f.level_p_day),
                              ('sp', f.level_sp, f.level_sp_day))
         s (scope, level, level_day) $$;
COMMENT ON FUNCTION dmarc.readiness_scope(integer[], date) IS
  'readiness_frame apart for the domain itself and those below it: the level, the next step, and whose gates are asked';

-- readiness_heard: on how many days, and from how many, there are reports.
DROP FUNCTION IF EXISTS dmarc.readiness_heard(integer[], date, text[], date[]);
CREATE OR REPLACE FUNCTION dmarc.readiness_heard(policy_domain_ids integer[],
  last_day date, without text[], first_days date[])
RETURNS TABLE (id integer, first_day date, voucher text, days bigint,
  reporters bigint)
LANGUAGE sql STABLE SET enable_nestloop = off SET enable_mergejoin = off AS $$
  WITH asked AS MATERIALIZED (
         SELECT DISTINCT a.id, a.voucher, a.first_day
           FROM unnest(policy_domain_ids, without, first_days)
                a (id, voucher, first_day)),
       told AS MATERIALIZED (
         SELECT u.policy_domain_id AS id, u.day, u.voucher,
                bool_and(u.listed OR u.tier = 'file') AS core
           FROM (SELECT array_agg(DISTINCT a.id) AS ids,
                        min(a.first_day) AS first_day FROM asked a) x
          CROSS JOIN LATERAL dmarc.report_used(x.ids, x.first_day,
                               readiness_heard.last_day) u
          WHERE u.used
          GROUP BY u.policy_domain_id, u.day, u.voucher),
       newest AS MATERIALIZED (
         SELECT t.id, t.voucher, max(t.day) AS day
           FROM told t
          GROUP BY t.id, t.voucher),
       -- sole: the only one who told of the day; ended: heard then for the
       -- last time, so that all heard since a day are a sum; core: the same of
       -- those that are well known.
       day AS MATERIALIZED (
         SELECT t.id, t.day,
                CASE WHEN count(*) = 1 THEN min(t.voucher) END AS sole,
                count(n.day) AS ended, bool_or(t.core) AS core,
                count(n.day) FILTER (WHERE t.core) AS core_ended
           FROM told t
           LEFT JOIN newest n ON n.id = t.id AND n.voucher = t.voucher
                             AND n.day = t.day
          GROUP BY t.id, t.day)
  SELECT a.id, a.first_day, a.voucher,
         CASE a.voucher WHEN E'\n' THEN count(d.day) FILTER (WHERE d.core)
           ELSE count(d.day) FILTER (WHERE d.sole IS DISTINCT FROM a.voucher
                                        OR a.voucher IS NULL) END,
         CASE a.voucher WHEN E'\n' THEN coalesce(sum(d.core_ended), 0)
           ELSE coalesce(sum(d.ended), 0)
                - CASE WHEN n.day >= a.first_day THEN 1 ELSE 0 END END::bigint
    FROM asked a
    LEFT JOIN day d ON d.id = a.id AND d.day >= a.first_day
    LEFT JOIN newest n ON n.id = a.id AND n.voucher = a.voucher
   GROUP BY a.id, a.first_day, a.voucher, n.day $$;
COMMENT ON FUNCTION dmarc.readiness_heard(integer[], date, text[], date[]) IS
  'for each row of the arrays (policy domain, a voucher to leave out or NULL, E''\n'' for all that are not well known, first day): on how many days until last_day there are reports that count, and from how many vouchers';

-- above: how many of a sorted list are larger.
CREATE OR REPLACE FUNCTION dmarc.above(list double precision[], bound numeric)
RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(cardinality(list)
                  - width_bucket(bound::double precision, list), 0)::bigint $$;
COMMENT ON FUNCTION dmarc.above(double precision[], numeric) IS 'how many numbers of a sorted list are larger than this';

CREATE OR REPLACE FUNCTION dmarc.readiness_figure(policy_domain_ids integer[],
  last_day date)
RETURNS SETOF dmarc.readiness_figure
LANGUAGE sql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off AS $$
  WITH g AS MATERIALIZED (SELECT * FROM dmarc.readiness_limits()),
       scope AS MATERIALIZED (
         SELECT c.*
           FROM dmarc.readiness_scope(readiness_figure.policy_domain_ids,
                  readiness_figure.last_day) c),
       voucher AS MATERIALIZED (
         SELECT v.*
           FROM dmarc.readiness_voucher(readiness_figure.policy_domain_ids,
                  readiness_figure.last_day) v),
       sender AS MATERIALIZED (
         SELECT s.*, s.policy_domain_id AS id,
                coalesce(s.sender, '') AS key,
                coalesce(s.sender, 'unnamed') AS name,
                s.first_day > readiness_figure.last_day
                  - CASE c.gates WHEN 'reject' THEN g.stable_reject
                                 ELSE g.stable_quarantine END AS is_new,
                -- A window that a change of policy cut makes nobody late.
                s.message_count = 0
                  AND s.season_messages >= g.season_messages
                  AND s.season_day <= readiness_figure.last_day - g.window_days
                  AND f.repaired_on IS NULL
                  AND s.role IS DISTINCT FROM 'retired' AS is_missing,
                f.repaired_on,
                c.gates, s.legitimate_fail * 100
                  > s.legitimate * CASE c.gates WHEN 'reject' THEN g.sender_reject
                                   ELSE g.sender_quarantine END AS is_bad,
                -- A sender passes by SPF only when more of its mail does than
                -- may miss DKIM at all, and it is not a handful of many.
                s.legitimate_spf_only > 0
                  AND 100 * s.legitimate_spf_only
                      > (100 - g.dkim_reject) * s.legitimate AS is_spf,
                c.gates = 'reject' OR s.unresolved_days >= g.unresolved_days
                  OR s.unresolved_fail > g.floor_messages AS is_open,
                -- Who was repaired goes on under another name.
                (c.gates = 'reject' OR s.outside_days >= g.unresolved_days
                 OR s.outside_fail > g.floor_messages)
                  AND f.repaired_on IS NULL AS is_open_outside
           FROM dmarc.readiness_sender(readiness_figure.policy_domain_ids,
                  readiness_figure.last_day) s
           JOIN scope c ON c.id = s.policy_domain_id AND c.scope = s.scope
                       AND c.without IS NULL
          CROSS JOIN g
           LEFT JOIN dmarc.sender_fact f ON f.policy_domain = c.domain
                                        AND f.sender = s.sender),
       -- Who is left out of which domain and scope.
       asked AS MATERIALIZED (
         SELECT c.*, x.voucher AS "left", x.open, x.core, w.low,
                coalesce(f.level_day, c.level_day) AS left_day,
                coalesce(f.first_day, c.first_day) AS left_first,
                coalesce(f.first_day_low, c.first_day_low) AS left_first_low,
                coalesce(f.history_day, c.history_day) AS left_history,
                f.level IS DISTINCT FROM c.level AND f.id IS NOT NULL
                  AS steered
           FROM scope c
           JOIN (SELECT i AS id, NULL AS voucher, true AS open,
                        true AS core
                   FROM unnest(readiness_figure.policy_domain_ids) i
                  UNION ALL
                 SELECT v.policy_domain_id, v.voucher, v.open, v.core
                   FROM voucher v
                  UNION ALL
                 SELECT v.policy_domain_id, E'\n', false, false FROM voucher v
                  GROUP BY v.policy_domain_id
                 HAVING bool_or(v.core) AND bool_or(NOT v.open)) x
             ON x.id = c.id
           LEFT JOIN (SELECT s.id, s.scope, bool_or(s.low) AS low FROM sender s
                       GROUP BY s.id, s.scope) w
             ON w.id = c.id AND w.scope = c.scope
           LEFT JOIN scope f
             ON f.id = c.id AND f.scope = c.scope AND f.without = x.voucher
          WHERE c.without IS NULL),
       windowed AS MATERIALIZED (
         SELECT a.*, coalesce(a.low, true) AS is_low,
                CASE WHEN coalesce(a.low, true) THEN a.first_day_low
                     ELSE a.first_day END AS window_day,
                CASE WHEN coalesce(a.low, true) THEN a.left_first_low
                     ELSE a.left_first END AS left_window
           FROM asked a),
       heard AS MATERIALIZED (
         SELECT h.*
           FROM dmarc.readiness_heard(
                  (SELECT array_agg(w.id) FROM windowed w),
                  readiness_figure.last_day,
                  (SELECT array_agg(w."left") FROM windowed w),
                  (SELECT array_agg(w.left_window) FROM windowed w)) h),
       told AS MATERIALIZED (
         SELECT w.id, w.scope, count(r.id) FILTER (WHERE r.used) AS reports,
                coalesce(sum(r.message_count) FILTER (WHERE NOT r.used), 0)
                  AS untrusted,
                count(r.id) FILTER (WHERE NOT r.used) AS untrusted_reports
           FROM windowed w
           LEFT JOIN dmarc.report_used(readiness_figure.policy_domain_ids,
                       (SELECT min(x.window_day) FROM windowed x),
                       readiness_figure.last_day) r
             ON r.policy_domain_id = w.id AND r.day >= w.window_day
          WHERE w."left" IS NULL
          GROUP BY w.id, w.scope),
       -- What is taken away and what is put in its place: n is -1 and 1.
       signed AS MATERIALIZED (
         SELECT s.*, s.without AS "left", 1 AS n FROM sender s
          UNION ALL
         SELECT b.*, v.without, -1
           FROM (SELECT x.id, x.scope, x.key, x.without FROM sender x
                  WHERE x.without IS NOT NULL) v
           JOIN sender b ON b.id = v.id AND b.scope = v.scope AND b.key = v.key
          WHERE b.without IS NULL),
       part AS MATERIALIZED (
         SELECT s.id, s.scope, s."left",
                sum(s.n * s.message_count) AS messages,
                sum(s.n * s.legitimate) AS l, sum(s.n * s.legitimate_fail) AS lf,
                sum(s.n * s.legitimate_dkim) AS ld, sum(s.n * s.indirect) AS i,
                sum(s.n * s.indirect_fail) AS jf,
                sum(s.n * s.unresolved_fail) AS uf, sum(s.n * s.hostile) AS h,
                sum(s.n * s.hostile_fail) AS hf,
                sum(s.n * s.undetermined) AS undetermined,
                sum(s.n * s.left_out) AS left_out,
                sum(s.n * s.left_out_pass) AS left_out_pass,
                sum(s.n * s.passed) AS passed,
                sum(s.n * s.season_messages) AS season,
                sum(s.legitimate_fail_expected) AS lx,
                sum(s.indirect_fail_expected) AS ix,
                sum(s.unresolved_fail_expected) AS ux,
                sum(s.fail_honour_known) AS kx,
                sum(s.n) FILTER (WHERE s.is_new) AS new_n,
                sum(s.n) FILTER (WHERE s.is_missing) AS missing_n,
                sum(s.n) FILTER (WHERE s.is_spf AND s.legitimate_dkim = 0)
                  AS spf_only_n,
                array_agg(s.legitimate::float8 ORDER BY s.legitimate)
                  FILTER (WHERE s.is_bad AND s."left" IS NULL) AS bad,
                array_agg(s.legitimate_spf_only::float8
                          ORDER BY s.legitimate_spf_only)
                  FILTER (WHERE s.is_spf AND s.legitimate_dkim > 0
                            AND s."left" IS NULL) AS spf,
                array_agg(s.unresolved_fail::float8 ORDER BY s.unresolved_fail)
                  FILTER (WHERE s.is_open AND s.unresolved_fail > 0
                            AND s."left" IS NULL) AS open
           FROM signed s
          GROUP BY s.id, s.scope, s."left"),
       total AS MATERIALIZED (
         SELECT w.*, coalesce(b.messages, 0) + coalesce(p.messages, 0) AS messages,
                coalesce(b.l, 0) + coalesce(p.l, 0) AS l,
                coalesce(b.l, 0) AS base_l,
                coalesce(b.lf, 0) + coalesce(p.lf, 0) AS lf,
                coalesce(b.ld, 0) + coalesce(p.ld, 0) AS ld,
                coalesce(b.i, 0) + coalesce(p.i, 0) AS i,
                coalesce(b.jf, 0) + coalesce(p.jf, 0) AS jf,
                coalesce(b.uf, 0) + coalesce(p.uf, 0) AS uf,
                coalesce(b.h, 0) + coalesce(p.h, 0) AS h,
                coalesce(b.hf, 0) + coalesce(p.hf, 0) AS hf,
                coalesce(b.undetermined, 0) + coalesce(p.undetermined, 0)
                  AS undetermined,
                coalesce(b.left_out, 0) + coalesce(p.left_out, 0) AS left_out,
                coalesce(b.left_out_pass, 0) + coalesce(p.left_out_pass, 0)
                  AS left_out_pass,
                coalesce(b.passed, 0) + coalesce(p.passed, 0) AS passed,
                coalesce(b.season, 0) + coalesce(p.season, 0) AS season,
                b.lx, b.ix, b.ux, coalesce(b.kx, 0) > 0 AS honour_known,
                coalesce(b.new_n, 0) + coalesce(p.new_n, 0) AS new_n,
                coalesce(b.missing_n, 0) + coalesce(p.missing_n, 0) AS missing_n,
                coalesce(b.spf_only_n, 0) + coalesce(p.spf_only_n, 0)
                  AS spf_only_n,
                b.bad, b.spf, b.open AS open_list
           FROM windowed w
           LEFT JOIN part b ON b.id = w.id AND b.scope = w.scope
                           AND b."left" IS NULL
           LEFT JOIN part p ON p.id = w.id AND p.scope = w.scope
                           AND p."left" = w."left"),
       limited AS MATERIALIZED (
         SELECT t.*, least(x.l * g.floor_percent / 100, g.floor_messages)
                  AS floor,
                CASE t.gates WHEN 'reject' THEN g.unresolved_messages
                             ELSE greatest(g.unresolved_messages,
                                    x.l * g.unresolved_percent / 100) END
                  AS unresolved_floor
           FROM total t
          CROSS JOIN g
          -- Whose mail may count for the limits: of those who are core, theirs
          -- counts even when it is left out.
          CROSS JOIN LATERAL (
                SELECT CASE WHEN t.core THEN t.base_l ELSE t.l END AS l) x),
       -- The limit that nobody can raise by the mail that he tells of.
       sure AS MATERIALIZED (
         SELECT l.id, l.scope, min(l.unresolved_floor) AS floor
           FROM limited l
          GROUP BY l.id, l.scope),
       -- Of those that are exchanged, how many stand in the way.
       changed AS MATERIALIZED (
         SELECT s.id, s.scope, s."left",
                sum(s.n) FILTER (WHERE s.is_bad AND s.legitimate >= t.floor)
                  AS failing_n,
                sum(s.n) FILTER (WHERE s.is_spf AND s.legitimate_dkim > 0
                                   AND s.legitimate_spf_only >= t.floor)
                  AS spf_only_n,
                sum(s.n) FILTER (WHERE s.is_open
                                   AND s.unresolved_fail > t.unresolved_floor)
                  AS unresolved_n
           FROM signed s
           JOIN limited t ON t.id = s.id AND t.scope = s.scope
                         AND t."left" = s."left"
          GROUP BY s.id, s.scope, s."left"),
       marked AS MATERIALIZED (
         SELECT s.*, t.floor,
                s.is_spf AND (s.legitimate_spf_only >= t.floor
                              OR s.legitimate_dkim = 0) AS is_spf_only,
                s.is_open AND s.unresolved_fail > t.unresolved_floor
                  AS is_unresolved,
                -- Of more than a year, so strangers' few do not add up.
                s.is_open_outside
                  AND s.outside_fail > greatest(u.floor, t.floor)
                  AND NOT (s.is_open AND s.unresolved_fail > t.unresolved_floor)
                  AS is_outside,
                s.is_open AND s.left_fail > u.floor
                  AND s.key <> E'\n' AS is_left
           FROM sender s
           JOIN limited t ON t.id = s.id AND t.scope = s.scope
                         AND t."left" IS NULL
           JOIN sure u ON u.id = s.id AND u.scope = s.scope
          WHERE s.without IS NULL),
       -- The first three in each way, the largest first.
       ranked AS MATERIALIZED (
         SELECT x.*
           FROM (SELECT m.*, k.kind,
                        row_number() OVER (PARTITION BY m.id, m.scope, k.kind
                          ORDER BY m.key = E'\n', k.weight DESC, m.name) AS rank,
                        sum(m.senders) OVER (PARTITION BY m.id, m.scope,
                          k.kind)::bigint AS all_n
                   FROM marked m
                  CROSS JOIN LATERAL (VALUES
                        ('failing', m.legitimate_fail > 0, m.legitimate_fail),
                        ('spf_only', m.is_spf_only, m.legitimate_spf_only),
                        ('spf_some', m.legitimate_spf_only > 0
                                     AND NOT m.is_spf_only, m.legitimate_spf_only),
                        ('unresolved', m.is_unresolved, m.unresolved_fail),
                        ('named', m.is_unresolved AND m.sender IS NOT NULL,
                         m.unresolved_fail),
                        ('new', m.is_new, m.first_day - '2000-01-01'),
                        ('missing', m.is_missing, m.season_messages),
                        ('left', m.left_out > 0, m.left_out),
                        ('left_fail', m.is_left, m.left_fail),
                        ('outside', m.is_outside, m.outside_fail),
                        ('forgers', m.guessed > 0, m.guessed),
                        ('repaired', m.repaired_on IS NOT NULL
                           AND m.message_count = 0, m.season_messages),
                        ('left_pass', m.left_out_pass > 0, m.left_out_pass),
                        ('passing', m.passed > 0 AND m.sender IS NOT NULL,
                         m.passed)) k (kind, asked, weight)
                  WHERE k.asked) x
          WHERE x.rank <= 3),
       phrase AS MATERIALIZED (
         SELECT r.*, r.name || ': ' || CASE r.kind
                  WHEN 'failing' THEN
                    dmarc.in_words(r.legitimate_fail) || ' of '
                    || dmarc.in_words(r.legitimate) || ' fail ('
                    || dmarc.class_text(r.class) || ')'
                  WHEN 'spf_only' THEN
                    dmarc.in_words(r.legitimate_spf_only) || ' of '
                    || dmarc.in_words(r.legitimate) || ' pass by SPF only'
                  WHEN 'unresolved' THEN
                    dmarc.in_words(r.unresolved_fail) || ' on '
                    || r.unresolved_days || ' day'
                    || CASE WHEN r.unresolved_days = 1 THEN '' ELSE 's' END
                    || ' (' || dmarc.class_text(r.class) || ')'
                  WHEN 'outside' THEN
                    dmarc.in_words(r.outside_fail) || ' on '
                    || r.outside_days || ' day'
                    || CASE WHEN r.outside_days = 1 THEN '' ELSE 's' END
                    || ', the last on ' || r.outside_day
                  WHEN 'left_fail' THEN
                    dmarc.in_words(r.left_fail) || ' fail'
                  WHEN 'forgers' THEN dmarc.in_words(r.guessed)
                  WHEN 'repaired' THEN 'repaired since ' || r.repaired_on
                  WHEN 'new' THEN 'first seen ' || r.first_day
                  WHEN 'missing' THEN 'last seen ' || r.season_day
                  WHEN 'left' THEN dmarc.in_words(r.left_out) END AS phrase,
                -- As summary has it, and of few only.
                CASE WHEN r.rank = 1 AND r.kind IN ('failing', 'spf_only', 'spf_some')
                     THEN (SELECT dmarc.class_action(
                                    CASE r.kind WHEN 'failing' THEN r.class
                                                ELSE r.spf_class END,
                                    r.name, r.role, true, 'legitimate',
                                    a.header_from, a.adkim, a.aspf,
                                    e.return_path, e.dkim_broken,
                                    CASE r.kind
                                      WHEN 'failing' THEN r.legitimate_fail
                                      ELSE r.legitimate_spf_only END,
                                    r.legitimate)
                             FROM dmarc.auth_profile a
                             JOIN dmarc.profile_feature e
                               ON e.profile_id = a.id
                            WHERE a.id = CASE r.kind
                                    WHEN 'failing' THEN r.profile_id
                                    ELSE r.spf_profile_id END) END AS action
           FROM ranked r),
       list AS MATERIALIZED (
         SELECT p.id, p.scope, p.kind,
                dmarc.in_words(array_agg(p.phrase ORDER BY p.rank), max(p.all_n))
                  AS words,
                min(p.name) FILTER (WHERE p.rank = 1) AS name,
                min(p.sender) FILTER (WHERE p.rank = 1) AS sender,
                min(p.action) FILTER (WHERE p.rank = 1) AS action,
                max(p.legitimate_fail) AS fail,
                max(p.unresolved_fail) AS unresolved,
                max(p.first_day) AS first_day
           FROM phrase p
          GROUP BY p.id, p.scope, p.kind),
       word AS MATERIALIZED (
         SELECT l.id, l.scope, jsonb_object_agg(l.kind, to_jsonb(l)) AS w
           FROM list l
          GROUP BY l.id, l.scope),
       worst AS MATERIALIZED (
         SELECT m.id, m.scope,
                max(100 * m.legitimate_fail / nullif(m.legitimate, 0))
                  FILTER (WHERE m.legitimate >= m.floor) AS worst,
                sum(m.guessed) AS guessed, sum(m.unlooked) AS unlooked,
                count(*) FILTER (WHERE m.is_outside) AS outside_n,
                count(*) FILTER (WHERE m.is_left) AS left_n
           FROM marked m
          GROUP BY m.id, m.scope)
  SELECT t.id, t.scope, t."left", t.open, t.domain, t.own, t.policy, t.p, t.sp,
         t.np, t.pct, t.testing, t.left_history, t.change_day, t.first_day,
         readiness_figure.last_day, t.level, t.left_day, t.step, t.gates,
         t.is_low, t.window_day,
         CASE t.gates WHEN 'reject' THEN g.stable_reject
                      ELSE g.stable_quarantine END,
         CASE t.gates WHEN 'reject' THEN g.days_quarantine
                      ELSE g.days_none END,
         t.steered, o.reports, h.days, h.reporters, o.untrusted,
         o.untrusted_reports,
         -- Where nobody but forgers sends, only the data count.
         t.scope = 'p' OR t.l + t.i + t.uf + t.season > 0, t.messages, t.l,
         t.lf, t.ld, t.i, t.jf, t.uf, t.h, t.hf, t.undetermined, t.left_out,
         t.left_out_pass, t.season, t.lx, t.ix, t.ux, t.honour_known, t.floor,
         t.unresolved_floor,
         dmarc.above(t.bad, ceil(t.floor) - 1) + coalesce(c.failing_n, 0),
         t.spf_only_n + dmarc.above(t.spf, ceil(t.floor) - 1)
           + coalesce(c.spf_only_n, 0),
         dmarc.above(t.open_list, t.unresolved_floor)
           + coalesce(c.unresolved_n, 0),
         t.new_n, t.missing_n, t.passed, m.worst,
         (x.w->'new'->>'first_day')::date, x.w->'failing'->>'words',
         x.w->'spf_only'->>'words', x.w->'unresolved'->>'words',
         x.w->'new'->>'words', x.w->'missing'->>'words',
         x.w->'left'->>'words', x.w->'failing'->>'name',
         (x.w->'failing'->>'fail')::numeric, x.w->'failing'->>'action',
         coalesce(x.w->'spf_only'->>'name', x.w->'spf_some'->>'name'),
         CASE WHEN x.w ? 'spf_only' THEN x.w->'spf_only'->>'action'
              ELSE x.w->'spf_some'->>'action' END,
         x.w->'left_pass'->>'sender', x.w->'named'->>'sender',
         (x.w->'unresolved'->>'unresolved')::numeric,
         x.w->'missing'->>'name', x.w->'passing'->>'sender',
         m.guessed, m.unlooked, m.outside_n, x.w->'outside'->>'words',
         x.w->'outside'->>'sender', m.left_n, x.w->'left_fail'->>'words',
         x.w->'left_fail'->>'sender', x.w->'forgers'->>'words',
         x.w->'repaired'->>'words', u.floor
    FROM limited t
   CROSS JOIN g
    JOIN heard h ON h.id = t.id AND h.first_day = t.left_window
                AND coalesce(h.voucher, '') = coalesce(t."left", '')
    JOIN told o ON o.id = t.id AND o.scope = t.scope
    JOIN sure u ON u.id = t.id AND u.scope = t.scope
    LEFT JOIN changed c ON c.id = t.id AND c.scope = t.scope
                       AND c."left" = t."left"
    LEFT JOIN worst m ON m.id = t.id AND m.scope = t.scope
                     AND t."left" IS NULL
    LEFT JOIN word x ON x.id = t.id AND x.scope = t.scope
                    AND t."left" IS NULL $$;
COMMENT ON FUNCTION dmarc.readiness_figure(integer[], date) IS
  'the sums behind the gates of these domains, a row for each scope, and one more for each voucher that is left out; who stands behind them in words, the first three';
