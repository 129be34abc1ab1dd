-- policy_interval, policy_sight_day, policy_late, policy_error_day.
--
-- example.jp, reporters A, B, C:
--    1-4 May    A, B, C see p=none, 12 reports
--    3 May      D alone, twice, sees reject: outvoted on that day ("other")
--    5 May      A, B see quarantine pct=10; C still none        -> change
--    6, 7 May   A, B; C still none until 7 May: lag 2 days; its next report,
--               on 8 May, is new
--    8 May      only E reports, and sees none still: one reporter, one day,
--               the same before and after: no change; E is late by 3 days and
--               has not seen the new one
--    8 May      (C too: new)
--    9-10 May   A (RFC 9990: no pct, but t=n), B (pct=10): no other policy
--   11 May      A, B: quarantine, pct=100 -> change by pct alone
--   12-13 May   A: RFC 9990, t=y -> change by t
--
-- Intervals: none 1-4, quarantine pct=10 5-10, pct=100 11, t=y 12-13.
\ir lib.psql
CREATE TEMP TABLE c (org text, first date, last date, p text, pct integer, t text);
INSERT INTO c VALUES
 ('A', '2026-05-01', '2026-05-04', 'none', 100, NULL),
 ('B', '2026-05-01', '2026-05-04', 'none', 100, NULL),
 ('C', '2026-05-01', '2026-05-07', 'none', 100, NULL),
 ('D', '2026-05-03', '2026-05-03', 'reject', 100, NULL),
 ('D', '2026-05-03', '2026-05-03', 'reject', 100, NULL),
 ('A', '2026-05-05', '2026-05-07', 'quarantine', 10, NULL),
 ('B', '2026-05-05', '2026-05-07', 'quarantine', 10, NULL),
 ('E', '2026-05-08', '2026-05-08', 'none', 100, NULL),
 ('E', '2026-05-08', '2026-05-08', 'none', 100, NULL),
 ('C', '2026-05-08', '2026-05-08', 'quarantine', 10, NULL),
 ('A', '2026-05-09', '2026-05-10', 'quarantine', NULL, 'n'),
 ('B', '2026-05-09', '2026-05-10', 'quarantine', 10, NULL),
 ('A', '2026-05-11', '2026-05-11', 'quarantine', 100, NULL),
 ('B', '2026-05-11', '2026-05-11', 'quarantine', 100, NULL),
 ('A', '2026-05-12', '2026-05-13', 'quarantine', NULL, 'y');
CREATE TEMP TABLE r AS
SELECT pg_temp.report('example.jp', org, day::date, p) AS id, pct, t, n
  FROM (SELECT row_number() OVER () AS n, * FROM c) x,
       generate_series(first, last, interval '1 day') day;
UPDATE dmarc.report x SET pct = r.pct, testing = r.t,
       errors = CASE WHEN r.n = 14 THEN ARRAY['two records', 'bad rua'] END
  FROM r WHERE r.id = x.id;
SELECT number, first_day, last_day, next_day, p, sp, pct, testing,
       dmarc.policy_text(p, sp, np, pct, adkim, aspf, testing)
  FROM dmarc.policy_interval ORDER BY number;
\echo who saw what: every report once
SELECT number, sees, sum(report_count), string_agg(DISTINCT reporter, ' ')
  FROM dmarc.policy_sight_day GROUP BY 1, 2 ORDER BY 1, 2;
SELECT (SELECT sum(report_count) FROM dmarc.policy_sight_day)
       = (SELECT count(*) FROM dmarc.report);
\echo late
SELECT number, reporter, changed_day, last_day, lag_days, report_count, still
  FROM dmarc.policy_late ORDER BY number, reporter;
\echo errors
SELECT error, reporter, day, report_count FROM dmarc.policy_error_day
 ORDER BY error;
\echo notes
SELECT n, dmarc.policy_note(p, sp, pct, t) FROM (VALUES
  (1, 'none', 'none', '10', 'y'), (2, 'reject', 'none', '0', 'n'),
  (3, 'reject', 'reject', '100', 'y'), (4, 'none', 'reject', '5', 'y'))
  v (n, p, sp, pct, t);
