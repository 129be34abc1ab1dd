-- conflict-list: reports that came again with other content and are not decided
-- on, beside the ones that are stored.  $1 bigint: one of them, or NULL for
-- the newest hundred.
SELECT a.id, a.policy_domain AS domain, a.org_name, a.report_id,
       l.message_count AS messages, l.pass_count AS pass, l.mail_from,
       r.message_count AS stored_messages, r.pass_count AS stored_pass,
       r.mail_from AS stored_from, r.tier AS stored_tier,
       CASE a.decision WHEN 'replace'
            THEN 'replace: dmarc-ingest --retry does it' END AS decision,
       to_char(a.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen
  FROM (SELECT s.id, s.source, s.part, s.policy_domain, s.org_name, s.report_id,
               s.first_seen_at, c.decision
          FROM dmarc.set_aside s
          LEFT JOIN dmarc.conflict_decision c ON c.set_aside_id = s.id
         WHERE s.reason = 'conflict'
           AND s.resolved_at IS NULL
           AND c.decision IS DISTINCT FROM 'keep'
           AND ($1::bigint IS NULL OR s.id = $1)
         ORDER BY s.first_seen_at DESC, s.id DESC
         LIMIT 100) a
  LEFT JOIN LATERAL (
       SELECT l.begin_at, l.end_at, l.message_count, l.pass_count, l.mail_from
         FROM dmarc.ingest_log l
        WHERE l.seen_at = a.first_seen_at
          AND l.outcome = 'conflict'
          AND l.source = a.source
          AND l.part IS NOT DISTINCT FROM a.part
        LIMIT 1) l ON true
  LEFT JOIN LATERAL (
       SELECT r.message_count, r.pass_count, r.mail_from, r.tier
         FROM dmarc.report r
         JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
        WHERE d.name = a.policy_domain
          AND r.reporter = lower(a.org_name)
          AND r.report_id IS NOT DISTINCT FROM a.report_id
          AND r.begin_at = l.begin_at
          AND r.end_at = l.end_at
        ORDER BY r.slot = 0 DESC, r.slot
        LIMIT 1) r ON true
 ORDER BY a.first_seen_at DESC, a.id DESC;
