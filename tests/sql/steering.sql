-- Readiness: nobody buys a verdict.
--
-- The last day is 30 June 2026.  Unless said otherwise a domain at p=none has
-- reports of google.com, yahoo.com and fastmail.com, which are listed, and of
-- isp.example, which is believed for its mail and is not, on each day from
-- 1 May on, and each of them sees ten messages a day that pass: 1,200 in the
-- window of 30 days, of which 900 are of the listed ones.  A stranger is
-- evil.example or bad.example, believed for the mail of his own domain.
\ir lib.psql
CREATE TEMP TABLE told (domain text, reporter text, tier text, what text,
  messages bigint, first_day date, last_day date, p text DEFAULT 'none');
CREATE FUNCTION pg_temp.domain(domain text, reporters text[] DEFAULT
  '{google.com,yahoo.com,fastmail.com,isp.example}', tier text DEFAULT NULL,
  first_day date DEFAULT '2026-05-01') RETURNS void
LANGUAGE sql AS $$
  INSERT INTO told
  SELECT domain, r, coalesce(tier, CASE WHEN r LIKE '%.com' THEN 'listed' ELSE 'A' END),
         'own', 10, first_day, '2026-06-30', 'none'
    FROM unnest(reporters) r $$;
CREATE FUNCTION pg_temp.tell(domain text, reporter text, what text,
  messages bigint, first_day date, last_day date, tier text DEFAULT NULL,
  p text DEFAULT 'none') RETURNS void
LANGUAGE sql AS $$
  INSERT INTO told VALUES (domain, reporter,
    coalesce(tier, CASE WHEN reporter LIKE '%.com' THEN 'listed' ELSE 'A' END),
    what, messages, first_day, last_day, p) $$;
