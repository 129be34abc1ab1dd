-- What a domain needs before its next policy, and how far it is.
--
--   40_readiness         the policy that stands now, since when, and the windows
--   41_readiness_fact    the records in those windows, judged
--   42_readiness_sender  who sends, with all reports and without those of one
--   43_readiness_figure  the sums, with all reports and without those of one
--   44_readiness_gate    the gates, the notes, what to do; each voucher left out once
--   45_readiness         all of it, a row each
--
-- Each is a function of an array of policy_domain_id and the last day, so that
-- all domains are one pass.  The limits are settings.  What reads records is
-- executed from a text, so that it is planned for the domains and the days that
-- it is about.
--
-- No single reporter can buy a verdict: whatever stands behind one name or mail
-- domain (the voucher of report_trust) is left out once, and all is asked again.
-- The column "without" says who is left out: NULL: nobody; a newline: all that
-- are not in the list of well-known reporters.  Only what a voucher has told can
-- change when it is left out, so the rest isn't counted again: time goes with
-- the number of records, not with that of reporters times senders.
--
-- A function that gives a table cannot get another column by being replaced,
-- so it is dropped first; no view is made of these.
DROP FUNCTION IF EXISTS dmarc.readiness(integer, date);
DROP FUNCTION IF EXISTS dmarc.readiness_sender(integer, date);
DROP FUNCTION IF EXISTS dmarc.readiness_frame(integer, date);
DROP FUNCTION IF EXISTS dmarc.policy_history(integer, date, date);

-- wilson_upper: the true share is no larger than this, with a confidence of
-- 95 % (one-sided Wilson score bound, z = 1.6449).  Constants are computed
-- before any WHERE, so what must not be divided by, nor have its root taken, is
-- NULL here; so it is in wilson_enough.
CREATE OR REPLACE FUNCTION dmarc.wilson_upper(hits numeric, total numeric)
RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT least(1, (h / n + z2 / (2 * n)
                   + sqrt(z2 * (h / n * (1 - h / n) + z2 / (4 * n)) / n))
                  / (1 + z2 / n))::numeric
    FROM (SELECT hits::double precision AS h,
                 nullif(total, 0)::double precision AS n,
                 1.6448536269514722::double precision ^ 2 AS z2) x
   WHERE total > 0 $$;
COMMENT ON FUNCTION dmarc.wilson_upper(numeric, numeric) IS
  'upper bound, with 95 % confidence, of the share that hits of total are a sample of; NULL: nothing was counted';

-- wilson_enough: how many there must be, hits of them, for the bound to be no
-- larger than share.
CREATE OR REPLACE FUNCTION dmarc.wilson_enough(hits numeric, share numeric)
RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ceil(((z * sqrt(l * (1 - l)) + sqrt(z * z * l * (1 - l) + 4 * l * h))
               / (2 * l)) ^ 2)::numeric
    FROM (SELECT hits::double precision AS h,
                 CASE WHEN share > 0 AND share < 1
                      THEN share END::double precision AS l,
                 1.6448536269514722::double precision AS z) x
   WHERE share > 0 AND share < 1 $$;
COMMENT ON FUNCTION dmarc.wilson_enough(numeric, numeric) IS
  'the smallest total of which hits have an upper bound (wilson_upper) of no more than share';

