-- disposition_day: what was done beside what was asked for.
--
-- Each case is one report with one record; a power of two messages says which
-- cases a sum is made of.  Policy of the report, author domain, what was done,
-- reasons -> handling:
--
--    1    1  p=none               none             honoured
--    2    2  p=none               quarantine       stronger
--    3    4  p=quarantine         none             weaker, none given
--    4    8  p=quarantine         quarantine       honoured
--    5   16  p=quarantine         reject           stronger
--    6   32  p=reject             quarantine       honoured (RFC 9989 7.4)
--    7   64  p=reject             none, list       weaker, mailing_list
--    8  128  p=reject             none, local+arc  weaker, arc
--    9  256  p=reject             not said         not_said
--   10  512  p=quarantine pct=10  none             honoured, sampled
--   11 1024  p=reject pct=10      none             weaker: pct leaves quarantine
--   12 2048  p=reject t=y         quarantine       honoured, sampled
--   13 4096  p=reject t=y         reject           honoured: knows no t
--   14 8192  p=reject             none, sampled_out  honoured, sampled
--   15 16384 p=reject sp=none     none, author below  honoured: sp
--   16 32768 p=none               reject, author below, no sp  stronger
--   17 65536 no policy said       none             not_said
--   18 p=reject, passes: no failing mail, not here
--   19 131072 p=reject            "pass" on a failure  weaker: let through
--
-- honoured 1+8+32+512+2048+4096+8192+16384 = 31273; weaker 4+64+128+1024+131072
-- = 132292; stronger 2+16+32768 = 32786; not said 256+65536 = 65792.
-- enforcing: 3 4 5 6 7 8 11 13 19 (said, not sampled, policy above none):
--   4+8+16+32+64+128+1024+4096+131072 = 136444
-- enforced: 4 5 6 13: 8+16+32+4096 = 4152
\ir lib.psql
CREATE TEMP TABLE c (n integer, p text, sp text, pct integer, t text,
  below boolean, done text, reasons text[], arc boolean, messages bigint);
INSERT INTO c VALUES
 (1, 'none', NULL, NULL, NULL, false, 'none', '{}', false, 1),
 (2, 'none', NULL, NULL, NULL, false, 'quarantine', '{}', false, 2),
 (3, 'quarantine', NULL, 100, NULL, false, 'none', '{}', false, 4),
 (4, 'quarantine', NULL, NULL, NULL, false, 'quarantine', '{}', false, 8),
 (5, 'quarantine', NULL, NULL, NULL, false, 'reject', '{}', false, 16),
 (6, 'reject', NULL, NULL, NULL, false, 'quarantine', '{}', false, 32),
 (7, 'reject', NULL, NULL, NULL, false, 'none', '{local_policy,mailing_list}', false, 64),
 (8, 'reject', NULL, NULL, NULL, false, 'none', '{local_policy}', true, 128),
 (9, 'reject', NULL, NULL, NULL, false, NULL, '{}', false, 256),
 (10, 'quarantine', NULL, 10, NULL, false, 'none', '{}', false, 512),
 (11, 'reject', NULL, 10, NULL, false, 'none', '{}', false, 1024),
 (12, 'reject', NULL, NULL, 'y', false, 'quarantine', '{}', false, 2048),
 (13, 'reject', NULL, NULL, 'y', false, 'reject', '{}', false, 4096),
 (14, 'reject', NULL, NULL, NULL, false, 'none', '{sampled_out}', false, 8192),
 (15, 'reject', 'none', NULL, NULL, true, 'none', '{}', false, 16384),
 (16, 'none', NULL, NULL, NULL, true, 'reject', '{}', false, 32768),
 (17, NULL, NULL, NULL, NULL, false, 'none', '{}', false, 65536),
 (19, 'reject', NULL, NULL, NULL, false, 'pass', '{}', false, 131072);
CREATE TEMP TABLE r AS
SELECT c.*, pg_temp.report('example.jp', 'R' || n, '2026-05-01', p, sp) AS id,
       pg_temp.profile('fail/fail', '', '', reasons => reasons, arc => arc,
         disposition => done,
         header_from => CASE WHEN below THEN 'm.example.jp' ELSE 'example.jp' END)
         AS profile
  FROM c;
UPDATE dmarc.report x SET pct = r.pct, testing = r.t FROM r WHERE r.id = x.id;
DO $$ BEGIN PERFORM pg_temp.record(id, messages, profile, NULL) FROM r; END $$;
DO $$ BEGIN
  PERFORM pg_temp.record(pg_temp.report('example.jp', 'R18', '2026-05-01', 'reject'),
            7, pg_temp.profile('pass/fail', '', '', disposition => 'none'), NULL);
END $$;
SELECT substr(reporter, 2) AS n, message_count, requested, disposition,
       handling, reason, sampled
  FROM dmarc.disposition_day ORDER BY message_count;
\echo sums: all, honoured, weaker, stronger, not said, sampled, enforcing, enforced
SELECT sum(message_count), sum(honoured_count), sum(weaker_count),
       sum(stronger_count), sum(not_said_count), sum(sampled_count),
       sum(enforcing_count), sum(enforced_count)
  FROM dmarc.disposition_day;
\echo every failing message is one of the four
SELECT sum(honoured_count + weaker_count + stronger_count + not_said_count)
       = (SELECT sum(fail_count) FROM dmarc.domain_day)
  FROM dmarc.disposition_day;
