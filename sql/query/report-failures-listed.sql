-- report-failures-listed: which domains with failure reports are told of, as
-- report-listed says it of aggregate reports.
-- $1 text: domain, or NULL.  $2, $3 date: first and last day, or NULL.
-- $4 bigint: rows of a list at most, or NULL for all; half as many domains.
WITH found AS (
       SELECT policy_domain,
              coalesce(dmarc.suffixes(policy_domain)
                       && (SELECT dmarc.setting_words('own_domains')), true)
                AS own,
              sum(report_count) AS reports, sum(incident_count) AS messages,
              count(DISTINCT reporter) AS reporters
         FROM dmarc.failure_day
        WHERE $1::text IS NULL
          AND $4::bigint IS NOT NULL
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain),
     seen AS MATERIALIZED (
       SELECT *, own AND place <= $4 / 2 AS listed
         FROM (SELECT *, row_number() OVER (PARTITION BY own
                           ORDER BY reporters DESC, messages DESC,
                                    policy_domain) AS place
                 FROM found) x)
SELECT CASE
         WHEN $1 IS NOT NULL THEN ARRAY[$1]
         WHEN NOT bool_and(listed)
           THEN coalesce(array_agg(policy_domain) FILTER (WHERE listed), '{}')
       END AS listed, NULL AS yours, NULL AS domains, NULL AS reports,
       NULL AS messages, NULL AS left_out
  FROM seen
 UNION ALL
SELECT NULL, own, count(*), sum(reports), sum(messages),
       string_agg(policy_domain, ', ' ORDER BY place) FILTER (WHERE n <= 3)
       || CASE WHEN count(*) > 3 THEN ', ...' ELSE '' END
  FROM (SELECT *, row_number() OVER (PARTITION BY own ORDER BY place) AS n
          FROM seen
         WHERE NOT listed) x
 GROUP BY own;
