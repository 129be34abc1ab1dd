-- find-stored: reports of a name that are stored, and whether they count; the
-- newest first.
-- $1 text: the name, as dmarc.is_named() has it.  $2 bigint: rows of a list at
-- most, or NULL for all; one more sums up the others, and "more" is their number.
WITH found AS (
       SELECT 'aggregate' AS kind, r.id, d.name AS domain, r.org_name,
              r.report_id, r.begin_at, r.end_at, r.ingested_at, r.source,
              r.part, r.message_id, r.mail_from,
              r.record_count - r.set_aside_count AS records,
              r.message_count AS messages, NULL::bigint AS sessions, r.tier,
              r.left_out_reason
         FROM dmarc.report r
         JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
        WHERE dmarc.is_named($1::text, r.report_id, r.message_id, r.source,
                             r.part)
       UNION ALL
       SELECT 'tls', r.id, r.policy_domain, r.org_name, r.report_id,
              r.begin_at, r.end_at, r.ingested_at, r.source, r.part,
              r.message_id, r.mail_from, NULL, NULL,
              r.success_count + r.failure_count, r.tier, r.left_out_reason
         FROM dmarc.tls_report r
        WHERE dmarc.is_named($1::text, r.report_id, r.message_id, r.source,
                             r.part)),
     placed AS (
       SELECT *, least(row_number() OVER (ORDER BY ingested_at DESC, kind,
                         id DESC), $2::bigint + 1) AS place
         FROM found)
SELECT to_char(max(ingested_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS seen,
       CASE WHEN count(*) = 1 THEN min(kind) END AS kind,
       CASE WHEN count(*) = 1 THEN min(id) END AS id,
       CASE WHEN count(*) = 1 THEN min(domain) END AS domain,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS org_name,
       CASE WHEN count(*) = 1 THEN min(report_id) END AS report_id,
       to_char(min(begin_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS begin_at,
       to_char(max(end_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS end_at,
       CASE WHEN count(*) > 1 THEN NULL
            WHEN min(tier) = 'C'
              THEN 'left out' || coalesce(': ' || min(left_out_reason), '')
            ELSE 'counts'
       END AS state,
       CASE WHEN count(*) = 1 THEN min(source) END AS source,
       CASE WHEN count(*) = 1 THEN min(part) END AS part,
       CASE WHEN count(*) = 1 THEN min(message_id) END AS message_id,
       CASE WHEN count(*) = 1 THEN min(mail_from) END AS mail_from,
       sum(records) AS records, sum(messages) AS messages,
       sum(sessions) AS sessions, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY place;
