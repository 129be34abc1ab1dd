-- schema-state: the schema's version, and the digest of the views that were
-- made last; NULL before version 8, which has no such column yet.
SELECT v.version, to_jsonb(v) ->> 'views_digest' AS views_digest
  FROM dmarc.schema_version v
 ORDER BY v.version DESC
 LIMIT 1;
