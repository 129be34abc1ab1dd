-- report-coverage-without: days on which nobody reported.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT policy_domain AS domain, from_day, to_day, days
  FROM dmarc.day_without($1, $2, $3)
 ORDER BY policy_domain, from_day;
