-- Readiness: every gate met and missed, at both steps; the loss; what is left
-- out; subdomains; t and pct.
--
-- The last day is 30 June 2026, so the window is 1 to 30 June.  Unless said
-- otherwise a domain has reports of A, B and C on each day from 1 May on (61
-- days), and each of them sees ten messages a day that pass by both: 900 in
-- the window, of which none fail.  The upper bound of 0 in 900 is
-- 2.7055 / (900 + 2.7055) = 0.30 %.
\ir lib.psql
\echo Wilson: 0/100 2.63, 0/540 0.50, 0/1000 0.27, 90/990 10.7, 1/1 100, 0/0 nothing
SELECT round(100 * dmarc.wilson_upper(k, n), 2)
  FROM (VALUES (0, 100), (0, 540), (0, 1000), (90, 990), (1, 1), (0, 0)) v (k, n);
\echo how many are enough: 539 for 0.5 %, 133 for 2 %; that many are, one less are not
SELECT dmarc.wilson_enough(k, s), dmarc.wilson_upper(k, dmarc.wilson_enough(k, s)) <= s,
       dmarc.wilson_upper(k, dmarc.wilson_enough(k, s) - 1) > s
  FROM (VALUES (0, 0.005), (0, 0.02), (3, 0.005)) v (k, s);

CREATE TEMP TABLE policy (domain text, first_day date, last_day date, p text,
  sp text, pct integer, testing text, reporters text[]);
CREATE TEMP TABLE mail (domain text, what text, messages bigint,
  first_day date, last_day date, reporters text[], header_from text);
CREATE FUNCTION pg_temp.domain(domain text, p text DEFAULT 'none',
  first_day date DEFAULT '2026-05-01', reporters text[] DEFAULT '{A,B,C}',
  messages bigint DEFAULT 10, what text DEFAULT 'own') RETURNS void
LANGUAGE sql AS $$
  INSERT INTO policy VALUES (domain, first_day, '2026-06-30', p, NULL, NULL, NULL, reporters);
  INSERT INTO mail VALUES (domain, what, messages, first_day, '2026-06-30', reporters, domain) $$;
-- More mail of a domain; in each of the days by each of the reporters.
CREATE FUNCTION pg_temp.mail(domain text, what text, messages bigint,
  first_day date DEFAULT '2026-05-01', last_day date DEFAULT '2026-06-30',
  reporters text[] DEFAULT '{A,B,C}', header_from text DEFAULT NULL) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO mail VALUES (domain, what, messages, first_day, last_day, reporters,
    coalesce(header_from, domain)) $$;
