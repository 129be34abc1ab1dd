-- report_trust: one report each, and what is thought of it.
\ir lib.psql
\set judge 'DO $$ BEGIN PERFORM dmarc.judge_reports(); END $$;'
CREATE TEMP TABLE c (n serial, id bigint, org text, email text, mail_from text,
  mail_auth text, message_id text);
INSERT INTO c (org, email, mail_from, mail_auth, message_id) VALUES
-- 1 a file; 2, 3 mails that were stored before anything was kept
 ('google.com', 'a@google.com', NULL, NULL, NULL),
 ('google.com', 'a@google.com', 'a@google.com', NULL, NULL),
 ('google.com', 'a@google.com', NULL, NULL, 'x@y'),
-- 4 a mail that nobody said anything of, 5 without From and Message-ID
 ('google.com', 'a@google.com', 'a@google.com', '', 'x@y'),
 ('google.com', 'a@google.com', NULL, '', NULL),
-- 6 genuine; 7 by a server that does not say whose domain it is
 ('google.com', 'a@google.com', 'a@google.com',
  'mx.example.jp dmarc=pass header.from=google.com', 'x@y'),
 ('google.com', 'a@google.com', '"x@evil.example" <a@google.com>',
  'mx.example.jp dmarc=pass', 'x@y'),
-- 8 From a subdomain; 9 the reporter is one
 ('google.com', NULL, NULL,
  'mx.example.jp dmarc=pass header.from=mail.google.com', 'x@y'),
 ('mail.receiver.example', NULL, NULL,
  'mx.example.jp dmarc=pass header.from=receiver.example', 'x@y'),
-- 10 the name is no domain, so the address counts; 11 nor is it the sender's
 ('AMAZON-SES', 'postmaster@amazonses.com', NULL,
  'mx.example.jp dmarc=pass header.from=amazonses.com', 'x@y'),
 ('AMAZON-SES', 'postmaster@amazonses.com', NULL,
  'mx.example.jp dmarc=pass header.from=evil.example', 'x@y'),
-- 12 the other's id below ours, 13 above it, 14 alone
 ('google.com', NULL, NULL, E'mx.example.jp dmarc=pass header.from=google.com\n'
  'evil.example dmarc=fail', 'x@y'),
 ('google.com', NULL, NULL, E'lists.example dmarc=fail\n'
  'mx.example.jp dmarc=pass header.from=google.com', 'x@y'),
 ('google.com', NULL, NULL,
  'evil.example dmarc=pass header.from=google.com', 'x@y'),
-- 15 forged below ours; 16 with ours saying nothing; 17 our second server
 ('google.com', NULL, NULL, E'mx.example.jp dmarc=fail header.from=google.com\n'
  'mx.example.jp dmarc=pass header.from=google.com', 'x@y'),
 ('google.com', NULL, NULL, E'mx.example.jp spf=pass\n'
  'mx.example.jp dmarc=pass header.from=google.com', 'x@y'),
 ('google.com', NULL, NULL, 'mx2.example.jp dmarc=pass header.from=google.com',
  'x@y'),
-- 18 an id that begins or ends like ours
 ('google.com', NULL, NULL, E'mx.example.jp.evil.example dmarc=pass\n'
  'x.mx.example.jp dmarc=pass header.from=google.com', 'x@y'),
-- 19 Somebody's own domain passes, and reports for Google; 20 with his own
-- address; 21 a name that only ends like it
 ('google.com', 'a@google.com', NULL,
  'mx.example.jp dmarc=pass header.from=evil.example', 'x@y'),
 ('google.com', 'a@evil.example', 'a@google.com',
  'mx.example.jp dmarc=pass header.from=evil.example', 'x@y'),
 ('google.com', NULL, NULL,
  'mx.example.jp dmarc=pass header.from=evilgoogle.com', 'x@y'),
-- 22 the name of a whole registry
 ('com', 'a@com', NULL,
  'mx.example.jp dmarc=pass header.from=evil.com', 'x@y'),
-- 23 approved by default; 24 by its subdomain; 25 above what is approved
 ('Outlook.com', 'a@microsoft.com', NULL,
  'mx.example.jp dmarc=pass header.from=microsoft.com', 'x@y'),
 ('Yahoo', 'a@yahooinc.com', NULL,
  'mx.example.jp dmarc=pass header.from=x.dmarc.yahoo.com', 'x@y'),
 ('Yahoo', 'a@yahooinc.com', NULL,
  'mx.example.jp dmarc=pass header.from=yahoo.com', 'x@y'),
