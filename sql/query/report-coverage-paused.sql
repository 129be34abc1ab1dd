-- report-coverage-paused: reporters that paused and report again.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
--
-- A pause is longer than twice the usual gap (nine of ten are no longer), and a
-- day.  "days" are those on which others reported: where nobody did it is the
-- mailbox that paused.
WITH told AS MATERIALIZED (
       SELECT DISTINCT policy_domain, reporter, day
         FROM dmarc.reporter_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')),
     heard AS MATERIALIZED (
       SELECT policy_domain, day,
              row_number() OVER (PARTITION BY policy_domain ORDER BY day) AS n
         FROM (SELECT DISTINCT policy_domain, day FROM told) x),
     step AS MATERIALIZED (
       SELECT t.policy_domain, t.reporter, t.day,
              lag(t.day) OVER w AS before, h.n - lag(h.n) OVER w - 1 AS days
         FROM told t
         JOIN heard h ON h.policy_domain = t.policy_domain AND h.day = t.day
       WINDOW w AS (PARTITION BY t.policy_domain, t.reporter ORDER BY t.day)),
     usual AS MATERIALIZED (
       SELECT policy_domain, reporter,
              percentile_disc(0.9) WITHIN GROUP (ORDER BY day - before) AS gap
         FROM step
        WHERE before IS NOT NULL
        GROUP BY policy_domain, reporter
       HAVING count(*) >= 10),
     placed AS (
       SELECT s.*, u.gap,
              least(row_number() OVER (PARTITION BY s.policy_domain
                      ORDER BY s.day DESC, s.days DESC, s.reporter),
                    $4::bigint + 1) AS place
         FROM step s
         JOIN usual u ON u.policy_domain = s.policy_domain
                     AND u.reporter = s.reporter
        WHERE s.days > 0
          AND s.day - s.before > 2 * u.gap + 1)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       min(before) + 1 AS from_day, max(day) - 1 AS to_day,
       sum(days) AS days,
       CASE WHEN count(*) = 1 THEN min(gap) END AS usual_gap,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
