-- store-learn: what the profiles of new records teach, with who vouches for it.
-- $1 integer[]: policy domains, $2 bigint[]: their reports, $3 integer[]:
-- profiles of records in them.
--
-- Asked once for each who vouches: a join of the records with all that they
-- teach is 100,000 times 100,000 rows where the planner takes either for few.
INSERT INTO dmarc.learned (kind, domain, name, voucher, sure)
SELECT DISTINCT t.kind, t.domain, t.name, v.voucher, v.sure
  FROM (SELECT b.voucher, b.sure, array_agg(DISTINCT u.profile_id) AS profiles
          FROM (SELECT DISTINCT x.policy_domain_id, x.report_id, x.profile_id
                  FROM unnest($1::integer[], $2::bigint[], $3::integer[])
                         AS x (policy_domain_id, report_id, profile_id)) u
          JOIN dmarc.policy_domain d ON d.id = u.policy_domain_id
          JOIN dmarc.auth_profile p ON p.id = u.profile_id
          JOIN dmarc.believed_report b
            ON b.policy_domain_id = u.policy_domain_id AND b.id = u.report_id
         WHERE dmarc.may_teach(d.name, p.header_from, p.header_from_org)
         GROUP BY b.voucher, b.sure) v
 CROSS JOIN LATERAL dmarc.taught(v.profiles) t
 WHERE v.sure
    OR t.kind <> 'domain'
 ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT DO NOTHING;
