-- settle_words: of the words on a sender and domain the newest is in force.
-- Who gives a word need not be able to change older ones; hence the owner's
-- rights.  Whoever calls it, and however often: it writes what follows from the
-- words that are there.
CREATE OR REPLACE FUNCTION dmarc.settle_words(sender text, policy_domain text)
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE dmarc.sender_inventory i
     SET in_force = false
   WHERE i.in_force
     AND i.sender = settle_words.sender
     AND i.policy_domain IS NOT DISTINCT FROM settle_words.policy_domain
     AND EXISTS (SELECT FROM dmarc.sender_inventory n
                  WHERE n.sender = i.sender
                    AND n.policy_domain IS NOT DISTINCT FROM i.policy_domain
                    AND n.id > i.id);
  UPDATE dmarc.sender_inventory i
     SET in_force = true
   WHERE NOT i.in_force
     AND i.role IS NOT NULL
     AND i.sender = settle_words.sender
     AND i.policy_domain IS NOT DISTINCT FROM settle_words.policy_domain
     AND NOT EXISTS (SELECT FROM dmarc.sender_inventory n
                      WHERE n.sender = i.sender
                        AND n.policy_domain IS NOT DISTINCT FROM i.policy_domain
                        AND n.id > i.id) $$;
COMMENT ON FUNCTION dmarc.settle_words(text, text) IS 'puts the newest word on a sender and domain in force, and no other';

-- A trigger never has the owner's rights (see profile_added).
CREATE OR REPLACE FUNCTION dmarc.sender_spoken() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_WHEN = 'BEFORE' THEN
    NEW.in_force := false;
    RETURN NEW;
  END IF;
  PERFORM dmarc.settle_words(NEW.sender, NEW.policy_domain);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.sender_spoken() IS 'trigger: a word comes into force when it is there';
CREATE OR REPLACE TRIGGER sender_spoken BEFORE INSERT ON dmarc.sender_inventory
  FOR EACH ROW EXECUTE FUNCTION dmarc.sender_spoken();
CREATE OR REPLACE TRIGGER sender_settled AFTER INSERT ON dmarc.sender_inventory
  FOR EACH ROW EXECUTE FUNCTION dmarc.sender_spoken();

-- sender_word: what the operator says of a sender today.
CREATE OR REPLACE VIEW dmarc.sender_word AS
SELECT sender, policy_domain, role, owner, note, said_at, said_by, since
  FROM dmarc.sender_inventory
 WHERE in_force;
COMMENT ON VIEW dmarc.sender_word IS 'the operator''s word on each sender as it stands';
COMMENT ON COLUMN dmarc.sender_word.sender IS 'as the reports call it, or an address';
COMMENT ON COLUMN dmarc.sender_word.policy_domain IS 'for this domain only; NULL: for all that have no word of their own';
COMMENT ON COLUMN dmarc.sender_word.role IS 'own, vendor, forwarder, hostile or retired';
COMMENT ON COLUMN dmarc.sender_word.owner IS 'who answers for it';
COMMENT ON COLUMN dmarc.sender_word.note IS 'anything worth knowing';
COMMENT ON COLUMN dmarc.sender_word.said_at IS 'when';
COMMENT ON COLUMN dmarc.sender_word.since IS 'the day from which on it is true, as the operator says.  A verdict is the same for mail of each day, so all mail is judged by the word; only a retired sender whose mail is older is nothing to look at';
COMMENT ON COLUMN dmarc.sender_inventory.since IS 'the day from which on it is true, as the operator says; see sender_word';
COMMENT ON COLUMN dmarc.sender_word.said_by IS 'by which user of the database';

-- broken_is_known: one of the broken signatures has a selector that verified
-- somewhere; anybody can paste a bogus signature with somebody's d=.  Where the
-- reporter gives no selector, any of that domain will do.
CREATE OR REPLACE FUNCTION dmarc.broken_is_known(dkim dmarc.dkim_result[])
RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT FROM unnest(dkim) x
     WHERE dmarc.is_learned('selector', x.domain,
             coalesce(x.selector, ''))
       AND x.result IN ('fail', 'permerror', 'neutral', 'policy')
       AND x.alignment IN ('strict', 'relaxed')) $$;
COMMENT ON FUNCTION dmarc.broken_is_known(dmarc.dkim_result[]) IS 'a broken author signature among these has a selector that verified before';

