SELECT id, digest, policy_domain, day, reporter, auth_failure, delivery_result,
       incident_count, source_ip, dkim_domain, dkim_selector, source, part,
       message_id, mail_from, mail_auth, ingested_at, tier, mail_domain,
       left_out_reason
  FROM dmarc.failure_report WHERE false;
SELECT failure_report_id, redacted, original_mail_from, original_rcpt_to,
       from_address, subject, message_id, dkim_identity, spf_dns, auth_results,
       identity_alignment, reporting_mta, user_agent
  FROM dmarc.failure_personal WHERE false;
SELECT 1 / count(*)
  FROM pg_constraint
 WHERE conrelid = 'dmarc.ingest_log'::regclass
   AND conname = 'ingest_log_outcome_check'
   AND pg_get_constraintdef(oid) LIKE '%failure_report%';
