-- report-dispositions: what each reporter did with mail that fails; who handles
-- most otherwise than the policy asks goes first.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
WITH figure AS (
       SELECT policy_domain, reporter, sum(message_count) AS messages,
              sum(honoured_count) AS honoured, sum(weaker_count) AS weaker,
              sum(stronger_count) AS stronger, sum(not_said_count) AS not_said,
              sum(sampled_count) AS sampled,
              sum(enforcing_count) AS enforcing,
              sum(enforced_count) AS enforced,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'mailing_list'), 0)
                AS weaker_mailing_list,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'forwarded'), 0)
                AS weaker_forwarded,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'trusted_forwarder'), 0)
                AS weaker_trusted_forwarder,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'arc'), 0)
                AS weaker_arc,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'local_policy'), 0)
                AS weaker_local_policy,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'other'), 0)
                AS weaker_other,
              coalesce(sum(weaker_count) FILTER (WHERE reason = 'none_given'), 0)
                AS weaker_none_given
         FROM dmarc.disposition_day
        WHERE ($1::text IS NULL OR policy_domain = $1)
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter)
SELECT policy_domain AS domain, reporter, messages, honoured, weaker, stronger,
       not_said, sampled, enforcing, enforced, weaker_mailing_list,
       weaker_forwarded, weaker_trusted_forwarder, weaker_arc,
       weaker_local_policy, weaker_other, weaker_none_given,
       nullif(concat_ws(', ',
         'mailing_list ' || nullif(weaker_mailing_list, 0),
         'forwarded ' || nullif(weaker_forwarded, 0),
         'trusted_forwarder ' || nullif(weaker_trusted_forwarder, 0),
         'arc ' || nullif(weaker_arc, 0),
         'local_policy ' || nullif(weaker_local_policy, 0),
         'other ' || nullif(weaker_other, 0),
         'none given ' || nullif(weaker_none_given, 0)), '') AS reasons
  FROM figure
 ORDER BY sum(weaker + stronger) OVER (PARTITION BY policy_domain) DESC,
          policy_domain, weaker + stronger DESC, messages DESC, reporter;
