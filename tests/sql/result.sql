-- dmarc_result is the reporter's evaluation alone, with three values:
-- pass when one of both is pass, fail when both are fail, else unknown.  What
-- the raw results say changes nothing: all of these list an aligned pass.
\ir lib.psql
CREATE TEMP TABLE c AS
SELECT e, pg_temp.profile(e, 'example.jp s1 pass example.jp strict', '') AS id
  FROM unnest(ARRAY['pass/pass', 'pass/fail', 'fail/pass', 'pass/-', '-/pass',
                    'fail/fail', 'fail/-', '-/fail', '-/-']) e;
SELECT c.e, p.dmarc_result, v.class
  FROM c JOIN dmarc.profile_detail p ON p.profile_id = c.id
 CROSS JOIN LATERAL dmarc.verdict('example.jp', c.id, NULL) v
 ORDER BY c.id;
-- Whatever it is, a message is exactly one of the three.
SELECT pg_temp.record(pg_temp.report('example.jp', 'R' || id, '2026-01-01'), 10,
                      id, '192.0.2.1') FROM c;
SELECT sum(message_count), sum(pass_count), sum(fail_count),
       sum(unknown_count), bool_and(message_count =
         pass_count + fail_count + unknown_count)
  FROM dmarc.record_detail;
