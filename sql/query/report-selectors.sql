-- report-selectors: how each DKIM selector fares; what is broken goes first,
-- what never verified last.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
WITH one AS MATERIALIZED (
       SELECT policy_domain, profile_id, alike, sum(message_count) AS messages
         FROM dmarc.mail($1, $2, $3)
        GROUP BY policy_domain, profile_id, alike),
     judged AS MATERIALIZED (
       SELECT o.policy_domain, o.profile_id, v.sender,
              sum(o.messages) AS messages
         FROM one o
        CROSS JOIN LATERAL dmarc.verdict(o.policy_domain, o.profile_id,
                             nullif(o.alike, '::/0')) v
        WHERE v.sender IS NOT NULL
        GROUP BY o.policy_domain, o.profile_id, v.sender),
     sender AS (
       SELECT policy_domain, domain, s, count(*) AS senders,
              string_agg(sender, ', ' ORDER BY n) FILTER (WHERE n <= 3) AS top
         FROM (SELECT j.policy_domain, q.domain, coalesce(q.selector, '') AS s,
                      j.sender,
                      row_number() OVER (PARTITION BY j.policy_domain,
                          q.domain, coalesce(q.selector, '')
                        ORDER BY sum(j.messages) DESC, j.sender) AS n
                 FROM judged j
                CROSS JOIN LATERAL (
                      SELECT q.domain, q.selector
                        FROM dmarc.profile_signature q
                       WHERE q.profile_id = j.profile_id
                      OFFSET 0) q
                GROUP BY 1, 2, 3, 4) x
        GROUP BY policy_domain, domain, s)
SELECT h.policy_domain AS domain, h.domain AS signed_as, h.selector, h.state,
       h.state = 'never_verified' AS apart,
       h.messages, h.pass, h.broken, h.fail, h.permerror, h.neutral,
       h.policy AS by_policy, h.temperror, h.other, h.first_pass, h.last_pass,
       h.first_broken, h.last_broken, h.broken_since, h.broken_reporters,
       h.top_reporters, greatest(h.broken_reporters - 3, 0)
         AS top_reporters_more,
       x.top AS senders, greatest(x.senders - 3, 0) AS senders_more
  FROM dmarc.selector_health($1, $2, $3) h
  LEFT JOIN sender x ON x.policy_domain = h.policy_domain
                    AND x.domain = h.domain
                    AND x.s = coalesce(h.selector, '')
 ORDER BY h.policy_domain,
          array_position(ARRAY['broken', 'partly', 'healthy', 'unclear',
                               'never_verified'], h.state),
          h.broken DESC, h.messages DESC, h.domain, h.selector;
