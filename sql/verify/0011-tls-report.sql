SELECT id, policy_domain, reporter, org_name, contact_info, report_id, begin_at,
       end_at, day, policy_count, success_count, failure_count, quirks,
       content_hash, source, part, message_id, mail_from, mail_auth,
       received_at, ingested_at, tier, mail_domain, vouched_by, listed,
       left_out_reason, slot
  FROM dmarc.tls_report WHERE false;
SELECT tls_report_id, n, policy_type, policy_domain, policy_string, mx_host,
       success_count, failure_count
  FROM dmarc.tls_policy WHERE false;
SELECT tls_report_id, policy_n, result_type, failure_count, sending_ip,
       receiving_ip, receiving_mx, receiving_helo, additional_information,
       failure_reason_code
  FROM dmarc.tls_failure WHERE false;
SELECT kind FROM dmarc.ingest_log WHERE false;
