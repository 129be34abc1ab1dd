-- setting-set: $1 text: its name.  $2 text: the value, which is in order.
-- The cast asks for the kind again, or it is done before the kind is known.
INSERT INTO dmarc.setting AS t (name, value)
SELECT s.name,
       CASE WHEN s.kind IN ('words', 'domains')
            THEN lower(btrim(regexp_replace($2::text, '\s+', ' ', 'g')))
            WHEN s.kind IN ('whole', 'number')
            THEN trim_scale(CASE WHEN s.kind IN ('whole', 'number')
                                 THEN $2 END::numeric)::text
            ELSE $2 END
  FROM dmarc.setting_detail s
 WHERE s.name = $1::text
    ON CONFLICT (name) DO UPDATE
   SET value = excluded.value;
