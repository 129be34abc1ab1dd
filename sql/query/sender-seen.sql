-- sender-seen: what the reports say of a sender, a row a domain, the one with most
-- messages first; at most 20 domains.
-- $1 text: sender, as the reports call it.  $2 text: domain, or NULL for all.
-- $3, $4 date: first and last day; both NULL: the 90 days that end with the last
-- day that is reported on.
--
-- Whom a mail can be called after stands in its profile or with its address, so
-- only these records are judged.
WITH asked AS MATERIALIZED (
       SELECT CASE WHEN $3::date IS NULL AND $4::date IS NULL
                   THEN dmarc.last_day() - 89 ELSE $3::date END AS first_day,
              $4::date AS last_day),
     named AS MATERIALIZED (
       SELECT f.profile_id
         FROM dmarc.profile_feature f
         JOIN dmarc.auth_profile p ON p.id = f.profile_id
        WHERE $1::text IN (f.platform, f.other_org, f.forwarder, f.relay,
                           p.header_from_org)),
     addressed AS MATERIALIZED (
       SELECT s.ip
         FROM dmarc.source s
        WHERE s.sender = $1
           OR host(s.ip) = $1
           OR (s.ptr_status = 'confirmed' AND $1 IN (s.ptr, s.ptr_org))
           OR $1 = 'AS' || s.asn || coalesce(' ' || s.as_name, '')
        UNION
       SELECT f.ip FROM dmarc.source_fact f WHERE host(f.ip) = $1
        UNION
       SELECT CASE WHEN $1 ~ '^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])[.]){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$'
                   THEN $1::inet END),
     mail AS MATERIALIZED (
       SELECT m.policy_domain, m.profile_id, m.source_ip, m.day, r.reporter,
              sum(m.message_count) AS messages
         FROM asked a
        CROSS JOIN LATERAL dmarc.mail($2, a.first_day, a.last_day) m
         JOIN dmarc.policy_domain d ON d.name = m.policy_domain
         JOIN dmarc.report r ON r.policy_domain_id = d.id
                            AND r.id = m.stored_report_id
        WHERE m.profile_id IN (SELECT n.profile_id FROM named n)
           OR m.source_ip IN (SELECT x.ip FROM addressed x)
        GROUP BY m.policy_domain, m.profile_id, m.source_ip, m.day,
                 r.reporter),
     pair AS MATERIALIZED (
       SELECT DISTINCT m.policy_domain, m.profile_id, m.source_ip
         FROM mail m),
     judged AS MATERIALIZED (
       SELECT v.*
         FROM (SELECT array_agg(x.policy_domain) AS domains,
                      array_agg(x.profile_id) AS profiles,
                      array_agg(x.source_ip) AS ips
                 FROM (SELECT * FROM pair ORDER BY profile_id) x) a
        CROSS JOIN LATERAL dmarc.verdicts(a.domains, a.profiles, a.ips) v
        WHERE v.sender = $1),
     seen AS MATERIALIZED (
       SELECT m.*, j.class, j.stream, j.known, j.role, j.relay,
              m.messages * c.pass AS pass, m.messages * c.fail AS fail
         FROM mail m
         JOIN judged j ON j.policy_domain = m.policy_domain
                      AND j.profile_id = m.profile_id
                      AND j.source_ip IS NOT DISTINCT FROM m.source_ip
         JOIN dmarc.profile_count c ON c.profile_id = m.profile_id),
     total AS (
       SELECT s.policy_domain, min(s.day) AS first_day, max(s.day) AS last_day,
              count(DISTINCT s.day) AS days, sum(s.messages) AS messages,
              sum(s.pass) AS pass, sum(s.fail) AS fail,
              count(DISTINCT s.reporter) AS reporters,
              count(DISTINCT s.source_ip) AS sources,
              string_agg(DISTINCT s.relay, ', ') AS relays
         FROM seen s
        GROUP BY s.policy_domain
        ORDER BY sum(s.messages) DESC, s.policy_domain
        LIMIT 20),
     -- the most frequent of each, and what most of its mail is
     peak AS (
       SELECT DISTINCT ON (policy_domain) policy_domain, day, messages
         FROM (SELECT policy_domain, day, sum(messages) AS messages
                 FROM seen GROUP BY policy_domain, day) x
        ORDER BY policy_domain, messages DESC, day DESC),
     reporter AS (
       SELECT policy_domain, string_agg(reporter, ', ' ORDER BY n) AS names
         FROM (SELECT policy_domain, reporter, row_number() OVER (
                        PARTITION BY policy_domain
                        ORDER BY sum(messages) DESC, reporter) AS n
                 FROM seen GROUP BY policy_domain, reporter) x
        WHERE n <= 3
        GROUP BY policy_domain),
     source AS (
       SELECT x.policy_domain, string_agg(host(x.source_ip)
                || coalesce(' (' || s.ptr || ')', ''), ', ' ORDER BY n) AS names
         FROM (SELECT policy_domain, source_ip, row_number() OVER (
                        PARTITION BY policy_domain
                        ORDER BY sum(messages) DESC, source_ip) AS n
                 FROM seen GROUP BY policy_domain, source_ip) x
         LEFT JOIN dmarc.source s ON s.ip = x.source_ip
                                 AND s.ptr_status = 'confirmed'
        WHERE x.n <= 3
        GROUP BY x.policy_domain),
     worst AS (
       SELECT DISTINCT ON (x.policy_domain) x.*
         FROM (SELECT s.policy_domain, s.class, s.stream, s.role,
                      bool_or(s.known) AS known, sum(s.messages) AS messages,
                      sum(s.fail) AS fail,
                      (array_agg(s.profile_id ORDER BY s.messages DESC,
                                 s.profile_id))[1] AS profile_id
                 FROM seen s
                GROUP BY s.policy_domain, s.class, s.stream, s.role) x
         JOIN dmarc.class c ON c.class = x.class
         JOIN total t ON t.policy_domain = x.policy_domain
        -- What is less than a hundredth of its mail is not what is wrong.
        ORDER BY x.policy_domain, x.messages * 100 >= t.messages DESC,
                 x.fail DESC, c.healthy, x.messages DESC, c.rank)
SELECT t.policy_domain AS domain, t.first_day, t.last_day, t.days, t.messages,
       t.pass, t.fail, round(t.messages / t.days) AS per_day,
       p.day AS peak_day, p.messages AS peak, t.reporters,
       r.names AS top_reporters, t.sources, s.names AS top_sources, t.relays,
       w.class, dmarc.class_text(w.class) AS wrong, w.stream,
       dmarc.class_evidence(q.header_from, f) AS seen, x.repaired_on,
       CASE WHEN x.repaired_on IS NULL THEN dmarc.class_action(w.class, $1,
              w.role, w.known, w.stream, q.header_from, q.adkim, q.aspf,
              f.return_path, f.dkim_broken, w.messages, t.messages) END
         AS action
  FROM total t
  JOIN peak p ON p.policy_domain = t.policy_domain
  LEFT JOIN reporter r ON r.policy_domain = t.policy_domain
  LEFT JOIN source s ON s.policy_domain = t.policy_domain
  JOIN worst w ON w.policy_domain = t.policy_domain
  JOIN dmarc.auth_profile q ON q.id = w.profile_id
  JOIN dmarc.profile_feature f ON f.profile_id = w.profile_id
  LEFT JOIN dmarc.sender_fact x ON x.policy_domain = t.policy_domain
                               AND x.sender = $1
 ORDER BY t.messages DESC, t.policy_domain;
