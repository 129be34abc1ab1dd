-- ingest_status groups the ledger; set_aside_open drops what was resolved.
INSERT INTO dmarc.ingest_log (seen_at, source, part, outcome, reason,
       record_count, message_count) VALUES
  ('2026-05-01 00:00+00', 'a.eml', '1', 'stored', NULL, 2, 10),
  ('2026-05-03 00:00+00', 'a.eml', '2', 'stored', NULL, 3, 20),
  ('2026-05-02 00:00+00', 'b.eml', NULL, 'duplicate', NULL, 3, 20),
  ('2026-05-02 00:00+00', 'c.eml', NULL, 'set_aside', 'bad_crc', NULL, NULL),
  ('2026-05-02 00:00+00', 'd.eml', NULL, 'set_aside', 'limit', NULL, NULL);
SELECT outcome, reason, document_count, source_count, record_count,
       message_count, first_seen_at AT TIME ZONE 'UTC',
       last_seen_at AT TIME ZONE 'UTC'
  FROM dmarc.ingest_status ORDER BY outcome, reason;
INSERT INTO dmarc.set_aside (digest, kind, source, reason, detail, size,
       resolved_at) VALUES
  ('\x01', 'item', 'c.eml', 'bad_crc', 'the checksum does not match', 10, NULL),
  ('\x02', 'item', 'd.eml', 'limit', 'too large', 10, now());
SELECT source, reason FROM dmarc.set_aside_open;
