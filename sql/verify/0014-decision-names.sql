SELECT report_ref, tls_report_ref FROM dmarc.conflict_decision LIMIT 0;
