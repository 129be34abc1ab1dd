-- Where the evaluation does not follow from the results listed beside it.
\ir lib.psql
CREATE TEMP TABLE c (n serial, id integer);
INSERT INTO c (id) VALUES
-- 1 and 2: it follows.
 (pg_temp.profile('pass/pass', 'example.jp s pass example.jp strict',
    'example.jp mfrom pass example.jp strict')),
 (pg_temp.profile('fail/fail', 'saas.com s pass saas.com none',
    'saas.com mfrom pass saas.com none')),
-- 3 pass, but the only passing signature is foreign.
 (pg_temp.profile('pass/fail', 'saas.com s pass saas.com none', '')),
-- 4 pass, but the aligned return-path failed.
 (pg_temp.profile('fail/pass', '', 'example.jp mfrom fail example.jp strict')),
-- 5 pass by SPF with a HELO identity alone is not by the listed results.
 (pg_temp.profile('fail/pass', '', 'example.jp helo pass example.jp strict')),
-- 6, 7 fail beside a pass.
 (pg_temp.profile('fail/fail', 'example.jp s pass example.jp strict', '')),
 (pg_temp.profile('fail/fail', '', 'example.jp mfrom pass example.jp strict')),
-- 8 strict: the subdomain's pass is no aligned pass, so pass is wrong ...
 (pg_temp.profile('pass/fail', 'm.example.jp s pass example.jp relaxed', '',
    modes => 'sr')),
-- 9 ... and fail is right.
 (pg_temp.profile('fail/fail', 'm.example.jp s pass example.jp relaxed', '',
    modes => 'sr')),
-- 10 No verdict given: nothing to disagree with.
 (pg_temp.profile('-/-', 'example.jp s pass example.jp strict', ''));
SELECT c.n, coalesce(p.disagreement, '-')
  FROM c JOIN dmarc.profile_detail p ON p.profile_id = c.id
 ORDER BY c.n;
