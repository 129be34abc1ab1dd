-- report-tls-policies: which policies fail, and at whom; most failures first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, coalesce(policy_type, 'not said') AS policy_type,
              reporter, min(org_name) AS org_name, sum(report_count) AS reports,
              sum(success_count + failure_count) AS sessions,
              sum(failure_count) AS failed
         FROM dmarc.tls_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, coalesce(policy_type, 'not said'), reporter),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY failed DESC, sessions DESC, policy_type,
                                  reporter), $4::bigint + 1) AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(policy_type) END AS policy_type,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS organization,
       sum(reports) AS of_reports, sum(sessions) AS sessions,
       sum(failed) AS failed, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
