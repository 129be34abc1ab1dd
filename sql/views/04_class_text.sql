-- The words to a class (dmarc.class).

-- class_text: its reading, short enough for a column.
CREATE OR REPLACE FUNCTION dmarc.class_text(class text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT c.text FROM dmarc.class c
                    WHERE c.class = class_text.class), class_text.class) $$;
COMMENT ON FUNCTION dmarc.class_text(text) IS 'the reading of a class, a few words';

-- class_evidence: the values that were seen, as a sentence without its end.
DROP FUNCTION IF EXISTS dmarc.class_evidence(text, text, text, text, text,
  text, text, text, text, text);
CREATE OR REPLACE FUNCTION dmarc.class_evidence(header_from text,
  f dmarc.profile_feature)
RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT concat_ws('; ',
    CASE
      WHEN f.author_signature IS NOT NULL THEN
        'signed as ' || f.author_signature
        || coalesce(' with selector ' || f.author_selector, '')
      WHEN f.strict_signature IS NOT NULL THEN
        'signed as ' || f.strict_signature
        || coalesce(' with selector ' || f.strict_selector, '')
        || ', which passes, but is not exactly '
        || coalesce(header_from, 'the author domain')
    END,
    CASE WHEN f.author_signature IS NULL AND f.broken_signature IS NOT NULL THEN
        'signature of ' || f.broken_signature
        || coalesce(' with selector ' || f.broken_selector, '') || ' broken' END,
    CASE WHEN f.third_party_signature IS NOT NULL THEN
      CASE WHEN f.author_signature IS NULL AND f.strict_signature IS NULL
           THEN 'signed as ' ELSE 'also as ' END
      || f.third_party_signature
      || coalesce(' with selector ' || f.third_party_selector, '') END,
    CASE WHEN f.author_signature IS NULL AND f.strict_signature IS NULL
              AND f.broken_signature IS NULL
         THEN 'no signature of ' || coalesce(header_from, 'the author domain') END,
    CASE WHEN f.return_path IS NOT NULL
         THEN 'return-path ' || f.return_path
              || coalesce(', SPF ' || f.return_path_result, ', SPF not reported') END) $$;
COMMENT ON FUNCTION dmarc.class_evidence(text, dmarc.profile_feature) IS
  'the identifiers that were seen, in words';

