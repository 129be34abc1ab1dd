-- mail_of, mail: the records of a window, each with the address that stands for
-- its own.
--
-- verdict() is not free, so it is asked once for each profile and address that
-- it can tell apart, and not for each record: add up by policy_domain,
-- profile_id and alike, then ask for verdict(policy_domain, profile_id,
-- nullif(alike, '::/0')).  NULL joins with nothing: ::/0 stands for an address
-- of which nothing is known, and for none.  Names are long: what has ids asks
-- verdicts_of().
DROP FUNCTION IF EXISTS dmarc.mail_of(text[], date, date);
CREATE OR REPLACE FUNCTION dmarc.mail_of(only_domains text[], first_day date,
  last_day date)
RETURNS TABLE (policy_domain_id integer, stored_report_id bigint,
  profile_id integer, source_ip inet, alike inet, day date,
  message_count bigint)
LANGUAGE sql STABLE AS $$
WITH seen AS MATERIALIZED (
       SELECT c.policy_domain_id, c.report_id, c.profile_id, c.source_ip,
              c.day, c.message_count
         FROM dmarc.record c
        WHERE (only_domains IS NULL OR c.policy_domain_id = ANY (ARRAY(
               SELECT p.id FROM dmarc.policy_domain p
                WHERE p.name = ANY (only_domains))))
          AND c.day BETWEEN coalesce(mail_of.first_day, '-infinity')
                        AND coalesce(mail_of.last_day, 'infinity')
          AND NOT EXISTS (SELECT FROM dmarc.left_out x
                           WHERE x.policy_domain_id = c.policy_domain_id
                             AND x.id = c.report_id)),
     known AS MATERIALIZED (
       SELECT x.policy_domain_id, a.source_ip, a.alike
         FROM (SELECT u.policy_domain_id, array_agg(u.source_ip) AS ips
                 FROM (SELECT DISTINCT s.policy_domain_id, s.source_ip
                         FROM seen s
                        WHERE s.source_ip IS NOT NULL) u
                GROUP BY u.policy_domain_id) x
         JOIN dmarc.policy_domain d
           ON d.id = x.policy_domain_id
          -- True of these anyhow, but the planner would reckon with all.
          AND (only_domains IS NULL OR d.name = ANY (only_domains))
        CROSS JOIN LATERAL dmarc.alike(d.name, x.ips) a)
SELECT s.policy_domain_id, s.report_id, s.profile_id, s.source_ip,
       coalesce(k.alike, '::/0'), s.day, s.message_count
  FROM seen s
  LEFT JOIN known k ON k.policy_domain_id = s.policy_domain_id
                   AND k.source_ip = s.source_ip $$;
COMMENT ON FUNCTION dmarc.mail_of(text[], date, date) IS
  'the records of these domains or all (NULL), from a day to a day (NULL: no bound); alike is the address that stands for source_ip where a verdict is asked, ::/0 for none';

DROP FUNCTION IF EXISTS dmarc.mail(text, date, date);
CREATE OR REPLACE FUNCTION dmarc.mail(only_domain text, first_day date,
  last_day date)
RETURNS TABLE (policy_domain text, stored_report_id bigint, profile_id integer,
  source_ip inet, alike inet, day date, message_count bigint)
LANGUAGE sql STABLE AS $$
SELECT d.name, m.stored_report_id, m.profile_id, m.source_ip, m.alike, m.day,
       m.message_count
  FROM dmarc.mail_of(CASE WHEN only_domain IS NOT NULL
                          THEN ARRAY[only_domain] END,
         mail.first_day, mail.last_day) m
  JOIN dmarc.policy_domain d ON d.id = m.policy_domain_id $$;
COMMENT ON FUNCTION dmarc.mail(text, date, date) IS
  'mail_of() one domain or all (NULL), with its name';
