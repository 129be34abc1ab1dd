-- report-summary: the senders of each domain; domains with most failing
-- messages first, what the operator has to do first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all.
--
-- Messages are added up by profile and address first: a profile is a number, the
-- names that it stands for are long.  Addresses that verdict() cannot tell apart
-- are then one, so that it is asked once for all of them.
--
-- Of those of whom the operator has said nothing, the five largest forgers,
-- forwarders and unresolved senders have rows of their own, and unresolved ones
-- with a hundredth of the mail, but none with less than a thousandth; the
-- others share one, unless $4 is NULL.  And of all that is wrong in one way no
-- more than an eighth of $4 rows are told, those whose sender is known first: anybody
-- can report any names.  The last row, the only one with "more", sums up the
-- rest.
WITH one AS (
       SELECT d.name AS policy_domain, m.profile_id, m.alike, m.source_ip,
              m.messages
         FROM (SELECT m.policy_domain_id, m.profile_id, m.alike, m.source_ip,
                      sum(m.message_count) AS messages
                 FROM dmarc.mail_of($1::text[], $2, $3) m
                GROUP BY 1, 2, 3, 4) m
         JOIN dmarc.policy_domain d ON d.id = m.policy_domain_id),
     -- n numbers them, so that it takes no join by names to come back here.
     pair AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY policy_domain, profile_id) AS n,
              policy_domain, profile_id, alike, sum(messages) AS messages,
              array_agg(source_ip) AS source_ips,
              array_agg(messages) AS source_messages
         FROM one
        GROUP BY policy_domain, profile_id, alike),
     judged AS MATERIALIZED (
       SELECT o.n, o.policy_domain, o.profile_id,
              v.sender COLLATE "C" AS name,
              v.sender_kind COLLATE "C" AS sender_kind,
              v.role COLLATE "C" AS role, v.class COLLATE "C" AS class,
              v.stream COLLATE "C" AS stream, v.confidence, v.known,
              o.messages, o.messages * c.pass AS pass,
              o.messages * c.fail AS fail, o.messages * c.unknown AS unknown,
              o.messages * c.dkim_aligned AS dkim_aligned,
              o.messages * c.spf_aligned AS spf_aligned,
              o.messages * c.quarantine AS quarantine,
              o.messages * c.reject AS reject,
              o.messages * c.disagree AS disagree
         FROM pair o
         JOIN dmarc.profile_count c ON c.profile_id = o.profile_id
         JOIN (SELECT array_agg(policy_domain) AS domains,
                      array_agg(profile_id) AS profiles,
                      array_agg(nullif(alike, '::/0')) AS ips
                 FROM (SELECT * FROM pair ORDER BY n) x) a ON true
        CROSS JOIN dmarc.verdicts(a.domains, a.profiles, a.ips) v
        WHERE v.n = o.n),
     -- What can be a row of the answer, with the pairs that it is made of.
     -- Names are compared here, and numbers from here on.
     named AS MATERIALIZED (
       SELECT row_number() OVER () AS g, x.*
         FROM (SELECT policy_domain, stream, name, sender_kind, role, class,
                      min(confidence) AS confidence, bool_or(known) AS known,
                      sum(messages) AS messages, sum(pass) AS pass,
                      sum(fail) AS fail, sum(unknown) AS unknown,
                      sum(dkim_aligned) AS dkim_aligned,
                      sum(spf_aligned) AS spf_aligned,
                      sum(quarantine) AS quarantine, sum(reject) AS reject,
                      sum(disagree) AS disagree, array_agg(n) AS pairs
                 FROM judged
                GROUP BY policy_domain, stream, name, sender_kind, role,
                         class) x),
     ranked AS (
       SELECT policy_domain, name, stream, small
              -- One alone does not hide behind "others".
              AND count(*) FILTER (WHERE small)
                    OVER (PARTITION BY policy_domain, stream) > 1
              AND $4::bigint IS NOT NULL AS folded
         FROM (SELECT r.*,
                      n > 5 AND (stream <> 'unresolved'
                                 OR messages < of_messages / 100)
                      OR stream = 'unresolved' AND messages < of_messages / 1000
                        AS small
                 FROM (SELECT policy_domain, name, stream,
                              sum(messages) AS messages,
                              row_number() OVER (PARTITION BY policy_domain, stream
                                ORDER BY sum(messages) DESC,
                                         name COLLATE "C") AS n
                         FROM named
                        WHERE stream IN ('hostile', 'indirect', 'unresolved')
                          AND role IS NULL
                          AND name IS NOT NULL
                        GROUP BY policy_domain, name, stream) r
                 JOIN (SELECT policy_domain, sum(messages) AS of_messages
                         FROM named
                        GROUP BY policy_domain) d USING (policy_domain)) x),
     -- k numbers the rows of the answer.
     figure AS (
       SELECT row_number() OVER () AS k, x.*,
              sum(x.fail) OVER (PARTITION BY x.policy_domain) AS domain_fail,
              sum(x.messages) OVER (PARTITION BY x.policy_domain, x.sender)
                AS sender_messages
         FROM (SELECT n.policy_domain, n.stream, s.sender, n.sender_kind,
                      n.role, n.class, min(n.confidence) AS confidence,
                      bool_or(n.known) AS known, count(n.name) AS senders,
                      sum(n.messages) AS messages, sum(n.pass) AS pass,
                      sum(n.fail) AS fail, sum(n.unknown) AS unknown,
                      sum(n.dkim_aligned) AS dkim_aligned,
                      sum(n.spf_aligned) AS spf_aligned,
                      sum(n.quarantine) AS quarantine,
                      sum(n.reject) AS reject, sum(n.disagree) AS disagree,
                      array_agg(n.g) AS groups
                 FROM named n
                 LEFT JOIN ranked r ON r.policy_domain = n.policy_domain
                                   AND r.stream = n.stream
                                   AND r.name = n.name
                                   AND n.role IS NULL
                CROSS JOIN LATERAL (
                      SELECT CASE WHEN r.folded THEN NULL ELSE n.name END
                               AS sender) s
                GROUP BY n.policy_domain, n.stream, s.sender, n.sender_kind,
                         n.role, n.class) x),
     placed AS MATERIALIZED (
       SELECT f.*,
              $4 IS NULL OR f.role IS NOT NULL
              OR row_number() OVER (PARTITION BY f.policy_domain, f.rank,
                                                 f.role IS NULL
                   ORDER BY f.known DESC, f.fail DESC, f.unknown DESC,
                            f.messages DESC, f.sender COLLATE "C", f.class,
                            f.stream, f.sender_kind)
                 <= $4::bigint / 8 AS listed
         FROM (SELECT *,
                      CASE
                        WHEN stream IN ('legitimate', 'unresolved') AND fail > 0
                          THEN 1
                        WHEN class LIKE 'PASS_SPF/%' THEN 2
                        WHEN stream = 'hostile' THEN 3
                        WHEN stream = 'undetermined' THEN 4
                        WHEN stream = 'indirect' THEN 5
                        ELSE 6 END AS rank
                 FROM figure) f),
     member AS MATERIALIZED (
       SELECT l.k, o.profile_id, o.messages, o.source_ips, o.source_messages
         FROM (SELECT k, unnest(groups) AS g FROM placed WHERE listed) l
         JOIN named x ON x.g = l.g
        CROSS JOIN unnest(x.pairs) u (n)
         JOIN pair o ON o.n = u.n),
     -- Profiles are looked up one by one: a domain has few, the table many.
     detail AS MATERIALIZED (
       SELECT n.k, n.profile_id, n.messages, f.signed_as, f.return_path,
              f.return_path_result AS result
         FROM (SELECT k, profile_id, sum(messages) AS messages
                 FROM member
                GROUP BY k, profile_id) n
        CROSS JOIN LATERAL (
              SELECT coalesce(f.author_signature, f.third_party_signature)
                       AS signed_as, f.return_path, f.return_path_result
                FROM dmarc.profile_feature f
               WHERE f.profile_id = n.profile_id
              OFFSET 0) f),
     signed AS (
       SELECT k, count(*) - 1 AS more,
              min(signed_as COLLATE "C") FILTER (WHERE messages = most)
                AS signed_as
         FROM (SELECT k, signed_as, sum(messages) AS messages,
                      max(sum(messages)) OVER (PARTITION BY k) AS most
                 FROM detail
                WHERE signed_as IS NOT NULL
                GROUP BY k, signed_as) x
        GROUP BY k),
     returned AS (
       SELECT k, count(DISTINCT return_path COLLATE "C") - 1 AS more,
              min(ARRAY[return_path, result]) FILTER (WHERE messages = most)
                AS first
         FROM (SELECT k, return_path, result, sum(messages) AS messages,
                      max(sum(messages)) OVER (PARTITION BY k) AS most
                 FROM detail
                WHERE return_path IS NOT NULL
                GROUP BY k, return_path, result) x
        GROUP BY k),
     -- The profile with most messages speaks for the row.
     example AS (
       SELECT DISTINCT ON (k) k, profile_id
         FROM detail
        ORDER BY k, messages DESC, profile_id),
     source AS (
       SELECT k, count(*) AS sources,
              string_agg(host(source_ip), ' ' ORDER BY n)
                FILTER (WHERE n <= 3) AS top_sources
         FROM (SELECT m.k, s.source_ip,
                      row_number() OVER (PARTITION BY m.k
                        ORDER BY sum(s.messages) DESC, s.source_ip) AS n
                 FROM member m
                CROSS JOIN LATERAL unnest(m.source_ips, m.source_messages)
                             AS s (source_ip, messages)
                WHERE s.source_ip IS NOT NULL
                GROUP BY m.k, s.source_ip) x
        GROUP BY k)
