-- enrich-names: store what DNS said of addresses.  That it said nothing today
-- does not make what it said before untrue.
-- $1 jsonb: array of ip, ptr, ptr_org, ptr_names, ptr_status.
INSERT INTO dmarc.source AS s
       (ip, ptr, ptr_org, ptr_names, ptr_status, ptr_at)
SELECT ip, ptr, ptr_org, ptr_names, ptr_status, now()
  FROM jsonb_to_recordset($1::jsonb)
    AS x (ip inet, ptr text, ptr_org text, ptr_names text[], ptr_status text)
 ORDER BY ip
    ON CONFLICT (ip) DO UPDATE
   SET ptr = excluded.ptr,
       ptr_org = excluded.ptr_org,
       ptr_names = excluded.ptr_names,
       ptr_status = excluded.ptr_status,
       ptr_at = excluded.ptr_at
 WHERE excluded.ptr_status <> 'failed'
    OR coalesce(s.ptr_status, 'failed') = 'failed';
