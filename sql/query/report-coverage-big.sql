-- report-coverage-big: the big receivers.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT policy_domain AS domain, receiver AS reporter, days, reports, messages,
       domain_messages AS of_messages, last_seen
  FROM dmarc.big_receiver_seen($1, $2, $3)
 ORDER BY policy_domain, messages DESC, receiver;
