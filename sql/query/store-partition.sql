-- store-partition: make room for the records of a day.  $1 date: the day.
SELECT dmarc.make_partition($1::date);
