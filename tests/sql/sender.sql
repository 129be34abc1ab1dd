-- Who sent it: the names, by strength of evidence, and the layers apart.  The
-- catalogue here is the test's own.
\ir lib.psql
DELETE FROM dmarc.sender_pattern;
DELETE FROM dmarc.sender;
INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim,
       return_path, evidence)
SELECT name, 'local', 'test', layer, 'yes', 'yes', 'A'
  FROM (VALUES ('SendGrid', 'infrastructure'), ('SES', 'infrastructure'),
               ('Resend', 'platform'), ('Zendesk', 'platform'),
               ('Shop', 'platform'), ('Google Workspace', 'platform'),
               ('Google', 'platform'), ('Microsoft 365', 'platform'),
               ('SparkPost', 'infrastructure'), ('Mimecast', 'gateway'),
               ('ForwardEmail', 'forwarder'), ('Groups', 'forwarder'),
               ('Sakura', 'host'), ('Cuenote', 'platform'),
               ('HubSpot', 'platform'), ('Calendar', 'platform')) AS v (name, layer);
INSERT INTO dmarc.sender_pattern (sender, kind, pattern, ambiguous, origin)
VALUES ('SendGrid', 'domain', 'sendgrid.net', false, 'local'),
       ('SES', 'domain', 'amazonses.com', false, 'local'),
       ('Resend', 'selector', 'resend', false, 'local'),
       ('SparkPost', 'selector', 'scph####', false, 'local'),
       ('HubSpot', 'selector', 'hs1-*', false, 'local'),
       ('Zendesk', 'domain', 'zendesk.com', false, 'local'),
       ('Shop', 'spf', 'shop.example', false, 'local'),
       ('Google Workspace', 'dkim', 'gappssmtp.com', false, 'local'),
       ('Google', 'domain', 'google.com', true, 'local'),
       ('Calendar', 'domain', 'calendar-server.bounces.google.com', false, 'local'),
       ('Microsoft 365', 'dkim', 'onmicrosoft.com', false, 'local'),
       ('Microsoft 365', 'ptr', 'outbound.protection.outlook.com', true, 'local'),
       ('Mimecast', 'domain', 'dkim.mimecast.org', false, 'local'),
       ('Mimecast', 'ptr', 'mimecast.com', false, 'local'),
       ('Mimecast', 'asn', '64500', false, 'local'),
       ('ForwardEmail', 'domain', 'forwardemail.net', false, 'local'),
       ('Groups', 'domain', 'groups.example', false, 'local'),
       ('Sakura', 'domain', 'sakura.ne.jp', false, 'local'),
       ('Cuenote', 'domain', 'cuenote.jp', true, 'local');
-- Addresses: nothing known; a confirmed name at each kind of place; a mere
-- claim; an AS only; our own.
INSERT INTO dmarc.source (ip, ptr, ptr_org, ptr_status, asn, as_name) VALUES
 ('192.0.2.2', 'o1.ptr.sendgrid.net', 'sendgrid.net', 'confirmed', NULL, NULL),
 ('192.0.2.3', 'o1.mail.zendesk.com', 'zendesk.com', 'confirmed', NULL, NULL),
 ('192.0.2.4', 'eu-1.mimecast.com', 'mimecast.com', 'confirmed', NULL, NULL),
 ('192.0.2.5', 'www9.sakura.ne.jp', 'sakura.ne.jp', 'confirmed', 64501, 'SAKURA'),
 ('192.0.2.6', 'o1.ptr.sendgrid.net', 'sendgrid.net', 'unconfirmed', 64502, 'BAD-NET'),
 ('192.0.2.7', 'mx2.example.jp', 'example.jp', 'confirmed', NULL, NULL),
 ('192.0.2.8', 'mail.unknown.example', 'unknown.example', 'confirmed', 64503, 'UN'),
 ('192.0.2.9', NULL, NULL, 'none', 64504, 'HOME-NET'),
 ('192.0.2.10', NULL, NULL, 'none', 64500, 'GATEWAY-NET'),
 ('192.0.2.11', 'mail.forwardemail.net', 'forwardemail.net', 'confirmed', NULL, NULL),
 ('192.0.2.12', 'mail-a.outbound.protection.outlook.com', 'outlook.com', 'confirmed', NULL, NULL),
 ('192.0.2.13', 'mx2.example.jp', 'example.jp', 'unconfirmed', 64505, 'LIAR');
