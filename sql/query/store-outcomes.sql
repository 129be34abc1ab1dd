-- store-outcomes: the number in the batch of each incoming report that is there
-- already, and whether one that is there says the same.
SELECT i.n, bool_or(r.content_hash = i.content_hash) AS same
  FROM pg_temp.incoming_report i
  JOIN dmarc.policy_domain d ON d.name = i.domain
 CROSS JOIN LATERAL (
       -- With LIMIT, so that the key is looked up and not the table read.
       SELECT r.content_hash
         FROM dmarc.report r
        WHERE r.policy_domain_id = d.id
          AND r.reporter = i.reporter
          AND coalesce(r.report_id, '') = coalesce(i.report_id, '')
          AND r.begin_at = i.begin_at
          AND r.end_at = i.end_at
        ORDER BY r.content_hash = i.content_hash DESC, r.slot
        LIMIT 1) r
 WHERE NOT EXISTS (SELECT FROM dmarc.report s
                    WHERE s.policy_domain_id = d.id
                      AND s.id = i.id)
 GROUP BY i.n
 ORDER BY i.n;
