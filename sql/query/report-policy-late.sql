-- report-policy-late: who saw the old policy after a change.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day of the
-- change, or NULL.
SELECT policy_domain AS domain, changed_day AS from_day, reporter,
       report_count AS old, last_day AS to_day, lag_days,
       CASE WHEN still THEN 'yes' ELSE 'no' END AS still
  FROM dmarc.policy_late
 WHERE ($1::text IS NULL OR policy_domain = $1)
   AND changed_day BETWEEN coalesce($2::date, '-infinity')
                       AND coalesce($3::date, 'infinity')
 ORDER BY policy_domain, number, lag_days DESC, reporter;
