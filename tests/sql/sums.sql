-- The views that sum, over two domains, two reporters and two days:
--
--   example.jp, A, 1 May: own 100 (pass by both), saas 20 (fails), forged 7
--   example.jp, A, 1 May: in a second report, own 1 from the same address
--   example.jp, B, 1 May: own 50 from another address, saas 5 (unknown)
--   example.jp, A, 2 May: own 30 (pass), wrong 4 (dkim pass, nothing listed)
--   example.net, A, 1 May: own 9
--
-- 1 May: messages 183 = pass 151 + fail 27 + unknown 5; unaligned 20 + 5.
-- 2 May: messages 34, all pass; 4 disagree; DKIM 34, SPF 30.
\ir lib.psql
CREATE TEMP TABLE x AS
SELECT pg_temp.profile('pass/pass', 'example.jp s pass example.jp strict',
         'example.jp mfrom pass example.jp strict') AS own,
       pg_temp.profile('fail/fail', 'saas.com k pass saas.com none',
         'b.saas.com mfrom pass saas.com none', disposition => 'quarantine')
         AS saas,
       pg_temp.profile('-/fail', 'saas.com k pass saas.com none',
         'b.saas.com mfrom pass saas.com none') AS silent,
       pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp '
         'strict', disposition => 'reject') AS forged,
       pg_temp.profile('pass/fail', '', '') AS wrong,
       pg_temp.report('example.jp', 'A', '2026-05-01') AS a1,
       pg_temp.report('example.jp', 'A', '2026-05-01') AS again,
       pg_temp.report('example.jp', 'B', '2026-05-01') AS b1,
       pg_temp.report('example.jp', 'A', '2026-05-02') AS a2,
       pg_temp.report('example.net', 'A', '2026-05-01') AS n1;
SELECT pg_temp.record(a1, 60, own, '192.0.2.1'),
       pg_temp.record(a1, 40, own, '192.0.2.1'),
       pg_temp.record(a1, 20, saas, '198.51.100.1'),
       pg_temp.record(a1, 7, forged, '203.0.113.9'),
       pg_temp.record(again, 1, own, '192.0.2.1'),
       pg_temp.record(b1, 50, own, '192.0.2.2'),
       pg_temp.record(b1, 5, silent, '198.51.100.1'),
       pg_temp.record(a2, 30, own, '192.0.2.1'),
       pg_temp.record(a2, 4, wrong, '192.0.2.1'),
       pg_temp.record(n1, 9, own, NULL)
  FROM x;
\echo domain_day
SELECT policy_domain, day, record_count, message_count, pass_count, fail_count,
       unknown_count, dkim_aligned_count, spf_aligned_count, quarantine_count,
       reject_count, disagree_count, unaligned_count
  FROM dmarc.domain_day ORDER BY policy_domain, day;
\echo sender_day
SELECT policy_domain, day, sender, class, source_ip, message_count,
       pass_count, fail_count, unknown_count, unaligned_count
  FROM dmarc.sender_day
 ORDER BY policy_domain, day, sender, class, source_ip;
\echo unaligned_day
SELECT policy_domain, day, sender, third_party_signature, third_party_selector,
       return_path, class, source_ip, message_count, fail_count
  FROM dmarc.unaligned_day ORDER BY class;
\echo reporter_day
SELECT policy_domain, reporter, org_name, day, report_count, record_count,
       message_count, pass_count
  FROM dmarc.reporter_day ORDER BY policy_domain, reporter, day;
\echo disagreement_day
SELECT policy_domain, reporter, day, disagreement, record_count, message_count
  FROM dmarc.disagreement_day;
\echo all agree: messages 226, pass 194, fail 27, unknown 5
SELECT sum(message_count), sum(pass_count), sum(fail_count),
       sum(unknown_count) FROM dmarc.record_detail;
SELECT sum(message_count), sum(pass_count), sum(fail_count),
       sum(unknown_count) FROM dmarc.domain_day;
SELECT sum(message_count), sum(pass_count), sum(fail_count),
       sum(unknown_count) FROM dmarc.sender_day;
SELECT sum(message_count), sum(pass_count) FROM dmarc.reporter_day;
SELECT sum(message_count), sum(pass_count) FROM dmarc.report_detail;
\echo counts beyond a bigint do not fail
SELECT pg_temp.record(pg_temp.report('big.example', 'C', '2026-05-01'),
                      9223372036854775807, own, NULL),
       pg_temp.record(pg_temp.report('big.example', 'D', '2026-05-01'),
                      9223372036854775807, own, NULL) FROM x;
SELECT message_count FROM dmarc.domain_day WHERE policy_domain = 'big.example';
SELECT sum(message_count) FROM dmarc.reporter_day
 WHERE policy_domain = 'big.example';
\echo every message has one class and counts as one thing
SELECT (SELECT sum(message_count) FROM dmarc.record_detail
         WHERE class IS NOT NULL AND stream IS NOT NULL)
       = (SELECT sum(message_count) FROM dmarc.record),
       (SELECT count(*) FROM dmarc.record_detail)
       = (SELECT count(*) FROM dmarc.record);
