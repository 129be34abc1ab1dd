-- own_domain_ids: the domains of which own_domain() is true, in one pass: names
-- are joined with the words of the setting, label by label.
CREATE OR REPLACE FUNCTION dmarc.own_domain_ids() RETURNS TABLE (id integer)
LANGUAGE sql STABLE SET jit = off SET enable_nestloop = off AS $$
WITH word AS MATERIALIZED (
       SELECT DISTINCT w.name
         FROM unnest(dmarc.setting_words('own_domains')) w (name))
SELECT d.id
  FROM dmarc.policy_domain d
 WHERE NOT EXISTS (SELECT FROM word)
UNION ALL
SELECT DISTINCT d.id
  FROM dmarc.policy_domain d
 CROSS JOIN LATERAL string_to_array(d.name, '.') a
 CROSS JOIN LATERAL generate_subscripts(a, 1) i
  JOIN word w ON w.name = array_to_string(a[i:], '.')
 WHERE EXISTS (SELECT FROM word) $$;
COMMENT ON FUNCTION dmarc.own_domain_ids() IS
  'the policy domains that are the operator''s, as own_domain() has it';

-- listed_domain: the domains that were reported on in a window, and which of
-- them a list has room for: those of the operator, of many the ones that most
-- reporters and most messages speak of, as a stranger's report may invent any.
--
-- There may be 100,000 domains, so they are added up by their ids, and sorted
-- only as far as they are told of: of those that are left out, the first three
-- are named and the others are one row.
DROP FUNCTION IF EXISTS dmarc.listed_domain(date, date, bigint);
CREATE OR REPLACE FUNCTION dmarc.listed_domain(first_day date, last_day date,
  most bigint)
RETURNS TABLE (policy_domain text, own boolean, listed boolean, place bigint,
  domains bigint, reports numeric, messages numeric)
LANGUAGE sql STABLE SET jit = off SET work_mem = '64MB'
SET enable_nestloop = off SET enable_mergejoin = off AS $$
WITH told AS MATERIALIZED (
       SELECT r.policy_domain_id AS id, sum(r.reports) AS reports,
              sum(r.messages) AS messages, count(*) AS reporters
         FROM (SELECT t.policy_domain_id, t.reporter, count(*) AS reports,
                      sum(t.message_count) AS messages
                 FROM dmarc.report t
                WHERE dmarc.shown_tier(t.tier)
                  AND t.day BETWEEN coalesce(listed_domain.first_day,
                                      '-infinity')
                                AND coalesce(listed_domain.last_day,
                                      'infinity')
                GROUP BY t.policy_domain_id, t.reporter) r
        GROUP BY r.policy_domain_id),
     known AS MATERIALIZED (
       SELECT d.name, t.reports, t.messages, t.reporters,
              o.id IS NOT NULL AS own
         FROM told t
         JOIN dmarc.policy_domain d ON d.id = t.id
         LEFT JOIN dmarc.own_domain_ids() o ON o.id = t.id),
     first AS MATERIALIZED (
       SELECT x.*, row_number() OVER (ORDER BY x.reporters DESC,
                     x.messages DESC, x.name) AS place
         FROM (SELECT *
                 FROM known k
                WHERE k.own
                ORDER BY k.reporters DESC, k.messages DESC, k.name
                LIMIT most + 3) x
       UNION ALL
       SELECT x.*, row_number() OVER (ORDER BY x.reporters DESC,
                     x.messages DESC, x.name)
         FROM (SELECT *
                 FROM known k
                WHERE NOT k.own
                ORDER BY k.reporters DESC, k.messages DESC, k.name
                LIMIT CASE WHEN most IS NOT NULL THEN 3 END) x)
SELECT f.name, f.own, most IS NULL OR (f.own AND f.place <= most), f.place,
       1::bigint, f.reports, f.messages
  FROM first f
UNION ALL
SELECT NULL, k.own, false, NULL, k.domains - f.domains, k.reports - f.reports,
       k.messages - f.messages
  FROM (SELECT k.own, count(*) AS domains, sum(k.reports) AS reports,
               sum(k.messages) AS messages
          FROM known k
         GROUP BY k.own) k
  JOIN (SELECT f.own, count(*) AS domains, sum(f.reports) AS reports,
               sum(f.messages) AS messages
          FROM first f
         GROUP BY f.own) f ON f.own = k.own
 WHERE k.domains > f.domains $$;
COMMENT ON FUNCTION dmarc.listed_domain(date, date, bigint) IS
  'the domains with reports from a day to a day (NULL: no bound): own as own_domain() says; listed: it is own, and one of so many (NULL: no bound) with most reporters; place is its place among those that are own or not; of those that are not listed, the first three have a row each, and the others (domains) have one without a name';
