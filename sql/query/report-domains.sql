-- report-domains: what was reported on each domain, and the policy seen.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.
WITH seen AS MATERIALIZED (
       SELECT policy_domain, reporter, day, p, coalesce(sp, p) AS sp, np, pct,
              coalesce(adkim, 'r') AS adkim, coalesce(aspf, 'r') AS aspf,
              testing,
              coalesce(current_setting('dmarc.untrusted', true), '') = 'only'
              OR EXISTS (SELECT FROM dmarc.report_voice v
                          WHERE v.policy_domain_id = r.policy_domain_id
                            AND v.id = r.id) AS speaks
         FROM dmarc.report_detail r
        WHERE ($1::text[] IS NULL OR policy_domain = ANY ($1))
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')),
     -- The newest policy is what most reports of the last day say.
     newest AS (
       SELECT DISTINCT ON (policy_domain) policy_domain, policy
         FROM (SELECT policy_domain, day,
                      coalesce(dmarc.policy_text(p, sp, np, pct::text, adkim,
                        aspf, testing), '') AS policy, sum(reports) AS reports
                 FROM (SELECT policy_domain, day, p, sp, np, pct, adkim, aspf,
                              testing, count(*) AS reports
                         FROM seen
                        WHERE speaks
                        GROUP BY policy_domain, day, p, sp, np, pct, adkim,
                                 aspf, testing) y
                GROUP BY 1, 2, 3) x
        ORDER BY policy_domain, day DESC, reports DESC, policy DESC)
-- np, pct and testing stand in one generation of reports only: where they are
-- not said, that is no other policy.
SELECT s.policy_domain AS domain, 1 AS domains,
       nullif(n.policy, '') AS policy,
       greatest(count(DISTINCT (s.p, s.sp, s.adkim, s.aspf))
                  FILTER (WHERE s.speaks),
                count(DISTINCT s.np) FILTER (WHERE s.speaks),
                count(DISTINCT s.pct) FILTER (WHERE s.speaks),
                count(DISTINCT s.testing) FILTER (WHERE s.speaks)) AS policies,
       min(s.day) AS first_day, max(s.day) AS last_day,
       count(*) AS reports, count(DISTINCT s.reporter) AS reporters
  FROM seen s
  LEFT JOIN newest n ON n.policy_domain = s.policy_domain
 GROUP BY s.policy_domain, n.policy
 ORDER BY s.policy_domain;
