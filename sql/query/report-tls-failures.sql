-- report-tls-failures: why sessions failed, at which mail server, seen by whom;
-- most failures first, then what none explains.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, coalesce(policy_type, 'not said') AS policy_type,
              part, result_type, receiving_mx, failure_reason_code, reporter,
              min(org_name) AS org_name, sum(failure_count) AS failed,
              sum(uncounted) AS uncounted, min(day) AS from_day,
              max(day) AS to_day, count(DISTINCT day) AS days
         FROM dmarc.tls_failure_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, coalesce(policy_type, 'not said'), part,
                 result_type, receiving_mx, failure_reason_code, reporter),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY part = 'explained' DESC,
                                  failed DESC NULLS LAST, result_type,
                                  receiving_mx, policy_type, reporter,
                                  failure_reason_code), $4::bigint + 1)
                   AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) > 1 THEN NULL
            WHEN min(part) = 'unexplained' THEN '(not explained)'
            WHEN min(part) = 'overlap' THEN '(named more than once)'
            ELSE coalesce(min(result_type), '(no result said)')
       END AS result_type,
       CASE WHEN count(*) = 1 THEN min(receiving_mx) END AS mx,
       CASE WHEN count(*) = 1 THEN min(policy_type) END AS policy_type,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS organization,
       CASE WHEN count(*) = 1 THEN min(failure_reason_code) END AS reason_code,
       sum(failed) AS failed, nullif(sum(uncounted), 0) AS uncounted,
       min(from_day) AS from_day, max(to_day) AS to_day,
       CASE WHEN count(*) = 1 THEN min(days) END AS days,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
