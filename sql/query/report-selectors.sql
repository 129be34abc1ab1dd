-- report-selectors: how each DKIM selector fares; what is broken goes first,
-- what never verified last.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
--
-- Who sends is asked for the selectors that are listed only.
WITH health AS MATERIALIZED (
       SELECT h.*, coalesce(h.selector, '') AS s,
              h.state = 'never_verified' AS apart,
              array_position(ARRAY['broken', 'partly', 'healthy', 'unclear',
                'never_verified'], h.state) AS rank
         FROM dmarc.selector_health(
                CASE WHEN cardinality($1::text[]) = 1 THEN $1[1] END, $2, $3) h
        WHERE ($1 IS NULL OR h.policy_domain = ANY ($1))),
     placed AS MATERIALIZED (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain, apart
                         ORDER BY rank, broken DESC, messages DESC,
                                  domain COLLATE "C", selector COLLATE "C"),
                       $4::bigint + 1) AS place
         FROM health),
     asked AS MATERIALIZED (
       SELECT policy_domain, domain, s
         FROM placed
        WHERE $4 IS NULL OR place <= $4),
     one AS MATERIALIZED (
       SELECT d.id, d.name AS policy_domain, m.profile_id, m.alike, m.messages
         FROM (SELECT m.policy_domain_id, m.profile_id, m.alike,
                      sum(m.message_count) AS messages
                 FROM dmarc.mail_of($1::text[], $2, $3) m
                GROUP BY 1, 2, 3) m
         JOIN dmarc.policy_domain d ON d.id = m.policy_domain_id),
     -- Profiles are looked up one by one: a domain has few, the table many.
     signed AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY o.id, o.profile_id) AS n, o.id,
              o.policy_domain, o.profile_id, o.alike, o.messages, o.keys
         FROM (SELECT o.id, o.policy_domain, o.profile_id, o.alike, o.messages,
                      array_agg(ARRAY[q.domain, q.s]) AS keys
                 FROM one o
                CROSS JOIN LATERAL (
                      SELECT q.domain, coalesce(q.selector, '') AS s
                        FROM dmarc.profile_signature q
                       WHERE q.profile_id = o.profile_id
                      OFFSET 0) q
                 JOIN asked a ON a.policy_domain = o.policy_domain
                             AND a.domain = q.domain
                             AND a.s = q.s
                GROUP BY o.id, o.policy_domain, o.profile_id, o.alike,
                         o.messages) o),
     judged AS MATERIALIZED (
       SELECT x.policy_domain, x.profile_id, v.sender, x.keys,
              sum(x.messages) AS messages
         FROM signed x
         JOIN (SELECT array_agg(id) AS ids, array_agg(profile_id) AS profiles,
                      array_agg(alike) AS ips
                 FROM (SELECT * FROM signed ORDER BY n) y) a ON true
        CROSS JOIN dmarc.verdicts_of(a.ids, a.profiles, a.ips) v
        WHERE v.n = x.n
          AND v.sender IS NOT NULL
        GROUP BY x.policy_domain, x.profile_id, v.sender, x.keys),
     sender AS (
       SELECT policy_domain, domain, s, count(*) AS senders,
              string_agg(sender, ', ' ORDER BY n) FILTER (WHERE n <= 3) AS top
         FROM (SELECT j.policy_domain, j.keys[i][1] AS domain,
                      j.keys[i][2] AS s, j.sender,
                      row_number() OVER (PARTITION BY j.policy_domain,
                          j.keys[i][1], j.keys[i][2]
                        ORDER BY sum(j.messages) DESC, j.sender) AS n
                 FROM judged j
                CROSS JOIN generate_subscripts(j.keys, 1) i
                GROUP BY 1, 2, 3, 4) x
        GROUP BY policy_domain, domain, s),
     line AS (
       SELECT policy_domain, domain, selector, s, state, apart, place,
              messages, pass, broken, fail, permerror, neutral, policy,
              temperror, other, first_pass, last_pass, first_broken,
              last_broken, broken_since, broken_reporters, top_reporters,
              NULL::bigint AS more
         FROM placed
        WHERE $4 IS NULL OR place <= $4
        UNION ALL
       SELECT policy_domain, NULL, NULL, NULL, NULL, apart, $4 + 1,
              sum(messages), sum(pass), sum(broken), sum(fail),
              sum(permerror), sum(neutral), sum(policy), sum(temperror),
              sum(other), min(first_pass), max(last_pass), min(first_broken),
              max(last_broken), NULL, NULL, NULL, count(*)
         FROM placed
        WHERE place > $4
        GROUP BY policy_domain, apart)
SELECT h.policy_domain AS domain, h.domain AS signed_as, h.selector, h.state,
       h.apart, h.messages, h.pass, h.broken, h.fail, h.permerror, h.neutral,
       h.policy AS by_policy, h.temperror, h.other, h.first_pass, h.last_pass,
       h.first_broken, h.last_broken, h.broken_since, h.broken_reporters,
       h.top_reporters, greatest(h.broken_reporters - 3, 0)
         AS top_reporters_more,
       x.top AS senders, greatest(x.senders - 3, 0) AS senders_more, h.more
  FROM line h
  LEFT JOIN sender x ON x.policy_domain = h.policy_domain
                    AND x.domain = h.domain
                    AND x.s = h.s
 ORDER BY h.policy_domain, h.apart, h.place;
