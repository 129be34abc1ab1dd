-- Which reports count, and what is learned from them.
\ir lib.psql
\set judge 'DO $$ BEGIN PERFORM dmarc.judge_reports(); END $$;'
\set refresh 'DO $$ BEGIN PERFORM dmarc.refresh(); END $$;'
DELETE FROM dmarc.due;
INSERT INTO dmarc.setting VALUES ('authserv_id', 'mx.test');
INSERT INTO dmarc.reporter VALUES ('Known', 'local');
INSERT INTO dmarc.reporter_name VALUES ('known', 'Known');
INSERT INTO dmarc.reporter_mail VALUES ('reports.known.example', 'Known'),
  ('dmarc@free.example', 'Known');
INSERT INTO dmarc.mailbox_domain VALUES ('free.example');

-- A report by this name in a mail of this From, which passed DMARC.
CREATE FUNCTION pg_temp.mailed(org text, mail_from text, day date,
  messages bigint, profile integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  new bigint := pg_temp.report('example.jp', org, day);
BEGIN
  UPDATE dmarc.report r
     SET mail_from = mailed.mail_from,
         mail_auth = 'mx.test dmarc=pass header.from='
                     || split_part(mailed.mail_from, '@', 2)
   WHERE r.id = new;
  PERFORM pg_temp.record(new, messages, profile, '192.0.2.1');
  RETURN new;
END $$;
CREATE TEMP VIEW shown AS
SELECT r.reporter, r.day, t.tier, t.voucher, t.listed, t.reason
  FROM dmarc.report r
  JOIN dmarc.report_trust t USING (policy_domain_id, id);
CREATE TEMP TABLE p AS
SELECT pg_temp.new_profile('pass/fail', 'example.jp ' || s || ' pass example.jp strict', '') AS id,
       s
  FROM unnest(ARRAY['known', 'alone', 'two', 'forged']) s;

\echo names are bound: in the list, or by themselves; any other is whoever mails it
SELECT pg_temp.mailed(n, m, '2026-05-01', 1, (SELECT id FROM p WHERE s = 'known')) > 0
  FROM (VALUES (1, 'Known', 'a@reports.known.example'),
          (2, 'Known', 'a@evil.example'), (3, 'known', 'dmarc@free.example'),
          (4, 'known', 'joe@free.example'), (5, 'free.example', 'joe@free.example'),
          (6, 'Their ISP', 'a@isp.example'), (7, 'their isp', 'b@mail.isp.example'),
          (8, 'Their ISP', 'a@evil.example'), (9, 'Other name', 'a@reports.known.example'),
          (10, 'x.evil.example', 'a@y.x.evil.example'),
          (11, 'b.example.co.jp', 'a@b.example.co.jp')) x (i, n, m)
 ORDER BY i;
:judge
SELECT reporter, tier, voucher, listed, reason
  FROM pg_temp.shown ORDER BY reporter, tier, voucher, reason;

\echo of reports with one key the one that is vouched for counts, whichever came first
UPDATE dmarc.report SET report_id = 'same', slot = id WHERE reporter = 'known';
:judge
SELECT tier, slot = 0 AS counts, slot = id AS further, left_out_reason
  FROM dmarc.report WHERE report_id = 'same'
 ORDER BY slot = 0 DESC, left_out_reason, id;
SELECT sum(message_count) FROM dmarc.domain_day WHERE policy_domain = 'example.jp';
\echo what does not count, apart
SET dmarc.untrusted = 'only';
SELECT sum(message_count) FROM dmarc.domain_day WHERE policy_domain = 'example.jp';
SELECT count(*) FROM dmarc.report_detail WHERE policy_domain = 'example.jp';
RESET dmarc.untrusted;
\echo while nobody says whose servers are ours, one of them counts all the same
UPDATE dmarc.setting SET value = '' WHERE name = 'authserv_id';
:judge
SELECT tier, count(*) FROM dmarc.report WHERE report_id = 'same' GROUP BY tier ORDER BY tier;
UPDATE dmarc.setting SET value = 'mx.test' WHERE name = 'authserv_id';
:judge
SELECT tier, count(*) FROM dmarc.report WHERE report_id = 'same' GROUP BY tier ORDER BY tier;

\echo learned: by who is listed; where such a one reports, by nobody else
SELECT pg_temp.mailed(n, m, '2026-05-02', 1, p.id) > 0
  FROM (VALUES ('alone', 'evil.example', 'a@evil.example'),
          ('alone', 'x.evil.example', 'a@x.evil.example'),
          ('two', 'evil.example', 'a@evil.example'), ('two', 'isp.example', 'a@isp.example'),
          ('forged', 'Known', 'joe@free.example')) x (s, n, m)
  JOIN p USING (s);
:judge
INSERT INTO dmarc.due (what) VALUES ('learn');
:refresh
SELECT selector FROM dmarc.known_selector WHERE domain = 'example.jp' ORDER BY selector;
\echo and unlearned when the reports go
DELETE FROM dmarc.record c USING dmarc.report r
 WHERE r.id = c.report_id AND r.reporter = 'isp.example';
DELETE FROM dmarc.report WHERE reporter = 'isp.example';
SELECT DISTINCT what FROM dmarc.due ORDER BY what;
:refresh
SELECT selector FROM dmarc.known_selector WHERE domain = 'example.jp' ORDER BY selector;
SELECT count(*) FROM dmarc.due;

\echo too heavy: over ten times the busiest day of the listed ones, and over 1,000
SELECT pg_temp.mailed(n, m, d::date, c, (SELECT id FROM p WHERE s = 'known')) > 0
  FROM (VALUES (1, 'Known', 'a@reports.known.example', '2026-06-01', 150),
          (2, 'isp.example', 'a@isp.example', '2026-06-02', 1500),
          (3, 'evil.example', 'a@evil.example', '2026-06-20', 1501),
          (4, 'evil.example', 'a@evil.example', '2026-07-02', 9000000000000)) x (i, n, m, d, c)
 ORDER BY i;
:judge
INSERT INTO dmarc.due (what) VALUES ('weigh');
:refresh
SELECT reporter, day, tier, reason FROM pg_temp.shown
 WHERE day >= '2026-06-01' ORDER BY day;
\echo one that is left out for that stays so when reports are judged again
:judge
SELECT day, tier, slot <> 0 AS stands_aside FROM dmarc.report WHERE too_heavy ORDER BY day;
\echo and is back when the listed ones have seen as much
SELECT pg_temp.mailed('Known', 'a@reports.known.example', '2026-06-03', 151, (SELECT id FROM p WHERE s = 'known')) > 0;
:judge
INSERT INTO dmarc.due (what) VALUES ('weigh');
:refresh
SELECT reporter, day, tier, reason FROM pg_temp.shown
 WHERE day >= '2026-06-01' ORDER BY day, reporter;

\echo no listed reporter: the busiest other one
SELECT dmarc.weigh_reports(ARRAY[id]) FROM dmarc.policy_domain WHERE name = 'example.jp';
CREATE FUNCTION pg_temp.moved() RETURNS bigint LANGUAGE sql AS $$
  UPDATE dmarc.report SET policy_domain_id = (SELECT id FROM dmarc.policy_domain WHERE name = 'other.example')
   WHERE reporter IN ('isp.example', 'evil.example') AND day >= '2026-06-01';
  SELECT dmarc.weigh_reports(NULL) $$;
INSERT INTO dmarc.policy_domain (name) VALUES ('other.example');
SELECT pg_temp.moved();
SELECT r.reporter, r.day, r.tier FROM dmarc.report_detail d
  JOIN dmarc.report r USING (id) WHERE d.policy_domain = 'other.example' ORDER BY r.day;

\echo too many records, with few messages
CREATE FUNCTION pg_temp.many(n bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE dmarc.report SET record_count = n
   WHERE reporter = 'isp.example' AND day = '2026-06-02';
  UPDATE dmarc.report SET record_count = 100 WHERE reporter = 'evil.example' AND day = '2026-06-20' $$;
DO $$ BEGIN PERFORM pg_temp.many(1000), dmarc.weigh_reports(NULL); END $$;
SELECT count(*) FROM dmarc.report WHERE too_heavy AND day = '2026-06-02';
DO $$ BEGIN PERFORM pg_temp.many(1001), dmarc.weigh_reports(NULL); END $$;
SELECT tier, left_out_reason FROM dmarc.report WHERE reporter = 'isp.example' AND day = '2026-06-02';

\echo where nobody is listed two teach what one does not
SELECT pg_temp.mailed(n, n, '2026-05-03', 1, p.id) > 0
  FROM (VALUES ('two', 'a@isp.example'), ('two', 'a@evil.example'),
          ('alone', 'a@evil.example')) x (s, n)
  JOIN p USING (s);
DELETE FROM dmarc.record c USING dmarc.report r
 WHERE r.id = c.report_id AND r.mail_from IN ('a@reports.known.example', 'dmarc@free.example');
DELETE FROM dmarc.report WHERE mail_from IN ('a@reports.known.example', 'dmarc@free.example');
:judge
:refresh
SELECT selector FROM dmarc.known_selector WHERE domain = 'example.jp' ORDER BY selector;
