-- What reports show of addresses and senders over time.
--
-- Only reports that teach (believed_report) are asked, and what one stranger
-- could make up needs a second one (told_enough).  Days are counted back from
-- the domain's last day (fact_days).  All of it is found out anew for a domain when new
-- reports came in on it or some went (dmarc.due, 'facts'), so nothing is left of
-- a report that is gone.  Only what is different then is written: a verdict that
-- is kept is forgotten with each fact that changes.

-- told_enough: one who is sure, or two who vouch for themselves.
CREATE OR REPLACE FUNCTION dmarc.told_enough(sure boolean, vouchers bigint)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sure OR vouchers >= 2 $$;
COMMENT ON FUNCTION dmarc.told_enough(boolean, bigint) IS 'is a fact believed that this many vouchers have told, one of them being sure or not';

-- fact_days: the domains and their last days: the last that one has told of whose
-- word is enough, else the last that two have reached.  One stranger moves none.
CREATE OR REPLACE FUNCTION dmarc.fact_days(domains integer[])
RETURNS TABLE (id integer, name text, last_day date)
LANGUAGE sql STABLE AS $$
  SELECT d.id, d.name, coalesce(s.day, o.day)
    FROM dmarc.policy_domain d
    -- Asked backwards from today, so that the index finds it at once.
    LEFT JOIN LATERAL (
         SELECT r.day
           FROM dmarc.report r
          WHERE r.policy_domain_id = d.id
            AND r.tier <> 'C'
            AND (r.listed OR r.tier IN ('file', 'unjudged'))
            AND r.day <= current_date
          ORDER BY r.day DESC
          LIMIT 1) s ON true
    LEFT JOIN LATERAL (
         SELECT max(r.day) AS day
           FROM dmarc.report r
          WHERE s.day IS NULL
            AND r.policy_domain_id = d.id
            AND r.tier <> 'C'
            AND r.day <= current_date
          GROUP BY coalesce(r.vouched_by, r.reporter)
          ORDER BY day DESC
         OFFSET 1
          LIMIT 1) o ON true
   WHERE (domains IS NULL
          OR d.id IN (SELECT u.id FROM unnest(domains) u (id)))
     AND coalesce(s.day, o.day) IS NOT NULL $$;
COMMENT ON FUNCTION dmarc.fact_days(integer[]) IS 'these domains, or all (NULL), with the last day that is reported on, by one whose word is enough or by two';

