-- Kept verdicts: whatever happens, and in whatever order, those that are kept
-- are those that would be judged now; and an event does not forget the others.
\ir lib.psql
INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim, return_path, evidence)
VALUES ('Cloud', 'local', 'cloud', 'infrastructure', 'no', 'no', 'N'),
       ('Platform', 'local', 'esp', 'platform', 'yes', 'yes', 'N'),
       ('Again', 'local', 'forwarder', 'forwarder', 'no', 'no', 'N'),
       ('Rent', 'local', 'hoster', 'host', 'no', 'no', 'N');
INSERT INTO dmarc.sender_pattern (kind, pattern, sender, origin)
VALUES ('ptr', 'cloud.example', 'Cloud', 'local'),
       ('domain', 'platform.example', 'Platform', 'local'),
       ('ptr', 'again.example', 'Again', 'local'),
       ('ptr', 'rent.example', 'Rent', 'local');
CREATE TEMP TABLE address AS
SELECT ('10.0.0.' || n)::inet AS ip FROM generate_series(1, 6) n;
CREATE TEMP TABLE made AS
SELECT pg_temp.new_profile(e, d, s) AS profile
  FROM unnest('{pass/fail,fail/pass,fail/fail}'::text[]) e,
       unnest(ARRAY['', 'example.jp s1 pass example.jp strict',
         'example.jp s1 fail example.jp strict', 'example.jp s2 fail example.jp strict',
         'example.jp s2 fail example.jp strict,other.example k pass other.example none',
         'k.platform.example k pass platform.example none',
         'k.platform.example k pass platform.example none,example.jp s3 pass example.jp strict']) d,
       unnest(ARRAY['', 'example.jp mfrom fail example.jp strict',
         'b.cloud.example mfrom pass cloud.example none']) s;
INSERT INTO dmarc.policy_domain (name) VALUES ('example.jp'), ('example.net');
SELECT setseed(0.45);

-- All there is to judge: 2 domains, 63 profiles, 6 addresses and none.
CREATE TEMP TABLE asked AS
SELECT array_agg(d.id ORDER BY d.id, m.profile, a.ip) AS ids,
       array_agg(m.profile ORDER BY d.id, m.profile, a.ip) AS profiles,
       array_agg(a.ip ORDER BY d.id, m.profile, a.ip) AS ips
  FROM dmarc.policy_domain d, made m,
       (SELECT ip FROM address UNION ALL SELECT '::/0') a
 WHERE d.name IN ('example.jp', 'example.net');
CREATE TEMP VIEW judged AS
SELECT v.policy_domain_id, v.profile_id, v.source, v.code, v.class, v.sender,
       v.hinges
  FROM asked a, dmarc.judge_ids(a.ids, a.profiles, a.ips) v;
CREATE FUNCTION pg_temp.keep() RETURNS void LANGUAGE sql AS $$
  INSERT INTO dmarc.kept_verdict SELECT * FROM judged ON CONFLICT DO NOTHING;
  INSERT INTO dmarc.kept_domain
  SELECT id, 0 FROM dmarc.policy_domain ON CONFLICT DO NOTHING $$;
