-- check-domains: the domains that somebody reported on.
SELECT d.name
  FROM dmarc.policy_domain d
 WHERE EXISTS (SELECT FROM dmarc.report r
                WHERE r.policy_domain_id = d.id)
 ORDER BY d.name;
