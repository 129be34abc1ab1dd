-- report-tls-untrusted: how many TLS reports of the window are left out, as not
-- trusted.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT count(*) AS reports,
       dmarc.in_words(coalesce(sum(r.success_count + r.failure_count), 0))
         AS sessions
  FROM dmarc.tls_report r
 WHERE r.tier = 'C'
   AND ($1::text IS NULL
        OR EXISTS (SELECT FROM dmarc.tls_policy p
                    WHERE p.tls_report_id = r.id
                      AND p.policy_domain = $1))
   AND r.day BETWEEN coalesce($2::date, '-infinity')
                 AND coalesce($3::date, 'infinity');
