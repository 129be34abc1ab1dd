-- report-coverage-silent: regular reporters that are missed.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH asked AS MATERIALIZED (
       SELECT coalesce($3::date, dmarc.last_day()) AS day,
              ARRAY(SELECT d.id
                      FROM dmarc.policy_domain d
                     WHERE $1::text[] IS NULL OR d.name = ANY ($1)) AS ids),
     -- Who is overdue has reported on five days or more.
     overdue AS MATERIALIZED (
       SELECT r.*, a.day - r.last_day AS silent_days
         FROM asked a
        CROSS JOIN LATERAL dmarc.reporter_rhythm(a.ids, a.day, 5) r
        WHERE r.overdue_day <= a.day),
     placed AS (
       SELECT d.name AS policy_domain, o.*,
              least(row_number() OVER (PARTITION BY d.name
                      ORDER BY o.messages DESC, o.reporter), $4::bigint + 1)
                AS place
         FROM overdue o
         JOIN dmarc.policy_domain d ON d.id = o.policy_domain_id
        WHERE EXISTS (SELECT FROM dmarc.report t
                       WHERE t.policy_domain_id = o.policy_domain_id
                         AND dmarc.shown_tier(t.tier)
                         AND t.day BETWEEN coalesce($2::date, '-infinity')
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