-- judge_pairs: who sent mail of this profile from this address, what is wrong with
-- it, and what it counts as.
--
-- The name.  Who sent it again goes first, for that is where it came from;
-- then who composed it; then whom the identifiers name though the catalogue
-- does not; then the infrastructure that carried it.  The address speaks when
-- the identifiers do not, and a host names only mail that nothing else names.
--
-- The class.  The reporter's evaluation makes the split, as everywhere; the
-- first line that fits wins.  known: the sender is the owner's or a vendor's,
-- by the operator's word, or, while there is none, by what was learned: it has
-- sent with the author's signature before, or signs with a selector of its own,
-- or the machine's confirmed name lies in the author's own domain.
--
-- A signature travels with the mail, so it does not say whose the address is.
-- our_address: the operator says so, its confirmed name is the author's, SPF
-- passed from there before, or most of the domain's mail comes from there.
-- sender_address: its name is the sender's, who does not send again what his
-- users get.  Only with one of them an address is missing from an SPF record.
DROP FUNCTION IF EXISTS dmarc.judge_pairs(text[], integer[], inet[]);
CREATE OR REPLACE FUNCTION dmarc.judge_pairs(policy_domains text[],
  profile_ids integer[], source_ips inet[])
RETURNS TABLE (n bigint, policy_domain text, profile_id integer,
  source_ip inet, sender text, sender_kind text, sender_evidence text,
  platform text, relay text, forwarder text, role text, known boolean,
  class text, confidence text, stream text, dmarc_result text,
  eval_dkim text, disposition text, header_from text, reasons text[])
