-- change_between: what is different since a day.
--
-- Each share is taken twice: as it stood before since, and as it stands on the
-- last day.  It stands as the newest messages have it, 100 or, where there is
-- little mail, those of a fortnight, against the rest of the last 92 days before
-- since.  What
-- holds on the last day and did not before since is told: so it is told once,
-- whether somebody asks daily or weekly, and soon, when 20 messages have come.
-- Who sends is taken from legitimate and unresolved mail only: forgers and
-- forwarders come and go, so of them nothing but a great rise of the whole stream
-- is a change.
--
--   domain    the first reports on it; nothing else is said of it then
--   worse     the pass share of a sender fell (see share_moved)
--   broken    the same of a DKIM selector that had verified
--   gone      a sender that had mail on three days or more, 20 messages in
--             all, has been away longer than patience() allows: told once, on
--             the day that becomes true
--   new       a sender that the 400 days before did not know, with five
--             legitimate messages or 20 of any kind within a month
--   class     something that was never wrong with a sender: 20 messages within
--             a month, and one in 20 of its mail
--   surge     forged or forwarded mail: 1,000 messages and five times as much
--   policy    the published policy is another
--   silent    a reporter that reported regularly, on any domain, is missed
--   selector  a DKIM selector verifies for the first time, five messages
--   better    the pass share of a sender rose
--
-- The planner takes what one step hands to the next for a few rows, and would
-- compare each with each: a report of 2,500 senders took 6 s, one of 10,000 minutes.
--
-- 100,000 domains may be reported on, so what can be told by the sums of their
-- reports is, and the rest goes by ids.  What is executed from a text is planned
-- for the domains that are asked for.

-- change_begun: since when there are reports on a domain, and whether they tell
-- of more than one policy.  A domain on which they have begun is told of by
-- these sums alone, and nothing of it is judged.
DROP FUNCTION IF EXISTS dmarc.change_begun(integer[], date, date);
CREATE OR REPLACE FUNCTION dmarc.change_begun(policy_domain_ids integer[],
  from_day date, to_day date)
RETURNS TABLE (policy_domain_id integer, first_day date, messages numeric,
  pass numeric, policies boolean)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  SELECT x.policy_domain_id,
         min(x.day) FILTER (WHERE x.here),
         sum(x.message_count) FILTER (WHERE x.here),
         sum(x.pass_count) FILTER (WHERE x.here),
         min(x.policy) IS DISTINCT FROM max(x.policy)
    FROM (SELECT r.policy_domain_id, r.day, r.message_count, r.pass_count,
                 -- A report whose records were all set aside tells of no mail.
                 r.day BETWEEN $2 AND $3 AND r.record_count > r.set_aside_count
                   AS here,
                 ARRAY[r.p, r.sp, r.adkim, r.aspf, r.np, r.pct::text,
                       r.testing, r.dialect] AS policy
            FROM unnest($1) a (id)
            JOIN dmarc.report r ON r.policy_domain_id = a.id
           WHERE dmarc.shown_tier(r.tier)) x
   GROUP BY x.policy_domain_id
  $query$ USING policy_domain_ids, from_day, to_day;
END $$;
COMMENT ON FUNCTION dmarc.change_begun(integer[], date, date) IS
  'of these domains, when the first mail of some days was reported, and how much there was; policies: all reports on it do not tell of the same policy';

-- change_mail: the mail of these domains, judged.  A broken author signature
-- that nothing else names is the author's own mail.
DROP FUNCTION IF EXISTS dmarc.change_mail(integer[], date, date);
CREATE OR REPLACE FUNCTION dmarc.change_mail(policy_domain_ids integer[],
  from_day date, to_day date)
RETURNS TABLE (policy_domain_id integer, profile_id integer, sender text,
  class text, stream text, day date, messages numeric, pass numeric)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off AS $$
