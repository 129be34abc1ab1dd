-- report-conflicts: reports that came again with other content; the first
-- stays.  Of many those that came last are listed.
-- $1 bigint: rows of a list at most, or NULL for all; one more sums up the
-- others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, org_name, report_id, begin_at, end_at,
              count(*) AS documents, sum(record_count) AS records,
              sum(message_count) AS messages, min(seen_at) AS first_seen,
              max(seen_at) AS last_seen
         FROM dmarc.ingest_log
        WHERE outcome = 'conflict'
        GROUP BY policy_domain, org_name, report_id, begin_at, end_at),
     placed AS (
       SELECT *, least(row_number() OVER (
                         ORDER BY last_seen DESC, policy_domain, org_name,
                                  report_id, begin_at, end_at), $1::bigint + 1)
                   AS place
         FROM figure)
SELECT CASE WHEN count(*) = 1 THEN min(policy_domain) END AS domain,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS org_name,
       CASE WHEN count(*) = 1 THEN min(report_id) END AS report_id,
       CASE WHEN count(*) = 1 THEN
         to_char(min(begin_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
       END AS begin_at,
       CASE WHEN count(*) = 1 THEN
         to_char(min(end_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
       END AS end_at,
       sum(documents) AS documents, sum(records) AS records,
       sum(messages) AS messages,
       to_char(min(first_seen) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen,
       to_char(max(last_seen) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS last_seen, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY count(*) > 1, min(policy_domain), min(org_name), min(report_id),
          min(begin_at), min(end_at);
