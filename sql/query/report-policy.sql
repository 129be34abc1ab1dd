-- report-policy: the policies of each domain, the oldest first; of many the
-- newest are listed.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH asked AS MATERIALIZED (
       SELECT ARRAY(SELECT d.id
                      FROM dmarc.policy_domain d
                     WHERE $1::text[] IS NULL OR d.name = ANY ($1)) AS ids),
     sight AS (
       SELECT policy_domain, number, sees, reporter, fo,
              sum(report_count) AS reports
         FROM dmarc.policy_sights((SELECT ids FROM asked))
        WHERE day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, number, sees, reporter, fo),
     figure AS (
       SELECT policy_domain, number, sum(reports) AS reports,
              count(DISTINCT reporter) AS reporters,
              sum(reports) FILTER (WHERE sees = 'this') AS seen,
              count(DISTINCT reporter) FILTER (WHERE sees = 'this')
                AS seen_reporters,
              coalesce(sum(reports) FILTER (WHERE sees = 'before'), 0) AS old,
              coalesce(sum(reports) FILTER (WHERE sees = 'other'), 0) AS other
         FROM sight
        GROUP BY policy_domain, number),
     -- Reporters write fo each in its way; most reports decide.
     fo AS (
       SELECT DISTINCT ON (policy_domain, number) policy_domain, number, fo
         FROM sight
        WHERE sees = 'this' AND fo IS NOT NULL
        GROUP BY policy_domain, number, fo
        ORDER BY policy_domain, number, sum(reports) DESC, fo),
     placed AS (
       SELECT i.*, o.fo, f.reports, coalesce(f.seen, 0) AS seen,
              f.seen_reporters, f.old, f.other,
              least(row_number() OVER (PARTITION BY i.policy_domain
                      ORDER BY i.number DESC), $4::bigint + 1) AS place
         FROM dmarc.policy_intervals((SELECT ids FROM asked)) i
         JOIN figure f ON f.policy_domain = i.policy_domain
                      AND f.number = i.number
         LEFT JOIN fo o ON o.policy_domain = i.policy_domain
                       AND o.number = i.number),
     line AS (
       SELECT policy_domain, place, min(number) AS number, min(p) AS p,
              min(sp) AS sp, min(np) AS np, min(adkim) AS adkim,
              min(aspf) AS aspf, min(pct) AS pct, min(fo) AS fo,
              min(testing) AS testing, min(first_day) AS first_day,
              max(last_day) AS last_day,
              sum(last_day - first_day + 1) AS days, sum(reports) AS reports,
              sum(seen) AS seen, min(seen_reporters) AS seen_reporters,
              sum(old) AS old, sum(other) AS other, count(*) = 1 AS alone,
              nullif(count(*), 1) AS more
         FROM placed
        GROUP BY policy_domain, place)
SELECT policy_domain AS domain,
       CASE WHEN alone THEN dmarc.policy_text(p, sp, np, pct, adkim, aspf,
         testing) END AS published,
       CASE WHEN alone THEN p END AS p, CASE WHEN alone THEN sp END AS sp,
       CASE WHEN alone THEN np END AS np,
       CASE WHEN alone THEN adkim END AS adkim,
       CASE WHEN alone THEN aspf END AS aspf,
       CASE WHEN alone THEN pct END AS pct, CASE WHEN alone THEN fo END AS fo,
       CASE WHEN alone THEN testing END AS testing, first_day AS from_day,
       last_day AS to_day, days, reports, seen,
       CASE WHEN alone THEN seen_reporters END AS seen_reporters, old, other,
       CASE WHEN alone THEN dmarc.policy_note(p, sp, pct, testing) END AS note,
       more
  FROM line
 ORDER BY policy_domain, alone DESC, number;
