-- What became of one report or mail, and what a person decides about what is set
-- aside.

-- is_named: whether this is meant.  A name is that of a report, of a mail or of
-- a file; of a file its last part is enough, and so is that of a folder or mbox.
CREATE OR REPLACE FUNCTION dmarc.is_named(wanted text, report_id text,
  message_id text, source text, part text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(
    wanted = report_id
    OR wanted = btrim(message_id, '<>')
    OR wanted = source
    OR starts_with(source, wanted || '#')
    OR starts_with(source, wanted || '/')
    OR right(source, length(wanted) + 1) = '/' || wanted
    OR strpos(source, '/' || wanted || '#') > 0
    OR strpos('/' || part || '/', '/' || wanted || '/') > 0, false) $$;
COMMENT ON FUNCTION dmarc.is_named(text, text, text, text, text) IS 'whether wanted names this document: its report id, the Message-ID of its mail, its file or the last part of that, the mbox or folder it lies in, or a part of the mail or archive';

-- discard: a person has judged what is set aside.  Its bytes stay where they
-- are; --retry and status do not look at it again, and the ledger says who did
-- it.  With the last open record of a report goes what was kept to read that
-- report again.
CREATE OR REPLACE FUNCTION dmarc.discard(numbers bigint[], note text)
RETURNS SETOF bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s dmarc.set_aside;
BEGIN
  FOR s IN
    SELECT a.* FROM dmarc.set_aside a
     WHERE a.id = ANY (numbers)
       AND a.resolved_at IS NULL
       AND a.kind <> 'report'
     ORDER BY a.id
       FOR UPDATE
  LOOP
    UPDATE dmarc.set_aside a
       SET resolved_at = now(), resolution = 'discarded'
     WHERE a.id = s.id;
    UPDATE dmarc.set_aside a
       SET resolved_at = now(), resolution = 'discarded'
     WHERE s.kind = 'record'
       AND a.kind = 'report'
       AND a.resolved_at IS NULL
       AND a.source = s.source
       AND starts_with(s.part, coalesce(a.part || '/', '') || 'record ')
       AND NOT EXISTS (
             SELECT FROM dmarc.set_aside o
              WHERE o.kind = 'record'
                AND o.resolved_at IS NULL
                AND o.source = a.source
                AND starts_with(o.part,
                                coalesce(a.part || '/', '') || 'record '));
    INSERT INTO dmarc.ingest_log (source, part, size, outcome, reason, detail,
           policy_domain, org_name, report_id)
    VALUES (s.source, s.part, s.size, 'discarded', s.reason,
           format('number %s, by %s%s', s.id, session_user,
                  ': ' || nullif(left(note, 500), '')),
           s.policy_domain, s.org_name, s.report_id);
    RETURN NEXT s.id;
  END LOOP;
END $$;
COMMENT ON FUNCTION dmarc.discard(bigint[], text) IS 'a person has judged these things that are set aside: they are no longer open, and the ledger has a line for each; those that were open';
