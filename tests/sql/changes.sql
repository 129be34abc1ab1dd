-- change_between since 8 June 2026, up to 14 June.  What holds on 14 June is
-- compared with what held on 7 June; a share is that of the newest two days, or,
-- until there are 100 messages, of up to 14.
-- History from 1 March on.  Senders are organizational domains that sign as
-- themselves and as the author (known), or as themselves only.
--
--   steady   100 a day, all the time, all pass: no change
--   worse    100 a day, all pass; from 8 June on 60 of 100 fail
--   little   3 a day before, all pass; 3 a day after, all fail: 42 in 14 days,
--            of which 21 fail; [0.35, 0.65] does not meet what was before: worse
--   fewer    2 a day, all pass, then all fail: 28 in 14 days, 14 of them fail
--   wobble   1,000 a day: 970 pass, then 930: four points are too few
--   better   100 a day, all fail (as somebody else), then all pass
--   new      first on 10 June: 5 messages, signed as the author: new
--   stranger first on 9 June: 19 messages as itself: too few
--   unknown  first on 9 June: 20 messages as itself: new
--   daily    100 a day until 4 June: usual gap 1, patience 7, missed on
--            12 June: gone
--   monthly  3 March, 3 April, 3 May, 10 each: usual gap 31, patience 62: not
--            missed before 5 July
--   rare     2 April and 2 May, 50 each: no regular sender
--   late     a forger, 3 a day, then 250 a day: 1,750 >= 1,000 and 5 times
--            21: surge
--   s1       selector of steady: passes all the time
--   s9       selector of new: verifies first on 10 June, 5 messages: selector
--   class    DKIM and SPF pass all the time, 100 a day; from 8 June on 10 a day
--            pass by SPF only, the signature of s2 being broken: class (70 of
--            700); s2: 180 of the newest 200, after 8500 of 8500: broken
--   policy   none, then quarantine on 11 June
--   reporter B every day until 3 June: missed on 11 June: silent
--            C once: not regular
-- other.example: first report on 9 June: domain, and nothing else.
\ir lib.psql
CREATE TEMP TABLE c (who text, first date, last date, step interval, messages bigint,
  eval text, dkim text, spf text);
INSERT INTO c VALUES
 ('steady', '2026-03-01', '2026-06-14', '1 day', 100, 'pass/fail', 'example.jp s1 pass example.jp strict,steady.example k pass steady.example none', ''),
 ('worse', '2026-03-01', '2026-06-07', '1 day', 100, 'pass/fail', 'example.jp s1 pass example.jp strict,worse.example k pass worse.example none', ''),
 ('worse', '2026-06-08', '2026-06-14', '1 day', 40, 'pass/fail', 'example.jp s1 pass example.jp strict,worse.example k pass worse.example none', ''),
 ('worse', '2026-06-08', '2026-06-14', '1 day', 60, 'fail/fail', 'worse.example k pass worse.example none', ''),
 ('little', '2026-03-01', '2026-06-07', '1 day', 3, 'pass/fail', 'example.jp s1 pass example.jp strict,little.example k pass little.example none', ''),
 ('little', '2026-06-08', '2026-06-14', '1 day', 3, 'fail/fail', 'little.example k pass little.example none', ''),
 ('fewer', '2026-03-01', '2026-06-07', '1 day', 2, 'pass/fail', 'example.jp s1 pass example.jp strict,fewer.example k pass fewer.example none', ''),
 ('fewer', '2026-06-08', '2026-06-14', '1 day', 2, 'fail/fail', 'fewer.example k pass fewer.example none', ''),
 ('wobble', '2026-03-01', '2026-06-07', '1 day', 970, 'pass/fail', 'example.jp s1 pass example.jp strict,wobble.example k pass wobble.example none', ''),
 ('wobble', '2026-03-01', '2026-06-07', '1 day', 30, 'fail/fail', 'wobble.example k pass wobble.example none', ''),
 ('wobble', '2026-06-08', '2026-06-14', '1 day', 930, 'pass/fail', 'example.jp s1 pass example.jp strict,wobble.example k pass wobble.example none', ''),
 ('wobble', '2026-06-08', '2026-06-14', '1 day', 70, 'fail/fail', 'wobble.example k pass wobble.example none', ''),
 ('better', '2026-03-01', '2026-06-07', '1 day', 100, 'fail/fail', 'better.example k pass better.example none', ''),
 ('better', '2026-06-08', '2026-06-14', '1 day', 100, 'pass/fail', 'example.jp s1 pass example.jp strict,better.example k pass better.example none', ''),
 ('new', '2026-06-10', '2026-06-10', '1 day', 5, 'pass/fail', 'example.jp s9 pass example.jp strict,new.example k pass new.example none', ''),
 ('stranger', '2026-06-09', '2026-06-09', '1 day', 19, 'fail/fail', 'stranger.example k pass stranger.example none', ''),
 ('unknown', '2026-06-09', '2026-06-09', '1 day', 20, 'fail/fail', 'unknown.example k pass unknown.example none', ''),
 ('daily', '2026-03-01', '2026-06-04', '1 day', 100, 'pass/fail', 'example.jp s1 pass example.jp strict,daily.example k pass daily.example none', ''),
 ('monthly', '2026-03-03', '2026-05-03', '1 month', 10, 'pass/fail', 'example.jp s1 pass example.jp strict,monthly.example k pass monthly.example none', ''),
 ('rare', '2026-04-02', '2026-05-02', '1 month', 50, 'pass/fail', 'example.jp s1 pass example.jp strict,rare.example k pass rare.example none', ''),
 ('late', '2026-03-01', '2026-06-07', '1 day', 3, 'fail/fail', '', 'example.jp mfrom fail example.jp strict'),
 ('late', '2026-06-08', '2026-06-14', '1 day', 250, 'fail/fail', '', 'example.jp mfrom fail example.jp strict'),
 ('class', '2026-03-01', '2026-06-07', '1 day', 100, 'pass/pass', 'example.jp s2 pass example.jp strict', 'example.jp mfrom pass example.jp strict'),
 ('class', '2026-06-08', '2026-06-14', '1 day', 90, 'pass/pass', 'example.jp s2 pass example.jp strict', 'example.jp mfrom pass example.jp strict'),
 ('class', '2026-06-08', '2026-06-14', '1 day', 10, 'fail/pass', 'example.jp s2 fail example.jp strict', 'example.jp mfrom pass example.jp strict');
INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim,
       return_path, evidence)
SELECT DISTINCT who || '.example', 'local', 'test', 'platform', 'yes', 'yes', 'A'
  FROM c WHERE dkim LIKE '%none' AND who NOT IN ('stranger', 'unknown');
INSERT INTO dmarc.sender_pattern (sender, kind, pattern, origin)
SELECT name, 'domain', name, 'local' FROM dmarc.sender WHERE category = 'test';
CREATE TEMP TABLE day AS
SELECT day::date, pg_temp.report('example.jp', 'A', day::date,
         CASE WHEN day < '2026-06-11' THEN 'none' ELSE 'quarantine' END) AS id
  FROM generate_series(timestamp '2026-03-01', '2026-06-14', '1 day') day;
DO $$ BEGIN
  PERFORM pg_temp.record(day.id, c.messages, pg_temp.profile(c.eval, c.dkim, c.spf), NULL)
     FROM c, generate_series(c.first, c.last, c.step) g
     JOIN day ON day.day = g::date;
  PERFORM pg_temp.report('example.jp', 'B', day::date)
     FROM generate_series(timestamp '2026-05-20', '2026-06-03', '1 day') day;
  PERFORM pg_temp.report('example.jp', 'C', '2026-05-01');
  PERFORM pg_temp.record(pg_temp.report('other.example', 'A', '2026-06-09'), 77,
            pg_temp.profile('fail/fail', 'unknown.example k pass unknown.example none', ''), NULL);
END $$;
SELECT policy_domain, kind, subject, class, messages_before, pass_before,
       messages, pass, last_seen, detail
  FROM dmarc.change_between(NULL, '2026-06-08', '2026-06-14')
 ORDER BY policy_domain, kind, subject;
\echo asked day by day, each is told once, and within two days
SELECT d::date, c.kind, c.subject
  FROM generate_series('2026-06-08'::date, '2026-06-14', interval '1 day') d
 CROSS JOIN LATERAL dmarc.change_between('example.jp', d::date, d::date) c
 WHERE c.kind IN ('worse', 'better', 'broken', 'class', 'new')
 ORDER BY d, c.kind, c.subject;
\echo two windows side by side: what is told once is not told again
SELECT kind, subject FROM dmarc.change_between('example.jp', '2026-06-12', '2026-06-12')
 WHERE kind IN ('gone', 'silent', 'policy', 'new', 'selector');
SELECT kind, subject FROM dmarc.change_between('example.jp', '2026-06-13', '2026-06-14')
 WHERE kind IN ('gone', 'silent', 'policy', 'new', 'selector');
\echo a share: 970 of 1000, 21 of 21, none of 21, nothing
SELECT round(dmarc.share_low(p, w)::numeric, 3), round(dmarc.share_high(p, w)::numeric, 3)
  FROM (VALUES (1, 970, 1000), (2, 21, 21), (3, 0, 21), (4, 0, 0)) v (n, p, w)
 ORDER BY n;
\echo which days: a week, then what is behind the mark
SELECT since_day, until_day, marked FROM dmarc.change_window('example.jp', NULL, NULL);
INSERT INTO dmarc.run_mark (policy_domain, until_day) VALUES
 (NULL, '2026-06-13'), ('example.jp', '2026-06-10'), ('example.jp', '2026-06-09');
SELECT since_day, until_day, marked FROM dmarc.change_window('example.jp', NULL, NULL);
SELECT since_day, until_day, marked FROM dmarc.change_window(NULL, NULL, NULL);
SELECT since_day, until_day FROM dmarc.change_window(NULL, '2026-05-01', '2026-05-31');
