-- Records for T65-addresses.sh: a domain for each thing that is tried.
CREATE FUNCTION pg_temp.addresses(domain text, messages bigint, ips inet[])
RETURNS void LANGUAGE sql AS $$
  INSERT INTO dmarc.record (report_id, message_count, policy_domain_id,
         profile_id, day, source_ip)
  SELECT r.id, messages, d.id, (SELECT max(id) FROM dmarc.auth_profile), r.day, ip
    FROM dmarc.policy_domain d
    JOIN dmarc.report r ON r.policy_domain_id = d.id,
         unnest(ips) ip
   WHERE d.name = domain $$;

SELECT pg_temp.profile('pass/pass', '', '');
SELECT pg_temp.report(d, 'r', '2026-01-01')
  FROM unnest(ARRAY['many.example', 'odd.example', 'faulty.example',
                    'holes.example', 'few.example', 'long.example',
                    'net.example']) d;
SELECT pg_temp.addresses('many.example', 1, ARRAY(
  SELECT inet '100.64.0.0' + (i / 250 * 256 + i % 250)
    FROM generate_series(0, 9999) i));
SELECT pg_temp.addresses('odd.example', 1, ARRAY(
  SELECT inet '192.0.2.0' + i FROM generate_series(1, 18) i)
  || ARRAY['2001:db8::1', '2001:db8::2', '::ffff:192.0.2.13', '198.51.100.1',
           '2001:db9::1', NULL]::inet[]);
SELECT pg_temp.addresses('faulty.example', 1, ARRAY(
  SELECT inet '10.0.1.0' + i FROM generate_series(1, 6) i UNION ALL
  SELECT inet '10.0.200.1' + 256 * i FROM generate_series(1, 6) i));
SELECT pg_temp.addresses('long.example', 1, ARRAY(
  SELECT inet '10.0.207.0' + i FROM generate_series(1, 9) i));
SELECT pg_temp.addresses('holes.example', 1, ARRAY(
  SELECT inet '10.0.2.0' + i FROM generate_series(0, 199) i));
SELECT pg_temp.addresses('holes.example', 2, ARRAY(
  SELECT inet '10.0.201.0' + i FROM generate_series(0, 49) i));
-- 12, 9 and 4 messages.
SELECT pg_temp.addresses('few.example', 5, ARRAY[inet '10.0.2.7']);
SELECT pg_temp.addresses('few.example', 4, ARRAY[inet '10.0.2.8']);
SELECT pg_temp.addresses('few.example', 7, ARRAY[inet '10.0.2.7']);
SELECT pg_temp.addresses('few.example', 9, ARRAY[inet '10.0.201.9']);
SELECT pg_temp.addresses('net.example', 1, ARRAY['192.0.2.1', '192.0.2.130',
  '198.51.100.1', '10.0.0.1', '2001:db8::1', '::ffff:192.0.2.13',
  '203.0.113.5']::inet[]);
