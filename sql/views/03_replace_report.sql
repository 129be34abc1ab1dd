-- replace_report: the stored report goes, so that the other one of a conflict
-- can take its place in the same transaction.  Only what a person has decided
-- (dmarc-report conflict ID replace) goes that way; dmarc_ingest may not delete
-- reports otherwise.
CREATE OR REPLACE FUNCTION dmarc.replace_report(conflict bigint, domain text,
  reporter text, report_id text, begin_at timestamptz, end_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old_domain integer;
  old_id     bigint;
  old_day    date;
BEGIN
  SELECT r.policy_domain_id, r.id, r.day INTO old_domain, old_id, old_day
    FROM dmarc.set_aside a
    JOIN dmarc.policy_domain d ON d.name = a.policy_domain
    JOIN dmarc.report r ON r.policy_domain_id = d.id
   WHERE a.id = replace_report.conflict
     AND a.reason = 'conflict'
     AND EXISTS (SELECT FROM dmarc.conflict_decision c
                  WHERE c.set_aside_id = a.id AND c.decision = 'replace')
     AND a.resolved_at IS NULL
     AND a.policy_domain = replace_report.domain
     AND a.report_id IS NOT DISTINCT FROM replace_report.report_id
     AND r.reporter = replace_report.reporter
     AND r.report_id IS NOT DISTINCT FROM replace_report.report_id
     AND r.begin_at = replace_report.begin_at
     AND r.end_at = replace_report.end_at
   ORDER BY r.slot = 0 DESC, r.slot
   LIMIT 1
     FOR UPDATE OF a, r;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM dmarc.record c
   WHERE c.policy_domain_id = old_domain
     AND c.day = old_day AND c.report_id = old_id;
  DELETE FROM dmarc.report r
   WHERE r.policy_domain_id = old_domain AND r.id = old_id;
  RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.replace_report(bigint, text, text, text, timestamptz, timestamptz) IS
  'deletes the stored report of a conflict that a person has decided against; for dmarc-ingest --retry; whether it did';
