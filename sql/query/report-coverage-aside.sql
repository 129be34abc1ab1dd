-- report-coverage-aside: what is set aside for a domain and still open.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT s.policy_domain, s.reason, count(*) AS things,
              min(s.org_name) AS reporter,
              (max(s.first_seen_at) AT TIME ZONE 'UTC')::date AS last_seen
         FROM dmarc.set_aside_open s
        WHERE ($1::text[] IS NULL OR s.policy_domain = ANY ($1))
          AND s.policy_domain IN (
              SELECT policy_domain FROM dmarc.reporter_day
               WHERE ($1 IS NULL OR policy_domain = ANY ($1))
                 AND day BETWEEN coalesce($2::date, '-infinity')
                             AND coalesce($3::date, 'infinity'))
        GROUP BY s.policy_domain, s.reason),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY things DESC, reason), $4::bigint + 1)
                   AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(reason) END AS reason,
       sum(things) AS things,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       max(last_seen) AS last_seen, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