BEGIN
  IF policy_domain_ids IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY EXECUTE $query$
  WITH seen AS MATERIALIZED (
         SELECT c.policy_domain_id AS id, c.profile_id, c.source_ip, c.day,
                sum(c.message_count) AS m
           FROM dmarc.record c
          WHERE c.day BETWEEN $2 AND $3
            AND NOT EXISTS (SELECT FROM dmarc.left_out x
                             WHERE x.policy_domain_id = c.policy_domain_id
                               AND x.id = c.report_id)
            AND $query$
         -- Few are looked up in the index, of many a hash is made.
         || CASE WHEN cardinality(policy_domain_ids) <= 100
                 THEN 'c.policy_domain_id = ANY ($1)'
                 ELSE 'c.policy_domain_id IN (SELECT unnest($1))' END
         || $query$
          GROUP BY c.policy_domain_id, c.profile_id, c.source_ip, c.day),
       known AS MATERIALIZED (
         SELECT x.id, a.source_ip, a.alike
           FROM (SELECT u.id, array_agg(u.source_ip) AS ips
                   FROM (SELECT DISTINCT s.id, s.source_ip
                           FROM seen s
                          WHERE s.source_ip IS NOT NULL) u
                  GROUP BY u.id) x
           JOIN dmarc.policy_domain d ON d.id = x.id
          CROSS JOIN LATERAL dmarc.alike(d.name, x.ips) a),
       one AS MATERIALIZED (
         SELECT s.id, s.profile_id, coalesce(k.alike, '::/0') AS alike, s.day,
                sum(s.m) AS m
           FROM seen s
           LEFT JOIN known k ON k.id = s.id AND k.source_ip = s.source_ip
          GROUP BY s.id, s.profile_id, 3, s.day),
       pair AS MATERIALIZED (
         SELECT row_number() OVER (ORDER BY o.profile_id) AS n, o.*
           FROM (SELECT DISTINCT x.id, x.profile_id, x.alike FROM one x) o),
       judged AS MATERIALIZED (
         SELECT p.id, p.profile_id, p.alike,
                coalesce(v.sender, CASE
                  WHEN v.class = 'FAIL/BROKEN_AUTHOR_SIGNATURE'
                    THEN (SELECT a.header_from_org FROM dmarc.auth_profile a
                           WHERE a.id = p.profile_id) END,
                  'unauthenticated') AS sender, v.class, c.stream, c.pass
           FROM pair p
           JOIN dmarc.verdicts_of(
                  ARRAY(SELECT x.id FROM pair x ORDER BY x.n),
                  ARRAY(SELECT x.profile_id FROM pair x ORDER BY x.n),
                  ARRAY(SELECT x.alike FROM pair x ORDER BY x.n)) v
             ON v.n = p.n
          CROSS JOIN LATERAL dmarc.verdict_decoded(v.code) c)
  SELECT o.id, o.profile_id, j.sender, j.class, j.stream, o.day, o.m,
         o.m * j.pass
    FROM one o
    JOIN judged j ON j.id = o.id AND j.profile_id = o.profile_id
                 AND j.alike = o.alike
  $query$ USING policy_domain_ids, from_day, to_day;
END $$;
COMMENT ON FUNCTION dmarc.change_mail(integer[], date, date) IS
  'the mail of these domains from a day to a day, by combination of identifiers and day: who sent it (its author, where only a broken signature says so), its class and stream, how much passes';

DROP FUNCTION IF EXISTS dmarc.change_between(integer[], date, date);
CREATE OR REPLACE FUNCTION dmarc.change_between(policy_domain_ids integer[],
  since date, until date)
RETURNS TABLE (policy_domain text, kind text, subject text, class text,
  messages_before numeric, pass_before numeric, messages numeric,
  pass numeric, last_seen date, detail text)
