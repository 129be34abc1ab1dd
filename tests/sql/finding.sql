-- The finding of a record that fails, each with the reason why (STANDARDS
-- 3.6, first match wins), and who the sender is.  example.jp/s1 verified in
-- the first case, so it is a known selector; example.jp/bogus never did.
\ir lib.psql
CREATE TEMP TABLE c (n serial, id integer);
INSERT INTO c (id) VALUES
-- 1 It passes: nothing to find.
 (pg_temp.profile('pass/pass', 'example.jp s1 pass example.jp strict',
    'example.jp mfrom pass example.jp strict')),
-- 2 It passes beside a vendor's signature: the vendor is the sender.
 (pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict,'
    'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none')),
-- 3 Both fail, yet an aligned signature passed: the reporter is wrong.
 (pg_temp.profile('fail/fail', 'm.example.jp s1 pass example.jp relaxed', '')),
-- 4 The same by SPF.
 (pg_temp.profile('fail/fail', '', 'example.jp mfrom pass example.jp strict')),
-- 5 adkim=s, and a subdomain signed.
 (pg_temp.profile('fail/fail', 'm.example.jp s1 pass example.jp relaxed', '',
    modes => 'sr')),
-- 6 aspf=s, and the return-path is a subdomain.
 (pg_temp.profile('fail/fail', '', 'm.example.jp mfrom pass example.jp relaxed',
    modes => 'rs')),
-- 7 The strict mode of DKIM says nothing on SPF: aligned, so 4 again.
 (pg_temp.profile('fail/fail', '', 'm.example.jp mfrom pass example.jp relaxed',
    modes => 'sr')),
-- 8 The reporter names a list; that goes before the broken signature.
 (pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict',
    'lists.org mfrom pass lists.org none', ARRAY['mailing_list'])),
-- 9 ARC accepted.
 (pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict',
    'fwd.net mfrom pass fwd.net none', ARRAY['local_policy'], true)),
-- 10 A local policy without ARC is no such thing: 13 again.
 (pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict',
    'fwd.net mfrom pass fwd.net none', ARRAY['local_policy'])),
-- 11 DNS failed for an aligned identifier: nothing is known.
 (pg_temp.profile('fail/fail', 'example.jp s1 temperror example.jp strict',
    '')),
-- 12 The same for SPF; a temperror of a foreign domain would not count.
 (pg_temp.profile('fail/fail', 'saas.com k temperror saas.com none',
    'example.jp mfrom temperror example.jp strict')),
-- 13 A known selector broken, and somebody else's return-path passes:
-- changed on the way.
 (pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict',
    'lists.org mfrom pass lists.org none')),
-- 14 A known selector broken, and nothing else: our signer.
 (pg_temp.profile('fail/fail', 'example.jp s1 permerror example.jp strict',
    'example.jp mfrom fail example.jp strict')),
-- 15 An unknown selector broken: anybody can write that.
 (pg_temp.profile('fail/fail', 'example.jp bogus fail example.jp strict',
    'example.jp mfrom fail example.jp strict')),
-- 16 A vendor's signature and no author signature.
 (pg_temp.profile('fail/fail', 'saas.com k pass saas.com none',
    'b.saas.com mfrom pass saas.com none')),
-- 17 No signature that passes, a vendor's return-path.
 (pg_temp.profile('fail/fail', '', 'b.saas.com mfrom pass saas.com none')),
-- 18 The same, where the first of two results fails: the passing one counts.
 (pg_temp.profile('fail/fail', 'saas.com k fail saas.com none',
    'other.org mfrom fail other.org none,b.saas.com - pass saas.com none')),
-- 19 A HELO pass is none: DMARC looks at MAIL FROM.
 (pg_temp.profile('fail/fail', '', 'mail.example.jp helo pass example.jp '
    'relaxed', envelope_from => '')),
-- 20 A vendor's HELO is no vendor.
 (pg_temp.profile('fail/fail', '', 'saas.com helo pass saas.com none')),
-- 21 SPF softfail is as good as fail.
 (pg_temp.profile('fail/fail', '', 'example.jp mfrom softfail example.jp '
    'strict')),
-- 22 No results listed at all.
 (pg_temp.profile('fail/fail', '', '', envelope_from => 'example.jp')),
-- 23 No verdict on one, whatever the results.
 (pg_temp.profile('fail/-', 'saas.com k pass saas.com none', '')),
-- 24 A public suffix has no organizational domain; it is the sender itself.
 (pg_temp.profile('fail/fail', 'co.jp k pass - none', '')),
-- 25 Alignment unknown (no d=): neither ours nor a third party's.
 (pg_temp.profile('fail/fail', '- k pass - -', ''));
SELECT c.n, p.finding, p.sender_kind, p.sender, p.author_signature AS author,
       p.third_party_signature || '/' || p.third_party_selector AS third,
       p.return_path, p.return_path_result
  FROM c JOIN dmarc.profile_detail p ON p.profile_id = c.id
 ORDER BY c.n;
-- Every finding has words of its own.
SELECT count(DISTINCT finding), count(DISTINCT dmarc.finding_text(finding)),
       bool_or(dmarc.finding_text(finding) = finding)
  FROM dmarc.profile_detail;
-- What is listed, in the reporter's order.
SELECT p.dkim, p.spf
  FROM c JOIN dmarc.profile_detail p ON p.profile_id = c.id
 WHERE c.n IN (2, 18) ORDER BY c.n;
