-- A window replayed under another policy, worked out by hand.  Two days, 1 and
-- 2 May; on each of them, all of one report:
--
--   own      100  passes by both, with mail of m.example.jp: DKIM relaxed only,
--                 SPF strict                              legitimate
--   news      20  m.example.jp writes itself; DKIM strict, SPF foreign
--   dkim      10  passes by DKIM alone, relaxed           legitimate
--   vendor    30  fails; the operator calls saas.com a vendor; 6 of it were
--                 quarantined                             legitimate
--   nobody     5  fails                                   unresolved
--   list       4  fails, says the reporter: list          indirect
--   forged     7  fails, rejected as reported             hostile
--   below      3  forged in the name of x.example.jp      hostile
--   mute       2  no verdict                              undetermined
--   odd        1  DKIM passes and nothing is listed       legitimate
--
-- Together 182 a day, 364; as reported 12 quarantined, 14 rejected.
\ir lib.psql
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('saas.com', 'vendor');
CREATE TEMP TABLE x AS
SELECT pg_temp.profile('pass/pass', 'm.example.jp s pass example.jp relaxed', 'example.jp mfrom pass example.jp strict') AS own,
       pg_temp.profile('pass/fail', 'm.example.jp n pass example.jp strict', 'b.saas.com mfrom pass saas.com none', header_from => 'm.example.jp') AS news,
       pg_temp.profile('pass/fail', 'm.example.jp s pass example.jp relaxed', '') AS dkim,
       pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', '') AS vendor,
       pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', '', disposition => 'quarantine') AS vendor_q,
       pg_temp.profile('fail/fail', 'nobody.example k pass nobody.example none', '') AS nobody,
       pg_temp.profile('fail/fail', '', 'lists.org mfrom pass lists.org none', '{mailing_list}') AS list,
       pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict', disposition => 'reject') AS forged,
       pg_temp.profile('fail/fail', '', '', header_from => 'x.example.jp') AS below,
       pg_temp.profile('-/fail', '', '') AS mute,
       pg_temp.profile('pass/fail', '', '') AS odd,
       pg_temp.report('example.jp', 'A', '2026-05-01') AS r1,
       pg_temp.report('example.jp', 'A', '2026-05-02') AS r2;
\o /dev/null
SELECT pg_temp.record(r, 100, own, '192.0.2.1'), pg_temp.record(r, 20, news, NULL),
       pg_temp.record(r, 10, dkim, NULL), pg_temp.record(r, 24, vendor, NULL),
       pg_temp.record(r, 6, vendor_q, NULL), pg_temp.record(r, 5, nobody, NULL),
       pg_temp.record(r, 4, list, NULL), pg_temp.record(r, 7, forged, '203.0.113.1'),
       pg_temp.record(r, 3, below, '203.0.113.2'), pg_temp.record(r, 2, mute, NULL),
       pg_temp.record(r, 1, odd, NULL)
  FROM x, unnest(ARRAY[r1, r2]) r;
\o
CREATE FUNCTION pg_temp.what_if(policy text, sub text DEFAULT NULL,
  adkim text DEFAULT NULL, aspf text DEFAULT NULL, fixed text[] DEFAULT NULL,
  gone text[] DEFAULT NULL) RETURNS TABLE (stream text, messages numeric,
  was_q numeric, was_r numeric, deliver numeric, quarantine numeric,
  reject numeric, unknown numeric, gone numeric, newly_fail numeric,
  newly_pass numeric)
LANGUAGE sql AS $$
  SELECT coalesce(w.stream, 'all'), sum(w.messages), sum(w.quarantine),
         sum(w.reject), sum(w.would_deliver), sum(w.would_quarantine),
         sum(w.would_reject), sum(w.would_unknown), sum(w.would_gone),
         sum(w.newly_fail), sum(w.newly_pass)
    FROM dmarc.policy_domain d,
         dmarc.what_if(d.id, '2026-05-01', '2026-05-02', $1, $2, $3, $4, $5, $6) w
   WHERE d.name = 'example.jp'
   GROUP BY ROLLUP (w.stream)
   ORDER BY w.stream $$;
\echo reject: all that fails is rejected, 98; 262 delivered, 4 unknown
SELECT * FROM pg_temp.what_if('reject');
\echo reject, and sp=none: x.example.jp is delivered, 6 more
SELECT * FROM pg_temp.what_if('reject', 'none') WHERE stream IN ('all', 'hostile');
\echo none: what fails is delivered
SELECT * FROM pg_temp.what_if('none') WHERE stream = 'all';
\echo quarantine for the domain, reject below: 92 and 6
SELECT * FROM pg_temp.what_if('quarantine', 'reject') WHERE stream = 'all';
\echo adkim=s: dkim fails newly, 20; own still has SPF, odd is taken at its word
SELECT * FROM pg_temp.what_if('reject', adkim => 's') WHERE stream IN ('all', 'legitimate');
\echo aspf=s changes nothing: own is strict there
SELECT * FROM pg_temp.what_if('reject', aspf => 's') WHERE stream = 'all';
\echo saas.com is fixed: its 60 pass
SELECT * FROM pg_temp.what_if('reject', fixed => '{SaaS.com}') WHERE stream IN ('all', 'legitimate');
\echo saas.com is gone: its 60 are left out, and with them the 40 of news
SELECT * FROM pg_temp.what_if('reject', gone => '{saas.com}') WHERE stream = 'all';
\echo strict to relaxed: what misses by a subdomain passes newly
SELECT pg_temp.record(pg_temp.report('strict.example', 'A', '2026-05-01'), 8,
         pg_temp.profile('fail/fail', 'm.strict.example s pass strict.example relaxed',
           'm.strict.example mfrom pass strict.example relaxed', modes => 'ss',
           header_from => 'strict.example', org => 'strict.example'), NULL);
SELECT m, w.would_reject, w.would_deliver, w.newly_pass
  FROM dmarc.policy_domain d, unnest('{s,r}'::text[]) m,
       dmarc.what_if(d.id, '2026-05-01', '2026-05-02', 'reject', NULL, m, 's', NULL, NULL) w
 WHERE d.name = 'strict.example';
\echo the days and senders add up to the messages, and the outcomes do
SELECT w.day, sum(w.messages), sum(w.would_deliver + w.would_quarantine
         + w.would_reject + w.would_unknown + w.would_gone)
  FROM dmarc.policy_domain d,
       dmarc.what_if(d.id, '2026-05-01', '2026-05-02', 'quarantine', 'none', 's', 's', '{nobody.example}', '{saas.com}') w
 WHERE d.name = 'example.jp'
 GROUP BY w.day ORDER BY w.day;
