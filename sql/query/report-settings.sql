-- report-settings: the settings.  $1 text: one of them, or NULL for all.
SELECT name, nullif(value, '') AS value,
       nullif(default_value, '') AS default_value,
       CASE WHEN changed THEN 'yes' ELSE 'no' END AS changed, kind, unit,
       meaning, source
  FROM dmarc.setting_detail
 WHERE ($1::text IS NULL OR name = $1)
 ORDER BY position;