-- What there is: a profile of that author domain.
CREATE FUNCTION pg_temp.make(what text, f text) RETURNS integer
LANGUAGE plpgsql AS $$
BEGIN
  RETURN CASE what
    WHEN 'own' THEN pg_temp.profile('pass/pass', f || ' s1 pass ' || f || ' strict', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    WHEN 'spf' THEN pg_temp.profile('fail/pass', '', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    -- A vendor by the operator's word: passes, fails, passes by SPF only.
    WHEN 'vendor' THEN pg_temp.profile('pass/fail', f || ' v pass ' || f || ' strict,saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => f, org => f)
    WHEN 'vendor fails' THEN pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => f, org => f)
    WHEN 'vendor enforced' THEN pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => f, org => f, disposition => 'quarantine')
    WHEN 'vendor sampled' THEN pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', '{sampled_out}', header_from => f, org => f)
    WHEN 'vendor spf' THEN pg_temp.profile('fail/pass', 'saas.com k pass saas.com none', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    WHEN 'retired' THEN pg_temp.profile('fail/pass', 'old.example k pass old.example none', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    WHEN 'partner' THEN pg_temp.profile('fail/pass', 'partner.example k pass partner.example none', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    WHEN 'nobody' THEN pg_temp.profile('fail/fail', 'nobody.example k pass nobody.example none', 'nobody.example mfrom pass nobody.example none', header_from => f, org => f)
    WHEN 'list' THEN pg_temp.profile('fail/fail', f || ' s1 fail ' || f || ' strict', 'lists.org mfrom pass lists.org none', '{mailing_list}', header_from => f, org => f)
    WHEN 'forged' THEN pg_temp.profile('fail/fail', '', f || ' mfrom fail ' || f || ' strict', header_from => f, org => f)
    WHEN 'mute' THEN pg_temp.profile('-/fail', '', '', header_from => f, org => f)
    END;
END $$;
INSERT INTO dmarc.sender_inventory (sender, role)
VALUES ('saas.com', 'vendor'), ('old.example', 'retired');
INSERT INTO dmarc.sender_inventory (sender, role, policy_domain)
VALUES ('*', 'hostile', 'dead-too.example');

-- ---- to quarantine
\o /dev/null
SELECT pg_temp.domain('clean.example'),
       -- 19 days, and so no more than 19 with reports
       pg_temp.domain('young.example', first_day => '2026-06-12'),
       -- two reporters: 600 messages
       pg_temp.domain('two.example', reporters => '{A,B}'),
       -- 90 of 990 fail: 9.09 %, at most 10.71 %, all of the vendor's
       pg_temp.domain('direct.example'),
       pg_temp.mail('direct.example', 'vendor fails', 1),
       -- 12 of 9192 fail: at most 0.21 %; 12 of the vendor's 192: 6.25 %
       pg_temp.domain('sender.example', messages => 100),
       pg_temp.mail('sender.example', 'vendor', 2),
       pg_temp.mail('sender.example', 'vendor fails', 1, first_day => '2026-06-01', last_day => '2026-06-04'),
       -- 180 of 1080 by SPF: 83.33 % by DKIM
       pg_temp.domain('dkim.example'),
       pg_temp.mail('dkim.example', 'spf', 2),
       -- 60 on 30 days, over max(10, 0.9); 11 on one day do not count
       pg_temp.domain('open.example'),
       pg_temp.mail('open.example', 'nobody', 1, reporters => '{A,B}'),
       pg_temp.domain('burst.example'),
       pg_temp.mail('burst.example', 'nobody', 6, first_day => '2026-06-10', last_day => '2026-06-10', reporters => '{A}'),
       pg_temp.mail('burst.example', 'nobody', 5, first_day => '2026-06-10', last_day => '2026-06-10', reporters => '{B}'),
       -- 90 of 990 forwarded mail fails: shown, and no more
       pg_temp.domain('list.example'),
       pg_temp.mail('list.example', 'list', 1),
       -- first seen on the 24th, which is within 7 days; on the 18th within 14
       pg_temp.domain('new.example'),
       pg_temp.mail('new.example', 'vendor', 1, first_day => '2026-06-24'),
       pg_temp.domain('newish.example'),
       pg_temp.mail('newish.example', 'vendor', 1, first_day => '2026-06-18'),
       -- last seen in May: a vendor is missed, a retired one and a few are not
       pg_temp.domain('gone.example'),
       pg_temp.mail('gone.example', 'vendor', 1, last_day => '2026-05-10'),
       pg_temp.mail('gone.example', 'retired', 1, last_day => '2026-05-10'),
       pg_temp.domain('few.example'),
       pg_temp.mail('few.example', 'vendor', 1, last_day => '2026-05-03');

-- ---- to reject: the same at quarantine
SELECT pg_temp.domain('clean-q.example', 'quarantine'),
       -- 18 days are left of 20: 540 messages, at most 0.50 %
       pg_temp.domain('change-q.example', 'quarantine', '2026-06-11'),
       -- three a day, 183 since 1 May: at most 1.46 %, 539 - 183 = 356 more
       pg_temp.domain('small-q.example', 'quarantine', messages => 1),
       -- 9 of 909 fail: 0.99 %; they are fewer than 1 % of 909, so
       -- their sender is not looked at by itself
       pg_temp.domain('direct-q.example', 'quarantine'),
       pg_temp.mail('direct-q.example', 'vendor fails', 1, last_day => '2026-05-30'),
       pg_temp.mail('direct-q.example', 'vendor fails', 3, first_day => '2026-06-05', last_day => '2026-06-05'),
       -- 18 of 918 by SPF: 98.04 % by DKIM; own mail, 1.96 % of it
       pg_temp.domain('dkim-q.example', 'quarantine'),
       pg_temp.mail('dkim-q.example', 'spf', 3, first_day => '2026-06-05', last_day => '2026-06-06'),
       -- a vendor that passes by SPF only, 30 of 9030; 99.67 % by DKIM
       pg_temp.domain('spf-q.example', 'quarantine', messages => 100),
       pg_temp.mail('spf-q.example', 'vendor spf', 1, reporters => '{A}'),
       -- 11 on one day: a sender to name, and 11 of 911 1.21 %
       pg_temp.domain('burst-q.example', 'quarantine'),
       pg_temp.mail('burst-q.example', 'nobody', 6, first_day => '2026-06-10', last_day => '2026-06-10', reporters => '{A}'),
       pg_temp.mail('burst-q.example', 'nobody', 5, first_day => '2026-06-10', last_day => '2026-06-10', reporters => '{B}'),
       -- 9 of 909: no sender to name, but 0.99 %
       pg_temp.domain('share-q.example', 'quarantine'),
       pg_temp.mail('share-q.example', 'nobody', 3, first_day => '2026-06-10', last_day => '2026-06-10'),
       -- 90 of 990 forwarded mail fails: 9.09 %
       pg_temp.domain('list-q.example', 'quarantine'),
       pg_temp.mail('list-q.example', 'list', 1),
       pg_temp.domain('new-q.example', 'quarantine'),
       pg_temp.mail('new-q.example', 'vendor', 1, first_day => '2026-06-18'),
       pg_temp.domain('gone-q.example', 'quarantine'),
       pg_temp.mail('gone-q.example', 'vendor', 1, last_day => '2026-05-10'),
       pg_temp.domain('hold.example', 'reject'),
       -- 61 days at reject with no mail but forgeries, and a stranger's that
       -- fails; told that it sends nothing, dead-too.example has no stranger.
       pg_temp.domain('dead.example', 'reject', what => 'forged'),
       pg_temp.mail('dead.example', 'nobody', 1),
       pg_temp.domain('dead-too.example', 'reject', what => 'forged'),
       pg_temp.mail('dead-too.example', 'nobody', 1),
       -- All that passes, 61 messages, only A has seen: nothing can be said.
       pg_temp.domain('lone.example', 'reject', what => 'forged'),
       pg_temp.mail('lone.example', 'partner', 1, reporters => '{A}'),
       pg_temp.domain('break.example', 'reject'),
       pg_temp.mail('break.example', 'vendor fails', 1);
INSERT INTO policy VALUES
 ('change-q.example', '2026-05-01', '2026-06-10', 'none', NULL, NULL, NULL, '{A,B,C}');
INSERT INTO mail VALUES
 ('change-q.example', 'own', 10, '2026-05-01', '2026-06-10', '{A,B,C}', 'change-q.example');

-- ---- the loss: 900 own, 60 of the vendor fail (A), 30 are sampled (B), 45 of
-- lists (C: disposition none), 30 of nobody (A and B), 90 forged, 3 mute, and 7
-- of a partner that only A has seen.
-- low 90 of 1035 (900 + 90 + 45), mid 135, high 165 of 1065.
-- What to expect: A has 105 failing (60 vendor, 15 nobody, 30 forged), of which
-- 30 were quarantined: honour 2/7.  B and C were never seen to do so: 1.
-- low 60 * 2/7 + 30 = 47.14, mid + 45 = 92.14, high + 15 * 2/7 + 15 = 111.43.
SELECT pg_temp.domain('loss.example', 'quarantine'),
       pg_temp.mail('loss.example', 'vendor enforced', 1, first_day => '2026-06-01', reporters => '{A}'),
       pg_temp.mail('loss.example', 'vendor fails', 1, first_day => '2026-06-01', reporters => '{A}'),
       pg_temp.mail('loss.example', 'vendor sampled', 1, first_day => '2026-06-01', reporters => '{B}'),
       pg_temp.mail('loss.example', 'list', 3, first_day => '2026-06-16', reporters => '{C}'),
       pg_temp.mail('loss.example', 'list', 1, first_day => '2026-05-01', last_day => '2026-05-01', reporters => '{B}'),
       pg_temp.mail('loss.example', 'nobody', 1, first_day => '2026-06-16', reporters => '{A,B}'),
       pg_temp.mail('loss.example', 'forged', 1, first_day => '2026-06-01'),
       pg_temp.mail('loss.example', 'mute', 3, first_day => '2026-06-30', reporters => '{A}'),
       pg_temp.mail('loss.example', 'partner', 7, first_day => '2026-06-20', last_day => '2026-06-20', reporters => '{A}');

-- ---- below the domain: news passes, shop fails; p=quarantine, sp=none.
SELECT pg_temp.domain('sub.example', 'quarantine'),
       pg_temp.mail('sub.example', 'own', 5, header_from => 'news.sub.example'),
       pg_temp.mail('sub.example', 'vendor fails', 5, header_from => 'shop.sub.example');
UPDATE policy SET sp = 'none' WHERE domain = 'sub.example';

-- ---- t=y, pct, and a domain of which only forgeries are seen.
-- p=quarantine until 15 June, then p=reject t=y: quarantine for 61 days.
SELECT pg_temp.domain('testing.example', 'reject', '2026-06-16'),
       pg_temp.domain('pct.example', 'quarantine'),
       pg_temp.domain('parked.example', what => 'forged'),
       pg_temp.domain('foreign.example.net');
UPDATE policy SET testing = 'y' WHERE domain = 'testing.example';
UPDATE policy SET pct = 50 WHERE domain = 'pct.example';
INSERT INTO policy VALUES
 ('testing.example', '2026-05-01', '2026-06-15', 'quarantine', NULL, NULL, NULL, '{A,B,C}');
INSERT INTO mail VALUES
 ('testing.example', 'own', 10, '2026-05-01', '2026-06-15', '{A,B,C}', 'testing.example');

\o
-- ---- all that becomes reports and records
INSERT INTO dmarc.policy_domain (name) SELECT DISTINCT domain FROM policy;
INSERT INTO dmarc.report (policy_domain_id, id, reporter, org_name, report_id,
       begin_at, end_at, day, p, sp, pct, testing, dialect, record_count,
       set_aside_count, message_count, pass_count, salvaged, content_hash, source)
SELECT d.id, nextval('dmarc.report_id_seq'), r, r, 'x', y, y + 1, y, p.p, p.sp,
       p.pct, p.testing, 'rfc7489', 0, 0, 0, 0, false, '\x00', 'test'
  FROM policy p
  JOIN dmarc.policy_domain d ON d.name = p.domain,
       unnest(p.reporters) r,
       LATERAL (SELECT p.first_day + n AS y
                  FROM generate_series(0, p.last_day - p.first_day) n) g;
CREATE TEMP TABLE made AS
SELECT what, header_from, pg_temp.make(what, header_from) AS profile
  FROM (SELECT DISTINCT what, header_from FROM mail) x;
INSERT INTO dmarc.record (report_id, message_count, policy_domain_id,
       profile_id, day)
SELECT r.id, m.messages, d.id, x.profile, r.day
  FROM mail m
  JOIN dmarc.policy_domain d ON d.name = m.domain
  JOIN dmarc.report r ON r.policy_domain_id = d.id AND r.reporter = ANY (m.reporters)
                     AND r.day BETWEEN m.first_day AND m.last_day
  JOIN made x ON x.what = m.what AND x.header_from = m.header_from;
UPDATE dmarc.report r
   SET message_count = (SELECT coalesce(sum(c.message_count), 0) FROM dmarc.record c
                         WHERE c.policy_domain_id = r.policy_domain_id AND c.report_id = r.id);

INSERT INTO dmarc.setting VALUES ('own_domains', (SELECT string_agg(name, ' ')
  FROM dmarc.policy_domain WHERE name NOT LIKE 'foreign%'));
CREATE TEMP TABLE answer AS
SELECT r.*
  FROM dmarc.readiness(ARRAY(SELECT id FROM dmarc.policy_domain), '2026-06-30') r;

\echo the domain itself: its verdict, and each gate that is not met
SELECT s.domain, s.policy, s.step, s.verdict,
       coalesce(string_agg(g.gate || concat_ws(' ', '', g.figure, 'of', g."limit", g.met), '; ' ORDER BY g.gate), 'every gate is met')
  FROM answer s
  LEFT JOIN answer g ON g.domain = s.domain AND g.scope = s.scope
                    AND g."row" = 'gate' AND g.met <> 'yes'
 WHERE s."row" = 'scope' AND s.scope = 'p'
   AND s.domain NOT IN ('loss.example', 'sub.example', 'testing.example', 'pct.example', 'parked.example')
 GROUP BY s.domain, s.policy, s.step, s.verdict
 ORDER BY s.step, s.domain;
\echo the gates of those that are clean
SELECT domain, gate, figure, "limit", unit, met, source, detail
  FROM answer
 WHERE domain IN ('clean.example', 'clean-q.example') AND "row" = 'gate' AND scope = 'p';
\echo the words to what is not met
SELECT domain, gate, detail
  FROM answer
 WHERE "row" = 'gate' AND met <> 'yes' AND scope = 'p' AND domain <> 'loss.example'
 ORDER BY gate, domain;
\echo what to do
SELECT domain, action FROM answer
 WHERE "row" = 'scope' AND scope = 'p' ORDER BY domain;
\echo the loss
SELECT messages, legitimate, legitimate_fail, indirect, indirect_fail,
       unresolved_fail, hostile, hostile_fail, undetermined, left_out
  FROM answer WHERE domain = 'loss.example' AND "row" = 'scope' AND scope = 'p';
SELECT loss_low, loss_mid, loss_high, loss_of, loss_high_of, expected_low,
       expected_mid, expected_high
  FROM answer WHERE domain = 'loss.example' AND "row" = 'scope' AND scope = 'p';
SELECT detail FROM answer
 WHERE domain = 'loss.example' AND "row" = 'note' AND scope = 'p';
\echo the parts add up to the messages, for all
SELECT domain, scope FROM answer
 WHERE "row" = 'scope' AND messages <> legitimate + indirect + unresolved_fail
       + hostile + undetermined + left_out;
\echo below the domain
SELECT scope, level, step, verdict, messages, legitimate, legitimate_fail, action
  FROM answer WHERE domain = 'sub.example' AND "row" = 'scope';
SELECT scope, detail FROM answer WHERE domain = 'sub.example' AND "row" = 'note';
\echo where nobody below sends
SELECT step, verdict, messages, action FROM answer
 WHERE domain = 'clean.example' AND "row" = 'scope' AND scope = 'sp';
SELECT gate, met FROM answer
 WHERE domain = 'clean.example' AND "row" = 'gate' AND scope = 'sp';
\echo t, pct, parked
SELECT domain, policy, level, step, verdict, level_day, first_day, action
  FROM answer
 WHERE domain IN ('testing.example', 'pct.example', 'parked.example')
   AND "row" = 'scope' AND scope = 'p' ORDER BY domain;
SELECT domain, detail FROM answer
 WHERE domain IN ('testing.example', 'pct.example', 'parked.example')
   AND "row" = 'note' AND scope = 'p' ORDER BY domain, detail;
\echo foreign, and nothing else
SELECT "row", scope, policy, step, verdict, messages, action
  FROM answer WHERE domain LIKE 'foreign%';
\echo little mail: the window goes back to 2 April, where 90 days begin
SELECT first_day, legitimate FROM answer
 WHERE domain = 'small-q.example' AND "row" = 'scope' AND scope = 'p';
\echo another limit, another verdict: two reporters are enough, and all is well
INSERT INTO dmarc.setting VALUES ('reporters', '2');
SELECT r.verdict FROM dmarc.policy_domain d, dmarc.readiness(d.id, '2026-06-30') r
 WHERE d.name = 'two.example' AND r."row" = 'scope' AND r.scope = 'p';
DELETE FROM dmarc.setting WHERE name = 'reporters';
\echo reports that are not trusted are left out: 30 of C with 300 messages; of 600
INSERT INTO dmarc.setting VALUES ('authserv_id', 'mx.test');
UPDATE dmarc.report SET mail_auth = ''
 WHERE reporter = 'C'
   AND policy_domain_id = (SELECT id FROM dmarc.policy_domain WHERE name = 'clean.example');
DO $$ BEGIN PERFORM dmarc.judge_reports(); END $$;
SELECT r.verdict, r.messages, r.untrusted, r.gate, r.figure, r.met, r.detail
  FROM dmarc.policy_domain d, dmarc.readiness(d.id, '2026-06-30') r
 WHERE d.name = 'clean.example' AND r.scope = 'p'
   AND (r."row" = 'scope' OR r.gate = 'reporters' OR r.detail LIKE '%trusted%');
DELETE FROM dmarc.setting WHERE name = 'authserv_id';
DO $$ BEGIN PERFORM dmarc.judge_reports(); END $$;
\echo on 11 June the change was of that day, which is all that counts
SELECT r.gate, r.figure, r.met
  FROM dmarc.policy_domain d, dmarc.readiness(d.id, '2026-06-11') r
 WHERE d.name = 'change-q.example' AND r.scope = 'p'
   AND r.gate IN ('policy_days', 'report_days', 'direct_failures');
\echo one reporter that is slow does not undo a change, nor make one
UPDATE dmarc.report SET p = 'none'
 WHERE reporter = 'A'
   AND policy_domain_id = (SELECT id FROM dmarc.policy_domain WHERE name = 'change-q.example');
SELECT f.policy, f.level_p_day, f.change_day, f.first_day
  FROM dmarc.policy_domain d, dmarc.readiness_frame(ARRAY[d.id], '2026-06-30') f
 WHERE d.name = 'change-q.example' AND f.without IS NULL;
