-- Domains of mail: whose an address is, and which belong together.

-- The domain of an address as it stands in From: "Name <a@b>" or "a@b".  NULL
-- where it is not exactly one, or none that DNS could have; a name in quotes
-- may hold anything.  A text that is as long as was kept may lack its end.
CREATE OR REPLACE FUNCTION dmarc.address_domain(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(address) < 4000
              THEN lower(substring(
                     regexp_replace(address, '"([^"\\]|\\.)*"', '', 'g')
                     FROM '^[^@]*@([A-Za-z0-9._-]*[A-Za-z0-9])\.?>?\s*$'))
         END $$;
COMMENT ON FUNCTION dmarc.address_domain(text) IS 'the domain of one address with or without a name, in lower case; NULL: none, or several addresses';

-- The address itself, for reporters that send from a mailbox provider.
CREATE OR REPLACE FUNCTION dmarc.address_plain(address text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN dmarc.address_domain(address) IS NOT NULL
              THEN lower(substring(
                     regexp_replace(address, '"([^"\\]|\\.)*"', '', 'g')
                     FROM '^(?:[^@<>]*<)?\s*([A-Za-z0-9._+=-]+@[A-Za-z0-9._-]*[A-Za-z0-9])\.?>?\s*$'))
         END $$;
COMMENT ON FUNCTION dmarc.address_plain(text) IS 'one address without a name, in lower case; NULL: none, several, or one with unusual characters';

-- Which domain is an organization's own is told by the public suffix list,
-- which is not in the database; so two domains are of one organization when
-- one is the other or lies below it.  One label alone is nobody's.
CREATE OR REPLACE FUNCTION dmarc.same_org(a text, b text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(a LIKE '%_.%_' AND b LIKE '%_.%_'
                  AND (a = b OR right(a, length(b) + 1) = '.' || b
                       OR right(b, length(a) + 1) = '.' || a), false) $$;
COMMENT ON FUNCTION dmarc.same_org(text, text) IS 'is one of two domains (lower case) the other, or below it';

-- The organization behind a mail domain, without the public suffix list: the
-- last two labels, or three under suffixes such as co.jp and com.br.  It errs
-- by putting strangers together, never by taking one apart: whoever owns a
-- domain can make any number of names below it, and is one voice all the same.
CREATE OR REPLACE FUNCTION dmarc.mail_org(domain text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(
           substring(domain FROM
             '([^.]+\.(?:co|or|ne|ac|go|ad|ed|gr|lg|com|org|net|edu|gov|gob|mil|nom|gen|id|info|biz|ltd|plc|me)\.[a-z]{2})$'),
           substring(domain FROM '([^.]+\.[^.]+)$'),
           domain) $$;
COMMENT ON FUNCTION dmarc.mail_org(text) IS 'the organization that a mail domain (lower case) belongs to, as far as its name tells: the last two labels, or three under suffixes such as co.jp';

-- name_is_domain: a reporter's name that DNS could have.
CREATE OR REPLACE FUNCTION dmarc.name_is_domain(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT name ~ '^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$' $$;
COMMENT ON FUNCTION dmarc.name_is_domain(text) IS 'is the name of a reporter a domain';
