-- report-failures-sources: from which addresses the mail came that failed; most first.
-- Of reports of which no address is kept there is one row.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all; one more sums up
-- the others, and "more" is their number.
WITH figure AS (
       SELECT policy_domain, source_ip,
              sum(report_count) AS reports,
              sum(incident_count) AS mails, min(day) AS from_day,
              max(day) AS to_day
         FROM dmarc.failure_day
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY policy_domain, source_ip),
     placed AS (
       SELECT *, least(row_number() OVER (PARTITION BY policy_domain
                         ORDER BY source_ip IS NULL, reports DESC,
                                  source_ip), $4::bigint + 1) AS place
         FROM figure)
SELECT policy_domain AS domain,
       CASE WHEN count(*) = 1 THEN coalesce(host(min(source_ip)), '(not kept)') END AS source_ip,
       sum(reports) AS of_reports, sum(mails) AS mails,
       min(from_day) AS from_day, max(to_day) AS to_day,
       nullif(count(*), 1) AS more
  FROM placed
 GROUP BY policy_domain, place
 ORDER BY policy_domain, place;
