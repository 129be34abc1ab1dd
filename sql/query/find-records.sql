-- find-records: the records of the aggregate reports of a name, by report, most
-- messages first.
-- $1 text: the name, as dmarc.is_named() has it.  $2 bigint: rows of a list at
-- most, or NULL for all; one more sums up the others, and "more" is their number.
WITH placed AS (
       SELECT c.report_id AS id, c.source_ip, c.message_count, c.envelope_to,
              c.profile_id, array_to_string(c.remarks, '; ') AS remarks,
              least(row_number() OVER (ORDER BY c.report_id,
                      c.message_count DESC, c.source_ip, c.profile_id),
                    $2::bigint + 1) AS place
         FROM dmarc.report r
         JOIN dmarc.record c ON c.policy_domain_id = r.policy_domain_id
                            AND c.day = r.day
                            AND c.report_id = r.id
        WHERE dmarc.is_named($1::text, r.report_id, r.message_id, r.source,
                             r.part)),
     folded AS (
       SELECT place, count(*) AS n, sum(message_count) AS messages,
              min(id) AS id, min(source_ip) AS source_ip,
              min(envelope_to) AS envelope_to, min(profile_id) AS profile_id,
              min(remarks) AS remarks
         FROM placed
        GROUP BY place)
SELECT CASE WHEN f.n = 1 THEN f.id END AS id,
       CASE WHEN f.n = 1 THEN host(f.source_ip) END AS source_ip, f.messages,
       p.header_from, p.envelope_from,
       CASE WHEN f.n = 1 THEN f.envelope_to END AS envelope_to, p.disposition,
       p.eval_dkim, p.eval_spf, p.dkim, p.spf, nullif(p.reasons, '') AS reasons,
       CASE WHEN f.n = 1 THEN f.remarks END AS remarks,
       nullif(f.n, 1) AS more
  FROM folded f
  LEFT JOIN dmarc.profile_detail p ON p.profile_id = f.profile_id AND f.n = 1
 ORDER BY f.place;
