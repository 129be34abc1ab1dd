-- retry-list: items that are set aside, still open, with their bytes.
SELECT id
  FROM dmarc.set_aside
 WHERE kind = 'item' AND resolved_at IS NULL AND raw IS NOT NULL
 ORDER BY id;
