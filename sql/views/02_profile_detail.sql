-- profile_detail: the verdict on one combination of identifiers and results.
--
-- dmarc_result is the reporter's evaluation and nothing else (RFC 7489 6.6.2):
-- pass when dkim or spf is pass, fail when both are fail, else unknown.  What
-- we recompute (alignment of each listed identifier) explains it and is
-- compared with it, but never replaces it.
CREATE OR REPLACE VIEW dmarc.profile_detail AS
SELECT p.id AS profile_id,
       p.header_from, p.header_from_org, p.envelope_from, p.adkim, p.aspf,
       p.disposition, p.eval_dkim, p.eval_spf,
       v.dmarc_result,
       d.author_signature, d.author_selector,
       d.third_party_signature, d.third_party_selector, d.third_party_org,
       coalesce(s.return_path, nullif(p.envelope_from, '')) AS return_path,
       s.return_path_result,
       CASE
         WHEN d.third_party_org IS NOT NULL THEN d.third_party_org
         WHEN s.foreign_org IS NOT NULL THEN s.foreign_org
         WHEN v.dmarc_result = 'pass' OR d.author_signature IS NOT NULL
              OR s.pass_aligned OR d.pass_same_org OR s.pass_same_org
           THEN p.header_from_org
       END AS sender,
       CASE
         WHEN d.third_party_org IS NOT NULL OR s.foreign_org IS NOT NULL
           THEN 'third_party'
         WHEN v.dmarc_result = 'pass' OR d.author_signature IS NOT NULL
              OR s.pass_aligned OR d.pass_same_org OR s.pass_same_org
           THEN 'author'
         ELSE 'unauthenticated'
       END AS sender_kind,
       CASE
         WHEN v.dmarc_result = 'pass' THEN 'none'
         WHEN v.dmarc_result = 'unknown' THEN 'not_evaluated'
         WHEN d.author_signature IS NOT NULL OR s.pass_aligned
           THEN 'report_inconsistent'
         WHEN d.pass_same_org OR s.pass_same_org THEN 'strict_mismatch'
         WHEN p.reasons && ARRAY['forwarded', 'mailing_list', 'trusted_forwarder']
              OR p.arc_pass THEN 'indirect'
         WHEN d.temperror OR s.temperror THEN 'dns_temperror'
         WHEN d.broken_known
              AND (d.third_party_org IS NOT NULL OR s.foreign_org IS NOT NULL)
           THEN 'modified_in_transit'
         WHEN d.broken_known THEN 'broken_author_signature'
         WHEN d.third_party_org IS NOT NULL THEN 'third_party_signature_only'
         WHEN s.foreign_org IS NOT NULL THEN 'third_party_return_path_only'
         ELSE 'unauthenticated'
       END AS finding,
       CASE
         WHEN p.eval_dkim = 'pass' AND d.author_signature IS NULL
           THEN 'dkim pass without a listed aligned pass'
         WHEN p.eval_spf = 'pass' AND NOT s.pass_aligned
           THEN 'spf pass without a listed aligned pass'
         WHEN p.eval_dkim = 'fail' AND d.author_signature IS NOT NULL
           THEN 'dkim fail beside a listed aligned pass'
         WHEN p.eval_spf = 'fail' AND s.pass_aligned
           THEN 'spf fail beside a listed aligned pass'
       END AS disagreement,
       d.dkim, s.spf, array_to_string(p.reasons, ' ') AS reasons, p.arc_pass
  FROM dmarc.auth_profile p
 CROSS JOIN LATERAL (
       SELECT CASE
                WHEN p.eval_dkim = 'pass' OR p.eval_spf = 'pass' THEN 'pass'
                WHEN p.eval_dkim = 'fail' AND p.eval_spf = 'fail' THEN 'fail'
                ELSE 'unknown'
              END AS dmarc_result) v
 CROSS JOIN LATERAL (
       SELECT (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.pass AND x.aligned))[1]
                AS author_signature,
              (array_agg(x.selector ORDER BY x.n) FILTER (WHERE x.pass AND x.aligned))[1]
                AS author_selector,
              (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS third_party_signature,
              (array_agg(x.selector ORDER BY x.n) FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS third_party_selector,
              -- A public suffix has no organizational domain.
              (array_agg(coalesce(x.org_domain, x.domain) ORDER BY x.n)
                 FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS third_party_org,
              coalesce(bool_or(x.pass AND x.alignment = 'relaxed'), false)
                AS pass_same_org,
              coalesce(bool_or(x.result = 'temperror' AND x.alignment <> 'none'), false)
                AS temperror,
              coalesce(bool_or(x.result IN ('fail', 'permerror', 'neutral', 'policy')
                               AND x.alignment <> 'none'
                               AND (x.domain, x.selector) IN
                                   (SELECT k.domain, k.selector
                                      FROM dmarc.known_selector k)), false)
                AS broken_known,
              string_agg(coalesce(x.domain, '-') || '/' || coalesce(x.selector, '-')
                         || '=' || coalesce(x.result, '-'), '; ' ORDER BY x.n) AS dkim
         FROM (SELECT u.*, u.result = 'pass' AS pass,
                      u.alignment = 'strict'
                      OR (u.alignment = 'relaxed' AND p.adkim <> 's') AS aligned
                 FROM unnest(p.dkim) WITH ORDINALITY
                      AS u (domain, selector, result, org_domain, alignment, n)) x) d
 CROSS JOIN LATERAL (
       -- Only the MAIL FROM identity counts for DMARC; reporters that give no
       -- scope mean that one.
       SELECT coalesce(
                (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.mfrom AND x.pass))[1],
                (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.mfrom))[1])
                AS return_path,
              coalesce(
                (array_agg(x.result ORDER BY x.n) FILTER (WHERE x.mfrom AND x.pass))[1],
                (array_agg(x.result ORDER BY x.n) FILTER (WHERE x.mfrom))[1])
                AS return_path_result,
              coalesce(bool_or(x.mfrom AND x.pass AND x.aligned), false)
                AS pass_aligned,
              coalesce(bool_or(x.mfrom AND x.pass AND x.alignment = 'relaxed'), false)
                AS pass_same_org,
              coalesce(bool_or(x.mfrom AND x.result = 'temperror'
                               AND x.alignment <> 'none'), false)
                AS temperror,
              (array_agg(coalesce(x.org_domain, x.domain) ORDER BY x.n)
                 FILTER (WHERE x.mfrom AND x.pass AND x.alignment = 'none'))[1]
                AS foreign_org,
              string_agg(coalesce(x.domain, '-') || coalesce('/' || x.scope, '')
                         || '=' || coalesce(x.result, '-'), '; ' ORDER BY x.n) AS spf
         FROM (SELECT u.*, u.result = 'pass' AS pass,
                      coalesce(u.scope, 'mfrom') = 'mfrom' AS mfrom,
                      u.alignment = 'strict'
                      OR (u.alignment = 'relaxed' AND p.aspf <> 's') AS aligned
                 FROM unnest(p.spf) WITH ORDINALITY
                      AS u (domain, scope, result, org_domain, alignment, n)) x) s;
