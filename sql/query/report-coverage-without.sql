-- report-coverage-without: days on which nobody reported; of many runs the
-- newest.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH today AS MATERIALIZED (
       SELECT coalesce($3::date, dmarc.last_day()) AS day),
     placed AS (
       SELECT w.*, least(row_number() OVER (PARTITION BY w.policy_domain
                           ORDER BY w.from_day DESC), $4::bigint + 1) AS place
         FROM today t
        CROSS JOIN LATERAL dmarc.day_without(
                ARRAY(SELECT d.id
                        FROM dmarc.policy_domain d
                       WHERE $1::text[] IS NULL OR d.name = ANY ($1)),
                $2::date, t.day) w)
SELECT policy_domain AS domain, min(from_day) AS from_day,
       max(to_day) AS to_day, sum(days) AS days, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, count(*) > 1, min(from_day);
