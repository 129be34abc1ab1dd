-- change-heartbeat: how much was looked at.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day.
SELECT count(DISTINCT policy_domain_id) AS domains, count(*) AS reports,
       coalesce(sum(message_count), 0) AS messages
  FROM dmarc.report
 WHERE ($1::text IS NULL
        OR policy_domain_id = (SELECT d.id
                                 FROM dmarc.policy_domain d
                                WHERE d.name = $1))
   AND day BETWEEN $2::date AND $3::date
   AND dmarc.shown_tier(tier);
