-- report-summary: the senders of each domain; domains with most failing
-- messages first, what the operator has to do first.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day, or
-- NULL.  $4 bigint: rows of a list at most, or NULL for all.
--
-- Messages are added up by profile and address first: a profile is a number, the
-- names that it stands for are long.  Addresses that verdict() cannot tell apart
-- are then one, so that it is asked once for all of them.
--
-- Of those of whom the operator has said nothing, forgers share one row for each
-- thing that is wrong; forwarders share one, but for the five largest of which a
-- hundredth of all mail fails; and so do unresolved senders, but for the five
-- largest and those with a hundredth of the mail, if it is a thousandth at least,
-- and for those that are probably the operator's.  Unless $4 is NULL.  And of all
-- that is wrong in one way no more than an eighth of $4 rows are told, those whose
-- sender is known first: anybody can report any names.  The last row, the only one
-- with "more", sums up the rest.
--
-- Rows that ask the same of the operator stand together; "to_do" numbers what is
-- asked, and "advice" has it once, in the last of them.
--
-- A trend compares the last seven days with those before, back to the first day
-- of the window that has mail.
WITH newest AS MATERIALIZED (
       SELECT d.id, d.name, max(r.day) AS day
         FROM dmarc.policy_domain d
         JOIN dmarc.report r ON r.policy_domain_id = d.id
        WHERE ($1::text[] IS NULL OR d.name = ANY ($1))
          AND r.tier <> 'C'
          AND r.day BETWEEN coalesce($2::date, '-infinity')
                        AND least($3::date, current_date)
        GROUP BY d.id, d.name),
     one AS MATERIALIZED (
       SELECT m.policy_domain_id AS id, m.profile_id, m.alike, m.source_ip,
              sum(m.message_count) AS messages,
              sum(m.message_count) FILTER (WHERE m.day > n.day - 7) AS recent,
              min(m.day) AS first_seen, max(m.day) AS last_seen
         FROM dmarc.mail_of($1::text[], $2, $3) m
         LEFT JOIN newest n ON n.id = m.policy_domain_id
        GROUP BY 1, 2, 3, 4),
     -- n numbers them, so that it takes no join by names to come back here.
     pair AS MATERIALIZED (
       SELECT row_number() OVER (ORDER BY id, profile_id) AS n,
              id, profile_id, alike, sum(messages) AS messages,
              sum(recent) AS recent, min(first_seen) AS first_seen,
              max(last_seen) AS last_seen,
              array_agg(source_ip) AS source_ips,
              array_agg(messages) AS source_messages
         FROM one
        GROUP BY id, profile_id, alike),
     judged AS MATERIALIZED (
       SELECT o.n, d.name AS policy_domain, o.profile_id,
              v.sender COLLATE "C" AS name,
              c.sender_kind COLLATE "C" AS sender_kind,
              c.role COLLATE "C" AS role, v.class COLLATE "C" AS class,
              c.stream COLLATE "C" AS stream, c.confidence, c.known,
              o.messages, o.recent, o.first_seen, o.last_seen,
              o.messages * c.pass AS pass,
              o.messages * c.fail AS fail, o.messages * c.unknown AS unknown,
              o.messages * c.dkim_aligned AS dkim_aligned,
              o.messages * c.spf_aligned AS spf_aligned,
              o.messages * c.quarantine AS quarantine,
              o.messages * c.reject AS reject,
              o.messages * c.disagree AS disagree
         FROM pair o
         JOIN dmarc.policy_domain d ON d.id = o.id
         JOIN (SELECT array_agg(id) AS ids, array_agg(profile_id) AS profiles,
                      array_agg(alike) AS ips
                 FROM (SELECT * FROM pair ORDER BY n) x) a ON true
        CROSS JOIN dmarc.verdicts_of(a.ids, a.profiles, a.ips) v
        CROSS JOIN LATERAL dmarc.verdict_decoded(v.code) c
        WHERE v.n = o.n),
     -- What can be a row of the answer, with the pairs that it is made of.
     -- Names are compared here, and numbers from here on.
     named AS MATERIALIZED (
       SELECT row_number() OVER () AS g, x.*
         FROM (SELECT policy_domain, stream, name, sender_kind, role, class,
                      min(confidence) AS confidence, bool_or(known) AS known,
                      sum(messages) AS messages, sum(recent) AS recent,
                      min(first_seen) AS first_seen,
                      max(last_seen) AS last_seen, sum(pass) AS pass,
                      sum(fail) AS fail, sum(unknown) AS unknown,
                      sum(dkim_aligned) AS dkim_aligned,
                      sum(spf_aligned) AS spf_aligned,
                      sum(quarantine) AS quarantine, sum(reject) AS reject,
                      sum(disagree) AS disagree, array_agg(n) AS pairs
                 FROM judged
                GROUP BY policy_domain, stream, name, sender_kind, role,
                         class) x),
     whole AS MATERIALIZED (
       SELECT n.policy_domain, sum(n.messages) AS messages,
              min(n.first_seen) AS first_day, max(w.day) AS last_day
         FROM named n
         LEFT JOIN newest w ON w.name = n.policy_domain
        GROUP BY n.policy_domain),
     -- "" is mail that nothing names.
     ranked AS (
       SELECT policy_domain, name, stream, small
              -- One alone does not hide behind "others".
              AND count(*) FILTER (WHERE small AND name <> '')
                    OVER (PARTITION BY policy_domain, stream) > 1
              AND $4::bigint IS NOT NULL AS folded
         FROM (SELECT r.*,
                      CASE stream
                        WHEN 'hostile' THEN true
                        WHEN 'indirect'
                          THEN n > 5 OR fail * 100 < of_messages
                        ELSE NOT yours
                             AND (messages * 1000 < of_messages
                                  OR (n > 5 AND messages * 100 < of_messages))
                      END AS small
                 FROM (SELECT policy_domain, coalesce(name, '') AS name, stream,
                              sum(messages) AS messages, sum(fail) AS fail,
                              bool_or(class = 'FAIL/PROBABLY_YOURS') AS yours,
                              row_number() OVER (PARTITION BY policy_domain, stream
                                ORDER BY sum(messages) DESC,
                                         coalesce(name, '') COLLATE "C") AS n
                         FROM named
                        WHERE stream IN ('hostile', 'indirect', 'unresolved')
                          AND role IS NULL
                        GROUP BY policy_domain, coalesce(name, ''), stream) r
                 JOIN (SELECT policy_domain, messages AS of_messages
                         FROM whole) d USING (policy_domain)) x),
     -- k numbers the rows of the answer.
     figure AS (
       SELECT row_number() OVER () AS k, x.*,
              sum(x.fail) OVER (PARTITION BY x.policy_domain) AS domain_fail,
              sum(x.messages) OVER (PARTITION BY x.policy_domain, x.sender)
                AS sender_messages
         FROM (SELECT n.policy_domain, n.stream, s.sender, s.sender_kind,
                      n.role, s.class, min(n.confidence) AS confidence,
                      bool_or(n.known) AS known, count(n.name) AS senders,
                      bool_or(coalesce(r.folded, false)) AS folded,
                      sum(n.messages) AS messages, sum(n.recent) AS recent,
                      min(n.first_seen) AS first_seen,
                      max(n.last_seen) AS last_seen, sum(n.pass) AS pass,
                      sum(n.fail) AS fail, sum(n.unknown) AS unknown,
                      sum(n.dkim_aligned) AS dkim_aligned,
                      sum(n.spf_aligned) AS spf_aligned,
                      sum(n.quarantine) AS quarantine,
                      sum(n.reject) AS reject, sum(n.disagree) AS disagree,
                      array_agg(n.g) AS groups
                 FROM named n
                 LEFT JOIN ranked r ON r.policy_domain = n.policy_domain
                                   AND r.stream = n.stream
                                   AND r.name = coalesce(n.name, '')
                                   AND n.role IS NULL
                CROSS JOIN LATERAL (
                      SELECT CASE WHEN NOT coalesce(r.folded, false)
                                  THEN n.name END AS sender,
                             CASE WHEN NOT coalesce(r.folded, false)
                                       OR n.stream = 'hostile'
                                  THEN n.sender_kind END AS sender_kind,
                             CASE WHEN NOT coalesce(r.folded, false)
                                       OR n.stream = 'hostile'
                                  THEN n.class END AS class) s
                GROUP BY n.policy_domain, n.stream, s.sender, s.sender_kind,
                         n.role, s.class) x),
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
        GROUP BY k),
     -- What each row asks of the operator.
     said AS MATERIALIZED (
       SELECT f.*, p.header_from, e AS feature, a.action,
              a.action IS NOT NULL AND NOT f.folded AND NOT a.is_repaired
              AND a.action NOT LIKE '%nothing to do%' AS asks,
              a.is_repaired, a.kind
         FROM placed f
         JOIN example q ON q.k = f.k
         JOIN dmarc.auth_profile p ON p.id = q.profile_id
         JOIN dmarc.profile_feature e ON e.profile_id = q.profile_id
        CROSS JOIN LATERAL (
              SELECT CASE
                       WHEN f.stream = 'indirect' THEN NULL
                       WHEN f.role = 'retired' AND f.last_seen < (
                            SELECT max(w.since)
                              FROM dmarc.sender_word w
                             WHERE w.sender = f.sender
                               AND coalesce(w.policy_domain, f.policy_domain)
                                   = f.policy_domain)
                         THEN 'it is retired, and this is mail from before: nothing to do'
                       WHEN f.stream = 'unresolved' AND f.folded
                         THEN f.senders || ' more; summary --all has a row for each'
                       WHEN f.fail > 0 AND s.repaired_on IS NOT NULL
                            AND f.stream IN ('legitimate', 'unresolved')
                         THEN 'repaired since ' || s.repaired_on
                              || ', as far as its addresses tell: nothing to do'
                       ELSE dmarc.class_action(f.class, f.sender, f.role,
                         f.known, f.stream, p.header_from, p.adkim, p.aspf,
                         e.return_path, e.dkim_broken, f.messages,
                         f.sender_messages) END AS action,
                     f.fail > 0 AND s.repaired_on IS NOT NULL AS is_repaired,
                     CASE WHEN f.class LIKE 'FAIL/%' AND f.role IS NULL
                               AND NOT f.known AND f.stream = 'unresolved'
                          THEN dmarc.ask_kind(f.class, f.sender, f.stream,
                                 e.dkim_broken) END AS kind
                FROM (SELECT 1) one
                LEFT JOIN dmarc.sender_fact s
                  ON s.policy_domain = f.policy_domain
                 AND s.sender = f.sender
              OFFSET 0) a
        WHERE f.listed),
     -- The same but for the name is one thing to do.
     weighed AS (
       SELECT s.*,
              CASE WHEN NOT s.asks THEN NULL
                   WHEN $4::bigint IS NULL OR s.sender IS NULL
                     THEN s.action || ' ' || s.k
                   ELSE replace(s.action, s.sender,
                          CASE WHEN dmarc.sender_base(s.sender) = s.sender
                               THEN 'NAME'
                               ELSE dmarc.sender_base(s.sender) || ' (NAME)'
                          END) END AS cause,
              CASE WHEN s.asks AND s.kind IN ('list', 'mailbox') THEN 1
                   WHEN s.asks THEN 0
                   WHEN s.rank <= 2 THEN 2
                   ELSE s.rank END AS place,
              CASE WHEN NOT s.asks THEN 0
                   WHEN s.rank = 2 OR s.role = 'hostile' THEN s.messages
                   WHEN s.rank = 1 THEN s.fail
                   ELSE 0 END AS harm
         FROM said s),
     asked AS (
       SELECT w.*,
              sum(w.harm) OVER (PARTITION BY w.policy_domain, w.place, w.cause)
                AS cause_harm,
              CASE WHEN w.asks THEN count(*) OVER (
                PARTITION BY w.policy_domain, w.place, w.cause) ELSE 1 END AS alike,
              row_number() OVER (
                PARTITION BY w.policy_domain, w.place, w.cause
                ORDER BY w.harm, w.fail, w.unknown, w.messages,
                         w.sender COLLATE "C" DESC, w.class DESC,
                         w.stream DESC, w.sender_kind DESC, w.role DESC) AS last
         FROM weighed w)
