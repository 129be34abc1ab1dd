-- selector_day, selector_broken_day, selector_health, return_path_day.
--
-- s1  passes 100 a day on 1-5 May at A; at B, on 3 May, 4 fail and 1 policy:
--     partly (B 5)
-- s2  passes 10 on 1 and 2 May; from 3 May on fails, 15 a day at A until
--     4 May, permerror 6 at B on 4 May: 36 broken since 3 May: broken
-- s3  passes on 1 May; one message fails on 2 May: not enough, partly
-- s4  passes, and temperror 2: healthy, for a temperror is no failure
-- s5  only ever fails, 500 times: anybody can write that: never verified
-- s6  is known from before, now temperror only: unclear
-- s7  passed before the window, fails in it at two reporters, 1 each: broken
-- -   passes without a selector: healthy
-- A profile that lists s1 twice, failing and passing, counts as passing once.
-- A foreign signature (saas.com) is none of ours.
-- Return-path: example.jp pass 520, softfail 500 (the forger), temperror 3.
\ir lib.psql
CREATE TEMP TABLE c (org text, first date, last date, messages bigint, dkim text,
  spf text DEFAULT '');
INSERT INTO c VALUES
 ('A', '2026-05-01', '2026-05-05', 100, 'example.jp s1 pass example.jp strict', 'example.jp mfrom pass example.jp strict'),
 ('B', '2026-05-03', '2026-05-03', 4, 'example.jp s1 fail example.jp strict', 'x.example mfrom pass x.example none'),
 ('B', '2026-05-03', '2026-05-03', 1, 'example.jp s1 policy example.jp strict', ''),
 ('A', '2026-05-01', '2026-05-01', 20, 'example.jp s1 fail example.jp strict,example.jp s1 pass example.jp strict,saas.com k pass saas.com none', 'example.jp mfrom pass example.jp strict'),
 ('A', '2026-05-01', '2026-05-02', 10, 'm.example.jp s2 pass example.jp relaxed', ''),
 ('A', '2026-05-03', '2026-05-04', 15, 'm.example.jp s2 fail example.jp relaxed', ''),
 ('B', '2026-05-04', '2026-05-04', 6, 'm.example.jp s2 permerror example.jp relaxed', ''),
 ('A', '2026-05-01', '2026-05-01', 5, 'example.jp s3 pass example.jp strict', ''),
 ('A', '2026-05-02', '2026-05-02', 1, 'example.jp s3 neutral example.jp strict', ''),
 ('A', '2026-05-02', '2026-05-02', 8, 'example.jp s4 pass example.jp strict', ''),
 ('A', '2026-05-02', '2026-05-02', 2, 'example.jp s4 temperror example.jp strict', ''),
 ('A', '2026-05-02', '2026-05-02', 500, 'example.jp s5 fail example.jp strict', 'example.jp mfrom softfail example.jp strict'),
 ('A', '2026-05-02', '2026-05-02', 3, 'example.jp s6 temperror example.jp strict', 'example.jp mfrom temperror example.jp strict'),
 ('A', '2026-04-01', '2026-04-01', 9, 'example.jp s7 pass example.jp strict', ''),
 ('A', '2026-05-02', '2026-05-02', 1, 'example.jp s7 fail example.jp strict', ''),
 ('B', '2026-05-03', '2026-05-03', 1, 'example.jp s7 fail example.jp strict', ''),
 ('A', '2026-05-02', '2026-05-02', 2, 'example.jp - pass example.jp strict', '');
INSERT INTO dmarc.learned VALUES ('selector', 'example.jp', 's6', 'a', true);
DO $$ BEGIN
  PERFORM pg_temp.record(pg_temp.report('example.jp', org, day::date), messages,
            pg_temp.profile('fail/fail', dkim, spf), '192.0.2.1')
     FROM c, generate_series(first, last, interval '1 day') day;
END $$;
SELECT domain, selector, state, messages, pass, broken, fail, permerror,
       neutral, policy, temperror, other, first_pass, last_pass, first_broken,
       last_broken, broken_since, broken_reporters, top_reporters
  FROM dmarc.selector_health('example.jp', '2026-05-01', '2026-05-31')
 ORDER BY selector;
\echo a day
SELECT selector, message_count, pass_count, broken_count
  FROM dmarc.selector_day WHERE day = '2026-05-03' ORDER BY 1;
SELECT reporter, selector, broken_count
  FROM dmarc.selector_broken_day WHERE day = '2026-05-03' ORDER BY 1, 2;
\echo what is broken is broken at somebody
SELECT (SELECT sum(broken_count) FROM dmarc.selector_day)
       = (SELECT sum(broken_count) FROM dmarc.selector_broken_day);
\echo every message is one thing
SELECT count(*) FROM dmarc.selector_day
 WHERE message_count <> pass_count + broken_count + temperror_count + other_count
    OR broken_count <> fail_count + permerror_count + neutral_count + policy_count;
\echo return-paths
SELECT domain, sum(message_count), sum(pass_count), sum(softfail_count),
       sum(temperror_count), sum(other_count)
  FROM dmarc.return_path_day GROUP BY 1;
