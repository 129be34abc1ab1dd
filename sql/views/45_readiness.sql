-- readiness: all of it.  The first row of a scope has its sums, the others have
-- a gate or a note each.
DROP FUNCTION IF EXISTS dmarc.readiness(integer[], date);
CREATE OR REPLACE FUNCTION dmarc.readiness(policy_domain_ids integer[],
  until_day date)
RETURNS TABLE (place bigint, "row" text, domain text, scope text, policy text,
  level text, step text, verdict text, first_day date, last_day date,
  level_day date, reports bigint, reporters bigint, messages numeric,
  legitimate numeric, legitimate_fail numeric, legitimate_dkim numeric,
  indirect numeric, indirect_fail numeric, unresolved_fail numeric,
  hostile numeric, hostile_fail numeric, undetermined numeric,
  left_out numeric, untrusted numeric, loss_low numeric, loss_mid numeric,
  loss_high numeric, loss_of numeric, loss_high_of numeric,
  expected_low numeric, expected_mid numeric, expected_high numeric,
  action text, gate text, what text, figure numeric, "limit" numeric,
  unit text, met text, source text, detail text)
LANGUAGE sql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off AS $$
  WITH figure AS MATERIALIZED (
         SELECT c.*
           FROM dmarc.readiness_figure(readiness.policy_domain_ids,
                  readiness.until_day) c),
       gate AS MATERIALIZED (
         SELECT n.*
           FROM dmarc.readiness_judged(
                  (SELECT array_agg(c.*::dmarc.readiness_figure)
                     FROM figure c)) n),
       verdict AS MATERIALIZED (
         SELECT n.id, n.scope,
                coalesce(array_agg(n.gate) FILTER (WHERE n.decided = 'failed'), '{}')
                  AS failed,
                coalesce(array_agg(n.gate) FILTER (WHERE n.decided = 'bought'), '{}')
                  AS bought,
                coalesce(array_agg(n.gate) FILTER (WHERE n.decided = 'open'), '{}')
                  AS open,
                coalesce(array_agg(n.gate) FILTER (WHERE n.decided = 'alone'), '{}')
                  AS alone,
                bool_or(n.met = 'no') AS no, bool_or(n.met = 'unknown') AS unknown,
                (array_agg(n.steers ORDER BY n.decided DESC, n."position")
                   FILTER (WHERE n.steers IS NOT NULL))[1] AS steers
           FROM gate n
          GROUP BY n.id, n.scope),
       judged AS MATERIALIZED (
         SELECT c.*, v.failed, v.bought, v.open AS unsure, v.alone, v.steers,
                CASE WHEN v.no AND c.step = 'stay' THEN 'DOES NOT HOLD'
                     WHEN v.no THEN 'NOT READY'
                     WHEN v.unknown THEN 'INSUFFICIENT DATA'
                     WHEN c.step = 'stay' THEN 'HOLDS'
                     ELSE 'READY' END AS verdict
           FROM figure c
           JOIN verdict v ON v.id = c.id AND v.scope = c.scope
          WHERE c.without IS NULL),
       told AS MATERIALIZED (
         SELECT f.id, f.scope, dmarc.readiness_action(
                  f.*::dmarc.readiness_figure, j.failed, j.bought, j.unsure,
                  j.alone, j.steers, o.verdict,
                  o.step) AS action
           FROM figure f
           JOIN judged j ON j.id = f.id AND j.scope = f.scope
           JOIN judged o ON o.id = f.id AND o.scope <> f.scope
          WHERE f.without IS NULL),
       line AS MATERIALIZED (
         SELECT t.id, t.scope, 'scope' AS "row", 0 AS place, 0 AS "position",
                NULL AS gate, NULL AS what, NULL::numeric AS figure,
                NULL::numeric AS "limit", NULL AS unit, NULL AS met,
                NULL AS source, NULL AS detail
           FROM told t
         UNION ALL
         SELECT n.id, n.scope, 'gate',
                CASE n.met WHEN 'no' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
                n."position", n.gate, n.what, n.figure, n."limit", n.unit,
                n.met, n.source, n.detail
           FROM gate n
         UNION ALL
         SELECT f.id, f.scope, 'note', 4, n."position", NULL, NULL, NULL, NULL,
                NULL, NULL, NULL, n.detail
           FROM figure f
           JOIN judged j ON j.id = f.id AND j.scope = f.scope
          CROSS JOIN LATERAL dmarc.readiness_note(
                  f.*::dmarc.readiness_figure, j.verdict) n
          WHERE f.without IS NULL)
  SELECT row_number() OVER (ORDER BY j.domain, o.scope, o.place,
                                     o."position"),
         o."row", j.domain, o.scope,
         CASE WHEN j.own THEN j.policy END, t.level,
         CASE WHEN j.own THEN j.step END,
         CASE WHEN j.own THEN t.verdict ELSE 'FOREIGN' END,
         t.first_day, t.last_day, t.level_day, t.reports, t.reporters,
         t.messages, t.l, t.lf, t.ld, t.i, t.jf, t.uf, t.h, t.hf,
         t.undetermined, t.left_out, t.untrusted, t.lf, t.lf + t.jf,
         t.lf + t.jf + t.uf, t.l + t.i, t.l + t.i + t.uf,
         CASE WHEN t.honour_known THEN round(t.lx) END,
         CASE WHEN t.honour_known THEN round(t.lx + t.ix) END,
         CASE WHEN t.honour_known THEN round(t.lx + t.ix + t.ux) END,
         CASE WHEN t.id IS NOT NULL THEN d.action END, o.gate, o.what,
         -- What is just over a limit shall not look as if it were at it.
         trim_scale(round(o.figure, CASE WHEN round(o.figure, 2) = o."limit"
                                         THEN 4 ELSE 2 END)),
         trim_scale(o."limit"), o.unit, o.met, o.source, o.detail
    FROM line o
    JOIN judged j ON j.id = o.id AND j.scope = o.scope
    LEFT JOIN judged t ON t.id = o.id AND t.scope = o.scope
                      AND o."row" = 'scope' AND t.own
    LEFT JOIN told d ON d.id = o.id AND d.scope = o.scope
   WHERE j.own OR (o."row" = 'scope' AND o.scope = 'p')
   ORDER BY 1 $$;