-- policy_scope: which tag of the record a mail falls under.  Whether a
-- subdomain exists, and so whether np applies, no report tells.
CREATE OR REPLACE FUNCTION dmarc.policy_scope(policy_domain text,
  header_from text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(header_from, policy_domain) = policy_domain
              THEN 'p' ELSE 'sp' END $$;
COMMENT ON FUNCTION dmarc.policy_scope(text, text) IS 'p: mail of the policy domain itself; sp: of a domain below it';

-- in_words: a number as people read it; the first of a list, and how many more.
CREATE OR REPLACE FUNCTION dmarc.in_words(n numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_char(n, 'FM999,999,999,999,999,999,999,990') $$;
COMMENT ON FUNCTION dmarc.in_words(numeric) IS 'a whole number with a comma after each three digits';
CREATE OR REPLACE FUNCTION dmarc.in_percent(n numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN n > 0 AND n < 0.005 THEN 'less than 0.01'
              ELSE trim_scale(round(n, CASE WHEN n < 10 THEN 2 ELSE 1 END))::text
              END || ' %' $$;
COMMENT ON FUNCTION dmarc.in_percent(numeric) IS 'a share of 100 with two decimals, from 10 on with one';
DROP FUNCTION IF EXISTS dmarc.in_words(text[]);
CREATE OR REPLACE FUNCTION dmarc.in_words(list text[], n bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_string(list, '; ')
         || CASE WHEN n > cardinality(list)
                 THEN '; and ' || n - cardinality(list) || ' more' ELSE '' END $$;
COMMENT ON FUNCTION dmarc.in_words(text[], bigint) IS 'the first of a list of n, and how many more there are';

-- readiness_limits: the settings that readiness asks for, once.
DROP FUNCTION IF EXISTS dmarc.readiness_limits();
CREATE OR REPLACE FUNCTION dmarc.readiness_limits()
RETURNS TABLE (window_days integer, window_days_low integer,
  exclude_days integer, season_days integer, season_messages numeric,
  min_messages numeric, sender_reporters numeric, report_days numeric,
  reporters numeric, days_none numeric, days_quarantine numeric,
  floor_percent numeric, floor_messages numeric, direct_quarantine numeric,
  direct_reject numeric, sender_quarantine numeric, sender_reject numeric,
  dkim_quarantine numeric, dkim_reject numeric, spf_only_senders numeric,
  unresolved_messages numeric, unresolved_percent numeric,
  unresolved_days numeric, unresolved_reject numeric, indirect_reject numeric,
  stable_quarantine integer, stable_reject integer, human_users boolean)
LANGUAGE sql STABLE AS $$
  SELECT (v->>'window_days')::integer, (v->>'window_days_low')::integer,
         (v->>'exclude_days')::integer, (v->>'season_days')::integer,
         (v->>'season_messages')::numeric, (v->>'min_messages')::numeric,
         (v->>'sender_reporters')::numeric, (v->>'report_days')::numeric,
         (v->>'reporters')::numeric, (v->>'days_none')::numeric,
         (v->>'days_quarantine')::numeric,
         (v->>'sender_floor_percent')::numeric,
         (v->>'sender_floor_messages')::numeric,
         (v->>'direct_fail_quarantine')::numeric,
         (v->>'direct_fail_reject')::numeric,
         (v->>'sender_fail_quarantine')::numeric,
         (v->>'sender_fail_reject')::numeric,
         (v->>'dkim_quarantine')::numeric, (v->>'dkim_reject')::numeric,
         (v->>'spf_only_senders')::numeric,
         (v->>'unresolved_messages')::numeric,
         (v->>'unresolved_percent')::numeric,
         (v->>'unresolved_days')::numeric,
         (v->>'unresolved_reject')::numeric, (v->>'indirect_reject')::numeric,
         (v->>'stable_days_quarantine')::integer,
         (v->>'stable_days_reject')::integer, v->>'human_users' = 'yes'
    FROM (SELECT jsonb_object_agg(s.name, s.value) AS v
            FROM dmarc.setting_detail s
          OFFSET 0) x $$;
COMMENT ON FUNCTION dmarc.readiness_limits() IS 'the settings that readiness asks for, in one row';

-- report_used: the reports that readiness rests on, who stands behind them, and
-- the policy and the level at which each saw the domain.  Executed from a text,
-- so that it is planned for as many domains as are asked for.
DROP FUNCTION IF EXISTS dmarc.report_used(integer, date, date);
DROP FUNCTION IF EXISTS dmarc.report_used(integer[], date, date);
CREATE OR REPLACE FUNCTION dmarc.report_used(policy_domain_ids integer[],
  first_day date, last_day date)
RETURNS TABLE (policy_domain_id integer, id bigint, reporter text, day date,
  message_count bigint, used boolean, voucher text, tier text, listed boolean,
  p text, sp text, np text, adkim text, aspf text, pct integer, testing text,
  level_p text, level_sp text)
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  SELECT r.policy_domain_id, r.id, r.reporter, r.day, r.message_count, t.used,
         t.voucher, t.tier, t.listed, r.p, coalesce(r.sp, r.p), r.np,
         coalesce(r.adkim, 'r'), coalesce(r.aspf, 'r'), r.pct, r.testing,
         dmarc.policy_level(r.p, r.testing),
         dmarc.policy_level(coalesce(r.sp, r.p), r.testing)
    FROM dmarc.report r
    JOIN dmarc.report_trust t
      ON t.policy_domain_id = r.policy_domain_id AND t.id = r.id
   WHERE r.policy_domain_id = ANY ($1)
     AND t.policy_domain_id = ANY ($1)
     AND r.day BETWEEN $2 AND $3
  $query$ USING policy_domain_ids, first_day, last_day;
END $$;
COMMENT ON FUNCTION dmarc.report_used(integer[], date, date) IS
  'the reports on these domains with what report_trust says of them, and the policy and level at which each reporter saw the domain itself and those below it';

-- readiness_voucher: who stands behind the reports that count.
--
-- core: the reporter is well known, or the operator's own files say so.  open:
-- that there is too little without it says nothing, as it is core, or as the
-- operator has not said which mail he believes.
DROP FUNCTION IF EXISTS dmarc.readiness_voucher(integer[], date);
CREATE OR REPLACE FUNCTION dmarc.readiness_voucher(policy_domain_ids integer[],
  last_day date)
RETURNS TABLE (policy_domain_id integer, voucher text, core boolean,
  open boolean, listed boolean)
LANGUAGE sql STABLE AS $$
  SELECT u.policy_domain_id, u.voucher, bool_and(u.listed OR u.tier = 'file'),
         bool_and(u.listed OR u.tier IN ('file', 'unjudged')),
         bool_and(u.listed)
    FROM dmarc.report_used(readiness_voucher.policy_domain_ids,
           readiness_voucher.last_day
             - (SELECT g.season_days FROM dmarc.readiness_limits() g) + 1,
           readiness_voucher.last_day) u
   WHERE u.used
   GROUP BY u.policy_domain_id, u.voucher $$;
COMMENT ON FUNCTION dmarc.readiness_voucher(integer[], date) IS
  'who stands behind the reports on these domains that count: well known or the operator''s files (core), whether too little data without it says nothing (open)';

DROP FUNCTION IF EXISTS dmarc.policy_history(integer[], date, date);

-- readiness_frame: the policy on the last day, since when it stands, and the
-- windows: the days that have the same levels and the same alignment.  The
-- first days after a change are left out, as records are cached.
--
-- One alone that is not open does not shorten a window by a change that nobody
-- else saw; what is of before that change counts, too.
DROP FUNCTION IF EXISTS dmarc.readiness_frame(integer[], date);
CREATE OR REPLACE FUNCTION dmarc.readiness_frame(policy_domain_ids integer[],
  last_day date)
RETURNS TABLE (policy_domain_id integer, without text, policy_domain text,
  own boolean, policy text, p text, sp text, np text, adkim text, aspf text,
  pct integer, testing text, level_p text, level_sp text, level_p_day date,
  level_sp_day date, change_day date, history_day date, first_day date,
  first_day_low date)
LANGUAGE sql STABLE SET jit = off SET enable_nestloop = off
SET enable_mergejoin = off SET enable_sort = off AS $$
  WITH g AS MATERIALIZED (SELECT * FROM dmarc.readiness_limits()),
       stretch AS MATERIALIZED (
         SELECT h.*, coalesce(h.without, E'\n') AS key
           FROM dmarc.policy_stretch(readiness_frame.policy_domain_ids,
                  readiness_frame.last_day
                    - (SELECT season_days FROM g) + 1,
                  readiness_frame.last_day, true) h),
       newest AS MATERIALIZED (
         SELECT DISTINCT ON (h.policy_domain_id, h.key) h.*
           FROM stretch h
          ORDER BY h.policy_domain_id, h.key, h.number DESC),
       other AS MATERIALIZED (
         SELECT n.policy_domain_id, n.key,
                max(h.number) FILTER (WHERE h.level_p <> n.level_p) AS level_p,
                max(h.number) FILTER (WHERE h.level_sp <> n.level_sp)
                  AS level_sp,
                max(h.number) FILTER (WHERE (h.level_p, h.level_sp, h.adkim,
                                             h.aspf)
                                         <> (n.level_p, n.level_sp, n.adkim,
                                             n.aspf)) AS any_of_it
           FROM stretch h
           JOIN newest n ON n.policy_domain_id = h.policy_domain_id
                        AND n.key = h.key
          GROUP BY n.policy_domain_id, n.key),
       since AS MATERIALIZED (
         SELECT o.policy_domain_id, o.key, min(h.first_day) AS history_day,
                min(h.first_day) FILTER (WHERE h.number > coalesce(o.level_p, 0))
                  AS level_p,
                min(h.first_day) FILTER (WHERE h.number > coalesce(o.level_sp, 0))
                  AS level_sp,
                min(h.first_day) FILTER (WHERE h.number > o.any_of_it)
                  AS change_day
           FROM stretch h
           JOIN other o ON o.policy_domain_id = h.policy_domain_id
                       AND o.key = h.key
          GROUP BY o.policy_domain_id, o.key),
       steered AS MATERIALIZED (
         SELECT s.policy_domain_id,
                min(coalesce(s.change_day, '-infinity')) AS change_day
           FROM since s
           JOIN dmarc.readiness_voucher(readiness_frame.policy_domain_ids,
                  readiness_frame.last_day) v
             ON v.policy_domain_id = s.policy_domain_id AND v.voucher = s.key
          WHERE NOT v.open
          GROUP BY s.policy_domain_id)
  SELECT d.id, nullif(s.key, E'\n'), d.name, dmarc.own_domain(d.name),
         nullif(concat_ws(' ', 'p=' || n.p, 'sp=' || nullif(n.sp, n.p),
                   'np=' || n.np, 'pct=' || nullif(n.pct, 100),
                   'adkim=' || nullif(n.adkim, 'r'),
                   'aspf=' || nullif(n.aspf, 'r'),
                   't=' || nullif(n.testing, 'n')), ''),
         n.p, n.sp, n.np, n.adkim, n.aspf, n.pct, n.testing, n.level_p,
         n.level_sp, s.level_p, s.level_sp,
         nullif(w.change_day, '-infinity'), s.history_day,
         least(readiness_frame.last_day,
               greatest(readiness_frame.last_day - g.window_days + 1,
                        w.change_day + g.exclude_days)),
         least(readiness_frame.last_day,
               greatest(readiness_frame.last_day
                          - greatest(g.window_days, g.window_days_low) + 1,
                        w.change_day + g.exclude_days))
    FROM dmarc.policy_domain d
   CROSS JOIN g
    LEFT JOIN since s ON s.policy_domain_id = d.id
    LEFT JOIN newest n ON n.policy_domain_id = d.id AND n.key = s.key
    LEFT JOIN steered x ON x.policy_domain_id = d.id
   CROSS JOIN LATERAL (
         SELECT CASE WHEN s.key = E'\n' AND s.change_day IS NOT NULL
                     THEN least(s.change_day, x.change_day)
                     ELSE s.change_day END AS change_day) w
   WHERE d.id = ANY (readiness_frame.policy_domain_ids) $$;
COMMENT ON FUNCTION dmarc.readiness_frame(integer[], date) IS
  'the policy of each domain on a day, since when its levels stand (change_day: since when all that changes a result does; NULL: no change was seen), and where the window begins, with much mail and with little; the same again without each one that was decisive on some day';

