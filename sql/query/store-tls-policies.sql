-- store-tls-policies: the policies of the incoming TLS reports that are new.
INSERT INTO dmarc.tls_policy (
       tls_report_id, n, policy_type, policy_domain, policy_string, mx_host,
       success_count, failure_count)
SELECT i.id, p.n, p.policy_type, p.policy_domain, p.policy_string, p.mx_host,
       p.success_count, p.failure_count
  FROM pg_temp.incoming_tls_policy p
  JOIN pg_temp.incoming_tls i ON i.n = p.report
 WHERE EXISTS (SELECT FROM dmarc.tls_report r WHERE r.id = i.id)
 ORDER BY i.id, p.n;
