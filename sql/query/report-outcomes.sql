-- report-outcomes: what came in and what became of it.
-- $1 bigint: rows of a list at most, or NULL for all; one more sums up the
-- others, and "more" is their number.
WITH placed AS (
       SELECT *, least(row_number() OVER (
                         ORDER BY array_position(ARRAY['stored', 'duplicate',
                           'conflict', 'set_aside', 'not_report'], outcome),
                           document_count DESC, reason), $1::bigint + 1)
                   AS place
         FROM dmarc.ingest_status)
SELECT CASE WHEN count(*) = 1 THEN min(outcome) END AS outcome,
       CASE WHEN count(*) = 1 THEN min(reason) END AS reason,
       sum(document_count) AS documents, sum(record_count) AS records,
       sum(message_count) AS messages,
       to_char(min(first_seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen,
       to_char(max(last_seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS last_seen, nullif(count(*), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY place;
