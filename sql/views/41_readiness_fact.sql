-- readiness_fact: the records of the season, judged: a row for what is the same
-- but for the report and the address.
--
-- age: 0 in the window, 1 in the wide one, 2 before.  fail_day: the day, of mail
-- that fails; without it days are added up.  dkim: passes by DKIM; enforced:
-- fails, and was quarantined or rejected, which is told only where policed: the
-- reporter saw a policy that asks for it.  looked: the address has been looked up
-- (dmarc-check addresses), or there is none.
--
-- The planner takes what one step hands to the next for a few rows, and would
-- compare each with each (also by merging on the domain alone), or sort where
-- hashing is enough.
DROP FUNCTION IF EXISTS dmarc.readiness_fact(integer[], date);
CREATE OR REPLACE FUNCTION dmarc.readiness_fact(policy_domain_ids integer[],
  last_day date)
RETURNS TABLE (policy_domain_id integer, scope text, sender text, role text,
  stream text, class text, spf_only boolean, sampled boolean,
  profile_id integer, voucher text, age integer,
  policed boolean, looked boolean, fail_day date, first_day date,
  last_seen date, messages numeric, fail numeric, dkim numeric, enforced numeric)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off SET enable_sort = off AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH f AS MATERIALIZED (
         SELECT f.policy_domain_id, f.policy_domain, f.first_day,
                f.first_day_low
           FROM dmarc.readiness_frame($1, $2) f
          WHERE f.without IS NULL AND f.own),
       report AS MATERIALIZED (
         SELECT u.policy_domain_id, u.id, u.voucher,
                coalesce(u.level_p IN ('quarantine', 'reject'), false)
                  AS polices_p,
                coalesce(u.level_sp IN ('quarantine', 'reject'), false)
                  AS polices_sp,
                CASE WHEN u.day >= f.first_day THEN 0
                     WHEN u.day >= f.first_day_low THEN 1
                     ELSE 2 END AS age
           FROM dmarc.report_used($1, $3, $2) u
           JOIN f ON f.policy_domain_id = u.policy_domain_id
          WHERE u.used),
       record AS MATERIALIZED (
         SELECT c.policy_domain_id, c.profile_id, c.source_ip, c.day,
                r.voucher, r.polices_p, r.polices_sp, r.age, c.message_count
           FROM dmarc.record c
           JOIN report r ON r.policy_domain_id = c.policy_domain_id
                        AND r.id = c.report_id
          WHERE c.policy_domain_id = ANY ($1)
            AND c.day BETWEEN $3 AND $2),
       known AS MATERIALIZED (
         SELECT x.policy_domain_id, a.source_ip, a.alike
           FROM (SELECT n.policy_domain_id, array_agg(n.source_ip) AS ips
                   FROM (SELECT DISTINCT r.policy_domain_id, r.source_ip
                           FROM record r
                          WHERE r.source_ip IS NOT NULL) n
                  GROUP BY n.policy_domain_id) x
           JOIN f ON f.policy_domain_id = x.policy_domain_id
          CROSS JOIN LATERAL dmarc.alike(f.policy_domain, x.ips) a),
       looked AS MATERIALIZED (
         SELECT x.source_ip
           FROM (SELECT DISTINCT r.source_ip FROM record r) x
           JOIN dmarc.source s ON s.ip = x.source_ip
          WHERE s.ptr_at IS NOT NULL OR s.network_at IS NOT NULL),
       -- NULL joins with nothing: ::/0 stands for no address, and for one of
       -- which nothing is known, '' for no sender.
       one AS MATERIALIZED (
         SELECT n.*, coalesce(a.alike, '::/0') AS alike,
                n.source_ip IS NULL OR l.source_ip IS NOT NULL AS looked
           FROM record n
           LEFT JOIN looked l ON l.source_ip = n.source_ip
           LEFT JOIN known a ON a.policy_domain_id = n.policy_domain_id
                            AND a.source_ip = n.source_ip),
       pair AS MATERIALIZED (
         SELECT row_number() OVER () AS n, o.policy_domain_id, o.profile_id,
                o.alike
           FROM (SELECT DISTINCT x.policy_domain_id, x.profile_id, x.alike
                   FROM one x) o),
       verdict AS MATERIALIZED (
         SELECT p.n, p.policy_domain_id, p.profile_id, p.alike,
                coalesce(v.sender, '') AS sender, c.role, v.class, c.stream,
                c.scope, c.sampled,
                v.class LIKE 'PASS\_SPF/%'
                  AND v.class <> 'PASS_SPF/DKIM_DNS_ERROR' AS spf_only,
                c.fail, c.dkim_aligned AS dkim,
                c.quarantine + c.reject AS enforced
           FROM pair p
           JOIN dmarc.verdicts_of(
                  ARRAY(SELECT x.policy_domain_id FROM pair x ORDER BY x.n),
                  ARRAY(SELECT x.profile_id FROM pair x ORDER BY x.n),
                  ARRAY(SELECT x.alike FROM pair x ORDER BY x.n)) v
             ON v.n = p.n
          CROSS JOIN LATERAL dmarc.verdict_decoded(v.code) c),
       -- By a number: what it stands for is wide.
       counted AS MATERIALIZED (
         SELECT v.n, b.voucher, b.age,
                -- Only what fails meets a policy.
                v.fail > 0 AND CASE v.scope WHEN 'p' THEN b.polices_p
                                            ELSE b.polices_sp END AS policed,
                v.fail = 0 OR b.looked AS looked,
                CASE WHEN v.fail > 0 AND b.message_count > 0 THEN b.day END
                  AS fail_day,
                min(b.day) AS first_day, max(b.day) AS last_day,
                sum(b.message_count) AS messages
           FROM one b
           JOIN verdict v ON v.policy_domain_id = b.policy_domain_id
                         AND v.profile_id = b.profile_id AND v.alike = b.alike
          GROUP BY v.n, b.voucher, b.age, 4, 5, 6)
  SELECT v.policy_domain_id, v.scope, v.sender, v.role, v.stream, v.class,
         v.spf_only, v.sampled, v.profile_id, c.voucher, c.age, c.policed,
         c.looked, c.fail_day, c.first_day, c.last_day, c.messages, c.messages * v.fail,
         c.messages * v.dkim, c.messages * v.fail * v.enforced
    FROM counted c
    JOIN verdict v ON v.n = c.n
  $query$ USING $1, $2, $2 + 1
          - (SELECT g.season_days FROM dmarc.readiness_limits() g);
END $$;
COMMENT ON FUNCTION dmarc.readiness_fact(integer[], date) IS
  'the records of these domains in the season, judged and added up by sender, stream, profile, voucher and window: what readiness counts';
