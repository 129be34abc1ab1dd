-- conflict-decide: a person's word on a conflict.  $1 bigint: its id in
-- set_aside, $2 text: keep (the stored report stays) or replace (the next
-- dmarc-ingest --retry stores the other one instead).
UPDATE dmarc.set_aside
   SET resolution = $2::text,
       resolved_at = CASE $2::text WHEN 'keep' THEN now() END
 WHERE id = $1::bigint
   AND reason = 'conflict'
   AND resolved_at IS NULL;
