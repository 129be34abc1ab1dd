-- Mail of names below a domain that lies in reports about these.
--
-- example.jp: sub.example.jp has 40 messages, 10 of which pass, in two reports
-- of June, and 5 in May; a.sub.example.jp has 3.  notexample.jp and example.jp
-- itself are not below; quiet.example.jp has a report and no mail; a report of
-- tier C is not used.
\ir lib.psql
CREATE FUNCTION pg_temp.told(domain text, day date, messages bigint,
  passes bigint, tier text DEFAULT 'unjudged') RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  report bigint := pg_temp.report(domain, 'r.example', day);
BEGIN
  UPDATE dmarc.report r
     SET message_count = messages, pass_count = passes, tier = told.tier
   WHERE r.id = report;
END $$;
SELECT pg_temp.report(d, 'r.example', '2026-06-01') IS NULL
  FROM unnest(ARRAY['example.jp', 'quiet.example.jp']) d;
CREATE FUNCTION pg_temp.below(first_day date, last_day date) RETURNS text
LANGUAGE sql AS $$
  SELECT dmarc.readiness_below('example.jp', first_day, last_day) $$;
\echo nothing yet
SELECT pg_temp.below('2026-06-01', '2026-06-30') IS NULL;
DO $$ BEGIN
  PERFORM pg_temp.told('sub.example.jp', '2026-06-01', 30, 10);
  PERFORM pg_temp.told('sub.example.jp', '2026-06-30', 10, 0);
  PERFORM pg_temp.told('sub.example.jp', '2026-05-31', 5, 5);
  PERFORM pg_temp.told('notexample.jp', '2026-06-01', 100, 0);
  PERFORM pg_temp.told('example.jp', '2026-06-01', 1000, 0);
  PERFORM pg_temp.told('c.example.jp', '2026-06-01', 500, 0, 'C');
END $$;
\echo 40, 30 without a pass; with May 45, 30
SELECT pg_temp.below('2026-06-01', '2026-06-30');
SELECT pg_temp.below('2026-05-31', '2026-06-30');
SELECT pg_temp.told('a.sub.example.jp', '2026-06-02', 3, 3) IS NULL;
\echo 43, of two names
SELECT pg_temp.below('2026-06-01', '2026-06-30');
\echo of the name itself: the one below it
SELECT dmarc.readiness_below('sub.example.jp', '2026-06-01', '2026-06-30');
