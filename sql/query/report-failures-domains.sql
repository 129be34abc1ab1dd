-- report-failures-domains: how many failure reports there are on each domain.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.
SELECT policy_domain AS domain, min(day) AS first_day, max(day) AS last_day,
       sum(report_count) AS reports, count(DISTINCT reporter) AS reporters,
       sum(incident_count) AS mails
  FROM dmarc.failure_day
 WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity')
 GROUP BY policy_domain
 ORDER BY policy_domain;
