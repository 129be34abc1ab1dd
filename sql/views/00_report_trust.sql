-- Which reports count.
CREATE OR REPLACE VIEW dmarc.report_trust AS
SELECT r.policy_domain_id, r.id, r.tier, r.left_out_reason AS reason,
       r.tier <> 'C' AS used, r.mail_domain,
       coalesce(r.vouched_by, r.reporter) AS voucher, r.listed
  FROM dmarc.report r;
