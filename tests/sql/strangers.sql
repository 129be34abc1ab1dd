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
