-- How many reports say other sums than their records, and how many records
-- belong to no report.
WITH sums AS (
  SELECT r.id, r.record_count - r.set_aside_count AS records, r.message_count,
         r.pass_count, count(c.report_id) AS n,
         coalesce(sum(c.message_count), 0) AS messages,
         coalesce(sum(c.message_count) FILTER (
           WHERE 'pass' IN (p.eval_dkim, p.eval_spf)), 0) AS passes
    FROM dmarc.report r
    LEFT JOIN dmarc.record c ON c.policy_domain_id = r.policy_domain_id
                            AND c.report_id = r.id AND c.day = r.day
    LEFT JOIN dmarc.auth_profile p ON p.id = c.profile_id
   GROUP BY r.policy_domain_id, r.id)
SELECT (SELECT count(*) FROM sums
         WHERE records <> n OR message_count <> messages
            OR pass_count <> passes)
     + (SELECT count(*) FROM dmarc.record c
         WHERE NOT EXISTS (SELECT FROM dmarc.report r
                            WHERE r.policy_domain_id = c.policy_domain_id
                              AND r.id = c.report_id));
