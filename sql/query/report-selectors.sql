-- report-selectors: how each DKIM selector fares; what is broken goes first,
-- what never verified last.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
--
-- Who sends is asked for the selectors that are listed only, and only their
-- mail is read for it.
WITH asked AS MATERIALIZED (
       SELECT ARRAY(SELECT d.id
                      FROM dmarc.policy_domain d
                     WHERE $1::text[] IS NULL OR d.name = ANY ($1)) AS ids),
     health AS MATERIALIZED (
       SELECT row_number() OVER () AS row, h.*, h.state = 'never_verified' AS apart,
              array_position(ARRAY['broken', 'partly', 'healthy', 'unclear',
                'never_verified'], h.state) AS rank
         FROM dmarc.selector_health((SELECT ids FROM asked), $2::date,
                $3::date) h),
     -- Where there are very many, only the first are sorted.
     crowd AS MATERIALIZED (
       SELECT policy_domain_id, apart
         FROM health
        WHERE $4::bigint IS NOT NULL
        GROUP BY policy_domain_id, apart
       HAVING count(*) > 5000 + $4),
     first AS MATERIALIZED (
       SELECT h.row
         FROM health h
        WHERE NOT EXISTS (SELECT FROM crowd c
                           WHERE c.policy_domain_id = h.policy_domain_id
                             AND c.apart = h.apart)
       UNION ALL
       SELECT f.row
         FROM crowd c
        CROSS JOIN LATERAL (
              SELECT h.row
                FROM health h
               WHERE h.policy_domain_id = c.policy_domain_id
                 AND h.apart = c.apart
               ORDER BY h.rank, h.broken DESC, h.messages DESC,
                        h.domain COLLATE "C", h.selector COLLATE "C"
               LIMIT $4) f),
     sorted AS MATERIALIZED (
       SELECT h.row, row_number() OVER (
                PARTITION BY h.policy_domain_id, h.apart
                ORDER BY h.rank, h.broken DESC, h.messages DESC,
                         h.domain COLLATE "C", h.selector COLLATE "C") AS place
         FROM first f
         JOIN health h ON h.row = f.row),
     placed AS MATERIALIZED (
       SELECT h.*, least(coalesce(s.place, $4 + 1), $4 + 1) AS place
         FROM health h
         LEFT JOIN sorted s ON s.row = h.row),
     told AS MATERIALIZED (
       SELECT row_number() OVER () AS n, p.policy_domain_id, p.apart, p.place,
              p.profile_ids
         FROM placed p
        WHERE $4 IS NULL OR p.place <= $4),
     signed AS MATERIALIZED (
       SELECT t.n, t.policy_domain_id, u.profile_id
         FROM told t
        CROSS JOIN LATERAL unnest(t.profile_ids) u (profile_id)),
     mail AS MATERIALIZED (
       SELECT c.policy_domain_id, c.profile_id, c.source_ip,
              sum(c.message_count) AS messages
         FROM dmarc.record c
        WHERE c.policy_domain_id = ANY ((SELECT ids FROM asked)::integer[])
          AND c.day BETWEEN coalesce($2, '-infinity')
                        AND coalesce($3, 'infinity')
          AND (c.policy_domain_id, c.profile_id) IN (
              SELECT s.policy_domain_id, s.profile_id FROM signed s)
          AND NOT EXISTS (SELECT FROM dmarc.left_out x
                           WHERE x.policy_domain_id = c.policy_domain_id
                             AND x.id = c.report_id)
        GROUP BY c.policy_domain_id, c.profile_id, c.source_ip),
     known AS MATERIALIZED (
       SELECT x.policy_domain_id, a.source_ip, a.alike
         FROM (SELECT u.policy_domain_id, array_agg(u.source_ip) AS ips
                 FROM (SELECT DISTINCT m.policy_domain_id, m.source_ip
                         FROM mail m
                        WHERE m.source_ip IS NOT NULL) u
                GROUP BY u.policy_domain_id) x
         JOIN dmarc.policy_domain d ON d.id = x.policy_domain_id
        CROSS JOIN LATERAL dmarc.alike(d.name, x.ips) a),
     pair AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY x.profile_id) AS n, d.name, x.*
         FROM (SELECT m.policy_domain_id, m.profile_id, k.alike,
                      sum(m.messages) AS messages
                 FROM mail m
                 LEFT JOIN known k ON k.policy_domain_id = m.policy_domain_id
                                  AND k.source_ip = m.source_ip
                GROUP BY m.policy_domain_id, m.profile_id, k.alike) x
         JOIN dmarc.policy_domain d ON d.id = x.policy_domain_id),
     judged AS MATERIALIZED (
       SELECT p.policy_domain_id, p.profile_id, v.sender,
              sum(p.messages) AS messages
         FROM pair p
         JOIN dmarc.verdicts(
                (SELECT array_agg(x.name ORDER BY x.n) FROM pair x),
                (SELECT array_agg(x.profile_id ORDER BY x.n) FROM pair x),
                (SELECT array_agg(x.alike ORDER BY x.n) FROM pair x)) v
           ON v.n = p.n
        WHERE v.sender IS NOT NULL
        GROUP BY p.policy_domain_id, p.profile_id, v.sender),
     sender AS MATERIALIZED (
       SELECT t.policy_domain_id, t.apart, t.place, count(*) AS senders,
              string_agg(x.sender, ', ' ORDER BY x.nth)
                FILTER (WHERE x.nth <= 3) AS top
         FROM (SELECT s.n, j.sender, row_number() OVER (PARTITION BY s.n
                        ORDER BY sum(j.messages) DESC, j.sender) AS nth
                 FROM signed s
                 JOIN judged j ON j.policy_domain_id = s.policy_domain_id
                              AND j.profile_id = s.profile_id
                GROUP BY s.n, j.sender) x
         JOIN told t ON t.n = x.n
        GROUP BY t.policy_domain_id, t.apart, t.place),
     line AS (
       SELECT policy_domain_id, domain, selector, state, apart, place,
              messages, pass, broken, fail, permerror, neutral, policy,
              temperror, other, first_pass, last_pass, first_broken,
              last_broken, broken_since, broken_reporters, top_reporters,
              NULL::bigint AS more
         FROM placed
        WHERE $4 IS NULL OR place <= $4
        UNION ALL
       SELECT policy_domain_id, NULL, NULL, NULL, apart, $4 + 1,
              sum(messages), sum(pass), sum(broken), sum(fail),
              sum(permerror), sum(neutral), sum(policy), sum(temperror),
              sum(other), min(first_pass), max(last_pass), min(first_broken),
              max(last_broken), NULL, NULL, NULL, count(*)
         FROM placed
        WHERE place > $4
        GROUP BY policy_domain_id, apart)
SELECT d.name AS domain, h.domain AS signed_as, h.selector, h.state,
       h.apart, h.messages, h.pass, h.broken, h.fail, h.permerror, h.neutral,
       h.policy AS by_policy, h.temperror, h.other, h.first_pass, h.last_pass,
       h.first_broken, h.last_broken, h.broken_since, h.broken_reporters,
       h.top_reporters, greatest(h.broken_reporters - 3, 0)
         AS top_reporters_more,
       x.top AS senders, greatest(x.senders - 3, 0) AS senders_more, h.more
  FROM line h
  JOIN dmarc.policy_domain d ON d.id = h.policy_domain_id
  LEFT JOIN sender x ON x.policy_domain_id = h.policy_domain_id
                    AND x.apart = h.apart
                    AND x.place = h.place
 ORDER BY d.name, h.apart, h.place;
