-- report-return-paths: SPF results of each domain's own return-paths.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT policy_domain AS domain, domain AS return_path,
       sum(message_count) AS messages, sum(pass_count) AS pass,
       sum(fail_count) AS fail, sum(softfail_count) AS softfail,
       sum(neutral_count) AS neutral, sum(policy_count) AS by_policy,
       sum(permerror_count) AS permerror, sum(temperror_count) AS temperror,
       sum(other_count) AS other
  FROM dmarc.return_path_day
 WHERE ($1::text IS NULL OR policy_domain = $1)
   AND day BETWEEN coalesce($2::date, '-infinity')
               AND coalesce($3::date, 'infinity')
 GROUP BY policy_domain, domain
 ORDER BY policy_domain, messages DESC, return_path;
