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
-- What is in the report itself proves nothing: its author writes what he
-- likes.  A name is bound to the mail domains that its reports come from:
--
--   a name in the list of reporters   its mail domains in that list
--   a name that is a domain           that domain, one above or below it
--   any other name                    whatever domain its mail comes from: the
--                                     same name from two domains is two reporters
--
-- A domain where anybody may have a mailbox vouches for nobody, unless the
-- list has the very address.
--
-- Two settings, words with blanks between:
--   authserv_id         the ids of the operator's servers; none: nothing is
--                       judged, and every report counts
--   approved_reporters  domains whose mail may carry reports in other names,
--                       theirs or of a domain below

-- trust_settings: both, as arrays.
CREATE OR REPLACE VIEW dmarc.trust_settings AS
SELECT (SELECT string_to_array(nullif(btrim(regexp_replace(
                 lower(min(s.value)), '\s+', ' ', 'g')), ''), ' ')
          FROM dmarc.setting s
         WHERE s.name = 'authserv_id') AS ids,
       (SELECT string_to_array(btrim(regexp_replace(
                 lower(coalesce(min(s.value), '')), '\s+', ' ', 'g')), ' ')
          FROM dmarc.setting s
         WHERE s.name = 'approved_reporters') AS approved;
COMMENT ON VIEW dmarc.trust_settings IS 'the settings that decide which reports count, a single row';
COMMENT ON COLUMN dmarc.trust_settings.ids IS 'authserv_id; NULL: it is not set';
COMMENT ON COLUMN dmarc.trust_settings.approved IS 'approved_reporters';

-- judge_report: one report.  ids and approved are trust_settings, which the
-- caller reads once.  It runs once for each report that is stored, and most
-- installations begin without authserv_id, so that case comes first.
--
-- OFFSET 0 keeps what is worked out once from being worked out at each place
-- where it is named.
CREATE OR REPLACE FUNCTION dmarc.judge_report(reporter text, mail_from text,
  message_id text, mail_auth text, is_early boolean, ids text[],
  approved text[])
RETURNS TABLE (tier text, mail_domain text, vouched_by text, listed boolean,
  reason text)
LANGUAGE sql STABLE AS $$
SELECT CASE WHEN w.why IS NULL THEN 'unjudged' ELSE w.why END,
       NULL, NULL, false, NULL
  FROM (SELECT CASE WHEN ids IS NULL OR mail_from IS NOT NULL
                         OR message_id IS NOT NULL THEN 'unjudged'
                    ELSE 'file' END AS why) w
 WHERE ids IS NULL OR mail_auth IS NULL
