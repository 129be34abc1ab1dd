-- make_statistics, analyze_new: statistics for what has none yet.
--
-- Autovacuum sees to the tables, but not at once, and never to a partitioned
-- table as a whole; questions over a year take minutes instead of a second
-- until the planner knows how many there are of what.  So the first question
-- after the first load, and after the first of each month, has that done.
-- When somebody else is at it, he may finish.
--
-- ANALYZE holds a lock until the end of its transaction, for which dmarc-ingest
-- waits; so those who only read may not, and dmarc-ingest does it for them at
-- the end of each run.
CREATE OR REPLACE FUNCTION dmarc.make_statistics() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET lock_timeout = '2s' AS $$
BEGIN
  IF pg_is_in_recovery() OR NOT EXISTS (
       SELECT FROM pg_inherits i
         JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'dmarc.record'::regclass
          AND c.reltuples = -1
          AND pg_relation_size(c.oid) > 0)
  THEN
    RETURN false;
  END IF;
  ANALYZE dmarc.policy_domain, dmarc.report, dmarc.auth_profile,
          dmarc.profile_feature, dmarc.source, dmarc.record;
  RETURN true;
EXCEPTION
  WHEN lock_not_available THEN
    RETURN false;
END $$;
COMMENT ON FUNCTION dmarc.make_statistics() IS 'make statistics when a partition of record has none; whether it did';

CREATE OR REPLACE FUNCTION dmarc.analyze_new() RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT has_function_privilege('dmarc.make_statistics()', 'EXECUTE') THEN
    RETURN false;
  END IF;
  RETURN dmarc.make_statistics();
END $$;
COMMENT ON FUNCTION dmarc.analyze_new() IS 'make_statistics() for who may, nothing for the others; whether it did';
