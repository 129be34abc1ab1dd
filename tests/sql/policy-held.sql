-- policy_stretch: what is a change of policy, and what is not.  Each domain is a
-- kind; the last day is 30 June 2026.
\ir lib.psql
CREATE TEMP TABLE c (domain text, org text, first date, last date, step int,
  p text, sp text, t text, dialect text);
INSERT INTO c VALUES
 -- B's software writes sp=none where sp is not published, and is alone on 20 June
 ('alone.example', 'A', '2026-05-01', '2026-06-19', 1, 'quarantine', NULL, NULL, NULL),
 ('alone.example', 'A', '2026-06-21', '2026-06-30', 1, 'quarantine', NULL, NULL, NULL),
 ('alone.example', 'B', '2026-05-01', '2026-06-30', 1, 'quarantine', 'none', NULL, NULL),
 ('alone.example', 'C', '2026-05-01', '2026-06-19', 1, 'quarantine', NULL, NULL, NULL),
 -- the same at the end: only B is heard for the last ten days
 ('last.example', 'A', '2026-05-01', '2026-06-20', 1, 'quarantine', NULL, NULL, NULL),
 ('last.example', 'B', '2026-05-01', '2026-06-30', 1, 'quarantine', 'none', NULL, NULL),
 ('last.example', 'C', '2026-05-01', '2026-06-20', 1, 'quarantine', 'quarantine', NULL, NULL),
 -- one writes sp=none, one does not: nobody saw it published
 ('even.example', 'A', '2026-05-01', '2026-06-30', 1, 'quarantine', NULL, NULL, NULL),
 ('even.example', 'B', '2026-05-01', '2026-06-30', 1, 'quarantine', 'none', NULL, NULL),
 -- sp=none for all but one who never writes it; then it goes, and B cannot tell
 ('sp.example', 'A', '2026-05-01', '2026-05-31', 1, 'reject', 'none', NULL, NULL),
 ('sp.example', 'A', '2026-06-01', '2026-06-30', 1, 'reject', 'reject', NULL, NULL),
 ('sp.example', 'B', '2026-05-01', '2026-06-30', 1, 'reject', NULL, NULL, NULL),
 ('sp.example', 'C', '2026-05-01', '2026-06-01', 1, 'reject', 'none', NULL, NULL),
 ('sp.example', 'C', '2026-06-02', '2026-06-30', 1, 'reject', 'reject', NULL, NULL),
 -- t=y for all the time: C alone knows t, and is heard every ninth day
 ('t.example', 'A', '2026-05-01', '2026-06-30', 1, 'reject', NULL, NULL, NULL),
 ('t.example', 'C', '2026-05-01', '2026-06-30', 9, 'reject', NULL, 'y', 'rfc9990'),
 -- t=y is taken out: C of RFC 9990 does not write it any more from 11 June
 ('untested.example', 'A', '2026-05-01', '2026-06-30', 1, 'reject', NULL, NULL, NULL),
 ('untested.example', 'C', '2026-05-01', '2026-06-10', 1, 'reject', NULL, 'y', 'rfc9990'),
 ('untested.example', 'C', '2026-06-11', '2026-06-30', 1, 'reject', NULL, NULL, 'rfc9990'),
 -- a change that A and B see on 10 June; C, heard each week, on 15 June
 ('weekly.example', 'A', '2026-05-01', '2026-06-09', 1, 'none', NULL, NULL, NULL),
 ('weekly.example', 'B', '2026-05-01', '2026-06-09', 1, 'none', NULL, NULL, NULL),
 ('weekly.example', 'C', '2026-05-04', '2026-06-08', 7, 'none', NULL, NULL, NULL),
 ('weekly.example', 'D', '2026-05-05', '2026-06-09', 7, 'none', NULL, NULL, NULL),
 ('weekly.example', 'E', '2026-05-05', '2026-06-09', 7, 'none', NULL, NULL, NULL),
 ('weekly.example', 'A', '2026-06-10', '2026-06-30', 1, 'quarantine', NULL, NULL, NULL),
 ('weekly.example', 'B', '2026-06-10', '2026-06-30', 1, 'quarantine', NULL, NULL, NULL),
 ('weekly.example', 'C', '2026-06-15', '2026-06-29', 7, 'quarantine', NULL, NULL, NULL),
 -- one reporter, each week: what it sees once is no change yet, twice it is
 ('once.example', 'A', '2026-05-04', '2026-06-22', 7, 'none', NULL, NULL, NULL),
 ('once.example', 'A', '2026-06-29', '2026-06-29', 7, 'reject', NULL, NULL, NULL),
 ('twice.example', 'A', '2026-05-04', '2026-06-15', 7, 'none', NULL, NULL, NULL),
 ('twice.example', 'A', '2026-06-22', '2026-06-29', 7, 'reject', NULL, NULL, NULL),
 -- one day of a mistake, of one alone; two see the same: it was so
 ('slip.example', 'A', '2026-05-01', '2026-06-09', 1, 'none', NULL, NULL, NULL),
 ('slip.example', 'A', '2026-06-10', '2026-06-10', 1, 'reject', NULL, NULL, NULL),
 ('slip.example', 'A', '2026-06-11', '2026-06-30', 1, 'none', NULL, NULL, NULL),
 ('both.example', 'A', '2026-05-01', '2026-06-09', 1, 'none', NULL, NULL, NULL),
 ('both.example', 'B', '2026-05-01', '2026-06-09', 1, 'none', NULL, NULL, NULL),
 ('both.example', 'A', '2026-06-10', '2026-06-10', 1, 'reject', NULL, NULL, NULL),
 ('both.example', 'B', '2026-06-10', '2026-06-10', 1, 'reject', NULL, NULL, NULL),
 ('both.example', 'A', '2026-06-11', '2026-06-30', 1, 'none', NULL, NULL, NULL),
 ('both.example', 'B', '2026-06-11', '2026-06-30', 1, 'none', NULL, NULL, NULL),
 -- another than before is heard, and sees another policy: for a day, and on and on
 ('other.example', 'A', '2026-05-01', '2026-05-31', 1, 'none', NULL, NULL, NULL),
 ('other.example', 'B', '2026-06-10', '2026-06-10', 1, 'reject', NULL, NULL, NULL),
 ('follows.example', 'A', '2026-05-01', '2026-05-31', 1, 'none', NULL, NULL, NULL),
 ('follows.example', 'B', '2026-06-10', '2026-06-30', 1, 'reject', NULL, NULL, NULL),
 -- a change on the last day but one, seen by two
 ('today.example', 'A', '2026-05-01', '2026-06-28', 1, 'none', NULL, NULL, NULL),
 ('today.example', 'B', '2026-05-01', '2026-06-28', 1, 'none', NULL, NULL, NULL),
 ('today.example', 'A', '2026-06-29', '2026-06-30', 1, 'reject', NULL, NULL, NULL),
 ('today.example', 'B', '2026-06-29', '2026-06-30', 1, 'reject', NULL, NULL, NULL);
