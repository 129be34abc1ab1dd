-- How names are looked up in the catalogue.

-- suffixes: a domain, and every domain above it.
CREATE OR REPLACE FUNCTION dmarc.suffixes(domain text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(array_to_string(a[i:], '.'))
    FROM (SELECT string_to_array(domain, '.') AS a) x,
         generate_subscripts(a, 1) i $$;
COMMENT ON FUNCTION dmarc.suffixes(text) IS 'a domain and every domain above it, so that patterns match at the boundaries of labels only';

-- match_domain: the service that a domain belongs to: the longest pattern,
-- the operator's own before the catalogue's.
CREATE OR REPLACE FUNCTION dmarc.match_domain(domain text, seen_as text)
RETURNS TABLE (sender text, layer text, ambiguous boolean, pattern text)
LANGUAGE sql STABLE AS $$
  SELECT m.sender,
         (SELECT s.layer FROM dmarc.sender s WHERE s.name = m.sender),
         m.ambiguous, m.pattern
    FROM (SELECT p.sender, p.ambiguous, p.pattern
            FROM dmarc.sender_pattern p
           WHERE p.pattern = ANY (dmarc.suffixes(domain))
             AND p.kind IN ('domain', seen_as)
           ORDER BY length(p.pattern) DESC, p.origin DESC, p.kind = 'domain'
           LIMIT 1) m $$;
COMMENT ON FUNCTION dmarc.match_domain(text, text) IS 'the service that a domain, seen as dkim, spf or ptr, belongs to; no row: none that is known';

-- match_selector: the service that a selector gives away.  A # is one digit,
-- a * one or more characters.  One condition is cheap and leaves few, the next
-- compares the letters, the last that digits stand where they should.
CREATE OR REPLACE FUNCTION dmarc.match_selector(selector text)
RETURNS TABLE (sender text, layer text, ambiguous boolean, pattern text)
LANGUAGE sql STABLE AS $$
  SELECT m.sender,
         (SELECT s.layer FROM dmarc.sender s WHERE s.name = m.sender),
         m.ambiguous, m.pattern
    FROM (SELECT p.sender, p.ambiguous, p.pattern
            FROM dmarc.sender_pattern p
           WHERE p.kind = 'selector'
             AND left(p.pattern, 1) IN ('#', '*', left(selector, 1))
             AND selector LIKE replace(replace(replace(replace(p.pattern,
                   '\', '\\'), '_', '\_'), '#', '_'), '*', '_%')
             AND translate(selector, '0123456789', '##########') LIKE
                 replace(replace(replace(translate(p.pattern, '0123456789',
                   '##########'), '\', '\\'), '_', '\_'), '*', '_%')
           ORDER BY length(p.pattern) DESC, p.origin DESC
           LIMIT 1) m $$;
COMMENT ON FUNCTION dmarc.match_selector(text) IS 'the service that signs with this selector and no other does; no row: none that is known';

-- tenant_of: the account behind a default signature of a mailbox service, and
-- whose it is.  Google makes the label of the domain with "-" for "."; that is
-- ambiguous, hence the domain is written as a label to compare.  What the tenant
-- is called: the domain that the same mail names and that makes this label; else
-- what can be meant with one "-"; else the label.
DROP FUNCTION IF EXISTS dmarc.tenant_of(text, text, text);
CREATE OR REPLACE FUNCTION dmarc.tenant_of(domain text, header_from text,
  header_from_org text, named text[])
RETURNS TABLE (tenant text, own boolean)
LANGUAGE sql STABLE AS $$
  SELECT CASE
           WHEN g.service <> 'gappssmtp' THEN g.label
           ELSE coalesce(
             (SELECT x
                FROM unnest(named) n, unnest(dmarc.suffixes(n)) x
               WHERE replace(x, '.', '-') = g.label
               LIMIT 1),
             CASE WHEN g.label LIKE '%-%-%' THEN g.label
                  ELSE replace(g.label, '-', '.') END) END,
         CASE g.service
           WHEN 'gappssmtp' THEN
             g.label IN (replace(header_from, '.', '-'),
                         replace(header_from_org, '.', '-'))
           ELSE
             regexp_replace(g.label, '[^a-z0-9]', '', 'g') IN
               (regexp_replace(header_from_org, '[^a-z0-9]', '', 'g'),
                regexp_replace(split_part(header_from_org, '.', 1),
                               '[^a-z0-9]', '', 'g'))
         END
         OR g.label IN (
              SELECT unnest(string_to_array(lower(t.value), ' '))
                FROM dmarc.setting t
               WHERE t.name = 'own_tenants')
    FROM (SELECT m[1] AS label, m[2] AS service
            FROM regexp_match(domain,
              '^([^.]+)\.(?:[0-9]{8}\.)?(gappssmtp|onmicrosoft)\.com$') m
           WHERE m IS NOT NULL) g $$;
COMMENT ON FUNCTION dmarc.tenant_of(text, text, text, text[]) IS
  'the account that a default signature of Google Workspace or Microsoft 365 belongs to, and whether it is the author domain''s own, by its name or the setting own_tenants; no row: no such signature';

-- sends_again: services that anybody uses, and that send again what was
-- delivered to their users, as it was.
CREATE OR REPLACE FUNCTION dmarc.sends_again(category text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT category IN ('mailbox-provider', 'isp', 'hoster', 'cloud',
                      'forwarder', 'mailing-list', 'security-gateway') $$;
COMMENT ON FUNCTION dmarc.sends_again(text) IS 'do services of this category send again what was delivered to their users';

-- sender_base: the catalogue's name in "Microsoft 365 (tenant)".
CREATE OR REPLACE FUNCTION dmarc.sender_base(sender text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM dmarc.sender q WHERE q.name = sender)
              THEN sender
              ELSE regexp_replace(sender, ' \([^()]*\)$', '') END $$;
COMMENT ON FUNCTION dmarc.sender_base(text) IS 'the name in the catalogue of a sender that is called with its tenant';