CREATE FUNCTION pg_temp.any_of(VARIADIC text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT $1[1 + floor(random() * cardinality($1))] $$;

-- One event of this kind.
CREATE FUNCTION pg_temp.happen(kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  s text := pg_temp.any_of('s1', 's2', 's3');
  a inet := ('10.0.0.' || 1 + floor(random() * 6))::inet;
BEGIN
  CASE kind
    WHEN 'word' THEN
      INSERT INTO dmarc.sender_inventory (sender, policy_domain, role) VALUES (
        pg_temp.any_of('Platform', 'Cloud', 'other.example', 'example.jp', host(a), 'Again'),
        pg_temp.any_of('example.jp', 'example.net', NULL),
        pg_temp.any_of('own', 'vendor', 'forwarder', 'hostile', 'retired', NULL));
    WHEN 'never' THEN
      INSERT INTO dmarc.sender_inventory (sender, policy_domain, role)
      VALUES ('*', 'example.jp', pg_temp.any_of('hostile', NULL));
    WHEN 'unsaid' THEN
      DELETE FROM dmarc.sender_inventory
       WHERE id = (SELECT max(id) FROM dmarc.sender_inventory);
    WHEN 'learn' THEN
      INSERT INTO dmarc.learned VALUES
        ('selector', 'example.jp', s, pg_temp.any_of('one', 'two', 'three'), random() < 0.2)
          ON CONFLICT DO NOTHING;
      INSERT INTO dmarc.learned VALUES
        ('sender', 'example.jp', 'Platform', pg_temp.any_of('one', 'two'), random() < 0.2)
          ON CONFLICT DO NOTHING;
    WHEN 'unlearn' THEN
      DELETE FROM dmarc.learned
       WHERE domain = 'example.jp' AND name IN (s, pg_temp.any_of('Platform', s));
    WHEN 'org' THEN
      INSERT INTO dmarc.learned VALUES
        ('domain', pg_temp.any_of('example.jp', 'jp', 'example.net'), '', pg_temp.any_of('one', 'two'), true)
          ON CONFLICT DO NOTHING;
    WHEN 'org gone' THEN DELETE FROM dmarc.learned l WHERE l.kind = 'domain';
    WHEN 'learn again' THEN PERFORM dmarc.learn_again();
    WHEN 'name' THEN
      INSERT INTO dmarc.source (ip, ptr, ptr_org, ptr_status, asn, as_name) VALUES
        (a, pg_temp.any_of('h.cloud.example', 'h.again.example', 'h.rent.example', 'h.example.jp',
           'h.dsl.example'),
         pg_temp.any_of('cloud.example', 'example.jp', 'dsl.example'),
         pg_temp.any_of('confirmed', 'unconfirmed', 'none'), 64496, 'AS')
          ON CONFLICT (ip) DO UPDATE SET ptr = excluded.ptr,
             ptr_org = excluded.ptr_org, ptr_status = excluded.ptr_status;
    WHEN 'unnamed' THEN DELETE FROM dmarc.source WHERE ip = a;
    WHEN 'address fact' THEN
      INSERT INTO dmarc.source_fact AS f VALUES
        (pg_temp.any_of('example.jp', 'example.net'), a, random() < 0.5, random() < 0.5,
         CASE WHEN random() < 0.5 THEN '{example.jp}'::text[] ELSE '{}' END, 30, 2, 100)
          ON CONFLICT (policy_domain, ip) DO UPDATE SET steady = excluded.steady,
             relay = excluded.relay, passed = excluded.passed, day_count = f.day_count + 1;
    WHEN 'address fact gone' THEN DELETE FROM dmarc.source_fact WHERE ip = a;
    WHEN 'sender fact' THEN
      INSERT INTO dmarc.sender_fact VALUES
        (pg_temp.any_of('example.jp', 'example.net'),
         pg_temp.any_of('Platform', 'other.example', 'cloud.example', 'Cloud'),
         random() < 0.5, random() < 0.5, random() < 0.5, NULL)
          ON CONFLICT (policy_domain, sender) DO UPDATE SET own_selector = excluded.own_selector,
             brings_ours = excluded.brings_ours, fleeting = excluded.fleeting;
    WHEN 'sender fact gone' THEN
      DELETE FROM dmarc.sender_fact WHERE sender = pg_temp.any_of('Platform', 'other.example', 'Cloud');
    WHEN 'catalogue' THEN
      UPDATE dmarc.sender SET layer = pg_temp.any_of('infrastructure', 'platform', 'gateway')
       WHERE name = 'Platform';
      PERFORM dmarc.judge_again();
    WHEN 'verified only' THEN
      UPDATE dmarc.sender SET verified_only = pg_temp.any_of('yes', 'no', NULL),
             category = pg_temp.any_of('esp', 'hoster')
       WHERE name = 'Platform';
    WHEN 'class' THEN
      UPDATE dmarc.class SET confidence = pg_temp.any_of('guess', 'presumed'),
             stream_unknown = pg_temp.any_of('hostile', 'unresolved', 'undetermined')
       WHERE class = pg_temp.any_of('FAIL/UNAUTHENTICATED', 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN');
    WHEN 'own tenant' THEN
      INSERT INTO dmarc.setting (name, value) VALUES ('own_tenants', s)
          ON CONFLICT (name) DO UPDATE SET value = excluded.value;
      PERFORM dmarc.judge_again();
  END CASE;
END $$;

-- 100 events at random: how many kept verdicts are wrong.
CREATE TEMP TABLE told (kind text, gone bigint, wrong bigint);
CREATE FUNCTION pg_temp.try(kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  n bigint := (SELECT count(*) FROM dmarc.kept_verdict);
BEGIN
  PERFORM pg_temp.happen(kind);
  INSERT INTO told
  SELECT kind, n - count(*), count(*) FILTER (WHERE k IS DISTINCT FROM j)
    FROM dmarc.kept_verdict k
    LEFT JOIN judged j USING (policy_domain_id, profile_id, source);
  IF random() < 0.7 THEN
    PERFORM pg_temp.keep();
  END IF;
END $$;
DO $$
DECLARE
  kinds constant text[] := '{word,word,word,never,unsaid,learn,learn,learn,learn,learn,unlearn,org,org,org gone,org gone,
    learn again,name,name,unnamed,address fact,address fact,address fact gone,
    sender fact,sender fact,sender fact gone,catalogue,verified only,class,own tenant}';
BEGIN
  PERFORM pg_temp.keep();
  FOR i IN 1..100 LOOP
    PERFORM pg_temp.try(kinds[1 + floor(random() * cardinality(kinds))]);
  END LOOP;
END $$;
\echo events, and kept verdicts that are not what would be judged: none
SELECT count(*), sum(wrong) FROM told;
\echo and they did forget something: over 11 kinds of them
SELECT count(DISTINCT kind) > 11 FROM told WHERE gone > 0;

\echo an event forgets what it changes and no more: of 882, those on Platform, an address, a selector
TRUNCATE dmarc.sender_inventory, dmarc.source_fact, dmarc.sender_fact, dmarc.learned;
DELETE FROM dmarc.source;
UPDATE dmarc.sender SET layer = 'platform', category = 'esp', verified_only = NULL
 WHERE name = 'Platform';
SELECT dmarc.judge_again();
DELETE FROM dmarc.kept_verdict;
SELECT pg_temp.keep();
SELECT count(*) FROM dmarc.kept_verdict;
INSERT INTO dmarc.sender_inventory (sender, policy_domain, role) VALUES ('Platform', 'example.jp', 'vendor');
SELECT count(*), count(*) FILTER (WHERE sender = 'Platform') FROM dmarc.kept_verdict;
SELECT pg_temp.keep();
INSERT INTO dmarc.source (ip, ptr_status) VALUES ('10.0.0.1', 'none');
SELECT count(*), count(*) FILTER (WHERE source = '10.0.0.1') FROM dmarc.kept_verdict;
SELECT pg_temp.keep();
INSERT INTO dmarc.learned VALUES ('selector', 'example.jp', 's1', 'one', false);
SELECT count(*) FROM dmarc.kept_verdict;
INSERT INTO dmarc.learned VALUES ('selector', 'example.jp', 's1', 'two', false);
SELECT count(*), count(*) FILTER (WHERE 'selector example.jp s1' = ANY (hinges)) FROM dmarc.kept_verdict;
SELECT pg_temp.keep();
\echo what is believed already forgets nothing
INSERT INTO dmarc.learned VALUES ('selector', 'example.jp', 's1', 'three', false);
SELECT count(*) FROM dmarc.kept_verdict;

\echo a fact forgets the verdicts on that sender and domain, on that address; a count nothing
SELECT pg_temp.keep();
INSERT INTO dmarc.sender_fact VALUES ('example.jp', 'Platform', true, false, false, NULL);
SELECT count(*), (SELECT count(*) FROM asked a, unnest(a.ids, a.profiles) u (id, profile)
                    JOIN dmarc.profile_feature f ON f.profile_id = u.profile
                    JOIN dmarc.policy_domain d ON d.id = u.id
                   WHERE d.name = 'example.jp' AND f.platform = 'Platform') AS gone
  FROM dmarc.kept_verdict;
SELECT pg_temp.keep();
UPDATE dmarc.sender_fact SET repaired_on = '2026-05-01';
SELECT count(*) FROM dmarc.kept_verdict;
INSERT INTO dmarc.source_fact VALUES ('example.jp', '10.0.0.2', true, false, '{}', 30, 2, 100);
SELECT count(*) FROM dmarc.kept_verdict;
SELECT pg_temp.keep();
UPDATE dmarc.source_fact SET day_count = 31, message_count = 200;
SELECT count(*) FROM dmarc.kept_verdict;
\echo nor does a source that is looked up again and is as it was
UPDATE dmarc.source SET ptr_at = now();
SELECT count(*) FROM dmarc.kept_verdict;

\echo whatever judge_pairs() reads has a trigger that forgets; 03_learn.sql has learned
CREATE FUNCTION pg_temp.read_by_verdicts() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  plan text;
BEGIN
  EXECUTE 'EXPLAIN (FORMAT JSON) SELECT * FROM dmarc.judge_pairs($1, $2, $3)'
     INTO plan USING ARRAY['example.jp'], ARRAY[1], ARRAY[inet '10.0.0.1'];
  RETURN QUERY SELECT DISTINCT m[1]
                 FROM regexp_matches(plan, '"Relation Name": "([^"]*)"', 'g') m;
END $$;
SELECT r, EXISTS (SELECT FROM pg_trigger t
                   WHERE t.tgrelid = ('dmarc.' || r)::regclass
                     AND t.tgfoid::regproc::text ~ '^dmarc\.(verdicts|word|source|sender_fact|learned)_changed$')
  FROM pg_temp.read_by_verdicts() r ORDER BY r;

\echo a code is what it was made of, and no two are the same
SELECT count(*), count(DISTINCT c.code),
       count(*) FILTER (WHERE (d.pass, d.unaligned, d.known, d.sampled, d.scope, d.confidence,
                               d.stream, d.sender_kind, d.role)
                          IS NOT DISTINCT FROM (b.b, 1 - b.b, k, a, sc, co, st, ki, ro)) AS same
  FROM (VALUES (0), (1)) b (b), (VALUES (false), (true)) k (k), (VALUES (false), (true)) a (a),
       unnest('{p,sp}'::text[]) sc, unnest('{confirmed,reported,presumed,guess,NULL}'::text[]) co,
       unnest('{legitimate,indirect,unresolved,hostile,undetermined,NULL}'::text[]) st,
       unnest('{third_party,author,unauthenticated}'::text[]) ki,
       unnest('{own,vendor,forwarder,hostile,retired,NULL}'::text[]) ro,
       LATERAL dmarc.verdict_code(b.b, 1, 0, 0, 0, 1, 0, 0, 1 - b.b, k, a, sc, co, st, ki, ro) c (code),
       LATERAL dmarc.verdict_decoded(c.code) d;
\echo its lists have all that there is
SELECT DISTINCT x FROM dmarc.class, unnest(ARRAY[stream_known, stream_unknown]) x
 WHERE x NOT IN ('legitimate', 'indirect', 'unresolved', 'hostile', 'undetermined');
SELECT DISTINCT confidence FROM dmarc.class
 WHERE confidence NOT IN ('confirmed', 'reported', 'presumed', 'guess');
SELECT pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = 'dmarc.sender_inventory'::regclass AND pg_get_constraintdef(oid) LIKE '%vendor%';

\echo who may only read gets what is kept and what is not, and a word at once
CREATE TEMP TABLE kind AS SELECT * FROM judged;
DELETE FROM dmarc.kept_verdict WHERE profile_id % 2 = 0;
GRANT SELECT ON asked, kind TO dmarc_read;
CREATE TEMP VIEW answer AS
SELECT count(*) AS verdicts, count(*) FILTER (WHERE v.class = k.class
         AND v.code = k.code AND v.sender IS NOT DISTINCT FROM k.sender) AS same
  FROM asked a, dmarc.verdicts_of(a.ids, a.profiles, a.ips) v
  JOIN kind k ON k.policy_domain_id = (SELECT ids[v.n] FROM asked)
   AND k.profile_id = (SELECT profiles[v.n] FROM asked)
   AND k.source = (SELECT ips[v.n] FROM asked);
GRANT SELECT ON answer TO dmarc_read;
SET ROLE dmarc_read;
SELECT * FROM answer;
RESET ROLE;
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('other.example', 'vendor');
TRUNCATE kind;
INSERT INTO kind SELECT * FROM judged;
SET ROLE dmarc_read;
SELECT * FROM answer;
RESET ROLE;

\echo refresh keeps what 5,000 records brought, once; fewer it leaves alone
DELETE FROM dmarc.due;
TRUNCATE dmarc.kept_verdict, dmarc.kept_domain;
CREATE FUNCTION pg_temp.batch(domain text, day date, records bigint, profiles integer)
RETURNS void LANGUAGE sql AS $$
  WITH new AS MATERIALIZED (SELECT pg_temp.report(domain, 'r', day) AS id),
       put AS (SELECT pg_temp.record(n.id, 1, m.profile, '10.9.9.9')
                 FROM new n, (SELECT profile FROM made ORDER BY profile LIMIT profiles) m),
       done AS (SELECT count(*) AS n FROM put)
  INSERT INTO dmarc.due (what, policy_domain_id)
  SELECT 'facts', d.id FROM dmarc.policy_domain d, done WHERE d.name = domain;
  UPDATE dmarc.report r SET record_count = records
   WHERE r.id = (SELECT max(id) FROM dmarc.report) $$;
SELECT pg_temp.batch('example.jp', '2026-05-01', 5000, 20);
SELECT pg_temp.batch('example.net', '2026-05-01', 4999, 20);
SELECT dmarc.refresh();
SELECT d.name, count(k.*) FROM dmarc.policy_domain d
  LEFT JOIN dmarc.kept_verdict k ON k.policy_domain_id = d.id
 WHERE d.name LIKE 'example.%' GROUP BY d.name ORDER BY d.name;
SELECT pg_temp.batch('example.jp', '2026-05-02', 5000, 30);
SELECT pg_temp.batch('example.net', '2026-05-02', 1, 30);
SELECT dmarc.refresh();
SELECT d.name, count(k.*) FROM dmarc.policy_domain d
  LEFT JOIN dmarc.kept_verdict k ON k.policy_domain_id = d.id
 WHERE d.name LIKE 'example.%' GROUP BY d.name ORDER BY d.name;
\echo then nothing is due
SELECT count(*) FROM dmarc.due;
