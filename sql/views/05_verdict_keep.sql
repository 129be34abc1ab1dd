-- Keeping verdicts.

-- keep_some: judge the records of a domain from one report to another; they are
-- of these days.  No more than 100,000 verdicts at a time: the rest is due then.
CREATE OR REPLACE FUNCTION dmarc.keep_some(domain_id integer, since bigint,
  until bigint, first_day date, last_day date) RETURNS bigint
LANGUAGE plpgsql SET jit = off SET work_mem = '64MB' AS $$
DECLARE
  kept bigint;
BEGIN
  EXECUTE $query$
  WITH seen AS MATERIALIZED (
         SELECT DISTINCT c.profile_id, c.source_ip
           FROM dmarc.record c
          WHERE c.policy_domain_id = $1
            AND c.day BETWEEN $4 AND $5
            AND c.report_id BETWEEN $2 AND $3
            AND NOT EXISTS (SELECT FROM dmarc.left_out x
                             WHERE x.policy_domain_id = $1
                               AND x.id = c.report_id)),
       known AS MATERIALIZED (
         SELECT a.source_ip, a.alike
           FROM dmarc.policy_domain d
          CROSS JOIN LATERAL dmarc.alike(d.name,
                  ARRAY(SELECT DISTINCT s.source_ip FROM seen s
                         WHERE s.source_ip IS NOT NULL)) a
          WHERE d.id = $1),
       pair AS MATERIALIZED (
         SELECT DISTINCT s.profile_id, coalesce(k.alike, '::/0') AS source
           FROM seen s
           LEFT JOIN known k ON k.source_ip = s.source_ip),
       missing AS MATERIALIZED (
         SELECT p.profile_id, p.source
           FROM pair p
          WHERE NOT EXISTS (SELECT FROM dmarc.kept_verdict k
                             WHERE k.policy_domain_id = $1
                               AND k.profile_id = p.profile_id
                               AND k.source = p.source)
          ORDER BY p.profile_id
          LIMIT 100000)
  INSERT INTO dmarc.kept_verdict (policy_domain_id, profile_id, source, code,
         class, sender, hinges)
  SELECT v.policy_domain_id, v.profile_id, v.source, v.code, v.class,
         v.sender, v.hinges
    FROM (SELECT array_agg($1) AS ids, array_agg(m.profile_id) AS profiles,
                 array_agg(m.source) AS sources
            FROM missing m) a
   CROSS JOIN LATERAL dmarc.judge_ids(a.ids, a.profiles, a.sources) v
  $query$ USING domain_id, since, until, first_day, last_day;
  GET DIAGNOSTICS kept = ROW_COUNT;
  RETURN kept;
END $$;
COMMENT ON FUNCTION dmarc.keep_some(integer, bigint, bigint, date, date) IS
  'keep the verdicts on the records of a domain from one report until another, which are of these days; how many were judged';

-- keep_verdicts: judge what new reports brought, of each of these domains that
-- got 5,000 records since the last time; fewer are judged with each question.
-- Of more than 250,000 records those of the newest reports.  Of domains in again
-- all are looked at, not only new ones.  But for now_ids (NULL: all) it stays
-- due, and what goes beyond 100,000 verdicts in a call does, too.
--
-- Whoever changes what verdicts rest on goes first: he is not waited for, as he
-- may be waiting for us.
CREATE OR REPLACE FUNCTION dmarc.keep_verdicts(ids integer[], again integer[],
  now_ids integer[]) RETURNS void
LANGUAGE plpgsql SET jit = off SET work_mem = '64MB' AS $$
DECLARE
  may_keep boolean := coalesce(cardinality(now_ids) > 0, true);
  so_far bigint := 0;
  kept bigint;
  d record;
BEGIN
  BEGIN
    -- With an older view it would not see what was changed since.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      may_keep := false;
    ELSIF may_keep THEN
      LOCK TABLE dmarc.kept_verdict IN SHARE ROW EXCLUSIVE MODE NOWAIT;
    END IF;
  EXCEPTION
    WHEN lock_not_available THEN
      may_keep := false;
  END;
  -- NULL stands for all of which some are kept.
  IF array_position(again, NULL) IS NOT NULL THEN
    again := again || ARRAY(SELECT k.policy_domain_id
                              FROM dmarc.kept_domain k);
  END IF;
  FOR d IN
    SELECT x.id, x.again, min(x.day) AS first_day, max(x.day) AS last_day,
           min(x.report) AS since, max(x.report) AS until
      FROM (SELECT r.policy_domain_id AS id, r.day, r.id AS report,
                   r.record_count,
                   coalesce(r.policy_domain_id = ANY (again), false) AS again,
                   sum(r.record_count) OVER (PARTITION BY r.policy_domain_id)
                     AS records,
                   sum(r.record_count) OVER (PARTITION BY r.policy_domain_id
                                             ORDER BY r.id DESC) AS so_far
              FROM dmarc.report r
              LEFT JOIN dmarc.kept_domain k
                ON k.policy_domain_id = r.policy_domain_id
             WHERE r.policy_domain_id = ANY (ids || again)
               AND (r.id > coalesce(k.until_report, 0)
                    OR r.policy_domain_id = ANY (again))) x
     WHERE x.records >= 5000
       AND x.so_far - x.record_count < 250000
     GROUP BY x.id, x.again
     ORDER BY x.id
  LOOP
    kept := NULL;
    IF may_keep AND so_far < 100000
       AND (now_ids IS NULL OR d.id = ANY (now_ids)) THEN
      INSERT INTO dmarc.kept_domain (policy_domain_id, until_report)
      VALUES (d.id, 0)
          ON CONFLICT DO NOTHING;
      kept := dmarc.keep_some(d.id, d.since, d.until, d.first_day, d.last_day);
      so_far := so_far + kept;
    END IF;
    IF kept < 100000 THEN
      UPDATE dmarc.kept_domain k
         SET until_report = d.until
       WHERE k.policy_domain_id = d.id;
    ELSE
      INSERT INTO dmarc.due (what, policy_domain_id)
      VALUES (CASE WHEN d.again THEN 'keep_again' ELSE 'keep' END, d.id);
    END IF;
  END LOOP;
END $$;
COMMENT ON FUNCTION dmarc.keep_verdicts(integer[], integer[], integer[]) IS
  'keep the verdicts on the new records of these domains, where there are many, and on all records of those in the second array; now of the domains in the third array, or of all (NULL), of the others it stays due';

-- Another build may judge otherwise; so --init begins anew.
TRUNCATE dmarc.kept_verdict, dmarc.kept_domain;
INSERT INTO dmarc.due (what, policy_domain_id)
SELECT 'keep', r.policy_domain_id
  FROM dmarc.report r
 GROUP BY r.policy_domain_id
HAVING sum(r.record_count) >= 5000;
