-- retry-list: items that are set aside, and those of whose reports records
-- are; still open, with their bytes.
SELECT id
  FROM dmarc.set_aside
 WHERE kind IN ('item', 'report') AND resolved_at IS NULL AND raw IS NOT NULL
 ORDER BY id;
