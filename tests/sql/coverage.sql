-- Who reports how regularly, which days are missing, who is big.
--
-- example.jp, up to 30 June 2026, the newest day of the database:
--   google.com   every day of May and June but 10, 11 June: no other did either
--                on these days; usual gap 1
--   yahoo        5 to 20 May daily: overdue from 20 May + 7 + 1 = 28 May
--   weekly       each Monday, 4 May to 8 June: gap 7, patience 14: overdue on
--                8 June + 15 = 23 June
--   monthly      1 March, 1 April, 1 May, 1 June: 4 days are not regular
--   five         1 Feb to 1 June, monthly: gap 31, patience 62: overdue on
--                1 June + 63 = 3 August: not yet
--   weird        two reports on 3 May whose periods overlap, and one of the day
--                after, which begins as the first ends
-- Days without any report: 10 and 11 June; in March and April many.
\ir lib.psql
DO $$ BEGIN
  PERFORM pg_temp.report('example.jp', 'google.com', day::date)
     FROM generate_series(timestamp '2026-05-01', '2026-06-30', '1 day') day
    WHERE day NOT IN ('2026-06-10', '2026-06-11');
  PERFORM pg_temp.report('example.jp', 'Yahoo', day::date)
     FROM generate_series(timestamp '2026-05-05', '2026-05-20', '1 day') day;
  PERFORM pg_temp.report('example.jp', 'weekly', day::date)
     FROM generate_series(timestamp '2026-05-04', '2026-06-08', '7 days') day;
  PERFORM pg_temp.report('example.jp', 'monthly', day::date)
     FROM generate_series(timestamp '2026-03-01', '2026-06-01', '1 month') day;
  PERFORM pg_temp.report('example.jp', 'five', day::date)
     FROM generate_series(timestamp '2026-02-01', '2026-06-01', '1 month') day;
  PERFORM pg_temp.report('example.jp', 'weird', day)
     FROM unnest(ARRAY[date '2026-05-03', '2026-05-03', '2026-05-04']) day;
  PERFORM pg_temp.report('example.jp', 'clock', '2099-01-01');
END $$;
UPDATE dmarc.report SET message_count = 10 WHERE reporter = 'google.com';
UPDATE dmarc.report SET message_count = 1 WHERE reporter = 'yahoo';
\echo the newest day; one of the future does not count
SELECT dmarc.last_day();
\echo rhythm
SELECT reporter, days, reports, first_day, last_day, usual_gap, overdue_day
  FROM dmarc.reporter_rhythm('example.jp', '2026-06-30') ORDER BY reporter;
\echo days without, of June; and from 29 April to 2 July
SELECT from_day, to_day, days FROM dmarc.day_without('example.jp', '2026-06-01', NULL);
SELECT from_day, to_day, days FROM dmarc.day_without('example.jp', '2026-04-29', '2026-07-02') ORDER BY 1;
\echo big receivers: google 59 days of 10, yahoo 16 of 1
SELECT receiver, reports, messages, domain_messages, days, last_seen
  FROM dmarc.big_receiver_seen('example.jp', '2026-05-01', '2026-06-30')
 ORDER BY receiver;
INSERT INTO dmarc.setting (name, value) VALUES ('big_receivers', 'Google  mail.ru');
SELECT dmarc.big_receivers();
\echo overlaps
SELECT reporter, day, report_count FROM dmarc.overlap_day;
\echo patience
SELECT dmarc.patience(1), dmarc.patience(7), dmarc.patience(31);
