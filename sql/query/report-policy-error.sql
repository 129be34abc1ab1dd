-- report-policy-error: what reporters find wrong with each DMARC record.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT policy_domain AS domain, error, sum(report_count) AS error_reports,
       count(DISTINCT reporter) AS seen_reporters, min(reporter) AS reporter,
       count(DISTINCT reporter) - 1 AS reporter_more,
       min(day) AS from_day, max(day) AS to_day
  FROM dmarc.policy_error_day
 WHERE ($1::text IS NULL OR policy_domain = $1)
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity')
 GROUP BY policy_domain, error
 ORDER BY policy_domain, error_reports DESC, error;
