-- profile_signature: the signatures of the author's organization in a profile,
-- each d= and s= once with its best result.
CREATE OR REPLACE VIEW dmarc.profile_signature AS
SELECT p.id AS profile_id, x.domain, x.selector, x.result
  FROM dmarc.auth_profile p
 CROSS JOIN LATERAL (
       SELECT u.domain, u.selector,
              coalesce((ARRAY['pass', 'fail', 'permerror', 'policy', 'neutral',
                              'temperror'])[min(array_position(
                ARRAY['pass', 'fail', 'permerror', 'policy', 'neutral',
                      'temperror'], u.result))], 'other') AS result
         FROM unnest(p.dkim) u
        WHERE u.alignment IN ('strict', 'relaxed')
        GROUP BY u.domain, u.selector) x;
COMMENT ON VIEW dmarc.profile_signature IS 'signatures of the author''s organization in each profile';
COMMENT ON COLUMN dmarc.profile_signature.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_signature.domain IS 'd=';
COMMENT ON COLUMN dmarc.profile_signature.selector IS 's=; NULL: not sent';
COMMENT ON COLUMN dmarc.profile_signature.result IS 'pass, fail, permerror, policy, neutral, temperror or other; of several the first of these';

-- profile_signatures: the same of these profiles alone, in one pass: a view of
-- all takes each for itself, or works them all out.
CREATE OR REPLACE FUNCTION dmarc.profile_signatures(profile_ids integer[])
RETURNS TABLE (profile_id integer, domain text, selector text, result text)
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB' AS $$
BEGIN
  RETURN QUERY EXECUTE $query$
  SELECT p.id, u.domain, u.selector,
         coalesce((ARRAY['pass', 'fail', 'permerror', 'policy', 'neutral',
                         'temperror'])[min(array_position(
           ARRAY['pass', 'fail', 'permerror', 'policy', 'neutral',
                 'temperror'], u.result))], 'other')
    FROM unnest($1) a (id)
    JOIN dmarc.auth_profile p ON p.id = a.id
   CROSS JOIN LATERAL unnest(p.dkim) u
   WHERE u.alignment IN ('strict', 'relaxed')
   GROUP BY p.id, u.domain, u.selector
  $query$ USING profile_ids;
END $$;
COMMENT ON FUNCTION dmarc.profile_signatures(integer[]) IS
  'profile_signature of these profiles alone, each named once';

-- profile_day: messages of a profile, per day.  Selectors and return-paths are
-- looked up in these sums, and not in each record.
CREATE OR REPLACE VIEW dmarc.profile_day AS
SELECT d.name AS policy_domain, c.policy_domain_id, c.day, c.profile_id,
       sum(c.message_count) AS message_count
  FROM dmarc.record c
  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
 WHERE NOT EXISTS (SELECT FROM dmarc.left_out x
                    WHERE x.policy_domain_id = c.policy_domain_id
                      AND x.id = c.report_id)
 GROUP BY d.name, c.policy_domain_id, c.day, c.profile_id;
COMMENT ON VIEW dmarc.profile_day IS 'messages of each combination of identifiers and results, per day';
COMMENT ON COLUMN dmarc.profile_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.profile_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.profile_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.profile_day.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_day.message_count IS 'messages';

-- selector_day: what became of each selector's signatures.
--
-- Here and below, OFFSET 0 has the profiles looked up one by one: those of one
-- domain are few, and a join would read those of all.
CREATE OR REPLACE VIEW dmarc.selector_day AS
SELECT n.policy_domain, n.policy_domain_id, n.day, s.domain, s.selector,
       sum(n.message_count) AS message_count,
       sum(CASE WHEN s.result = 'pass' THEN n.message_count ELSE 0 END) AS pass_count,
       sum(CASE WHEN s.result IN ('fail', 'permerror', 'neutral', 'policy')
                THEN n.message_count ELSE 0 END) AS broken_count,
       sum(CASE WHEN s.result = 'fail' THEN n.message_count ELSE 0 END) AS fail_count,
       sum(CASE WHEN s.result = 'permerror' THEN n.message_count ELSE 0 END)
         AS permerror_count,
       sum(CASE WHEN s.result = 'neutral' THEN n.message_count ELSE 0 END)
         AS neutral_count,
       sum(CASE WHEN s.result = 'policy' THEN n.message_count ELSE 0 END)
         AS policy_count,
       sum(CASE WHEN s.result = 'temperror' THEN n.message_count ELSE 0 END)
         AS temperror_count,
       sum(CASE WHEN s.result = 'other' THEN n.message_count ELSE 0 END)
         AS other_count
  FROM dmarc.profile_day n
 CROSS JOIN LATERAL (
       SELECT x.domain, x.selector, x.result
         FROM dmarc.profile_signature x
        WHERE x.profile_id = n.profile_id
       OFFSET 0) s
 GROUP BY n.policy_domain, n.policy_domain_id, n.day, s.domain, s.selector;