CREATE TEMP TABLE c (n integer, host integer, profile integer);
INSERT INTO c VALUES
-- 1 A foreign signature alone: infrastructure is the platform when nobody else
-- is named.
 (1, 1, pg_temp.profile('fail/fail', 'sendgrid.net smtpapi pass sendgrid.net none',
    'em1.sendgrid.net mfrom pass sendgrid.net none')),
-- 2 At the boundary of a label only.
 (2, 1, pg_temp.profile('fail/fail', 'notsendgrid.net k pass notsendgrid.net none', '')),
-- 3 Nor in front of somebody else's name.
 (3, 1, pg_temp.profile('fail/fail',
    'sendgrid.net.evil.example k pass evil.example none', '')),
-- 4 A signature that does not pass names nobody, nor does a failing SPF.
 (4, 1, pg_temp.profile('fail/fail', 'sendgrid.net k fail sendgrid.net none',
    'em1.sendgrid.net mfrom softfail sendgrid.net none')),
-- 5 The SaaS is named before the infrastructure that carries it, though its
-- evidence (a selector of ours that only it uses) is weaker: SES is the relay.
 (5, 1, pg_temp.profile('pass/fail',
    'example.jp resend pass example.jp strict,amazonses.com x pass amazonses.com none',
    'ap.amazonses.com mfrom pass amazonses.com none')),
-- 6 The same by the return-path.
 (6, 1, pg_temp.profile('fail/fail', 'amazonses.com x pass amazonses.com none',
    'bounce.shop.example mfrom pass shop.example none')),
-- 7 The SaaS is not in the catalogue: still it, by its domain, over SES.
 (7, 1, pg_temp.profile('fail/fail', 'amazonses.com x pass amazonses.com none',
    'bounce.payroll.example mfrom pass payroll.example none')),
-- 8 The same with two signatures, the infrastructure's first.
 (8, 1, pg_temp.profile('fail/fail', 'sendgrid.net x pass sendgrid.net none,'
    'payroll.example s1 pass payroll.example none', '')),
-- 9 A selector counts in our own passing signature only.
 (9, 1, pg_temp.profile('fail/fail', 'other.example resend pass other.example none', '')),
 (10, 1, pg_temp.profile('fail/fail', 'example.jp resend fail example.jp strict', '')),
-- 11 # is a digit, and as many as there are.
 (11, 1, pg_temp.profile('pass/fail', 'example.jp scph0316 pass example.jp strict', '')),
 (12, 1, pg_temp.profile('pass/fail', 'example.jp scph031 pass example.jp strict', '')),
 (13, 1, pg_temp.profile('pass/fail', 'example.jp scphabcd pass example.jp strict', '')),
-- 14 * is one character or more; the digit before it is that digit.
 (14, 1, pg_temp.profile('pass/fail', 'example.jp hs1-1234 pass example.jp strict', '')),
 (15, 1, pg_temp.profile('pass/fail', 'example.jp hs2-1234 pass example.jp strict', '')),
 (16, 1, pg_temp.profile('pass/fail', 'example.jp hs1- pass example.jp strict', '')),
-- 17 Longest suffix: the calendar, not the family.
 (17, 1, pg_temp.profile('fail/fail', 'google.com g pass google.com none',
    'calendar-server.bounces.google.com mfrom pass google.com none')),
-- 18 Nothing more exact: the family it is.
 (18, 1, pg_temp.profile('fail/fail', 'google.com g pass google.com none', '')),
-- 19 Our own Workspace, its label made of the author domain.
 (19, 1, pg_temp.profile('fail/pass',
    'example-jp.20230601.gappssmtp.com 20230601 pass gappssmtp.com none',
    'example.jp mfrom pass example.jp strict')),
-- 20 A stranger's Workspace sent it again: our signature is there, too.
 (20, 1, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict,'
    'club-example.20230601.gappssmtp.com 20230601 pass gappssmtp.com none',
    'club.example mfrom pass club.example none')),
