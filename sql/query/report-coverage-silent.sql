-- report-coverage-silent: regular reporters that are missed.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH today AS MATERIALIZED (
       SELECT coalesce($3::date, dmarc.last_day()) AS day),
     placed AS (
       SELECT r.*, t.day - r.last_day AS silent_days,
              least(row_number() OVER (PARTITION BY r.policy_domain
                      ORDER BY r.messages DESC, r.reporter), $4::bigint + 1)
                AS place
         FROM today t
        CROSS JOIN LATERAL dmarc.reporter_rhythm(
                CASE WHEN cardinality($1::text[]) = 1 THEN $1[1] END, t.day) r
        WHERE ($1 IS NULL OR r.policy_domain = ANY ($1))
          AND r.overdue_day <= t.day
          AND r.policy_domain IN (
              SELECT policy_domain FROM dmarc.reporter_day
               WHERE ($1 IS NULL OR policy_domain = ANY ($1))
                 AND day BETWEEN coalesce($2::date, '-infinity')
                             AND coalesce($3::date, 'infinity')))
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       sum(days) AS days, sum(reports) AS reports, sum(messages) AS messages,
       CASE WHEN count(*) = 1 THEN min(usual_gap) END AS usual_gap,
       max(last_day) AS last_seen,
       CASE WHEN count(*) = 1 THEN min(silent_days) END AS silent_days,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
