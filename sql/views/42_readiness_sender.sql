-- readiness_sender: a row per sender and scope, and one without each voucher
-- that has told of the sender.
--
-- A sender counts when a well-known reporter has seen it, or enough of the
-- others, or the operator has said what it is: else one who writes reports could
-- make up senders.  What does not count is left_out (left_fail: what fails of
-- it); what is forged is never counted for or against.  guessed is the part of
-- it that is only probably forged, unlooked that of addresses that nobody has
-- looked up.  outside_fail is what failed unresolved before the window.
--
-- honour: of the failing mail that a reporter got while it saw quarantine or
-- reject, and did not let through for sampling or testing, the part that it
-- quarantined or rejected.  A reporter that was never seen to do either may
-- begin any day, so its honour is 1.
--
-- low: there is little mail, and the wide window counts.  Where it is said whom
-- to believe, strangers' mail does not make it much.
--
-- Of senders that never count, all but the largest are one row, which is called
-- by a newline and says for how many it stands (senders): a stranger can make up
-- as many as he likes.
--
--   heard    how many vouchers have seen a sender
--   bare     senders that never count; kept: those that are named all the same
--   cell     the sums by sender and voucher; spoken: by what the operator said
--   total    of all vouchers; first is the first day, then the next of another
--   own      what a voucher alone has told, or all that are not well known
--   rest     the total less what is left out
CREATE OR REPLACE FUNCTION dmarc.readiness_low(has_listed boolean,
  has_other boolean, total numeric, core numeric, sure numeric,
  largest numeric, enough numeric) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN has_listed THEN least(total, core)
              WHEN has_other THEN sure - largest
              ELSE total END < enough $$;
COMMENT ON FUNCTION dmarc.readiness_low(boolean, boolean, numeric, numeric, numeric, numeric, numeric) IS
  'there is little mail (total): where well-known reporters report, with theirs alone (core); where the others are believed, without the largest of these';

DROP FUNCTION IF EXISTS dmarc.readiness_sender(integer[], date);
CREATE OR REPLACE FUNCTION dmarc.readiness_sender(policy_domain_ids integer[],
  last_day date)
RETURNS TABLE (policy_domain_id integer, scope text, without text, low boolean,
  sender text, senders bigint, role text, counted boolean, message_count numeric,
  legitimate numeric, legitimate_fail numeric, legitimate_dkim numeric,
  legitimate_spf_only numeric, indirect numeric, indirect_fail numeric,
  unresolved_fail numeric, unresolved_days numeric, hostile numeric,
  hostile_fail numeric, undetermined numeric, left_out numeric,
  left_out_pass numeric, passed numeric, legitimate_fail_expected numeric,
  indirect_fail_expected numeric, unresolved_fail_expected numeric,
  fail_honour_known numeric, left_fail numeric, guessed numeric,
  unlooked numeric, outside_fail numeric, outside_days bigint,
  outside_day date, first_day date, season_day date,
  season_messages numeric, profile_id integer, class text,
  spf_profile_id integer, spf_class text)
