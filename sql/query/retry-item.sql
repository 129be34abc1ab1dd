-- retry-item: the bytes of one.  $1 bigint: its id.
SELECT source, raw, kind
  FROM dmarc.set_aside
 WHERE id = $1::bigint AND resolved_at IS NULL;
