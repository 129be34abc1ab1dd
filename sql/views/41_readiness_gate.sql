-- readiness: the gates between the policy a domain has and the next one, for
-- the domain itself (scope p) and for those below it (scope sp).
--
--   l, lf   mail of legitimate senders, and how much of it fails; ld: passes
--           by DKIM
--   i, jf   forwarded mail and mail of lists, and how much of it fails
--   uf      failing mail of which nobody has said whose it is
--   h, hf   forged mail: what reject is for
--
-- A gate is met, it is not, or nothing can be said yet (unknown); no gate makes
-- up for another.  One that is not met: NOT READY.  Else one that is unknown:
-- INSUFFICIENT DATA.  Mail of senders that do not count and mail that is
-- undetermined is in no gate.  At reject the gates ask whether it holds; how
-- long, and which senders are new or missing, is no question then.
--
-- The first row of a scope has its sums, the others have a gate or a note each.
DROP FUNCTION IF EXISTS dmarc.readiness(integer, date);
CREATE OR REPLACE FUNCTION dmarc.readiness(policy_domain_id integer,
  until_day date)
RETURNS TABLE ("row" text, domain text, scope text, policy text, level text,
  step text, verdict text, first_day date, last_day date, level_day date,
  reports bigint, reporters bigint, messages numeric, legitimate numeric,
  legitimate_fail numeric, legitimate_dkim numeric, indirect numeric,
  indirect_fail numeric, unresolved_fail numeric, hostile numeric,
  hostile_fail numeric, undetermined numeric, left_out numeric,
  untrusted numeric, loss_low numeric, loss_mid numeric, loss_high numeric,
  loss_of numeric, loss_high_of numeric, expected_low numeric,
  expected_mid numeric, expected_high numeric, action text, gate text,
  what text, figure numeric, "limit" numeric, unit text, met text, source text,
  detail text)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH f AS MATERIALIZED (
         SELECT f.*, dmarc.setting_number('season_days')::integer AS season_days,
                dmarc.setting_number('season_messages') AS season_messages,
                dmarc.setting_number('sender_floor_percent') AS floor_percent,
                dmarc.setting_number('sender_floor_messages') AS floor_messages,
                dmarc.setting_number('dkim_reject') AS dkim_reject,
                dmarc.setting_number('stable_days_quarantine')::integer
                  AS stable_days_quarantine,
                dmarc.setting_number('stable_days_reject')::integer
                  AS stable_days_reject,
                dmarc.setting_number('unresolved_messages') AS unresolved_messages,
                dmarc.setting_number('unresolved_percent') AS unresolved_percent,
                dmarc.setting_number('unresolved_days') AS unresolved_days
           FROM dmarc.readiness_frame($1,
                  $2) f),
       sender AS MATERIALIZED (
         SELECT r.*, coalesce(r.sender, 'unnamed') AS name
           FROM f
          CROSS JOIN LATERAL dmarc.readiness_sender($1,
                  $2) r
          WHERE f.own),
       report AS MATERIALIZED (
         SELECT u.*
           FROM f
          CROSS JOIN LATERAL dmarc.report_used($1,
                  f.first_day_low, $2) u
          WHERE f.own),
       total AS (
         SELECT c.scope,
                CASE c.scope WHEN 'p' THEN f.level_p ELSE f.level_sp END AS level,
                CASE c.scope WHEN 'p' THEN f.level_p_day
                             ELSE f.level_sp_day END AS level_day,
                coalesce(bool_and(s.low), true) AS low,
                coalesce(sum(s.message_count), 0) AS messages,
                coalesce(sum(s.legitimate), 0) AS l,
                coalesce(sum(s.legitimate_fail), 0) AS lf,
                coalesce(sum(s.legitimate_dkim), 0) AS ld,
                coalesce(sum(s.indirect), 0) AS i,
                coalesce(sum(s.indirect_fail), 0) AS jf,
                coalesce(sum(s.unresolved_fail), 0) AS uf,
                coalesce(sum(s.hostile), 0) AS h,
                coalesce(sum(s.hostile_fail), 0) AS hf,
                coalesce(sum(s.undetermined), 0) AS undetermined,
                coalesce(sum(s.left_out), 0) AS left_out,
                coalesce(sum(s.left_out_pass), 0) AS left_out_pass,
                sum(s.legitimate_fail_expected) AS lx,
                sum(s.indirect_fail_expected) AS ix,
                sum(s.unresolved_fail_expected) AS ux,
                coalesce(sum(s.fail_honour_known), 0) > 0 AS honour_known,
                coalesce(sum(s.season_messages), 0) AS season
           FROM (VALUES ('p'), ('sp')) c (scope)
          CROSS JOIN f
           LEFT JOIN sender s ON s.scope = c.scope
          GROUP BY c.scope, f.level_p, f.level_sp, f.level_p_day, f.level_sp_day),
       scope AS MATERIALIZED (
         SELECT t.*,
                CASE t.level WHEN 'reject' THEN 'stay'
                             WHEN 'quarantine' THEN 'reject'
                             ELSE 'quarantine' END AS step,
                CASE WHEN t.level IN ('quarantine', 'reject') THEN 'reject'
                     ELSE 'quarantine' END AS gates,
                CASE WHEN t.low THEN f.first_day_low ELSE f.first_day END
                  AS first_day,
                least(t.l * f.floor_percent / 100, f.floor_messages) AS floor,
                CASE WHEN t.level IN ('quarantine', 'reject')
                     THEN f.stable_days_reject
                     ELSE f.stable_days_quarantine END AS stable_limit,
                greatest(f.unresolved_messages,
                         t.l * f.unresolved_percent / 100) AS unresolved_floor,
                -- Where nobody but forgers sends, only the data count.
                t.scope = 'p' OR t.l + t.i + t.uf + t.season > 0 AS sends
           FROM total t
          CROSS JOIN f),
       heard AS MATERIALIZED (
         SELECT c.scope, count(r.id) FILTER (WHERE r.used) AS reports,
                count(DISTINCT r.day) FILTER (WHERE r.used) AS days,
                count(DISTINCT r.reporter) FILTER (WHERE r.used) AS reporters,
                coalesce(sum(r.message_count) FILTER (WHERE NOT r.used), 0)
                  AS untrusted,
                count(r.id) FILTER (WHERE NOT r.used) AS untrusted_reports
           FROM scope c
           LEFT JOIN report r ON r.day >= c.first_day
          GROUP BY c.scope),
       marked AS MATERIALIZED (
         SELECT s.*, c.floor,
                -- A sender passes by SPF only when more of its mail does than
                -- may miss DKIM at all, and it is not a handful of many.
                s.legitimate_spf_only > 0
                  AND 100 * s.legitimate_spf_only
                      > (100 - f.dkim_reject) * s.legitimate
                  AND (s.legitimate_spf_only >= c.floor
                       OR s.legitimate_dkim = 0) AS spf_only,
                CASE c.gates
                  WHEN 'quarantine'
                    THEN s.unresolved_fail > c.unresolved_floor
                         AND s.unresolved_days >= f.unresolved_days
                  ELSE s.unresolved_fail > f.unresolved_messages
                END AS unresolved,
                s.first_day > $2 - c.stable_limit AS is_new,
                s.message_count = 0
                  AND s.season_messages >= f.season_messages
                  AND s.role IS DISTINCT FROM 'retired' AS missing
           FROM sender s
           JOIN scope c ON c.scope = s.scope
          CROSS JOIN f),
       -- Who stands behind a figure, the largest first, and in words.
       behind AS MATERIALIZED (
         SELECT s.scope,
                max(100 * s.legitimate_fail / nullif(s.legitimate, 0))
                  FILTER (WHERE s.legitimate >= s.floor) AS worst,
                array_agg(s.name || ': ' || dmarc.in_words(s.legitimate_fail)
                    || ' of ' || dmarc.in_words(s.legitimate) || ' fail ('
                    || dmarc.class_text(s.class) || ')'
                    ORDER BY s.legitimate_fail DESC, s.name)
                  FILTER (WHERE s.legitimate_fail > 0) AS failing,
                array_agg(s.name || ': ' || dmarc.in_words(s.legitimate_spf_only)
                    || ' of ' || dmarc.in_words(s.legitimate)
                    || ' pass by SPF only'
                    ORDER BY s.legitimate_spf_only DESC, s.name)
                  FILTER (WHERE s.spf_only) AS spf_only,
                array_agg(s.name || ': ' || dmarc.in_words(s.unresolved_fail)
                    || ' on ' || s.unresolved_days || ' day'
                    || CASE WHEN s.unresolved_days = 1 THEN '' ELSE 's' END || ' ('
                    || dmarc.class_text(s.class) || ')'
                    ORDER BY s.unresolved_fail DESC, s.name)
                  FILTER (WHERE s.unresolved) AS unresolved,
                array_agg(s.name || ': first seen ' || s.first_day
                    ORDER BY s.first_day DESC, s.name)
                  FILTER (WHERE s.is_new) AS new,
                max(s.first_day) FILTER (WHERE s.is_new) AS new_day,
                array_agg(s.name || ': last seen ' || s.season_day
                    ORDER BY s.season_messages DESC, s.name)
                  FILTER (WHERE s.missing) AS missing,
                array_agg(s.name || ': ' || dmarc.in_words(s.left_out)
                    ORDER BY s.left_out DESC, s.name)
                  FILTER (WHERE s.left_out > 0) AS left_senders
           FROM marked s
          GROUP BY s.scope),
       -- The one that loses most in each way.
       first_fail AS MATERIALIZED (
         SELECT DISTINCT ON (s.scope) s.scope, s.name,
                s.legitimate_fail AS fail,
                dmarc.class_action(s.class, s.name, s.role, true, 'legitimate',
                  a.header_from, a.adkim, a.aspf) AS action
           FROM marked s
           JOIN dmarc.auth_profile a ON a.id = s.profile_id
          WHERE s.legitimate_fail > 0
          ORDER BY s.scope, s.legitimate_fail DESC, s.name),
       first_spf AS MATERIALIZED (
         SELECT DISTINCT ON (s.scope) s.scope, s.name,
                dmarc.class_action(s.spf_class, s.name, s.role, true, 'legitimate',
                  a.header_from, a.adkim, a.aspf) AS action
           FROM marked s
           JOIN dmarc.auth_profile a ON a.id = s.spf_profile_id
          WHERE s.legitimate_spf_only > 0
          ORDER BY s.scope, s.spf_only DESC, s.legitimate_spf_only DESC, s.name),
       first_other AS MATERIALIZED (
         SELECT s.scope,
                (array_agg(s.sender ORDER BY s.left_out_pass DESC, s.sender)
                   FILTER (WHERE s.left_out_pass > 0))[1] AS left_out,
                (array_agg(s.sender ORDER BY s.unresolved_fail DESC, s.sender)
                   FILTER (WHERE s.unresolved AND s.sender IS NOT NULL))[1]
                  AS unresolved,
                max(s.unresolved_fail) FILTER (WHERE s.unresolved)
                  AS unresolved_fail,
                (array_agg(s.name ORDER BY s.season_messages DESC, s.name)
                   FILTER (WHERE s.missing))[1] AS missing
           FROM marked s
          GROUP BY s.scope),
       figure AS MATERIALIZED (
         SELECT c.*, h.reports, h.days, h.reporters, h.untrusted,
                h.untrusted_reports, b.worst, b.failing, b.spf_only,
                b.unresolved, b.new, b.new_day, b.missing, b.left_senders,
                100 * c.lf / nullif(c.l, 0) AS q1,
                100 * dmarc.wilson_upper(c.lf, c.l) AS q1_up,
                100 * c.ld / nullif(c.l, 0) AS q2,
                100 * c.jf / nullif(c.l + c.i, 0) AS q3,
                100 * c.uf / nullif(c.l + c.i + c.uf, 0) AS q4,
                dmarc.setting_number(CASE c.gates WHEN 'quarantine'
                  THEN 'days_none' ELSE 'days_quarantine' END) AS policy_days_limit
           FROM scope c
           JOIN heard h ON h.scope = c.scope
           LEFT JOIN behind b ON b.scope = c.scope),
       gate AS MATERIALIZED (
         SELECT c.scope, g.*
           FROM figure c
          CROSS JOIN f
          CROSS JOIN LATERAL (
                SELECT ($2 - c.level_day + 1)::numeric AS policy_days,
                       dmarc.setting_number('report_days') AS report_days,
                       dmarc.setting_number('reporters') AS reporters,
                       dmarc.setting_number('direct_fail_' || c.gates) AS direct,
                       dmarc.setting_number('sender_fail_' || c.gates) AS sender,
                       dmarc.setting_number('dkim_' || c.gates) AS dkim,
                       dmarc.setting_number('spf_only_senders') AS spf_only,
                       dmarc.setting_number('unresolved_reject') AS unresolved,
                       CASE c.gates WHEN 'reject'
                         THEN dmarc.setting_number('indirect_reject') END AS indirect,
                       f.history_day > $2 - c.stable_limit
                         AS is_short) m
          CROSS JOIN LATERAL (VALUES
            (1, 'policy_days', 'days at ' || coalesce(c.level, 'any policy'),
             m.policy_days, c.policy_days_limit, 'days',
             CASE WHEN m.policy_days >= c.policy_days_limit THEN 'yes'
                  ELSE 'unknown' END,
             'RFC 9989 7.4', c.step <> 'stay',
             CASE WHEN c.level_day IS NULL
                    THEN 'no report names a policy in the last '
                         || f.season_days || ' days'
                  WHEN m.policy_days < c.policy_days_limit
                    THEN 'enough after ' || c.level_day
                         + c.policy_days_limit::integer - 1 END),
            (2, 'report_days', 'days with reports', c.days::numeric,
             m.report_days, 'days',
             CASE WHEN c.days >= m.report_days THEN 'yes' ELSE 'unknown' END,
             'our proposal', true,
             CASE WHEN c.days < m.report_days
                  THEN dmarc.in_words(m.report_days - c.days)
                       || ' more would do'
                       || coalesce('; nothing before the change of policy on '
                            || f.change_day || ' counts', '') END),
            (3, 'reporters', 'reporters', c.reporters::numeric, m.reporters,
             'reporters',
             CASE WHEN c.reporters >= m.reporters THEN 'yes' ELSE 'unknown' END,
             'our proposal', true,
             CASE WHEN c.reporters < m.reporters
                  THEN dmarc.in_words(m.reporters - c.reporters)
                       || ' more would do' END),
            (4, 'direct_failures', 'legitimate mail that fails, at most',
             c.q1_up, m.direct, '%',
             CASE WHEN c.l = 0 AND c.left_out_pass > 0 THEN 'unknown'
                  WHEN c.l = 0 OR c.q1_up <= m.direct THEN 'yes'
                  WHEN c.q1 > m.direct THEN 'no' ELSE 'unknown' END,
             'our proposal; RFC 9989 5.1', c.sends,
             CASE WHEN c.l = 0 AND c.left_out_pass > 0
                    THEN 'all that passes is left out: '
                         || dmarc.in_words(c.left_out_pass) || ' messages'
                  WHEN c.l = 0 THEN 'no legitimate mail was seen'
                  ELSE dmarc.in_words(c.lf) || ' of ' || dmarc.in_words(c.l)
                       || CASE WHEN c.q1_up <= m.direct OR c.q1 > m.direct THEN ''
                               WHEN m.direct = 0 THEN '; no sample proves 0 %'
                               ELSE '; ' || dmarc.in_words(dmarc.wilson_enough(
                                      c.lf, m.direct / 100) - c.l)
                                    || ' more without a failure would do' END END),
            (5, 'sender_failures', 'mail of one sender that fails, the worst',
             c.worst, m.sender, '%',
             CASE WHEN c.worst > m.sender THEN 'no' ELSE 'yes' END,
             'our proposal', c.sends,
             CASE WHEN c.worst > m.sender THEN dmarc.in_words(c.failing) END),
            (6, 'dkim_coverage', 'legitimate mail that passes by DKIM',
             c.q2, m.dkim, '%',
             CASE WHEN c.q2 < m.dkim THEN 'no' ELSE 'yes' END,
             CASE c.gates WHEN 'reject' THEN 'RFC 9989 7.4'
                          ELSE 'our proposal' END, c.sends,
             CASE WHEN c.q2 < m.dkim
                  THEN dmarc.in_words(c.ld) || ' of ' || dmarc.in_words(c.l)
                       || coalesce('; ' || dmarc.in_words(c.spf_only), '') END),
            (7, 'spf_only_senders', 'senders that pass by SPF only',
             coalesce(cardinality(c.spf_only), 0)::numeric, m.spf_only, 'senders',
             CASE WHEN cardinality(c.spf_only) > m.spf_only THEN 'no'
                  ELSE 'yes' END,
             'RFC 9989 7.4', c.sends AND c.gates = 'reject',
             dmarc.in_words(c.spf_only)),
            (8, 'unresolved_senders', 'failing senders that nobody has named',
             coalesce(cardinality(c.unresolved), 0)::numeric, 0, 'senders',
             CASE WHEN cardinality(c.unresolved) > 0 THEN 'no' ELSE 'yes' END,
             'our proposal; RFC 9989 5.1', c.sends,
             dmarc.in_words(c.unresolved)),
            (9, 'unresolved_share', 'failing mail that nobody has named',
             c.q4, m.unresolved, '%',
             CASE WHEN c.q4 > m.unresolved THEN 'no' ELSE 'yes' END,
             'our proposal', c.sends AND c.gates = 'reject',
             CASE WHEN c.q4 > m.unresolved
                  THEN dmarc.in_words(c.uf) || ' of '
                       || dmarc.in_words(c.l + c.i + c.uf) END),
            (10, 'indirect_share', 'forwarded mail and lists that fail',
             c.q3, m.indirect, '%',
             CASE WHEN c.q3 > m.indirect THEN 'no' ELSE 'yes' END,
             'our proposal; RFC 9989 7.4', c.sends,
             CASE WHEN c.q3 > m.indirect
                  THEN dmarc.in_words(c.jf) || ' of '
                       || dmarc.in_words(c.l + c.i) END),
            (11, 'new_senders', 'new senders in the last ' || c.stable_limit
                                || ' days',
             coalesce(cardinality(c.new), 0)::numeric, 0, 'senders',
             CASE WHEN m.is_short THEN 'unknown'
                  WHEN cardinality(c.new) > 0 THEN 'no' ELSE 'yes' END,
             'our proposal', c.sends AND c.step <> 'stay',
             CASE WHEN m.is_short
                  THEN 'reports go back to ' || f.history_day || ' only'
                  ELSE dmarc.in_words(c.new) END),
            (12, 'missing_senders', 'senders of the last ' || f.season_days
                                    || ' days that are not here',
             coalesce(cardinality(c.missing), 0)::numeric, 0, 'senders',
             CASE WHEN cardinality(c.missing) > 0 THEN 'no' ELSE 'yes' END,
             'our proposal; RFC 9989 5.1', c.sends AND c.step <> 'stay',
             dmarc.in_words(c.missing))
            ) g (position, gate, what, figure, "limit", unit, met, source, asked,
                 detail)
          WHERE g.asked),
       judged AS MATERIALIZED (
         SELECT c.*, v.no, v.open,
                CASE WHEN v.no <> '{}' AND c.step = 'stay' THEN 'DOES NOT HOLD'
                     WHEN v.no <> '{}' THEN 'NOT READY'
                     WHEN v.open <> '{}' THEN 'INSUFFICIENT DATA'
                     WHEN c.step = 'stay' THEN 'HOLDS'
                     ELSE 'READY' END AS verdict
           FROM figure c
           JOIN (SELECT g.scope,
                        coalesce(array_agg(g.gate) FILTER (WHERE g.met = 'no'),
                                 '{}') AS no,
                        coalesce(array_agg(g.gate) FILTER (WHERE g.met = 'unknown'),
                                 '{}') AS open
                   FROM gate g
                  GROUP BY g.scope) v ON v.scope = c.scope),
       -- What to do first: what loses most mail goes before what only waits.
       told AS (
         SELECT c.*,
                CASE
                  WHEN c.no && '{direct_failures,sender_failures}'
                       AND x.fail >= coalesce(z.unresolved_fail, 0) THEN
                    x.name || ': '
                    || coalesce(x.action, 'find out why its mail fails')
                  WHEN c.no && '{unresolved_senders}' AND c.l = 0 THEN
                    'if the domain sends no mail, say dmarc-report sender ''*'' hostile --domain '
                    || f.policy_domain || '; else find out whose '
                    || coalesce(z.unresolved, 'the failing mail') || ' is'
                  WHEN c.no && '{unresolved_senders}' THEN
                    CASE WHEN z.unresolved IS NULL
                      THEN 'find out whose the addresses are that nothing names: dmarc-report enrich looks them up'
                      ELSE 'find out whose ' || z.unresolved
                        || ' is, and say dmarc-report sender ''' || z.unresolved
                        || ''' vendor, forwarder or hostile' END
                  WHEN c.no && '{spf_only_senders,dkim_coverage}' THEN
                    coalesce(y.name || ': '
                             || coalesce(y.action, 'have it sign with DKIM'),
                      'have all mail signed with DKIM as its author domain')
                  WHEN c.no && '{unresolved_share}' THEN
                    'find out whose the larger unresolved ones are, and say so with dmarc-report sender'
                  WHEN c.no && '{missing_senders}' THEN
                    'send a test through ' || z.missing
                    || ', or, if it sends no more, say dmarc-report sender '''
                    || z.missing || ''' retired'
                  WHEN c.no && '{indirect_share}' THEN
                    'have the lists put an address of their own into From, or stay at '
                    || c.level
                    || '; who accepts the loss raises the setting indirect_reject'
                  WHEN c.no && '{new_senders}' THEN
                    'look at the new senders, and wait until '
                    || c.new_day + c.stable_limit
                  WHEN c.open && '{reporters}'
                       OR (c.open && '{report_days}' AND NOT c.open && '{policy_days}')
                    THEN 'see that reports arrive: dmarc-report reporters has who reports'
                  WHEN c.open && '{policy_days}' THEN
                    'wait until ' || c.level_day + c.policy_days_limit::integer
                  WHEN c.open && '{direct_failures}' AND c.l = 0 THEN
                    'say what ' || z.left_out || ' is: dmarc-report sender '''
                    || z.left_out || ''' own or vendor'
                  WHEN c.open && '{direct_failures}' THEN
                    'send from every system to mailboxes at two providers, and read Authentication-Results there'
                  WHEN c.open <> '{}' THEN 'wait'
                  WHEN c.step = 'stay' THEN
                    'keep rua=, and look again when a sender changes'
                  WHEN f.testing = 'y' THEN
                    'take t=y out of the record, and keep rua='
                  WHEN c.scope = 'p' AND c.l = 0 AND c.season = 0 THEN
                    'nothing legitimate was seen: if the domain is to send no mail, publish v=spf1 -all and p=reject at once, and keep rua='
                  WHEN NOT c.sends THEN
                    'publish sp=reject'
                    || CASE WHEN f.sp = f.p THEN ' beside p=' || f.p ELSE '' END
                    || ': no name below the domain sends'
                  ELSE 'publish ' || c.scope || '=' || c.step
                    || CASE WHEN f.sp <> f.p OR o.verdict = 'READY' THEN ''
                            WHEN c.scope = 'p'
                              THEN ' with sp=' || f.sp || ', as the domains below are not ready'
                            ELSE ' beside p=' || f.p END
                    || CASE WHEN f.pct < 100 THEN ', without pct' ELSE '' END
                    || ', and keep rua='
                END AS action
           FROM judged c
          CROSS JOIN f
           JOIN judged o ON o.scope <> c.scope
           LEFT JOIN first_fail x ON x.scope = c.scope
           LEFT JOIN first_spf y ON y.scope = c.scope
           LEFT JOIN first_other z ON z.scope = c.scope),
       note AS (
         SELECT c.scope, n.position, n.detail
           FROM judged c
          CROSS JOIN f
          CROSS JOIN LATERAL (VALUES
            (1, c.scope = 'p' AND f.pct < 100,
             'pct=' || f.pct || ' is published: RFC 9989 has no pct, so newer receivers apply p='
             || f.p || ' to all failing mail; older ones (RFC 7489) to ' || f.pct
             || ' % of it, and to the rest the policy below'),
            (2, c.scope = 'p' AND f.testing = 'y',
             't=y is published: newer receivers apply ' || c.level || ' instead of '
             || f.p || '; older ones (RFC 7489) do not know t and apply p=' || f.p
             || CASE WHEN f.pct = 0
                     THEN ', one step down for pct=0, too'
                     ELSE ' in full, unless pct=0 stands beside it' END),
            (3, c.scope = 'sp' AND f.p IN ('quarantine', 'reject')
                AND f.sp <> f.p AND f.sp <> 'reject',
             'sp=' || f.sp || ' under p=' || f.p
             || ': every name below the domain can be forged'),
            (4, c.scope = 'sp' AND f.p IS NOT NULL,
             coalesce('np=' || f.np || ' is published for names that are not in DNS',
                      'np is not published, so sp applies to names that are not in DNS, too')
             || '; no report tells these apart'
             || CASE WHEN f.np = 'reject' THEN ''
                     WHEN c.sends
                       THEN '; np=reject can go first when every name that sends is there'
                     ELSE '; no name below the domain sends, so np=reject can go first' END
             || ' (older receivers do not know np)'),
            (5, c.gates = 'reject' AND c.l > 0
                AND dmarc.setting_text('human_users') = 'yes',
             'nobody should post to mailing lists from a domain with p=reject (RFC 9989 8): end at quarantine, or have the lists put an address of their own into From; where nobody posts, say dmarc-report settings human_users no'),
            (6, c.left_out > 0,
             'left out, as too few reporters have seen the senders: '
             || dmarc.in_words(c.left_out) || ' messages ('
             || dmarc.in_words(c.left_senders)
             || '); they count once dmarc-report sender has said what they are'),
            (7, c.untrusted_reports > 0 AND c.scope = 'p',
             'left out, as not trusted: ' || dmarc.in_words(c.untrusted_reports)
             || ' reports with ' || dmarc.in_words(c.untrusted) || ' messages'),
            (8, c.low AND c.l > 0 AND c.first_day < f.first_day,
             'there is little mail, so the window goes back to ' || c.first_day),
            (9, c.verdict = 'READY' AND c.scope = 'p',
             'reports do not tell of errors in your records, of complaints, and of receivers that send none: look at these before you publish')
            ) n (position, asked, detail)
          WHERE n.asked),
       line AS (
         SELECT 'scope' AS "row", t.scope, 0 AS place, 0 AS position,
                NULL AS gate, NULL AS what, NULL::numeric AS figure,
                NULL::numeric AS "limit", NULL AS unit, NULL AS met,
                NULL AS source, NULL AS detail
           FROM told t
         UNION ALL
         SELECT 'gate', g.scope,
                CASE g.met WHEN 'no' THEN 1 WHEN 'unknown' THEN 2 ELSE 3 END,
                g.position, g.gate, g.what, g.figure, g."limit", g.unit, g.met,
                g.source, g.detail
           FROM gate g
         UNION ALL
         SELECT 'note', n.scope, 4, n.position, NULL, NULL, NULL, NULL, NULL,
                NULL, NULL, n.detail
           FROM note n)
  SELECT o."row", f.policy_domain, o.scope,
         CASE WHEN f.own THEN f.policy END, t.level,
         CASE WHEN f.own THEN j.step END,
         CASE WHEN f.own THEN t.verdict ELSE 'FOREIGN' END,
         t.first_day, CASE WHEN t.scope IS NOT NULL THEN $2 END,
         t.level_day, t.reports, t.reporters, t.messages, t.l, t.lf, t.ld, t.i,
         t.jf, t.uf, t.h, t.hf, t.undetermined, t.left_out, t.untrusted,
         t.lf, t.lf + t.jf, t.lf + t.jf + t.uf, t.l + t.i, t.l + t.i + t.uf,
         CASE WHEN t.honour_known THEN round(t.lx) END,
         CASE WHEN t.honour_known THEN round(t.lx + t.ix) END,
         CASE WHEN t.honour_known THEN round(t.lx + t.ix + t.ux) END,
         t.action, o.gate, o.what,
         -- What is just over a limit shall not look as if it were at it.
         trim_scale(round(o.figure, CASE WHEN round(o.figure, 2) = o."limit"
                                         THEN 4 ELSE 2 END)),
         trim_scale(o."limit"), o.unit, o.met, o.source, o.detail
    FROM f
    JOIN line o ON f.own OR (o."row" = 'scope' AND o.scope = 'p')
    JOIN judged j ON j.scope = o.scope
    LEFT JOIN told t ON t.scope = o.scope AND o."row" = 'scope' AND f.own
   ORDER BY o.scope, o.place, o.position
  $query$ USING $1, $2;
END $$;
COMMENT ON FUNCTION dmarc.readiness(integer, date) IS
  'what stands between the policy of a domain and the next one: for each scope (p: the domain itself, sp: those below it) a row of sums, a row a gate and a row a note; only FOREIGN for a domain that is not in own_domains';
