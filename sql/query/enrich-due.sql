-- enrich-due: source addresses whose name or network is not known, or not any
-- more; those with most messages first.  The first row has the numbers of all
-- addresses and of names that are due, and no address when nothing is.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
-- $4, $5, $6 integer: for how many days a name, "none" and "failed" are good.
-- $7 bigint: when the databases of networks were made, seconds since 1970; NULL
-- for no databases.  $8 bigint: this many rows at most.
--
-- The addresses of one domain are looked up one by one, in their order so that
-- neighbours are found on one page; for those of all, the table is read.
WITH seen AS MATERIALIZED (
       SELECT source_ip AS ip, sum(message_count) AS messages
         FROM dmarc.record
        WHERE source_ip IS NOT NULL
          AND ($1::text IS NULL OR policy_domain_id =
               (SELECT id FROM dmarc.policy_domain WHERE name = $1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY source_ip),
     known AS (
       SELECT o.ip, o.messages, s.ptr_status, s.ptr_at, s.network_at
         FROM (SELECT ip, messages
                 FROM seen
                WHERE $1 IS NOT NULL
                ORDER BY ip) o
         LEFT JOIN LATERAL (
              SELECT x.ptr_status, x.ptr_at, x.network_at
                FROM dmarc.source x
               WHERE x.ip = o.ip
              OFFSET 0) s ON true
        UNION ALL
       SELECT o.ip, o.messages, s.ptr_status, s.ptr_at, s.network_at
         FROM seen o
         LEFT JOIN dmarc.source s ON s.ip = o.ip
        WHERE $1 IS NULL),
     due AS MATERIALIZED (
       SELECT s.ip, s.messages,
              coalesce(s.ptr_at <= now() - make_interval(days =>
                         CASE s.ptr_status WHEN 'failed' THEN $6::integer
                                           WHEN 'none' THEN $5::integer
                                           ELSE $4::integer END),
                       true) AS ptr_due,
              $7::bigint IS NOT NULL AND
              coalesce(s.network_at < least(to_timestamp($7), now())
                       OR s.network_at <= now() - make_interval(days => $4),
                       true) AS network_due
         FROM known s)
SELECT (SELECT count(*) FROM seen) AS addresses,
       (SELECT count(*) FROM due WHERE ptr_due) AS names_due,
       host(x.ip) AS ip, x.ptr_due, x.network_due
  FROM (VALUES (1)) one
  LEFT JOIN (SELECT *
               FROM due
              WHERE ptr_due OR network_due
              ORDER BY messages DESC, ip
              LIMIT $8::bigint) x ON true
 ORDER BY x.messages DESC, x.ip;
