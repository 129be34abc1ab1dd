-- analyze_new: statistics for what has none yet.
--
-- Autovacuum sees to the tables, but not at once, and never to a partitioned
-- table as a whole; questions over a year take minutes instead of a second
-- until the planner knows how many there are of what.  So the first question
-- after the first load, and after the first of each month, has that done.
-- When somebody else is at it, he may finish.
CREATE OR REPLACE FUNCTION dmarc.analyze_new() RETURNS boolean
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
COMMENT ON FUNCTION dmarc.analyze_new() IS 'make statistics when a partition of record has none; whether it did';
