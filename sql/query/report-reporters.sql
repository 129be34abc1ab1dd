-- report-reporters: who reports on each domain; most messages first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, reporter, max(org_name) AS org_name,
              sum(report_count) AS reports, sum(record_count) AS records,
              sum(set_aside_count) AS set_aside,
              sum(message_count) AS messages, sum(pass_count) AS pass,
              min(day) AS first_day, max(day) AS last_day,
              sum(salvaged_count) AS salvaged, sum(error_count) AS errors,
              max(mail_domain) AS mail_domain,
              max(left_out_reason) AS left_out_reason,
              sum(sum(message_count)) OVER (PARTITION BY policy_domain)
                AS domain_messages
         FROM dmarc.reporter_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter),
     disagreement AS (
       SELECT policy_domain, reporter, sum(message_count) AS messages
         FROM dmarc.disagreement_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter),
     placed AS (
       SELECT f.*, coalesce(d.messages, 0) AS disagree,
              least(row_number() OVER (PARTITION BY f.policy_domain
                      ORDER BY f.messages DESC, f.reporter), $4::bigint + 1)
                AS place
         FROM figure f
         LEFT JOIN disagreement d ON d.policy_domain = f.policy_domain
                                 AND d.reporter = f.reporter)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS org_name,
       sum(reports) AS reports, sum(records) AS records,
       sum(set_aside) AS set_aside, sum(messages) AS messages,
       sum(pass) AS pass, min(first_day) AS first_day,
       max(last_day) AS last_day, sum(salvaged) AS salvaged,
       sum(errors) AS errors, sum(disagree) AS disagree,
       CASE WHEN count(*) = 1 THEN min(mail_domain) END AS mail_domain,
       CASE WHEN count(*) = 1 THEN min(left_out_reason) END
         AS left_out_reason,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY domain_messages, policy_domain, place
 ORDER BY domain_messages DESC, policy_domain, place;