LANGUAGE sql STABLE AS $$
SELECT o.n, o.policy_domain, o.profile_id, o.source_ip, n.sender,
       CASE
         WHEN f.dkim_pass_foreign OR f.spf_pass_foreign THEN 'third_party'
         WHEN f.dmarc_result = 'pass' OR n.author THEN 'author'
         ELSE 'unauthenticated'
       END,
       n.evidence, l.platform, l.relay, l.forwarder, k.role, k.known, c.class,
       CASE
         WHEN k.role IS NOT NULL THEN 'confirmed'
         WHEN (c.class LIKE 'PASS_DKIM/FORWARDER_%' AND l.forwarder IS NOT NULL)
              OR (c.class = 'FAIL/UNAUTHENTICATED' AND k.known)
           THEN 'presumed'
         ELSE x.confidence
       END,
       CASE
         WHEN k.role = 'hostile' THEN 'hostile'
         -- A domain that sends no mail: whatever fails is forged.
         WHEN st.role = 'hostile' AND k.role IS NULL AND NOT k.known
              AND f.dmarc_result = 'fail'
           THEN 'hostile'
         WHEN x.stream_unknown = 'undetermined' THEN 'undetermined'
         WHEN k.role = 'forwarder' THEN 'indirect'
         WHEN k.known THEN x.stream_known
         -- A sending service knows its customers: its machines do not forge.
         -- A forger moves on: what stays may be a machine that was forgotten.
         WHEN c.class = 'FAIL/UNAUTHENTICATED'
              AND (k.role IS NOT NULL
                   OR coalesce(s.sender_layer, 'host') <> 'host'
                   OR y.steady)
           THEN 'unresolved'
         ELSE x.stream_unknown
       END,
       f.dmarc_result, p.eval_dkim, p.disposition, p.header_from, p.reasons
  FROM unnest(policy_domains, profile_ids, source_ips)
       WITH ORDINALITY o (policy_domain, profile_id, source_ip, n)
  JOIN dmarc.profile_feature f ON f.profile_id = o.profile_id
  JOIN dmarc.auth_profile p ON p.id = o.profile_id
  LEFT JOIN dmarc.source s ON s.ip = o.source_ip
  LEFT JOIN dmarc.source_fact y ON y.policy_domain = o.policy_domain
                               AND y.ip = o.source_ip
  LEFT JOIN dmarc.sender_fact e
    ON e.policy_domain = o.policy_domain
   AND e.sender = coalesce(f.forwarder, f.platform, f.other_org)
  LEFT JOIN dmarc.sender_word ad ON ad.sender = host(o.source_ip)
                                AND ad.policy_domain = o.policy_domain
  LEFT JOIN dmarc.sender_word ag ON ag.sender = host(o.source_ip)
                                AND ag.policy_domain IS NULL
  LEFT JOIN dmarc.sender_word st ON st.sender = '*'
                                AND st.policy_domain = o.policy_domain
  LEFT JOIN dmarc.sender i ON i.name = f.platform
  LEFT JOIN dmarc.sender m ON m.name = s.sender
 -- the layers: identifiers first, then the address
 CROSS JOIN LATERAL (
       SELECT CASE WHEN g.by_address THEN s.sender ELSE f.platform END AS platform,
              CASE WHEN g.by_address AND f.platform IS NOT NULL THEN f.platform
                   WHEN f.relay IS NOT NULL THEN f.relay
                   WHEN s.sender_layer IN ('gateway', 'infrastructure')
                        AND NOT g.by_address
                        AND s.sender IS DISTINCT FROM f.platform
                   THEN s.sender END AS relay,
              CASE WHEN f.forwarder IS NOT NULL THEN f.forwarder
                   WHEN s.sender_layer = 'forwarder'
                        AND NOT f.spf_pass_aligned
                   THEN s.sender END AS forwarder,
              s.ptr_status = 'confirmed' AND s.ptr_org = p.header_from_org
                AS own_host, g.by_address
         FROM (-- A platform's machine names it where the identifiers name
               -- nobody, or only the infrastructure under it.
               SELECT CASE s.sender_layer
                        WHEN 'platform' THEN
                          f.platform IS NULL
                          OR (f.platform_evidence <> 'selector'
                              AND i.layer = 'infrastructure')
                        WHEN 'infrastructure' THEN
                          f.platform IS NULL AND f.other_org IS NULL
                        ELSE false END AS by_address) g
       OFFSET 0) l
 CROSS JOIN LATERAL (
       SELECT a.author, w.role AS address_role,
              coalesce(w.role IN ('own', 'vendor'), false)
              OR coalesce(l.own_host, false) OR coalesce(y.relay, false)
              OR coalesce(f.return_path = ANY (y.passed), false)
                AS our_address,
              coalesce(CASE
                WHEN s.sender IS NOT NULL
                  THEN s.sender = l.platform
                       AND (f.own_service
                            OR NOT dmarc.sends_again(m.category))
                ELSE s.ptr_status = 'confirmed' AND s.ptr_org = f.other_org
                     AND l.platform IS NULL END, false) AS sender_address,
              (CASE
                WHEN l.forwarder IS NOT NULL
                  THEN ARRAY[l.forwarder,
                             coalesce(f.forwarder_evidence, s.sender_evidence)]
                WHEN f.platform IS NOT NULL AND l.by_address
                  THEN ARRAY[l.platform, s.sender_evidence]
                WHEN f.platform IS NOT NULL
                  THEN ARRAY[f.platform, f.platform_evidence]
                WHEN f.other_org IS NOT NULL
                  THEN ARRAY[f.other_org, f.other_evidence]
                WHEN l.by_address
                  THEN ARRAY[s.sender, s.sender_evidence]
                WHEN f.relay IS NOT NULL
                  THEN ARRAY[f.relay, f.relay_evidence]
                WHEN a.author AND f.spf_pass_aligned
                  THEN ARRAY[p.header_from_org,
                             CASE WHEN f.dkim_pass_aligned THEN 'dkim'
                                  ELSE 'return-path' END]
                WHEN l.own_host AND a.author
                  THEN ARRAY[p.header_from_org, 'ptr']
                WHEN l.own_host
                  THEN ARRAY[s.ptr, 'ptr']
                WHEN s.sender_layer = 'gateway'
                  THEN ARRAY[s.sender, s.sender_evidence]
                -- A word on an address gives no new name to mail that
                -- has one.
                WHEN f.dkim_pass_aligned OR f.dkim_pass_strict_miss
                  THEN ARRAY[p.header_from_org, 'dkim']
                WHEN a.author AND w.role IS NOT NULL
                  THEN ARRAY[p.header_from_org, 'return-path']
                WHEN w.role IS NOT NULL
                  THEN ARRAY[host(o.source_ip), 'address']
                WHEN s.sender IS NOT NULL
                  THEN ARRAY[s.sender, s.sender_evidence]
                WHEN s.ptr_status = 'confirmed'
                  THEN ARRAY[coalesce(s.ptr_org, s.ptr), 'ptr']
                WHEN s.asn IS NOT NULL
                  THEN ARRAY['AS' || s.asn || coalesce(' ' || s.as_name, ''),
                             'asn']
                WHEN a.author
                  THEN ARRAY[p.header_from_org, 'return-path']
                WHEN y.steady
                  THEN ARRAY[host(y.ip), 'address']
               END) AS called
         FROM (SELECT f.dmarc_result = 'pass' OR f.dkim_pass_aligned
                      OR f.spf_pass_aligned OR f.dkim_pass_strict_miss
                      OR f.spf_pass_strict_miss AS author) a,
              (SELECT coalesce(ad.role, ag.role) AS role) w
       OFFSET 0) h
 CROSS JOIN LATERAL (
       SELECT h.author, h.address_role, h.our_address, h.sender_address,
              h.called[1] AS sender,
              h.called[2] AS evidence) n
  LEFT JOIN dmarc.sender_word nd ON nd.sender = n.sender
                                AND nd.policy_domain = o.policy_domain
  LEFT JOIN dmarc.sender_word ng ON ng.sender = n.sender
                                AND ng.policy_domain IS NULL
  LEFT JOIN dmarc.sender_learned q ON q.header_from_org = p.header_from_org
                                  AND q.sender = l.platform
 CROSS JOIN LATERAL (
       SELECT r.role,
              CASE
                WHEN r.role IS NOT NULL THEN r.role IN ('own', 'vendor')
                WHEN l.forwarder IS NOT NULL THEN false
                ELSE coalesce(l.own_host, false)
                     OR q.sender IS NOT NULL
                     OR coalesce(e.own_selector, false)
              END AS known,
              r.role IS NOT DISTINCT FROM 'forwarder'
              OR (r.role IS NULL
                  AND (l.forwarder IS NOT NULL OR coalesce(e.brings_ours, false)))
                AS sends_again,
              (n.our_address AND (r.role IS NULL OR r.role IN ('own', 'vendor'))
               AND l.forwarder IS NULL) AS our_address
         FROM (SELECT coalesce(n.address_role,
                        -- The owner's own name on mail that only his
                        -- signature vouches for says nothing of the machine.
                        CASE WHEN n.sender = p.header_from_org
                                  AND NOT f.spf_pass_aligned
                                  AND NOT coalesce(l.own_host, false)
                             THEN NULL
                             ELSE coalesce(nd.role, ng.role)
                        END) AS role) r
       OFFSET 0) k
 CROSS JOIN LATERAL (
       SELECT CASE
         WHEN f.dmarc_result = 'unknown' THEN 'NO_VERDICT'
         WHEN p.eval_dkim = 'pass' AND p.eval_spf = 'pass' THEN 'PASS_BOTH'
         -- ---- DKIM aligned only
         WHEN p.eval_dkim = 'pass' THEN CASE
           WHEN f.spf_temperror OR f.spf_permerror THEN 'PASS_DKIM/SPF_DNS_ERROR'
           WHEN f.spf_pass_strict_miss THEN 'PASS_DKIM/SPF_STRICT_MISMATCH'
           WHEN f.spf_nonpass
                AND (k.our_address OR (k.known AND n.sender_address))
             THEN 'PASS_DKIM/SPF_OMISSION'
           WHEN f.spf_nonpass THEN 'PASS_DKIM/FORWARDER_KEPT_ENVELOPE'
           WHEN f.spf_pass_foreign AND k.known THEN 'PASS_DKIM/ESP_OWN_RETURN_PATH'
           WHEN f.spf_pass_foreign THEN 'PASS_DKIM/FORWARDER_REWROTE_ENVELOPE'
           ELSE 'PASS_DKIM/SPF_NONE' END
         -- ---- SPF aligned only
         WHEN p.eval_spf = 'pass' THEN CASE
           WHEN f.dkim_temperror THEN 'PASS_SPF/DKIM_DNS_ERROR'
           WHEN f.dkim_pass_strict_miss THEN 'PASS_SPF/DKIM_STRICT_MISMATCH'
           WHEN f.dkim_broken THEN 'PASS_SPF/DKIM_BROKEN'
           WHEN f.dkim_pass_foreign THEN 'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY'
           ELSE 'PASS_SPF/UNSIGNED' END
         -- ---- neither
         WHEN f.dkim_pass_aligned OR f.spf_pass_aligned THEN 'FAIL/REPORT_INCONSISTENT'
         -- Mail of ours that somebody sends again is no reason to relax: with
         -- the envelope as it was, from an address that is nobody's of ours, or
         -- by a service whose users forward.
         WHEN f.dkim_pass_strict_miss AND f.spf_nonpass
              AND NOT f.spf_pass_strict_miss AND NOT k.our_address
              AND NOT (k.known AND n.sender_address)
           THEN 'FAIL/INDIRECT_FORWARDER'
         WHEN (f.dkim_pass_strict_miss OR f.spf_pass_strict_miss)
              AND (k.known
                   OR NOT (k.sends_again OR f.reason_indirect OR p.arc_pass
                           OR (f.spf_pass_foreign
                               AND coalesce(dmarc.sends_again(i.category),
                                            false))))
           THEN 'FAIL/STRICT_MISMATCH'
         WHEN f.reason_indirect THEN 'FAIL/INDIRECT_OVERRIDE'
         WHEN p.arc_pass THEN 'FAIL/INDIRECT_ARC'
         WHEN f.dkim_temperror OR f.spf_temperror THEN 'FAIL/DNS_TEMPERROR'
         WHEN NOT k.known
              AND (l.forwarder IS NOT NULL OR k.role = 'forwarder'
                   OR f.dkim_pass_strict_miss)
           THEN 'FAIL/INDIRECT_FORWARDER'
         WHEN f.dkim_broken AND NOT k.known
              AND (f.dkim_pass_foreign OR f.spf_pass_foreign)
              AND dmarc.broken_is_known(p.dkim)
           THEN 'FAIL/INDIRECT_MODIFIED'
         WHEN f.dkim_broken AND dmarc.broken_is_known(p.dkim)
           THEN 'FAIL/BROKEN_AUTHOR_SIGNATURE'
         WHEN f.spf_permerror AND k.known THEN 'FAIL/SPF_PERMERROR'
         WHEN f.spf_nonpass AND k.known
              AND (k.our_address OR n.sender_address)
           THEN 'FAIL/SPF_OMISSION_UNSIGNED'
         WHEN f.dkim_pass_foreign OR f.spf_pass_foreign THEN
           CASE WHEN k.known THEN 'FAIL/AUTHENTICATED_UNALIGNED_KNOWN'
                WHEN k.sends_again THEN 'FAIL/INDIRECT_FORWARDER'
                WHEN k.role IS NULL AND i.verified_only = 'yes'
                  THEN 'FAIL/PROBABLY_YOURS'
                WHEN k.role IS NULL AND l.platform IS NULL AND e.fleeting
                  THEN 'FAIL/PROBABLY_FORGED'
                ELSE 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN' END
         ELSE 'FAIL/UNAUTHENTICATED' END AS class
       OFFSET 0) c
  LEFT JOIN dmarc.class x ON x.class = c.class $$;
