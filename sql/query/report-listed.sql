-- report-listed: which domains are told of.  The first row has them as an
-- array, or NULL for all; the others sum up those that are left out: the
-- operator's, of which there are too many, and those that are not his.
-- $1 text: domain, or NULL.  $2, $3 date: first and last day, or NULL.
-- $4 bigint: rows of a list at most, or NULL for all; half as many domains.
WITH seen AS MATERIALIZED (
       SELECT *
         FROM dmarc.listed_domain($2::date, $3::date, $4::bigint / 2)
        WHERE $1::text IS NULL
          AND $4 IS NOT NULL)
SELECT CASE
         WHEN $1 IS NOT NULL THEN ARRAY[$1]
         WHEN NOT bool_and(listed)
           THEN coalesce(array_agg(policy_domain) FILTER (WHERE listed), '{}')
       END AS listed, NULL AS yours, NULL AS domains, NULL AS reports,
       NULL AS messages, NULL AS left_out
  FROM seen
 UNION ALL
SELECT NULL, own, sum(domains), sum(reports), sum(messages),
       string_agg(policy_domain, ', ' ORDER BY place)
       || CASE WHEN sum(domains) > 3 THEN ', ...' ELSE '' END
  FROM seen
 WHERE NOT listed
 GROUP BY own;
