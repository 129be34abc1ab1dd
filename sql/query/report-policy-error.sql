-- report-policy-error: what reporters find wrong with each DMARC record.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, error, sum(report_count) AS reports,
              count(DISTINCT reporter) AS reporters,
              min(reporter) AS reporter, min(day) AS from_day,
              max(day) AS to_day
         FROM dmarc.policy_error_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, error),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY reports DESC, error), $4::bigint + 1)
                   AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(error) END AS error,
       sum(reports) AS error_reports,
       CASE WHEN count(*) = 1 THEN min(reporters) END AS seen_reporters,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       CASE WHEN count(*) = 1 THEN min(reporters) - 1 END AS reporter_more,
       min(from_day) AS from_day, max(to_day) AS to_day,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
