-- report-outcomes: what came in and what became of it.  No parameters.
SELECT outcome, reason, document_count AS documents, record_count AS records,
       message_count AS messages,
       to_char(first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen,
       to_char(last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS last_seen
  FROM dmarc.ingest_status
 ORDER BY array_position(ARRAY['stored', 'duplicate', 'conflict', 'set_aside',
                               'not_report'], outcome),
          document_count DESC, reason;