COMMENT ON FUNCTION dmarc.judge_pairs(text[], integer[], inet[]) IS
  'the definition of verdict() and verdicts(): the n-th row of the arrays, who sent that mail, its class, how sure that is, and what it counts as';

-- verdict: of one; verdicts: of many at once.
--
-- Who has many asks for all in one call, in the order of their profiles: the
-- statement is planned for as many as there are, and reads each table once.
CREATE OR REPLACE FUNCTION dmarc.verdict(policy_domain text, profile_id integer,
  source_ip inet)
RETURNS TABLE (sender text, sender_kind text, sender_evidence text,
  platform text, relay text, forwarder text, role text, known boolean,
  class text, confidence text, stream text)
LANGUAGE sql STABLE AS $$
  SELECT v.sender, v.sender_kind, v.sender_evidence, v.platform, v.relay,
         v.forwarder, v.role, v.known, v.class, v.confidence, v.stream
    FROM dmarc.judge_pairs(ARRAY[verdict.policy_domain],
           ARRAY[verdict.profile_id], ARRAY[verdict.source_ip]) v $$;
COMMENT ON FUNCTION dmarc.verdict(text, integer, inet) IS
  'who sent mail of this profile from this address for this policy domain, its class, how sure that is, and what it counts as';

DROP FUNCTION IF EXISTS dmarc.verdicts(text[], integer[], inet[]);
CREATE OR REPLACE FUNCTION dmarc.verdicts(policy_domains text[],
  profile_ids integer[], source_ips inet[])
RETURNS TABLE (n bigint, policy_domain text, profile_id integer,
  source_ip inet, sender text, sender_kind text, sender_evidence text,
  platform text, relay text, forwarder text, role text, known boolean,
  class text, confidence text, stream text, dmarc_result text,
  eval_dkim text, disposition text, header_from text, reasons text[])
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = on SET enable_mergejoin = on SET enable_sort = on AS $$
BEGIN
  RETURN QUERY EXECUTE 'SELECT * FROM dmarc.judge_pairs($1, $2, $3)'
         USING policy_domains, profile_ids, source_ips;
END $$;
COMMENT ON FUNCTION dmarc.verdicts(text[], integer[], inet[]) IS
  'verdict() for each row of these arrays, of which one is the policy domain, one the profile, one the address; n is its place there; beside it what of the profile is counted';
