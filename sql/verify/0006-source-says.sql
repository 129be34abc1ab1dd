-- Fails when the work of migration 0006 is not there.
SELECT 'dmarc.source_says'::regclass;
