-- What roles write into tables themselves is looked at when it is written, also
-- when it does not come from a program of ours; and who wrote it, and when, is
-- not theirs to say.  The owner is believed: rows of a backup come back as they
-- were, in whatever order.

CREATE OR REPLACE FUNCTION dmarc.conflict_decided() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NEW.report_ref IS NULL AND NEW.tls_report_ref IS NULL
  THEN
    NEW.report_ref := NULL;
    NEW.tls_report_ref := NULL;
    SELECT s.report_ref, s.tls_report_ref
      INTO NEW.report_ref, NEW.tls_report_ref
      FROM dmarc.stored_beside(NEW.set_aside_id) s
     WHERE NEW.decision = 'replace';
  END IF;
  IF TG_OP = 'INSERT'
     AND pg_has_role((SELECT c.relowner FROM pg_class c
                       WHERE c.oid = TG_RELID), 'USAGE') THEN
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT FROM dmarc.set_aside a
                  WHERE a.id = NEW.set_aside_id
                    AND a.reason = 'conflict'
                    AND a.resolved_at IS NULL) THEN
    RAISE check_violation USING MESSAGE =
      format('no conflict %s waits for a decision', NEW.set_aside_id);
  END IF;
  NEW.decided_at := now();
  NEW.decided_by := session_user;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION dmarc.conflict_decided() IS 'trigger: only a conflict that waits is decided on; against which report, by whom and when';
CREATE OR REPLACE TRIGGER conflict_decided
  BEFORE INSERT OR UPDATE ON dmarc.conflict_decision
  FOR EACH ROW EXECUTE FUNCTION dmarc.conflict_decided();

-- The owner keeps there, too, which catalogue was loaded last.
CREATE OR REPLACE FUNCTION dmarc.setting_said() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  problem text;
  owner constant boolean := pg_has_role((SELECT c.relowner FROM pg_class c
                                          WHERE c.oid = TG_RELID), 'USAGE');
BEGIN
  IF NOT owner
     OR EXISTS (SELECT FROM dmarc.setting_detail s WHERE s.name = NEW.name) THEN
    problem := dmarc.setting_problem(NEW.name, NEW.value);
  END IF;
  IF problem IS NOT NULL THEN
    RAISE check_violation USING MESSAGE = problem;
  END IF;
  IF NOT owner OR TG_OP = 'UPDATE' THEN
    NEW.set_at := now();
    NEW.set_by := session_user;
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION dmarc.setting_said() IS 'trigger: a setting has a value that it can have; by whom it was set and when';
CREATE OR REPLACE TRIGGER setting_said
  BEFORE INSERT OR UPDATE ON dmarc.setting
  FOR EACH ROW EXECUTE FUNCTION dmarc.setting_said();

-- Whoever may delete rows may lock the whole table, against readers, too; so
-- dmarc_operator may not.
CREATE OR REPLACE FUNCTION dmarc.unset_setting(name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM dmarc.setting t
   WHERE t.name = unset_setting.name
     AND EXISTS (SELECT FROM dmarc.setting_detail s
                  WHERE s.name = unset_setting.name) $$;
COMMENT ON FUNCTION dmarc.unset_setting(text) IS 'a setting has its default again';
