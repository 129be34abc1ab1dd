-- readiness_below: mail of names below a domain that lies in reports which name
-- these as the policy domain, and so is not in the figures of the domain.  Such
-- a name may have a DMARC record of its own.  OpenDMARC up to 1.4.2 writes so of
-- each domain in From, and then the policy of the domain above holds for it;
-- nothing in a report tells the two apart.  NULL: there is no such mail.
CREATE OR REPLACE FUNCTION dmarc.readiness_below(above text, from_day date,
  last_day date) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT 'not in these figures: ' || dmarc.in_words(sum(b.messages))
         || ' messages, ' || dmarc.in_words(sum(b.messages - b.passes))
         || ' without a pass, in reports about '
         || min(b.name) FILTER (WHERE b.n = 1)
         || CASE WHEN count(*) > 1
                 THEN ' and others below (' || count(*) || ' in all)' ELSE '' END
         || '; they are about this policy, too, where no DMARC record is there'
         || ' (OpenDMARC up to 1.4.2 reports so)'
    FROM (SELECT d.name, sum(r.message_count) AS messages,
                 sum(r.pass_count) AS passes,
                 row_number() OVER (ORDER BY sum(r.message_count) DESC, d.name)
                   AS n
            FROM dmarc.policy_domain d
            JOIN dmarc.report_trust t ON t.policy_domain_id = d.id AND t.used
            JOIN dmarc.report r ON r.policy_domain_id = d.id AND r.id = t.id
           WHERE reverse(d.name) COLLATE "C" > reverse(above) || '.'
             AND reverse(d.name) COLLATE "C" < reverse(above) || '/'
             AND r.day BETWEEN from_day AND last_day
           GROUP BY d.name
          HAVING sum(r.message_count) > 0) b
  HAVING count(*) > 0 $$;
COMMENT ON FUNCTION dmarc.readiness_below(text, date, date) IS
  'mail of names below a domain that its figures do not have, in words; NULL: there is none';