-- 21 The same, and it broke our signature: a forwarder, no advice to give.
 (21, 1, pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict,'
    'club-example.20230601.gappssmtp.com 20230601 pass gappssmtp.com none',
    'club.example mfrom pass club.example none')),
-- 22 A stranger's, and no trace of ours: somebody's account, whose?
 (22, 1, pg_temp.profile('fail/fail',
    'club-example.20230601.gappssmtp.com 20230601 pass gappssmtp.com none', '')),
-- 23 Our tenant at Microsoft by its name; the label is that of the domain.
 (23, 1, pg_temp.profile('fail/fail',
    'example.onmicrosoft.com selector1-example-onmicrosoft-com pass example.onmicrosoft.com none', '')),
 (24, 1, pg_temp.profile('fail/fail',
    'examplejp.onmicrosoft.com selector1 pass examplejp.onmicrosoft.com none', '')),
-- 25 Another name, but our return-path passes SPF: we have an account there.
 (25, 1, pg_temp.profile('fail/pass',
    'contoso.onmicrosoft.com selector1 pass contoso.onmicrosoft.com none',
    'example.jp mfrom pass example.jp strict')),
-- 26 A foreign tenant sent it again.
 (26, 1, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict,'
    'contoso.onmicrosoft.com selector1 pass contoso.onmicrosoft.com none',
    'contoso.example mfrom pass contoso.example none')),
-- 27 A foreign tenant and nothing of ours.
 (27, 1, pg_temp.profile('fail/fail',
    'contoso.onmicrosoft.com selector1 pass contoso.onmicrosoft.com none', '')),
-- 28 An address of Microsoft's proves nothing of the tenant; the mail is ours.
 (28, 12, pg_temp.profile('pass/pass', 'example.jp s1 pass example.jp strict',
    'example.jp mfrom pass example.jp relaxed')),
-- 29 A forwarder by its signature, ours intact.
 (29, 1, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict,'
    'forwardemail.net default pass forwardemail.net none',
    'example.org mfrom pass example.org none')),
-- 30 A list, ours lost: indirect, and no advice.
 (30, 1, pg_temp.profile('fail/fail', 'groups.example k pass groups.example none',
    'groups.example mfrom pass groups.example none')),
-- 31 An envelope rewritten by SRS names itself.
 (31, 1, pg_temp.profile('fail/fail', '', 'srs.club.example mfrom pass club.example none')),
-- 32 A forwarder by its machine: SPF of ours fails there.
 (32, 11, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict',
    'example.jp mfrom fail example.jp strict')),
-- 33 A gateway that signs is no platform; alone it still has to be called something.
 (33, 1, pg_temp.profile('fail/fail', 'dkim.mimecast.org m pass mimecast.org none', '')),
-- 34 A gateway's machine never hides the platform.
 (34, 4, pg_temp.profile('fail/fail', 'zendesk.com z pass zendesk.com none', '')),
-- 35 Over SendGrid by its signature, and Zendesk's machine by its name.
 (35, 3, pg_temp.profile('fail/fail', 'sendgrid.net x pass sendgrid.net none', '')),
-- 36 The confirmed name of a machine, when the identifiers say nothing.
 (36, 2, pg_temp.profile('fail/fail', '', 'example.jp mfrom softfail example.jp strict')),
-- 37 A name that does not lead back is a mere claim; the AS is left.
 (37, 6, pg_temp.profile('fail/fail', '', '', envelope_from => 'example.jp')),
