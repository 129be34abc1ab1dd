-- check-replay: the addresses that sent mail whose return-path is a domain, and
-- whose they are; those with most messages first.  The last row, the only one
-- without an address, sums up the others that are not listed.
-- $1 text: the domain of the return-path; the reports are those on it, or on
-- the next domain above it that has any.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: so many rows at most.
WITH one AS (
       SELECT m.policy_domain, m.profile_id, m.alike, m.source_ip,
              sum(m.message_count) AS messages
         FROM dmarc.mail((SELECT d.name
                            FROM dmarc.policy_domain d
                           WHERE d.name = $1
                              OR right($1, length(d.name) + 1) = '.' || d.name
                           ORDER BY length(d.name) DESC
                           LIMIT 1), $2, $3) m
         JOIN dmarc.profile_feature f ON f.profile_id = m.profile_id
        WHERE f.return_path = $1
          AND m.source_ip IS NOT NULL
        GROUP BY m.policy_domain, m.profile_id, m.alike, m.source_ip),
     pair AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY policy_domain, profile_id, alike) AS n,
              policy_domain, profile_id, alike
         FROM one
        GROUP BY policy_domain, profile_id, alike),
     judged AS MATERIALIZED (
       SELECT o.policy_domain, o.profile_id, o.alike, v.sender, v.role,
              v.stream
         FROM pair o
         JOIN (SELECT array_agg(policy_domain) AS domains,
                      array_agg(profile_id) AS profiles,
                      array_agg(nullif(alike, '::/0')) AS ips
                 FROM (SELECT * FROM pair ORDER BY n) x) a ON true
        CROSS JOIN dmarc.verdicts(a.domains, a.profiles, a.ips) v
        WHERE v.n = o.n),
     -- An address has the name that most of its messages have.
     named AS (
       SELECT o.source_ip, j.sender, j.role, j.stream,
              sum(o.messages) AS messages
         FROM one o
         JOIN judged j ON j.policy_domain = o.policy_domain
                      AND j.profile_id = o.profile_id
                      AND j.alike = o.alike
        GROUP BY o.source_ip, j.sender, j.role, j.stream),
     address AS (
       SELECT source_ip, sum(messages) AS messages,
              (array_agg(sender ORDER BY messages DESC, sender))[1] AS sender,
              (array_agg(role ORDER BY messages DESC, sender))[1] AS role,
              (array_agg(stream ORDER BY messages DESC, sender))[1] AS stream
         FROM named
        GROUP BY source_ip),
     placed AS (
       SELECT *, row_number() OVER (ORDER BY messages DESC, source_ip)
                   AS place
         FROM address)
SELECT host(source_ip) AS ip, sender, role, stream, messages,
       NULL::bigint AS more
  FROM placed
 WHERE place <= $4::bigint
 UNION ALL
SELECT NULL, NULL, NULL, NULL, sum(messages), count(*)
  FROM placed
 WHERE place > $4::bigint
HAVING count(*) > 0
 ORDER BY more NULLS FIRST, messages DESC, ip;
