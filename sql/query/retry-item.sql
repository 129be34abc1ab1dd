-- retry-item: one of them, and how many bytes it has; better: a report in it may
-- take the place of itself, if it is read better now; decided: a person prefers
-- it to the one that is stored.  $1 bigint: its id.
SELECT source, octet_length(raw) AS len, kind = 'report' AS better,
       reason = 'conflict' AND EXISTS (
         SELECT FROM dmarc.conflict_decision c
          WHERE c.set_aside_id = $1::bigint
            AND c.decision = 'replace') AS decided
  FROM dmarc.set_aside
 WHERE id = $1::bigint AND resolved_at IS NULL;