-- 38 A host names only what nothing else names: an unknown domain's mail there
-- is that domain's.
 (38, 5, pg_temp.profile('fail/fail', '', 'unknown.example mfrom pass unknown.example none')),
 (39, 5, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 40 Our own machine by its confirmed name: missing from SPF, and known.
 (40, 7, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 41 The same without any identifier: ours all the same.
 (41, 7, pg_temp.profile('fail/fail', '', '')),
-- 42 Who only claims our name gets nothing by it.
 (42, 13, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 43 Nobody knows it: grouped by the name's organizational domain, ...
 (43, 8, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 44 ... else by the AS, ...
 (44, 9, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 45 ... else it has no name.
 (45, 1, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 46 An AS that sends for nobody else.
 (46, 10, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict')),
-- 47 Two of ours: the domain itself.
 (47, 1, pg_temp.profile('pass/pass', 'example.jp s1 pass example.jp strict',
    'm.example.jp mfrom pass example.jp relaxed')),
-- 48 Set up once (a signature of ours beside its own) is known for good: a mail
-- of it without is a mistake to mend, not a stranger.
 (48, 1, pg_temp.profile('pass/fail', 'example.jp z1 pass example.jp strict,'
    'zendesk.com z pass zendesk.com none', '')),
 (49, 1, pg_temp.profile('fail/fail', 'zendesk.com z2 pass zendesk.com none', '')),
-- 50 A family's name teaches nothing: anybody's mail comes by there.
 (50, 1, pg_temp.profile('pass/fail', 'example.jp z1 pass example.jp strict,'
    'fc1.cuenote.jp z pass cuenote.jp none', '')),
 (51, 1, pg_temp.profile('fail/fail', 'fc2.cuenote.jp z2 pass cuenote.jp none', ''));
SELECT c.n, v.sender, v.sender_evidence AS evidence, v.platform, v.relay,
       v.forwarder, v.known, v.class, v.confidence, v.stream
  FROM c
 CROSS JOIN LATERAL dmarc.verdict('example.jp', c.profile,
              '192.0.2.0'::inet + c.host) v
 ORDER BY c.n;
-- The operator's word goes before all that was learned, one domain's before
-- all domains', the newest before older ones; taken back it is gone.
INSERT INTO dmarc.sender_inventory (sender, policy_domain, role) VALUES
 ('Zendesk', NULL, 'hostile'),
 ('Cuenote', NULL, 'vendor'), ('Cuenote', 'example.jp', 'retired'),
 ('payroll.example', NULL, 'hostile'), ('payroll.example', NULL, 'vendor'),
 ('SendGrid', NULL, 'vendor'), ('SendGrid', NULL, NULL),
 ('Groups', NULL, 'forwarder'), ('club.example', NULL, 'forwarder'),
 ('192.0.2.9', NULL, 'own'), ('unknown.example', NULL, 'forwarder'),
 ('example.jp', NULL, 'own');
SELECT c.n, v.sender, v.role, v.known, v.class, v.confidence, v.stream
  FROM c
 CROSS JOIN LATERAL dmarc.verdict('example.jp', c.profile,
              '192.0.2.0'::inet + c.host) v
 WHERE c.n IN (1, 7, 30, 38, 39, 44, 47, 49, 51)
 ORDER BY c.n;
SELECT v.role, v.class
  FROM c
 CROSS JOIN LATERAL dmarc.verdict('other.example', c.profile, NULL) v
 WHERE c.n = 51;
-- A domain that sends nothing: all that fails is forged, but for whom there is
-- a word, and for what is known; other domains keep their verdicts.
INSERT INTO dmarc.sender_inventory (sender, policy_domain, role)
VALUES ('*', 'parked.example', 'hostile');
SELECT c.n, v.sender, v.role, v.known, v.class, v.stream, o.stream AS other
  FROM c
 CROSS JOIN LATERAL dmarc.verdict('parked.example', c.profile,
              '192.0.2.0'::inet + c.host) v
 CROSS JOIN LATERAL dmarc.verdict('example.net', c.profile,
              '192.0.2.0'::inet + c.host) o
 WHERE c.n IN (1, 3, 7, 30, 34, 38, 40, 46, 47)
 ORDER BY c.n;
-- The account under another name, once the operator has said so.
INSERT INTO dmarc.setting (name, value) VALUES ('own_tenants', 'contoso Fabrikam');
SELECT dmarc.judge_again();
DELETE FROM dmarc.learned;
DO $$ BEGIN PERFORM pg_temp.teach(array_agg(id)) FROM dmarc.auth_profile; END $$;
SELECT c.n, v.sender, v.forwarder, v.known, v.class
  FROM c
 CROSS JOIN LATERAL dmarc.verdict('example.jp', c.profile,
              '192.0.2.0'::inet + c.host) v
 WHERE c.n IN (26, 27)
 ORDER BY c.n;
