-- store-ahead: the ids of a report that is written before its end is known, and
-- of its policy domain, which may be new.  $1 text: the domain's name.
WITH made AS (
INSERT INTO dmarc.policy_domain (name)
SELECT $1::text
 WHERE NOT EXISTS (SELECT FROM dmarc.policy_domain d WHERE d.name = $1::text)
    ON CONFLICT (name) DO NOTHING
RETURNING id)
SELECT d.id, nextval('dmarc.report_id_seq')
  FROM (SELECT id FROM made
         UNION ALL
        SELECT id FROM dmarc.policy_domain WHERE name = $1::text) d;
