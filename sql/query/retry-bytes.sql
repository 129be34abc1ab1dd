-- retry-bytes: some bytes of one.  $1 bigint: its id, $2 integer: the first,
-- from 1, $3 integer: how many.
SELECT substr(raw, $2::integer, $3::integer)
  FROM dmarc.set_aside
 WHERE id = $1::bigint;
