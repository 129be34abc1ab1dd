-- report-coverage-aside: what is set aside for a domain and still open.
-- $1 text: domain, or NULL for all.  $2, $3 date: domains with reports from
-- this day to that one, or NULL.
SELECT s.policy_domain AS domain, s.reason, count(*) AS things,
       min(s.org_name) AS reporter,
       (max(s.first_seen_at) AT TIME ZONE 'UTC')::date AS last_seen
  FROM dmarc.set_aside_open s
 WHERE ($1::text IS NULL OR s.policy_domain = $1)
   AND s.policy_domain IN (
       SELECT policy_domain FROM dmarc.reporter_day
        WHERE day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity'))
 GROUP BY s.policy_domain, s.reason
 ORDER BY s.policy_domain, things DESC, s.reason;
