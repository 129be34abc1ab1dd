-- report-tls-days: sessions day by day, the newest first, and why they failed.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, day, count(DISTINCT tls_report_id) AS reports,
              sum(success_count + failure_count) AS sessions,
              sum(failure_count) AS failed
         FROM dmarc.tls_policy_detail
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, day),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY day DESC), $4::bigint + 1) AS place
         FROM figure),
     -- Of many results the three with most sessions are named.
     why AS (
       SELECT policy_domain, day,
              string_agg(result_type || coalesce(' ' || failed, ''), ', '
                ORDER BY place) FILTER (WHERE place <= 3)
              || CASE WHEN count(*) > 3 THEN ', ...' ELSE '' END AS results
         FROM (SELECT policy_domain, day, result_type,
                      sum(failure_count) AS failed,
                      row_number() OVER (PARTITION BY policy_domain, day
                        ORDER BY sum(failure_count) DESC NULLS LAST,
                                 result_type) AS place
                 FROM dmarc.tls_failure_day
                WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
                  AND day BETWEEN coalesce($2::date, '-infinity')
                              AND coalesce($3::date, 'infinity')
                  AND result_type IS NOT NULL
                GROUP BY policy_domain, day, result_type) x
        GROUP BY policy_domain, day)
SELECT p.policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(p.day) END AS day,
       sum(p.reports) AS of_reports, sum(p.sessions) AS sessions,
       sum(p.failed) AS failed,
       CASE WHEN count(*) = 1 THEN min(w.results) END AS results,
       nullif(count(*), 1) AS more
  FROM placed p
  LEFT JOIN why w ON w.policy_domain = p.policy_domain AND w.day = p.day
 GROUP BY p.policy_domain, p.place
 ORDER BY p.policy_domain, p.place;
