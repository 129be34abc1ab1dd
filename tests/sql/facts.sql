-- What the reports of some months show of addresses and senders, and what is
-- advised on it.  All days are counted back from 2026-06-30.
\ir lib.psql
CREATE TEMP TABLE r AS
SELECT g.at::date AS day, n, pg_temp.report('example.jp', 'R' || n, g.at::date) AS id
  FROM generate_series(timestamp '2026-04-01', '2026-06-30', '1 day') g (at),
       generate_series(1, 2) n;
-- mail(from day, to day, messages a day, profile, address), told by both
CREATE FUNCTION pg_temp.mail(a date, b date, m bigint, profile integer, ip inet)
RETURNS void LANGUAGE sql AS $$
  SELECT count(pg_temp.record(r.id, m, profile, ip)) FROM r WHERE r.day BETWEEN a AND b $$;
CREATE TEMP TABLE p AS SELECT
  pg_temp.new_profile('pass/pass', 'example.jp corp pass example.jp strict', 'example.jp mfrom pass example.jp strict') AS own,
  pg_temp.new_profile('pass/fail', 'example.jp news pass example.jp strict,vendor.example v pass vendor.example none', 'b.vendor.example mfrom pass vendor.example none') AS vendor,
  pg_temp.new_profile('fail/fail', 'vendor.example v pass vendor.example none', 'b.vendor.example mfrom pass vendor.example none') AS vendor_unsigned,
  pg_temp.new_profile('pass/fail', 'example.jp corp pass example.jp strict', 'alumni.example mfrom pass alumni.example none') AS alumni,
  pg_temp.new_profile('fail/fail', '', 'alumni.example mfrom pass alumni.example none') AS alumni_bare,
  pg_temp.new_profile('fail/fail', 'phish.example p pass phish.example none', 'phish.example mfrom pass phish.example none') AS phish,
  pg_temp.new_profile('fail/fail', 'letter.example p pass letter.example none', 'b.letter.example mfrom pass letter.example none') AS letter,
  pg_temp.new_profile('fail/fail', 'weekly.example p pass weekly.example none', 'weekly.example mfrom pass weekly.example none') AS weekly,
  pg_temp.new_profile('fail/fail', 'amazonses.com s pass amazonses.com none', 'b.amazonses.com mfrom pass amazonses.com none') AS ses,
  pg_temp.new_profile('fail/fail', 'shop.example p pass shop.example none', 'b.shop.example mfrom pass shop.example none') AS shop,
  pg_temp.new_profile('pass/pass', 'example.jp shop pass example.jp strict', 'em.example.jp mfrom pass example.jp relaxed') AS repaired,
  pg_temp.new_profile('pass/fail', 'example.jp corp pass example.jp strict', 'example.jp mfrom softfail example.jp strict') AS nonpass,
  pg_temp.new_profile('pass/fail', 'example.jp news pass example.jp strict,vendor.example v pass vendor.example none', 'example.jp mfrom softfail example.jp strict') AS vendor_kept,
  pg_temp.new_profile('fail/fail', 'example.jp - fail example.jp strict,lists.example - pass lists.example none', 'lists.example mfrom pass lists.example none') AS list,
  pg_temp.new_profile('fail/fail', 'example.jp corp pass example.jp relaxed,tenant.onmicrosoft.com s pass onmicrosoft.com none', 'tenant.example mfrom pass tenant.example none', modes => 'sr', header_from => 'shop.example.jp') AS tenant,
  pg_temp.new_profile('fail/fail', 'mkt.example.jp h1 pass example.jp relaxed,saas.example x pass saas.example none', 'b.saas.example mfrom pass saas.example none', modes => 'sr') AS miss,
  pg_temp.new_profile('fail/fail', 'example.jp corp pass example.jp relaxed', 'shop.example.jp mfrom softfail shop.example.jp strict', modes => 'sr', header_from => 'shop.example.jp') AS miss_kept,
  pg_temp.new_profile('fail/fail', 'example.jp corp pass example.jp relaxed,gmail.com g pass gmail.com none', 'gmail.com mfrom pass gmail.com none', modes => 'sr', header_from => 'shop.example.jp') AS miss_gmail,
  pg_temp.new_profile('fail/fail', 'example.jp corp pass example.jp relaxed', '', modes => 'sr', header_from => 'shop.example.jp') AS miss_only;