COMMENT ON VIEW dmarc.selector_day IS 'results of the author''s own DKIM selectors, per day; a message with two signatures counts at both';
COMMENT ON COLUMN dmarc.selector_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.selector_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.selector_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.selector_day.domain IS 'd=';
COMMENT ON COLUMN dmarc.selector_day.selector IS 's=; NULL: not sent';
COMMENT ON COLUMN dmarc.selector_day.message_count IS 'messages with such a signature';
COMMENT ON COLUMN dmarc.selector_day.pass_count IS 'messages where it verifies';
COMMENT ON COLUMN dmarc.selector_day.broken_count IS 'messages where it does not: fail, permerror, neutral and policy together';
COMMENT ON COLUMN dmarc.selector_day.fail_count IS 'messages with fail: the mail was changed, or the key is another';
COMMENT ON COLUMN dmarc.selector_day.permerror_count IS 'messages with permerror: no key, or one that cannot be read';
COMMENT ON COLUMN dmarc.selector_day.neutral_count IS 'messages with neutral: the signature could not be read';
COMMENT ON COLUMN dmarc.selector_day.policy_count IS 'messages with policy: the receiver does not accept such a signature';
COMMENT ON COLUMN dmarc.selector_day.temperror_count IS 'messages with temperror: DNS failed; that is no failure';
COMMENT ON COLUMN dmarc.selector_day.other_count IS 'messages with any other result, or none';

-- selector_broken_day: at whom it breaks.  A view of its own, as most mail
-- verifies and who reported that need not be looked up.
CREATE OR REPLACE VIEW dmarc.selector_broken_day AS
SELECT d.name AS policy_domain, c.policy_domain_id, r.reporter, c.day,
       s.domain, s.selector, sum(c.message_count) AS broken_count
  FROM dmarc.record c
  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
 CROSS JOIN LATERAL (
       SELECT x.domain, x.selector
         FROM dmarc.profile_signature x
        WHERE x.profile_id = c.profile_id
          AND x.result IN ('fail', 'permerror', 'neutral', 'policy')
       OFFSET 0) s
  LEFT JOIN dmarc.report r ON r.policy_domain_id = c.policy_domain_id
                          AND r.id = c.report_id
 WHERE NOT EXISTS (SELECT FROM dmarc.left_out x
                    WHERE x.policy_domain_id = c.policy_domain_id
                      AND x.id = c.report_id)
 GROUP BY d.name, c.policy_domain_id, r.reporter, c.day, s.domain, s.selector;
COMMENT ON VIEW dmarc.selector_broken_day IS 'broken signatures of the author''s own DKIM selectors, per reporter and day';
COMMENT ON COLUMN dmarc.selector_broken_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.selector_broken_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.selector_broken_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.selector_broken_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.selector_broken_day.domain IS 'd=';
COMMENT ON COLUMN dmarc.selector_broken_day.selector IS 's=; NULL: not sent';
COMMENT ON COLUMN dmarc.selector_broken_day.broken_count IS 'messages where it does not verify: the broken_count of selector_day, by reporter';

