-- store-seen: the reports that came, whole, in these very bytes.  $1 uuid[]: digests
-- of messages or files.
WITH known AS MATERIALIZED (
  SELECT k.n, r.*
    FROM unnest($1::uuid[]) WITH ORDINALITY AS k (digest, n)
   CROSS JOIN LATERAL (
         -- With LIMIT, so that the index is used and not the table read.
         SELECT * FROM dmarc.report r
          WHERE r.source_digest = k.digest
            AND r.set_aside_count = 0
          LIMIT 1) r)
SELECT k.n - 1 AS n, k.part, k.message_id, k.mail_from, d.name, k.org_name,
       k.report_id, extract(epoch FROM k.begin_at)::bigint AS begin_at,
       extract(epoch FROM k.end_at)::bigint AS end_at, k.record_count,
       k.message_count, k.pass_count
  FROM known k
  JOIN dmarc.policy_domain d ON d.id = k.policy_domain_id
 ORDER BY k.n;
