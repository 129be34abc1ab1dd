-- report-failures-days: failure reports day by day, the newest first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, day,
              sum(report_count) AS reports,
              sum(incident_count) AS mails, day AS from_day,
              day AS to_day
         FROM dmarc.failure_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, day),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY day DESC), $4::bigint + 1) AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(day) END AS day,
       sum(reports) AS of_reports, sum(mails) AS mails,
       min(from_day) AS from_day, max(to_day) AS to_day,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
