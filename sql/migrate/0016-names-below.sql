-- The names below a domain are found by their ends.
CREATE INDEX policy_domain_end
    ON dmarc.policy_domain (reverse(name) COLLATE "C");
COMMENT ON INDEX dmarc.policy_domain_end IS 'to find the names below a domain';
