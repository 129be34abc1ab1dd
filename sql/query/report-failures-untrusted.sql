-- report-failures-untrusted: how many failure reports of the window are left out,
-- as not trusted.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT count(*) AS reports,
       dmarc.in_words(coalesce(sum(incident_count), 0)) AS mails
  FROM dmarc.failure_report
 WHERE tier = 'C'
   AND ($1::text IS NULL OR policy_domain = $1)
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity');
