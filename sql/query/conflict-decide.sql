-- conflict-decide: a person's word on a conflict.  $1 bigint: its id in
-- set_aside, $2 text: keep (the stored report stays) or replace (the next
-- dmarc-ingest --retry stores the other one instead).
INSERT INTO dmarc.conflict_decision (set_aside_id, decision)
SELECT a.id, $2::text
  FROM dmarc.set_aside a
 WHERE a.id = $1::bigint
   AND a.reason = 'conflict'
   AND a.resolved_at IS NULL
    ON CONFLICT (set_aside_id) DO UPDATE
   SET decision = excluded.decision;
