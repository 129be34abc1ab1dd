-- ingest_status: what came in and what became of it.
CREATE OR REPLACE VIEW dmarc.ingest_status AS
SELECT outcome, reason, count(*) AS document_count,
       count(DISTINCT source) AS source_count,
       sum(record_count) AS record_count,
       sum(message_count) AS message_count,
       min(seen_at) AS first_seen_at, max(seen_at) AS last_seen_at
  FROM dmarc.ingest_log
 WHERE outcome <> 'discarded'
 GROUP BY outcome, reason;
COMMENT ON VIEW dmarc.ingest_status IS 'documents seen by outcome and reason; behind dmarc-report status';
COMMENT ON COLUMN dmarc.ingest_status.outcome IS 'stored, duplicate, conflict, set_aside or not_report; what is discarded is no document';
COMMENT ON COLUMN dmarc.ingest_status.reason IS 'short code of the reason';
COMMENT ON COLUMN dmarc.ingest_status.document_count IS 'documents';
COMMENT ON COLUMN dmarc.ingest_status.source_count IS 'distinct files or messages they came from';
COMMENT ON COLUMN dmarc.ingest_status.record_count IS 'record elements in them';
COMMENT ON COLUMN dmarc.ingest_status.message_count IS 'messages in them';
COMMENT ON COLUMN dmarc.ingest_status.first_seen_at IS 'when the first was seen';
COMMENT ON COLUMN dmarc.ingest_status.last_seen_at IS 'when the last was seen';

-- set_aside_open: what waits for a person or a newer version.
CREATE OR REPLACE VIEW dmarc.set_aside_open AS
SELECT id, first_seen_at, kind, source, part, reason, detail, size,
       policy_domain, org_name, report_id
  FROM dmarc.set_aside
 WHERE resolved_at IS NULL
   AND kind <> 'report'
   AND NOT (reason = 'conflict'
            AND id IN (SELECT set_aside_id FROM dmarc.conflict_decision
                        WHERE decision = 'keep'));
COMMENT ON VIEW dmarc.set_aside_open IS 'set aside and not yet resolved; behind dmarc-report status';
COMMENT ON COLUMN dmarc.set_aside_open.id IS 'dmarc.set_aside.id';
COMMENT ON COLUMN dmarc.set_aside_open.first_seen_at IS 'when it was first seen';
COMMENT ON COLUMN dmarc.set_aside_open.kind IS 'item: a whole message or file; record: one record of a report whose others are stored';
COMMENT ON COLUMN dmarc.set_aside_open.source IS 'where it came from';
COMMENT ON COLUMN dmarc.set_aside_open.part IS 'path inside the mail or archive; for a record its number, too';
COMMENT ON COLUMN dmarc.set_aside_open.reason IS 'short code of the reason';
COMMENT ON COLUMN dmarc.set_aside_open.detail IS 'the reason in words';
COMMENT ON COLUMN dmarc.set_aside_open.size IS 'bytes of the whole thing';
COMMENT ON COLUMN dmarc.set_aside_open.policy_domain IS 'of the report, where known';
COMMENT ON COLUMN dmarc.set_aside_open.org_name IS 'of the report, where known';
COMMENT ON COLUMN dmarc.set_aside_open.report_id IS 'of the report, where known';
