-- setting-problem: why a setting cannot have a value, or NULL.
-- $1 text: its name.  $2 text: the value, or NULL: is there such a setting?
SELECT dmarc.setting_problem($1::text,
         coalesce($2::text, (SELECT value
                               FROM dmarc.setting_detail
                              WHERE name = $1)));
