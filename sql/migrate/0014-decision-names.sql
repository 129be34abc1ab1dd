-- 0014: a decision to replace a stored report names that report, so that it lets
-- nobody delete another one.  What was decided before and is not done yet is to
-- be decided again.

ALTER TABLE dmarc.conflict_decision
  ADD COLUMN report_ref bigint,
  ADD COLUMN tls_report_ref bigint;
COMMENT ON COLUMN dmarc.conflict_decision.report_ref IS 'replace: dmarc.report.id of the stored report that was decided against; set by a trigger; NULL: it is a TLS report, or none was found';
COMMENT ON COLUMN dmarc.conflict_decision.tls_report_ref IS 'the same of a TLS report: dmarc.tls_report.id';
DELETE FROM dmarc.conflict_decision c
 USING dmarc.set_aside a
 WHERE a.id = c.set_aside_id
   AND a.resolved_at IS NULL
   AND c.decision = 'replace';
