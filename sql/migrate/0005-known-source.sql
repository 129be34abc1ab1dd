-- 0005: a report is known again by the bytes it came in, and storing one costs
-- less.

ALTER TABLE dmarc.report ADD COLUMN source_digest uuid;
COMMENT ON COLUMN dmarc.report.source_digest IS 'half of a SHA-256 over the message or file it came in, which then need not be read again; NULL: another document was in it, or it could not be read whole. To have everything read again set it to NULL';
CREATE INDEX report_source_digest ON dmarc.report (source_digest)
 WHERE source_digest IS NOT NULL;

-- A foreign key looks at each report that is stored, which takes as long as
-- the rest.  Reports get their domain's id from policy_domain itself, so it is
-- enough to look when a domain goes, which is never.
ALTER TABLE dmarc.report DROP CONSTRAINT report_policy_domain_id_fkey;
CREATE FUNCTION dmarc.keep_policy_domain() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM dmarc.report r WHERE r.policy_domain_id = OLD.id) THEN
    RAISE foreign_key_violation USING MESSAGE =
      format('policy domain %s has reports', OLD.name);
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
COMMENT ON FUNCTION dmarc.keep_policy_domain() IS 'trigger: a domain that has reports stays';
CREATE TRIGGER keep_policy_domain BEFORE DELETE OR UPDATE OF id
  ON dmarc.policy_domain
  FOR EACH ROW EXECUTE FUNCTION dmarc.keep_policy_domain();

-- Each signature of an author's is looked up among the selectors, and these
-- are few.
CREATE INDEX sender_pattern_selector ON dmarc.sender_pattern (pattern)
 WHERE kind = 'selector';