LANGUAGE sql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off AS $$
WITH begun AS MATERIALIZED (
       SELECT b.policy_domain_id AS id, b.first_day, b.messages AS m, b.pass,
              b.policies
         FROM dmarc.change_begun(policy_domain_ids, since - 400, until) b),
     one AS MATERIALIZED (
       SELECT m.policy_domain_id AS id, m.profile_id, m.sender, m.class,
              m.stream, m.day, m.messages AS m, m.pass
         FROM dmarc.change_mail(
                (SELECT array_agg(b.id) FROM begun b
                  WHERE b.first_day < since), since - 400, until) m),
     -- per sender, class and day, as sums of before, now and ever
     mail AS MATERIALIZED (
       SELECT o.id, o.sender, o.class, o.stream, o.day,
              sum(o.m) AS m, sum(o.pass) AS pass,
              sum(CASE WHEN o.day >= since THEN o.m ELSE 0 END) AS now_m,
              sum(CASE WHEN o.day >= since THEN o.pass ELSE 0 END) AS now_pass,
              sum(CASE WHEN o.day < since AND o.day >= since - (until - since + 1)
                       THEN o.m ELSE 0 END) AS old_m,
              sum(CASE WHEN o.day < since AND o.day >= since - (until - since + 1)
                       THEN o.pass ELSE 0 END) AS old_pass
         FROM one o
        GROUP BY o.id, o.sender, o.class, o.stream, o.day),
     ours AS (
       SELECT * FROM mail WHERE stream IN ('legitimate', 'unresolved')),
     rhythm AS (
       SELECT x.id, x.sender, count(*) AS days, sum(x.m) AS ever,
              min(x.day) AS first_day, max(x.day) AS last_day,
              percentile_disc(0.9) WITHIN GROUP (ORDER BY x.gap) AS usual_gap,
              sum(x.pass) AS ever_pass
         FROM (SELECT o.id, o.sender, o.day, sum(o.m) AS m,
                      sum(o.pass) AS pass,
                      o.day - lag(o.day) OVER (
                        PARTITION BY o.id, o.sender
                            ORDER BY o.day) AS gap
                 FROM ours o
                GROUP BY o.id, o.sender, o.day) x
        GROUP BY x.id, x.sender),
     -- what is wrong now, or what passed last
     class_now AS (
       SELECT DISTINCT ON (o.id, o.sender)
              o.id, o.sender, o.class
         FROM ours o
        GROUP BY o.id, o.sender, o.class
        ORDER BY o.id, o.sender, sum(o.now_m - o.now_pass) DESC,
                 sum(o.now_m) DESC, max(o.day) DESC, o.class),
     signed AS MATERIALIZED (
       SELECT o.id, q.domain, q.selector, o.day, sum(o.m) AS m,
              sum(CASE WHEN q.result = 'pass' THEN o.m ELSE 0 END) AS pass
         FROM one o
         JOIN dmarc.profile_signatures(
                (SELECT array_agg(DISTINCT x.profile_id) FROM one x
                  WHERE x.stream IN ('legitimate', 'unresolved'))) q
           ON q.profile_id = o.profile_id
        WHERE o.stream IN ('legitimate', 'unresolved')
          AND q.result IN ('pass', 'fail', 'permerror', 'neutral', 'policy')
        GROUP BY o.id, q.domain, q.selector, o.day),
     -- The shares of senders, and of selectors; at: as they stood on that day.
     series AS MATERIALIZED (
       SELECT o.id, o.sender AS name, '' AS selector, o.day,
              sum(o.m) AS m, sum(o.pass) AS pass
         FROM ours o
        WHERE o.day > since - 94
        GROUP BY o.id, o.sender, o.day
       UNION ALL
       SELECT g.id, g.domain, 's=' || coalesce(g.selector, ''),
              g.day, g.m, g.pass
         FROM signed g
        WHERE g.day > since - 94),
     placed AS MATERIALIZED (
       SELECT x.*, x.day > t.at - 2 OR (x.day > t.at - 14
                AND sum(x.m) OVER (PARTITION BY x.id, x.name,
                      x.selector, t.at ORDER BY x.day DESC) - x.m < 100)
                AS newest, t.at
         FROM series x
         JOIN (VALUES (since - 1), (until)) t (at) ON x.day <= t.at),
     stood AS MATERIALIZED (
       SELECT p.id, p.name, p.selector, p.at,
              coalesce(sum(p.m) FILTER (WHERE p.newest), 0) AS now_m,
              coalesce(sum(p.pass) FILTER (WHERE p.newest), 0) AS now_pass,
              coalesce(sum(p.m) FILTER (WHERE NOT p.newest AND p.day < since),
                       0) AS old_m,
              coalesce(sum(p.pass) FILTER (WHERE NOT p.newest
                                             AND p.day < since), 0) AS old_pass,
              max(p.day) AS last_day
         FROM placed p
        WHERE p.day > p.at - 92
        GROUP BY p.id, p.name, p.selector, p.at),
     share AS MATERIALIZED (
       SELECT n.*, CASE WHEN n.moved <> coalesce(b.moved, 0)
                             AND n.last_day >= since
                        THEN n.moved ELSE 0 END AS news
         FROM (SELECT s.*, dmarc.share_moved(s.old_pass, s.old_m, s.now_pass,
                        s.now_m) AS moved
                 FROM stood s
                WHERE s.at = until) n
         LEFT JOIN (SELECT s.*, dmarc.share_moved(s.old_pass, s.old_m,
                             s.now_pass, s.now_m) AS moved
                      FROM stood s
                     WHERE s.at = since - 1) b
           ON b.id = n.id AND b.name = n.name
          AND b.selector = n.selector),
     sender AS MATERIALIZED (
       SELECT r.*, c.class, coalesce(h.now_m, 0) AS now_m,
              coalesce(h.now_pass, 0) AS now_pass,
              coalesce(h.old_m, 0) AS old_m,
              coalesce(h.old_pass, 0) AS old_pass,
              coalesce(h.moved, 0) AS moved, coalesce(h.news, 0) AS news,
              s.since_m,
              s.legitimate >= 5 OR r.ever >= 20 AS enough,
              s.legitimate_before >= 5 OR s.before >= 20 AS enough_before
         FROM (SELECT o.id, o.sender,
                      sum(o.now_m) AS since_m,
                      sum(CASE WHEN o.day < since THEN o.m ELSE 0 END)
                        AS before,
                      sum(CASE WHEN o.stream = 'legitimate' THEN o.m
                               ELSE 0 END) AS legitimate,
                      sum(CASE WHEN o.stream = 'legitimate' AND o.day < since
                               THEN o.m ELSE 0 END) AS legitimate_before
                 FROM ours o
                GROUP BY o.id, o.sender) s
         JOIN rhythm r ON r.id = s.id
                      AND r.sender = s.sender
         JOIN class_now c ON c.id = s.id
                         AND c.sender = s.sender
         LEFT JOIN share h ON h.id = s.id
                          AND h.name = s.sender AND h.selector = ''),
     selector AS (
       SELECT g.id, g.domain, g.selector,
              min(g.day) FILTER (WHERE g.pass > 0) AS first_pass,
              max(g.day) FILTER (WHERE g.pass > 0) AS last_pass,
              sum(g.m) AS m, sum(g.pass) AS pass,
              sum(CASE WHEN g.day < since THEN g.pass ELSE 0 END)
                AS pass_before,
              coalesce(max(h.now_m), 0) AS now_m,
              coalesce(max(h.now_pass), 0) AS now_pass,
              coalesce(max(h.old_m), 0) AS old_m,
              coalesce(max(h.old_pass), 0) AS old_pass,
              coalesce(max(h.news), 0) AS news
         FROM signed g
         LEFT JOIN share h ON h.id = g.id
                          AND h.name = g.domain
                          AND h.selector = 's=' || coalesce(g.selector, '')
        GROUP BY g.id, g.domain, g.selector)
