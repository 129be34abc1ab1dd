-- history: what a hundred days of reports leave behind, made in the database.
-- usage: psql -v domains=200 -f history.sql
--
-- Each of the domains gets 50,000 records: a hundred days of 25 reports of 20
-- records.  Its records refer to a hundred profiles, the first ones much more
-- often than the last, and come from 300 addresses and, one in five, from
-- anywhere.  Always the same, but for the days, which end today.
\set ON_ERROR_STOP on
SELECT setseed(0.20261124);

SELECT dmarc.make_partition((current_date - 30 * n)::date)
  FROM generate_series(0, 4) n;

INSERT INTO dmarc.policy_domain (name)
SELECT 'd' || n || CASE WHEN n % 4 = 0 THEN '.co.jp' ELSE '.example' END
  FROM generate_series(0, :domains - 1) n;

-- Three of four ways are the owner's, the others those of a service with a
-- signature or none; one in twenty carries an override.
INSERT INTO dmarc.auth_profile (
       digest, header_from, header_from_org, envelope_from, adkim, aspf,
       disposition, eval_dkim, eval_spf, dkim, spf, reasons, arc_pass)
SELECT sha256(convert_to(d.name || '/' || w.n, 'UTF8')), d.name, d.name, NULL,
       'r', 'r', 'none',
       CASE WHEN w.own OR w.signs THEN 'pass' ELSE 'fail' END,
       CASE WHEN w.own THEN 'pass' ELSE 'fail' END,
       CASE WHEN w.own OR w.signs
            THEN ARRAY[(d.name, 's' || w.n % 5, 'pass', d.name, 'strict')
                         ::dmarc.dkim_result]
            ELSE '{}' END ||
       CASE WHEN w.own THEN '{}'
            ELSE ARRAY[(w.service, 'k' || w.n % 7, 'pass', w.service, 'none')
                         ::dmarc.dkim_result] END,
       ARRAY[CASE WHEN w.own
                  THEN (d.name, 'mfrom', 'pass', d.name, 'strict')
                         ::dmarc.spf_result
                  ELSE ('bounce.' || w.service, 'mfrom', 'pass', w.service,
                        'none')::dmarc.spf_result END],
       CASE WHEN w.n % 20 = 7 THEN '{forwarded}' ELSE '{}' END::text[], false
  FROM dmarc.policy_domain d
 CROSS JOIN LATERAL (
       SELECT n, n % 4 <> 3 AS own, n % 8 = 3 AS signs,
              'service' || (n * 7 + d.id) % 40 || '.example' AS service
         FROM generate_series(0, 99) n) w
 ORDER BY d.id, w.n;

INSERT INTO dmarc.report (
       policy_domain_id, id, reporter, org_name, email, report_id, begin_at,
       end_at, day, p, sp, adkim, aspf, pct, dialect, record_count,
       set_aside_count, message_count, pass_count, salvaged, content_hash,
       source)
SELECT d.id, nextval('dmarc.report_id_seq'), 'mx' || r || '.example',
       'mx' || r || '.example', 'dmarc@mx' || r || '.example',
       day || '.' || d.id || '.' || r, day, day + interval '86399 seconds',
       day, 'none', 'none', 'r', 'r', 100, 'rfc7489', 20, 0, 100, 90, false,
       sha256(convert_to(day || '.' || d.id || '.' || r, 'UTF8')),
       'Maildir/new/' || day || '.' || d.id || '.' || r
  FROM (SELECT current_date - n AS day FROM generate_series(99, 0, -1) n) t
 CROSS JOIN dmarc.policy_domain d
 CROSS JOIN generate_series(1, 25) r
 ORDER BY day, d.id, r;

INSERT INTO dmarc.ingest_log (
       seen_at, source, size, outcome, policy_domain, org_name, report_id,
       begin_at, end_at, record_count, set_aside_count, message_count,
       pass_count)
SELECT r.begin_at + interval '30 hours', r.source, 4000, 'stored', d.name,
       r.org_name, r.report_id, r.begin_at, r.end_at, 20, 0, 100, 90
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 ORDER BY r.id;

INSERT INTO dmarc.record (
       report_id, message_count, policy_domain_id, profile_id, day, source_ip)
SELECT r.id, floor(1 / (1 - random()) ^ 0.9), r.policy_domain_id,
       (r.policy_domain_id - 1) * 100 + 1 + floor(100 * random() ^ 3), r.day,
       CASE WHEN n % 7 = 0
            THEN '2001:db8::'::inet + floor(random() * 1000000)::bigint
            WHEN n % 5 = 0
            THEN '10.0.0.0'::inet + floor(random() * 16000000)::bigint
            ELSE '198.18.0.0'::inet + r.policy_domain_id * 300
                   + floor(random() * 300)::bigint END
  FROM dmarc.report r
 CROSS JOIN generate_series(1, 20) n
 ORDER BY r.id;

VACUUM (ANALYZE) dmarc.policy_domain, dmarc.auth_profile, dmarc.report,
       dmarc.ingest_log, dmarc.record;
