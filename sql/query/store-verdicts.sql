-- store-verdicts: what became of each incoming report: its number in the
-- batch, its ids, and stored, duplicate or conflict.
SELECT i.n, i.policy_domain_id, i.id,
       CASE
         WHEN r.id = i.id THEN 'stored'
         WHEN r.content_hash = i.content_hash THEN 'duplicate'
         ELSE 'conflict'
       END AS outcome
  FROM pg_temp.incoming_report i
  JOIN dmarc.report r
    ON r.policy_domain_id = i.policy_domain_id
   AND r.reporter = i.reporter
   AND coalesce(r.report_id, '') = coalesce(i.report_id, '')
   AND r.begin_at = i.begin_at
   AND r.end_at = i.end_at
 ORDER BY i.n;
