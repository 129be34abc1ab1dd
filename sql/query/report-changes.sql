-- report-changes: what is different since a day, the worst first.  Domains that
-- are not the operator's are not told of, unless they are asked for.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day.
-- $4 bigint: rows of a list at most, or NULL for all: of each kind of change on
-- a domain an eighth is listed, and half as many domains; "more" is the
-- number of those that a row sums up, and the last row, without a domain, sums
-- up the domains.
WITH told AS MATERIALIZED (
       SELECT c.*, array_position(ARRAY['domain', 'worse', 'broken', 'gone',
                     'new', 'class', 'surge', 'policy', 'silent', 'selector',
                     'better'], c.kind) AS rank
         FROM dmarc.change_between(
                ARRAY(SELECT p.id
                        FROM dmarc.policy_domain p
                       WHERE ($1::text IS NULL OR p.name = $1)
                         AND ($1 IS NOT NULL OR $4::bigint IS NULL
                              OR p.id IN (SELECT o.id
                                            FROM dmarc.own_domain_ids() o))),
                $2::date, $3::date) c),
     -- A domain of which nothing was known until now is the least to worry of.
     domain AS MATERIALIZED (
       SELECT policy_domain, min(rank) AS rank, sum(messages) AS messages
         FROM told
        GROUP BY policy_domain),
     listed AS MATERIALIZED (
       SELECT policy_domain
         FROM domain
        ORDER BY rank = 1, rank, messages DESC NULLS LAST, policy_domain
        LIMIT $4 / 2),
     others AS MATERIALIZED (
       SELECT policy_domain
         FROM domain
        WHERE policy_domain NOT IN (SELECT policy_domain FROM listed)),
     placed AS (
       SELECT t.*, least(row_number() OVER (PARTITION BY t.policy_domain, t.rank
                           ORDER BY greatest(t.messages, t.messages_before)
                                      DESC NULLS LAST, t.subject, t.last_seen,
                                    t.class), $4 / 8 + 1) AS place
         FROM told t
         JOIN listed l ON l.policy_domain = t.policy_domain)
SELECT * FROM (
SELECT policy_domain AS domain, rank, place, kind,
       CASE WHEN count(*) = 1 THEN min(subject) END AS subject,
       CASE WHEN count(*) = 1 THEN min(class) END AS class,
       sum(messages_before) AS messages_before, sum(pass_before) AS pass_before,
       sum(messages) AS messages, sum(pass) AS pass,
       max(last_seen) AS last_seen,
       CASE WHEN count(*) = 1 THEN min(detail) ELSE 'more of: ' || kind END
         AS detail,
       $2::date AS since_day, $3::date AS until_day,
       $3::date - 91 AS before_day,
       (SELECT count(*) FROM told) AS total, nullif(count(*), 1) AS more,
       NULL::bigint AS domains, NULL AS left_out
  FROM placed
 GROUP BY policy_domain, rank, kind, place
 UNION ALL
SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       $2, $3, NULL, (SELECT count(*) FROM told), NULL, n.domains,
       f.names || CASE WHEN n.domains > 3 THEN ', ...' ELSE '' END
  FROM (SELECT count(*) AS domains FROM others) n
 CROSS JOIN (SELECT string_agg(x.policy_domain, ', '
                               ORDER BY x.policy_domain) AS names
               FROM (SELECT policy_domain
                       FROM others
                      ORDER BY policy_domain
                      LIMIT 3) x) f
 WHERE n.domains > 0) y
 ORDER BY domain, rank, place;
