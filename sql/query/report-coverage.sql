-- report-coverage: reports week by week; weeks begin on Monday.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT policy_domain AS domain, min(day) AS from_day, max(day) AS to_day,
       count(DISTINCT day) AS days, sum(report_count) AS reports,
       count(DISTINCT reporter) AS reporters, sum(message_count) AS messages
  FROM dmarc.reporter_day
 WHERE ($1::text IS NULL OR policy_domain = $1)
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity')
 GROUP BY policy_domain, date_trunc('week', day)
 ORDER BY policy_domain, date_trunc('week', day);
