-- report-coverage-overlap: reporters whose periods overlap.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, reporter, count(DISTINCT day) AS days,
              sum(report_count) AS reports, sum(message_count) AS messages,
              max(day) AS last_seen
         FROM dmarc.overlap_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY messages DESC, reporter), $4::bigint + 1)
                   AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       sum(days) AS days, sum(reports) AS reports, sum(messages) AS messages,
       max(last_seen) AS last_seen, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
