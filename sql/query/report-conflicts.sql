-- report-conflicts: reports that came again with other content; the first
-- stays.  No parameters.
SELECT policy_domain AS domain, org_name, report_id,
       to_char(begin_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS begin_at,
       to_char(end_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS end_at,
       count(*) AS documents, sum(record_count) AS records,
       sum(message_count) AS messages,
       to_char(min(seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen,
       to_char(max(seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS last_seen
  FROM dmarc.ingest_log
 WHERE outcome = 'conflict'
 GROUP BY policy_domain, org_name, report_id, begin_at, end_at
 ORDER BY policy_domain, org_name, report_id, begin_at, end_at;
