-- policy_seen: each policy as reported, first and last day, by how many.
\ir lib.psql
SELECT count(pg_temp.report(d, o, day, p, sp)) FROM (VALUES
  ('example.jp', 'A', date '2026-05-01', 'none', NULL),
  ('example.jp', 'B', '2026-05-02', 'none', NULL),
  ('example.jp', 'A', '2026-05-03', 'none', NULL),
  ('example.jp', 'A', '2026-05-04', 'reject', 'none'),
  ('example.net', 'A', '2026-05-04', 'reject', 'none')) v (d, o, day, p, sp);
SELECT policy_domain, p, sp, first_day, last_day, last_at AT TIME ZONE 'UTC',
       report_count, reporter_count
  FROM dmarc.policy_seen ORDER BY policy_domain, first_day;
