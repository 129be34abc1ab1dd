-- Fails when the work of migration 0005 is not there.
SELECT source_digest FROM dmarc.report WHERE false;
SELECT 'dmarc.report_source_digest'::regclass,
       'dmarc.sender_pattern_selector'::regclass,
       'dmarc.keep_policy_domain()'::regprocedure;
