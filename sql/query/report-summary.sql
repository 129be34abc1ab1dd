-- report-summary: the senders of each domain; domains with most failing
-- messages first, failing senders first.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
--
-- Records are summed by profile and address first: a profile is a number, the
-- names that it stands for are long.
WITH one AS MATERIALIZED (
       SELECT policy_domain, profile_id, source_ip,
              sum(message_count) AS messages, sum(pass_count) AS pass,
              sum(fail_count) AS fail, sum(unknown_count) AS unknown,
              sum(dkim_aligned_count) AS dkim_aligned,
              sum(spf_aligned_count) AS spf_aligned,
              sum(quarantine_count) AS quarantine,
              sum(reject_count) AS reject, sum(disagree_count) AS disagree
         FROM dmarc.record_detail
        WHERE ($1::text IS NULL OR policy_domain = $1)
          AND day BETWEEN coalesce($2::date, '-infinity')
                      AND coalesce($3::date, 'infinity')
        GROUP BY profile_id, source_ip, policy_domain),
     profile AS MATERIALIZED (
       SELECT policy_domain, profile_id,
              sum(messages) AS messages, sum(pass) AS pass,
              sum(fail) AS fail, sum(unknown) AS unknown,
              sum(dkim_aligned) AS dkim_aligned,
              sum(spf_aligned) AS spf_aligned,
              sum(quarantine) AS quarantine, sum(reject) AS reject,
              sum(disagree) AS disagree
         FROM one
        GROUP BY policy_domain, profile_id),
     -- k numbers the rows of the answer.
     named AS MATERIALIZED (
       SELECT p.*, f.sender_kind, f.sender, f.finding,
              coalesce(f.author_signature, f.third_party_signature)
                AS signed_as,
              f.return_path, f.return_path_result,
              dense_rank() OVER (ORDER BY p.policy_domain, f.sender_kind,
                                          f.sender, f.finding) AS k
         FROM profile p
         JOIN dmarc.profile_detail f ON f.profile_id = p.profile_id),
     -- Of several values of a row, the one with most messages stands for all.
     signed AS (
       SELECT k, count(signed_as) - 1 AS more,
              (array_agg(signed_as ORDER BY messages DESC, signed_as))[1]
                AS signed_as
         FROM (SELECT k, signed_as, sum(messages) AS messages
                 FROM named
                WHERE signed_as IS NOT NULL
                GROUP BY k, signed_as) x
        GROUP BY k),
     returned AS (
       SELECT k, count(DISTINCT return_path) - 1 AS more,
              (array_agg(return_path ORDER BY messages DESC, return_path,
                         result))[1] AS return_path,
              (array_agg(result ORDER BY messages DESC, return_path,
                         result))[1] AS result
         FROM (SELECT k, return_path, return_path_result AS result,
                      sum(messages) AS messages
                 FROM named
                WHERE return_path IS NOT NULL
                GROUP BY k, return_path, return_path_result) x
        GROUP BY k),
     source AS (
       SELECT k, count(*) AS sources,
              string_agg(host(source_ip), ' ' ORDER BY n)
                FILTER (WHERE n <= 3) AS top_sources
         FROM (SELECT n.k, o.source_ip,
                      row_number() OVER (PARTITION BY n.k
                        ORDER BY sum(o.messages) DESC, o.source_ip) AS n
                 FROM one o
                 JOIN named n ON n.policy_domain = o.policy_domain
                             AND n.profile_id = o.profile_id
                WHERE o.source_ip IS NOT NULL
                GROUP BY n.k, o.source_ip) x
        GROUP BY k),
     figure AS (
       SELECT k, policy_domain, sender_kind, sender, finding,
              sum(messages) AS messages, sum(pass) AS pass,
              sum(fail) AS fail, sum(unknown) AS unknown,
              sum(dkim_aligned) AS dkim_aligned,
              sum(spf_aligned) AS spf_aligned,
              sum(quarantine) AS quarantine, sum(reject) AS reject,
              sum(disagree) AS disagree,
              sum(sum(fail)) OVER (PARTITION BY policy_domain) AS domain_fail
         FROM named
        GROUP BY k, policy_domain, sender_kind, sender, finding)
SELECT f.policy_domain AS domain, f.sender, f.sender_kind, f.finding,
       dmarc.finding_text(f.finding) AS wrong,
       s.signed_as, s.more AS signed_as_more,
       r.return_path, r.result AS return_path_result,
       r.more AS return_path_more,
       coalesce(i.sources, 0) AS sources, i.top_sources,
       f.messages, f.pass, f.fail, f.unknown, f.dkim_aligned, f.spf_aligned,
       f.quarantine, f.reject, f.disagree
  FROM figure f
  LEFT JOIN signed s ON s.k = f.k
  LEFT JOIN returned r ON r.k = f.k
  LEFT JOIN source i ON i.k = f.k
 ORDER BY f.domain_fail DESC, f.policy_domain, f.fail DESC, f.unknown DESC,
          f.messages DESC, f.sender, f.finding;