-- saas and saas fails: a vendor by the operator's word; open: mail of somebody
-- that nobody has named; open forwarded: the same, with an override.
CREATE FUNCTION pg_temp.make(what text, f text) RETURNS integer
LANGUAGE sql AS $$
  SELECT CASE what
    WHEN 'own' THEN pg_temp.profile('pass/pass', f || ' s1 pass ' || f || ' strict', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    WHEN 'saas' THEN pg_temp.profile('pass/fail', f || ' v pass ' || f || ' strict,saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => f, org => f)
    WHEN 'saas fails' THEN pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => f, org => f)
    WHEN 'open' THEN pg_temp.profile('fail/fail', 'nobody.example k pass nobody.example none', 'nobody.example mfrom pass nobody.example none', header_from => f, org => f)
    WHEN 'open forwarded' THEN pg_temp.profile('fail/fail', 'nobody.example k pass nobody.example none', 'nobody.example mfrom pass nobody.example none', '{forwarded}', header_from => f, org => f)
    WHEN 'other' THEN pg_temp.profile('fail/pass', 'other.example k pass other.example none', f || ' mfrom pass ' || f || ' strict', header_from => f, org => f)
    WHEN 'forwarded' THEN pg_temp.profile('pass/fail', f || ' s1 pass ' || f || ' strict', 'relay.example mfrom pass relay.example none', header_from => f, org => f)
    END $$;
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('saas.com', 'vendor');

\o /dev/null
-- All is well, and without any one of them, too.
SELECT pg_temp.domain('well.example');
-- The vendor: 5 a day of google fail since 11 June, 100 of 1,300, or 7.7 %
-- and without isp.example 100 of 1,000.  Nobody steers.
SELECT pg_temp.domain('honest.example'),
       pg_temp.tell('honest.example', 'google.com', 'saas fails', 5, '2026-06-11', '2026-06-30');
-- (a) A stranger adds a million that pass, of the same vendor: 0.01 % of all.
SELECT pg_temp.domain('million.example'),
       pg_temp.tell('million.example', 'google.com', 'saas fails', 5, '2026-06-11', '2026-06-30'),
       pg_temp.tell('million.example', 'evil.example', 'saas', 50000, '2026-06-11', '2026-06-30');
-- (b) Two strangers do: without one of them there is still the other.
SELECT pg_temp.domain('two.example'),
       pg_temp.tell('two.example', 'google.com', 'saas fails', 5, '2026-06-11', '2026-06-30'),
       pg_temp.tell('two.example', 'evil.example', 'saas', 50000, '2026-06-11', '2026-06-30'),
       pg_temp.tell('two.example', 'bad.example', 'saas', 50000, '2026-06-11', '2026-06-30');
-- (b) One stranger under two names has one mail domain, so he is one.
SELECT pg_temp.domain('names.example'),
       pg_temp.tell('names.example', 'google.com', 'saas fails', 5, '2026-06-11', '2026-06-30'),
       pg_temp.tell('names.example', 'evil.example', 'saas', 50000, '2026-06-11', '2026-06-30'),
       pg_temp.tell('names.example', 'evil.example/two', 'saas', 50000, '2026-06-11', '2026-06-30');
-- (c) 11 a day of nobody's on two days by google and yahoo: 44, unresolved.  A
-- stranger says of the same sender that it was forwarded, a million times.
SELECT pg_temp.domain('looks.example'),
       pg_temp.tell('looks.example', 'google.com', 'open', 11, '2026-06-11', '2026-06-12'),
       pg_temp.tell('looks.example', 'yahoo.com', 'open', 11, '2026-06-11', '2026-06-12'),
       pg_temp.tell('looks.example', 'evil.example', 'open forwarded', 50000, '2026-06-11', '2026-06-30');
-- He adds a million that pass, so that the 44 are few of all: the limit for one
-- unresolved sender is 0.1 % of the legitimate mail.
SELECT pg_temp.domain('drown.example'),
       pg_temp.tell('drown.example', 'google.com', 'open', 11, '2026-06-11', '2026-06-12'),
       pg_temp.tell('drown.example', 'yahoo.com', 'open', 11, '2026-06-11', '2026-06-12'),
       pg_temp.tell('drown.example', 'evil.example', 'own', 50000, '2026-06-11', '2026-06-30');
-- (d) Reports are of the last ten days only; a stranger has 400 days of his own.
SELECT pg_temp.domain('history.example', first_day => '2026-06-21'),
       pg_temp.tell('history.example', 'evil.example', 'own', 1, '2025-05-27', '2026-06-30');
-- (d) Two listed reporters and a stranger: he is the third.
SELECT pg_temp.domain('third.example', '{google.com,yahoo.com}'),
       pg_temp.tell('third.example', 'evil.example', 'own', 1, '2026-06-01', '2026-06-30');
-- (e) The vendor was last seen on 10 May; a stranger says that it is here.
SELECT pg_temp.domain('missing.example'),
       pg_temp.tell('missing.example', 'google.com', 'saas', 10, '2026-05-01', '2026-05-10'),
       pg_temp.tell('missing.example', 'evil.example', 'saas', 1, '2026-06-20', '2026-06-20');
-- (e) It is new since the 28th; a stranger has seen it long before.
SELECT pg_temp.domain('new.example'),
       pg_temp.tell('new.example', 'google.com', 'saas', 10, '2026-06-28', '2026-06-30'),
       pg_temp.tell('new.example', 'evil.example', 'saas', 1, '2026-05-02', '2026-05-02');
-- What google.com alone has seen counts, as it is well known: a stranger's word
-- makes no difference.
SELECT pg_temp.domain('counted.example'),
       pg_temp.tell('counted.example', 'google.com', 'saas fails', 2, '2026-06-11', '2026-06-30'),
       pg_temp.tell('counted.example', 'google.com', 'other', 100, '2026-06-01', '2026-06-30'),
       pg_temp.tell('counted.example', 'evil.example', 'other', 1, '2026-06-01', '2026-06-01');
-- The other direction: only the stranger says that the vendor fails.
SELECT pg_temp.domain('slander.example'),
       pg_temp.tell('slander.example', 'evil.example', 'saas fails', 5000, '2026-06-11', '2026-06-30');
-- (f) A listed one sees 95 % of the mail: the 90 of the others are too few to
-- prove 2 % (133), but that is no obstacle.
INSERT INTO told
SELECT 'big.example', r, 'listed', 'own', n, '2026-06-01', '2026-06-30', 'none'
  FROM (VALUES ('google.com', 57), ('yahoo.com', 2), ('fastmail.com', 1)) v (r, n);
SELECT pg_temp.tell('big.example', 'google.com', 'own', 1, '2026-05-01', '2026-05-31');
-- Not listed, it is: 90 of 90 prove 2.92 %.
INSERT INTO told
SELECT 'bigger.example', r, t, 'own', n, '2026-06-01', '2026-06-30', 'none'
  FROM (VALUES ('isp.example', 'A', 57), ('yahoo.com', 'listed', 1), ('fastmail.com', 'listed', 1), ('google.com', 'listed', 1)) v (r, t, n);
-- (g) Nothing is judged: the same as big.example stays as it was, and what would
-- fail without one reporter is not met all the same.
INSERT INTO told
SELECT 'unset.example', r, 'unjudged', 'own', n, '2026-05-01', '2026-06-30', 'none'
  FROM (VALUES ('google.com', 57), ('yahoo.com', 1), ('fastmail.com', 1)) v (r, n);
SELECT pg_temp.domain('unset-too.example', '{google.com,yahoo.com,fastmail.com}', 'unjudged'),
       pg_temp.tell('unset-too.example', 'google.com', 'saas fails', 5, '2026-06-11', '2026-06-30', 'unjudged'),
       pg_temp.tell('unset-too.example', 'evil.example', 'saas', 50000, '2026-06-11', '2026-06-30', 'unjudged');
-- The operator's own files count as well as a listed reporter.
SELECT pg_temp.domain('file.example', '{a.example,b.example,c.example}', 'file');
-- Absurd: 9,000,000,000,000,000 in each of 30 reports, more than bigint holds.
SELECT pg_temp.domain('absurd.example'),
       pg_temp.tell('absurd.example', 'google.com', 'saas fails', 5, '2026-06-11', '2026-06-30'),
       pg_temp.tell('absurd.example', 'evil.example', 'saas', 900000000000000000, '2026-06-01', '2026-06-30');
-- A stranger alone tells of 3 June, and of another adkim: no window begins there,
-- and the vendor's failures on 1 and 2 June are in it: 200 of 1,360.
SELECT pg_temp.domain('change.example'),
       pg_temp.tell('change.example', 'google.com', 'saas fails', 50, '2026-06-01', '2026-06-02'),
       pg_temp.tell('change.example', 'yahoo.com', 'saas fails', 50, '2026-06-01', '2026-06-02'),
       pg_temp.tell('change.example', 'evil.example', 'own', 0, '2026-06-03', '2026-06-03', p => 'none/s');
-- Only a stranger has seen a sender that fails.  Three well-known reporters tell
-- enough, and have not: READY.  Two are too few to say so.
SELECT pg_temp.domain('unheard.example'),
       pg_temp.tell('unheard.example', 'evil.example', 'open', 400, '2026-06-01', '2026-06-30');
SELECT pg_temp.domain('unheard-two.example', '{google.com,yahoo.com,isp.example}'),
       pg_temp.tell('unheard-two.example', 'evil.example', 'open', 400, '2026-06-01', '2026-06-30');
-- All that passes counts as forwarded: something passes, so it is not parked.
SELECT pg_temp.domain('forwarded.example');
UPDATE told SET what = 'forwarded' WHERE domain = 'forwarded.example';
\o
INSERT INTO dmarc.policy_domain (name) SELECT DISTINCT domain FROM told;
INSERT INTO dmarc.report (policy_domain_id, id, reporter, org_name, report_id,
       begin_at, end_at, day, p, adkim, dialect, record_count, set_aside_count,
       message_count, pass_count, salvaged, content_hash, source, tier,
       mail_domain, vouched_by, listed)
SELECT d.id, nextval('dmarc.report_id_seq'), t.reporter, t.reporter,
       'x' || row_number() OVER (), y, y + 1, y, split_part(t.p, '/', 1), nullif(split_part(t.p, '/', 2), ''), 'rfc7489', 1, 0,
       t.messages, 0, false, '\x00', t.what,
       CASE t.tier WHEN 'listed' THEN 'A' ELSE t.tier END,
       CASE WHEN t.tier IN ('A', 'listed') THEN split_part(t.reporter, '/', 1) END,
       CASE WHEN t.tier IN ('A', 'listed') THEN split_part(t.reporter, '/', 1) END,
       t.tier = 'listed'
  FROM told t
  JOIN dmarc.policy_domain d ON d.name = t.domain,
       LATERAL (SELECT t.first_day + n AS y
                  FROM generate_series(0, t.last_day - t.first_day) n) g;
DELETE FROM dmarc.report r
 USING dmarc.policy_domain d
 WHERE d.id = r.policy_domain_id AND d.name = 'change.example'
   AND r.day = '2026-06-03' AND r.reporter <> 'evil.example';
CREATE TEMP TABLE made AS
SELECT domain, what, pg_temp.make(what, domain) AS profile
  FROM (SELECT DISTINCT domain, what FROM told) x;
INSERT INTO dmarc.record (report_id, message_count, policy_domain_id,
       profile_id, day)
SELECT r.id, r.message_count, d.id, x.profile, r.day
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
  JOIN made x ON x.domain = d.name AND x.what = r.source;
CREATE TEMP TABLE answer AS
SELECT r.*
  FROM dmarc.readiness(ARRAY(SELECT id FROM dmarc.policy_domain), '2026-06-30') r;
\echo the verdict, and what to do
SELECT domain, verdict, action
  FROM answer
 WHERE "row" = 'scope' AND scope = 'p' ORDER BY domain;
\echo each gate that is not met, with all reports, and why
SELECT domain, gate, figure, "limit", met, detail
  FROM answer
 WHERE "row" = 'gate' AND met <> 'yes' AND scope = 'p' ORDER BY place;
\echo asked for one by one, the same: nothing differs
SELECT count(*)
  FROM answer a
  FULL JOIN (SELECT r.*
               FROM dmarc.policy_domain d
              CROSS JOIN LATERAL dmarc.readiness(d.id, '2026-06-30') r) o
    ON o.domain = a.domain AND o.scope = a.scope AND o."row" = a."row"
   AND o.gate IS NOT DISTINCT FROM a.gate AND o.detail IS NOT DISTINCT FROM a.detail
   AND o.verdict = a.verdict AND o.figure IS NOT DISTINCT FROM a.figure
   AND o.met IS NOT DISTINCT FROM a.met AND o.action IS NOT DISTINCT FROM a.action
 WHERE a.domain IS NULL OR o.domain IS NULL;
