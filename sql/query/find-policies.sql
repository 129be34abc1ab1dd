-- find-policies: the policies and failures of the TLS reports of a name.
-- $1 text: the name, as dmarc.is_named() has it.  $2 bigint: rows of a list at
-- most, or NULL for all; one more sums up the others, and "more" is their number.
WITH placed AS (
       SELECT r.id, p.n, p.policy_domain, p.policy_type, f.result_type,
              f.receiving_mx, f.sending_ip,
              CASE WHEN f.k = 1 OR f.k IS NULL
                   THEN p.success_count + p.failure_count END AS sessions,
              CASE WHEN f.k = 1 OR f.k IS NULL
                   THEN p.failure_count END AS failed,
              f.failure_count AS of_these,
              least(row_number() OVER (ORDER BY r.id, p.n, f.k),
                    $2::bigint + 1) AS place
         FROM dmarc.tls_report r
         JOIN dmarc.tls_policy p ON p.tls_report_id = r.id
         LEFT JOIN (SELECT *, row_number() OVER (
                             PARTITION BY tls_report_id, policy_n
                             ORDER BY failure_count DESC NULLS LAST,
                                      result_type, receiving_mx, sending_ip)
                             AS k
                      FROM dmarc.tls_failure) f
           ON f.tls_report_id = p.tls_report_id AND f.policy_n = p.n
        WHERE dmarc.is_named($1::text, r.report_id, r.message_id, r.source,
                             r.part))
SELECT CASE WHEN count(*) = 1 THEN min(id) END AS id,
       CASE WHEN count(*) = 1 THEN min(policy_domain) END AS domain,
       CASE WHEN count(*) = 1 THEN min(policy_type) END AS policy_type,
       sum(sessions) AS sessions, sum(failed) AS failed,
       CASE WHEN count(*) = 1 THEN min(result_type) END AS result_type,
       CASE WHEN count(*) = 1 THEN min(receiving_mx) END AS mx,
       CASE WHEN count(*) = 1 THEN host(min(sending_ip)) END AS sending_ip,
       sum(of_these) AS of_these, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY place;
