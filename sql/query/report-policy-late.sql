-- report-policy-late: who saw the old policy after a change.  The days are
-- those of the change; of many the newest changes are listed.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH asked AS MATERIALIZED (
       SELECT ARRAY(SELECT d.id
                      FROM dmarc.policy_domain d
                     WHERE $1::text[] IS NULL OR d.name = ANY ($1)) AS ids),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY number DESC, lag_days DESC, reporter),
                       $4::bigint + 1) AS place
         FROM dmarc.policy_lates((SELECT ids FROM asked))
        WHERE changed_day BETWEEN coalesce($2::date, '-infinity')
                              AND coalesce($3::date, 'infinity'))
SELECT policy_domain AS domain, min(changed_day) AS from_day,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       sum(report_count) AS old, max(last_day) AS to_day,
       CASE WHEN count(*) = 1 THEN min(lag_days) END AS lag_days,
       CASE WHEN count(*) > 1 THEN NULL WHEN bool_and(still) THEN 'yes'
            ELSE 'no' END AS still,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, count(*) > 1, min(number), max(lag_days) DESC,
          min(reporter);
