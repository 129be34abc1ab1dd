-- setting-default: back to the default.  $1 text: its name.
DELETE FROM dmarc.setting WHERE name = $1::text;
