-- Whether a report is from whom it says it is from: by what the operator's
-- own mail server found when the mail that carried it came in.
--
-- report.mail_auth has a line for each Authentication-Results field of that
-- mail, the topmost first: an authserv-id ("-" where the field has none, as
-- those of Exchange Online), then words such as dmarc=pass and
-- header.from=example.jp.  Anybody can write such a field into a mail that he
-- sends.  So only a line with an authserv-id of the operator's counts, and of
-- those only the topmost (RFC 8601 5, 7.1); the operator's server has to remove
-- those that came in with its own id, as the RFC demands.  Where several
-- programs of his add fields of their own, the one that judges DMARC gets an
-- authserv-id of its own, and that one is named here.
--
-- Two settings, words with blanks between:
--   authserv_id         the ids of the operator's servers; none: nothing is
--                       judged, and every report is used
--   approved_reporters  domains whose mail may carry reports in other names,
--                       theirs or of a domain below.  They are domains of the
--                       mail and not names of reporters, since a name is what
--                       anybody may write.  A domain that gives mailboxes to
--                       the public must not be among them.
--
-- The default of approved_reporters is the two that send many reports under a
-- name whose domain is not that of their mail: Outlook.com by microsoft.com,
-- and Yahoo (yahooinc.com) by dmarc.yahoo.com.

-- The domain of an address as it stands in From or report_metadata/email:
-- "Name <a@b>" or "a@b".  NULL where it is not exactly one, or none that DNS
-- could have; a name in quotes may hold anything.  A text that is as long as
-- was kept may lack its end.
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

-- OFFSET 0 keeps what is worked out once a row from being worked out at each
-- place where it is named.
CREATE OR REPLACE VIEW dmarc.report_trust AS
SELECT r.policy_domain_id, r.id, t.tier,
       CASE t.tier
         WHEN 'unjudged' THEN
           CASE WHEN s.ids IS NULL THEN 'authserv_id is not set'
                ELSE 'stored by a version that kept no Authentication-Results'
           END
         WHEN 'file' THEN 'no mail carried it'
         WHEN 'A' THEN 'mail of ' || d.mail_domain
         WHEN 'B' THEN 'mail of ' || d.mail_domain
                       || ', which is approved, for ' || d.claimed
         ELSE
           CASE WHEN d.ours IS NULL THEN 'no Authentication-Results of ours'
                WHEN d.dmarc IS NULL
                  THEN 'our Authentication-Results do not tell of DMARC'
                WHEN d.dmarc <> 'pass' THEN 'dmarc=' || d.dmarc
                WHEN d.mail_domain IS NULL
                  THEN 'dmarc=pass, but not of which domain'
                ELSE 'mail of ' || d.mail_domain || ' says it reports for '
                     || d.claimed END
       END AS reason,
       t.tier <> 'C' AS used,
       d.mail_domain
  FROM dmarc.report r
 -- Two subqueries that hang on nothing are asked once, and not for each report.
 CROSS JOIN (
       SELECT (SELECT string_to_array(nullif(btrim(regexp_replace(
                        lower(min(value)), '\s+', ' ', 'g')), ''), ' ')
                 FROM dmarc.setting
                WHERE name = 'authserv_id') AS ids,
              (SELECT string_to_array(nullif(btrim(regexp_replace(
                        lower(coalesce(min(value),
                              'microsoft.com dmarc.yahoo.com')),
                        '\s+', ' ', 'g')), ''), ' ')
                 FROM dmarc.setting
                WHERE name = 'approved_reporters') AS approved) s
 CROSS JOIN LATERAL (
       SELECT o.ours,
              substring(o.ours FROM ' dmarc=(\S+)') AS dmarc,
              -- Whom our server judged, before what From says.
              CASE WHEN o.ours ~ ' header\.from='
                   THEN substring(o.ours FROM
                          ' header\.from=([a-z0-9._-]+)(?: |$)')
                   ELSE dmarc.address_domain(r.mail_from)
              END AS mail_domain,
              -- The name that all figures go by, where it is a domain; else
              -- the address.
              CASE WHEN r.reporter ~
                          '^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+$'
                   THEN r.reporter
                   ELSE coalesce(dmarc.address_domain(r.email), r.reporter)
              END AS claimed
         FROM (SELECT (SELECT l.line
                         FROM string_to_table(r.mail_auth, E'\n')
                              WITH ORDINALITY AS l (line, n)
                        WHERE split_part(l.line, ' ', 1) = ANY (s.ids)
                        ORDER BY l.n
                        LIMIT 1) AS ours
               OFFSET 0) o
       OFFSET 0) d
 CROSS JOIN LATERAL (
       SELECT CASE
                WHEN s.ids IS NULL THEN 'unjudged'
                WHEN r.mail_auth IS NULL
                     AND coalesce(r.mail_from, r.message_id) IS NOT NULL
                  THEN 'unjudged'
                WHEN r.mail_auth IS NULL THEN 'file'
                WHEN d.dmarc IS DISTINCT FROM 'pass'
                     OR d.mail_domain IS NULL THEN 'C'
                WHEN dmarc.same_org(d.mail_domain, d.claimed) THEN 'A'
                WHEN EXISTS (SELECT FROM unnest(s.approved) a
                              WHERE d.mail_domain = a
                                 OR right(d.mail_domain, length(a) + 1)
                                    = '.' || a) THEN 'B'
                ELSE 'C'
              END AS tier
       OFFSET 0) t;
COMMENT ON VIEW dmarc.report_trust IS 'one row a report: is it from whom it says it is from, by the word of the operator''s own mail server';
COMMENT ON COLUMN dmarc.report_trust.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.report_trust.id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.report_trust.tier IS
  'unjudged: nobody said which Authentication-Results are ours; file: no mail carried it; A: DMARC pass of the reporter''s own domain; B: DMARC pass of another domain, which is approved; C: everything else';
COMMENT ON COLUMN dmarc.report_trust.reason IS 'why, in words';
COMMENT ON COLUMN dmarc.report_trust.used IS 'true: every tier but C; what is decided on should rest on these reports only';
COMMENT ON COLUMN dmarc.report_trust.mail_domain IS 'From domain of the carrying mail: as our server judged it, else of From; NULL: none, or several';

COMMENT ON COLUMN dmarc.report.mail_auth IS
  'Authentication-Results of the carrying mail, a line a field, the topmost first: authserv-id (-: none), then method=result and property=value; empty: it has none; NULL: no mail, or stored before they were kept; report_trust judges them';
