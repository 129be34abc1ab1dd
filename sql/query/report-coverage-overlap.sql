-- report-coverage-overlap: reporters whose periods overlap.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT policy_domain AS domain, reporter, count(DISTINCT day) AS days,
       sum(report_count) AS reports, sum(message_count) AS messages,
       max(day) AS last_seen
  FROM dmarc.overlap_day
 WHERE ($1::text IS NULL OR policy_domain = $1)
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity')
 GROUP BY policy_domain, reporter
 ORDER BY policy_domain, messages DESC, reporter;
