-- find-log: what came in under a name, and what became of it, the newest first.
-- $1 text: the name, as dmarc.is_named() has it.  $2 bigint: rows of a list at
-- most, or NULL for all; one more sums up the others, and "more" is their number.
WITH placed AS (
       SELECT *, least(row_number() OVER (ORDER BY seen_at DESC, id DESC),
                       $2::bigint + 1) AS place
         FROM dmarc.ingest_log
        WHERE dmarc.is_named($1::text, report_id, message_id, source, part))
SELECT to_char(max(seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS seen,
       CASE WHEN count(*) = 1 THEN min(source) END AS source,
       CASE WHEN count(*) = 1 THEN min(part) END AS part,
       CASE WHEN count(*) = 1 THEN min(kind) END AS kind,
       CASE WHEN count(*) = 1 THEN min(outcome) END AS outcome,
       CASE WHEN count(*) = 1 THEN min(reason) END AS reason,
       CASE WHEN count(*) = 1 THEN min(detail) END AS detail,
       CASE WHEN count(*) = 1 THEN min(policy_domain) END AS domain,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS org_name,
       CASE WHEN count(*) = 1 THEN min(report_id) END AS report_id,
       CASE WHEN count(*) = 1 THEN min(message_id) END AS message_id,
       CASE WHEN count(*) = 1 THEN min(mail_from) END AS mail_from,
       CASE WHEN count(*) = 1 THEN min(size) END AS bytes,
       CASE WHEN count(*) = 1 THEN min(record_count) END AS records,
       CASE WHEN count(*) = 1 THEN min(message_count) END AS messages,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY place;
