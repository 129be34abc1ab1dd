-- find-aside: what is set aside under a name or number, and what became of it;
-- what is open first.
-- $1 text: the name, as dmarc.is_named() has it, or a number of set_aside.
-- $2 bigint: rows of a list at most, or NULL for all; one more sums up the
-- others, and "more" is their number.
WITH placed AS (
       SELECT id, first_seen_at, kind, source, part, reason, detail, size,
              policy_domain, org_name, report_id, resolved_at, resolution,
              least(row_number() OVER (ORDER BY resolved_at IS NOT NULL,
                      first_seen_at DESC, id DESC), $2::bigint + 1) AS place
         FROM dmarc.set_aside
        WHERE dmarc.is_named($1::text, report_id, NULL, source, part)
           OR id::text = $1::text)
SELECT CASE WHEN count(*) = 1 THEN min(id) END AS id,
       to_char(min(first_seen_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS seen,
       CASE WHEN count(*) = 1 THEN min(kind) END AS kind,
       CASE WHEN count(*) = 1 THEN min(source) END AS source,
       CASE WHEN count(*) = 1 THEN min(part) END AS part,
       CASE WHEN count(*) = 1 THEN min(reason) END AS reason,
       CASE WHEN count(*) = 1 THEN min(detail) END AS detail,
       CASE WHEN count(*) = 1 THEN min(policy_domain) END AS domain,
       CASE WHEN count(*) = 1 THEN min(org_name) END AS org_name,
       CASE WHEN count(*) = 1 THEN min(report_id) END AS report_id,
       sum(size) AS bytes,
       CASE WHEN count(*) > 1 THEN NULL
            WHEN min(resolved_at) IS NULL THEN 'open'
            ELSE coalesce(min(resolution), 'resolved') || ', '
                 || to_char(min(resolved_at) AT TIME ZONE 'UTC',
                            'YYYY-MM-DD HH24:MI:SS')
       END AS state,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY place
 ORDER BY place;
