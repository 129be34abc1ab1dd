-- listed_domain: the domains that were reported on in a window, and which of
-- them a list has room for: those of the operator, of many the ones that most
-- reporters and most messages speak of, as a stranger's report may invent any.
CREATE OR REPLACE FUNCTION dmarc.listed_domain(first_day date, last_day date,
  most bigint)
RETURNS TABLE (policy_domain text, own boolean, listed boolean, place bigint,
  reports numeric, messages numeric)
LANGUAGE sql STABLE AS $$
SELECT x.policy_domain, x.own, most IS NULL OR (x.own AND x.place <= most),
       x.place, x.reports, x.messages
  FROM (SELECT d.name AS policy_domain, g.reports, g.messages, o.own,
               row_number() OVER (PARTITION BY o.own
                 ORDER BY g.reporters DESC, g.messages DESC, d.name)
                 AS place
          -- Added up by ids: there may be 100,000 domains.
          FROM (SELECT r.policy_domain_id, sum(r.reports) AS reports,
                       sum(r.messages) AS messages, count(*) AS reporters
                  FROM (SELECT t.policy_domain_id, t.reporter,
                               count(*) AS reports,
                               sum(t.message_count) AS messages
                          FROM dmarc.report t
                         WHERE dmarc.shown_tier(t.tier)
                           AND t.day BETWEEN coalesce(listed_domain.first_day,
                                               '-infinity')
                                         AND coalesce(listed_domain.last_day,
                                               'infinity')
                         GROUP BY t.policy_domain_id, t.reporter) r
                 GROUP BY r.policy_domain_id) g
          JOIN dmarc.policy_domain d ON d.id = g.policy_domain_id
         CROSS JOIN (SELECT dmarc.setting_words('own_domains') AS words
                     OFFSET 0) w
         CROSS JOIN LATERAL (
               SELECT CASE WHEN w.words IS NULL THEN true
                           ELSE dmarc.suffixes(d.name) && w.words END AS own
               OFFSET 0) o) x $$;
COMMENT ON FUNCTION dmarc.listed_domain(date, date, bigint) IS
  'the domains with reports from a day to a day (NULL: no bound): own as own_domain() says; listed: it is own, and one of so many (NULL: no bound) with most reporters; place is its place among those that are own or not';
