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
     line AS MATERIALIZED (
       SELECT row_number() OVER () AS n, h.*
         FROM dmarc.selector_health((SELECT ids FROM asked), $2::date, $3::date,
                $4::bigint) h),
     signed AS MATERIALIZED (
       SELECT t.n, t.policy_domain_id, u.profile_id
         FROM line t
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
       SELECT row_number() OVER (ORDER BY x.profile_id) AS n, x.*
         FROM (SELECT m.policy_domain_id, m.profile_id,
                      coalesce(k.alike, '::/0') AS alike,
                      sum(m.messages) AS messages
                 FROM mail m
                 LEFT JOIN known k ON k.policy_domain_id = m.policy_domain_id
                                  AND k.source_ip = m.source_ip
                GROUP BY m.policy_domain_id, m.profile_id, 3) x),
     judged AS MATERIALIZED (
       SELECT p.policy_domain_id, p.profile_id, v.sender,
              sum(p.messages) AS messages
         FROM pair p
         JOIN dmarc.verdicts_of(
                ARRAY(SELECT x.policy_domain_id FROM pair x ORDER BY x.n),
                ARRAY(SELECT x.profile_id FROM pair x ORDER BY x.n),
                ARRAY(SELECT x.alike FROM pair x ORDER BY x.n)) v
           ON v.n = p.n
        WHERE v.sender IS NOT NULL
        GROUP BY p.policy_domain_id, p.profile_id, v.sender),
     sender AS MATERIALIZED (
       SELECT x.n, count(*) AS senders,
              string_agg(x.sender, ', ' ORDER BY x.nth)
                FILTER (WHERE x.nth <= 3) AS top
         FROM (SELECT s.n, j.sender, row_number() OVER (PARTITION BY s.n
                        ORDER BY sum(j.messages) DESC, j.sender) AS nth
                 FROM signed s
                 JOIN judged j ON j.policy_domain_id = s.policy_domain_id
                              AND j.profile_id = s.profile_id
                GROUP BY s.n, j.sender) x
        GROUP BY x.n)
SELECT d.name AS domain, h.domain AS signed_as, h.selector, h.state,
       h.apart, h.messages, h.pass, h.broken, h.fail, h.permerror, h.neutral,
       h.policy AS by_policy, h.temperror, h.other, h.first_pass, h.last_pass,
       h.first_broken, h.last_broken, h.broken_since, h.broken_reporters,
       h.top_reporters, greatest(h.broken_reporters - 3, 0)
         AS top_reporters_more,
       x.top AS senders, greatest(x.senders - 3, 0) AS senders_more, h.more
  FROM line h
  JOIN dmarc.policy_domain d ON d.id = h.policy_domain_id
  LEFT JOIN sender x ON x.n = h.n
 ORDER BY d.name, h.apart, h.place;
