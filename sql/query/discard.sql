-- discard: a person has judged what is set aside.  $1 bigint[]: its numbers,
-- $2 text: why, or NULL.
SELECT dmarc.discard($1::bigint[], $2::text) AS id;
