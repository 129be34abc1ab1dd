-- report-tls-domains: what TLS reports say of each domain.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.
SELECT policy_domain AS domain, min(day) AS first_day, max(day) AS last_day,
       count(DISTINCT tls_report_id) AS reports,
       count(DISTINCT reporter) AS reporters,
       sum(success_count + failure_count) AS sessions,
       sum(failure_count) AS failed
  FROM dmarc.tls_policy_detail
 WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity')
 GROUP BY policy_domain
 ORDER BY policy_domain;
