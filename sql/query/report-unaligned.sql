-- report-unaligned: mail that does not pass and is authenticated as somebody
-- else.  Every domain has at least one row; without such mail the row's
-- messages are NULL.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
WITH one AS MATERIALIZED (
       SELECT policy_domain, profile_id, source_ip,
              min(day) AS first_day, max(day) AS last_day,
              sum(message_count) AS messages, sum(fail_count) AS fail,
              sum(unaligned_count) AS unaligned
         FROM dmarc.record_count
        WHERE ($1::text IS NULL OR policy_domain = $1)
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY profile_id, source_ip, policy_domain),
     -- k numbers the rows of the answer.
     named AS MATERIALIZED (
       SELECT o.policy_domain, o.source_ip, o.first_day, o.last_day,
              o.unaligned AS messages, o.fail, v.sender, v.role, v.class,
              v.stream, f.third_party_signature AS signed_as,
              f.third_party_selector AS selector, f.return_path,
              p.header_from,
              dense_rank() OVER (ORDER BY o.policy_domain, v.sender, v.role,
                                          f.third_party_signature,
                                          f.third_party_selector,
                                          f.return_path, p.header_from,
                                          v.class, v.stream) AS k
         FROM one o
        CROSS JOIN LATERAL dmarc.verdict(o.policy_domain, o.profile_id,
                             o.source_ip) v
         JOIN dmarc.profile_feature f ON f.profile_id = o.profile_id
         JOIN dmarc.auth_profile p ON p.id = o.profile_id
        WHERE o.unaligned > 0),
     source AS (
       SELECT k, count(*) AS sources,
              string_agg(host(source_ip), ' ' ORDER BY n)
                FILTER (WHERE n <= 3) AS top_sources
         FROM (SELECT k, source_ip,
                      row_number() OVER (PARTITION BY k
                        ORDER BY sum(messages) DESC, source_ip) AS n
                 FROM named
                WHERE source_ip IS NOT NULL
                GROUP BY k, source_ip) x
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
         FROM one
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
