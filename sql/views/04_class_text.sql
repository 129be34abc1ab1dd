-- The words to a class.

-- class_text: its reading, short enough for a column.
CREATE OR REPLACE FUNCTION dmarc.class_text(class text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE class
    WHEN 'PASS_BOTH' THEN 'nothing'
    WHEN 'PASS_DKIM/SPF_DNS_ERROR' THEN 'passes by DKIM; SPF record in error'
    WHEN 'PASS_DKIM/SPF_STRICT_MISMATCH' THEN 'passes by DKIM; return-path misses strict SPF'
    WHEN 'PASS_DKIM/SPF_OMISSION' THEN 'passes by DKIM; missing from SPF'
    WHEN 'PASS_DKIM/FORWARDER_KEPT_ENVELOPE' THEN 'forwarded, DKIM saved it'
    WHEN 'PASS_DKIM/ESP_OWN_RETURN_PATH' THEN 'nothing; vendor''s own return-path'
    WHEN 'PASS_DKIM/FORWARDER_REWROTE_ENVELOPE' THEN 'forwarded with a new return-path, DKIM saved it'
    WHEN 'PASS_DKIM/SPF_NONE' THEN 'nothing; no SPF identity'
    WHEN 'PASS_SPF/DKIM_DNS_ERROR' THEN 'passes by SPF; key not found for a DNS error'
    WHEN 'PASS_SPF/DKIM_STRICT_MISMATCH' THEN 'passes by SPF; signature misses strict DKIM'
    WHEN 'PASS_SPF/DKIM_BROKEN' THEN 'passes by SPF only; author signature broken'
    WHEN 'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY' THEN 'passes by SPF only; no author signature'
    WHEN 'PASS_SPF/UNSIGNED' THEN 'passes by SPF only; not signed'
    WHEN 'FAIL/REPORT_INCONSISTENT' THEN 'reporter ignores an aligned pass'
    WHEN 'FAIL/STRICT_MISMATCH' THEN 'aligned, but not strictly'
    WHEN 'FAIL/INDIRECT_OVERRIDE' THEN 'forwarded or list, says the reporter'
    WHEN 'FAIL/INDIRECT_ARC' THEN 'forwarded, ARC passes'
    WHEN 'FAIL/INDIRECT_FORWARDER' THEN 'sent again by a forwarder or list'
    WHEN 'FAIL/DNS_TEMPERROR' THEN 'DNS failed at the reporter'
    WHEN 'FAIL/INDIRECT_MODIFIED' THEN 'author signature broken on the way'
    WHEN 'FAIL/BROKEN_AUTHOR_SIGNATURE' THEN 'author signature broken'
    WHEN 'FAIL/SPF_PERMERROR' THEN 'SPF record in error, and no author signature'
    WHEN 'FAIL/SPF_OMISSION_UNSIGNED' THEN 'missing from SPF, and no author signature'
    WHEN 'FAIL/AUTHENTICATED_UNALIGNED_KNOWN' THEN 'no author signature'
    WHEN 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN' THEN 'no author signature; yours?'
    WHEN 'FAIL/UNAUTHENTICATED' THEN 'nothing authenticates it'
    WHEN 'NO_VERDICT' THEN 'reporter gave no verdict'
    ELSE class END $$;
COMMENT ON FUNCTION dmarc.class_text(text) IS 'the reading of a class, a few words';

-- sender_base: the catalogue's name in "Microsoft 365 (tenant)".
CREATE OR REPLACE FUNCTION dmarc.sender_base(sender text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM dmarc.sender q WHERE q.name = sender)
              THEN sender
              ELSE regexp_replace(sender, ' \([^()]*\)$', '') END $$;
COMMENT ON FUNCTION dmarc.sender_base(text) IS 'the name in the catalogue of a sender that is called with its tenant';

-- class_evidence: the values that were seen, as a sentence without its end.
CREATE OR REPLACE FUNCTION dmarc.class_evidence(class text, header_from text,
  author_signature text, author_selector text, broken_signature text,
  broken_selector text, third_party_signature text, third_party_selector text,
  return_path text, return_path_result text)
RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT concat_ws('; ',
    CASE
      WHEN author_signature IS NOT NULL THEN
        'signed as ' || author_signature
        || coalesce(' with selector ' || author_selector, '')
      WHEN broken_signature IS NOT NULL THEN
        'signature of ' || broken_signature
        || coalesce(' with selector ' || broken_selector, '') || ' broken'
    END,
    CASE WHEN third_party_signature IS NOT NULL THEN
      CASE WHEN author_signature IS NULL THEN 'signed as ' ELSE 'also as ' END
      || third_party_signature
      || coalesce(' with selector ' || third_party_selector, '') END,
    CASE WHEN author_signature IS NULL AND broken_signature IS NULL
         THEN 'no signature of ' || coalesce(header_from, 'the author domain') END,
    CASE WHEN return_path IS NOT NULL
         THEN 'return-path ' || return_path
              || coalesce(', SPF ' || return_path_result, ', SPF not reported') END) $$;
COMMENT ON FUNCTION dmarc.class_evidence(text, text, text, text, text, text, text, text, text, text) IS
  'the identifiers that were seen, in words';

-- class_action: what to do about it, in the operator's words; NULL: nothing.
-- sender is the name in the reports, role the operator's word on it, known
-- whether it is his or a vendor's as far as we know, stream what it counts as.
CREATE OR REPLACE FUNCTION dmarc.class_action(class text, sender text,
  role text, known boolean, stream text, header_from text, adkim text,
  aspf text)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN role = 'hostile' THEN
      CASE WHEN class LIKE 'PASS_%'
           THEN 'you call it hostile, yet it passes: find out who gave it your key or an address in your SPF record'
      END
    WHEN role = 'forwarder' THEN NULL
    WHEN class IN ('FAIL/AUTHENTICATED_UNALIGNED_KNOWN',
                   'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN',
                   'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY') THEN
      CASE
        WHEN class = 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN' AND q.name IS NULL
          THEN 'somebody sends as ' || coalesce(header_from, 'you') || ' through '
               || coalesce(sender, 'a service')
               || '; find out who: if it is yours, have it sign with DKIM as '
               || coalesce(header_from, 'the author domain')
               || ', and say dmarc-report sender ''' || coalesce(sender, '?')
               || ''' vendor; if not, hostile'
        WHEN q.name IS NULL
          THEN 'have ' || coalesce(sender, 'it') || ' sign with DKIM as '
               || coalesce(header_from, 'the author domain')
               || ' (author signature, 作成者署名); its own signature does not count'
        ELSE
          CASE WHEN class = 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN'
               THEN 'if it is yours: ' ELSE '' END
          || CASE
            WHEN q.layer IN ('infrastructure', 'gateway')
              THEN 'some system sends through ' || q.name
                   || ': find whose account it is; then ' ELSE '' END
          || CASE q.author_dkim
            WHEN 'yes' THEN 'in ' || q.name || ', set up DKIM for '
              || coalesce(header_from, 'your domain')
              || coalesce(': ' || q.dkim_setup, '')
            WHEN 'plan' THEN q.name || ' signs as your domain only in some plan or option'
              || coalesce(': ' || q.dkim_setup, '')
              || '; until then send from an address of the vendor''s, or from a subdomain with a policy of its own'
            WHEN 'no' THEN q.name || ' cannot sign as your domain; '
              || CASE q.return_path
                   WHEN 'no' THEN 'send with the vendor''s own From address (and yours as Reply-To), or through your own servers'
                   WHEN 'unknown' THEN 'ask whether its return-path can be under '
                     || coalesce(header_from, 'your domain')
                     || '; otherwise send with the vendor''s own From address'
                   ELSE 'align the return-path instead'
                     || coalesce(': ' || q.return_path_setup, '') END
            ELSE 'ask ' || q.name || ' for DKIM with an author signature (作成者署名) of '
              || coalesce(header_from, 'your domain') END
          || CASE WHEN class = 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN'
                  THEN '; if not: dmarc-report sender ''' || sender || ''' hostile'
                  ELSE '' END
      END
      || CASE WHEN class = 'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY'
              THEN '; SPF alone breaks when mail is forwarded, and p=reject must not rest on it (RFC 9989 7.4)'
              ELSE '' END
    WHEN class = 'PASS_SPF/UNSIGNED' THEN
      'switch on DKIM for ' || coalesce(header_from, 'the author domain')
      || CASE WHEN q.author_dkim = 'yes'
              THEN coalesce(' (' || q.dkim_setup || ')', '') ELSE '' END
      || '; SPF alone breaks when mail is forwarded, and p=reject must not rest on it (RFC 9989 7.4)'
    WHEN class = 'PASS_SPF/DKIM_BROKEN' THEN
      'repair the signer or its key record: nothing may change the mail after it is signed; forwarded mail of it is lost'
    WHEN class = 'PASS_SPF/DKIM_STRICT_MISMATCH' OR class = 'PASS_DKIM/SPF_STRICT_MISMATCH'
      OR class = 'FAIL/STRICT_MISMATCH' THEN
      CASE WHEN class = 'PASS_DKIM/SPF_STRICT_MISMATCH'
           THEN 'publish aspf=r, or use a return-path of '
           WHEN class = 'PASS_SPF/DKIM_STRICT_MISMATCH'
           THEN 'publish adkim=r, or sign as '
           ELSE 'publish ' || concat_ws(' and ', CASE WHEN adkim = 's' THEN 'adkim=r' END,
                  CASE WHEN aspf = 's' THEN 'aspf=r' END)
                || ', or align exactly with ' END
      || coalesce(header_from, 'the author domain')
    WHEN class IN ('PASS_DKIM/SPF_DNS_ERROR', 'FAIL/SPF_PERMERROR') THEN
      'look at the SPF record of the return-path: it is in error (more than ten look-ups, two records, a typing error), or DNS failed'
    WHEN class = 'PASS_DKIM/SPF_OMISSION' THEN
      'add its addresses to the SPF record of ' || coalesce(header_from, 'the return-path domain')
    WHEN class = 'FAIL/SPF_OMISSION_UNSIGNED' THEN
      'have it sign with DKIM as ' || coalesce(header_from, 'the author domain')
      || ', or send through a server that does; and add it to the SPF record'
    WHEN class = 'FAIL/BROKEN_AUTHOR_SIGNATURE' THEN
      CASE WHEN known
           THEN 'repair the signer or its key record'
           ELSE 'see whether one of your signers or gateways changes mail after signing; if it is nobody of yours, nothing' END
    WHEN class = 'FAIL/UNAUTHENTICATED' THEN
      CASE WHEN known
           THEN 'have it sign with DKIM as ' || coalesce(header_from, 'the author domain')
                || ', and add it to the SPF record'
           WHEN role = 'retired' THEN 'it was to send no more, and does: look'
           WHEN q.layer <> 'host'
             THEN 'it comes from machines of ' || q.name
                  || ', and nothing authenticates it: if it is yours, have it sign with DKIM as '
                  || coalesce(header_from, 'the author domain')
                  || '; if not: dmarc-report sender ''' || sender || ''' hostile'
           WHEN stream = 'unresolved'
             THEN 'it sends day after day, as a machine does that was forgotten or that your people send through: if it is yours, have it sign with DKIM as '
                  || coalesce(header_from, 'the author domain')
                  || ' and say dmarc-report sender ''' || sender
                  || ''' own; if not, hostile'
      END
    WHEN class = 'FAIL/REPORT_INCONSISTENT' THEN NULL
    END
    FROM (SELECT 1) one
    LEFT JOIN dmarc.sender q ON q.name = dmarc.sender_base(class_action.sender) $$;
COMMENT ON FUNCTION dmarc.class_action(text, text, text, boolean, text, text, text, text) IS
  'what the operator should do about mail of this class by this sender; NULL: nothing';
