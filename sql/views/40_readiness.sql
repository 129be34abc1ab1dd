-- What a domain needs before its next policy, and how far it is.
--
--   policy_history      the policy that was published, day by day
--   readiness_frame     what stands now, since when, and the windows
--   readiness_sender    who sends, and what became of it, in those windows
--   readiness           the sums for the domain itself and for those below it,
--                       and the gates, each with its figure and its limit
--
-- Each is a function of policy_domain_id and the last day.  The limits are
-- settings.  What reads records is executed from a text, so that it is planned
-- for the domain and the days that it is about: planned for any domain, or into
-- the statement that asks, it takes a hundred times as long.  $1 and $2 in it
-- are policy_domain_id and last_day.
--
-- A function that gives a table cannot get another column by being replaced,
-- so it is dropped first; no view is made of these.

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

-- policy_level: what receivers by RFC 9989 do; t=y takes one step down.
CREATE OR REPLACE FUNCTION dmarc.policy_level(policy text, testing text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN testing = 'y' AND policy = 'reject' THEN 'quarantine'
              WHEN testing = 'y' AND policy = 'quarantine' THEN 'none'
              ELSE policy END $$;
COMMENT ON FUNCTION dmarc.policy_level(text, text) IS 'the policy that applies where the t tag is known: y takes one step down';

-- policy_scope: which tag of the record a mail falls under.  Whether a
-- subdomain exists, and so whether np applies, no report tells.
CREATE OR REPLACE FUNCTION dmarc.policy_scope(policy_domain text,
  header_from text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(header_from, policy_domain) = policy_domain
              THEN 'p' ELSE 'sp' END $$;
COMMENT ON FUNCTION dmarc.policy_scope(text, text) IS 'p: mail of the policy domain itself; sp: of a domain below it';

-- policy_history: on each day every reporter has one voice for what it saw and
-- the majority is believed, so that neither one that is slow to notice a change
-- nor one that is wrong makes a change of its own.  np, pct and t are told by
-- some reports only, and voted on apart; t is remembered for a week.
DROP FUNCTION IF EXISTS dmarc.policy_history(integer, date, date);
CREATE OR REPLACE FUNCTION dmarc.policy_history(policy_domain_id integer,
  first_day date, last_day date)
RETURNS TABLE (day date, p text, sp text, np text, adkim text, aspf text,
  pct integer, testing text, level_p text, level_sp text)
LANGUAGE sql STABLE AS $$
  WITH voice AS MATERIALIZED (
         SELECT v.day, v.p, v.sp, v.np, v.adkim, v.aspf, v.pct, v.testing,
                count(*) AS voices
           FROM (SELECT DISTINCT r.day, r.reporter, r.p,
                        coalesce(r.sp, r.p) AS sp, r.np,
                        coalesce(r.adkim, 'r') AS adkim,
                        coalesce(r.aspf, 'r') AS aspf, r.pct, r.testing
                   FROM dmarc.report r
                   JOIN dmarc.report_trust t
                     ON t.policy_domain_id = r.policy_domain_id AND t.id = r.id
                  WHERE r.policy_domain_id = policy_history.policy_domain_id
                    AND t.policy_domain_id = policy_history.policy_domain_id
                    AND r.day BETWEEN policy_history.first_day
                                  AND policy_history.last_day
                    AND r.p IS NOT NULL
                    AND t.used) v
          GROUP BY v.day, v.p, v.sp, v.np, v.adkim, v.aspf, v.pct, v.testing),
       policy AS MATERIALIZED (
         SELECT DISTINCT ON (v.day) v.day, v.p, v.sp, v.adkim, v.aspf
           FROM voice v
          GROUP BY v.day, v.p, v.sp, v.adkim, v.aspf
          ORDER BY v.day, sum(v.voices) DESC, v.p, v.sp, v.adkim, v.aspf),
       np AS MATERIALIZED (
         SELECT DISTINCT ON (v.day) v.day, v.np
           FROM voice v
          WHERE v.np IS NOT NULL
          GROUP BY v.day, v.np
          ORDER BY v.day, sum(v.voices) DESC, v.np),
       pct AS MATERIALIZED (
         SELECT DISTINCT ON (v.day) v.day, v.pct
           FROM voice v
          WHERE v.pct IS NOT NULL
          GROUP BY v.day, v.pct
          ORDER BY v.day, sum(v.voices) DESC, v.pct),
       testing AS MATERIALIZED (
         SELECT DISTINCT ON (v.day) v.day, v.testing
           FROM voice v
          WHERE v.testing IS NOT NULL
          GROUP BY v.day, v.testing
          ORDER BY v.day, sum(v.voices) DESC, v.testing),
       told AS MATERIALIZED (
         SELECT h.*, n.np, c.pct,
                max(t.day) OVER (ORDER BY h.day RANGE BETWEEN
                  interval '6 days' PRECEDING AND CURRENT ROW) AS testing_day
           FROM policy h
           LEFT JOIN np n ON n.day = h.day
           LEFT JOIN pct c ON c.day = h.day
           LEFT JOIN testing t ON t.day = h.day)
  SELECT h.day, h.p, h.sp, h.np, h.adkim, h.aspf, h.pct, t.testing,
         dmarc.policy_level(h.p, t.testing),
         dmarc.policy_level(h.sp, t.testing)
    FROM told h
    LEFT JOIN testing t ON t.day = h.testing_day $$;
COMMENT ON FUNCTION dmarc.policy_history(integer, date, date) IS
  'the policy of a domain as most reporters saw it, a row a day with reports; level_p and level_sp are what t leaves of it';

-- readiness_frame: the policy on the last day, since when it stands, and the
-- windows: the days that have the same levels and the same alignment.  The
-- first days after a change are left out, as records are cached.
DROP FUNCTION IF EXISTS dmarc.readiness_frame(integer, date);
CREATE OR REPLACE FUNCTION dmarc.readiness_frame(policy_domain_id integer,
  last_day date)
RETURNS TABLE (policy_domain text, own boolean, policy text, p text, sp text,
  np text, adkim text, aspf text, pct integer, testing text, level_p text,
  level_sp text, level_p_day date, level_sp_day date, change_day date,
  history_day date, first_day date, first_day_low date)
LANGUAGE sql STABLE AS $$
  WITH g AS MATERIALIZED (
         SELECT dmarc.setting_number('window_days')::integer AS days,
                dmarc.setting_number('window_days_low')::integer AS days_low,
                dmarc.setting_number('exclude_days')::integer AS exclude_days,
                dmarc.setting_number('season_days')::integer AS season_days),
       history AS MATERIALIZED (
         SELECT h.*
           FROM g, dmarc.policy_history(readiness_frame.policy_domain_id,
                     readiness_frame.last_day - g.season_days + 1,
                     readiness_frame.last_day) h),
       newest AS MATERIALIZED (
         SELECT * FROM history ORDER BY day DESC LIMIT 1),
       other AS MATERIALIZED (
         SELECT max(h.day) FILTER (WHERE h.level_p <> n.level_p) AS level_p,
                max(h.day) FILTER (WHERE h.level_sp <> n.level_sp) AS level_sp,
                max(h.day) FILTER (WHERE (h.level_p, h.level_sp, h.adkim, h.aspf)
                                      <> (n.level_p, n.level_sp, n.adkim, n.aspf))
                  AS any_of_it,
                min(h.day) AS history_day
           FROM history h, newest n),
       since AS (
         SELECT o.history_day,
                min(h.day) FILTER (WHERE h.day > coalesce(o.level_p, '-infinity'))
                  AS level_p,
                min(h.day) FILTER (WHERE h.day > coalesce(o.level_sp, '-infinity'))
                  AS level_sp,
                min(h.day) FILTER (WHERE h.day > o.any_of_it) AS change_day
           FROM history h, other o
          GROUP BY o.history_day, o.level_p, o.level_sp, o.any_of_it)
  SELECT d.name, dmarc.own_domain(d.name),
         nullif(concat_ws(' ', 'p=' || n.p, 'sp=' || nullif(n.sp, n.p),
                   'np=' || n.np, 'pct=' || nullif(n.pct, 100),
                   'adkim=' || nullif(n.adkim, 'r'),
                   'aspf=' || nullif(n.aspf, 'r'),
                   't=' || nullif(n.testing, 'n')), ''),
         n.p, n.sp, n.np, n.adkim, n.aspf, n.pct, n.testing, n.level_p,
         n.level_sp, s.level_p, s.level_sp, s.change_day, s.history_day,
         greatest(readiness_frame.last_day - g.days + 1,
                  s.change_day + g.exclude_days),
         greatest(readiness_frame.last_day - greatest(g.days, g.days_low) + 1,
                  s.change_day + g.exclude_days)
    FROM dmarc.policy_domain d
   CROSS JOIN g
    LEFT JOIN newest n ON true
    LEFT JOIN since s ON true
   WHERE d.id = readiness_frame.policy_domain_id $$;
COMMENT ON FUNCTION dmarc.readiness_frame(integer, date) IS
  'the policy of a domain on a day, since when its levels stand (change_day: since when all that changes a result does; NULL: no change was seen), and where the window begins, with much mail and with little';

-- report_used: the reports that readiness rests on, and the level at which
-- each reporter saw the domain.
DROP FUNCTION IF EXISTS dmarc.report_used(integer, date, date);
CREATE OR REPLACE FUNCTION dmarc.report_used(policy_domain_id integer,
  first_day date, last_day date)
RETURNS TABLE (id bigint, reporter text, day date, message_count bigint,
  used boolean, level_p text, level_sp text)
LANGUAGE sql STABLE AS $$
  SELECT r.id, r.reporter, r.day, r.message_count, t.used,
         dmarc.policy_level(r.p, r.testing),
         dmarc.policy_level(coalesce(r.sp, r.p), r.testing)
    FROM dmarc.report r
    JOIN dmarc.report_trust t
      ON t.policy_domain_id = r.policy_domain_id AND t.id = r.id
   WHERE r.policy_domain_id = report_used.policy_domain_id
     AND t.policy_domain_id = report_used.policy_domain_id
     AND r.day BETWEEN report_used.first_day AND report_used.last_day $$;
COMMENT ON FUNCTION dmarc.report_used(integer, date, date) IS
  'the reports on a domain with what report_trust says of them, and the level at which each reporter saw the domain itself and those below it';

-- readiness_sender: a row per sender and scope.
--
-- A sender counts when enough reporters have seen it or the operator has said
-- what it is: else one who writes reports could make up senders.  What does
-- not count is left_out; what is forged is never counted for or against.
--
-- honour: of the failing mail that a reporter got while it saw quarantine or
-- reject, and did not let through for sampling or testing, the part that it
-- quarantined or rejected.  A reporter that was never seen to do either may
-- begin any day, so its honour is 1.
DROP FUNCTION IF EXISTS dmarc.readiness_sender(integer, date);
CREATE OR REPLACE FUNCTION dmarc.readiness_sender(policy_domain_id integer,
  last_day date)
RETURNS TABLE (scope text, low boolean, sender text, role text, counted boolean,
  reporter_count bigint, message_count numeric, legitimate numeric,
  legitimate_fail numeric, legitimate_dkim numeric, legitimate_spf_only numeric,
  indirect numeric, indirect_fail numeric, unresolved_fail numeric,
  unresolved_days bigint, hostile numeric, hostile_fail numeric,
  undetermined numeric, left_out numeric, left_out_pass numeric,
  legitimate_fail_expected numeric,
  indirect_fail_expected numeric, unresolved_fail_expected numeric,
  fail_honour_known numeric, first_day date, season_day date,
  season_messages numeric, profile_id integer, class text,
  spf_profile_id integer, spf_class text)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH f AS MATERIALIZED (
         SELECT f.*,
                dmarc.setting_number('sender_reporters') AS sender_reporters,
                dmarc.setting_number('min_messages') AS min_messages
           FROM dmarc.readiness_frame($1,
                  $2) f),
       -- age: 0 in the window, 1 in the wide one, 2 before.
       report AS MATERIALIZED (
         SELECT u.id, u.reporter,
                coalesce(u.level_p IN ('quarantine', 'reject'), false)
                  AS polices_p,
                coalesce(u.level_sp IN ('quarantine', 'reject'), false)
                  AS polices_sp,
                CASE WHEN u.day >= f.first_day THEN 0
                     WHEN u.day >= f.first_day_low THEN 1
                     ELSE 2 END AS age
           FROM f
          CROSS JOIN LATERAL dmarc.report_used($1, $2 + 1
                  - dmarc.setting_number('season_days')::integer, $2) u
          WHERE u.used),
       record AS MATERIALIZED (
         SELECT c.profile_id, c.source_ip, c.day, r.reporter, r.polices_p,
                r.polices_sp, r.age, c.message_count
           FROM dmarc.record c
           JOIN report r ON r.id = c.report_id
          WHERE c.policy_domain_id = $1
            AND c.day BETWEEN $2 + 1
                      - dmarc.setting_number('season_days')::integer
                    AND $2),
       -- Looked up one by one: a domain has few profiles, the table many.
       profile AS MATERIALIZED (
         SELECT x.profile_id, k.*
           FROM (SELECT DISTINCT n.profile_id FROM record n) x
          CROSS JOIN LATERAL (
                SELECT c.fail, c.dkim_aligned,
                       c.quarantine + c.reject AS enforced
                  FROM dmarc.profile_count c
                 WHERE c.profile_id = x.profile_id
                OFFSET 0) k),
       known AS MATERIALIZED (
         SELECT a.source_ip, a.alike
           FROM f
          CROSS JOIN LATERAL dmarc.alike(f.policy_domain,
                  ARRAY(SELECT DISTINCT n.source_ip
                          FROM record n
                         WHERE n.source_ip IS NOT NULL)) a),
       -- NULL joins with nothing, so until the end ::/0 stands for no address
       -- and '' for no sender.
       one AS MATERIALIZED (
         SELECT b.profile_id, b.source, b.reporter, b.age, b.first_day,
                b.last_day, b.messages,
                -- Only what fails meets a policy.
                b.polices_p AND k.fail > 0 AS policed_p,
                b.polices_sp AND k.fail > 0 AS policed_sp,
                b.messages * k.fail AS fail,
                b.messages * k.dkim_aligned AS dkim,
                b.messages * k.fail * k.enforced AS enforced
           FROM (SELECT n.profile_id, coalesce(a.alike, '::/0') AS source,
                        n.reporter, n.polices_p, n.polices_sp, n.age,
                        min(n.day) AS first_day, max(n.day) AS last_day,
                        sum(n.message_count) AS messages
                   FROM record n
                   LEFT JOIN known a ON a.source_ip = n.source_ip
                  GROUP BY n.profile_id, 2, n.reporter, n.polices_p,
                           n.polices_sp, n.age) b
           JOIN profile k ON k.profile_id = b.profile_id),
       verdict AS MATERIALIZED (
         SELECT o.profile_id, o.source, coalesce(v.sender, '') AS sender,
                v.role, v.class, v.stream,
                dmarc.policy_scope(f.policy_domain, p.header_from) AS scope,
                p.reasons && '{sampled_out,policy_test_mode}' AS sampled,
                v.class LIKE 'PASS\_SPF/%'
                  AND v.class <> 'PASS_SPF/DKIM_DNS_ERROR' AS spf_only
           FROM (SELECT DISTINCT b.profile_id, b.source FROM one b) o
          CROSS JOIN f
           JOIN dmarc.auth_profile p ON p.id = o.profile_id
          CROSS JOIN LATERAL dmarc.verdict(f.policy_domain, o.profile_id,
                               nullif(o.source, '::/0')) v),
       -- k numbers what is the same sender and counts as the same.
       numbered AS MATERIALIZED (
         SELECT v.*, dense_rank() OVER (ORDER BY v.scope, v.sender, v.role,
                                          v.stream, v.spf_only, v.sampled)::integer
                  AS k
           FROM verdict v),
       kind AS MATERIALIZED (
         SELECT DISTINCT v.k, v.scope, v.sender, v.role, v.stream, v.spf_only,
                v.sampled
           FROM numbered v),
       judged AS MATERIALIZED (
         SELECT v.k, b.profile_id, b.reporter, b.age,
                CASE v.scope WHEN 'p' THEN b.policed_p
                             ELSE b.policed_sp END AS policed,
                b.first_day, b.last_day, b.messages, b.fail, b.dkim, b.enforced
           FROM one b
           JOIN numbered v ON v.profile_id = b.profile_id
                          AND v.source = b.source),
       fact AS MATERIALIZED (
         SELECT x.*, d.scope, d.sender, d.role, d.stream, d.spf_only, d.sampled
           FROM (SELECT j.k, j.reporter, j.policed, j.age,
                        min(j.first_day) AS first_day,
                        max(j.last_day) AS last_day,
                        sum(j.messages) AS messages, sum(j.fail) AS fail,
                        sum(j.dkim) AS dkim, sum(j.enforced) AS enforced
                   FROM judged j
                  GROUP BY j.k, j.reporter, j.policed, j.age) x
           JOIN kind d ON d.k = x.k),
       honour AS MATERIALIZED (
         SELECT j.reporter, nullif(sum(j.enforced), 0) / sum(j.fail) AS share
           FROM fact j
          WHERE j.policed
            AND j.fail > 0
            AND NOT j.sampled
          GROUP BY j.reporter),
       heard AS MATERIALIZED (
         SELECT j.sender, count(DISTINCT j.reporter) AS season,
                count(DISTINCT j.reporter) FILTER (WHERE j.age < 2) AS recent
           FROM fact j
          GROUP BY j.sender),
       marked AS MATERIALIZED (
         SELECT j.*, h.recent AS reporters, h.season AS season_reporters,
                j.role IS NOT NULL OR h.recent >= f.sender_reporters
                  AS counted,
                j.role IS NOT NULL OR h.season >= f.sender_reporters
                  AS season_counted,
                coalesce(o.share, 1) AS honour, o.share IS NOT NULL AS known
           FROM fact j
          CROSS JOIN f
           JOIN heard h ON h.sender = j.sender
           LEFT JOIN honour o ON o.reporter = j.reporter),
       volume AS MATERIALIZED (
         SELECT s.scope,
                coalesce(sum(m.messages) FILTER (
                  WHERE m.stream = 'legitimate' AND m.counted AND m.age = 0), 0)
                < f.min_messages AS low
           FROM (VALUES ('p'), ('sp')) s (scope)
          CROSS JOIN f
           LEFT JOIN marked m ON m.scope = s.scope
          GROUP BY s.scope, f.min_messages),
       figure AS MATERIALIZED (
         SELECT m.*, v.low, m.age <= v.low::integer AS here,
                CASE WHEN m.counted OR m.stream IN ('hostile', 'undetermined')
                     THEN m.stream ELSE 'left out' END AS part
           FROM marked m
           JOIN volume v ON v.scope = m.scope),
       -- The profiles with most of the failing, and of the SPF-only mail speak
       -- for the sender when it is told what to do.
       example AS MATERIALIZED (
         SELECT e.scope, e.sender,
                (array_agg(e.profile_id ORDER BY e.fail DESC, e.profile_id)
                   FILTER (WHERE e.fail > 0))[1] AS profile_id,
                (array_agg(e.class ORDER BY e.fail DESC, e.profile_id)
                   FILTER (WHERE e.fail > 0))[1] AS class,
                (array_agg(e.profile_id ORDER BY e.messages DESC, e.profile_id)
                   FILTER (WHERE e.spf_only))[1] AS spf_profile_id,
                (array_agg(e.class ORDER BY e.messages DESC, e.profile_id)
                   FILTER (WHERE e.spf_only))[1] AS spf_class
           FROM (SELECT d.scope, d.sender, d.spf_only, j.profile_id,
                        (SELECT min(n.class) FROM numbered n
                          WHERE n.k = min(j.k) AND n.profile_id = j.profile_id)
                          AS class, sum(j.fail) AS fail, sum(j.messages) AS messages
                   FROM (SELECT j.k, j.profile_id, j.age, sum(j.fail) AS fail,
                                sum(j.messages) AS messages
                           FROM judged j
                          GROUP BY j.k, j.profile_id, j.age) j
                   JOIN kind d ON d.k = j.k
                   JOIN volume v ON v.scope = d.scope
                  WHERE d.stream IN ('legitimate', 'unresolved')
                    AND j.age <= v.low::integer
                  GROUP BY d.scope, d.sender, d.spf_only, j.profile_id) e
          GROUP BY e.scope, e.sender),
       dated AS MATERIALIZED (
         SELECT d.scope, d.sender, count(DISTINCT j.day) AS days
           FROM (SELECT DISTINCT v.k, b.day, b.age
                   FROM (SELECT DISTINCT b.profile_id, b.day, b.age,
                                coalesce(a.alike, '::/0') AS source
                           FROM record b
                           LEFT JOIN known a ON a.source_ip = b.source_ip
                          WHERE b.profile_id = ANY (ARRAY(
                                SELECT p.profile_id FROM profile p
                                 WHERE p.fail > 0))
                            AND b.message_count > 0
                            AND b.age < 2) b
                   JOIN numbered v ON v.profile_id = b.profile_id
                                  AND v.source = b.source
                                  AND v.stream = 'unresolved') j
           JOIN kind d ON d.k = j.k
           JOIN volume v ON v.scope = d.scope
          WHERE j.age <= v.low::integer
          GROUP BY d.scope, d.sender)
  SELECT g.scope, g.low, nullif(g.sender, ''), max(g.role), bool_or(g.counted),
         g.reporters, coalesce(sum(g.messages) FILTER (WHERE g.here), 0),
         coalesce(sum(g.messages) FILTER (WHERE g.here AND g.part = 'legitimate'), 0),
         coalesce(sum(g.fail) FILTER (WHERE g.here AND g.part = 'legitimate'), 0),
         coalesce(sum(g.dkim) FILTER (WHERE g.here AND g.part = 'legitimate'), 0),
         coalesce(sum(g.messages) FILTER (WHERE g.here AND g.part = 'legitimate'
                                            AND g.spf_only), 0),
         coalesce(sum(g.messages) FILTER (WHERE g.here AND g.part = 'indirect'), 0),
         coalesce(sum(g.fail) FILTER (WHERE g.here AND g.part = 'indirect'), 0),
         coalesce(sum(g.fail) FILTER (WHERE g.here AND g.part = 'unresolved'), 0),
         coalesce(t.days, 0),
         coalesce(sum(g.messages) FILTER (WHERE g.here AND g.part = 'hostile'), 0),
         coalesce(sum(g.fail) FILTER (WHERE g.here AND g.part = 'hostile'), 0),
         coalesce(sum(g.messages) FILTER (WHERE g.here AND g.part = 'undetermined'), 0),
         coalesce(sum(g.messages) FILTER (WHERE g.here AND g.part = 'left out'), 0),
         coalesce(sum(g.messages - g.fail) FILTER (WHERE g.here AND g.part = 'left out'
                    AND g.stream = 'legitimate'), 0),
         coalesce(sum(g.fail * g.honour) FILTER (WHERE g.here AND g.part = 'legitimate'), 0),
         coalesce(sum(g.fail * g.honour) FILTER (WHERE g.here AND g.part = 'indirect'), 0),
         coalesce(sum(g.fail * g.honour) FILTER (WHERE g.here AND g.part = 'unresolved'), 0),
         coalesce(sum(g.fail) FILTER (WHERE g.here AND g.known AND g.part IN
                    ('legitimate', 'indirect', 'unresolved')), 0),
         min(g.first_day) FILTER (WHERE g.stream = 'legitimate' AND g.season_counted),
         max(g.last_day) FILTER (WHERE g.stream = 'legitimate' AND g.season_counted),
         coalesce(sum(g.messages) FILTER (WHERE g.stream = 'legitimate'
                                            AND g.season_counted), 0),
         e.profile_id, e.class, e.spf_profile_id, e.spf_class
    FROM figure g
    LEFT JOIN example e ON e.scope = g.scope AND e.sender = g.sender
    LEFT JOIN dated t ON t.scope = g.scope AND t.sender = g.sender
   GROUP BY g.scope, g.low, g.sender, g.reporters, t.days, e.profile_id,
            e.class, e.spf_profile_id, e.spf_class
  $query$ USING $1, $2;
END $$;
COMMENT ON FUNCTION dmarc.readiness_sender(integer, date) IS
  'the senders of a domain in the windows of readiness, apart for the domain itself (p) and those below it (sp): messages by stream, and how many of them fail; what counts, what is left out; what to expect where reporters are known not to follow the policy; when it was first and last seen';

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

-- in_words: a number as people read it; the first of a list, and how many more.
CREATE OR REPLACE FUNCTION dmarc.in_words(n numeric) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_char(n, 'FM999,999,999,999,999,990') $$;
COMMENT ON FUNCTION dmarc.in_words(numeric) IS 'a whole number with a comma after each three digits';
CREATE OR REPLACE FUNCTION dmarc.in_words(list text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_string(list[1:3], '; ')
         || CASE WHEN cardinality(list) > 3
                 THEN '; and ' || cardinality(list) - 3 || ' more' ELSE '' END $$;
COMMENT ON FUNCTION dmarc.in_words(text[]) IS 'the first three of a list, and how many more there are';