-- selector_health: how each selector fares in a window.
--
-- Anybody can write any d= and s=, so a selector that never verified says
-- nothing of the owner's signers.  broken: since a day it does not verify at
-- all, by 20 messages or by two reporters; a lone message that was changed on
-- its way is not enough.
--
-- A stranger can name 100,000 selectors, so each gets a number as soon as it has
-- a row, what is added up after that goes by it, and only what is told of is
-- looked at closely: of each domain, and apart of what never verified, the first
-- rows (most; NULL: all).  One row more sums up the others (more: how many).
DROP FUNCTION IF EXISTS dmarc.selector_health(integer[], date, date, bigint);
CREATE OR REPLACE FUNCTION dmarc.selector_health(policy_domain_ids integer[],
  first_day date, last_day date, most bigint)
RETURNS TABLE (policy_domain_id integer, apart boolean, place bigint,
  more bigint, domain text, selector text, state text,
  messages numeric, pass numeric, broken numeric, fail numeric,
  permerror numeric, neutral numeric, policy numeric, temperror numeric,
  other numeric, first_pass date, last_pass date, first_broken date,
  last_broken date, broken_since date, broken_reporters bigint,
  top_reporters text, profile_ids integer[])
LANGUAGE plpgsql STABLE SET jit = off SET work_mem = '64MB'
SET enable_mergejoin = off SET enable_sort = off AS $$
DECLARE
  -- At whom, and on which days, the selectors of a step break.
  breaks constant text := $query$
         SELECT b.n, r.reporter, c.day, sum(c.message_count) AS m
           FROM (SELECT x.n, x.id, q.profile_id
                   FROM %I x
                   JOIN signature q ON q.domain = x.domain AND q.s = x.s
                  WHERE x.last_broken IS NOT NULL
                    AND q.is_broken) b
           JOIN dmarc.record c ON c.policy_domain_id = b.id
                              AND c.profile_id = b.profile_id
           JOIN dmarc.report r ON r.policy_domain_id = c.policy_domain_id
                              AND r.id = c.report_id
          WHERE c.policy_domain_id = ANY ($1)
            AND c.day BETWEEN coalesce($2, '-infinity')
                          AND coalesce($3, 'infinity')
            AND dmarc.shown_tier(r.tier)
          GROUP BY b.n, r.reporter, c.day $query$;
  -- What is broken after the last day on which it verified.
  since constant text := $query$
         SELECT b.n, min(b.day) AS day
           FROM %I b
           JOIN %I x ON x.n = b.n
          WHERE x.last_pass IS NULL OR b.day > x.last_pass
          GROUP BY b.n
         HAVING sum(b.m) >= 20 OR min(b.reporter) <> max(b.reporter) $query$;
