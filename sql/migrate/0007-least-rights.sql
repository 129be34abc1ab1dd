-- 0007: nobody can do more than his role is for.

-- Whoever could log in was able to hang these on a table of his own, and what
-- they did there they did as the owner.  The views make them anew, without the
-- owner's rights; with them go the triggers that others made of them.
DROP FUNCTION IF EXISTS dmarc.sender_spoken() CASCADE;
DROP FUNCTION IF EXISTS dmarc.profile_added() CASCADE;

-- It runs as whoever deletes, by hand; nothing that he finds on his own path.
ALTER FUNCTION dmarc.keep_policy_domain() SET search_path = pg_catalog, pg_temp;

-- Anybody may take an advisory lock, and so keep a mailbox from being read.
-- Only dmarc_ingest may write here.
ALTER TABLE dmarc.mailbox
  ADD COLUMN holder_pid   integer,
  ADD COLUMN holder_role  oid,
  ADD COLUMN holder_since timestamptz;
COMMENT ON COLUMN dmarc.mailbox.id IS 'our number for it';
COMMENT ON COLUMN dmarc.mailbox.holder_pid IS 'process number of the session (pg_stat_activity) that reads it; NULL: none does. It holds it for as long as that session lives';
COMMENT ON COLUMN dmarc.mailbox.holder_role IS 'the user of that session';
COMMENT ON COLUMN dmarc.mailbox.holder_since IS 'when that session began; -infinity: unknown; NULL: none does';

