-- report-reporters: who reports on each domain; most messages first.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
WITH figure AS (
       SELECT policy_domain, reporter, max(org_name) AS org_name,
              sum(report_count) AS reports, sum(record_count) AS records,
              sum(set_aside_count) AS set_aside,
              sum(message_count) AS messages, sum(pass_count) AS pass,
              min(day) AS first_day, max(day) AS last_day,
              sum(salvaged_count) AS salvaged, sum(error_count) AS errors,
              sum(sum(message_count)) OVER (PARTITION BY policy_domain)
                AS domain_messages
         FROM dmarc.reporter_day
        WHERE ($1::text IS NULL OR policy_domain = $1)
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter),
     disagreement AS (
       SELECT policy_domain, reporter, sum(message_count) AS messages
         FROM dmarc.disagreement_day
        WHERE ($1::text IS NULL OR policy_domain = $1)
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter)
SELECT f.policy_domain AS domain, f.reporter, f.org_name, f.reports,
       f.records, f.set_aside, f.messages, f.pass, f.first_day, f.last_day,
       f.salvaged, f.errors, coalesce(d.messages, 0) AS disagree
  FROM figure f
  LEFT JOIN disagreement d ON d.policy_domain = f.policy_domain
                          AND d.reporter = f.reporter
 ORDER BY f.domain_messages DESC, f.policy_domain, f.messages DESC,
          f.reporter;