-- learn_sources: what is known of an address.
--
-- steady: mail that nothing authenticates, on 20 of the last 90 days, so that a
-- machine that sends on working days is found within a month; one stranger alone
-- cannot make it up (told_enough).  What a stranger vouches for, or a broken
-- signature of the author's, is no such mail.
--
-- relay: on most days that have mail with the author's signature, most of it
-- comes from this network (/24, /64), and a twentieth of that from the address:
-- its neighbours are anybody's.  On ten days at least: one newsletter that
-- somebody forwards is more than half of a quiet day.
--
-- passed: SPF passed from there for a return-path of the author's, and at other
-- times it did not.
CREATE OR REPLACE FUNCTION dmarc.learn_sources(domains integer[])
RETURNS bigint
LANGUAGE sql SET jit = off AS $$
  WITH seen AS MATERIALIZED (
         SELECT l.name, c.source_ip AS ip, c.day, b.voucher, b.sure,
                k.nothing, k.signed, k.spf, f.return_path,
                sum(c.message_count) AS messages
           FROM dmarc.fact_days(domains) l
           JOIN dmarc.record c ON c.policy_domain_id = l.id
                              AND c.day > l.last_day - 90
           JOIN dmarc.believed_report b
             ON b.policy_domain_id = c.policy_domain_id AND b.id = c.report_id
           JOIN dmarc.profile_feature f ON f.profile_id = c.profile_id
          CROSS JOIN LATERAL (
                SELECT f.dmarc_result = 'fail'
                       AND NOT (f.dkim_pass_foreign OR f.spf_pass_foreign
                                OR f.dkim_broken OR f.dkim_pass_aligned
                                OR f.spf_pass_aligned OR f.dkim_pass_strict_miss
                                OR f.spf_pass_strict_miss) AS nothing,
                       f.dmarc_result = 'pass' AND f.dkim_pass_aligned AS signed,
                       CASE WHEN f.spf_pass_aligned OR f.spf_pass_strict_miss
                              THEN 'pass'
                            WHEN f.spf_nonpass THEN 'nonpass' END AS spf) k
          WHERE c.source_ip IS NOT NULL
            AND (k.nothing OR k.signed OR k.spf IS NOT NULL)
          GROUP BY l.name, c.source_ip, c.day, b.voucher, b.sure, k.nothing,
                   k.signed, k.spf, f.return_path),
       steady AS (
         SELECT s.name, s.ip, count(DISTINCT s.day) AS days,
                count(DISTINCT s.voucher) AS vouchers,
                sum(s.messages) AS messages
           FROM seen s
          WHERE s.nothing
          GROUP BY s.name, s.ip
         HAVING count(DISTINCT s.day) >= 20
            AND dmarc.told_enough(bool_or(s.sure), count(DISTINCT s.voucher))),
       passed AS (
         SELECT s.name, s.ip, s.return_path, count(DISTINCT s.day) AS days,
                count(DISTINCT s.voucher) AS vouchers,
                sum(s.messages) AS messages
           FROM seen s
          WHERE s.return_path IS NOT NULL
            AND s.spf IS NOT NULL
          GROUP BY s.name, s.ip, s.return_path
         HAVING bool_or(s.spf = 'nonpass')
            AND dmarc.told_enough(
                  bool_or(s.sure) FILTER (WHERE s.spf = 'pass'),
                  count(DISTINCT s.voucher) FILTER (WHERE s.spf = 'pass'))),
       network AS MATERIALIZED (
         SELECT s.name, n.network, s.day, sum(s.messages) AS messages,
                sum(sum(s.messages)) OVER (PARTITION BY s.name, s.day) AS of_day
           FROM seen s
          CROSS JOIN LATERAL (
                SELECT network(set_masklen(s.ip, CASE family(s.ip)
                         WHEN 4 THEN 24 ELSE 64 END)) AS network) n
          WHERE s.signed
          GROUP BY s.name, n.network, s.day),
       busy AS (
         SELECT n.name, n.network, sum(n.messages) AS messages
           FROM network n
           JOIN (SELECT m.name, count(DISTINCT m.day) AS days
                   FROM network m
                  GROUP BY m.name) d ON d.name = n.name
          WHERE n.messages * 2 > n.of_day
          GROUP BY n.name, n.network, d.days
         HAVING count(*) >= 10
            AND count(*) * 2 > d.days),
       relay AS (
         SELECT s.name, s.ip, count(DISTINCT s.day) AS days,
                count(DISTINCT s.voucher) AS vouchers,
                sum(s.messages) AS messages
           FROM seen s
           JOIN busy b ON b.name = s.name
                      AND s.ip <<= b.network
          WHERE s.signed
          GROUP BY s.name, s.ip
         HAVING count(DISTINCT s.day) >= 5
            AND sum(s.messages) * 20 >= max(b.messages)
            AND dmarc.told_enough(bool_or(s.sure), count(DISTINCT s.voucher))),
       fact AS MATERIALIZED (
         SELECT x.name AS policy_domain, x.ip,
                bool_or(x.kind = 'steady') AS steady,
                bool_or(x.kind = 'relay') AS relay,
                coalesce(array_agg(x.return_path ORDER BY x.return_path)
                           FILTER (WHERE x.kind = 'passed'), '{}') AS passed,
                max(x.days) AS day_count, max(x.vouchers) AS reporter_count,
                max(x.messages) AS message_count
           FROM (SELECT 'steady' AS kind, name, ip, NULL AS return_path, days,
                        vouchers, messages FROM steady
                  UNION ALL
                 SELECT 'relay', name, ip, NULL, days, vouchers, messages
                   FROM relay
                  UNION ALL
                 SELECT 'passed', name, ip, return_path, days, vouchers,
                        messages
                   FROM passed) x
          GROUP BY x.name, x.ip),
       gone AS (
         DELETE FROM dmarc.source_fact f
          USING dmarc.policy_domain d
          WHERE (domains IS NULL
                 OR d.id IN (SELECT u.id FROM unnest(domains) u (id)))
            AND f.policy_domain = d.name
            AND NOT EXISTS (SELECT FROM fact n
                             WHERE n.policy_domain = f.policy_domain
                               AND n.ip = f.ip))
  INSERT INTO dmarc.source_fact AS f (policy_domain, ip, steady, relay, passed,
         day_count, reporter_count, message_count)
  SELECT n.policy_domain, n.ip, n.steady, n.relay, n.passed, n.day_count,
         n.reporter_count, n.message_count
    FROM fact n
      ON CONFLICT (policy_domain, ip) DO UPDATE
     SET steady = excluded.steady, relay = excluded.relay,
         passed = excluded.passed, day_count = excluded.day_count,
         reporter_count = excluded.reporter_count,
         message_count = excluded.message_count
   WHERE f IS DISTINCT FROM excluded;
  SELECT count(*) FROM dmarc.source_fact WHERE steady $$;
