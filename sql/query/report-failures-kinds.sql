-- report-failures-kinds: what failed, what was done, and who says so; most first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, auth_failure, delivery_result, reporter,
              sum(report_count) AS reports,
              sum(incident_count) AS mails, min(day) AS from_day,
              max(day) AS to_day
         FROM dmarc.failure_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, auth_failure, delivery_result, reporter),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY reports DESC, auth_failure, delivery_result,
                                  reporter), $4::bigint + 1) AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(auth_failure) END AS auth_failure,
       CASE WHEN count(*) = 1 THEN min(delivery_result) END AS delivery_result,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       sum(reports) AS of_reports, sum(mails) AS mails,
       min(from_day) AS from_day, max(to_day) AS to_day,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
