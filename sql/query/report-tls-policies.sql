-- report-tls-policies: which policies fail, and at whom; most failures first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
-- One report may have policies in several of the others, and is one.
WITH detail AS (
       SELECT policy_domain, coalesce(policy_type, 'not said') AS policy_type,
              reporter, org_name, tls_report_id, failure_count,
              success_count + failure_count AS session_count
         FROM dmarc.tls_policy_detail
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')),
     placed AS (
       SELECT policy_domain, policy_type, reporter,
              least(row_number() OVER (PARTITION BY policy_domain
                      ORDER BY sum(failure_count) DESC,
                               sum(session_count) DESC, policy_type,
                               reporter), $4::bigint + 1) AS place
         FROM detail
        GROUP BY policy_domain, policy_type, reporter)
SELECT d.policy_domain AS domain,
       CASE WHEN count(DISTINCT (d.policy_type, d.reporter)) = 1
            THEN min(d.policy_type) END AS policy_type,
       CASE WHEN count(DISTINCT (d.policy_type, d.reporter)) = 1
            THEN min(d.org_name) END AS organization,
       count(DISTINCT d.tls_report_id) AS of_reports,
       sum(d.session_count) AS sessions, sum(d.failure_count) AS failed,
       nullif(count(DISTINCT (d.policy_type, d.reporter)), 1) AS more
  FROM detail d
  JOIN placed p ON p.policy_domain = d.policy_domain
               AND p.policy_type = d.policy_type
               AND p.reporter = d.reporter
 GROUP BY d.policy_domain, p.place
 ORDER BY d.policy_domain, p.place;
