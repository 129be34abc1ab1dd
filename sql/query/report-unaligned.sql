-- report-unaligned: mail that does not pass and is authenticated as somebody
-- else.  Every domain has at least one row; without such mail the row's
-- messages are NULL.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH one AS MATERIALIZED (
       SELECT m.policy_domain, m.profile_id, m.alike, m.source_ip,
              min(m.day) AS first_day, max(m.day) AS last_day,
              sum(m.message_count) AS messages
         FROM unnest(coalesce($1::text[], ARRAY[NULL])) AS q (name)
        CROSS JOIN LATERAL dmarc.mail(q.name, $2, $3) m
        GROUP BY m.policy_domain, m.profile_id, m.alike, m.source_ip),
     profile AS MATERIALIZED (
       SELECT o.policy_domain, o.profile_id, o.messages,
              o.messages * c.fail AS fail,
              o.messages * c.unaligned AS unaligned
         FROM (SELECT policy_domain, profile_id, sum(messages) AS messages
                 FROM one
                GROUP BY policy_domain, profile_id) o
         JOIN dmarc.profile_count c ON c.profile_id = o.profile_id),
     -- Addresses that verdict() cannot tell apart are one.  n numbers them, so
     -- that it takes no join by names to come back here.
     pair AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY o.policy_domain, o.profile_id)
                AS n, o.policy_domain, o.profile_id, o.alike,
              min(o.first_day) AS first_day,
              max(o.last_day) AS last_day, sum(o.messages) AS messages,
              array_agg(o.source_ip) AS source_ips,
              array_agg(o.messages) AS source_messages
         FROM one o
        WHERE o.messages > 0
          AND o.profile_id IN (SELECT profile_id FROM profile
                                WHERE unaligned > 0)
        GROUP BY o.policy_domain, o.profile_id, o.alike),
     -- k numbers the rows of the answer.
     named AS MATERIALIZED (
       SELECT o.n, o.policy_domain, o.first_day, o.last_day, o.messages,
              o.messages * c.fail AS fail, v.sender, v.role, v.class, v.stream,
              f.third_party_signature AS signed_as,
              f.third_party_selector AS selector, f.return_path,
              p.header_from,
              dense_rank() OVER (ORDER BY o.policy_domain, v.sender, v.role,
                                          f.third_party_signature,
                                          f.third_party_selector,
                                          f.return_path, p.header_from,
                                          v.class, v.stream) AS k
         FROM pair o
         JOIN (SELECT array_agg(policy_domain ORDER BY n) AS domains,
                      array_agg(profile_id ORDER BY n) AS profiles,
                      array_agg(nullif(alike, '::/0') ORDER BY n) AS ips
                 FROM pair) a ON true
        CROSS JOIN dmarc.verdicts(a.domains, a.profiles, a.ips) v
         JOIN dmarc.profile_count c ON c.profile_id = o.profile_id
         JOIN dmarc.profile_feature f ON f.profile_id = o.profile_id
         JOIN dmarc.auth_profile p ON p.id = o.profile_id
        WHERE v.n = o.n),
     figure AS (
       SELECT k, policy_domain, sender, role, signed_as, selector, return_path,
              header_from, class, stream, min(first_day) AS first_day,
              max(last_day) AS last_day,
              sum(messages) AS messages, sum(fail) AS fail
         FROM named
        GROUP BY k, policy_domain, sender, role, signed_as, selector,
                 return_path, header_from, class, stream),
     placed AS MATERIALIZED (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY messages DESC, sender, k), $4::bigint + 1)
                   AS place
         FROM figure),
     source AS (
       SELECT k, count(*) AS sources,
              string_agg(host(source_ip), ' ' ORDER BY n)
                FILTER (WHERE n <= 3) AS top_sources
         FROM (SELECT n.k, s.source_ip,
                      row_number() OVER (PARTITION BY n.k
                        ORDER BY sum(s.messages) DESC, s.source_ip) AS n
                 FROM named n
                 JOIN pair o ON o.n = n.n
                CROSS JOIN LATERAL unnest(o.source_ips, o.source_messages)
                             AS s (source_ip, messages)
                WHERE s.source_ip IS NOT NULL
                  AND n.k IN (SELECT k FROM placed
                               WHERE $4 IS NULL OR place <= $4)
                GROUP BY n.k, s.source_ip) x
        GROUP BY k),
     domain AS (
       SELECT policy_domain, sum(messages) AS of_messages,
              sum(fail) AS of_fail, sum(unaligned) AS unaligned
         FROM profile
        GROUP BY policy_domain)
SELECT d.policy_domain AS domain, d.of_messages, d.of_fail,
       CASE WHEN count(*) = 1 THEN min(f.sender) END AS sender,
       CASE WHEN count(*) = 1 THEN min(f.role) END AS role,
       CASE WHEN count(*) = 1 THEN min(f.signed_as) END AS signed_as,
       CASE WHEN count(*) = 1 THEN min(f.selector) END AS selector,
       CASE WHEN count(*) = 1 THEN min(f.return_path) END AS return_path,
       CASE WHEN count(*) = 1 THEN min(f.header_from) END AS header_from,
       sum(f.messages) AS messages, sum(f.fail) AS fail,
       CASE WHEN count(*) = 1 THEN coalesce(min(s.sources), 0) END AS sources,
       CASE WHEN count(*) = 1 THEN min(s.top_sources) END AS top_sources,
       CASE WHEN count(*) = 1 THEN greatest(min(s.sources) - 3, 0) END
         AS top_sources_more,
       CASE WHEN count(*) = 1 THEN min(f.class) END AS class,
       CASE WHEN count(*) = 1 THEN min(f.stream) END AS stream,
       CASE WHEN count(*) = 1 THEN dmarc.class_text(min(f.class)) END AS wrong,
       min(f.first_day) AS first_day, max(f.last_day) AS last_day,
       nullif(count(*), 1) AS more
  FROM domain d
  LEFT JOIN placed f ON f.policy_domain = d.policy_domain
  LEFT JOIN source s ON s.k = f.k
 GROUP BY d.policy_domain, d.of_messages, d.of_fail, d.unaligned, f.place
 ORDER BY d.unaligned DESC, d.policy_domain, f.place;
