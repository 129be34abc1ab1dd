-- disposition_day: what reporters did with mail that fails, beside what the
-- published policy asked for; a row per reporter, day and all that it hangs on.
--
-- What was asked for: p where the author domain is the policy domain, else sp,
-- else p.  (np cannot be decided: a report does not say whether a name exists.)
-- Quarantine under reject conforms: RFC 9989 7.4 wants it of receivers that
-- know nothing else.  pct and t=y take one step off, and a receiver that does
-- not know t applies the whole policy; all of that is as asked for.
CREATE OR REPLACE VIEW dmarc.disposition_day AS
SELECT x.policy_domain, x.policy_domain_id, x.reporter, x.day, x.requested,
       x.disposition, h.handling,
       CASE WHEN h.handling = 'weaker' THEN x.reason END AS reason,
       h.sampled,
       sum(x.message_count) AS message_count,
       sum(CASE WHEN h.handling = 'honoured' THEN x.message_count ELSE 0 END)
         AS honoured_count,
       sum(CASE WHEN h.handling = 'weaker' THEN x.message_count ELSE 0 END)
         AS weaker_count,
       sum(CASE WHEN h.handling = 'stronger' THEN x.message_count ELSE 0 END)
         AS stronger_count,
       sum(CASE WHEN h.handling = 'not_said' THEN x.message_count ELSE 0 END)
         AS not_said_count,
       sum(CASE WHEN h.sampled THEN x.message_count ELSE 0 END)
         AS sampled_count,
       sum(CASE WHEN x.asked > 0 AND x.done IS NOT NULL AND NOT h.sampled
                THEN x.message_count ELSE 0 END) AS enforcing_count,
       sum(CASE WHEN x.asked > 0 AND x.done > 0 AND NOT h.sampled
                THEN x.message_count ELSE 0 END) AS enforced_count
  FROM (SELECT g.policy_domain, g.policy_domain_id, g.reporter, g.day,
               q.requested, p.disposition,
               array_position(ARRAY['none', 'quarantine', 'reject'],
                 q.requested) - 1 AS asked,
               array_position(ARRAY['none', 'quarantine', 'reject'],
                 CASE WHEN p.disposition = 'pass' THEN 'none'
                      ELSE p.disposition END) - 1 AS done,
               g.pct < 100 OR g.testing = 'y' AS softened,
               p.reasons && ARRAY['sampled_out', 'policy_test_mode']
                 AS says_sampled,
               CASE
                 WHEN 'mailing_list' = ANY (p.reasons) THEN 'mailing_list'
                 WHEN 'forwarded' = ANY (p.reasons) THEN 'forwarded'
                 WHEN 'trusted_forwarder' = ANY (p.reasons)
                   THEN 'trusted_forwarder'
                 WHEN p.arc_pass THEN 'arc'
                 WHEN 'local_policy' = ANY (p.reasons) THEN 'local_policy'
                 WHEN cardinality(p.reasons) > 0 THEN 'other'
                 ELSE 'none_given'
               END AS reason,
               g.message_count
          FROM (-- records are summed before anything is compared
                SELECT n.policy_domain, n.policy_domain_id, r.reporter, n.day,
                       r.p, r.sp, r.pct, r.testing, n.profile_id,
                       sum(n.fail_count) AS message_count
                  FROM dmarc.record_count n
                  JOIN dmarc.report r
                    ON r.policy_domain_id = n.policy_domain_id
                   AND r.id = n.stored_report_id
                 WHERE n.fail_count > 0
                 GROUP BY n.policy_domain, n.policy_domain_id, r.reporter,
                          n.day, r.p, r.sp, r.pct, r.testing, n.profile_id) g
          JOIN dmarc.auth_profile p ON p.id = g.profile_id
         CROSS JOIN LATERAL (
               SELECT CASE WHEN p.header_from = g.policy_domain THEN g.p
                           ELSE coalesce(g.sp, g.p) END AS requested) q) x
 CROSS JOIN LATERAL (
       SELECT coalesce(x.done < x.asked
                AND (x.says_sampled OR (x.softened AND x.done = x.asked - 1)),
                false) AS sampled) s
 CROSS JOIN LATERAL (
       SELECT s.sampled,
              CASE
                WHEN x.done IS NULL OR x.asked IS NULL THEN 'not_said'
                WHEN x.done > x.asked THEN 'stronger'
                WHEN x.done = x.asked OR s.sampled
                     OR (x.done = 1 AND x.asked = 2) THEN 'honoured'
                ELSE 'weaker'
              END AS handling) h
 GROUP BY x.policy_domain, x.policy_domain_id, x.reporter, x.day, x.requested,
          x.disposition, h.handling,
          CASE WHEN h.handling = 'weaker' THEN x.reason END, h.sampled;
COMMENT ON VIEW dmarc.disposition_day IS 'what reporters did with mail that fails DMARC, beside what the published policy asked for; behind dmarc-report dispositions';
COMMENT ON COLUMN dmarc.disposition_day.policy_domain IS 'where the DMARC record was found';
COMMENT ON COLUMN dmarc.disposition_day.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.disposition_day.reporter IS 'who reports: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.disposition_day.day IS 'UTC date of the middle of the report''s period: what all windows select by';
COMMENT ON COLUMN dmarc.disposition_day.requested IS 'what the published policy asked for: p, or sp for the author domains below; NULL: the report does not say';
COMMENT ON COLUMN dmarc.disposition_day.disposition IS 'what the reporter did; NULL: not said';
COMMENT ON COLUMN dmarc.disposition_day.handling IS
  'honoured: as asked for, quarantine under reject and the effects of pct and t=y included; weaker; stronger; not_said: the disposition or the policy was not said';
COMMENT ON COLUMN dmarc.disposition_day.reason IS
  'of what is weaker, the override reason: mailing_list, forwarded, trusted_forwarder, arc (local_policy that says arc=pass), local_policy, other, none_given';
COMMENT ON COLUMN dmarc.disposition_day.sampled IS 'less was done because of pct or t=y';
COMMENT ON COLUMN dmarc.disposition_day.message_count IS 'messages that fail DMARC';
COMMENT ON COLUMN dmarc.disposition_day.honoured_count IS 'messages where handling is honoured';
COMMENT ON COLUMN dmarc.disposition_day.weaker_count IS 'messages where handling is weaker';
COMMENT ON COLUMN dmarc.disposition_day.stronger_count IS 'messages where handling is stronger';
COMMENT ON COLUMN dmarc.disposition_day.not_said_count IS 'messages where handling is not_said; with honoured, weaker and stronger they are message_count';
COMMENT ON COLUMN dmarc.disposition_day.sampled_count IS 'messages where sampled is true; they are among the honoured';
COMMENT ON COLUMN dmarc.disposition_day.enforcing_count IS 'messages that the policy wanted quarantined or rejected, the sampled ones and those without a disposition apart';
COMMENT ON COLUMN dmarc.disposition_day.enforced_count IS 'those of them that were quarantined or rejected; its share of enforcing_count is how far the reporter honours the policy';