SELECT * FROM (
SELECT f.policy_domain AS domain, f.stream,
       CASE
         WHEN f.sender IS NOT NULL THEN f.sender
         WHEN f.stream = 'indirect' AND f.senders > 0
           THEN 'other forwarders and lists'
         WHEN f.stream = 'unresolved' AND f.senders > 0
           THEN 'others, few messages each'
       END AS sender,
       f.sender_kind, greatest(f.senders, 1) AS senders, f.role, f.class,
       dmarc.class_text(f.class) AS wrong, f.confidence,
       s.signed_as, s.more AS signed_as_more,
       r.first[1] AS return_path, r.first[2] AS return_path_result,
       r.more AS return_path_more,
       coalesce(i.sources, 0) AS sources, i.top_sources,
       f.messages, f.pass, f.fail, f.unknown, f.dkim_aligned, f.spf_aligned,
       f.quarantine, f.reject, f.disagree,
       CASE WHEN f.stream = 'legitimate' THEN f.fail ELSE 0 END
         AS legitimate_fail,
       CASE WHEN f.stream = 'unresolved' THEN f.fail ELSE 0 END
         AS unresolved_fail,
       CASE WHEN f.stream = 'indirect' THEN f.fail ELSE 0 END AS indirect_fail,
       CASE WHEN f.stream = 'hostile' THEN f.fail ELSE 0 END AS hostile_fail,
       CASE WHEN f.stream = 'undetermined' THEN f.fail ELSE 0 END
         AS undetermined_fail,
       CASE WHEN a.action NOT LIKE '%nothing to do%' AND NOT a.folded THEN
         dmarc.class_evidence(p.header_from, e) END AS evidence,
       a.action, NULL::bigint AS more, f.domain_fail,
       -- What is lost, and what would be lost with the first forward.
       CASE WHEN f.rank = 2 THEN 1 ELSE f.rank END AS rank,
       CASE WHEN f.rank > 2 OR a.is_repaired THEN 0
            WHEN f.rank = 2 THEN f.messages ELSE f.fail END AS harm,
       f.sender AS name
  FROM placed f
  JOIN example q ON q.k = f.k
  JOIN dmarc.auth_profile p ON p.id = q.profile_id
  JOIN dmarc.profile_feature e ON e.profile_id = q.profile_id
 CROSS JOIN LATERAL (
       SELECT CASE
                WHEN f.stream = 'indirect' THEN NULL
                WHEN f.stream = 'unresolved' AND f.sender IS NULL
                     AND f.senders > 0
                  THEN f.senders || ' more; summary --all has a row for each'
                WHEN f.fail > 0 AND s.repaired_on IS NOT NULL
                     AND f.stream IN ('legitimate', 'unresolved')
                  THEN 'repaired since ' || s.repaired_on
                       || ', as far as its addresses tell: nothing to do'
                ELSE dmarc.class_action(f.class, f.sender, f.role, f.known,
                  f.stream, p.header_from, p.adkim, p.aspf, e.return_path,
                  e.dkim_broken, f.messages, f.sender_messages) END AS action,
              f.sender IS NULL AND f.senders > 0 AS folded,
              s.repaired_on IS NOT NULL AS is_repaired
          FROM (SELECT 1) one
          LEFT JOIN dmarc.sender_fact s
            ON s.policy_domain = f.policy_domain AND s.sender = f.sender
       OFFSET 0) a
  LEFT JOIN signed s ON s.k = f.k
  LEFT JOIN returned r ON r.k = f.k
  LEFT JOIN source i ON i.k = f.k
 WHERE f.listed
 UNION ALL
SELECT f.policy_domain, NULL, NULL, NULL, sum(greatest(f.senders, 1)), NULL,
       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       sum(f.messages), sum(f.pass), sum(f.fail), sum(f.unknown),
       sum(f.dkim_aligned), sum(f.spf_aligned), sum(f.quarantine),
       sum(f.reject), sum(f.disagree),
       coalesce(sum(f.fail) FILTER (WHERE f.stream = 'legitimate'), 0),
       coalesce(sum(f.fail) FILTER (WHERE f.stream = 'unresolved'), 0),
       coalesce(sum(f.fail) FILTER (WHERE f.stream = 'indirect'), 0),
       coalesce(sum(f.fail) FILTER (WHERE f.stream = 'hostile'), 0),
       coalesce(sum(f.fail) FILTER (WHERE f.stream = 'undetermined'), 0),
       NULL, NULL, count(*), f.domain_fail, NULL, NULL, NULL
  FROM placed f
 WHERE NOT f.listed
 GROUP BY f.policy_domain, f.domain_fail) x
 ORDER BY domain_fail DESC, domain, more IS NOT NULL, rank, harm DESC, fail DESC,
          unknown DESC, messages DESC, name COLLATE "C", class, stream,
          sender_kind, role;
