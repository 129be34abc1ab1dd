-- report-untrusted: how many reports of the window are left out, as not trusted.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT count(*) AS reports,
       dmarc.in_words(coalesce(sum(r.message_count), 0)) AS messages
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 WHERE r.tier = 'C'
   AND ($1::text IS NULL OR d.name = $1)
   AND r.day BETWEEN coalesce($2::date, '-infinity')
                 AND coalesce($3::date, 'infinity');
