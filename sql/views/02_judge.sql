-- judge_profiles: what a profile says by itself.
--
-- Whom it names: the passing d= is the strongest evidence, then a selector of
-- the author's that only one service uses, then the passing return-path.  The
-- layers stay apart: who composed the mail, who handed it over, who sent it
-- again.  Infrastructure that carries other services is the platform only
-- when nobody else is named, known or not; otherwise it is the relay.
CREATE OR REPLACE FUNCTION dmarc.judge_profiles(ids integer[])
RETURNS SETOF dmarc.profile_feature
LANGUAGE sql STABLE AS $$
SELECT p.id,
       CASE
         WHEN p.eval_dkim = 'pass' OR p.eval_spf = 'pass' THEN 'pass'
         WHEN p.eval_dkim = 'fail' AND p.eval_spf = 'fail' THEN 'fail'
         ELSE 'unknown'
       END,
       d.pass_aligned, d.pass_strict_miss, d.pass_foreign, d.broken, d.temperror,
       s.pass_aligned, s.pass_strict_miss, s.pass_foreign, s.nonpass, s.permerror,
       s.temperror,
       p.reasons && ARRAY['forwarded', 'mailing_list', 'trusted_forwarder'],
       d.author_signature, d.author_selector,
       d.broken_signature, d.broken_selector,
       d.third_party_signature, d.third_party_selector, d.third_party_org,
       coalesce(s.return_path, nullif(p.envelope_from, '')),
       s.return_path_result, s.foreign_org,
       CASE WHEN i.carrier THEN n.platform
            ELSE coalesce(n.platform, n.infrastructure) END,
       CASE WHEN i.carrier THEN n.platform_evidence
            ELSE coalesce(n.platform_evidence, n.infrastructure_evidence) END,
       CASE WHEN i.carrier THEN coalesce(n.infrastructure, n.gateway)
            ELSE n.gateway END,
       CASE WHEN i.carrier
            THEN coalesce(n.infrastructure_evidence, n.gateway_evidence)
            ELSE n.gateway_evidence END,
       n.forwarder, n.forwarder_evidence, n.other, n.other_evidence,
       n.own_service, d.strict_signature, d.strict_selector
  FROM dmarc.auth_profile p
 CROSS JOIN LATERAL (
       SELECT coalesce(bool_or(x.pass AND x.aligned), false) AS pass_aligned,
              coalesce(bool_or(x.pass AND NOT x.aligned AND x.same), false)
                AS pass_strict_miss,
              coalesce(bool_or(x.pass AND x.alignment = 'none'), false)
                AS pass_foreign,
              coalesce(bool_or(x.broken AND x.same), false) AS broken,
              coalesce(bool_or(x.result = 'temperror' AND x.same), false)
                AS temperror,
              (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.pass AND x.aligned))[1]
                AS author_signature,
              (array_agg(x.selector ORDER BY x.n) FILTER (WHERE x.pass AND x.aligned))[1]
                AS author_selector,
              (array_agg(x.domain ORDER BY x.n)
                 FILTER (WHERE x.pass AND x.same AND NOT x.aligned))[1]
                AS strict_signature,
              (array_agg(x.selector ORDER BY x.n)
                 FILTER (WHERE x.pass AND x.same AND NOT x.aligned))[1]
                AS strict_selector,
              (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.broken AND x.same))[1]
                AS broken_signature,
              (array_agg(x.selector ORDER BY x.n) FILTER (WHERE x.broken AND x.same))[1]
                AS broken_selector,
              (array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS third_party_signature,
              (array_agg(x.selector ORDER BY x.n) FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS third_party_selector,
              -- A public suffix has no organizational domain.
              (array_agg(coalesce(x.org_domain, x.domain) ORDER BY x.n)
                 FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS third_party_org
         FROM (SELECT u.*, u.result = 'pass' AS pass,
                      u.result IN ('fail', 'permerror', 'neutral', 'policy')
                        AS broken,
                      u.alignment IN ('strict', 'relaxed') AS same,
                      u.alignment = 'strict'
                      OR (u.alignment = 'relaxed' AND p.adkim <> 's') AS aligned
                 FROM unnest(p.dkim) WITH ORDINALITY
                      AS u (domain, selector, result, org_domain, alignment, n)) x) d
 CROSS JOIN LATERAL (
       -- Only the MAIL FROM identity counts for DMARC; reporters that give no
       -- scope mean that one.
       SELECT coalesce(bool_or(x.pass AND x.aligned), false) AS pass_aligned,
              coalesce(bool_or(x.pass AND NOT x.aligned AND x.same), false)
                AS pass_strict_miss,
              coalesce(bool_or(x.pass AND x.alignment = 'none'), false)
                AS pass_foreign,
              coalesce(bool_or(x.same AND x.result IN
                ('fail', 'softfail', 'neutral', 'policy')), false) AS nonpass,
              coalesce(bool_or(x.same AND x.result = 'permerror'), false)
                AS permerror,
              coalesce(bool_or(x.same AND x.result = 'temperror'), false)
                AS temperror,
              coalesce((array_agg(x.domain ORDER BY x.n) FILTER (WHERE x.pass))[1],
                       (array_agg(x.domain ORDER BY x.n))[1]) AS return_path,
              coalesce((array_agg(x.result ORDER BY x.n) FILTER (WHERE x.pass))[1],
                       (array_agg(x.result ORDER BY x.n))[1]) AS return_path_result,
              (array_agg(coalesce(x.org_domain, x.domain) ORDER BY x.n)
                 FILTER (WHERE x.pass AND x.alignment = 'none'))[1]
                AS foreign_org
         FROM (SELECT u.*, u.result = 'pass' AS pass,
                      u.alignment IN ('strict', 'relaxed') AS same,
                      u.alignment = 'strict'
                      OR (u.alignment = 'relaxed' AND p.aspf <> 's') AS aligned
                 FROM unnest(p.spf) WITH ORDINALITY
                      AS u (domain, scope, result, org_domain, alignment, n)
                WHERE coalesce(u.scope, 'mfrom') = 'mfrom') x) s
 CROSS JOIN LATERAL (
       SELECT (array_agg(c.sender ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'platform'))[1] AS platform,
              (array_agg(c.evidence ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'platform'))[1] AS platform_evidence,
              (array_agg(c.sender ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'infrastructure'))[1] AS infrastructure,
              (array_agg(c.evidence ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'infrastructure'))[1] AS infrastructure_evidence,
              (array_agg(c.sender ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'gateway'))[1] AS gateway,
              (array_agg(c.evidence ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'gateway'))[1] AS gateway_evidence,
              (array_agg(c.sender ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'forwarder'))[1] AS forwarder,
              (array_agg(c.evidence ORDER BY c.ambiguous, c.level, c.len DESC, c.n)
                 FILTER (WHERE c.layer = 'forwarder'))[1] AS forwarder_evidence,
              (array_agg(c.sender ORDER BY c.level, c.n)
                 FILTER (WHERE c.layer = 'other'))[1] AS other,
              (array_agg(c.evidence ORDER BY c.level, c.n)
                 FILTER (WHERE c.layer = 'other'))[1] AS other_evidence,
              coalesce(bool_or(c.own), false) AS own_service
         FROM (-- a passing signature
               SELECT CASE WHEN t.tenant IS NULL OR o.own THEN m.sender
                           ELSE m.sender || ' (' || t.tenant || ')' END AS sender,
                      CASE WHEN t.tenant IS NOT NULL AND NOT o.own
                                AND (d.pass_aligned OR d.broken
                                     OR d.pass_strict_miss)
                           THEN 'forwarder' ELSE m.layer END AS layer,
                      m.ambiguous AND t.tenant IS NULL AS ambiguous,
                      1 AS level, 'dkim' AS evidence,
                      length(m.pattern) AS len, x.n,
                      t.tenant IS NOT NULL AND o.own AS own
                 FROM unnest(p.dkim) WITH ORDINALITY
                      AS x (domain, selector, result, org_domain, alignment, n)
                CROSS JOIN LATERAL dmarc.match_domain(x.domain, 'dkim') m
                 LEFT JOIN LATERAL dmarc.tenant_of(x.domain, p.header_from,
                             p.header_from_org,
                             s.return_path || ARRAY[p.envelope_from]) t
                    ON true
                CROSS JOIN LATERAL (
                      -- Our envelope and a stranger's tenant: the owner has
                      -- an account under another name; who sends mail again
                      -- puts in an envelope of his own.
                      SELECT t.own OR (s.pass_aligned AND NOT d.pass_aligned
                                       AND NOT d.broken
                                       AND NOT d.pass_strict_miss) AS own) o
                WHERE x.result = 'pass'
                  -- Between sites of one owner a name proves nothing.
                  AND x.alignment IS DISTINCT FROM 'strict'
               UNION ALL
               SELECT m.sender, m.layer, m.ambiguous, 2, 'selector',
                      length(m.pattern), x.n, false
                 FROM unnest(p.dkim) WITH ORDINALITY
                      AS x (domain, selector, result, org_domain, alignment, n)
                CROSS JOIN LATERAL dmarc.match_selector(x.selector) m
                WHERE x.result = 'pass'
                  AND x.alignment IN ('strict', 'relaxed')
               UNION ALL
               SELECT m.sender, m.layer, m.ambiguous, 3, 'return-path',
                      length(m.pattern), x.n, false
                 FROM unnest(p.spf) WITH ORDINALITY
                      AS x (domain, scope, result, org_domain, alignment, n)
                CROSS JOIN LATERAL dmarc.match_domain(x.domain, 'spf') m
                WHERE x.result = 'pass'
                  AND coalesce(x.scope, 'mfrom') = 'mfrom'
                  AND x.alignment IS DISTINCT FROM 'strict'
               UNION ALL
               -- whom the catalogue does not know
               SELECT coalesce(x.org_domain, x.domain), 'other', false, 1,
                      'dkim', 0, x.n, false
                 FROM unnest(p.dkim) WITH ORDINALITY
                      AS x (domain, selector, result, org_domain, alignment, n)
                WHERE x.result = 'pass'
                  AND x.alignment = 'none'
                  AND NOT EXISTS (SELECT FROM dmarc.match_domain(x.domain, 'dkim'))
               UNION ALL
               SELECT coalesce(x.org_domain, x.domain), 'other', false, 3,
                      'return-path', 0, x.n, false
                 FROM unnest(p.spf) WITH ORDINALITY
                      AS x (domain, scope, result, org_domain, alignment, n)
                WHERE x.result = 'pass'
                  AND coalesce(x.scope, 'mfrom') = 'mfrom'
                  AND x.alignment = 'none'
                  AND NOT EXISTS (SELECT FROM dmarc.match_domain(x.domain, 'spf'))
               UNION ALL
               -- An envelope rewritten for the sender (SRS) shows its name.
               SELECT x.domain, 'forwarder', true, 4, 'return-path', 0, x.n,
                      false
                 FROM unnest(p.spf) WITH ORDINALITY
                      AS x (domain, scope, result, org_domain, alignment, n)
                WHERE x.result = 'pass'
                  AND coalesce(x.scope, 'mfrom') = 'mfrom'
                  AND x.alignment = 'none'
                  AND x.domain ~ '^(srs|fwd|forward|forwarder|forwarding)[0-9-]*\.'
              ) c) n
 CROSS JOIN LATERAL (
       SELECT n.platform IS NOT NULL OR n.other IS NOT NULL AS carrier) i
 WHERE p.id = ANY (ids) $$;
COMMENT ON FUNCTION dmarc.judge_profiles(integer[]) IS 'what these profiles say by themselves: the rows of profile_feature';

-- remember_profiles: store it.  In plpgsql its plans are made once a session;
-- and they must not be made for the empty tables of the first load, hence no
-- sequential scans.  To compile such a plan takes longer than to run it.
--
-- Who stores profiles need not be able to write verdicts; hence the owner's
-- rights.  For whatever ids it is called, and however often, it writes what
-- follows from the profiles that are there.
CREATE OR REPLACE FUNCTION dmarc.remember_profiles(ids integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET jit = off AS $$
BEGIN
  INSERT INTO dmarc.profile_feature
  SELECT * FROM dmarc.judge_profiles(ids)
      ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION dmarc.remember_profiles(integer[]) IS 'fill profile_feature for these profiles';

-- A trigger never has the owner's rights: whoever may execute it could hang it
-- on a table of his own, with a type whose cast does what he wants.
CREATE OR REPLACE FUNCTION dmarc.profile_added() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM dmarc.remember_profiles(array_agg(id)) FROM added HAVING count(*) > 0;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.profile_added() IS 'trigger: new profiles are judged with the statement that adds them';
CREATE OR REPLACE TRIGGER profile_added AFTER INSERT ON dmarc.auth_profile
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.profile_added();

-- A source is named by its confirmed name, else by an AS that has one tenant.
CREATE OR REPLACE FUNCTION dmarc.source_named() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.sender := NULL;
  NEW.sender_layer := NULL;
  NEW.sender_evidence := NULL;
  IF NEW.ptr_status = 'confirmed' THEN
    SELECT m.sender, m.layer, 'ptr'
      INTO NEW.sender, NEW.sender_layer, NEW.sender_evidence
      FROM dmarc.match_domain(NEW.ptr, 'ptr') m;
  END IF;
  IF NEW.sender IS NULL THEN
    SELECT p.sender, s.layer, 'asn'
      INTO NEW.sender, NEW.sender_layer, NEW.sender_evidence
      FROM dmarc.sender_pattern p
      JOIN dmarc.sender s ON s.name = p.sender
     WHERE p.kind = 'asn'
       AND p.pattern = NEW.asn::text
     ORDER BY p.origin DESC
     LIMIT 1;
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION dmarc.source_named() IS 'trigger: whose machine a source is, as the catalogue has it';
CREATE OR REPLACE TRIGGER source_named BEFORE INSERT OR UPDATE ON dmarc.source
  FOR EACH ROW EXECUTE FUNCTION dmarc.source_named();

-- judge_again: after the catalogue or own_tenants has changed.
CREATE OR REPLACE FUNCTION dmarc.judge_again() RETURNS void
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
  LOCK TABLE dmarc.auth_profile IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM dmarc.profile_feature;
  SELECT dmarc.remember_profiles(array_agg(id))
    FROM dmarc.auth_profile
  HAVING count(*) > 0;
  INSERT INTO dmarc.due (what) VALUES ('learn');
  UPDATE dmarc.source SET ptr = ptr $$;
COMMENT ON FUNCTION dmarc.judge_again() IS 'judge every profile and source anew, after the catalogue or the setting own_tenants has changed; dmarc.refresh() then learns again';