COMMENT ON FUNCTION dmarc.learn_sources(integer[]) IS 'fill source_fact anew for these domains, or all (NULL); how many addresses are steady in all';

-- sender_seen: what the last 400 days show of each sender, by address, day and
-- voucher.
--
-- A sender is called as the identifiers name it, and mail that nothing
-- authenticates by its address.  signature, selector: the author's, good or
-- broken; "" is mail that names nobody but the author.
CREATE OR REPLACE FUNCTION dmarc.sender_seen(domains integer[])
RETURNS TABLE (policy_domain text, last_day date, sender text, catalogued
  boolean, signature text, selector text, verified boolean, fails boolean,
  passes boolean, spf_aligned boolean, itself boolean, ip inet, day date,
  voucher text, sure boolean, messages numeric)
LANGUAGE sql STABLE SET jit = off AS $$
  SELECT l.name, l.last_day, n.sender, n.catalogued,
         coalesce(f.author_signature, f.strict_signature, f.broken_signature),
         CASE WHEN f.author_signature IS NOT NULL THEN f.author_selector
              WHEN f.strict_signature IS NOT NULL THEN f.strict_selector
              ELSE f.broken_selector END,
         f.author_signature IS NOT NULL OR f.strict_signature IS NOT NULL,
         f.dmarc_result = 'fail' AND f.forwarder IS NULL,
         f.dmarc_result = 'pass' AND f.forwarder IS NULL,
         f.spf_pass_aligned,
         f.third_party_signature IS NOT DISTINCT FROM f.return_path
           AND f.spf_pass_foreign AND NOT f.dkim_broken,
         c.source_ip, c.day, b.voucher, b.sure, sum(c.message_count)
    FROM dmarc.fact_days(domains) l
    JOIN dmarc.record c ON c.policy_domain_id = l.id
                       AND c.day > l.last_day - 400
    JOIN dmarc.believed_report b
      ON b.policy_domain_id = c.policy_domain_id AND b.id = c.report_id
    JOIN dmarc.profile_feature f ON f.profile_id = c.profile_id
   CROSS JOIN LATERAL (
         SELECT coalesce(f.forwarder, f.platform, f.other_org,
                  CASE WHEN f.dmarc_result = 'fail'
                            AND f.broken_signature IS NULL
                       THEN host(c.source_ip) END, '') AS sender,
                f.forwarder IS NOT NULL OR f.platform IS NOT NULL
                  AS catalogued) n
   GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 $$;
COMMENT ON FUNCTION dmarc.sender_seen(integer[]) IS 'what believed reports of the last 400 days show of each sender of these domains, or all (NULL)';

