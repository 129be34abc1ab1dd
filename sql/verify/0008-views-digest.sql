-- Fails when the work of migration 0008 is not there.
SELECT views_digest FROM dmarc.schema_version WHERE false;
