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
         FROM unnest(coalesce($1::text[], ARRAY[NULL])) AS q (name)
        CROSS JOIN LATERAL dmarc.selector_health(q.name, $2, $3) h),
     placed AS MATERIALIZED (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain, apart
                         ORDER BY rank, broken DESC, messages DESC, domain,
                                  selector), $4::bigint + 1) AS place
         FROM health),
     asked AS MATERIALIZED (
       SELECT policy_domain, domain, s
         FROM placed
        WHERE $4 IS NULL OR place <= $4),
     one AS MATERIALIZED (
       SELECT m.policy_domain, m.profile_id, m.alike,
              sum(m.message_count) AS messages
         FROM unnest(coalesce($1::text[], ARRAY[NULL])) AS q (name)
        CROSS JOIN LATERAL dmarc.mail(q.name, $2, $3) m
        GROUP BY m.policy_domain, m.profile_id, m.alike),
     -- Profiles are looked up one by one: a domain has few, the table many.
     signed AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY o.policy_domain, o.profile_id) AS n,
              o.policy_domain, o.profile_id, o.alike, o.messages, q.keys
         FROM one o
        CROSS JOIN LATERAL (
              SELECT array_agg(ARRAY[q.domain, coalesce(q.selector, '')])
                       AS keys
                FROM dmarc.profile_signature q
               WHERE q.profile_id = o.profile_id
                 AND (o.policy_domain, q.domain, coalesce(q.selector, ''))
                     IN (SELECT policy_domain, domain, s FROM asked)
              OFFSET 0) q
        WHERE q.keys IS NOT NULL),
     judged AS MATERIALIZED (
       SELECT x.policy_domain, x.profile_id, v.sender, x.keys,
              sum(x.messages) AS messages
         FROM signed x
         JOIN (SELECT array_agg(policy_domain ORDER BY n) AS domains,
                      array_agg(profile_id ORDER BY n) AS profiles,
                      array_agg(nullif(alike, '::/0') ORDER BY n) AS ips
                 FROM signed) a ON true
        CROSS JOIN dmarc.verdicts(a.domains, a.profiles, a.ips) v
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
        GROUP BY policy_domain, domain, s)
SELECT h.policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(h.domain) END AS signed_as,
       CASE WHEN count(*) = 1 THEN min(h.selector) END AS selector,
       CASE WHEN count(*) = 1 THEN min(h.state) END AS state, h.apart,
       sum(h.messages) AS messages, sum(h.pass) AS pass,
       sum(h.broken) AS broken, sum(h.fail) AS fail,
       sum(h.permerror) AS permerror, sum(h.neutral) AS neutral,
       sum(h.policy) AS by_policy, sum(h.temperror) AS temperror,
       sum(h.other) AS other, min(h.first_pass) AS first_pass,
       max(h.last_pass) AS last_pass, min(h.first_broken) AS first_broken,
       max(h.last_broken) AS last_broken,
       CASE WHEN count(*) = 1 THEN min(h.broken_since) END AS broken_since,
       CASE WHEN count(*) = 1 THEN min(h.broken_reporters) END
         AS broken_reporters,
       CASE WHEN count(*) = 1 THEN min(h.top_reporters) END AS top_reporters,
       CASE WHEN count(*) = 1
            THEN greatest(min(h.broken_reporters) - 3, 0) END
         AS top_reporters_more,
       CASE WHEN count(*) = 1 THEN min(x.top) END AS senders,
       CASE WHEN count(*) = 1 THEN greatest(min(x.senders) - 3, 0) END
         AS senders_more,
       nullif(count(*), 1) AS more
  FROM placed h
  LEFT JOIN sender x ON x.policy_domain = h.policy_domain
                    AND x.domain = h.domain
                    AND x.s = h.s
 GROUP BY h.policy_domain, h.apart, h.place
 ORDER BY h.policy_domain, h.apart, h.place;
