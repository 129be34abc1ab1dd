-- store-partition: make room for the records of a day; false: not now, ask
-- again later.  $1 date: the day.
SELECT dmarc.make_partition($1::date);
