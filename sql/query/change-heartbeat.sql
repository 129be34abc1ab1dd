-- change-heartbeat: how much was looked at.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day.
SELECT count(DISTINCT policy_domain) AS domains,
       coalesce(sum(report_count), 0) AS reports,
       coalesce(sum(message_count), 0) AS messages
  FROM dmarc.reporter_day
 WHERE ($1::text IS NULL OR policy_domain = $1)
   AND day BETWEEN $2::date AND $3::date;
