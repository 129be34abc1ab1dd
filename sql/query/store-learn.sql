-- store-learn: what the profiles of new records teach, with who vouches for it.
-- $1 integer[]: policy domains, $2 bigint[]: their reports, $3 integer[]:
-- profiles of records in them.
INSERT INTO dmarc.learned (kind, domain, name, voucher, sure)
SELECT DISTINCT t.kind, t.domain, t.name, b.voucher, b.sure
  FROM unnest($1::integer[], $2::bigint[], $3::integer[])
         AS u (policy_domain_id, report_id, profile_id)
  JOIN dmarc.believed_report b
    ON b.policy_domain_id = u.policy_domain_id AND b.id = u.report_id
  JOIN dmarc.taught($3::integer[]) t ON t.profile_id = u.profile_id
 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT DO NOTHING;
