-- policy_text: a policy in few words, without what is the default.
CREATE OR REPLACE FUNCTION dmarc.policy_text(p text, sp text, np text,
  pct text, adkim text, aspf text, testing text)
RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(concat_ws(' ', 'p=' || p, 'sp=' || nullif(sp, p), 'np=' || np,
           'pct=' || nullif(pct, '100'), 'adkim=' || nullif(adkim, 'r'),
           'aspf=' || nullif(aspf, 'r'), 't=' || nullif(testing, 'n')), '') $$;
COMMENT ON FUNCTION dmarc.policy_text(text, text, text, text, text, text, text) IS 'a published policy in few words, without what is the default';

-- policy_differs: two policies, an array of tags each; a tag that one of them
-- does not say makes no difference, for np, pct and testing are sent by one
-- generation of reports only.
CREATE OR REPLACE FUNCTION dmarc.policy_differs(a text[], b text[])
RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(a[1] <> b[1], false) OR coalesce(a[2] <> b[2], false)
      OR coalesce(a[3] <> b[3], false) OR coalesce(a[4] <> b[4], false)
      OR coalesce(a[5] <> b[5], false) OR coalesce(a[6] <> b[6], false)
      OR coalesce(a[7] <> b[7], false) $$;
COMMENT ON FUNCTION dmarc.policy_differs(text[], text[]) IS 'two published policies (p, sp, adkim, aspf, np, pct, testing) differ in a tag that both say';

-- policy_level: what receivers by RFC 9989 do; t=y takes one step down.
CREATE OR REPLACE FUNCTION dmarc.policy_level(policy text, testing text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN testing = 'y' AND policy = 'reject' THEN 'quarantine'
              WHEN testing = 'y' AND policy = 'quarantine' THEN 'none'
              ELSE policy END $$;
COMMENT ON FUNCTION dmarc.policy_level(text, text) IS 'the policy that applies where the t tag is known: y takes one step down';
