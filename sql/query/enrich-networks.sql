-- enrich-networks: store what the databases of networks say of addresses.
-- $1 jsonb: array of ip, asn, as_name, country.
-- $2, $3 boolean: whether there was a database of AS numbers, of countries.
INSERT INTO dmarc.source AS s (ip, asn, as_name, country, network_at)
SELECT ip, asn, as_name, country, now()
  FROM jsonb_to_recordset($1::jsonb)
    AS x (ip inet, asn bigint, as_name text, country text)
 ORDER BY ip
    ON CONFLICT (ip) DO UPDATE
   SET asn = CASE WHEN $2::boolean THEN excluded.asn ELSE s.asn END,
       as_name = CASE WHEN $2 THEN excluded.as_name ELSE s.as_name END,
       country = CASE WHEN $3::boolean THEN excluded.country
                      ELSE s.country END,
       network_at = excluded.network_at;
