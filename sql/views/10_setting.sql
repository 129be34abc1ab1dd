-- setting_detail: every setting there is.  The table has what differs from the
-- default; what a setting is, what it may be and where its default comes from
-- stands here and nowhere else.
CREATE OR REPLACE VIEW dmarc.setting_detail AS
SELECT s.name, coalesce(t.value, s.default_value) AS value, s.default_value,
       t.value IS NOT NULL AND t.value <> s.default_value AS changed,
       s.kind, s.lowest, s.highest, s.unit, s.meaning, s.source, s.position,
       t.set_at, t.set_by
  FROM (VALUES
    -- ---- whose is what
    (10, 'own_domains', 'domains', NULL::numeric, NULL::numeric, '', NULL,
     'your domains, with all below them; reports for others are called foreign; none: every domain is yours', 'our proposal'),
    (11, 'own_tenants', 'words', NULL, NULL, '', NULL,
     'names of your accounts at Google Workspace and Microsoft 365, as their default signatures have them', 'our proposal'),
    (12, 'authserv_id', 'words', NULL, NULL, '', NULL,
     'authserv-ids of your own mail servers: whose Authentication-Results are believed when reports are judged; none: no report is judged', 'RFC 8601 5'),
    (13, 'approved_reporters', 'domains', NULL, NULL, '', NULL,
     'domains whose mail may carry reports in the name of others, beside those of the reporters that are known', 'our proposal'),
    (14, 'big_receivers', 'words', NULL, NULL, 'google yahoo outlook', NULL,
     'reporters that are missed when they do not report: parts of their names', 'our proposal'),
    (15, 'human_users', 'yes_no', NULL, NULL, 'yes', NULL,
     'people write from these domains, to mailing lists, too', 'RFC 9989 8'),
    -- ---- the window
    (20, 'window_days', 'whole', 7, 400, '30', 'days',
     'readiness looks at these last days', 'our proposal'),
    (21, 'window_days_low', 'whole', 7, 400, '90', 'days',
     'readiness looks back as far when there is little mail', 'our proposal'),
    (22, 'min_messages', 'whole', 0, 1000000, '540', 'messages',
     'fewer legitimate messages in the window are little mail; as many without a failure prove 0.5 %', 'our proposal; Wilson bound'),
    (23, 'exclude_days', 'whole', 0, 30, '2', 'days',
     'days after a change of the policy that do not count', 'our proposal'),
    -- ---- data
    (30, 'days_none', 'whole', 0, 400, '30', 'days',
     'days at none before quarantine', 'RFC 9989 7.4'),
    (31, 'days_quarantine', 'whole', 0, 400, '30', 'days',
     'days at quarantine before reject', 'RFC 9989 7.4'),
    (32, 'report_days', 'whole', 1, 400, '25', 'days',
     'days of the window with reports', 'our proposal'),
    (33, 'reporters', 'whole', 1, 1000, '3', 'reporters',
     'reporters in the window', 'our proposal'),
    (34, 'sender_reporters', 'whole', 1, 100, '2', 'reporters',
     'reporters that must have seen a sender before it counts, unless one is well known or you have named it', 'RFC 9990 security considerations'),
    -- ---- direct mail
    (40, 'direct_fail_quarantine', 'number', 0, 100, '2', '%',
     'upper bound (95 %) of legitimate mail that fails, before quarantine', 'our proposal; RFC 9989 5.1'),
    (41, 'direct_fail_reject', 'number', 0, 100, '0.5', '%',
     'the same before reject', 'our proposal; RFC 9989 5.1'),
    (42, 'sender_floor_percent', 'number', 0, 100, '1', '%',
     'a sender with this share of the legitimate mail is looked at by itself', 'our proposal'),
    (43, 'sender_floor_messages', 'whole', 1, 1000000, '50', 'messages',
     'and so is one with as many messages', 'our proposal'),
    (44, 'sender_fail_quarantine', 'number', 0, 100, '5', '%',
     'of such a sender''s mail may fail, before quarantine', 'our proposal'),
    (45, 'sender_fail_reject', 'number', 0, 100, '1', '%',
     'the same before reject', 'our proposal'),
    (46, 'dkim_quarantine', 'number', 0, 100, '90', '%',
     'legitimate mail that passes by DKIM, before quarantine', 'our proposal'),
    (47, 'dkim_reject', 'number', 0, 100, '99', '%',
     'the same before reject', 'RFC 9989 7.4'),
    (48, 'spf_only_senders', 'whole', 0, 1000, '0', 'senders',
     'legitimate senders that pass by SPF alone, before reject', 'RFC 9989 7.4'),
    -- ---- mail of which nobody has said whose it is
    (50, 'unresolved_messages', 'whole', 0, 1000000, '10', 'messages',
     'an unresolved sender with more failing messages stands in the way', 'our proposal'),
    (51, 'unresolved_percent', 'number', 0, 100, '0.1', '%',
     'before quarantine it also takes more than this share of the legitimate mail', 'our proposal'),
    (52, 'unresolved_days', 'whole', 1, 400, '2', 'days',
     'on at least as many days', 'our proposal'),
    (53, 'unresolved_reject', 'number', 0, 100, '0.1', '%',
     'unresolved failing mail among all that may be legitimate, before reject', 'our proposal'),
    -- ---- forwarded mail
    (60, 'indirect_reject', 'number', 0, 100, '0.5', '%',
     'forwarded mail and mail of lists that fails, before reject', 'our proposal; RFC 9989 7.4'),
    -- ---- senders that come and go
    (70, 'stable_days_quarantine', 'whole', 0, 400, '7', 'days',
     'days without a new legitimate sender, before quarantine', 'our proposal'),
    (71, 'stable_days_reject', 'whole', 0, 400, '14', 'days',
     'the same before reject', 'our proposal'),
    (72, 'season_days', 'whole', 30, 2000, '400', 'days',
     'a legitimate sender of these days has to be in the window, or retired', 'our proposal; RFC 9989 5.1'),
    (73, 'season_messages', 'whole', 1, 1000000, '10', 'messages',
     'one that sent fewer in all that time is not missed', 'our proposal')
  ) AS s (position, name, kind, lowest, highest, default_value, unit, meaning,
          source)
  LEFT JOIN dmarc.setting t ON t.name = s.name;