-- hold_mailbox: the row is locked first, so that of two who come at once the
-- second sees the first.  A session that was killed, or whose network is gone,
-- holds nothing any more once the server has noticed: a number that is used
-- again belongs to another user or began at another time.
--
-- The columns are written by take_mailbox() and leave_mailbox() alone, with the
-- owner's rights, so that nobody holds a mailbox in the name of a session that
-- is not his own.  The owner is not shown when a user's session began, so the
-- session says so itself.
CREATE FUNCTION dmarc.take_mailbox(mailbox_id integer, since timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me oid;
BEGIN
  -- Sessions are looked up once a transaction, and that may have been before.
  PERFORM pg_stat_clear_snapshot();
  SELECT a.usesysid INTO me
    FROM pg_stat_activity a
   WHERE a.pid = pg_backend_pid();
  UPDATE dmarc.mailbox m
     SET holder_pid = pg_backend_pid(),
         holder_role = me,
         holder_since = take_mailbox.since
   WHERE m.id = take_mailbox.mailbox_id
     AND take_mailbox.since IS NOT NULL
     -- Not from another user.
     AND NOT EXISTS (
           SELECT FROM pg_stat_activity a
            WHERE a.pid = m.holder_pid
              AND a.usesysid = m.holder_role
              AND a.datname = current_database()
              AND m.holder_role <> me
              AND m.holder_since IS NOT NULL);
  RETURN FOUND;
END $$;
COMMENT ON FUNCTION dmarc.take_mailbox(integer, timestamptz) IS 'writes down that this session, which began then, reads a mailbox; false: another user''s session does, or there is no such mailbox; for hold_mailbox()';

CREATE FUNCTION dmarc.hold_mailbox(mailbox_id integer) RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  held dmarc.mailbox.holder_pid%TYPE;
  whose dmarc.mailbox.holder_role%TYPE;
  since dmarc.mailbox.holder_since%TYPE;
BEGIN
  SELECT m.holder_pid, m.holder_role, m.holder_since
    INTO held, whose, since
    FROM dmarc.mailbox m
   WHERE m.id = hold_mailbox.mailbox_id
     -- Not against who stores mails of it, which refer to this row.
     FOR NO KEY UPDATE;
  -- Sessions are looked up once a transaction, and that may have been before.
  PERFORM pg_stat_clear_snapshot();
  -- Of other users' sessions the time when they began is not shown.
  IF held <> pg_backend_pid() AND EXISTS (
       SELECT FROM pg_stat_activity a
        WHERE a.pid = held
          AND a.usesysid = whose
          AND a.datname = current_database()
          AND (since = '-infinity' OR coalesce(a.backend_start, since) = since))
  THEN
    RETURN false;
  END IF;
  -- After SET ROLE not even of his own.
  RETURN dmarc.take_mailbox(hold_mailbox.mailbox_id, coalesce(
           (SELECT a.backend_start
              FROM pg_stat_activity a
             WHERE a.pid = pg_backend_pid()), '-infinity'));
END $$;
COMMENT ON FUNCTION dmarc.hold_mailbox(integer) IS 'takes a mailbox for this session of the database; false: another session has it, or there is no such mailbox';

CREATE FUNCTION dmarc.leave_mailbox(mailbox_id integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE dmarc.mailbox m
     SET holder_pid = NULL, holder_role = NULL, holder_since = NULL
   WHERE m.id = leave_mailbox.mailbox_id
     AND m.holder_pid = pg_backend_pid() $$;
COMMENT ON FUNCTION dmarc.leave_mailbox(integer) IS 'gives back a mailbox that this session has taken';

-- What no program of ours writes, and what would stop or distort answers.  Not
-- looked for among the rows that are there, so that no upgrade fails for it.
ALTER TABLE dmarc.report ADD CONSTRAINT report_finite
  CHECK (isfinite(day) AND isfinite(begin_at) AND isfinite(end_at)) NOT VALID;
ALTER TABLE dmarc.record ADD CONSTRAINT record_finite
  CHECK (isfinite(day)) NOT VALID;
ALTER TABLE dmarc.run_mark ADD CONSTRAINT run_mark_finite
  CHECK (isfinite(until_day)) NOT VALID;
ALTER TABLE dmarc.sender_inventory ADD CONSTRAINT sender_inventory_domain
  CHECK (policy_domain <> '') NOT VALID;
-- As much as dmarc-report settings takes.
ALTER TABLE dmarc.setting ADD CONSTRAINT setting_length
  CHECK (octet_length(value) <= 65536) NOT VALID;

-- make_partition: as before, but for locks.  Anybody could hold the advisory
-- lock; and a reader in a transaction that goes on and on holds a lock on
-- record_other that ATTACH waits for.  Nobody waits for him now: the records
-- go to record_other, where they count as elsewhere, and the next one who
-- stores moves them.
DROP FUNCTION dmarc.make_partition(date);
CREATE FUNCTION dmarc.make_partition(wanted date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET lock_timeout = '1s' AS $$
DECLARE
  lo   date := date_trunc('month', wanted::timestamp)::date;
  hi   date := (date_trunc('month', wanted::timestamp) + interval '1 month')::date;
  name text := 'record_' || to_char(wanted, 'YYYY_MM');
BEGIN
  IF wanted < date '2011-01-01' OR wanted > current_date + 31
     OR to_regclass('dmarc.' || name) IS NOT NULL THEN
    RETURN true;
  END IF;
  -- Both are what ATTACH takes; now, so that nothing is moved in vain.
  LOCK TABLE ONLY dmarc.record IN SHARE UPDATE EXCLUSIVE MODE;
  LOCK TABLE dmarc.record_other IN ACCESS EXCLUSIVE MODE;
  IF to_regclass('dmarc.' || name) IS NOT NULL THEN
    RETURN true;
  END IF;
  EXECUTE format('CREATE TABLE dmarc.%I (LIKE dmarc.record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXECUTE format('COMMENT ON TABLE dmarc.%I IS %L', name,
    'records of ' || to_char(wanted, 'YYYY-MM'));
  EXECUTE format('WITH moved AS (DELETE FROM dmarc.record_other
                   WHERE day >= %L AND day < %L RETURNING *)
                  INSERT INTO dmarc.%I SELECT * FROM moved', lo, hi, name);
  EXECUTE format('ALTER TABLE dmarc.record ATTACH PARTITION dmarc.%I
                  FOR VALUES FROM (%L) TO (%L)', name, lo, hi);
  RETURN true;
EXCEPTION
  WHEN lock_not_available THEN
    RETURN false;
  -- Another was faster, and this session's catalogue cache has not heard.
  WHEN duplicate_table OR unique_violation THEN
    RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.make_partition(date) IS 'makes the partition of dmarc.record for the month of a day, when it is missing; false: not now, as somebody has locked what is needed for it';

-- forget_report: as before, and now no more than what it is for.  The report
-- had bad records, so the bytes that it came in were kept with it; and these
-- are still there for --retry, which is what reads it again.  Who may store
-- reports can therefore make none vanish: he cannot write first_seen_at.
CREATE OR REPLACE FUNCTION dmarc.forget_report(
  domain text, reporter text, report_id text, begin_at timestamptz,
  end_at timestamptz, set_aside_count bigint, source text, part text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old dmarc.report;
BEGIN
  SELECT r.* INTO old
    FROM dmarc.report r
    JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
   WHERE d.name = forget_report.domain
     AND r.reporter = forget_report.reporter
     AND coalesce(r.report_id, '') = coalesce(forget_report.report_id, '')
     AND r.begin_at = forget_report.begin_at
     AND r.end_at = forget_report.end_at
     AND r.set_aside_count > greatest(forget_report.set_aside_count, 0)
     AND r.source = forget_report.source
     AND r.part IS NOT DISTINCT FROM forget_report.part
     AND EXISTS (SELECT FROM dmarc.set_aside s
                  WHERE s.kind = 'report'
                    AND s.source = r.source
                    AND s.raw IS NOT NULL
                    AND s.resolved_at IS NULL
                    AND s.first_seen_at <= r.ingested_at)
     FOR UPDATE OF r;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM dmarc.record c
   WHERE c.policy_domain_id = old.policy_domain_id
     AND c.day = old.day AND c.report_id = old.id;
  DELETE FROM dmarc.report r
   WHERE r.policy_domain_id = old.policy_domain_id AND r.id = old.id;
  UPDATE dmarc.set_aside s
     SET resolved_at = now(), resolution = 'report read again'
   WHERE s.kind = 'record' AND s.resolved_at IS NULL
     AND s.policy_domain = forget_report.domain
     AND s.report_id IS NOT DISTINCT FROM old.report_id
     AND s.source = old.source
     AND starts_with(s.part, coalesce(old.part || '/', '') || 'record ');
  RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.forget_report(text, text, text, timestamptz, timestamptz, bigint, text, text) IS
  'removes a report that more of its records were set aside of than now, and whose bytes wait in set_aside, so that it can be stored anew; for dmarc-ingest --retry';
