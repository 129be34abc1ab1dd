SELECT 1 / (to_regclass('dmarc.policy_domain_end') IS NOT NULL)::integer;
