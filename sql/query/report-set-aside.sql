-- report-set-aside: what is set aside and still open.  No parameters.
SELECT kind, source, part, reason, detail, policy_domain AS domain, org_name,
       report_id, size AS bytes, 1 AS documents,
       to_char(first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')
         AS first_seen
  FROM dmarc.set_aside_open
 ORDER BY first_seen_at, id;