-- learn_senders: what is known of a sender.
--
-- own_selector: of the mail that verifies with some selector of the author's, at
-- least four fifths come by this sender.  A recipient's forwarder brings
-- selectors that are seen elsewhere, too.  Twenty messages on three days at
-- least.  Where nobody is sure each voucher has one vote, as the number of
-- messages is whatever he says.  A mailbox service never: all that is seen of
-- some selector may be what its users forward.
--
-- brings_ours: more than half of its mail carries a signature of the author's,
-- good or broken, with selectors of which others bring more; none passes aligned
-- SPF.
--
-- fleeting: at most 50 messages on three days within a week, from five
-- addresses, two days ago at the latest, each signed by the very domain that the
-- return-path has, and none with anything of the author's.  It takes one whose
-- word is enough, or two, as all of it does.
--
-- repaired_on: the sender's mail failed, and then ended; and the addresses that
-- most of it came from send mail that passes, from that day on.
CREATE OR REPLACE FUNCTION dmarc.learn_senders(domains integer[])
RETURNS void
LANGUAGE sql SET jit = off AS $$
  WITH seen AS MATERIALIZED (SELECT * FROM dmarc.sender_seen(domains)),
       -- by selector and voucher
       vote AS MATERIALIZED (
         SELECT s.policy_domain, s.signature, s.selector, s.sender, s.voucher,
                s.sure, sum(s.messages) AS messages,
                CASE WHEN s.sure THEN sum(s.messages)
                     ELSE sum(s.messages) / sum(sum(s.messages)) OVER (
                       PARTITION BY s.policy_domain, s.signature, s.selector,
                                    s.voucher) END AS weight
           FROM seen s
          WHERE s.verified
            AND s.selector IS NOT NULL
          GROUP BY s.policy_domain, s.signature, s.selector, s.sender,
                   s.voucher, s.sure),
       share AS MATERIALIZED (
         SELECT v.policy_domain, v.signature, v.selector, v.sender,
                sum(v.messages) AS messages, bool_or(v.sure) AS sure,
                count(DISTINCT v.voucher) AS vouchers,
                sum(v.weight) / sum(sum(v.weight)) OVER (
                  PARTITION BY v.policy_domain, v.signature, v.selector)
                  AS part
           FROM vote v
          GROUP BY v.policy_domain, v.signature, v.selector, v.sender),
       total AS MATERIALIZED (
         SELECT s.policy_domain, s.sender, bool_or(s.catalogued) AS catalogued,
                max(s.last_day) AS last_day, sum(s.messages) AS messages,
                bool_or(s.sure) AS sure,
                count(DISTINCT s.voucher) AS vouchers,
                count(DISTINCT s.day) AS days,
                count(DISTINCT s.day) FILTER (WHERE s.verified) AS signed_days,
                min(s.day) AS first_seen, max(s.day) AS last_seen,
                count(DISTINCT s.ip) AS addresses,
                bool_or(s.spf_aligned) AS spf_aligned,
                bool_and(s.itself AND s.fails) AS itself,
                bool_or(s.signature IS NOT NULL) AS signs,
                coalesce(sum(s.messages) FILTER (WHERE s.signature IS NOT NULL
                  AND (s.selector IS NULL OR h.sender IS NOT NULL)), 0)
                  AS brings
           FROM seen s
           -- selectors of which others bring more
           LEFT JOIN (SELECT x.policy_domain, x.signature, x.selector,
                             x.sender
                        FROM share x
                       WHERE x.part >= 0.5) h
             ON h.policy_domain = s.policy_domain
            AND h.signature = s.signature
            AND h.selector = s.selector
            AND h.sender <> s.sender
          WHERE s.sender <> ''
          GROUP BY s.policy_domain, s.sender),
       fact AS (
         SELECT t.policy_domain, t.sender,
                t.signed_days >= 3
                AND dmarc.told_enough(t.sure, t.vouchers)
                AND q.category IS DISTINCT FROM 'mailbox-provider'
                AND EXISTS (SELECT FROM share x
                             WHERE x.policy_domain = t.policy_domain
                               AND x.sender = t.sender
                               AND x.part >= 0.8
                               AND x.messages >= 20
                               AND dmarc.told_enough(x.sure, x.vouchers))
                  AS own_selector,
                t.brings * 2 > t.messages
                AND NOT t.spf_aligned
                AND dmarc.told_enough(t.sure, t.vouchers)
                AND (q.category IS NULL OR dmarc.sends_again(q.category))
                  AS brings_ours,
                NOT t.catalogued AND t.itself AND NOT t.signs
                AND t.messages <= 50 AND t.days <= 3 AND t.addresses <= 5
                AND t.last_seen - t.first_seen < 7
                AND t.last_seen <= t.last_day - 2
                AND dmarc.told_enough(t.sure, t.vouchers) AS fleeting,
                r.repaired_on
           FROM total t
           LEFT JOIN dmarc.sender q ON q.name = dmarc.sender_base(t.sender)
           LEFT JOIN (
                -- its addresses, before and after
                SELECT x.policy_domain, x.sender,
                       min(y.first_pass) AS repaired_on
                  FROM (SELECT s.policy_domain, s.sender, s.ip,
                               sum(s.messages) AS messages,
                               max(s.last_day) AS last_day,
                               max(max(s.day)) OVER w AS last_fail,
                               sum(sum(s.messages)) OVER w AS of_sender,
                               min(min(s.day)) OVER w AS first_fail,
                               dmarc.told_enough(bool_or(bool_or(s.sure)) OVER w,
                                 max(count(DISTINCT s.voucher)) OVER w) AS told
                          FROM seen s
                         WHERE s.fails
                           AND s.sender <> ''
                         GROUP BY s.policy_domain, s.sender, s.ip
                        WINDOW w AS (PARTITION BY s.policy_domain, s.sender)) x
                  JOIN (SELECT s.policy_domain, s.ip, min(s.day) AS first_pass,
                               count(DISTINCT s.day) AS days,
                               sum(s.messages) AS messages
                          FROM seen s
                         WHERE s.passes
                         GROUP BY s.policy_domain, s.ip
                        HAVING dmarc.told_enough(bool_or(s.sure),
                                 count(DISTINCT s.voucher))) y
                    ON y.policy_domain = x.policy_domain AND y.ip = x.ip
                   AND y.first_pass >= x.last_fail - 1
                 WHERE x.told
                 GROUP BY x.policy_domain, x.sender, x.of_sender, x.first_fail,
                          x.last_fail
                HAVING sum(x.messages) * 2 > x.of_sender
                   AND x.of_sender >= 10
                   AND max(y.days) >= 2
                   -- at least a third as many a day as before
                   AND sum(y.messages) * 3
                       * (x.last_fail - x.first_fail + 1)
                       >= x.of_sender
                          * (max(x.last_day) - min(y.first_pass) + 1)) r
             ON r.policy_domain = t.policy_domain AND r.sender = t.sender),
       told AS MATERIALIZED (
         SELECT f.policy_domain, f.sender, f.own_selector,
                f.brings_ours AND NOT f.own_selector AS brings_ours,
                f.fleeting, f.repaired_on
           FROM fact f
          WHERE f.own_selector OR f.brings_ours OR f.fleeting
             OR f.repaired_on IS NOT NULL),
       gone AS (
         DELETE FROM dmarc.sender_fact f
          USING dmarc.policy_domain d
          WHERE (domains IS NULL
                 OR d.id IN (SELECT u.id FROM unnest(domains) u (id)))
            AND f.policy_domain = d.name
            AND NOT EXISTS (SELECT FROM told n
                             WHERE n.policy_domain = f.policy_domain
                               AND n.sender = f.sender))
  INSERT INTO dmarc.sender_fact AS f (policy_domain, sender, own_selector,
         brings_ours, fleeting, repaired_on)
  SELECT n.policy_domain, n.sender, n.own_selector, n.brings_ours, n.fleeting,
         n.repaired_on
    FROM told n
      ON CONFLICT (policy_domain, sender) DO UPDATE
     SET own_selector = excluded.own_selector,
         brings_ours = excluded.brings_ours, fleeting = excluded.fleeting,
         repaired_on = excluded.repaired_on
   WHERE f IS DISTINCT FROM excluded $$;
COMMENT ON FUNCTION dmarc.learn_senders(integer[]) IS 'fill sender_fact anew for these domains, or all (NULL)';

-- learn_facts: both.  learn_steady: of all domains, with the owner's rights: it
-- writes what follows from the reports that are there, whoever calls it.
CREATE OR REPLACE FUNCTION dmarc.learn_facts(domains integer[]) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- Two at a time would each put in what the other has.
  LOCK TABLE dmarc.source_fact, dmarc.sender_fact
    IN SHARE ROW EXCLUSIVE MODE;
  PERFORM dmarc.learn_senders(domains);
  RETURN dmarc.learn_sources(domains);
END $$;
COMMENT ON FUNCTION dmarc.learn_facts(integer[]) IS 'find out anew what the reports show of addresses and senders of these domains, or all (NULL); how many addresses are steady in all';
CREATE OR REPLACE FUNCTION dmarc.learn_steady() RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT dmarc.learn_facts(NULL) $$;
COMMENT ON FUNCTION dmarc.learn_steady() IS 'learn_facts() of all domains; how many addresses are steady';
