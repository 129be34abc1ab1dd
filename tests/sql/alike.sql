-- alike: whichever address stands for another, the verdict is the same, for
-- every profile; and those of a network that nothing tells apart are one.
\ir lib.psql
INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim, return_path, evidence)
VALUES ('Cloud', 'local', 'cloud', 'infrastructure', 'no', 'no', 'N'),
       ('Platform', 'local', 'esp', 'platform', 'yes', 'yes', 'N'),
       ('Again', 'local', 'forwarder', 'forwarder', 'no', 'no', 'N'),
       ('Gate', 'local', 'gateway', 'gateway', 'no', 'no', 'N'),
       ('Rent', 'local', 'hoster', 'host', 'no', 'no', 'N');
INSERT INTO dmarc.sender_pattern (kind, pattern, sender, origin)
VALUES ('ptr', 'cloud.example', 'Cloud', 'local'),
       ('domain', 'platform.example', 'Platform', 'local'),
       ('ptr', 'again.example', 'Again', 'local'),
       ('ptr', 'gate.example', 'Gate', 'local'),
       ('ptr', 'rent.example', 'Rent', 'local'),
       ('asn', '64499', 'Rent', 'local');
CREATE TEMP TABLE address (ip inet, ptr text, org text, status text, asn bigint);
INSERT INTO address
SELECT ('10.0.' || n || '.' || i)::inet, 'h' || i || '.' || org, org, status, asn
  FROM (VALUES (1, 'cloud.example', 'confirmed', 64496), (2, 'platform.example', 'confirmed', 64496),
    (3, 'again.example', 'confirmed', NULL), (4, 'gate.example', 'confirmed', 64496),
    (5, 'rent.example', 'confirmed', 64497), (6, 'dsl.example', 'confirmed', 64497),
    (7, 'dsl.example', 'unconfirmed', 64497), (8, 'example.jp', 'confirmed', 64497),
    (9, 'example.jp', 'unconfirmed', 64498), (10, NULL, 'none', 64499),
    (11, NULL, 'none', NULL), (12, 'other.example', 'failed', NULL)) v (n, org, status, asn),
       generate_series(1, 3) i;
INSERT INTO dmarc.source (ip, ptr, ptr_org, ptr_status, asn, as_name)
SELECT ip, ptr, org, status, asn, 'AS ' || asn FROM address;
INSERT INTO dmarc.source_fact VALUES
  ('example.jp', '10.0.7.1', true, false, '{}', 30, 2, 100),
  ('example.jp', '10.1.0.1', true, true, '{}', 30, 2, 100),
  ('example.net', '10.0.7.2', true, false, '{example.jp}', 30, 2, 100);
INSERT INTO dmarc.sender_inventory (sender, role, policy_domain) VALUES
  ('10.0.6.1', 'own', NULL), ('10.1.0.2', 'hostile', 'example.jp'), ('Rent', 'vendor', NULL);
INSERT INTO address VALUES ('10.1.0.1'), ('10.1.0.2'), ('10.1.0.3'), ('10.1.0.4');
CREATE TEMP TABLE made AS
SELECT pg_temp.profile(e, d, s) AS profile
  FROM unnest('{pass/pass,pass/fail,fail/pass,fail/fail,-/fail}'::text[]) e,
       unnest(ARRAY['', 'example.jp s1 pass example.jp strict', 'example.jp s1 fail example.jp strict',
         'k.platform.example k pass platform.example none', 'stranger.example k pass stranger.example none']) d,
       unnest(ARRAY['', 'example.jp mfrom pass example.jp strict', 'example.jp mfrom fail example.jp strict',
         'b.cloud.example mfrom pass cloud.example none', 'stranger.example mfrom pass stranger.example none']) s;
\echo how many addresses, how many stand for them, how many pairs differ: none
SELECT count(DISTINCT a.source_ip), count(DISTINCT a.alike),
       count(*) FILTER (WHERE v IS DISTINCT FROM u)
  FROM (SELECT x.ip AS source_ip, y.alike
          FROM address x
          LEFT JOIN dmarc.alike('example.jp', (SELECT array_agg(ip) FROM address)) y
            ON y.source_ip = x.ip) a, made m,
       LATERAL dmarc.verdict('example.jp', m.profile, a.source_ip) v,
       LATERAL dmarc.verdict('example.jp', m.profile, a.alike) u;
\echo which stand for themselves, which for others
SELECT y.alike, array_agg(x.ip ORDER BY x.ip)
  FROM address x
  LEFT JOIN dmarc.alike('example.jp', (SELECT array_agg(ip) FROM address)) y
    ON y.source_ip = x.ip
 GROUP BY y.alike ORDER BY y.alike;
\echo verdicts() says of each of all pairs what verdict() says of the one
WITH asked AS MATERIALIZED (
       SELECT row_number() OVER () AS n, d.domain, m.profile, x.ip
         FROM unnest('{example.jp,example.net}'::text[]) d (domain), made m,
              (SELECT ip FROM address UNION ALL SELECT NULL) x)
SELECT count(*), count(*) FILTER (WHERE v IS DISTINCT FROM u)
  FROM asked a
  JOIN dmarc.verdicts((SELECT array_agg(domain ORDER BY n) FROM asked),
         (SELECT array_agg(profile ORDER BY n) FROM asked),
         (SELECT array_agg(ip ORDER BY n) FROM asked)) s ON s.n = a.n
 CROSS JOIN LATERAL (
       SELECT s.sender, s.sender_kind, s.sender_evidence, s.platform, s.relay,
              s.forwarder, s.role, s.known, s.class, s.confidence, s.stream) v
  LEFT JOIN LATERAL dmarc.verdict(a.domain, a.profile, a.ip) u ON true;