-- 192.0.2.1 carries most of the domain's signed mail, and SPF passes from there
-- but for the last week; .2 is missing from SPF from the first day on.
SELECT pg_temp.mail('2026-04-01', '2026-06-23', 20, own, '192.0.2.1'),
       pg_temp.mail('2026-06-24', '2026-06-30', 20, nonpass, '192.0.2.1'),
       pg_temp.mail('2026-06-01', '2026-06-30', 1, nonpass, '198.51.100.2'),
-- A neighbour of .1 that somebody has his mail forwarded by.
       pg_temp.mail('2026-05-01', '2026-06-30', 1, nonpass, '192.0.2.99'),
-- A vendor with a selector of its own, which somebody forwards; and unsigned.
       pg_temp.mail('2026-06-01', '2026-06-30', 5, vendor, '203.0.113.3'),
       pg_temp.mail('2026-06-29', '2026-06-30', 5, vendor_unsigned, '203.0.113.3'),
       pg_temp.mail('2026-06-01', '2026-06-30', 1, vendor_kept, '198.51.100.4'),
-- A forwarder brings the selector of the company, and at times no signature.
       pg_temp.mail('2026-06-01', '2026-06-30', 1, alumni, '198.51.100.5'),
       pg_temp.mail('2026-06-29', '2026-06-30', 1, alumni_bare, '198.51.100.5'),
-- A phisher on two days; as many letters from a vendor, whose return-path is not
-- its d=; the same from one who comes each week.
       pg_temp.mail('2026-06-10', '2026-06-11', 3, phish, '198.51.100.6'),
       pg_temp.mail('2026-06-10', '2026-06-11', 3, letter, '198.51.100.7'),
       pg_temp.mail('2026-06-10', '2026-06-10', 3, weekly, '198.51.100.8'),
       pg_temp.mail('2026-06-17', '2026-06-17', 3, weekly, '198.51.100.8'),
       pg_temp.mail('2026-06-24', '2026-06-24', 3, weekly, '198.51.100.8'),
-- A service that lets only owners send.
       pg_temp.mail('2026-06-29', '2026-06-30', 3, ses, '198.51.100.9'),
-- A shop that fails until it is repaired.
       pg_temp.mail('2026-04-01', '2026-05-31', 9, shop, '203.0.113.10'),
       pg_temp.mail('2026-06-01', '2026-06-30', 9, repaired, '203.0.113.10')
  FROM p;
SELECT pg_temp.teach(ARRAY(SELECT id FROM dmarc.auth_profile));
SELECT dmarc.learn_facts(NULL);
\echo addresses
SELECT ip, steady, relay, passed FROM dmarc.source_fact ORDER BY ip;
\echo senders
SELECT sender, own_selector, brings_ours, fleeting, repaired_on FROM dmarc.sender_fact ORDER BY sender COLLATE "C";
\echo what their mail is
SELECT w.what, v.sender, v.known, v.class, v.stream
  FROM p, LATERAL (VALUES (1, 'own address, now missing from SPF', nonpass, inet '192.0.2.1'),
       (2, 'our mail forwarded as it was', nonpass, '198.51.100.2'),
       (3, 'vendor', vendor, '203.0.113.3'), (4, 'vendor, unsigned', vendor_unsigned, '203.0.113.3'),
       (5, 'its mail forwarded as it was', vendor_kept, '198.51.100.4'),
       (6, 'forwarder', alumni, '198.51.100.5'), (7, 'forwarder, unsigned', alumni_bare, '198.51.100.5'),
       (8, 'phisher', phish, '198.51.100.6'), (9, 'letter', letter, '198.51.100.7'),
       (10, 'each week', weekly, '198.51.100.8'), (11, 'only owners', ses, '198.51.100.9'),
       (12, 'list, no selectors told', list, '198.51.100.11'),
       (13, 'strict, and a foreign tenant', tenant, '198.51.100.12'),
       (14, 'strict, and forwarded as it was', miss_kept, '198.51.100.13'),
       (15, 'strict, missing from SPF, but ours', miss_kept, '192.0.2.1'),
       (16, 'strict, and forwarded from a mailbox', miss_gmail, '198.51.100.14'),
       (17, 'strict', miss_only, '198.51.100.15')) w (n, what, profile, ip),
       LATERAL dmarc.verdict('example.jp', w.profile, w.ip) v
 ORDER BY w.n;
