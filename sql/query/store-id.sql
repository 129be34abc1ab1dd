-- store-id: an incoming report whose records were written before has an id.
-- $1 integer: its number in the batch; $2 bigint: the id.
UPDATE pg_temp.incoming_report SET id = $2::bigint WHERE n = $1::integer;
