-- schema-views: views, catalogue and rights have been made.  $1 text: the
-- digest over their text.
UPDATE dmarc.schema_version
   SET views_digest = $1::text
 WHERE version = (SELECT max(version) FROM dmarc.schema_version)
   AND views_digest IS DISTINCT FROM $1::text;