CREATE TEMP TABLE r AS
SELECT pg_temp.report(domain, org, day::date, p, sp) AS id, t, dialect
  FROM c, generate_series(first, last, make_interval(days => step)) day;
UPDATE dmarc.report x SET testing = r.t, dialect = coalesce(r.dialect, 'rfc7489')
  FROM r WHERE r.id = x.id;
SELECT d.name, s.number, s.first_day, s.last_day, s.p, s.sp, s.testing,
       s.level_p, s.level_sp
  FROM dmarc.policy_domain d
  JOIN dmarc.policy_stretch(ARRAY(SELECT id FROM dmarc.policy_domain), NULL, NULL, false) s
    ON s.policy_domain_id = d.id
 ORDER BY d.name, s.number;
\echo one by one they are as together
SELECT count(*)
  FROM dmarc.policy_domain d
  JOIN dmarc.policy_stretch(ARRAY(SELECT id FROM dmarc.policy_domain), NULL, NULL, true) s
    ON s.policy_domain_id = d.id
  LEFT JOIN LATERAL (SELECT x.* FROM dmarc.policy_stretch(ARRAY[d.id], NULL, NULL, true) x
                      WHERE x.number = s.number
                        AND x.without IS NOT DISTINCT FROM s.without) o ON true
 WHERE o.* IS DISTINCT FROM s.*;
\echo no window ends before it begins, whatever the day
SELECT count(*)
  FROM unnest('{2026-05-01,2026-06-10,2026-06-11,2026-06-30}'::date[]) day
 CROSS JOIN dmarc.readiness_frame(ARRAY(SELECT id FROM dmarc.policy_domain), day::date) f
 WHERE f.first_day > day OR f.first_day_low > day OR f.first_day_low > f.first_day;
\echo without the one who tells of t there is none
SELECT d.name, f.without, f.level_p, f.level_p_day, f.first_day
  FROM dmarc.policy_domain d
  JOIN dmarc.readiness_frame(ARRAY(SELECT id FROM dmarc.policy_domain), '2026-06-30') f
    ON f.policy_domain_id = d.id
 WHERE d.name IN ('t.example', 'alone.example', 'twice.example')
 ORDER BY d.name, f.without NULLS FIRST;
