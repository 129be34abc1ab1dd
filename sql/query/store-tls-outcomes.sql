-- store-tls-outcomes: the number in the batch of each incoming TLS report that is
-- there already, and whether one that is there says the same.
SELECT i.n, r.content_hash = i.content_hash AS same
  FROM pg_temp.incoming_tls i
 CROSS JOIN LATERAL (
       SELECT r.content_hash
         FROM dmarc.tls_report r
        WHERE r.policy_domain = i.domain
          AND r.reporter = i.reporter
          AND coalesce(r.report_id, '') = coalesce(i.report_id, '')
          AND r.begin_at = i.begin_at
          AND r.end_at = i.end_at
        ORDER BY r.content_hash = i.content_hash DESC, r.slot
        LIMIT 1) r
 WHERE NOT EXISTS (SELECT FROM dmarc.tls_report s WHERE s.id = i.id)
 ORDER BY i.n;