SELECT d.name, x.kind, coalesce(x.subject, d.name), x.class,
       x.messages_before, x.pass_before, x.messages, x.pass, x.last_seen,
       x.detail
  FROM (
       SELECT b.id, 'domain' AS kind, NULL AS subject, NULL AS class,
              0::numeric AS messages_before, 0::numeric AS pass_before,
              b.m AS messages, b.pass, b.first_day AS last_seen,
              'reports on it have begun' AS detail
         FROM begun b
        WHERE b.first_day >= since
       UNION ALL
       SELECT s.id, x.kind, s.sender, s.class, s.old_m, s.old_pass,
              CASE x.kind WHEN 'new' THEN s.ever WHEN 'gone' THEN 0 ELSE s.now_m END,
              CASE x.kind WHEN 'new' THEN s.ever_pass WHEN 'gone' THEN 0
                          ELSE s.now_pass END, s.last_day,
              CASE x.kind
                WHEN 'gone' THEN 'it had mail about every '
                     || CASE WHEN s.usual_gap = 1 THEN 'day'
                             ELSE s.usual_gap || ' days' END
                ELSE dmarc.class_text(s.class) END
         FROM sender s
        CROSS JOIN LATERAL (
              SELECT CASE
                WHEN s.news = -1 THEN 'worse'
                WHEN s.news = 1 THEN 'better'
                WHEN s.first_day > since - 31 AND s.enough AND NOT s.enough_before
                  THEN 'new'
                WHEN s.days >= 3 AND s.ever >= 20
                     AND s.last_day + dmarc.patience(s.usual_gap) + 1
                         BETWEEN since AND until
                  THEN 'gone'
              END AS kind) x
        WHERE x.kind IS NOT NULL
       UNION ALL
       SELECT o.id, 'class', o.sender, o.class, s.old_m, s.old_pass,
              sum(o.m), sum(o.pass), max(o.day), dmarc.class_text(o.class)
         FROM ours o
         JOIN sender s ON s.id = o.id AND s.sender = o.sender
         JOIN dmarc.class c ON c.class = o.class AND NOT c.healthy
        WHERE s.moved = 0
          AND s.enough_before
        GROUP BY o.id, o.sender, o.class, s.old_m, s.old_pass, s.since_m
       HAVING min(o.day) > since - 31
          AND sum(o.m) >= 20
          AND sum(o.now_m) >= 0.05 * s.since_m
          AND sum(CASE WHEN o.day < since THEN o.m ELSE 0 END) < 20
       UNION ALL
       SELECT m.id, 'surge',
              CASE m.stream WHEN 'hostile' THEN 'forged mail'
                            ELSE 'forwarded mail' END,
              NULL, sum(m.old_m), sum(m.old_pass), sum(m.now_m), sum(m.now_pass),
              max(m.day),
              CASE m.stream WHEN 'hostile' THEN 'much more of it fails as nobody''s'
                            ELSE 'much more of it comes by forwarders and lists' END
         FROM mail m
        WHERE m.stream IN ('hostile', 'indirect')
        GROUP BY m.id, m.stream
       HAVING sum(m.now_m) >= 1000 AND sum(m.now_m) >= 5 * sum(m.old_m)
       UNION ALL
       SELECT q.id, x.kind,
              concat_ws(' of ', q.selector, q.domain), NULL,
              CASE x.kind WHEN 'broken' THEN q.old_m ELSE 0 END,
              CASE x.kind WHEN 'broken' THEN q.old_pass ELSE 0 END,
              CASE x.kind WHEN 'broken' THEN q.now_m ELSE q.m END,
              CASE x.kind WHEN 'broken' THEN q.now_pass ELSE q.pass END, q.last_pass,
              CASE x.kind WHEN 'broken' THEN 'this signature breaks'
                          ELSE 'this signature verifies for the first time' END
         FROM selector q
        CROSS JOIN LATERAL (
              SELECT CASE
                WHEN q.first_pass < since AND q.news = -1 THEN 'broken'
                WHEN q.first_pass > since - 31 AND q.pass >= 5 AND q.pass_before < 5
                  THEN 'selector'
              END AS kind) x
        WHERE x.kind IS NOT NULL
       UNION ALL
       SELECT i.policy_domain_id, 'policy', NULL, NULL, NULL::numeric,
              NULL::numeric, NULL::numeric, NULL::numeric, i.first_day,
              coalesce(dmarc.policy_text(i.policy_before[1], i.policy_before[2],
                i.policy_before[5], i.policy_before[6], i.policy_before[3],
                i.policy_before[4], i.policy_before[7]), 'no policy') || ' became '
              || coalesce(dmarc.policy_text(i.p, i.sp, i.np, i.pct, i.adkim, i.aspf,
                i.testing), 'no policy')
         FROM dmarc.policy_intervals(
                ARRAY(SELECT b.id FROM begun b WHERE b.policies)) i
        WHERE i.policy_before IS NOT NULL
          AND i.first_day BETWEEN since AND until
       UNION ALL
       SELECT r.policy_domain_id, 'silent', r.reporter, NULL, NULL::numeric,
              NULL::numeric, NULL::numeric, NULL::numeric, r.last_day,
              'it reported about every '
              || CASE WHEN r.usual_gap = 1 THEN 'day'
                      ELSE r.usual_gap || ' days' END
         FROM dmarc.reporter_rhythm(policy_domain_ids, until, 5) r
        WHERE r.overdue_day BETWEEN since AND until
          -- Who reports on other domains has only seen no mail of this one.
          AND NOT EXISTS (SELECT FROM dmarc.report x
                           WHERE x.reporter = r.reporter
                             AND x.tier <> 'C'
                             AND x.day > r.overdue_day - 8
                             AND x.day <= until)) x
  JOIN dmarc.policy_domain d ON d.id = x.id $$;