COMMENT ON VIEW dmarc.profile_detail IS 'one row per combination of identifiers and results, with the verdict on it';
COMMENT ON COLUMN dmarc.profile_detail.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_detail.header_from IS 'author domain (RFC5322.From)';
COMMENT ON COLUMN dmarc.profile_detail.header_from_org IS 'its organizational domain';
COMMENT ON COLUMN dmarc.profile_detail.envelope_from IS 'identifiers/envelope_from as sent';
COMMENT ON COLUMN dmarc.profile_detail.adkim IS 'DKIM alignment mode';
COMMENT ON COLUMN dmarc.profile_detail.aspf IS 'SPF alignment mode';
COMMENT ON COLUMN dmarc.profile_detail.disposition IS 'what the reporter did';
COMMENT ON COLUMN dmarc.profile_detail.eval_dkim IS 'the reporter''s verdict on aligned DKIM';
COMMENT ON COLUMN dmarc.profile_detail.eval_spf IS 'the reporter''s verdict on aligned SPF';
COMMENT ON COLUMN dmarc.profile_detail.dmarc_result IS 'pass, fail or unknown, by the reporter''s evaluation';
COMMENT ON COLUMN dmarc.profile_detail.author_signature IS 'd= of a passing, aligned signature';
COMMENT ON COLUMN dmarc.profile_detail.author_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_detail.third_party_signature IS 'd= of the first passing signature of another organization';
COMMENT ON COLUMN dmarc.profile_detail.third_party_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_detail.third_party_org IS 'organizational domain of that signature';
COMMENT ON COLUMN dmarc.profile_detail.return_path IS 'return-path domain (RFC5321.MailFrom) that SPF was checked for, or envelope_from';
COMMENT ON COLUMN dmarc.profile_detail.return_path_result IS 'raw SPF result for it';
COMMENT ON COLUMN dmarc.profile_detail.sender IS 'organizational domain that the mail is authenticated as: third-party signature, third-party return-path, else the author''s; NULL: none';
COMMENT ON COLUMN dmarc.profile_detail.sender_kind IS 'author, third_party or unauthenticated';
COMMENT ON COLUMN dmarc.profile_detail.finding IS 'what is wrong, one code; none for mail that passes';
COMMENT ON COLUMN dmarc.profile_detail.disagreement IS 'where the reporter''s evaluation does not follow from the results it lists; NULL: it does';
COMMENT ON COLUMN dmarc.profile_detail.dkim IS 'every DKIM result: d=/s==result';
COMMENT ON COLUMN dmarc.profile_detail.spf IS 'every SPF result: domain/scope=result';
COMMENT ON COLUMN dmarc.profile_detail.reasons IS 'override reason types';
COMMENT ON COLUMN dmarc.profile_detail.arc_pass IS 'a local_policy reason says arc=pass';

-- finding_text: the reading of a finding, in the operator's words.
CREATE OR REPLACE FUNCTION dmarc.finding_text(finding text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE finding
    WHEN 'none' THEN 'nothing'
    WHEN 'not_evaluated' THEN 'reporter gave no verdict'
    WHEN 'report_inconsistent' THEN 'reporter ignores an aligned pass'
    WHEN 'strict_mismatch' THEN 'strict alignment, subdomain signed'
    WHEN 'indirect' THEN 'forwarded or list, says the reporter'
    WHEN 'dns_temperror' THEN 'DNS failed at the reporter'
    WHEN 'modified_in_transit' THEN 'author signature broken on the way'
    WHEN 'broken_author_signature' THEN 'author signature broken'
    WHEN 'third_party_signature_only' THEN 'no author DKIM signature'
    WHEN 'third_party_return_path_only' THEN 'unsigned, foreign return-path'
    WHEN 'unauthenticated' THEN 'nothing authenticates it'
    ELSE finding END $$;
COMMENT ON FUNCTION dmarc.finding_text(text) IS 'a finding in words';
