-- report-coverage-silent: regular reporters that are missed.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT r.policy_domain AS domain, r.reporter, r.days, r.reports, r.messages,
       r.usual_gap, r.last_day AS last_seen,
       coalesce($3::date, dmarc.last_day()) - r.last_day AS silent_days
  FROM dmarc.reporter_rhythm($1, coalesce($3::date, dmarc.last_day())) r
 WHERE r.overdue_day <= coalesce($3::date, dmarc.last_day())
   AND r.policy_domain IN (
       SELECT policy_domain FROM dmarc.reporter_day
        WHERE day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity'))
 ORDER BY r.policy_domain, r.messages DESC, r.reporter;
