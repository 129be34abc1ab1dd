-- readiness: the gates between the policy a domain has and the next one, for
-- the domain itself (scope p) and for those below it (scope sp).
--
-- A gate is met, it is not, or nothing can be said yet (unknown); no gate makes
-- up for another.  One that is not met: NOT READY.  Else one that is unknown:
-- INSUFFICIENT DATA.  A gate for whose mail there is none says so (none).  Mail
-- of senders that do not count, forged mail of addresses that nobody looked up,
-- and mail that is undetermined make a gate unknown when they are many.  At
-- reject the gates ask whether it holds; how long, and which senders are new or
-- missing, is no question then.

-- readiness_gate: each gate of one figure, and the words to it.
CREATE OR REPLACE FUNCTION dmarc.readiness_gate(c dmarc.readiness_figure)
RETURNS TABLE ("position" integer, gate text, what text, figure numeric,
  "limit" numeric, unit text, met text, source text, detail text)
LANGUAGE sql STABLE AS $$
  SELECT x."position", x.gate, x.what, x.figure, x."limit", x.unit, x.met,
         x.source, x.detail
    FROM dmarc.readiness_limits() g
   CROSS JOIN LATERAL (
         SELECT CASE c.gates WHEN 'reject' THEN g.direct_reject
                             ELSE g.direct_quarantine END AS direct,
                CASE c.gates WHEN 'reject' THEN g.sender_reject
                             ELSE g.sender_quarantine END AS sender,
                CASE c.gates WHEN 'reject' THEN g.dkim_reject
                             ELSE g.dkim_quarantine END AS dkim,
                CASE c.gates WHEN 'reject' THEN g.indirect_reject END AS indirect,
                (c.last_day - c.level_day + 1)::numeric AS policy_days,
                c.history_day > c.last_day - c.stable AS is_short,
                100 * c.lf / nullif(c.l, 0) AS fail,
                100 * dmarc.wilson_upper(c.lf, c.l) AS fail_up,
                100 * c.ld / nullif(c.l, 0) AS signed,
                100 * c.jf / nullif(c.l + c.i, 0) AS indirect_fail,
                100 * c.uf / nullif(c.l + c.i + c.uf, 0) AS open_fail,
                100 * c.undetermined
                  / nullif(c.l + c.i + c.uf + c.undetermined, 0)
                  AS unclear) m
   CROSS JOIN LATERAL (VALUES
         (1, 'policy_days', 'days at ' || coalesce(c.level, 'any policy'),
          m.policy_days, c.policy_days_limit, 'days',
          CASE WHEN m.policy_days >= c.policy_days_limit AND NOT c.steered
               THEN 'yes' ELSE 'unknown' END,
          'RFC 9989 7.4', c.step <> 'stay',
          CASE WHEN c.level_day IS NULL
                 THEN 'no report names a policy in the last '
                      || g.season_days || ' days'
               WHEN m.policy_days < c.policy_days_limit
                 THEN 'enough after ' || c.level_day
                      + c.policy_days_limit::integer - 1 END),
         (2, 'report_days', 'days with reports', c.days::numeric,
          g.report_days, 'days',
          CASE WHEN c.days >= g.report_days THEN 'yes' ELSE 'unknown' END,
          'our proposal', true,
          CASE WHEN c.days < g.report_days
               THEN dmarc.in_words(g.report_days - c.days)
                    || ' more would do'
                    || coalesce('; nothing before the change of policy on '
                         || c.change_day || ' counts', '') END),
         (3, 'reporters', 'reporters', c.reporters::numeric, g.reporters,
          'reporters',
          CASE WHEN c.reporters >= g.reporters THEN 'yes' ELSE 'unknown' END,
          'our proposal', true,
          CASE WHEN c.reporters < g.reporters
               THEN dmarc.in_words(g.reporters - c.reporters)
                    || ' more would do' END),
         (4, 'direct_failures', 'legitimate mail that fails, at most',
          m.fail_up, m.direct, '%',
          CASE WHEN c.l = 0 AND c.passed > 0 THEN 'unknown'
               WHEN c.l = 0 THEN 'none'
               WHEN m.fail_up <= m.direct THEN 'yes'
               WHEN m.fail > m.direct THEN 'no' ELSE 'unknown' END,
          'our proposal; RFC 9989 5.1', c.sends,
          CASE WHEN c.l = 0 AND c.left_out_pass > 0
                 THEN 'all that passes is left out: '
                      || dmarc.in_words(c.left_out_pass) || ' messages'
               WHEN c.l = 0 AND c.passed > 0
                 THEN 'all that passes counts as forwarded: '
                      || dmarc.in_words(c.passed) || ' messages'
               WHEN c.l = 0 THEN 'no legitimate mail was seen'
               ELSE dmarc.in_words(c.lf) || ' of ' || dmarc.in_words(c.l)
                    || ' fail: ' || dmarc.in_percent(m.fail)
                    || '; with 95 % confidence at most '
                    || dmarc.in_percent(m.fail_up) || '; allowed '
                    || dmarc.in_percent(m.direct)
                    || CASE WHEN m.fail_up <= m.direct OR m.fail > m.direct THEN ''
                            WHEN m.direct = 0 THEN '; no sample proves 0 %'
                            ELSE '; ' || dmarc.in_words(dmarc.wilson_enough(
                                   c.lf, m.direct / 100) - c.l)
                                 || ' more without a failure would do' END END),
         (5, 'sender_failures', 'mail of one sender that fails, the worst',
          c.worst, m.sender, '%',
          CASE WHEN c.failing_n > 0 THEN 'no' WHEN c.l = 0 THEN 'none'
               ELSE 'yes' END,
          'our proposal', c.sends,
          CASE WHEN c.failing_n > 0 THEN c.failing END),
         (6, 'dkim_coverage', 'legitimate mail that passes by DKIM',
          m.signed, m.dkim, '%',
          CASE WHEN m.signed < m.dkim THEN 'no' WHEN c.l = 0 THEN 'none'
               ELSE 'yes' END,
          CASE c.gates WHEN 'reject' THEN 'RFC 9989 7.4'
                       ELSE 'our proposal' END, c.sends,
          CASE WHEN c.l > 0
               THEN dmarc.in_words(c.ld) || ' of ' || dmarc.in_words(c.l)
                    || ' legitimate'
                    || CASE WHEN m.signed < m.dkim
                            THEN coalesce('; ' || c.spf_only, '')
                            ELSE '' END END),
         (7, 'spf_only_senders', 'senders that pass by SPF only',
          c.spf_only_n::numeric, g.spf_only_senders, 'senders',
          CASE WHEN c.spf_only_n > g.spf_only_senders THEN 'no'
               WHEN c.l = 0 THEN 'none' ELSE 'yes' END,
          'RFC 9989 7.4', c.sends AND c.gates = 'reject', c.spf_only),
         (8, 'unresolved_senders', 'failing senders that nobody has named',
          c.unresolved_n::numeric, 0, 'senders',
          CASE WHEN c.unresolved_n > 0 THEN 'no'
               WHEN c.messages = 0 THEN 'none' ELSE 'yes' END,
          'our proposal; RFC 9989 5.1', c.sends, c.unresolved),
         (9, 'unresolved_share', 'failing mail that nobody has named',
          m.open_fail, g.unresolved_reject, '%',
          CASE WHEN m.open_fail > g.unresolved_reject THEN 'no'
               WHEN m.open_fail IS NULL THEN 'none' ELSE 'yes' END,
          'our proposal', c.sends AND c.gates = 'reject',
          CASE WHEN m.open_fail IS NOT NULL
               THEN dmarc.in_words(c.uf) || ' of '
                    || dmarc.in_words(c.l + c.i + c.uf)
                    || ' legitimate, forwarded and unnamed' END),
         (10, 'indirect_share', 'forwarded mail and lists that fail',
          m.indirect_fail, m.indirect, '%',
          CASE WHEN m.indirect_fail > m.indirect THEN 'no'
               WHEN m.indirect_fail IS NULL THEN 'none' ELSE 'yes' END,
          'our proposal; RFC 9989 7.4', c.sends,
          CASE WHEN m.indirect_fail IS NOT NULL
               THEN dmarc.in_words(c.jf) || ' of '
                    || dmarc.in_words(c.l + c.i)
                    || ' legitimate and forwarded' END),
         (11, 'new_senders', 'new senders in the last ' || c.stable || ' days',
          c.new_n::numeric, 0, 'senders',
          CASE WHEN m.is_short THEN 'unknown'
               WHEN c.new_n > 0 THEN 'no'
               WHEN c.l = 0 THEN 'none' ELSE 'yes' END,
          'our proposal', c.sends AND c.step <> 'stay',
          CASE WHEN m.is_short
               THEN 'reports go back to ' || c.history_day || ' only'
               ELSE c.new END),
         (12, 'missing_senders', 'senders of the last ' || g.season_days
                                 || ' days that are not here',
          c.missing_n::numeric, 0, 'senders',
          CASE WHEN c.missing_n > 0 THEN 'no'
               WHEN c.season = 0 AND c.l = 0 THEN 'none' ELSE 'yes' END,
          'our proposal; RFC 9989 5.1', c.sends AND c.step <> 'stay', c.missing),
         (13, 'outside_senders', 'failing senders of the last '
                                 || g.season_days
                                 || ' days, before these, that nobody has named',
          c.outside_n::numeric, 0, 'senders',
          CASE WHEN c.outside_n > 0 THEN 'no'
               WHEN c.outside_n IS NULL THEN 'none' ELSE 'yes' END,
          'our proposal; RFC 9989 5.1', c.without IS NULL, c.outside),
         (14, 'left_out_senders', 'failing senders that too few reporters have seen',
          c.left_n::numeric, 0, 'senders',
          CASE WHEN c.left_n > 0 THEN 'unknown'
               WHEN c.messages = 0 THEN 'none' ELSE 'yes' END,
          'our proposal', c.without IS NULL, c.left_fail),
         (15, 'addresses', 'forged mail whose addresses nobody has looked up',
          c.unlooked, floor(c.sure_floor), 'messages',
          CASE WHEN c.unlooked > c.sure_floor THEN 'unknown'
               WHEN c.unlooked IS NULL THEN 'none' ELSE 'yes' END,
          'our proposal', c.without IS NULL,
          CASE WHEN c.unlooked > c.sure_floor
               THEN 'dmarc-check addresses looks them up: a server of yours that does not sign may be among them' END),
         (16, 'undetermined', 'mail that reporters give no clear result for',
          m.unclear, m.direct, '%',
          CASE WHEN m.unclear > m.direct THEN 'unknown'
               WHEN m.unclear IS NULL THEN 'none' ELSE 'yes' END,
          'our proposal', c.without IS NULL AND c.sends,
          CASE WHEN m.unclear IS NOT NULL
               THEN dmarc.in_words(c.undetermined) || ' of '
                    || dmarc.in_words(c.l + c.i + c.uf + c.undetermined)
                    || ' that are not forged' END)
         ) x ("position", gate, what, figure, "limit", unit, met, source, asked,
              detail)
   WHERE x.asked $$;
