-- retry-resolve: it could be read now.  $1 bigint: its id, $2 text: what
-- became of it.
UPDATE dmarc.set_aside
   SET resolved_at = now(), resolution = $2::text
 WHERE id = $1::bigint AND resolved_at IS NULL;