COMMENT ON FUNCTION dmarc.change_between(integer[], date, date) IS
  'what holds on the last day and did not before the first, for these domains; behind dmarc-report changes, whose manual has the thresholds';

CREATE OR REPLACE FUNCTION dmarc.change_between(only_domain text, since date,
  until date)
RETURNS TABLE (policy_domain text, kind text, subject text, class text,
  messages_before numeric, pass_before numeric, messages numeric,
  pass numeric, last_seen date, detail text)
LANGUAGE sql STABLE AS $$
  SELECT c.*
    FROM dmarc.change_between(
           ARRAY(SELECT d.id
                   FROM dmarc.policy_domain d
                  WHERE only_domain IS NULL OR d.name = only_domain),
           since, until) c $$;
COMMENT ON FUNCTION dmarc.change_between(text, date, date) IS
  'change_between of one domain or all (NULL)';

-- change_window: which days to tell of.  Reports on a day still come in on the
-- next, so yesterday and today are left for another run.
CREATE OR REPLACE FUNCTION dmarc.change_window(only_domain text, since date,
  until date)
RETURNS TABLE (since_day date, until_day date, marked boolean)
LANGUAGE sql STABLE AS $$
  SELECT coalesce(change_window.since, m.until_day + 1, w.until_day - 6),
         w.until_day, m.until_day IS NOT NULL
    FROM (SELECT coalesce(change_window.until, CASE
                   WHEN l.day < l.settled THEN l.day
                   WHEN l.day >= l.settled THEN l.settled END) AS until_day
            FROM (SELECT dmarc.last_day() AS day,
                         (now() AT TIME ZONE 'UTC')::date - 2 AS settled
                  OFFSET 0) l) w
    LEFT JOIN LATERAL (
         SELECT r.until_day
           FROM dmarc.run_mark r
          WHERE r.policy_domain IS NOT DISTINCT FROM only_domain
            -- Nobody can have told of days that had not come.
            AND isfinite(r.until_day)
            AND r.until_day <= (r.ran_at AT TIME ZONE 'UTC')::date + 1
          ORDER BY r.until_day DESC
          LIMIT 1) m ON true $$;
COMMENT ON FUNCTION dmarc.change_window(text, date, date) IS
  'first and last day that dmarc-report changes tells of: since, or the day behind the last run''s, or a week; up to until, or the newest day whose reports have had a day to come in';