COMMENT ON FUNCTION dmarc.readiness_gate(dmarc.readiness_figure) IS
  'each gate that is asked of these sums: its figure, its limit, whether it is met (yes, no, unknown, none: there is no such mail), and why';

-- readiness_note: what else there is to know.
CREATE OR REPLACE FUNCTION dmarc.readiness_note(c dmarc.readiness_figure,
  verdict text) RETURNS TABLE ("position" integer, detail text)
LANGUAGE sql STABLE AS $$
  SELECT n."position", n.detail
    FROM dmarc.readiness_limits() g
   CROSS JOIN LATERAL (VALUES
         (1, c.scope = 'p' AND c.pct < 100,
          'pct=' || c.pct || ' is published: RFC 9989 has no pct, so newer receivers apply p='
          || c.p || ' to all failing mail; older ones (RFC 7489) to ' || c.pct
          || ' % of it, and to the rest the policy below'),
         (2, c.scope = 'p' AND c.testing = 'y',
          't=y is published: newer receivers apply ' || c.level || ' instead of '
          || c.p || '; older ones (RFC 7489) do not know t and apply p=' || c.p
          || CASE WHEN c.pct = 0
                  THEN ', one step down for pct=0, too'
                  ELSE ' in full, unless pct=0 stands beside it' END),
         (3, c.scope = 'sp' AND c.p IN ('quarantine', 'reject')
             AND c.sp <> c.p AND c.sp <> 'reject',
          'sp=' || c.sp || ' under p=' || c.p
          || ': every name below the domain can be forged'),
         (4, c.scope = 'sp' AND c.p IS NOT NULL,
          coalesce('np=' || c.np || ' is published for names that are not in DNS',
                   'np is not published, so sp applies to names that are not in DNS, too')
          || '; no report tells these apart'
          || CASE WHEN c.np = 'reject' THEN ''
                  WHEN c.sends
                    THEN '; np=reject can go first when every name that sends is there'
                  ELSE '; no name below the domain sends, so np=reject can go first' END
          || ' (older receivers do not know np)'),
         (5, c.gates = 'reject' AND c.l > 0 AND g.human_users,
          'nobody should post to mailing lists from a domain with p=reject (RFC 9989 8): end at quarantine, or have the lists put an address of their own into From; where nobody posts, say dmarc-report settings human_users no'),
         (6, c.left_out > 0,
          'left out, as too few reporters have seen the senders: '
          || dmarc.in_words(c.left_out) || ' messages (' || c.left_senders
          || '); they count once dmarc-report sender has said what they are'),
         (11, c.repaired IS NOT NULL,
          c.repaired || '; what came before is no loss any more'),
         (10, c.guessed > 0,
          'probably forged: ' || dmarc.in_words(c.guessed)
          || ' failing messages (' || c.forgers
          || '), senders that came and went; were they yours, '
          || CASE WHEN c.step = 'stay' THEN 'reject' ELSE c.step END
          || ' would hit ' || dmarc.in_words(c.lf + c.guessed) || ' of '
          || dmarc.in_words(c.l + c.guessed) || ' legitimate messages, '
          || dmarc.in_percent(100 * (c.lf + c.guessed)
                              / nullif(c.l + c.guessed, 0))),
         (7, c.untrusted_reports > 0 AND c.scope = 'p',
          'left out, as not trusted: ' || dmarc.in_words(c.untrusted_reports)
          || ' reports with ' || dmarc.in_words(c.untrusted) || ' messages'),
         (8, c.low AND c.l > 0 AND c.first_day < c.window_day,
          'there is little mail, so the window goes back to ' || c.first_day),
         (9, verdict = 'READY' AND c.scope = 'p',
          'reports do not tell of errors in your records, of complaints, and of receivers that send none: look at these before you publish'),
         (12, c.scope = 'sp',
          dmarc.readiness_below(c.domain, c.window_day, c.last_day))
         ) n ("position", asked, detail)
   WHERE n.asked AND n.detail IS NOT NULL $$;