-- sender_command: how the operator says what a sender is.
CREATE OR REPLACE FUNCTION dmarc.sender_command(sender text, role text)
RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT 'dmarc-report sender '''
         || replace(coalesce(sender, '?'), '''', '''\''''') || ''' ' || role $$;
COMMENT ON FUNCTION dmarc.sender_command(text, text) IS 'the command that says what a sender is, for a shell';

-- sign_advice: how to have a sender sign as the author.
CREATE OR REPLACE FUNCTION dmarc.sign_advice(sender text, header_from text)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN q.name IS NULL
      THEN 'have ' || coalesce(sign_advice.sender, 'it') || ' sign with DKIM as '
           || coalesce(header_from, 'the author domain')
           || ' (author signature, 作成者署名); its own signature does not count'
    ELSE
      CASE WHEN q.layer IN ('infrastructure', 'gateway')
           THEN 'find which of your systems sends through ' || q.name
                || '; then ' ELSE '' END
      || CASE q.author_dkim
        WHEN 'yes' THEN 'in ' || q.name || ', set up DKIM for '
          || coalesce(header_from, 'your domain')
          || coalesce(': ' || q.dkim_setup, '')
        WHEN 'plan' THEN q.name || ' signs as your domain only in some plan or option'
          || coalesce(': ' || q.dkim_setup, '')
          || '; until then send from an address of the vendor''s, or from a subdomain with a policy of its own'
        WHEN 'no' THEN q.name || ' cannot sign as your domain; '
          || CASE q.return_path
               WHEN 'no' THEN 'send with the vendor''s own From address (and yours as Reply-To), or through your own servers'
               WHEN 'unknown' THEN 'ask whether its return-path can be under '
                 || coalesce(header_from, 'your domain')
                 || '; otherwise send with the vendor''s own From address'
               ELSE 'align the return-path instead'
                 || coalesce(': ' || q.return_path_setup, '') END
        ELSE 'ask ' || q.name || ' for DKIM with an author signature (作成者署名) of '
          || coalesce(header_from, 'your domain') END
    END
    FROM (SELECT 1) one
    LEFT JOIN dmarc.sender q ON q.name = dmarc.sender_base(sign_advice.sender) $$;
COMMENT ON FUNCTION dmarc.sign_advice(text, text) IS 'how to have a sender sign as the author domain';

-- ask_kind: what a sender that is not known looks like.
--
-- machine: of a service's own machines, and nothing authenticates it; steady: it
-- sends day after day; mailbox: people have accounts there; vendor: any other that
-- the catalogue knows.  A broken signature of the author's beside a good one of
-- somebody else's, or such a name, speaks for mail that was sent again: list.
-- stranger: anybody; NULL: forged.
CREATE OR REPLACE FUNCTION dmarc.ask_kind(class text, sender text,
  stream text, broken boolean)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN ask_kind.class = 'FAIL/UNAUTHENTICATED' AND q.layer <> 'host'
      THEN 'machine'
    WHEN ask_kind.class = 'FAIL/UNAUTHENTICATED' AND stream = 'unresolved'
      THEN 'steady'
    WHEN ask_kind.class = 'FAIL/UNAUTHENTICATED' THEN NULL
    WHEN q.name IS NULL AND (broken
           OR ask_kind.sender ~ '(^|[.-])(lists?|ml|mailman|groups?|forward(er|ing)?|alias|srs)[0-9]*[.-]')
      THEN 'list'
    WHEN q.name IS NULL THEN 'stranger'
    WHEN dmarc.sends_again(q.category) THEN 'mailbox'
    ELSE 'vendor' END
    FROM (SELECT 1) one
    LEFT JOIN dmarc.sender q ON q.name = dmarc.sender_base(ask_kind.sender) $$;
COMMENT ON FUNCTION dmarc.ask_kind(text, text, text, boolean) IS
  'what a sender that is not known looks like: machine, steady, list, stranger, mailbox or vendor; NULL: forged; broken: a signature of the author''s was broken';

-- ask_advice: what only the operator can say, and what follows from each answer.
--
-- A forwarder is asked for first where the evidence says so; nobody is told to
-- call such a sender hostile, as his next forwarded mail would be forged.
CREATE OR REPLACE FUNCTION dmarc.ask_advice(class text, sender text,
  stream text, header_from text, broken boolean)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE dmarc.ask_kind(class, sender, stream, broken)
    WHEN 'machine' THEN
      'it comes from machines of ' || q.name
      || ', and nothing authenticates it: if it is yours, have it sign with DKIM as '
      || a.author
      || CASE WHEN dmarc.sends_again(q.category) THEN '; if not, nothing'
              ELSE '; if not: ' || dmarc.sender_command(sender, 'hostile') END
    WHEN 'steady' THEN
      'it sends day after day, as a machine does that was forgotten or that your people send through: if it is yours, have it sign with DKIM as '
      || a.author || ' and say ' || dmarc.sender_command(sender, 'own')
      || '; if not, hostile'
    WHEN 'list'
      THEN 'it looks like a list or a forwarder: if so, '
           || dmarc.sender_command(sender, 'forwarder')
           || '; if a system of yours sends through it, have it sign with DKIM as '
           || a.author || ', and say vendor'
    WHEN 'stranger'
      THEN 'somebody sends as ' || a.author || ' through '
           || coalesce(sender, 'a service')
           || '; find out who: if it is yours, have it sign with DKIM as '
           || a.author || ', and say ' || dmarc.sender_command(sender, 'vendor')
           || '; if it is a list or a forwarder, say forwarder; if neither, hostile'
    WHEN 'mailbox'
      THEN 'most likely users of ' || q.name
           || ' forward your mail, or write as you from an account there: if you know of none who should, nothing; if they are yours, have them send through your own servers'
    WHEN 'vendor'
      THEN 'if it is yours: ' || dmarc.sign_advice(sender, header_from)
         || '; if not: ' || dmarc.sender_command(sender, 'hostile')
    END
    FROM (SELECT coalesce(header_from, 'the author domain') AS author) a
    LEFT JOIN dmarc.sender q ON q.name = dmarc.sender_base(ask_advice.sender) $$;
COMMENT ON FUNCTION dmarc.ask_advice(text, text, text, text, boolean) IS
  'what to ask the operator about a sender that is not known; broken: a signature of the author''s was broken';

-- fill_action: the marks of class.action_known and action_unknown filled in.
CREATE OR REPLACE FUNCTION dmarc.fill_action(action text, class text,
  sender text, stream text, header_from text, adkim text, aspf text,
  return_path text, broken boolean)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT string_agg(CASE
           WHEN x.m[2] IS NULL THEN x.m[1]
           ELSE coalesce(CASE x.m[2]
             WHEN '{author}' THEN coalesce(header_from, 'the author domain')
             WHEN '{sender}' THEN coalesce(sender, 'it')
             WHEN '{return_path}'
               THEN coalesce(return_path, header_from, 'the return-path')
             WHEN '{relax}' THEN concat_ws(' and ',
               CASE WHEN adkim = 's' THEN 'adkim=r' END,
               CASE WHEN aspf = 's' THEN 'aspf=r' END)
             WHEN '{how}' THEN (
               SELECT ' (' || q.dkim_setup || ')'
                 FROM dmarc.sender q
                WHERE q.name = dmarc.sender_base(fill_action.sender)
                  AND q.author_dkim = 'yes')
             WHEN '{sign}' THEN dmarc.sign_advice(sender, header_from)
             WHEN '{ask}' THEN dmarc.ask_advice(class, sender, stream,
                                 header_from, broken)
           END, '') END, '' ORDER BY x.n)
    FROM regexp_matches(action, '([^{]+)|([{][a-z_]+[}])', 'g')
           WITH ORDINALITY x (m, n) $$;
COMMENT ON FUNCTION dmarc.fill_action(text, text, text, text, text, text, text, text, boolean) IS
  'an action of dmarc.class with its marks filled in';

-- class_action: what to do about it, in the operator's words; NULL: nothing.
-- sender is the name in the reports, role the operator's word on it, known
-- whether it is his or a vendor's as far as we know, stream what it counts as;
-- broken: a signature of the author's was broken; messages: how many there are
-- of it, of_messages: of that sender in all.
DROP FUNCTION IF EXISTS dmarc.class_action(text, text, text, boolean, text,
  text, text, text);
CREATE OR REPLACE FUNCTION dmarc.class_action(class text, sender text,
  role text, known boolean, stream text, header_from text, adkim text,
  aspf text, return_path text DEFAULT NULL, broken boolean DEFAULT false,
  messages numeric DEFAULT NULL, of_messages numeric DEFAULT NULL)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN role = 'hostile' THEN
      CASE WHEN class_action.class LIKE 'PASS_%'
           THEN 'you call it hostile, yet it passes: find out who gave it your key or an address in your SPF record'
      END
    WHEN role = 'forwarder' OR stream IN ('hostile', 'indirect') THEN NULL
    WHEN role = 'retired' AND class_action.class LIKE 'FAIL/%'
      THEN 'it was to send no more, and does: look'
    WHEN class_action.class IN ('FAIL/BROKEN_AUTHOR_SIGNATURE',
                                'PASS_SPF/DKIM_BROKEN')
         AND messages * 100 < of_messages
      THEN 'few of its messages (' || messages || ' of ' || of_messages
           || ') are changed after they are signed: on some path, not by the signer; nothing to do unless they become more'
    ELSE nullif(dmarc.fill_action(
           CASE WHEN known THEN c.action_known ELSE c.action_unknown END,
           c.class, sender, stream, header_from, adkim, aspf, return_path,
           coalesce(broken, false)), '')
    END
    FROM dmarc.class c
   WHERE c.class = class_action.class $$;
COMMENT ON FUNCTION dmarc.class_action(text, text, text, boolean, text, text, text, text, text, boolean, numeric, numeric) IS
  'what the operator should do about mail of this class by this sender; NULL: nothing';

-- trend: the last seven days of a window beside those before.
CREATE OR REPLACE FUNCTION dmarc.trend(messages numeric, recent numeric,
  first_seen date, first_day date, last_day date)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN last_day IS NULL OR last_day - 13 < first_day THEN NULL
    WHEN recent = 0 THEN 'quiet'
    WHEN first_seen > last_day - 14 AND first_day <= last_day - 27 THEN 'new'
    WHEN recent >= 2 * x.usual AND recent >= x.usual + 10 THEN 'rising'
    WHEN 2 * recent <= x.usual AND recent <= x.usual - 10 THEN 'falling'
    ELSE 'steady' END
    FROM (SELECT 7 * (messages - recent)
                 / nullif(greatest(last_day - 6 - first_day, 0), 0)
                   AS usual) x $$;
COMMENT ON FUNCTION dmarc.trend(numeric, numeric, date, date, date) IS
  'of messages since first_day as many recent ones in the seven days up to last_day, the first of all on first_seen: new (in the last two weeks of four or more), quiet (no recent one), rising or falling (to the double, to half, and by ten), else steady; NULL: fewer than two weeks';
