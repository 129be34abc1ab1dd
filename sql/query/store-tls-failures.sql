-- store-tls-failures: the failures of the incoming TLS reports that are new.
INSERT INTO dmarc.tls_failure (
       tls_report_id, policy_n, result_type, failure_count, sending_ip,
       receiving_ip, receiving_mx, receiving_helo, additional_information,
       failure_reason_code)
SELECT i.id, f.policy_n, f.result_type, f.failure_count, f.sending_ip,
       f.receiving_ip, f.receiving_mx, f.receiving_helo,
       f.additional_information, f.failure_reason_code
  FROM pg_temp.incoming_tls_failure f
  JOIN pg_temp.incoming_tls i ON i.n = f.report
 WHERE EXISTS (SELECT FROM dmarc.tls_report r WHERE r.id = i.id)
 ORDER BY i.id, f.policy_n;
