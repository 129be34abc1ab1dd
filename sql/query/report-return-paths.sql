-- report-return-paths: SPF results of each domain's own return-paths.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, domain AS return_path,
              sum(message_count) AS messages, sum(pass_count) AS pass,
              sum(fail_count) AS fail, sum(softfail_count) AS softfail,
              sum(neutral_count) AS neutral, sum(policy_count) AS by_policy,
              sum(permerror_count) AS permerror,
              sum(temperror_count) AS temperror, sum(other_count) AS other
         FROM dmarc.return_path_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, domain),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY messages DESC, return_path), $4::bigint + 1)
                   AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(return_path) END AS return_path,
       sum(messages) AS messages, sum(pass) AS pass, sum(fail) AS fail,
       sum(softfail) AS softfail, sum(neutral) AS neutral,
       sum(by_policy) AS by_policy, sum(permerror) AS permerror,
       sum(temperror) AS temperror, sum(other) AS other,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
