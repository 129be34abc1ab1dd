-- report-set-aside: what is set aside and still open; of what came from one
-- source for one reason, and of all, the newest are listed.
-- $1 bigint: rows of a list at most, or NULL for all.  The others are summed up
-- by source and reason, and what is left in one row; "more" is their number.
WITH ranked AS (
       SELECT *, count(*) OVER g AS alike,
              row_number() OVER (PARTITION BY source, reason
                ORDER BY first_seen_at DESC, id DESC) AS n
         FROM dmarc.set_aside_open
       WINDOW g AS (PARTITION BY source, reason)),
     -- Five of a kind are five rows, six are three and a sum.
     folded AS (
       SELECT *, $1::bigint IS NOT NULL AND alike > 5 AND n > 3 AS folded
         FROM ranked),
     grouped AS (
       SELECT folded, source, reason,
              CASE WHEN folded THEN NULL ELSE id END AS one,
              count(*) AS things, sum(size) AS bytes,
              min(first_seen_at) AS first_seen, max(first_seen_at) AS newest,
              min(kind) AS kind, min(part) AS part, min(detail) AS detail,
              min(policy_domain) AS domain, min(org_name) AS org_name,
              min(report_id) AS report_id, min(id) AS id
         FROM folded
        GROUP BY folded, source, reason,
                 CASE WHEN folded THEN NULL ELSE id END),
     placed AS (
       SELECT *, least(row_number() OVER (ORDER BY folded, newest DESC, id DESC),
                       $1::bigint + 1) AS place
         FROM (SELECT *, row_number() OVER (PARTITION BY folded
                           ORDER BY newest DESC, id DESC) AS m
                 FROM grouped) x)
SELECT CASE WHEN sum(things) = 1 THEN min(id) END AS id,
       CASE WHEN sum(things) = 1 THEN min(kind) END AS kind,
       CASE WHEN count(*) = 1 THEN min(source) END AS source,
       CASE WHEN sum(things) = 1 THEN min(part) END AS part,
       CASE WHEN count(*) = 1 THEN min(reason) END AS reason,
       CASE WHEN sum(things) = 1 THEN min(detail) END AS detail,
       CASE WHEN sum(things) = 1 THEN min(domain) END AS domain,
       CASE WHEN sum(things) = 1 THEN min(org_name) END AS org_name,
       CASE WHEN sum(things) = 1 THEN min(report_id) END AS report_id,
       sum(bytes) AS bytes, sum(things) AS documents,
       to_char(min(first_seen) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen, nullif(sum(things), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY sum(things) > 1, count(*) > 1, min(first_seen), min(id);
