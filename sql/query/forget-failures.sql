-- forget-failures: of failure reports that are old only the count stays.
-- $1 integer: days that the rest is kept.
SELECT dmarc.forget_failures($1::integer);
