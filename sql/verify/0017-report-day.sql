SELECT 1 / count(*)
  FROM pg_index
 WHERE indexrelid = 'dmarc.report_day'::regclass
   AND indisvalid;
