-- alike: for each of these addresses that says something the one that stands
-- for it.
--
-- verdict() asks of an address whose it is and what it is called, and gives
-- the same answer for all that have the same.  Thousands of forgers' addresses
-- are a few networks then.  An address of which nothing is known says nothing,
-- nor does one that has no confirmed name, no network and no sender, and these
-- are left out; the index source_says has the others.  What verdict() reads
-- of an address and this does not keep apart is a mistake; tests/sql/alike.sql
-- compares.
DROP FUNCTION IF EXISTS dmarc.alike(text, inet[]);
CREATE OR REPLACE FUNCTION dmarc.alike(policy_domain text, source_ips inet[])
RETURNS TABLE (source_ip inet, alike inet)
LANGUAGE sql STABLE SET enable_nestloop = on AS $$
  SELECT unnest(g.ips), g.alike
    FROM (SELECT array_agg(a.ip) AS ips, min(a.ip) AS alike
            -- In their order, neighbours are found on one page of the index.
            FROM (SELECT x.ip
                    FROM unnest(alike.source_ips) x (ip)
                   ORDER BY x.ip) a
            LEFT JOIN dmarc.source s
              ON s.ip = a.ip
             AND (s.sender IS NOT NULL OR s.ptr_status = 'confirmed'
                  OR s.asn IS NOT NULL)
            LEFT JOIN dmarc.source_fact y
              ON y.policy_domain = alike.policy_domain AND y.ip = a.ip
           CROSS JOIN LATERAL (
                 SELECT host(a.ip) IN (SELECT x.sender
                                         FROM dmarc.sender_word x) AS said) w
           WHERE s.ip IS NOT NULL OR y.ip IS NOT NULL OR w.said
           GROUP BY CASE WHEN y.ip IS NOT NULL OR w.said THEN a.ip END,
                 s.ip IS NULL, s.sender, s.sender_layer, s.sender_evidence,
                 CASE WHEN s.ptr_status = 'confirmed' THEN
                   CASE -- The owner's machines are called by their names.
                        WHEN s.ptr_org = alike.policy_domain
                             OR right(s.ptr_org,
                                      length(alike.policy_domain) + 1)
                                = '.' || alike.policy_domain
                             OR right(alike.policy_domain,
                                      length(s.ptr_org) + 1)
                                = '.' || s.ptr_org
                          THEN s.ptr
                        WHEN s.sender IS NULL
                          THEN coalesce(s.ptr_org, s.ptr) END END,
                 CASE WHEN s.sender IS NULL
                           AND s.ptr_status IS DISTINCT FROM 'confirmed'
                      THEN s.asn END,
                 CASE WHEN s.sender IS NULL
                           AND s.ptr_status IS DISTINCT FROM 'confirmed'
                      THEN s.as_name END) g
$$;
COMMENT ON FUNCTION dmarc.alike(text, inet[]) IS
  'for each address one that verdict() treats alike, so that it need not be asked of all; one that is missing says nothing';