COMMENT ON VIEW dmarc.setting_detail IS 'every setting, what it is now, and why; behind dmarc-report settings';
COMMENT ON COLUMN dmarc.setting_detail.name IS 'its name';
COMMENT ON COLUMN dmarc.setting_detail.value IS 'the value in force';
COMMENT ON COLUMN dmarc.setting_detail.default_value IS 'the value while nobody sets another';
COMMENT ON COLUMN dmarc.setting_detail.changed IS 'whether the value in force is another than the default';
COMMENT ON COLUMN dmarc.setting_detail.kind IS
  'whole (a whole number), number, yes_no, words or domains (with a blank between)';
COMMENT ON COLUMN dmarc.setting_detail.lowest IS 'a number is no lower than this';
COMMENT ON COLUMN dmarc.setting_detail.highest IS 'nor higher than this';
COMMENT ON COLUMN dmarc.setting_detail.unit IS 'of a number: days, messages, reporters, senders or %';
COMMENT ON COLUMN dmarc.setting_detail.meaning IS 'what it is for';
COMMENT ON COLUMN dmarc.setting_detail.source IS 'where the default comes from: the section of an RFC, or our proposal';
COMMENT ON COLUMN dmarc.setting_detail.position IS 'the order in which they are listed';
COMMENT ON COLUMN dmarc.setting_detail.set_at IS 'when it was set; NULL: it was not';
COMMENT ON COLUMN dmarc.setting_detail.set_by IS 'by which user of the database';

-- setting_text, setting_number: the value in force.
CREATE OR REPLACE FUNCTION dmarc.setting_text(name text) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT s.value FROM dmarc.setting_detail s WHERE s.name = setting_text.name $$;
COMMENT ON FUNCTION dmarc.setting_text(text) IS 'the value of a setting that is in force';
CREATE OR REPLACE FUNCTION dmarc.setting_number(name text) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT s.value::numeric
    FROM dmarc.setting_detail s
   WHERE s.name = setting_number.name $$;
COMMENT ON FUNCTION dmarc.setting_number(text) IS 'the same as a number';

-- setting_words: the words of a setting, in lower case; no array is empty.
CREATE OR REPLACE FUNCTION dmarc.setting_words(name text) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT array_agg(w)
    FROM dmarc.setting_detail s,
         regexp_split_to_table(lower(s.value), '\s+') w
   WHERE s.name = setting_words.name
     AND w <> '' $$;
COMMENT ON FUNCTION dmarc.setting_words(text) IS 'the words of a setting in lower case; NULL: there are none';

-- setting_problem: what is wrong with this value for this setting.  The value is
-- cast where its own form is asked for: a cast that only the kind guards is done
-- before the kind is known.
CREATE OR REPLACE FUNCTION dmarc.setting_problem(name text, value text)
RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN s.name IS NULL
      THEN 'no such setting: ' || setting_problem.name
    WHEN s.kind IN ('whole', 'number')
         AND (v.number IS NULL
              OR (s.kind = 'whole' AND setting_problem.value !~ '^[0-9]+$'))
      THEN s.name || ': no ' || CASE WHEN s.kind = 'whole' THEN 'whole ' ELSE '' END
           || 'number: ' || setting_problem.value
    WHEN s.kind IN ('whole', 'number')
         AND v.number NOT BETWEEN s.lowest AND s.highest
      THEN s.name || ': from ' || s.lowest || ' to ' || s.highest || ', not '
           || setting_problem.value
    WHEN s.kind = 'yes_no' AND setting_problem.value NOT IN ('yes', 'no')
      THEN s.name || ': yes or no, not ' || setting_problem.value
    WHEN s.kind = 'domains'
      THEN (SELECT s.name || ': no domain name: ' || w
              FROM regexp_split_to_table(setting_problem.value, '\s+') w
             WHERE w <> ''
               AND (w !~ '^([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)+[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$'
                    OR length(w) > 253)
             LIMIT 1)
    END
    FROM (SELECT CASE WHEN setting_problem.value
                             ~ '^[0-9]{1,9}(\.[0-9]{1,6})?$'
                      THEN setting_problem.value::numeric END AS number) v
    LEFT JOIN dmarc.setting_detail s ON s.name = setting_problem.name $$;
COMMENT ON FUNCTION dmarc.setting_problem(text, text) IS 'why this setting cannot have this value, for people; NULL: it can';

-- own_domain: whether a policy domain is the operator's.
CREATE OR REPLACE FUNCTION dmarc.own_domain(domain text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce(dmarc.suffixes(domain) && dmarc.setting_words('own_domains'),
                  true) $$;
COMMENT ON FUNCTION dmarc.own_domain(text) IS 'is the domain, or one above it, named by the setting own_domains; true while that is empty';