-- 26 other results; 27 a domain with a character that it cannot have
 ('google.com', NULL, NULL,
  'mx.example.jp dmarc=bestguesspass header.from=google.com', 'x@y'),
 ('google.com', NULL, 'a@google.com',
  'mx.example.jp dmarc=pass header.from=goo?google.com', 'x@y'),
-- 28 two authors, and our server does not say which it judged
 ('google.com', NULL, 'a@evil.example, a@google.com',
  'mx.example.jp dmarc=pass', 'x@y'),
-- 29 an address of more than fits into a domain in place of a result
 ('google.com', NULL, NULL,
  'mx.example.jp spf=pass smtp.mailfrom=a?dmarc=pass?header.from=google.com@e.example',
  'x@y'),
-- 30 a reporter without any domain
 ('Somebody', NULL, NULL,
  'mx.example.jp dmarc=pass header.from=somebody.example', 'x@y');
UPDATE c SET id = pg_temp.report('example.jp', coalesce(org, 'x'), '2026-05-01');
UPDATE dmarc.report r
   SET email = c.email, mail_from = c.mail_from, mail_auth = c.mail_auth,
       message_id = c.message_id
  FROM c WHERE c.id = r.id;
CREATE TEMP VIEW trust AS
SELECT c.n, t.tier, t.used, t.reason, t.mail_domain
  FROM c JOIN dmarc.report_trust t ON t.id = c.id;
-- Nobody said which server is ours, or said so in blanks.
SELECT tier, used, reason, count(*) FROM trust GROUP BY 1, 2, 3;
INSERT INTO dmarc.setting (name, value) VALUES ('authserv_id', '  ');
:judge
SELECT tier, used, reason, count(*) FROM trust GROUP BY 1, 2, 3;
UPDATE dmarc.setting SET value = E' MX.example.jp\tmx2.example.jp\n';
:judge
SELECT * FROM trust ORDER BY n;
-- Others are approved in place of the default.
INSERT INTO dmarc.setting (name, value)
VALUES ('approved_reporters', 'evil.EXAMPLE  somebody.example');
:judge
SELECT n, tier, used, reason FROM trust
 WHERE n IN (11, 19, 20, 21, 23, 24, 30) ORDER BY n;
UPDATE dmarc.setting SET value = '' WHERE name = 'approved_reporters';
:judge
SELECT DISTINCT tier FROM trust ORDER BY 1;
-- The server without an id.
UPDATE dmarc.setting SET value = '-' WHERE name = 'authserv_id';
:judge
UPDATE dmarc.report SET mail_auth = '- dmarc=pass header.from=google.com'
 WHERE id = (SELECT id FROM c WHERE n = 6);
:judge
SELECT n, tier, reason FROM trust WHERE n IN (6, 12) ORDER BY n;
-- Domains of addresses.
SELECT a, dmarc.address_domain(a) FROM (VALUES
  ('a@B.jp'), ('A <a@b.jp>'), ('"A, <x@y.jp>" <a@b.jp.>'), ('"\"@" <a@b.jp>'),
  ('"a b"@b.jp '), ('a@b.jp, c@d.jp'), ('x@y.jp <a@b.jp>'), ('a@b.jp>c'),
  ('a@'), ('a@.'), ('b.jp'), (''), ('a@[192.0.2.1]'), (NULL)) v (a);
SELECT dmarc.address_domain(repeat('x', 3994) || '@b.jp'),
       dmarc.address_domain(repeat('x', 3995) || '@b.jp');
-- One organization or two.
SELECT a, b, dmarc.same_org(a, b), dmarc.same_org(b, a) FROM (VALUES
  ('a.jp', 'a.jp'), ('x.a.jp', 'a.jp'), ('xa.jp', 'a.jp'), ('a.jp', 'b.jp'),
  ('x.a.jp', 'y.a.jp'), ('a.jp', 'jp'), ('jp', 'jp'), ('a.jp', NULL),
  ('.jp', 'a.jp'), ('a.jp', '')) v (a, b);
