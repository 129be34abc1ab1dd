-- store-failure: count a failure report, and keep of it what is wanted.  A row
-- comes back when it is new, or when one that did not count counts now.
-- $1 bytea: digest.  $2 text: domain.  $3 text: auth_failure.  $4 text:
-- delivery_result.  $5 bigint: incidents.  $6 double precision: when the mail
-- came, $7 double precision: date of the carrying mail; seconds since 1970 or
-- NULL.  $8 text: source_ip, $9 text: dkim_domain, $10 text: dkim_selector.
-- $11 source, $12 part, $13 message_id, $14 mail_from, $15 mail_auth: of the
-- carrying mail, all text.  $16 boolean: redacted; NULL: count alone.  $17
-- original_mail_from, $18 original_rcpt_to, $19 from_address, $20 subject, $21
-- message_id, $22 dkim_identity, $23 spf_dns, $24 auth_results, $25
-- identity_alignment, $26 reporting_mta, $27 user_agent: all text.
WITH new AS (
       SELECT (coalesce(to_timestamp($6::double precision),
                        to_timestamp($7::double precision), now())
               AT TIME ZONE 'UTC')::date AS day,
              dmarc.address_domain($14::text) AS reporter),
     judged AS (
       SELECT n.day, n.reporter, j.tier, j.mail_domain, j.reason
         FROM new n
        CROSS JOIN dmarc.trust_settings s
        CROSS JOIN LATERAL dmarc.judge_report(coalesce(n.reporter, ''),
                     $14::text, $13::text, $15::text,
                     n.day > (now() AT TIME ZONE 'UTC')::date + 1,
                     s.ids, s.approved) j),
     stored AS (
       INSERT INTO dmarc.failure_report AS r (
              digest, policy_domain, day, reporter, auth_failure,
              delivery_result, incident_count, source_ip, dkim_domain,
              dkim_selector, source, part, message_id, mail_from, mail_auth,
              tier, mail_domain, left_out_reason)
       SELECT $1::bytea, $2::text, j.day, j.reporter, $3::text, $4::text,
              $5::bigint, $8::inet, $9::text, $10::text, $11::text, $12::text,
              $13::text, $14::text, $15::text, j.tier, j.mail_domain, j.reason
         FROM judged j
           ON CONFLICT (digest) DO UPDATE
          SET tier = excluded.tier, mail_domain = excluded.mail_domain,
              left_out_reason = excluded.left_out_reason,
              reporter = excluded.reporter, source = excluded.source,
              part = excluded.part, message_id = excluded.message_id,
              mail_from = excluded.mail_from, mail_auth = excluded.mail_auth
        WHERE r.tier = 'C' AND excluded.tier <> 'C'
       RETURNING r.id),
     kept AS (
       INSERT INTO dmarc.failure_personal (
              failure_report_id, redacted, original_mail_from,
              original_rcpt_to, from_address, subject, message_id,
              dkim_identity, spf_dns, auth_results, identity_alignment,
              reporting_mta, user_agent)
       SELECT s.id, $16::boolean, $17::text, $18::text, $19::text, $20::text,
              $21::text, $22::text, $23::text, $24::text, $25::text, $26::text,
              $27::text
         FROM stored s
        WHERE $16::boolean IS NOT NULL
           ON CONFLICT (failure_report_id) DO NOTHING)
SELECT id FROM stored;
