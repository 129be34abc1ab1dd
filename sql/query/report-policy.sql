-- report-policy: the policies of each domain, the oldest first.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
WITH sight AS (
       SELECT policy_domain, number, sees, reporter, fo,
              sum(report_count) AS reports
         FROM dmarc.policy_sight_day
        WHERE ($1::text IS NULL OR policy_domain = $1)
          AND day BETWEEN coalesce($2::date, '-infinity')
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
        ORDER BY policy_domain, number, sum(reports) DESC, fo)
SELECT i.policy_domain AS domain,
       dmarc.policy_text(i.p, i.sp, i.np, i.pct, i.adkim, i.aspf, i.testing)
         AS published,
       i.p, i.sp, i.np, i.adkim, i.aspf, i.pct, o.fo, i.testing,
       i.first_day AS from_day, i.last_day AS to_day,
       i.last_day - i.first_day + 1 AS days, f.reports,
       coalesce(f.seen, 0) AS seen, f.seen_reporters, f.old, f.other,
       dmarc.policy_note(i.p, i.sp, i.pct, i.testing) AS note
  FROM dmarc.policy_interval i
  JOIN figure f ON f.policy_domain = i.policy_domain AND f.number = i.number
  LEFT JOIN fo o ON o.policy_domain = i.policy_domain AND o.number = i.number
 WHERE $1::text IS NULL OR i.policy_domain = $1
 ORDER BY i.policy_domain, i.number;
