-- store-domains: the domains of incoming_report that are new, in the order of
-- their names for the same reason as the reports.
INSERT INTO dmarc.policy_domain (name)
SELECT DISTINCT i.domain
  FROM pg_temp.incoming_report i
 WHERE NOT EXISTS (SELECT FROM dmarc.policy_domain d WHERE d.name = i.domain)
 ORDER BY i.domain
    ON CONFLICT (name) DO NOTHING;
