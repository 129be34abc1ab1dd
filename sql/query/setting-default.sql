-- setting-default: back to the default.  $1 text: its name.
SELECT dmarc.unset_setting($1::text);
