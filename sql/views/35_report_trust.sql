-- report_trust: whether a report is from whom it says it is from.  Nothing is
-- judged yet.
CREATE OR REPLACE VIEW dmarc.report_trust AS
SELECT r.policy_domain_id, r.id, 'unjudged'::text AS tier,
       NULL::text AS reason, true AS used
  FROM dmarc.report r;
COMMENT ON VIEW dmarc.report_trust IS 'one row a report: is it from whom it says it is from';
COMMENT ON COLUMN dmarc.report_trust.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.report_trust.id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.report_trust.tier IS 'unjudged';
COMMENT ON COLUMN dmarc.report_trust.reason IS 'why, in words';
COMMENT ON COLUMN dmarc.report_trust.used IS 'whether what is decided on may rest on it';