COMMENT ON FUNCTION dmarc.readiness_note(dmarc.readiness_figure, text) IS
  'what else there is to know of a domain or of those below it';

-- record_text: the DMARC record to publish, as far as reports tell of it: the
-- policy as policy_text() has it, with another p or sp (NULL: as it is), and
-- without the tags in less.
--
-- No report tells rua=, which must not get lost.
CREATE OR REPLACE FUNCTION dmarc.record_text(policy text, p text, sp text,
  less text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT 'v=DMARC1; '
         || string_agg(x.tag || '=' || x.value, '; ' ORDER BY x.place, x.n)
         || '; rua=<as it is>'
    FROM (SELECT split_part(t.tag, '=', 1) AS tag,
                 CASE split_part(t.tag, '=', 1)
                   WHEN 'p' THEN coalesce(record_text.p, split_part(t.tag, '=', 2))
                   WHEN 'sp' THEN coalesce(record_text.sp, split_part(t.tag, '=', 2))
                   ELSE split_part(t.tag, '=', 2) END AS value,
                 CASE split_part(t.tag, '=', 1)
                   WHEN 'p' THEN 1 WHEN 'sp' THEN 2 ELSE 3 END AS place, t.n
            FROM string_to_table(policy, ' ') WITH ORDINALITY t (tag, n)
          UNION ALL
          SELECT 'p', record_text.p, 1, 0
           WHERE record_text.p IS NOT NULL
             AND coalesce(' ' || policy, '') !~ ' p='
          UNION ALL
          SELECT 'sp', record_text.sp, 2, 0
           WHERE record_text.sp IS NOT NULL
             AND coalesce(' ' || policy, '') !~ ' sp=') x
   WHERE x.tag <> ALL (less) $$;
COMMENT ON FUNCTION dmarc.record_text(text, text, text, text[]) IS
  'the DMARC record that has this policy (policy_text) with another p or sp and without these tags; rua is left to the reader, as no report tells it';

-- readiness_action: what to do first.  What loses most mail goes before what
-- only waits.  failed, open: the gates that are not met and unknown with all
-- reports; bought, alone: those that are so without the reporter called steers.
-- other_verdict, other_step: of the other scope; both are one record.
DROP FUNCTION IF EXISTS dmarc.readiness_action(dmarc.readiness_figure, text[],
  text[], text[], text[], text, text);
CREATE OR REPLACE FUNCTION dmarc.readiness_action(c dmarc.readiness_figure,
  failed text[], bought text[], open text[], alone text[], steers text,
  other_verdict text, other_step text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN failed && '{direct_failures,sender_failures}'
         AND c.fail_n >= coalesce(c.unresolved_worst, 0) THEN
      c.fail_name || ': '
      || coalesce(c.fail_action, 'find out why its mail fails')
    WHEN failed && '{unresolved_senders}' AND c.l = 0 THEN
      'if the domain sends no mail, say dmarc-report sender ''*'' hostile --domain '
      || c.domain || '; else find out whose '
      || coalesce(c.unresolved_name, 'the failing mail') || ' is'
    WHEN failed && '{unresolved_senders}' THEN
      CASE WHEN c.unresolved_name IS NULL
        THEN 'find out whose the addresses are that nothing names: dmarc-check addresses looks them up'
        ELSE 'find out whose ' || c.unresolved_name
          || ' is, and say '
          || dmarc.sender_command(c.unresolved_name, 'vendor, forwarder or hostile')
        END
    WHEN failed && '{outside_senders}' THEN
      'find out whose ' || coalesce(c.outside_name, 'the failing mail of earlier')
      || ' was, as it may come again, and say '
      || dmarc.sender_command(coalesce(c.outside_name, 'NAME'),
           'vendor, forwarder, hostile or retired')
    WHEN failed && '{spf_only_senders,dkim_coverage}' THEN
      coalesce(c.spf_name || ': '
               || coalesce(c.spf_action, 'have it sign with DKIM'),
        'have all mail signed with DKIM as its author domain')
    WHEN failed && '{unresolved_share}' THEN
      'find out whose the larger unresolved ones are, and say so with dmarc-report sender'
    WHEN failed && '{missing_senders}' THEN
      'send a test through ' || c.missing_name
      || ', or, if it sends no more, say '
      || dmarc.sender_command(c.missing_name, 'retired')
    WHEN failed && '{indirect_share}' THEN
      'have the lists put an address of their own into From, or stay at '
      || c.level
      || '; who accepts the loss raises the setting indirect_reject'
    WHEN failed && '{new_senders}' THEN
      'look at the new senders, and wait until ' || c.new_day + c.stable
    WHEN open && '{left_out_senders}' THEN
      'only few reporters have seen '
      || coalesce(c.left_fail_name, 'some mail that fails')
      || '; find out whose it is, and say '
      || dmarc.sender_command(coalesce(c.left_fail_name, 'NAME'),
           'vendor, forwarder or hostile')
    WHEN open && '{addresses}' THEN
      'look up who sends: dmarc-check addresses'
    WHEN bought <> '{}' THEN
      'do not go by the reports of ' || steers
      || ': the gates that are not met say what is left without them; dmarc-report reporters has who reports'
    WHEN open && '{reporters}'
         OR (open && '{report_days}' AND NOT open && '{policy_days}')
      THEN 'see that reports arrive: dmarc-report reporters has who reports'
    WHEN open && '{policy_days}' THEN
      'wait until ' || c.level_day + c.policy_days_limit::integer
    WHEN open && '{direct_failures}' AND c.l = 0 THEN
      'say what ' || coalesce(c.left_name, c.passing_name, 'the sender')
      || ' is: '
      || dmarc.sender_command(coalesce(c.left_name, c.passing_name, 'NAME'),
           'own or vendor')
    WHEN open && '{direct_failures}' THEN
      'send from every system to mailboxes at two providers, and read Authentication-Results there'
    WHEN open <> '{}' THEN 'wait'
    WHEN alone <> '{}' THEN
      'wait for reports of others than ' || steers
      || ': without these too little is known'
    WHEN c.step = 'stay' THEN
      'nothing: the record stays as it is; look again when a sender changes'
    WHEN c.testing = 'y' THEN
      'take t=y out of the record: '
      || dmarc.record_text(c.policy, NULL, NULL, '{t}') || r.rest
    WHEN c.scope = 'p' AND c.l = 0 AND c.season = 0 AND c.passed = 0
         AND c.left_out_pass = 0 AND c.undetermined = 0 THEN
      'nothing legitimate was seen: if the domain is to send no mail, publish v=spf1 -all and '
      || dmarc.record_text(c.policy, 'reject', NULL, '{pct}')
      || ' at once' || r.rest
    WHEN c.scope = 'sp' AND other_verdict = 'READY' THEN
      'the record of ' || c.domain || ' above has it'
      || CASE WHEN c.sends THEN ''
              ELSE '; sp=reject can stand in it at once, as no name below the domain sends' END
    WHEN c.scope = 'sp' THEN
      'publish ' || dmarc.record_text(c.policy, NULL,
                      CASE WHEN c.sends THEN c.step ELSE 'reject' END, '{}')
      || r.rest
      || CASE WHEN c.sends THEN '' ELSE '; no name below the domain sends' END
    ELSE 'publish ' || dmarc.record_text(c.policy, c.step,
                         CASE WHEN other_verdict = 'READY'
                                THEN CASE WHEN c.sp <> c.p OR other_step <> c.step
                                          THEN other_step END
                              WHEN c.sp = c.p THEN c.sp END, '{pct}')
      || r.rest
      || CASE WHEN c.sp = c.p AND other_verdict <> 'READY'
              THEN '; sp= is new, as the names below are not ready' ELSE '' END
    END
    FROM (SELECT ' (rua=, and fo=, ruf= and whatever else no report tells, stay as they are)'
                   AS rest) r $$;
COMMENT ON FUNCTION dmarc.readiness_action(dmarc.readiness_figure, text[], text[], text[], text[], text, text, text) IS
  'what to do first about a domain or those below it, by the gates that are not met';

-- readiness_judged: the gates with all reports, as they stand when each voucher
-- has been left out once.  A gate that is met and would not be without one is
-- not met; one of which too little would be known is unknown, unless the voucher
-- is open (readiness_voucher).  Nor is it met when it fails, or too little is
-- known, among the well-known reporters alone.  One that fails by the word of one
-- alone still fails.
--
-- A failing sender that only one has told of, who is not well known, may be made
-- up.  Where three well-known reporters tell enough to judge by, it bars nothing.
DROP FUNCTION IF EXISTS dmarc.readiness_judged(dmarc.readiness_figure[]);
CREATE OR REPLACE FUNCTION dmarc.readiness_judged(
  figures dmarc.readiness_figure[])
RETURNS TABLE (id integer, scope text, "position" integer, gate text, what text,
  figure numeric, "limit" numeric, unit text, met text, source text,
  detail text, decided text, steers text)
LANGUAGE sql STABLE SET enable_nestloop = off SET enable_mergejoin = off AS $$
  WITH heard AS MATERIALIZED (
         SELECT k.id, k.scope
           FROM unnest(figures) k
          CROSS JOIN dmarc.readiness_limits() g
          WHERE k.without = E'\n'
            AND k.days >= g.report_days
            AND k.reporters >= g.reporters
            AND k.l >= g.min_messages),
       gate AS MATERIALIZED (
         SELECT c.id, c.scope, c.without, c.open, n."position", n.gate, n.what,
                n.figure, n."limit", n.unit,
                CASE WHEN o.is_odd THEN 'yes' ELSE n.met END AS met, n.source,
                CASE WHEN o.is_odd
                     THEN n.detail || '; the well-known reporters, who tell enough, have seen none of it'
                     ELSE n.detail END AS detail
           FROM unnest(figures) c
          CROSS JOIN LATERAL dmarc.readiness_gate(c.*::dmarc.readiness_figure) n
           LEFT JOIN heard h ON h.id = c.id AND h.scope = c.scope
          CROSS JOIN LATERAL (
                SELECT n.gate = 'left_out_senders' AND n.met = 'unknown'
                       AND h.id IS NOT NULL AS is_odd) o),
       changed AS MATERIALIZED (
         SELECT v.id, v.scope, v.gate, v.without,
                CASE WHEN b.met IN ('yes', 'none') AND v.met = 'no' THEN 'bought'
                     WHEN b.met IN ('yes', 'none') AND v.met = 'unknown'
                          AND NOT v.open
                       THEN 'alone'
                     WHEN b.met = 'no' AND v.met IN ('yes', 'none')
                          AND v.without <> E'\n'
                       THEN 'word' END AS how,
                coalesce(': ' || CASE WHEN v.unit = '%'
                         THEN trim_scale(round(v.figure, 2)) || ' %'
                         ELSE dmarc.in_words(v.figure) || ' '
                              || CASE WHEN v.figure = 1 THEN left(v.unit, -1)
                                      ELSE v.unit END END, '')
                  AS figure
           FROM gate v
           JOIN gate b ON b.id = v.id AND b.scope = v.scope AND b.gate = v.gate
          WHERE b.without IS NULL
            AND v.without IS NOT NULL
            AND b.met <> v.met),
       ranked AS MATERIALIZED (
         SELECT c.*, row_number() OVER (PARTITION BY c.id, c.scope, c.gate, c.how
                       ORDER BY c.without = E'\n', c.without) AS rank,
                count(*) FILTER (WHERE c.without <> E'\n')
                  OVER (PARTITION BY c.id, c.scope, c.gate, c.how) AS all_n
           FROM changed c
          WHERE c.how IS NOT NULL),
       said AS MATERIALIZED (
         SELECT r.id, r.scope, r.gate, bool_or(r.how = 'bought') AS bought,
                bool_or(r.how = 'alone') AS alone,
                concat_ws('; ',
                  'fails without ' || dmarc.in_words(
                    array_agg(r.without || r.figure ORDER BY r.rank)
                      FILTER (WHERE r.how = 'bought' AND r.without <> E'\n'
                                AND r.rank <= 3),
                    max(r.all_n) FILTER (WHERE r.how = 'bought')),
                  'fails among the well-known reporters alone'
                    || max(r.figure) FILTER (WHERE r.how = 'bought'
                                               AND r.without = E'\n'),
                  'too little is known without ' || dmarc.in_words(
                    array_agg(r.without ORDER BY r.rank)
                      FILTER (WHERE r.how = 'alone' AND r.without <> E'\n'
                                AND r.rank <= 3),
                    max(r.all_n) FILTER (WHERE r.how = 'alone')),
                  CASE WHEN bool_or(r.how = 'alone' AND r.without = E'\n')
                       THEN 'too little is known by the well-known reporters alone'
                  END,
                  -- Where two say so, each of them would be enough.
                  'only by the word of '
                    || max(r.without) FILTER (WHERE r.how = 'word'
                                                AND r.all_n = 1)) AS words,
                coalesce(min(r.without) FILTER (WHERE r.without <> E'\n'
                           AND r.how IN ('bought', 'alone')),
                         'reporters that are not well known') AS steers
           FROM ranked r
          GROUP BY r.id, r.scope, r.gate)
  SELECT b.id, b.scope, b."position", b.gate, b.what, b.figure, b."limit",
         b.unit,
         CASE WHEN s.bought THEN 'no' WHEN s.alone THEN 'unknown'
              ELSE b.met END,
         b.source, nullif(concat_ws('; ', b.detail, nullif(s.words, '')), ''),
         CASE WHEN s.bought THEN 'bought' WHEN s.alone THEN 'alone'
              WHEN b.met = 'no' THEN 'failed'
              WHEN b.met = 'unknown' THEN 'open' END,
         CASE WHEN s.bought OR s.alone THEN s.steers END
    FROM gate b
    LEFT JOIN said s ON s.id = b.id AND s.scope = b.scope AND s.gate = b.gate
   WHERE b.without IS NULL $$;
COMMENT ON FUNCTION dmarc.readiness_judged(dmarc.readiness_figure[]) IS
  'the gates of each domain and scope, when each voucher has been left out once; decided: by all reports (failed, open), or as the one in steers is left out (bought, alone)';
