-- report-unaligned: mail that does not pass and is authenticated as somebody
-- else.  Every domain has at least one row; without such mail the row's
-- messages are NULL.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH one AS MATERIALIZED (
       SELECT m.policy_domain_id AS id, m.profile_id, m.alike, m.source_ip,
              min(m.day) AS first_day, max(m.day) AS last_day,
              sum(m.message_count) AS messages
         FROM dmarc.mail_of($1::text[], $2, $3) m
        GROUP BY 1, 2, 3, 4),
     profile AS MATERIALIZED (
       SELECT o.id, o.profile_id, o.messages, c.fail AS fails,
              o.messages * c.fail AS fail,
              o.messages * c.unaligned AS unaligned
         FROM (SELECT id, profile_id, sum(messages) AS messages
                 FROM one
                GROUP BY id, profile_id) o
         JOIN dmarc.profile_count c ON c.profile_id = o.profile_id),
     -- Addresses that verdict() cannot tell apart are one.  n numbers them, so
     -- that it takes no join by names to come back here.
     pair AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY o.id, o.profile_id) AS n,
              o.id, o.profile_id, o.alike, p.fails,
              min(o.first_day) AS first_day, max(o.last_day) AS last_day,
              sum(o.messages) AS messages,
              array_agg(o.source_ip) AS source_ips,
              array_agg(o.messages) AS source_messages
         FROM one o
         JOIN profile p ON p.id = o.id
                       AND p.profile_id = o.profile_id
        WHERE o.messages > 0
          AND p.unaligned > 0
        GROUP BY o.id, o.profile_id, o.alike, p.fails),
     judged AS MATERIALIZED (
       SELECT o.n, o.id, o.profile_id, o.first_day, o.last_day,
              o.messages, o.messages * o.fails AS fail,
              v.sender COLLATE "C" AS sender, c.role COLLATE "C" AS role,
              v.class COLLATE "C" AS class, c.stream COLLATE "C" AS stream
         FROM pair o
         JOIN (SELECT array_agg(id) AS ids, array_agg(profile_id) AS profiles,
                      array_agg(alike) AS ips
                 FROM (SELECT * FROM pair ORDER BY n) x) a ON true
        CROSS JOIN dmarc.verdicts_of(a.ids, a.profiles, a.ips) v
        CROSS JOIN LATERAL dmarc.verdict_decoded(v.code) c
        WHERE v.n = o.n),
     -- Rows of the answer, with the pairs that they are made of.
     figure AS (
       SELECT j.id, j.sender, j.role,
              f.third_party_signature COLLATE "C" AS signed_as,
              f.third_party_selector COLLATE "C" AS selector,
              f.return_path COLLATE "C" AS return_path,
              p.header_from COLLATE "C" AS header_from, j.class, j.stream,
              min(j.first_day) AS first_day,
              max(j.last_day) AS last_day, sum(j.messages) AS messages,
              sum(j.fail) AS fail, array_agg(j.n) AS pairs
         FROM judged j
         JOIN dmarc.profile_feature f ON f.profile_id = j.profile_id
         JOIN dmarc.auth_profile p ON p.id = j.profile_id
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9),
     placed AS MATERIALIZED (
       SELECT row_number() OVER () AS k, x.*
         FROM (SELECT f.*, least(row_number() OVER (PARTITION BY id
                             ORDER BY messages DESC, sender COLLATE "C", role,
                                      signed_as COLLATE "C",
                                      selector COLLATE "C",
                                      return_path COLLATE "C",
                                      header_from COLLATE "C", class, stream),
                           $4::bigint + 1) AS place
                 FROM figure f) x),
     source AS (
       SELECT k, count(*) AS sources,
              string_agg(host(source_ip), ' ' ORDER BY n)
                FILTER (WHERE n <= 3) AS top_sources
         FROM (SELECT l.k, s.source_ip,
                      row_number() OVER (PARTITION BY l.k
                        ORDER BY sum(s.messages) DESC, s.source_ip) AS n
                 FROM (SELECT k, unnest(pairs) AS n
                         FROM placed
                        WHERE $4 IS NULL OR place <= $4) l
                 JOIN pair o ON o.n = l.n
                CROSS JOIN LATERAL unnest(o.source_ips, o.source_messages)
                             AS s (source_ip, messages)
                WHERE s.source_ip IS NOT NULL
                GROUP BY l.k, s.source_ip) x
        GROUP BY k),
     domain AS (
       SELECT d.id, d.name AS policy_domain, sum(p.messages) AS of_messages,
              sum(p.fail) AS of_fail, sum(p.unaligned) AS unaligned
         FROM profile p
         JOIN dmarc.policy_domain d ON d.id = p.id
        GROUP BY d.id, d.name),
     line AS (
       SELECT id, k, place, sender, role, signed_as, selector,
              return_path, header_from, class, stream, first_day, last_day,
              messages, fail, NULL::bigint AS more
         FROM placed
        WHERE $4 IS NULL OR place <= $4
        UNION ALL
       SELECT id, NULL, $4 + 1, NULL, NULL, NULL, NULL, NULL, NULL,
              NULL, NULL, min(first_day), max(last_day), sum(messages),
              sum(fail), count(*)
         FROM placed
        WHERE place > $4
        GROUP BY id)
SELECT d.policy_domain AS domain, d.of_messages, d.of_fail,
       f.sender, f.role, f.signed_as, f.selector, f.return_path,
       f.header_from, f.messages, f.fail,
       CASE WHEN f.more IS NULL THEN coalesce(s.sources, 0) END AS sources,
       s.top_sources, greatest(s.sources - 3, 0) AS top_sources_more, f.class,
       f.stream, dmarc.class_text(f.class) AS wrong, f.first_day, f.last_day,
       f.more
  FROM domain d
  LEFT JOIN line f ON f.id = d.id
  LEFT JOIN source s ON s.k = f.k
 ORDER BY d.unaligned DESC, d.policy_domain, f.place;
