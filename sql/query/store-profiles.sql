-- store-profiles: from incoming_profile to auth_profile, in the order of the
-- digests for the same reason as the reports.
INSERT INTO dmarc.auth_profile (
       digest, header_from, header_from_org, envelope_from, adkim, aspf,
       disposition, eval_dkim, eval_spf, dkim, spf, reasons, arc_pass)
SELECT i.digest, i.header_from, i.header_from_org, i.envelope_from, i.adkim,
       i.aspf, i.disposition, i.eval_dkim, i.eval_spf, i.dkim, i.spf,
       i.reasons, i.arc_pass
  FROM pg_temp.incoming_profile i
 WHERE NOT EXISTS (SELECT FROM dmarc.auth_profile p
                    WHERE p.digest = i.digest)
 ORDER BY i.digest
    ON CONFLICT (digest) DO NOTHING;
