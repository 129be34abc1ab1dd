-- show-size: how many bytes of one thing that was set aside are kept; NULL: none.
-- $1 bigint: its id.
SELECT octet_length(raw) AS len
  FROM dmarc.set_aside
 WHERE id = $1::bigint;
