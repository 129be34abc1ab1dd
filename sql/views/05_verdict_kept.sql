-- Verdicts that are kept (dmarc.kept_verdict), so that a domain with 100,000
-- senders is not judged anew with each question.
--
-- judge_ids() is the definition of a row, and has judge_pairs() for it.  Who asks
-- for verdicts by ids calls verdicts_of(), which looks up what is kept and judges
-- the rest.  05_verdict_forget.sql has what deletes a verdict, and
-- 05_verdict_keep.sql what keeps it.

-- verdict_code, verdict_decoded: what a verdict counts as, in one number, so that
-- rows can be added up by it: from the lowest bit on nine numbers of
-- profile_count, known, sampled, whether the scope is sp, and the places in four
-- lists, where 0 is NULL, from the 13th, 17th, 21st and 25th bit on.
CREATE OR REPLACE FUNCTION dmarc.verdict_code(pass integer, fail integer,
  unknown integer, dkim_aligned integer, spf_aligned integer,
  quarantine integer, reject integer, disagree integer, unaligned integer,
  known boolean, sampled boolean, scope text, confidence text, stream text,
  sender_kind text, role text)
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT pass + fail * 2 + unknown * 4 + dkim_aligned * 8 + spf_aligned * 16
         + quarantine * 32 + reject * 64 + disagree * 128 + unaligned * 256
         + known::integer * 512 + sampled::integer * 1024
         + (scope = 'sp')::integer * 2048
         + 4096 * coalesce(array_position(
             ARRAY['confirmed', 'guess', 'presumed', 'reported'], confidence), 0)
         + 65536 * coalesce(array_position(
             ARRAY['legitimate', 'indirect', 'unresolved', 'hostile',
                   'undetermined'], stream), 0)
         + 1048576 * coalesce(array_position(
             ARRAY['third_party', 'author', 'unauthenticated'], sender_kind), 0)
         + 16777216 * coalesce(array_position(
             ARRAY['own', 'vendor', 'forwarder', 'hostile', 'retired'], role),
             0) $$;
COMMENT ON FUNCTION dmarc.verdict_code(integer, integer, integer, integer, integer, integer, integer, integer, integer, boolean, boolean, text, text, text, text, text) IS
  'kept_verdict.code: the columns of profile_count and of verdict(), the scope (p or sp), and whether the reporter let it through for sampling or testing, as one number';

