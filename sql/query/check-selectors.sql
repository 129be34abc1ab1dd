-- check-selectors: keys of DKIM that mail of a domain was signed with, those
-- with most messages first.
-- Only of the last 30 days: a key that was retired may be gone.
-- $1 text: the policy domain.  $2 bigint: so many rows at most.
SELECT domain, selector
  FROM dmarc.selector_health($1, current_date - 30, NULL)
 WHERE selector IS NOT NULL
   AND selector <> ''
   AND state <> 'never_verified'
   AND (domain = $1 OR right(domain, length($1) + 1) = '.' || $1)
 ORDER BY messages DESC, domain, selector
 LIMIT $2::bigint;
