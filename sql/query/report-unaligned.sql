-- report-unaligned: mail that does not pass and is authenticated as somebody
-- else.  Every domain has at least one row; without such mail the row's
-- messages are NULL.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
WITH one AS MATERIALIZED (
       SELECT policy_domain, profile_id, alike, source_ip,
              min(day) AS first_day, max(day) AS last_day,
              sum(message_count) AS messages
         FROM dmarc.mail($1, $2, $3)
        GROUP BY policy_domain, profile_id, alike, source_ip),
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
       SELECT row_number() OVER () AS n, o.policy_domain, o.profile_id,
              o.alike, min(o.first_day) AS first_day,
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
        CROSS JOIN LATERAL dmarc.verdict(o.policy_domain, o.profile_id,
                             nullif(o.alike, '::/0')) v
         JOIN dmarc.profile_count c ON c.profile_id = o.profile_id
         JOIN dmarc.profile_feature f ON f.profile_id = o.profile_id
         JOIN dmarc.auth_profile p ON p.id = o.profile_id),
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
                GROUP BY n.k, s.source_ip) x
        GROUP BY k),
     figure AS (
       SELECT k, policy_domain, sender, role, signed_as, selector, return_path,
              header_from, class, stream, min(first_day) AS first_day,
              max(last_day) AS last_day,
              sum(messages) AS messages, sum(fail) AS fail
         FROM named
        GROUP BY k, policy_domain, sender, role, signed_as, selector,
                 return_path, header_from, class, stream),
     domain AS (
       SELECT policy_domain, sum(messages) AS of_messages,
              sum(fail) AS of_fail, sum(unaligned) AS unaligned
         FROM profile
        GROUP BY policy_domain)
SELECT d.policy_domain AS domain, d.of_messages, d.of_fail,
       f.sender, f.role, f.signed_as, f.selector, f.return_path,
       f.header_from, f.messages, f.fail, coalesce(s.sources, 0) AS sources,
       s.top_sources,
       greatest(s.sources - 3, 0) AS top_sources_more, f.class, f.stream,
       dmarc.class_text(f.class) AS wrong, f.first_day, f.last_day
  FROM domain d
  LEFT JOIN figure f ON f.policy_domain = d.policy_domain
  LEFT JOIN source s ON s.k = f.k
 ORDER BY d.unaligned DESC, d.policy_domain, f.messages DESC, f.sender,
          f.k;