COMMENT ON FUNCTION dmarc.readiness(integer[], date) IS
  'what stands between the policy of each of these domains and the next one: for each scope (p: the domain itself, sp: those below it) a row of sums, a row a gate and a row a note, in the order of place; only FOREIGN for a domain that is not in own_domains';

DROP FUNCTION IF EXISTS dmarc.readiness(integer, date);
CREATE OR REPLACE FUNCTION dmarc.readiness(policy_domain_id integer,
  until_day date)
RETURNS TABLE ("row" text, domain text, scope text, policy text, level text,
  step text, verdict text, first_day date, last_day date, level_day date,
  reports bigint, reporters bigint, messages numeric, legitimate numeric,
  legitimate_fail numeric, legitimate_dkim numeric, indirect numeric,
  indirect_fail numeric, unresolved_fail numeric, hostile numeric,
  hostile_fail numeric, undetermined numeric, left_out numeric,
  untrusted numeric, loss_low numeric, loss_mid numeric, loss_high numeric,
  loss_of numeric, loss_high_of numeric, expected_low numeric,
  expected_mid numeric, expected_high numeric, action text, gate text,
  what text, figure numeric, "limit" numeric, unit text, met text, source text,
  detail text)
LANGUAGE sql STABLE AS $$
  SELECT r."row", r.domain, r.scope, r.policy, r.level, r.step, r.verdict,
         r.first_day, r.last_day, r.level_day, r.reports, r.reporters,
         r.messages, r.legitimate, r.legitimate_fail, r.legitimate_dkim,
         r.indirect, r.indirect_fail, r.unresolved_fail, r.hostile,
         r.hostile_fail, r.undetermined, r.left_out, r.untrusted, r.loss_low,
         r.loss_mid, r.loss_high, r.loss_of, r.loss_high_of, r.expected_low,
         r.expected_mid, r.expected_high, r.action, r.gate, r.what, r.figure,
         r."limit", r.unit, r.met, r.source, r.detail
    FROM dmarc.readiness(ARRAY[readiness.policy_domain_id],
           readiness.until_day) r
   ORDER BY r.place $$;
COMMENT ON FUNCTION dmarc.readiness(integer, date) IS 'the same of one domain';
