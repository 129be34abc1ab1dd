-- report-dispositions: what each reporter did with mail that fails; who handles
-- most otherwise than the policy asks goes first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
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
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, reporter),
     placed AS (
       SELECT *, sum(weaker + stronger) OVER (PARTITION BY policy_domain)
                   AS otherwise,
              least(row_number() OVER (PARTITION BY policy_domain
                      ORDER BY weaker + stronger DESC, messages DESC, reporter),
                    $4::bigint + 1) AS place
         FROM figure),
     line AS (
       SELECT policy_domain, otherwise, place,
              CASE WHEN count(*) = 1 THEN min(reporter) END AS reporter,
              sum(messages) AS messages, sum(honoured) AS honoured,
              sum(weaker) AS weaker, sum(stronger) AS stronger,
              sum(not_said) AS not_said, sum(sampled) AS sampled,
              sum(enforcing) AS enforcing, sum(enforced) AS enforced,
              sum(weaker_mailing_list) AS weaker_mailing_list,
              sum(weaker_forwarded) AS weaker_forwarded,
              sum(weaker_trusted_forwarder) AS weaker_trusted_forwarder,
              sum(weaker_arc) AS weaker_arc,
              sum(weaker_local_policy) AS weaker_local_policy,
              sum(weaker_other) AS weaker_other,
              sum(weaker_none_given) AS weaker_none_given,
              nullif(count(*), 1) AS more
         FROM placed
        GROUP BY policy_domain, otherwise, place)
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
         'none given ' || nullif(weaker_none_given, 0)), '') AS reasons, more
  FROM line
 ORDER BY otherwise DESC, policy_domain, place;