CREATE OR REPLACE FUNCTION dmarc.verdict_decoded(code integer)
RETURNS TABLE (pass integer, fail integer, unknown integer,
  dkim_aligned integer, spf_aligned integer, quarantine integer,
  reject integer, disagree integer, unaligned integer, known boolean,
  sampled boolean, scope text, confidence text, stream text,
  sender_kind text, role text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1 AS $$
  SELECT code & 1, code >> 1 & 1, code >> 2 & 1, code >> 3 & 1, code >> 4 & 1,
         code >> 5 & 1, code >> 6 & 1, code >> 7 & 1, code >> 8 & 1,
         (code & 512) <> 0, (code & 1024) <> 0,
         CASE WHEN (code & 2048) <> 0 THEN 'sp' ELSE 'p' END,
         (ARRAY['confirmed', 'guess', 'presumed', 'reported'])[code >> 12 & 15],
         (ARRAY['legitimate', 'indirect', 'unresolved', 'hostile',
                'undetermined'])[code >> 16 & 15],
         (ARRAY['third_party', 'author', 'unauthenticated'])[code >> 20 & 15],
         (ARRAY['own', 'vendor', 'forwarder', 'hostile', 'retired'])
           [code >> 24 & 15] $$;
COMMENT ON FUNCTION dmarc.verdict_decoded(integer) IS 'what verdict_code() was given';

-- verdict_hinge: what a verdict asks of dmarc.learned.  Of two long names that
-- begin alike more is forgotten than need be.
CREATE OR REPLACE FUNCTION dmarc.verdict_hinge(kind text, domain text, name text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(kind || ' ' || domain || ' ' || name, 200) $$;
COMMENT ON FUNCTION dmarc.verdict_hinge(text, text, text) IS 'one thing that a verdict asks of dmarc.learned: an element of kept_verdict.hinges; NULL when one of them is';

DROP FUNCTION IF EXISTS dmarc.judge_ids(integer[], integer[], inet[]);
CREATE OR REPLACE FUNCTION dmarc.judge_ids(policy_domain_ids integer[],
  profile_ids integer[], sources inet[])
RETURNS TABLE (n bigint, policy_domain_id integer, profile_id integer,
  source inet, code integer, class text, sender text, hinges text[])
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = on SET enable_mergejoin = on SET enable_sort = on AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  SELECT v.n, $1[v.n], v.profile_id, coalesce(v.source_ip, '::/0'),
         dmarc.verdict_code(c.pass, c.fail, c.unknown, c.dkim_aligned,
           c.spf_aligned, c.quarantine, c.reject, c.disagree, c.unaligned,
           v.known, v.reasons && '{sampled_out,policy_test_mode}',
           dmarc.policy_scope(v.policy_domain, v.header_from), v.confidence,
           v.stream, v.sender_kind, v.role),
         v.class, v.sender,
         nullif(array_remove(ARRAY[dmarc.verdict_hinge('sender',
                  p.header_from_org, v.platform)], NULL)
                -- As broken_is_known() asks.
                || CASE WHEN f.dkim_broken THEN ARRAY(
                     SELECT DISTINCT dmarc.verdict_hinge('selector', x.domain,
                              coalesce(x.selector, ''))
                       FROM unnest(p.dkim) x
                      WHERE x.domain IS NOT NULL
                        AND x.result <> 'pass'
                      ORDER BY 1)
                   ELSE '{}' END, '{}')
    FROM dmarc.judge_pairs(
           (SELECT array_agg(d.name ORDER BY o.n)
              FROM unnest($1) WITH ORDINALITY o (id, n)
              JOIN dmarc.policy_domain d ON d.id = o.id),
           $2,
           ARRAY(SELECT nullif(o.source, '::/0')
                   FROM unnest($3) WITH ORDINALITY o (source, n)
                  ORDER BY o.n)) v
    JOIN dmarc.profile_count c ON c.profile_id = v.profile_id
    JOIN dmarc.profile_feature f ON f.profile_id = v.profile_id
    JOIN dmarc.auth_profile p ON p.id = v.profile_id
  $query$ USING policy_domain_ids, profile_ids, sources;
END $$;
COMMENT ON FUNCTION dmarc.judge_ids(integer[], integer[], inet[]) IS
  'the definition of kept_verdict: verdicts() by the ids of policy domains that are there, with ::/0 for no address';

-- verdicts_of: what is kept, and the rest judged.
DROP FUNCTION IF EXISTS dmarc.verdicts_of(integer[], integer[], inet[]);
CREATE OR REPLACE FUNCTION dmarc.verdicts_of(policy_domain_ids integer[],
  profile_ids integer[], sources inet[])
RETURNS TABLE (n bigint, code integer, class text, sender text)
LANGUAGE plpgsql STABLE ROWS 10000 SET jit = off SET work_mem = '64MB'
SET enable_nestloop = on SET enable_mergejoin = on SET enable_sort = on AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH asked AS MATERIALIZED (
         SELECT o.n, o.id, o.profile_id, o.source, k.code, k.class, k.sender
           FROM unnest($1, $2, $3)
                WITH ORDINALITY o (id, profile_id, source, n)
           LEFT JOIN dmarc.kept_verdict k ON k.policy_domain_id = o.id
                                         AND k.profile_id = o.profile_id
                                         AND k.source = o.source),
       missing AS MATERIALIZED (
         SELECT array_agg(m.n) AS ns, array_agg(m.id) AS ids,
                array_agg(m.profile_id) AS profiles,
                array_agg(m.source) AS sources
           FROM (SELECT a.n, a.id, a.profile_id, a.source
                   FROM asked a
                  WHERE a.code IS NULL
                  ORDER BY a.profile_id) m)
  SELECT k.n, k.code, k.class, k.sender
    FROM asked k
   WHERE k.code IS NOT NULL
   UNION ALL
  SELECT m.ns[j.n], j.code, j.class, j.sender
    FROM missing m
   CROSS JOIN LATERAL dmarc.judge_ids(m.ids, m.profiles, m.sources) j
   WHERE m.ns IS NOT NULL
  $query$ USING policy_domain_ids, profile_ids, sources;
END $$;
COMMENT ON FUNCTION dmarc.verdicts_of(integer[], integer[], inet[]) IS
  'what is kept, or else judged, for each row of these arrays: the id of a policy domain, a profile, an address or ::/0; n is its place there';
