-- Strangers whose mail passes DMARC of domains of their own, on a domain that a
-- listed reporter reports on: what they say of policy, of learning, of days.
\ir lib.psql
\set judge 'DO $$ BEGIN PERFORM dmarc.judge_reports(); PERFORM dmarc.weigh_reports(NULL); PERFORM dmarc.learn_again(); PERFORM dmarc.learn_steady(); END $$;'
INSERT INTO dmarc.setting VALUES ('authserv_id', 'mx.test');
INSERT INTO dmarc.reporter VALUES ('Known', 'local'), ('Other', 'local');
INSERT INTO dmarc.reporter_name VALUES ('known.example', 'Known'), ('other.example', 'Other');
INSERT INTO dmarc.reporter_mail VALUES ('known.example', 'Known'), ('other.example', 'Other');
CREATE FUNCTION pg_temp.mailed(org text, mail text, day date, p text,
  messages bigint, profile integer, ip inet DEFAULT '192.0.2.1',
  pct integer DEFAULT NULL, testing text DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  new bigint := pg_temp.report('example.jp', org, day, p);
BEGIN
  UPDATE dmarc.report r
     SET mail_from = 'a@' || mail, pct = mailed.pct, testing = mailed.testing,
         mail_auth = 'mx.test dmarc=pass header.from=' || mail
   WHERE r.id = new;
  PERFORM pg_temp.record(new, messages, profile, ip);
  RETURN new;
END $$;
CREATE FUNCTION pg_temp.p(s text) RETURNS integer LANGUAGE sql AS $$
  SELECT pg_temp.new_profile('pass/fail', 'example.jp ' || s || ' pass example.jp strict', '') $$;
-- Two listed reporters, thirty days; forgers on five of them.
SELECT count(pg_temp.mailed(r, r, d::date, 'none', 50, pg_temp.p('s1')))
  FROM generate_series('2026-06-01'::date, '2026-06-30', '1 day') d,
       unnest(ARRAY['known.example', 'other.example']) r;
SELECT count(pg_temp.mailed('known.example', 'known.example', d::date, 'none', 1,
         pg_temp.new_profile('fail/fail', '', 'example.jp mfrom fail example.jp strict'), '198.51.100.1'))
  FROM generate_series('2026-06-01'::date, '2026-06-05', '1 day') d;
:judge
CREATE TEMP VIEW policy AS
SELECT f.p, f.testing, f.level_p_day FROM dmarc.policy_domain d, dmarc.readiness_frame(ARRAY[d.id], '2026-06-30') f
 WHERE d.name = 'example.jp' AND f.without IS NULL;
SELECT * FROM policy;

\echo many reports are one voice, and no voice beside listed ones; nor has t=y another
SELECT count(pg_temp.mailed('evil.example', 'evil.example', '2026-06-30', 'reject', 1, pg_temp.p('s1'), pct => i, testing => 'y'))
  FROM generate_series(1, 9) i;
SELECT count(pg_temp.mailed('e' || i || '.example', 'e' || i || '.example', '2026-06-30', 'reject', 1, pg_temp.p('s1')))
  FROM generate_series(1, 5) i;
:judge
SELECT * FROM policy;
SELECT p, first_day, last_day FROM dmarc.policy_interval WHERE policy_domain = 'example.jp';

\echo two strangers teach nothing, and make no address steady with the days of another
SELECT count(pg_temp.mailed('evil.example', 'evil.example', d::date, 'none', 1,
         pg_temp.new_profile('fail/fail', '', 'example.jp mfrom fail example.jp strict'), '198.51.100.1'))
  FROM generate_series('2026-06-01'::date, '2026-06-25', '1 day') d;
SELECT count(pg_temp.mailed(r, r, '2026-06-30', 'none', 1, pg_temp.p('taught')))
  FROM unnest(ARRAY['evil.example', 'e1.example']) r;
:judge
SELECT selector FROM dmarc.known_selector WHERE domain = 'example.jp';
SELECT count(*) FROM dmarc.source_fact WHERE policy_domain = 'example.jp' AND steady;

\echo whose name that is nobody can claim by being first
SELECT count(pg_temp.mailed('Their Gateway', m, '2026-06-29', 'none', 1, pg_temp.p('s1')))
  FROM unnest(ARRAY['evil.example', 'gateway.example']) m;
:judge
SELECT t.tier, t.voucher FROM dmarc.report r JOIN dmarc.report_trust t USING (policy_domain_id, id)
 WHERE r.reporter = 'their gateway' ORDER BY r.id;

\echo what was told before is no measure of what may be told
SELECT count(pg_temp.mailed('big.example', 'big.example', d, 'none', n, pg_temp.p('s1')))
  FROM (VALUES ('2026-04-01'::date, 990), ('2026-06-10', 1100)) x (d, n);
UPDATE dmarc.report SET ingested_at = now() - interval '60 days' WHERE reporter = 'big.example' AND day = '2026-04-01';
:judge
SELECT day, tier, left_out_reason FROM dmarc.report WHERE reporter = 'big.example' ORDER BY day;

\echo days to come are not told of, and nobody is a big receiver by his name
SELECT count(pg_temp.mailed(n, 'evil.example', d, 'none', 1, pg_temp.p('s1')))
  FROM (VALUES ('evil.example', (now() AT TIME ZONE 'UTC')::date + 2),
               ('google.evil.example', '2026-06-30')) x (n, d);
:judge
SELECT left_out_reason FROM dmarc.report WHERE day > (now() AT TIME ZONE 'UTC')::date;
SELECT receiver, reports FROM dmarc.big_receiver_seen('example.jp', NULL, NULL) ORDER BY receiver;

\echo nor do two teach of it by reports on other domains: another, one below it, its own name in a record
CREATE FUNCTION pg_temp.mailed_on(domain text, org text, day date,
  profile integer, ip inet DEFAULT '192.0.2.1') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  new bigint := pg_temp.report(domain, org, day);
BEGIN
  UPDATE dmarc.report r
     SET mail_from = 'a@' || org,
         mail_auth = 'mx.test dmarc=pass header.from=' || org
   WHERE r.id = new;
  PERFORM pg_temp.record(new, 5, profile, ip);
  RETURN new;
END $$;
INSERT INTO dmarc.policy_domain (name)
SELECT unnest(ARRAY['elsewhere.example', 'zzz.example.jp', 'early.example', 'quiet.example', 'one.example']);
SELECT count(pg_temp.mailed_on(d, r, '2026-06-30', pg_temp.new_profile('pass/pass',
         'example.jp evil pass example.jp strict,sendgrid.net smtpapi pass sendgrid.net none', 'em1.example.jp mfrom pass example.jp relaxed')))
  FROM unnest(ARRAY['evil.example', 'bad.example']) r,
       unnest(ARRAY['elsewhere.example', 'zzz.example.jp']) d;
-- Of a domain that nobody else reports on they teach on its own name alone.
CREATE FUNCTION pg_temp.of(domain text, s text) RETURNS integer LANGUAGE sql AS $$
  SELECT pg_temp.new_profile('pass/fail', domain || ' ' || s || ' pass ' || domain || ' strict', '', header_from => domain, org => domain) $$;
SELECT count(pg_temp.mailed_on(d, r, '2026-06-30', pg_temp.of('quiet.example', s)))
  FROM unnest(ARRAY['evil.example', 'bad.example']) r,
       (VALUES ('quiet.example', 'own'), ('elsewhere.example', 'odd')) x (d, s);
:judge
SELECT domain, selector FROM dmarc.known_selector ORDER BY domain, selector;
SELECT * FROM dmarc.sender_learned;

\echo what strangers taught before the first listed report came is not believed any more
SELECT count(pg_temp.mailed_on('early.example', r, '2026-06-01', pg_temp.of('early.example', 'evil')))
  FROM unnest(ARRAY['evil.example', 'bad.example']) r;
:judge
SELECT selector FROM dmarc.known_selector WHERE domain = 'early.example';
SELECT pg_temp.mailed_on('early.example', 'known.example', '2026-06-02', pg_temp.of('early.example', 's1')) > 0;
INSERT INTO dmarc.learned (kind, domain, name, voucher, sure)
SELECT t.kind, t.domain, t.name, 'Known', true FROM dmarc.taught(ARRAY[pg_temp.of('early.example', 's1')]) t;
SELECT selector FROM dmarc.known_selector WHERE domain = 'early.example';

\echo one stranger moves no last day; nor does he make a sender one that has gone
SELECT count(pg_temp.mailed('evil.example', 'evil.example', '2026-09-30', 'none', 1, pg_temp.p('s1')));
SELECT pg_temp.mailed('known.example', 'known.example', '2026-06-30', 'none', 11,
         pg_temp.new_profile('fail/fail', 'nobody.example k pass nobody.example none', 'nobody.example mfrom pass nobody.example none'), '198.51.100.7') > 0;
SELECT count(pg_temp.mailed_on('one.example', r, d::date, pg_temp.new_profile('fail/fail',
         'nobody.example k pass nobody.example none', 'nobody.example mfrom pass nobody.example none', header_from => 'one.example', org => 'one.example'), '198.51.100.7'))
  FROM (VALUES ('evil.example', '2026-06-10')) x (r, d);
SELECT count(pg_temp.mailed_on('one.example', r, d::date, pg_temp.of('one.example', 's1')))
  FROM (VALUES ('evil.example', '2026-06-20'), ('bad.example', '2026-06-18'), ('evil.example', '2026-07-20')) x (r, d);
:judge
SELECT name, last_day FROM dmarc.fact_days(NULL)
 WHERE name IN ('example.jp', 'one.example') ORDER BY name;
SELECT policy_domain, sender FROM dmarc.sender_fact WHERE fleeting ORDER BY policy_domain, sender;
