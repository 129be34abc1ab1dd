-- what_if: the mail of a window replayed under another policy.
--
-- Mail of the domain itself falls under policy, mail of those below it under
-- sub_policy.  adkim and aspf are recomputed from the identifiers where they
-- differ from what applied; where a reporter says pass and lists nothing that
-- explains it, his word stands.  NULL: as it was.  Mail of senders in fixed
-- counts as passing, mail of those in gone is left out.
--
-- Every message that fails is taken to be treated as the policy says: the
-- exceptions that receivers make are not foreseen, and pct is ignored.
-- Reports that report_trust does not trust are left out.
DROP FUNCTION IF EXISTS dmarc.what_if(integer, date, date, text, text, text, text, text[], text[]);
CREATE OR REPLACE FUNCTION dmarc.what_if(policy_domain_id integer,
  first_day date, last_day date, policy text, sub_policy text, adkim text,
  aspf text, fixed text[], gone text[])
RETURNS TABLE (day date, sender text, role text, stream text, messages numeric,
  quarantine numeric, reject numeric, would_deliver numeric,
  would_quarantine numeric, would_reject numeric, would_unknown numeric,
  would_gone numeric, newly_fail numeric, newly_pass numeric)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH used AS MATERIALIZED (
         SELECT u.id
           FROM dmarc.report_used(ARRAY[$1], $2, $3) u
          WHERE u.used),
       record AS MATERIALIZED (
         SELECT c.report_id, c.profile_id, c.source_ip, c.day, c.message_count
           FROM dmarc.record c
          WHERE c.policy_domain_id = $1
            AND c.day BETWEEN $2 AND $3),
       known AS MATERIALIZED (
         SELECT a.source_ip, a.alike
           FROM dmarc.policy_domain d
          CROSS JOIN LATERAL dmarc.alike(d.name,
                  ARRAY(SELECT DISTINCT n.source_ip
                          FROM record n
                         WHERE n.source_ip IS NOT NULL)) a
          WHERE d.id = $1),
       -- ::/0 stands for no address, and for one of which nothing is known.
       one AS MATERIALIZED (
         SELECT n.profile_id, coalesce(a.alike, '::/0') AS source, n.day,
                sum(n.message_count) AS messages
           FROM record n
           JOIN used u ON u.id = n.report_id
           LEFT JOIN known a ON a.source_ip = n.source_ip
          GROUP BY n.profile_id, 2, n.day),
       pair AS MATERIALIZED (
         SELECT row_number() OVER () AS n, x.*
           FROM (SELECT DISTINCT o.profile_id, o.source FROM one o) x),
       judged AS MATERIALIZED (
         SELECT o.profile_id, o.source, v.sender, c.role, c.stream,
                c.pass, c.quarantine, c.reject,
                CASE
                  WHEN lower(v.sender) IN (SELECT lower(x) FROM unnest($9) x)
                    THEN 'gone'
                  WHEN lower(v.sender) IN (SELECT lower(x) FROM unnest($8) x)
                    THEN 'pass'
                  WHEN r.dkim OR r.spf THEN 'pass'
                  WHEN NOT r.dkim AND NOT r.spf THEN 'fail'
                  ELSE 'unknown' END AS result,
                CASE c.scope WHEN 'p' THEN $4
                             ELSE coalesce($5, $4) END AS policy
           FROM pair o
           JOIN dmarc.verdicts_of(
                  ARRAY(SELECT $1 FROM pair x),
                  ARRAY(SELECT x.profile_id FROM pair x ORDER BY x.n),
                  ARRAY(SELECT x.source FROM pair x ORDER BY x.n)) v
             ON v.n = o.n
          CROSS JOIN LATERAL dmarc.verdict_decoded(v.code) c
           JOIN dmarc.auth_profile p ON p.id = o.profile_id
           JOIN dmarc.profile_feature f ON f.profile_id = o.profile_id
          CROSS JOIN LATERAL (
                SELECT CASE
                         WHEN $6 = 's' AND p.adkim <> 's'
                              AND p.eval_dkim = 'pass'
                           THEN NOT f.dkim_pass_aligned
                                OR EXISTS (SELECT FROM unnest(p.dkim) x
                                            WHERE x.result = 'pass'
                                              AND x.alignment = 'strict')
                         WHEN $6 = 'r' AND p.adkim = 's'
                              AND f.dkim_pass_strict_miss THEN true
                         ELSE p.eval_dkim = 'pass' END AS dkim,
                       CASE
                         WHEN $7 = 's' AND p.aspf <> 's'
                              AND p.eval_spf = 'pass'
                           THEN NOT f.spf_pass_aligned
                                OR EXISTS (SELECT FROM unnest(p.spf) x
                                            WHERE x.result = 'pass'
                                              AND coalesce(x.scope, 'mfrom') = 'mfrom'
                                              AND x.alignment = 'strict')
                         WHEN $7 = 'r' AND p.aspf = 's'
                              AND f.spf_pass_strict_miss THEN true
                         ELSE p.eval_spf = 'pass' END AS spf) r)
  SELECT o.day, j.sender, j.role, j.stream, sum(o.messages),
         sum(o.messages * j.quarantine), sum(o.messages * j.reject),
         coalesce(sum(o.messages) FILTER (WHERE j.result = 'pass'
           OR (j.result = 'fail' AND j.policy = 'none')), 0),
         coalesce(sum(o.messages) FILTER (WHERE j.result = 'fail'
           AND j.policy = 'quarantine'), 0),
         coalesce(sum(o.messages) FILTER (WHERE j.result = 'fail'
           AND j.policy = 'reject'), 0),
         coalesce(sum(o.messages) FILTER (WHERE j.result = 'unknown'), 0),
         coalesce(sum(o.messages) FILTER (WHERE j.result = 'gone'), 0),
         coalesce(sum(o.messages * j.pass) FILTER (WHERE j.result = 'fail'), 0),
         coalesce(sum(o.messages * (1 - j.pass)) FILTER (WHERE j.result = 'pass'), 0)
    FROM one o
    JOIN judged j ON j.profile_id = o.profile_id AND j.source = o.source
   GROUP BY o.day, j.sender, j.role, j.stream
  $query$ USING $1, $2, $3, $4, $5, $6, $7, $8, $9;
END $$;
COMMENT ON FUNCTION dmarc.what_if(integer, date, date, text, text, text, text, text[], text[]) IS
  'the mail of a domain replayed under another policy, per day, sender and stream: what happened to it as reported (quarantine, reject), and what would have; would_* add up to messages';