BEGIN
  RETURN QUERY EXECUTE $query$
  WITH mail AS MATERIALIZED (
         SELECT c.policy_domain_id AS id, c.profile_id,
                sum(c.message_count) AS m,
                min(c.day) FILTER (WHERE c.message_count > 0) AS first_day,
                max(c.day) FILTER (WHERE c.message_count > 0) AS last_day
           FROM dmarc.record c
          WHERE c.policy_domain_id = ANY ($1)
            AND c.day BETWEEN coalesce($2, '-infinity')
                          AND coalesce($3, 'infinity')
            AND NOT EXISTS (SELECT FROM dmarc.left_out x
                             WHERE x.policy_domain_id = c.policy_domain_id
                               AND x.id = c.report_id)
          GROUP BY c.policy_domain_id, c.profile_id),
       signature AS MATERIALIZED (
         SELECT q.profile_id, q.domain, q.selector,
                -- NULL joins with nothing.
                coalesce(q.selector, E'\n') AS s, q.result,
                q.result IN ('fail', 'permerror', 'neutral', 'policy')
                  AS is_broken
           FROM dmarc.profile_signatures(ARRAY(SELECT DISTINCT m.profile_id
                                                 FROM mail m)) q),
       figure AS MATERIALIZED (
         SELECT row_number() OVER () AS n, x.*
           FROM (SELECT m.id, q.domain, q.selector, q.s, sum(m.m) AS messages,
                        sum(m.m) FILTER (WHERE q.result = 'pass') AS pass,
                        sum(m.m) FILTER (WHERE q.is_broken) AS broken,
                        sum(m.m) FILTER (WHERE q.result = 'fail') AS fail,
                        sum(m.m) FILTER (WHERE q.result = 'permerror') AS permerror,
                        sum(m.m) FILTER (WHERE q.result = 'neutral') AS neutral,
                        sum(m.m) FILTER (WHERE q.result = 'policy') AS policy,
                        sum(m.m) FILTER (WHERE q.result = 'temperror') AS temperror,
                        sum(m.m) FILTER (WHERE q.result = 'other') AS other,
                        min(m.first_day) FILTER (WHERE q.result = 'pass') AS first_pass,
                        max(m.last_day) FILTER (WHERE q.result = 'pass') AS last_pass,
                        min(m.first_day) FILTER (WHERE q.is_broken) AS first_broken,
                        max(m.last_day) FILTER (WHERE q.is_broken) AS last_broken
                   FROM mail m
                   JOIN signature q ON q.profile_id = m.profile_id
                  GROUP BY m.id, q.domain, q.selector, q.s) x),
       -- known_selector of those that it is asked of, which are few.
       known AS MATERIALIZED (
         SELECT x.n
           FROM (SELECT f.n, l.domain, l.name
                   FROM figure f
                   JOIN (SELECT DISTINCT d.domain, d.name
                           FROM dmarc.learned d
                          WHERE d.kind = 'selector'
                            AND d.name <> '') l
                     ON l.domain = f.domain AND l.name = f.selector
                  WHERE coalesce(f.pass, 0) = 0
                 OFFSET 0) x
          WHERE dmarc.is_learned('selector', x.domain, x.name)),
       -- Those that may be broken for good.
       doubtful AS MATERIALIZED (
         SELECT f.n, f.id, f.domain, f.s, f.last_pass, f.last_broken
           FROM figure f
           LEFT JOIN known k ON k.n = f.n
          WHERE (f.pass > 0 OR k.n IS NOT NULL)
            AND f.last_broken > coalesce(f.last_pass, '-infinity')),
       doubt AS MATERIALIZED ($query$ || format(breaks, 'doubtful') || $query$),
       fallen AS MATERIALIZED ($query$ || format(since, 'doubt', 'doubtful')
         || $query$),
       stated AS MATERIALIZED (
         SELECT f.*, s.state, s.state = 'never_verified' AS apart,
                array_position(ARRAY['broken', 'partly', 'healthy', 'unclear',
                  'never_verified'], s.state) AS rank
           FROM figure f
           LEFT JOIN known k ON k.n = f.n
           LEFT JOIN fallen i ON i.n = f.n
          CROSS JOIN LATERAL (
                SELECT CASE
                  WHEN coalesce(f.pass, 0) = 0 AND k.n IS NULL
                    THEN 'never_verified'
                  WHEN i.n IS NOT NULL THEN 'broken'
                  WHEN f.broken > 0 THEN 'partly'
                  WHEN f.pass > 0 THEN 'healthy'
                  ELSE 'unclear' END AS state) s),
       -- Of a crowd only the first are sorted.
       crowd AS MATERIALIZED (
         SELECT x.id, x.apart
           FROM stated x
          WHERE $4 IS NOT NULL
          GROUP BY x.id, x.apart
         HAVING count(*) > 5000 + $4),
       first AS MATERIALIZED (
         SELECT x.n
           FROM stated x
          WHERE (x.id, x.apart) NOT IN (SELECT c.id, c.apart FROM crowd c)
         UNION ALL
         SELECT f.n
           FROM crowd c
          CROSS JOIN LATERAL (
                SELECT x.n
                  FROM stated x
                 WHERE x.id = c.id
                   AND x.apart = c.apart
                 ORDER BY x.rank, x.broken DESC NULLS LAST, x.messages DESC,
                          x.domain COLLATE "C", x.selector COLLATE "C"
                 LIMIT $4) f),
       placed AS MATERIALIZED (
         SELECT x.*, row_number() OVER (PARTITION BY x.id, x.apart
                  ORDER BY x.rank, x.broken DESC NULLS LAST, x.messages DESC,
                           x.domain COLLATE "C", x.selector COLLATE "C")
                  AS place
           FROM first f
           JOIN stated x ON x.n = f.n),
       listed AS MATERIALIZED (
         SELECT * FROM placed p WHERE $4 IS NULL OR p.place <= $4),
       broken AS MATERIALIZED ($query$ || format(breaks, 'listed') || $query$),
       since AS MATERIALIZED ($query$ || format(since, 'broken', 'listed')
         || $query$),
       reporter AS MATERIALIZED (
         SELECT x.n, count(*) AS reporters,
                string_agg(x.reporter || ' ' || x.m, ', ' ORDER BY x.place)
                  FILTER (WHERE x.place <= 3) AS top
           FROM (SELECT b.n, b.reporter, sum(b.m) AS m,
                        row_number() OVER (PARTITION BY b.n
                          ORDER BY sum(b.m) DESC, b.reporter) AS place
                   FROM broken b
                  GROUP BY b.n, b.reporter) x
          GROUP BY x.n),
       profile AS MATERIALIZED (
         SELECT l.n, array_agg(q.profile_id) AS ids
           FROM listed l
           JOIN signature q ON q.domain = l.domain AND q.s = l.s
          GROUP BY l.n)
  SELECT l.id, l.apart, l.place, NULL, l.domain, l.selector, l.state,
         l.messages, coalesce(l.pass, 0), coalesce(l.broken, 0),
         coalesce(l.fail, 0), coalesce(l.permerror, 0), coalesce(l.neutral, 0),
         coalesce(l.policy, 0), coalesce(l.temperror, 0),
         coalesce(l.other, 0), l.first_pass, l.last_pass, l.first_broken,
         l.last_broken, i.day, coalesce(r.reporters, 0), r.top, p.ids
    FROM listed l
    LEFT JOIN since i ON i.n = l.n
    LEFT JOIN reporter r ON r.n = l.n
    LEFT JOIN profile p ON p.n = l.n
  UNION ALL
  SELECT x.id, x.apart, $4 + 1, count(*), NULL, NULL, NULL, sum(x.messages),
         coalesce(sum(x.pass), 0), coalesce(sum(x.broken), 0),
         coalesce(sum(x.fail), 0), coalesce(sum(x.permerror), 0),
         coalesce(sum(x.neutral), 0), coalesce(sum(x.policy), 0),
         coalesce(sum(x.temperror), 0), coalesce(sum(x.other), 0),
         min(x.first_pass), max(x.last_pass), min(x.first_broken),
         max(x.last_broken), NULL, NULL, NULL, NULL
    FROM stated x
   WHERE x.n NOT IN (SELECT l.n FROM listed l)
   GROUP BY x.id, x.apart
  $query$ USING policy_domain_ids, first_day, last_day, most;
