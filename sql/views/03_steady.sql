-- learn_steady: which addresses send unauthenticated mail day after day.
--
-- On 20 of the last 90 days, so a machine that sends on working days is found
-- within a month, and told by two vouchers, so that one alone cannot make it up.
-- What a stranger vouches for, or a broken signature of the author's, is no such
-- mail.  The days are counted back from the domain's last report.
CREATE OR REPLACE FUNCTION dmarc.learn_steady() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM dmarc.source_steady;
  WITH last AS MATERIALIZED (
         SELECT d.id, d.name, n.day
           FROM dmarc.policy_domain d
          CROSS JOIN LATERAL (
                SELECT r.day
                  FROM dmarc.report r
                 WHERE r.policy_domain_id = d.id
                   AND r.tier <> 'C'
                   AND r.day <= current_date
                 ORDER BY r.day DESC
                 LIMIT 1) n),
       nothing AS MATERIALIZED (
         SELECT f.profile_id
           FROM dmarc.profile_feature f
          WHERE f.dmarc_result = 'fail'
            AND NOT (f.dkim_pass_foreign OR f.spf_pass_foreign OR f.dkim_broken
                     OR f.dkim_pass_aligned OR f.spf_pass_aligned
                     OR f.dkim_pass_strict_miss OR f.spf_pass_strict_miss))
  INSERT INTO dmarc.source_steady
  SELECT l.name, c.source_ip, count(DISTINCT c.day),
         count(DISTINCT b.voucher), sum(c.message_count)
    FROM last l
    JOIN dmarc.record c ON c.policy_domain_id = l.id
                       AND c.day > l.day - 90
    JOIN nothing n ON n.profile_id = c.profile_id
    JOIN dmarc.believed_report b ON b.policy_domain_id = c.policy_domain_id
                                AND b.id = c.report_id
   WHERE c.source_ip IS NOT NULL
   GROUP BY l.name, c.source_ip
  HAVING count(DISTINCT c.day) >= 20
     AND count(DISTINCT b.voucher) >= 2
      ON CONFLICT DO NOTHING;
  SELECT count(*) FROM dmarc.source_steady $$;
COMMENT ON FUNCTION dmarc.learn_steady() IS 'fill source_steady anew; how many addresses there are';
