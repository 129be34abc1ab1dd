CREATE OR REPLACE FUNCTION dmarc.address_domain(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(address) < 4000
              THEN lower(substring(
                     regexp_replace(address, '"([^"\\]|\\.)*"', '', 'g')
                     FROM '^[^@]*@([A-Za-z0-9._-]*[A-Za-z0-9])\.?>?\s*$'))
         END $$;
COMMENT ON FUNCTION dmarc.address_domain(text) IS 'the domain of one address with or without a name, in lower case; NULL: none, or several addresses';

-- Which domain is an organization's own is told by the public suffix list,
-- which is not in the database; so two domains are of one organization when
-- one is the other or lies below it.  One label alone is nobody's.
CREATE OR REPLACE FUNCTION dmarc.same_org(a text, b text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(a LIKE '%_.%_' AND b LIKE '%_.%_'
                  AND (a = b OR right(a, length(b) + 1) = '.' || b
                       OR right(b, length(a) + 1) = '.' || a), false) $$;
COMMENT ON FUNCTION dmarc.same_org(text, text) IS 'is one of two domains (lower case) the other, or below it';
