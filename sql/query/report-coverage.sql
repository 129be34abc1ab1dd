-- report-coverage: reports week by week; weeks begin on Monday.  Of many weeks
-- the newest are listed.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH week AS (
       SELECT policy_domain, date_trunc('week', day) AS week,
              min(day) AS from_day, max(day) AS to_day,
              count(DISTINCT day) AS days, sum(report_count) AS reports,
              count(DISTINCT reporter) AS reporters,
              sum(message_count) AS messages
         FROM dmarc.reporter_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, date_trunc('week', day)),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY week DESC), $4::bigint + 1) AS place
         FROM week)
SELECT policy_domain AS domain, min(from_day) AS from_day,
       max(to_day) AS to_day, sum(days) AS days, sum(reports) AS reports,
       CASE WHEN count(*) = 1 THEN min(reporters) END AS reporters,
       sum(messages) AS messages, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, count(*) > 1, min(from_day);
