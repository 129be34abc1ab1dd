-- An address whose unauthenticated mail comes on 20 of 90 days is no forger as far
-- as we know: it is for a person to say.  Of strangers it takes two to tell so.
\ir lib.psql
CREATE TEMP TABLE p AS
SELECT pg_temp.profile('fail/fail', '', 'example.jp mfrom softfail example.jp strict') AS nothing,
       pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', '') AS vouched;
CREATE TEMP TABLE r AS
SELECT day, n, pg_temp.report('example.jp', 'R' || n, day) AS id
  FROM generate_series(date '2026-01-01', '2026-04-10', '1 day') g (at),
       LATERAL (SELECT g.at::date AS day) d, generate_series(1, 2) n;
-- The last day is 2026-04-10, so the first of 90 is 2026-01-11.
-- .1: 20 days, two reporters in turn.  .2: 19 days.  .3: 30 days, one reporter.
-- .4: 30 days, but ten of them and more are too old.  .5: somebody vouches for it.
SELECT pg_temp.record(r.id, 1, p.nothing, '192.0.2.1') FROM r, p
 WHERE r.day BETWEEN '2026-02-01' AND '2026-02-20' AND r.n = 1 + extract(day FROM r.day)::integer % 2;
SELECT pg_temp.record(r.id, 1, p.nothing, '192.0.2.2') FROM r, p
 WHERE r.day BETWEEN '2026-02-01' AND '2026-02-19';
SELECT pg_temp.record(r.id, 1, p.nothing, '192.0.2.3') FROM r, p
 WHERE r.day BETWEEN '2026-03-01' AND '2026-03-30' AND r.n = 1;
SELECT pg_temp.record(r.id, 1, p.nothing, '192.0.2.4') FROM r, p
 WHERE r.day BETWEEN '2026-01-01' AND '2026-01-29';
SELECT pg_temp.record(r.id, 1, p.vouched, '192.0.2.5') FROM r, p
 WHERE r.day BETWEEN '2026-03-01' AND '2026-03-30';
-- Nobody judges the reports, so the word of each is enough.
SELECT dmarc.learn_steady();
SELECT * FROM dmarc.source_fact;
-- Reporters that are on no list: one alone may have made it up.
UPDATE dmarc.report SET tier = 'A', listed = false;
SELECT dmarc.learn_steady();
SELECT * FROM dmarc.source_fact;
SELECT a, v.sender, v.class, v.stream
  FROM p, unnest(ARRAY['192.0.2.1', '192.0.2.2']::inet[]) a,
       LATERAL dmarc.verdict('example.jp', p.nothing, a) v;
-- The operator's word goes before it.
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('192.0.2.1', 'hostile');
SELECT v.sender, v.role, v.stream
  FROM p, LATERAL dmarc.verdict('example.jp', p.nothing, '192.0.2.1') v;