END $$;
COMMENT ON FUNCTION dmarc.selector_health(integer[], date, date, bigint) IS
  'how each DKIM selector of the author''s organization fares on these domains, from a day to a day (NULL: no bound): state is broken (since a day it verifies nowhere), partly, healthy, unclear, or never_verified (apart); of each domain so many (most; NULL: all) that are apart and so many that are not, in the order of place, and a row that sums up the others, more in number; profile_ids: the combinations that have its signature, on whatever domain; behind dmarc-report selectors';

CREATE OR REPLACE FUNCTION dmarc.selector_health(only_domain text,
  first_day date, last_day date)
RETURNS TABLE (policy_domain text, domain text, selector text, state text,
  messages numeric, pass numeric, broken numeric, fail numeric,
  permerror numeric, neutral numeric, policy numeric, temperror numeric,
  other numeric, first_pass date, last_pass date, first_broken date,
  last_broken date, broken_since date, broken_reporters bigint,
  top_reporters text)
LANGUAGE sql STABLE AS $$
  SELECT d.name, h.domain, h.selector, h.state, h.messages, h.pass, h.broken,
         h.fail, h.permerror, h.neutral, h.policy, h.temperror, h.other,
         h.first_pass, h.last_pass, h.first_broken, h.last_broken,
         h.broken_since, h.broken_reporters, h.top_reporters
    FROM dmarc.selector_health(
           ARRAY(SELECT p.id
                   FROM dmarc.policy_domain p
                  WHERE only_domain IS NULL OR p.name = only_domain),
           first_day, last_day, NULL) h
    JOIN dmarc.policy_domain d ON d.id = h.policy_domain_id $$;