\echo a word on a sender says nothing of the address; one on the address does, and gives no other name
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('vendor.example', 'vendor'), ('198.51.100.2', 'own');
SELECT v.sender, v.role, v.class FROM p, dmarc.verdict('example.jp', p.vendor_kept, '198.51.100.4') v
 UNION ALL
SELECT v.sender, v.role, v.class FROM p, dmarc.verdict('example.jp', p.nonpass, '198.51.100.2') v;
\echo all is forgotten with the reports
DELETE FROM dmarc.record WHERE policy_domain_id = (SELECT id FROM dmarc.policy_domain WHERE name = 'example.jp');
SELECT dmarc.learn_facts(ARRAY(SELECT id FROM dmarc.policy_domain));
SELECT count(*) FROM dmarc.source_fact;
SELECT count(*) FROM dmarc.sender_fact;
\echo a tenant is called what the mail says, else what its label can mean, else the label
SELECT t.tenant, t.own FROM (VALUES (1, 'sumida-arts-example.20230601.gappssmtp.com', ARRAY['b.sumida-arts.example']),
    (2, 'sumida-arts-example.20230601.gappssmtp.com', NULL), (3, 'other-example.gappssmtp.com', NULL),
    (4, 'example-jp.gappssmtp.com', NULL)) v (n, d, named),
    LATERAL dmarc.tenant_of(d, 'example.jp', 'example.jp', named) t ORDER BY n;
\echo what is advised
SELECT dmarc.class_action(c, s, NULL, k, st, 'example.jp', 's', 'r', rp, b, m, o) FROM (VALUES
  (1, 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN', 'Gmail', false, 'unresolved', NULL, false, 1, 1),
  (2, 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN', 'lists.example', false, 'unresolved', NULL, false, 1, 1),
  (3, 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN', 'saas.example', false, 'unresolved', NULL, true, 1, 1),
  (4, 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN', 'o''saas.example', false, 'unresolved', NULL, false, 1, 1),
  (5, 'PASS_DKIM/SPF_OMISSION', 'x', true, 'legitimate', 'b.example.jp', false, 1, 1),
  (6, 'PASS_SPF/DKIM_BROKEN', 'x', true, 'legitimate', NULL, true, 9, 19204),
  (7, 'PASS_SPF/DKIM_BROKEN', 'x', true, 'legitimate', NULL, true, 900, 19204),
  (8, 'FAIL/STRICT_MISMATCH', 'x', true, 'legitimate', NULL, false, 1, 1),
  (9, 'FAIL/PROBABLY_FORGED', 'x', false, 'hostile', NULL, false, 1, 1)) v (n, c, s, k, st, rp, b, m, o) ORDER BY n;
\echo what was seen
SELECT dmarc.class_evidence('example.jp', f) FROM dmarc.profile_feature f, p
 WHERE f.profile_id IN (p.miss, p.list, p.vendor) ORDER BY f.profile_id;
