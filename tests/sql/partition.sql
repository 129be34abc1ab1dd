-- The month's partition is made once, takes over what came before it, and is
-- not made for absurd days.
\ir lib.psql
SELECT pg_temp.record(pg_temp.report('example.jp', 'A', d), 1,
         pg_temp.profile('pass/pass', d::text, ''), '192.0.2.1')
  FROM unnest(ARRAY[date '2021-04-30', '2021-05-01', '2021-05-31',
                    '2021-06-01', '1970-01-01']) d;
SELECT dmarc.make_partition('2021-05-15'), dmarc.make_partition('2021-05-16'),
       dmarc.make_partition('1970-01-01'), dmarc.make_partition('2999-01-01');
SELECT tableoid::regclass, day FROM dmarc.record ORDER BY day;
SELECT count(*) FROM dmarc.record_detail;
SELECT obj_description('dmarc.record_2021_05'::regclass);