COMMENT ON FUNCTION dmarc.selector_health(text, date, date) IS
  'the same of one domain or all (NULL)';

-- profile_return_path: return-paths of the author's organization in a profile.
CREATE OR REPLACE VIEW dmarc.profile_return_path AS
SELECT p.id AS profile_id, x.domain, x.result
  FROM dmarc.auth_profile p
 CROSS JOIN LATERAL (
       SELECT u.domain,
              coalesce((ARRAY['pass', 'fail', 'softfail', 'permerror', 'policy',
                              'neutral', 'none', 'temperror'])[min(
                array_position(ARRAY['pass', 'fail', 'softfail', 'permerror',
                  'policy', 'neutral', 'none', 'temperror'], u.result))],
                'other') AS result
         FROM unnest(p.spf) u
        WHERE u.alignment IN ('strict', 'relaxed')
          AND coalesce(u.scope, 'mfrom') = 'mfrom'
        GROUP BY u.domain) x;
COMMENT ON VIEW dmarc.profile_return_path IS 'return-paths of the author''s organization in each profile';
COMMENT ON COLUMN dmarc.profile_return_path.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_return_path.domain IS 'the domain that SPF was checked for';
COMMENT ON COLUMN dmarc.profile_return_path.result IS 'pass, fail, softfail, permerror, policy, neutral, none, temperror or other; of several the first of these';

-- return_path_day: SPF results of the author's own return-paths.
CREATE OR REPLACE VIEW dmarc.return_path_day AS
SELECT n.policy_domain, n.policy_domain_id, n.day, s.domain,
       sum(n.message_count) AS message_count,
       sum(CASE WHEN s.result = 'pass' THEN n.message_count ELSE 0 END) AS pass_count,
       sum(CASE WHEN s.result = 'fail' THEN n.message_count ELSE 0 END) AS fail_count,
       sum(CASE WHEN s.result = 'softfail' THEN n.message_count ELSE 0 END)
         AS softfail_count,
       sum(CASE WHEN s.result = 'neutral' THEN n.message_count ELSE 0 END)
         AS neutral_count,
       sum(CASE WHEN s.result = 'policy' THEN n.message_count ELSE 0 END)
         AS policy_count,
       sum(CASE WHEN s.result = 'permerror' THEN n.message_count ELSE 0 END)
         AS permerror_count,
       sum(CASE WHEN s.result = 'temperror' THEN n.message_count ELSE 0 END)
         AS temperror_count,
       sum(CASE WHEN s.result IN ('none', 'other') THEN n.message_count ELSE 0 END)
         AS other_count
  FROM dmarc.profile_day n
 CROSS JOIN LATERAL (
       SELECT x.domain, x.result
         FROM dmarc.profile_return_path x
        WHERE x.profile_id = n.profile_id
       OFFSET 0) s
 GROUP BY n.policy_domain, n.policy_domain_id, n.day, s.domain;
COMMENT ON VIEW dmarc.return_path_day IS 'SPF results of the author''s own return-paths, per day';
COMMENT ON COLUMN dmarc.return_path_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.return_path_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.return_path_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.return_path_day.domain IS 'the domain that SPF was checked for';
COMMENT ON COLUMN dmarc.return_path_day.message_count IS 'messages';
COMMENT ON COLUMN dmarc.return_path_day.pass_count IS 'messages with pass';
COMMENT ON COLUMN dmarc.return_path_day.fail_count IS 'messages with fail: the address is not in the record';
COMMENT ON COLUMN dmarc.return_path_day.softfail_count IS 'messages with softfail: the same, and the record ends with ~all';
COMMENT ON COLUMN dmarc.return_path_day.neutral_count IS 'messages with neutral';
COMMENT ON COLUMN dmarc.return_path_day.policy_count IS 'messages with policy';
COMMENT ON COLUMN dmarc.return_path_day.permerror_count IS 'messages with permerror: the record is in error';
COMMENT ON COLUMN dmarc.return_path_day.temperror_count IS 'messages with temperror: DNS failed';
COMMENT ON COLUMN dmarc.return_path_day.other_count IS 'messages with none or anything else: there is no record';