UNION ALL
SELECT t.tier, d.mail_domain,
       CASE WHEN t.tier <> 'C'
            THEN coalesce(d.list_name, dmarc.mail_org(d.mail_domain)) END,
       t.tier <> 'C' AND d.list_name IS NOT NULL,
       CASE
         WHEN t.tier <> 'C' THEN NULL
         WHEN d.ours IS NULL THEN 'no Authentication-Results of ours'
         WHEN d.dmarc IS NULL
           THEN 'our Authentication-Results do not tell of DMARC'
         WHEN d.dmarc <> 'pass' THEN 'dmarc=' || d.dmarc
         WHEN d.mail_domain IS NULL
           THEN 'dmarc=pass, but not of which domain'
         WHEN is_early AND NOT d.is_mailbox
           THEN 'it tells of days that are still to come'
         WHEN d.is_mailbox
           THEN 'mail of ' || d.mail_domain || ', where anybody may have a mailbox'
         ELSE 'mail of ' || d.mail_domain || ' says it reports for '
              || judge_report.reporter
              || coalesce(', whose reports come from ' || d.expected, '')
       END
  FROM (SELECT a.*, k.expected,
               coalesce(n.reporter, m.reporter) AS list_name,
               n.reporter IS NOT NULL AS right_name,
               k.reporter IS NOT NULL AS known_name,
               m.reporter IS NULL AND n.reporter IS NULL
                 AND x.domain IS NOT NULL AS is_mailbox
          FROM (SELECT o.ours, substring(o.ours FROM ' dmarc=(\S+)') AS dmarc,
                       -- Whom our server judged, before what From says.
                       CASE WHEN o.ours ~ ' header\.from='
                            THEN substring(o.ours FROM
                                   ' header\.from=([a-z0-9._-]+)(?: |$)')
                            ELSE dmarc.address_domain(judge_report.mail_from)
                       END AS mail_domain,
                       dmarc.address_plain(judge_report.mail_from) AS address
                  FROM (SELECT (SELECT l.line
                                  FROM string_to_table(mail_auth, E'\n')
                                       WITH ORDINALITY AS l (line, n)
                                 WHERE split_part(l.line, ' ', 1) = ANY (ids)
                                 ORDER BY l.n
                                 LIMIT 1) AS ours
                        OFFSET 0) o
                OFFSET 0) a
         -- the list: whose name that is, whether the mail is that reporter's,
         -- and whose mail it is
          LEFT JOIN LATERAL (
               SELECT q.reporter,
                      (SELECT string_agg(e.mail, ' or ' ORDER BY e.mail)
                         FROM dmarc.reporter_mail e
                        WHERE e.reporter = q.reporter) AS expected
                 FROM dmarc.reporter_name q
                WHERE q.org_name = judge_report.reporter) k ON true
          LEFT JOIN LATERAL (
               SELECT e.reporter
                 FROM dmarc.reporter_mail e
                WHERE e.reporter = k.reporter
                  AND (e.mail = ANY (dmarc.suffixes(a.mail_domain))
                       OR (e.mail = a.address AND dmarc.address_domain(
                             a.address) = a.mail_domain))
                LIMIT 1) n ON true
          LEFT JOIN LATERAL (
               SELECT e.reporter
                 FROM dmarc.reporter_mail e
                WHERE e.mail = ANY (dmarc.suffixes(a.mail_domain))
                ORDER BY e.reporter
                LIMIT 1) m ON true
          LEFT JOIN dmarc.mailbox_domain x ON x.domain = a.mail_domain
        OFFSET 0) d
 CROSS JOIN LATERAL (
       SELECT CASE
                WHEN d.dmarc IS DISTINCT FROM 'pass' OR d.mail_domain IS NULL
                     OR d.is_mailbox THEN 'C'
                WHEN d.right_name THEN 'A'
                WHEN is_early THEN 'C'
                WHEN EXISTS (SELECT FROM unnest(approved) a
                              WHERE a <> ''
                                AND a = ANY (dmarc.suffixes(d.mail_domain)))
                  THEN 'B'
                -- Whoever owns the name's domain may use the name.
                WHEN dmarc.name_is_domain(judge_report.reporter)
                     AND dmarc.same_org(d.mail_domain, judge_report.reporter)
                  THEN 'A'
                WHEN d.known_name THEN 'C'
                -- A listed reporter's mail in a name that is not listed.
                WHEN d.list_name IS NOT NULL THEN 'B'
                WHEN dmarc.name_is_domain(judge_report.reporter) THEN 'C'
                ELSE 'A'
              END AS tier
       OFFSET 0) t
 WHERE ids IS NOT NULL AND mail_auth IS NOT NULL $$;
COMMENT ON FUNCTION dmarc.judge_report(text, text, text, text, boolean, text[], text[]) IS
  'what a report is worth (is_early: its day is over a day later than when it came): tier, the mail domain, who vouches for it (see the columns of dmarc.report), and why it is left out; the last two arguments are those of trust_settings';

-- report_trust: the judgement as it is stored.
CREATE OR REPLACE VIEW dmarc.report_trust AS
SELECT r.policy_domain_id, r.id, r.tier,
       CASE r.tier
         WHEN 'unjudged' THEN
           CASE WHEN (SELECT s.ids FROM dmarc.trust_settings s) IS NULL
                THEN 'authserv_id is not set'
                ELSE 'stored by a version that kept no Authentication-Results'
           END
         WHEN 'file' THEN 'no mail carried it'
         WHEN 'A' THEN 'mail of ' || r.mail_domain
         WHEN 'B' THEN 'mail of ' || r.mail_domain
                       || ', which is approved, for ' || r.reporter
         ELSE r.left_out_reason
       END AS reason,
       r.tier <> 'C' AS used, r.mail_domain,
       coalesce(r.vouched_by, r.reporter) AS voucher, r.listed
  FROM dmarc.report r;