SELECT * FROM (
SELECT f.policy_domain AS domain, f.stream,
       CASE
         WHEN f.sender IS NOT NULL THEN f.sender
         WHEN NOT f.folded THEN NULL
         WHEN f.stream = 'indirect' THEN 'forwarders and lists'
         WHEN f.stream = 'unresolved' THEN 'others, few messages each'
         WHEN f.senders > 0 THEN 'strangers'
       END AS sender,
       f.sender_kind, greatest(f.senders, 1) AS senders, f.role, f.class,
       CASE WHEN f.class IS NOT NULL THEN dmarc.class_text(f.class)
            WHEN f.stream = 'indirect' THEN 'sent again on the way'
            ELSE 'several things; yours?' END AS wrong, f.confidence,
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
       CASE WHEN f.asks AND f.alike = 1 THEN
         dmarc.class_evidence(f.header_from, f.feature) END AS evidence,
       f.action, NULL::bigint AS more, f.domain_fail, f.place,
       f.cause_harm, f.cause, f.harm, f.sender AS name,
       coalesce(f.recent, 0) AS recent, f.last_seen,
       dmarc.trend(f.messages, coalesce(f.recent, 0), f.first_seen,
         w.first_day, w.last_day) AS trend,
       CASE WHEN f.asks
            THEN dense_rank() OVER (PARTITION BY f.policy_domain, f.asks
                   ORDER BY f.place, f.cause_harm DESC, f.cause) END AS to_do,
       CASE WHEN NOT f.asks OR f.last > 1 THEN NULL
            WHEN f.alike = 1 THEN f.action
            WHEN f.cause = f.action
              THEN 'for these ' || f.alike || ': ' || f.action
            ELSE 'for each of these ' || f.alike || ', which is NAME here: '
                 || f.cause END AS advice,
       CASE WHEN NOT f.asks THEN f.action END AS remark
  FROM asked f
  JOIN whole w ON w.policy_domain = f.policy_domain
  LEFT JOIN signed s ON s.k = f.k
  LEFT JOIN returned r ON r.k = f.k
  LEFT JOIN source i ON i.k = f.k
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
       NULL, NULL, count(*), f.domain_fail, NULL, NULL, NULL, NULL, NULL,
       coalesce(sum(f.recent), 0), max(f.last_seen), NULL, NULL, NULL, NULL
  FROM placed f
 WHERE NOT f.listed
 GROUP BY f.policy_domain, f.domain_fail) x
 ORDER BY domain_fail DESC, domain, more IS NOT NULL, place, cause_harm DESC,
          cause, harm DESC, fail DESC, unknown DESC, messages DESC,
          name COLLATE "C", class, stream, sender_kind, role;
