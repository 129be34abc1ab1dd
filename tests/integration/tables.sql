-- All that the tables say, a line a row, without ids and times: two databases
-- that were filled in different ways give the same lines.
SELECT 'policy_domain', name FROM dmarc.policy_domain ORDER BY name;

SELECT 'auth_profile', to_jsonb(p) - 'id'
  FROM dmarc.auth_profile p
 ORDER BY p.digest;

SELECT 'report', d.name,
       to_jsonb(r) - 'id' - 'policy_domain_id' - 'ingested_at'
  FROM dmarc.report r
  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 ORDER BY 2, 3;

-- A record whose report, domain or profile is missing is told, too.
SELECT 'record', d.name, r.reporter, r.report_id, r.begin_at, r.end_at,
       encode(p.digest, 'hex'),
       to_jsonb(c) - 'report_id' - 'policy_domain_id' - 'profile_id'
  FROM dmarc.record c
  LEFT JOIN dmarc.report r ON r.policy_domain_id = c.policy_domain_id
                          AND r.id = c.report_id
  LEFT JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
  LEFT JOIN dmarc.auth_profile p ON p.id = c.profile_id
 ORDER BY 2, 3, 4, 5, 6, 7, 8;

SELECT 'tls_report', to_jsonb(r) - 'id' - 'ingested_at'
  FROM dmarc.tls_report r
 ORDER BY 2;

SELECT 'tls_policy', r.policy_domain, r.reporter, r.report_id, r.begin_at,
       r.end_at, to_jsonb(p) - 'tls_report_id'
  FROM dmarc.tls_policy p
  LEFT JOIN dmarc.tls_report r ON r.id = p.tls_report_id
 ORDER BY 2, 3, 4, 5, 6, 7;

SELECT 'tls_failure', r.policy_domain, r.reporter, r.report_id, r.begin_at,
       r.end_at, to_jsonb(f) - 'tls_report_id'
  FROM dmarc.tls_failure f
  LEFT JOIN dmarc.tls_report r ON r.id = f.tls_report_id
 ORDER BY 2, 3, 4, 5, 6, 7;

SELECT 'set_aside',
       to_jsonb(s) - 'id' - 'digest' - 'first_seen_at' - 'resolved_at'
       - 'raw', md5(raw)
  FROM dmarc.set_aside s
 ORDER BY 2, 3;
