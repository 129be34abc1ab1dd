-- ingest_status: what came in and what became of it.
CREATE OR REPLACE VIEW dmarc.ingest_status AS
SELECT outcome, reason, count(*) AS document_count,
       count(DISTINCT source) AS source_count,
       sum(record_count)::bigint AS record_count,
       sum(message_count)::bigint AS message_count,
       min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at
  FROM dmarc.ingest_log
 GROUP BY outcome, reason;
COMMENT ON VIEW dmarc.ingest_status IS 'documents seen by outcome and reason; behind dmarc-report status';

-- set_aside_open: what waits for a person or a newer version.
CREATE OR REPLACE VIEW dmarc.set_aside_open AS
SELECT id, first_seen_at, kind, source, part, reason, detail, size,
       policy_domain, org_name, report_id
  FROM dmarc.set_aside
 WHERE resolved_at IS NULL;
COMMENT ON VIEW dmarc.set_aside_open IS 'set aside and not yet resolved; behind dmarc-report status';
