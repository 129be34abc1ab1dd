-- Fails when the work of migration 0001 is not there.
SELECT version, name, applied_at FROM dmarc.schema_version WHERE false;
SELECT id, name, first_seen FROM dmarc.policy_domain WHERE false;
SELECT policy_domain_id, id, reporter, org_name, email, extra_contact_info,
       report_id, begin_at, end_at, day, p, sp, np, adkim, aspf, pct, fo,
       testing, discovery_method, generator, version, dialect, errors,
       record_count, set_aside_count, message_count, pass_count, salvaged,
       quirks, content_hash, source, part, message_id, mail_from, mail_auth,
       received_at, ingested_at
  FROM dmarc.report WHERE false;
SELECT id, digest, header_from, header_from_org, envelope_from, adkim, aspf,
       disposition, eval_dkim, eval_spf, dkim, spf, reasons, arc_pass
  FROM dmarc.auth_profile WHERE false;
SELECT report_id, message_count, policy_domain_id, profile_id, day, source_ip,
       envelope_to, remarks
  FROM dmarc.record WHERE false;
SELECT id, seen_at, source, part, message_id, mail_from, size, outcome, reason,
       detail, policy_domain, org_name, report_id, begin_at, end_at,
       record_count, set_aside_count, message_count, pass_count
  FROM dmarc.ingest_log WHERE false;
SELECT id, digest, first_seen_at, kind, source, part, reason, detail, size, raw,
       policy_domain, org_name, report_id, resolved_at, resolution
  FROM dmarc.set_aside WHERE false;
SELECT 'dmarc.make_partition(date)'::regprocedure,
       'dmarc.forget_report(text, text, text, timestamptz, timestamptz, bigint, text, text)'::regprocedure, 'dmarc.report_key'::regclass,
       'dmarc.record_domain_day'::regclass;
