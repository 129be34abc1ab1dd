-- report-tls-untrusted: how many TLS reports of the window are left out, as not
-- trusted, and the sessions of the domain in them.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT count(DISTINCT r.id) AS reports,
       dmarc.in_words(coalesce(sum(p.success_count + p.failure_count), 0))
         AS sessions
  FROM dmarc.tls_report r
  JOIN dmarc.tls_policy p ON p.tls_report_id = r.id
 WHERE r.tier = 'C'
   AND ($1::text IS NULL OR p.policy_domain = $1)
   AND r.day BETWEEN coalesce($2::date, '-infinity')
                 AND coalesce($3::date, 'infinity');