LANGUAGE sql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off SET enable_sort = off
SET join_collapse_limit = 1 AS $$
  WITH g AS MATERIALIZED (SELECT * FROM dmarc.readiness_limits()),
       told AS MATERIALIZED (
         SELECT f.*, f.policy_domain_id AS id, f.role IS NOT NULL AS spoken
           FROM dmarc.readiness_fact(readiness_sender.policy_domain_ids,
                  readiness_sender.last_day) f),
       voucher AS MATERIALIZED (
         SELECT v.*, v.policy_domain_id AS id
           FROM dmarc.readiness_voucher(readiness_sender.policy_domain_ids,
                  readiness_sender.last_day) v),
       trusted AS MATERIALIZED (
         SELECT v.id, bool_or(v.core) AND bool_or(NOT v.open OR v.listed)
                  AS has_listed,
                bool_or(NOT v.open) AS has_other
           FROM voucher v
          GROUP BY v.id),
       pair AS MATERIALIZED (
         SELECT t.id, t.sender, t.voucher, bool_or(t.age < 2) AS recent,
                bool_or(t.spoken) AS spoken
           FROM told t
          GROUP BY t.id, t.sender, t.voucher),
       heard AS MATERIALIZED (
         SELECT p.id, p.sender, count(*) AS season,
                count(*) FILTER (WHERE p.recent) AS recent,
                count(*) FILTER (WHERE v.core) AS season_core,
                count(*) FILTER (WHERE v.core AND p.recent) AS recent_core,
                bool_or(NOT v.core) AS has_other,
                bool_or(p.spoken) OR bool_or(v.core)
                  OR count(*) >= max(g.sender_reporters) AS counts
           FROM pair p
           JOIN voucher v ON v.id = p.id AND v.voucher = p.voucher
          CROSS JOIN g
          GROUP BY p.id, p.sender),
       honour AS MATERIALIZED (
         SELECT f.id, f.voucher, nullif(sum(f.enforced), 0) / sum(f.fail)
                  AS share
           FROM told f
          WHERE f.policed
            AND f.fail > 0
            AND NOT f.sampled
          GROUP BY f.id, f.voucher),
       -- The legitimate mail of the short window, by voucher.
       volume AS MATERIALIZED (
         SELECT f.id, f.scope, v.core, v.open,
                sum(f.messages) FILTER (WHERE f.spoken OR h.recent_core > 0
                  OR h.recent >= g.sender_reporters) AS n,
                sum(f.messages) FILTER (WHERE f.spoken OR h.recent_core > 0
                  OR h.recent > g.sender_reporters) AS sure
           FROM told f
           JOIN voucher v ON v.id = f.id AND v.voucher = f.voucher
           JOIN heard h ON h.id = f.id AND h.sender = f.sender AND h.counts
          CROSS JOIN g
          WHERE f.stream = 'legitimate'
            AND f.age = 0
          GROUP BY f.id, f.scope, f.voucher, v.core, v.open),
       wide AS MATERIALIZED (
         SELECT t.id, s.scope,
                dmarc.readiness_low(t.has_listed, t.has_other,
                  coalesce(sum(v.n), 0),
                  coalesce(sum(v.n) FILTER (WHERE v.core), 0),
                  coalesce(sum(v.sure), 0),
                  coalesce(max(v.sure) FILTER (WHERE NOT v.open), 0),
                  g.min_messages) AS low
           FROM trusted t
          CROSS JOIN g
          CROSS JOIN (VALUES ('p'), ('sp')) s (scope)
           LEFT JOIN volume v ON v.id = t.id AND v.scope = s.scope
          GROUP BY t.id, s.scope, t.has_listed, t.has_other, g.min_messages),
       bare AS MATERIALIZED (
         SELECT f.id, f.scope, f.sender,
                coalesce(sum(f.messages) FILTER (WHERE f.stream IN
                  ('legitimate', 'indirect', 'unresolved')), 0) AS left_out,
                coalesce(sum(f.fail) FILTER (WHERE f.stream IN
                  ('legitimate', 'unresolved')), 0) AS left_fail,
                coalesce(sum(f.messages - f.fail) FILTER (WHERE
                  f.stream = 'legitimate'), 0) AS left_pass,
                coalesce(sum(f.messages - f.fail) FILTER (WHERE f.stream IN
                  ('legitimate', 'indirect')), 0) AS passed
           FROM told f
           JOIN heard h ON h.id = f.id AND h.sender = f.sender
                       AND NOT h.counts
           JOIN wide w ON w.id = f.id AND w.scope = f.scope
          WHERE f.age <= w.low::integer
          GROUP BY f.id, f.scope, f.sender),
       kept AS MATERIALIZED (
         SELECT x.id, x.scope, x.sender, x.left_out
           FROM (SELECT b.*, row_number() OVER (PARTITION BY b.id, b.scope
                               ORDER BY b.left_fail DESC, b.left_out DESC,
                                        b.sender) AS rank
                   FROM bare b) x
          WHERE x.rank <= 3
          UNION
         SELECT x.id, x.scope, x.sender, x.left_out
           FROM (SELECT b.*, row_number() OVER (PARTITION BY b.id, b.scope
                               ORDER BY b.left_pass DESC, b.passed DESC,
                                        b.sender) AS rank
                   FROM bare b
                  WHERE b.passed > 0) x
          WHERE x.rank = 1),
       standing AS MATERIALIZED (
         SELECT b.id, b.scope, count(*) FILTER (WHERE b.left_out > 0
                                                  AND k.id IS NULL) AS senders
           FROM bare b
           LEFT JOIN kept k ON k.id = b.id AND k.scope = b.scope
                           AND k.sender = b.sender
          GROUP BY b.id, b.scope),
       part AS MATERIALIZED (
         SELECT f.id, f.scope,
                CASE WHEN h.counts OR k.id IS NOT NULL THEN f.sender
                     ELSE E'\n' END AS sender,
                h.counts, f.spoken, f.role, f.stream, f.class, f.spf_only,
                f.profile_id, f.voucher, f.age, f.looked, f.fail_day,
                f.first_day, f.last_seen, f.messages, f.fail, f.dkim,
                f.age <= w.low::integer AS here,
                coalesce(o.share, 1) AS honour, o.share IS NOT NULL AS known
           FROM told f
           JOIN heard h ON h.id = f.id AND h.sender = f.sender
           JOIN wide w ON w.id = f.id AND w.scope = f.scope
           LEFT JOIN kept k ON k.id = f.id AND k.scope = f.scope
                           AND k.sender = f.sender
           LEFT JOIN honour o ON o.id = f.id AND o.voucher = f.voucher),
       cell AS MATERIALIZED (
         SELECT p.id, p.scope, p.sender, p.spoken, p.voucher,
                max(p.role) AS role,
                coalesce(sum(p.messages) FILTER (WHERE p.here), 0) AS n,
                coalesce(sum(p.messages) FILTER (WHERE p.here AND p.stream = 'legitimate'), 0) AS l,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND p.stream = 'legitimate'), 0) AS lf,
                coalesce(sum(p.dkim) FILTER (WHERE p.here AND p.stream = 'legitimate'), 0) AS ld,
                coalesce(sum(p.messages) FILTER (WHERE p.here AND p.stream = 'legitimate'
                                                   AND p.spf_only), 0) AS ls,
                coalesce(sum(p.messages) FILTER (WHERE p.here AND p.stream = 'indirect'), 0) AS i,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND p.stream = 'indirect'), 0) AS jf,
                coalesce(sum(p.messages) FILTER (WHERE p.here AND p.stream = 'unresolved'), 0) AS u,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND p.stream = 'unresolved'), 0) AS uf,
                coalesce(sum(p.messages) FILTER (WHERE p.here AND p.stream = 'hostile'), 0) AS h,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND p.stream = 'hostile'), 0) AS hf,
                coalesce(sum(p.messages) FILTER (WHERE p.here AND p.stream = 'undetermined'), 0) AS x,
                coalesce(sum(p.fail * p.honour) FILTER (WHERE p.here AND p.stream = 'legitimate'), 0) AS lx,
                coalesce(sum(p.fail * p.honour) FILTER (WHERE p.here AND p.stream = 'indirect'), 0) AS ix,
                coalesce(sum(p.fail * p.honour) FILTER (WHERE p.here AND p.stream = 'unresolved'), 0) AS ux,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND p.known
                  AND p.stream IN ('legitimate', 'indirect', 'unresolved')), 0) AS kx,
                coalesce(sum(p.messages) FILTER (WHERE p.stream = 'legitimate'), 0) AS season,
                min(p.first_day) FILTER (WHERE p.stream = 'legitimate') AS first_day,
                max(p.last_seen) FILTER (WHERE p.stream = 'legitimate') AS last_seen
           FROM part p
          GROUP BY p.id, p.scope, p.sender, p.spoken, p.voucher),
       total AS MATERIALIZED (
         SELECT c.id, c.scope, c.sender, c.spoken, max(c.role) AS role,
                sum(c.n) AS n, sum(c.l) AS l, sum(c.lf) AS lf, sum(c.ld) AS ld,
                sum(c.ls) AS ls, sum(c.i) AS i, sum(c.jf) AS jf, sum(c.u) AS u,
                sum(c.uf) AS uf, sum(c.h) AS h, sum(c.hf) AS hf, sum(c.x) AS x,
                sum(c.lx) AS lx, sum(c.ix) AS ix, sum(c.ux) AS ux,
                sum(c.kx) AS kx, sum(c.season) AS season,
                (array_agg(c.first_day ORDER BY c.first_day)
                   FILTER (WHERE c.first_day IS NOT NULL))[1:2] AS first,
                min(c.first_day) FILTER (WHERE v.core) AS core_first,
                (array_agg(c.last_seen ORDER BY c.last_seen DESC)
                   FILTER (WHERE c.last_seen IS NOT NULL))[1:2] AS last,
                max(c.last_seen) FILTER (WHERE v.core) AS core_last
           FROM cell c
           JOIN voucher v ON v.id = c.id AND v.voucher = c.voucher
          GROUP BY c.id, c.scope, c.sender, c.spoken),
       own AS MATERIALIZED (
         SELECT c.id, c.scope, c.sender, c.spoken, c.voucher AS without, c.n,
                c.l, c.lf, c.ld, c.ls, c.i, c.jf, c.u, c.uf, c.h, c.hf, c.x,
                c.season, c.first_day, c.last_seen
           FROM cell c
          UNION ALL
         SELECT c.id, c.scope, c.sender, c.spoken, E'\n', sum(c.n), sum(c.l),
                sum(c.lf), sum(c.ld), sum(c.ls), sum(c.i), sum(c.jf), sum(c.u),
                sum(c.uf), sum(c.h), sum(c.hf), sum(c.x), sum(c.season), NULL,
                NULL
           FROM cell c
           JOIN trusted t ON t.id = c.id AND t.has_listed
           JOIN voucher v ON v.id = c.id AND v.voucher = c.voucher
                         AND NOT v.core
          GROUP BY c.id, c.scope, c.sender, c.spoken),
       -- Who is left out of which sender, and how many have seen it then.
       asked AS MATERIALIZED (
         SELECT x.id, x.sender, NULL AS without, h.recent, h.season,
                h.recent_core, h.season_core
           FROM (SELECT DISTINCT c.id, c.sender FROM cell c) x
           LEFT JOIN heard h ON h.id = x.id AND h.sender = x.sender
          UNION ALL
         SELECT x.id, x.sender, x.voucher, h.recent - p.recent::integer,
                h.season - 1,
                h.recent_core - (p.recent AND v.core)::integer,
                h.season_core - v.core::integer
           FROM (SELECT DISTINCT c.id, c.sender, c.voucher FROM cell c) x
           JOIN voucher v ON v.id = x.id AND v.voucher = x.voucher
           LEFT JOIN heard h ON h.id = x.id AND h.sender = x.sender
           LEFT JOIN pair p ON p.id = x.id AND p.sender = x.sender
                           AND p.voucher = x.voucher
          UNION ALL
         SELECT DISTINCT o.id, o.sender, o.without, h.recent, h.season,
                h.recent_core, h.season_core
           FROM own o
           LEFT JOIN heard h ON h.id = o.id AND h.sender = o.sender
          WHERE o.without = E'\n'),
       rest AS MATERIALIZED (
         SELECT t.id, t.scope, t.sender, a.without, t.role, t.lx, t.ix, t.ux,
                t.kx,
                t.spoken OR coalesce(a.recent_core, 0) > 0
                  OR coalesce(a.recent, 0) >= g.sender_reporters AS counted,
                t.spoken OR coalesce(a.season_core, 0) > 0
                  OR coalesce(a.season, 0) >= g.sender_reporters
                  AS season_counted,
                t.n - coalesce(o.n, 0) AS n, t.l - coalesce(o.l, 0) AS l,
                t.lf - coalesce(o.lf, 0) AS lf, t.ld - coalesce(o.ld, 0) AS ld,
                t.ls - coalesce(o.ls, 0) AS ls, t.i - coalesce(o.i, 0) AS i,
                t.jf - coalesce(o.jf, 0) AS jf, t.u - coalesce(o.u, 0) AS u,
                t.uf - coalesce(o.uf, 0) AS uf, t.h - coalesce(o.h, 0) AS h,
                t.hf - coalesce(o.hf, 0) AS hf, t.x - coalesce(o.x, 0) AS x,
                t.season - coalesce(o.season, 0) AS season,
                CASE WHEN a.without = E'\n' THEN t.core_first
                     WHEN o.first_day = t.first[1] THEN t.first[2]
                     ELSE t.first[1] END AS first_day,
                CASE WHEN a.without = E'\n' THEN t.core_last
                     WHEN o.last_seen = t.last[1] THEN t.last[2]
                     ELSE t.last[1] END AS last_seen
           FROM total t
           JOIN asked a ON a.id = t.id AND a.sender = t.sender
          CROSS JOIN g
           LEFT JOIN own o ON o.id = t.id AND o.scope = t.scope
                          AND o.sender = t.sender AND o.spoken = t.spoken
                          AND o.without = a.without),
       fail_day AS MATERIALIZED (
         SELECT p.id, p.scope, p.sender, p.fail_day AS day,
                count(DISTINCT p.voucher) AS vouchers, min(p.voucher) AS voucher,
                bool_or(v.core) AS core
           FROM part p
           JOIN voucher v ON v.id = p.id AND v.voucher = p.voucher
          WHERE p.stream = 'unresolved'
            AND p.fail_day IS NOT NULL
            AND p.here
            AND p.sender <> E'\n'
          GROUP BY p.id, p.scope, p.sender, p.fail_day),
       -- On how many days; on how many it was only told by the one.
       days AS MATERIALIZED (
         SELECT d.id, d.scope, d.sender, count(*) AS n,
                count(*) FILTER (WHERE d.core) AS core_n
           FROM fail_day d
          GROUP BY d.id, d.scope, d.sender),
       sole AS MATERIALIZED (
         SELECT d.id, d.scope, d.sender, d.voucher AS without, count(*) AS n
           FROM fail_day d
          WHERE d.vouchers = 1
          GROUP BY d.id, d.scope, d.sender, d.voucher),
       -- The profiles with most of the failing, and of the SPF-only mail speak
       -- for the sender when it is told what to do.
       example AS MATERIALIZED (
         SELECT e.id, e.scope, e.sender,
                (array_agg(e.profile_id ORDER BY e.fail DESC, e.profile_id)
                   FILTER (WHERE e.fail > 0))[1] AS profile_id,
                (array_agg(e.class ORDER BY e.fail DESC, e.profile_id)
                   FILTER (WHERE e.fail > 0))[1] AS class,
                (array_agg(e.profile_id ORDER BY e.messages DESC, e.profile_id)
                   FILTER (WHERE e.spf_only))[1] AS spf_profile_id,
                (array_agg(e.class ORDER BY e.messages DESC, e.profile_id)
                   FILTER (WHERE e.spf_only))[1] AS spf_class
           FROM (SELECT p.id, p.scope, p.sender, p.spf_only, p.profile_id,
                        min(p.class) AS class, sum(p.fail) AS fail,
                        sum(p.messages) AS messages
                   FROM part p
                  WHERE p.stream IN ('legitimate', 'unresolved')
                    AND p.here
                    AND p.counts
                    AND (p.fail > 0 OR p.spf_only)
                  GROUP BY p.id, p.scope, p.sender, p.spf_only,
                           p.profile_id) e
          GROUP BY e.id, e.scope, e.sender),
       -- What only matters with all reports.
       extra AS MATERIALIZED (
         SELECT p.id, p.scope, p.sender,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND NOT p.counts
                  AND p.stream IN ('legitimate', 'unresolved')), 0) AS left_fail,
                coalesce(sum(p.fail) FILTER (WHERE p.here
                  AND p.class = 'FAIL/PROBABLY_FORGED'), 0) AS guessed,
                coalesce(sum(p.fail) FILTER (WHERE p.here AND NOT p.looked
                  AND p.stream = 'hostile' AND NOT p.spoken), 0) AS unlooked,
                coalesce(sum(p.fail) FILTER (WHERE NOT p.here AND p.counts
                  AND p.stream = 'unresolved'), 0) AS outside_fail,
                count(DISTINCT p.fail_day) FILTER (WHERE NOT p.here
                  AND p.counts AND p.stream = 'unresolved') AS outside_days,
                max(p.last_seen) FILTER (WHERE NOT p.here AND p.counts
                  AND p.stream = 'unresolved' AND p.fail > 0) AS outside_day
           FROM part p
          GROUP BY p.id, p.scope, p.sender),
       summed AS MATERIALIZED (
         SELECT r.id, r.scope, r.sender, r.without, max(r.role) AS role,
                bool_or(r.counted) AS counted, sum(r.n) AS n,
                coalesce(sum(r.l) FILTER (WHERE r.counted), 0) AS l,
                coalesce(sum(r.lf) FILTER (WHERE r.counted), 0) AS lf,
                coalesce(sum(r.ld) FILTER (WHERE r.counted), 0) AS ld,
                coalesce(sum(r.ls) FILTER (WHERE r.counted), 0) AS ls,
                coalesce(sum(r.i) FILTER (WHERE r.counted), 0) AS i,
                coalesce(sum(r.jf) FILTER (WHERE r.counted), 0) AS jf,
                coalesce(sum(r.uf) FILTER (WHERE r.counted), 0) AS uf,
                sum(r.h) AS h, sum(r.hf) AS hf, sum(r.x) AS x,
                coalesce(sum(r.l + r.i + r.u) FILTER (WHERE NOT r.counted), 0)
                  AS left_out,
                coalesce(sum(r.l - r.lf) FILTER (WHERE NOT r.counted), 0)
                  AS left_out_pass,
                sum(r.l - r.lf + r.i - r.jf) AS passed,
                coalesce(sum(r.lx) FILTER (WHERE r.counted), 0) AS lx,
                coalesce(sum(r.ix) FILTER (WHERE r.counted), 0) AS ix,
                coalesce(sum(r.ux) FILTER (WHERE r.counted), 0) AS ux,
                coalesce(sum(r.kx) FILTER (WHERE r.counted), 0) AS kx,
                min(r.first_day) FILTER (WHERE r.season_counted) AS first_day,
                max(r.last_seen) FILTER (WHERE r.season_counted) AS last_seen,
                coalesce(sum(r.season) FILTER (WHERE r.season_counted), 0)
                  AS season
           FROM rest r
          GROUP BY r.id, r.scope, r.sender, r.without)
  SELECT s.id, s.scope, s.without, w.low, nullif(s.sender, ''),
         CASE WHEN s.sender = E'\n' THEN t.senders ELSE 1 END, s.role,
         s.counted, s.n, s.l, s.lf, s.ld, s.ls, s.i, s.jf, s.uf,
         CASE WHEN s.without = E'\n' THEN coalesce(d.core_n, 0)
              ELSE coalesce(d.n, 0) - coalesce(o.n, 0) END,
         s.h, s.hf, s.x, s.left_out, s.left_out_pass, s.passed, s.lx, s.ix, s.ux,
         s.kx, coalesce(f.left_fail, 0), coalesce(f.guessed, 0),
         coalesce(f.unlooked, 0), coalesce(f.outside_fail, 0),
         coalesce(f.outside_days, 0), f.outside_day, s.first_day,
         s.last_seen, s.season, e.profile_id, e.class,
         e.spf_profile_id, e.spf_class
    FROM summed s
    JOIN wide w ON w.id = s.id AND w.scope = s.scope
    LEFT JOIN standing t ON t.id = s.id AND t.scope = s.scope
    LEFT JOIN days d ON d.id = s.id AND d.scope = s.scope
                    AND d.sender = s.sender
    LEFT JOIN sole o ON o.id = s.id AND o.scope = s.scope
                    AND o.sender = s.sender AND o.without = s.without
    LEFT JOIN extra f ON f.id = s.id AND f.scope = s.scope
                     AND f.sender = s.sender AND s.without IS NULL
    LEFT JOIN example e ON e.id = s.id AND e.scope = s.scope
                       AND e.sender = s.sender AND s.without IS NULL $$;
COMMENT ON FUNCTION dmarc.readiness_sender(integer[], date) IS
  'the senders of these domains in the windows of readiness, apart for the domain itself (p) and those below it (sp): messages by stream, and how many of them fail; what counts, what is left out; what to expect where reporters are known not to follow the policy; when it was first and last seen; the same again without each voucher that told of the sender, and without all that are not well known';
