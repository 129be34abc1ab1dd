SELECT 1 / count(*)
  FROM pg_constraint
 WHERE conrelid = 'dmarc.learned'::regclass
   AND conname = 'learned_kind_check'
   AND pg_get_constraintdef(oid) LIKE '%domain%';
