-- known_selector: author signatures that verified somewhere.  A broken
-- signature says something about the owner's signer only if its selector is
-- one of these: anybody can paste a bogus signature with somebody's d=.
CREATE OR REPLACE VIEW dmarc.known_selector AS
SELECT DISTINCT s.domain, s.selector
  FROM dmarc.auth_profile p, unnest(p.dkim) s
 WHERE s.result = 'pass'
   AND s.alignment IN ('strict', 'relaxed')
   AND s.selector IS NOT NULL;
COMMENT ON VIEW dmarc.known_selector IS 'DKIM selectors of author domains that passed in some report';
COMMENT ON COLUMN dmarc.known_selector.domain IS 'd= of the signature';
COMMENT ON COLUMN dmarc.known_selector.selector IS 's= of the signature';
