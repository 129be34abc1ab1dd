-- retry-list: items that are set aside, and those of whose reports records
-- are; still open, with their bytes, and nobody has decided to leave them.
SELECT id
  FROM dmarc.set_aside
 WHERE kind IN ('item', 'report') AND resolved_at IS NULL AND raw IS NOT NULL
   AND NOT (reason = 'conflict'
            AND id IN (SELECT set_aside_id FROM dmarc.conflict_decision
                        WHERE decision = 'keep'))
 ORDER BY id;