COMMENT ON VIEW dmarc.report_trust IS 'one row a report: is it from whom it says it is from, by the word of the operator''s own mail server';
COMMENT ON COLUMN dmarc.report_trust.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.report_trust.id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.report_trust.tier IS
  'unjudged: nobody said which Authentication-Results are ours; file: no mail carried it; A: DMARC pass of the reporter''s own mail domain; B: DMARC pass of a listed or approved domain in another name; C: everything else';
COMMENT ON COLUMN dmarc.report_trust.reason IS 'why, in words';
COMMENT ON COLUMN dmarc.report_trust.used IS 'true: every tier but C; figures rest on these reports only';
COMMENT ON COLUMN dmarc.report_trust.mail_domain IS 'From domain of the carrying mail: as our server judged it, else of From; NULL: none, several, or not judged';
COMMENT ON COLUMN dmarc.report_trust.voucher IS 'who stands behind the report: the listed reporter, else the organization of the mail domain, else the reporter''s name; reports with one voucher are one voice';
COMMENT ON COLUMN dmarc.report_trust.listed IS 'the reporter is in the list that comes with the program, and the mail is its own';

-- report_voice: the reports that speak where one false word would tell: of the
-- policy that is published, and of what is learned.  Those of listed reporters,
-- those that came as files, and those that are not judged; on a domain on which
-- there are none of these, all that count.
CREATE OR REPLACE VIEW dmarc.report_voice AS
SELECT r.policy_domain_id, r.id
  FROM dmarc.report r
 WHERE r.tier <> 'C'
   AND (r.listed OR r.tier IN ('file', 'unjudged')
        OR NOT EXISTS (SELECT FROM dmarc.report s
                        WHERE s.policy_domain_id = r.policy_domain_id
                          AND s.tier <> 'C'
                          AND (s.listed OR s.tier IN ('file', 'unjudged'))));
COMMENT ON VIEW dmarc.report_voice IS 'the reports that speak of the policy that is published, and that teach: listed reporters, files and what is not judged; on a domain without these all that count';
COMMENT ON COLUMN dmarc.report_voice.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.report_voice.id IS 'dmarc.report.id';

-- shown_tier, left_out: which reports a question is about.  Those that count;
-- while dmarc.untrusted is only (dmarc-report --untrusted), the others.
CREATE OR REPLACE FUNCTION dmarc.shown_tier(tier text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT (tier = 'C')
         = (coalesce(current_setting('dmarc.untrusted', true), '') = 'only') $$;
COMMENT ON FUNCTION dmarc.shown_tier(text) IS 'is a report of this tier asked for: every tier but C, or C alone while the setting dmarc.untrusted of the session is only';

-- The usual question reads an index that has the left-out reports only.  The
-- other one is a function, which the planner takes for a single row: were it a
-- subquery, the planner would reckon that nearly all records are left out, and
-- choose nested loops for the few that it expects.
CREATE OR REPLACE FUNCTION dmarc.counted_if_untrusted()
RETURNS TABLE (policy_domain_id integer, id bigint)
LANGUAGE plpgsql STABLE ROWS 1 AS $$
BEGIN
  IF coalesce(current_setting('dmarc.untrusted', true), '') = 'only' THEN
    RETURN QUERY SELECT r.policy_domain_id, r.id
                   FROM dmarc.report r
                  WHERE r.tier <> 'C';
  END IF;
END $$;
COMMENT ON FUNCTION dmarc.counted_if_untrusted() IS 'the reports that count, while the setting dmarc.untrusted of the session is only; else none';
CREATE OR REPLACE VIEW dmarc.left_out AS
SELECT r.policy_domain_id, r.id
  FROM dmarc.report r
 WHERE r.tier = 'C'
   AND coalesce(current_setting('dmarc.untrusted', true), '') <> 'only'
 UNION ALL
SELECT x.policy_domain_id, x.id
  FROM dmarc.counted_if_untrusted() x;
COMMENT ON VIEW dmarc.left_out IS 'the reports that a question leaves out: see dmarc.shown_tier; records are left out with their report';
COMMENT ON COLUMN dmarc.left_out.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.left_out.id IS 'dmarc.report.id';
