-- 0008: which views were made last.  They change without a migration, and the
-- programs want to know whether they are theirs.

ALTER TABLE dmarc.schema_version ADD COLUMN views_digest text;
COMMENT ON COLUMN dmarc.schema_version.views_digest IS
  'of the highest version: SHA-256 over the text of the views, the catalogue and the grants that dmarc-ingest --init made last; NULL: of the others, and where they were made by hand';
