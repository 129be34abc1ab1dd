-- replace_report: the stored report goes, so that the other one of a conflict
-- can take its place in the same transaction.  Only what a person has decided
-- (dmarc-report conflict ID replace) goes that way; dmarc_ingest may not delete
-- reports otherwise.  A decision names the report, so it is good for that one
-- alone, and the conflict is closed with it.

-- stored_beside: the report that a conflict was found with, by what the ledger
-- says of the other one.
CREATE OR REPLACE FUNCTION dmarc.stored_beside(conflict bigint)
RETURNS TABLE (report_ref bigint, tls_report_ref bigint)
LANGUAGE sql STABLE AS $$
  WITH other AS (
         SELECT a.policy_domain, a.report_id, lower(a.org_name) AS name,
                l.begin_at, l.end_at, l.kind
           FROM dmarc.set_aside a
           JOIN dmarc.ingest_log l
             ON l.seen_at = a.first_seen_at
            AND l.outcome = 'conflict'
            AND l.source = a.source
            AND l.part IS NOT DISTINCT FROM a.part
            AND l.policy_domain = a.policy_domain
            AND l.report_id IS NOT DISTINCT FROM a.report_id
          WHERE a.id = stored_beside.conflict
            AND a.reason = 'conflict'
          LIMIT 1)
  SELECT (SELECT r.id
            FROM dmarc.report r
            JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
           WHERE o.kind IS DISTINCT FROM 'tls'
             AND d.name = o.policy_domain
             AND lower(r.org_name) IS NOT DISTINCT FROM o.name
             AND r.report_id IS NOT DISTINCT FROM o.report_id
             AND r.begin_at = o.begin_at
             AND r.end_at = o.end_at
           ORDER BY r.slot = 0 DESC, r.slot
           LIMIT 1),
         (SELECT r.id
            FROM dmarc.tls_report r
           WHERE o.kind = 'tls'
             AND r.policy_domain = o.policy_domain
             AND lower(r.org_name) IS NOT DISTINCT FROM o.name
             AND r.report_id IS NOT DISTINCT FROM o.report_id
             AND r.begin_at = o.begin_at
             AND r.end_at = o.end_at
           ORDER BY r.slot = 0 DESC, r.slot
           LIMIT 1)
    FROM other o $$;
COMMENT ON FUNCTION dmarc.stored_beside(bigint) IS 'the stored report that this conflict (dmarc.set_aside.id) was found with: dmarc.report.id, or dmarc.tls_report.id';

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
    JOIN dmarc.conflict_decision c ON c.set_aside_id = a.id
                                  AND c.decision = 'replace'
    JOIN dmarc.policy_domain d ON d.name = a.policy_domain
    JOIN dmarc.report r ON r.policy_domain_id = d.id
                       AND r.id = c.report_ref
   WHERE a.id = replace_report.conflict
     AND a.reason = 'conflict'
     AND a.resolved_at IS NULL
     AND a.policy_domain = replace_report.domain
     AND a.report_id IS NOT DISTINCT FROM replace_report.report_id
     AND r.reporter = replace_report.reporter
     AND r.report_id IS NOT DISTINCT FROM replace_report.report_id
     AND r.begin_at = replace_report.begin_at
     AND r.end_at = replace_report.end_at
     FOR UPDATE OF a, r;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM dmarc.record c
   WHERE c.policy_domain_id = old_domain
     AND c.day = old_day AND c.report_id = old_id;
  DELETE FROM dmarc.report r
   WHERE r.policy_domain_id = old_domain AND r.id = old_id;
  UPDATE dmarc.set_aside a
     SET resolved_at = now(), resolution = 'stored'
   WHERE a.id = replace_report.conflict;
  RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.replace_report(bigint, text, text, text, timestamptz, timestamptz) IS
  'deletes the stored report that a person has decided against, and closes the conflict; for dmarc-ingest --retry; whether it did';
