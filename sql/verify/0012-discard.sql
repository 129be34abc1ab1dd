SELECT 1 / count(*)
  FROM pg_constraint
 WHERE conrelid = 'dmarc.ingest_log'::regclass
   AND conname = 'ingest_log_outcome_check'
   AND pg_get_constraintdef(oid) LIKE '%discarded%';
SELECT 1 / count(*)
  FROM pg_constraint
 WHERE conrelid = 'dmarc.due'::regclass
   AND conname = 'due_what_check'
   AND pg_get_constraintdef(oid) LIKE '%judge_tls%';
