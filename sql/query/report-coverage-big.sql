-- report-coverage-big: the big receivers.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH placed AS (
       SELECT b.*, least(row_number() OVER (PARTITION BY b.policy_domain
                           ORDER BY b.messages DESC, b.receiver),
                         $4::bigint + 1) AS place
         FROM dmarc.big_receiver_seen(
                ARRAY(SELECT d.id
                        FROM dmarc.policy_domain d
                       WHERE $1::text[] IS NULL OR d.name = ANY ($1)),
                $2::date, $3::date) b)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN min(receiver) END AS reporter,
       sum(days) AS days, sum(reports) AS reports, sum(messages) AS messages,
       min(domain_messages) AS of_messages, max(last_seen) AS last_seen,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
