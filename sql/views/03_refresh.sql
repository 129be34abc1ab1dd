-- Judging what is there already, when what it is judged by has changed.

-- judge_reports: judge every report again, or those on these domains.  Of reports with one key the one that
-- is vouched for best counts, of equals the first.
DROP FUNCTION IF EXISTS dmarc.judge_reports();
CREATE OR REPLACE FUNCTION dmarc.judge_reports(domains integer[] DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql SET jit = off AS $$
BEGIN
  LOCK TABLE dmarc.report IN SHARE ROW EXCLUSIVE MODE;
  -- Make way where several reports have one key, so that any of them can be
  -- the one that counts.
  UPDATE dmarc.report r
     SET slot = r.id
    FROM (SELECT policy_domain_id, reporter, coalesce(report_id, '') AS report_id,
                 begin_at, end_at
            FROM dmarc.report
           WHERE domains IS NULL OR policy_domain_id = ANY (domains)
           GROUP BY 1, 2, 3, 4, 5
          HAVING count(*) > 1) k
   WHERE r.policy_domain_id = k.policy_domain_id
     AND r.reporter = k.reporter
     AND coalesce(r.report_id, '') = k.report_id
     AND r.begin_at = k.begin_at
     AND r.end_at = k.end_at;
  UPDATE dmarc.report r
     SET tier = x.tier, mail_domain = x.mail_domain, vouched_by = x.vouched_by,
         listed = x.listed, left_out_reason = x.reason, slot = x.slot,
         too_heavy = x.too_heavy
    FROM (SELECT w.policy_domain_id, w.id, w.mail_domain, w.too_heavy,
                 CASE WHEN w.wins THEN w.tier ELSE 'C' END AS tier,
                 CASE WHEN w.wins AND w.tier <> 'C' THEN w.vouched_by END
                   AS vouched_by,
                 w.wins AND w.tier <> 'C' AND w.listed AS listed,
                 CASE WHEN w.tier <> 'C' AND NOT w.wins
                        THEN 'another report with this key counts'
                      WHEN w.tier = 'C' THEN w.reason END AS reason,
                 CASE WHEN w.wins AND w.tier <> 'C' THEN 0 ELSE w.id END
                   AS slot
            FROM (SELECT j.*, row_number() OVER (
                           PARTITION BY j.policy_domain_id, j.reporter,
                                 coalesce(j.report_id, ''), j.begin_at, j.end_at
                           ORDER BY array_position(
                                 ARRAY['A', 'B', 'file', 'unjudged', 'C'],
                                 CASE j.tier WHEN 'B' THEN 'A' ELSE j.tier END),
                                 j.id) = 1 AS wins
                    FROM (SELECT r.policy_domain_id, r.id, r.reporter,
                                 r.report_id, r.begin_at, r.end_at,
                                 h.heavy AS too_heavy, j.mail_domain,
                                 j.vouched_by, j.listed,
                                 CASE WHEN h.heavy THEN 'C' ELSE j.tier END
                                   AS tier,
                                 CASE WHEN h.heavy THEN r.left_out_reason
                                      ELSE j.reason END AS reason
                            FROM dmarc.report r
                           CROSS JOIN dmarc.trust_settings s
                           CROSS JOIN LATERAL dmarc.judge_report(r.reporter,
                                        r.mail_from, r.message_id, r.mail_auth,
                                        r.day > (r.ingested_at
                                          AT TIME ZONE 'UTC')::date + 1,
                                        s.ids, s.approved) j
                           CROSS JOIN LATERAL (
                                 -- Only who is judged and not listed is weighed.
                                 SELECT r.too_heavy AND NOT j.listed
                                        AND j.tier IN ('A', 'B', 'C')
                                          AS heavy) h
                           WHERE domains IS NULL
                              OR r.policy_domain_id = ANY (domains)) j) w) x
   WHERE r.policy_domain_id = x.policy_domain_id
     AND r.id = x.id
     AND (r.tier, r.mail_domain, r.vouched_by, r.listed, r.left_out_reason,
          r.slot, r.too_heavy)
         IS DISTINCT FROM
         (x.tier, x.mail_domain, x.vouched_by, x.listed, x.reason, x.slot,
          x.too_heavy);
END $$;
COMMENT ON FUNCTION dmarc.judge_reports(integer[]) IS 'judge every report again, or those on these domains, after authserv_id, approved_reporters or the list of reporters has changed';

-- weigh_reports: leave out what tells of far more messages than can be.
--
-- Anybody can mail a report from a domain of his own, with any number in it.
-- So the messages, and the records, that one voucher who is neither listed nor
-- approved reports on a domain for a day may be at most 1,000 each, or ten times
-- the busiest day of all reporters that are listed, in the 30 days before and
-- after; where none of these reported then, at any time; where none ever did, of
-- the second busiest other voucher, as two strangers could be each other's
-- measure.  What it told before is no measure: that could grow tenfold each time.
-- Where nobody else ever reported, nothing can be compared.  What was left out
-- for that comes back when the others have seen as much.
CREATE OR REPLACE FUNCTION dmarc.weigh(domains integer[])
RETURNS TABLE (policy_domain_id integer, voucher text)
LANGUAGE sql SET jit = off AS $$
  WITH suspect AS MATERIALIZED (
         SELECT r.policy_domain_id, r.day,
                dmarc.mail_org(r.mail_domain) AS voucher,
                sum(r.message_count) AS messages,
                sum(r.record_count) AS records,
                bool_or(r.too_heavy) AS heavy
           FROM dmarc.report r
          WHERE NOT r.listed
            AND (r.tier = 'A' OR r.too_heavy)
            AND (domains IS NULL OR r.policy_domain_id IN (
                   SELECT u.id FROM unnest(domains) u (id)))
          GROUP BY 1, 2, 3),
       day AS MATERIALIZED (
         SELECT r.policy_domain_id, r.day,
                sum(r.message_count) FILTER (WHERE q.sure) AS messages,
                sum(r.record_count) FILTER (WHERE q.sure) AS records
           FROM dmarc.report r
          CROSS JOIN LATERAL (
                SELECT r.listed OR r.tier IN ('file', 'unjudged') AS sure) q
          WHERE r.policy_domain_id IN (SELECT s.policy_domain_id
                                         FROM suspect s
                                        WHERE s.messages > 1000
                                           OR s.records > 1000)
          GROUP BY 1, 2),
       busiest AS (
         SELECT d.policy_domain_id, d.day,
                coalesce(max(d.messages) OVER near, max(d.messages) OVER ever)
                  AS messages,
                coalesce(max(d.records) OVER near, max(d.records) OVER ever)
                  AS records
           FROM day d
         WINDOW ever AS (PARTITION BY d.policy_domain_id),
                near AS (PARTITION BY d.policy_domain_id ORDER BY d.day
                         RANGE BETWEEN interval '30 days' PRECEDING
                                   AND interval '30 days' FOLLOWING)),
       -- Windows in place of joins from here on: how many domains there are a
       -- stranger decides, and of joins the planner takes the nested kind.
       most AS (
         SELECT s.*,
                max(s.messages) OVER own AS most_messages,
                max(s.records) OVER own AS most_records
           FROM suspect s
         WINDOW own AS (PARTITION BY s.policy_domain_id, s.voucher)),
       ranked AS (
         SELECT m.*,
                dense_rank() OVER (PARTITION BY m.policy_domain_id
                  ORDER BY m.most_messages DESC, m.voucher) AS by_messages,
                dense_rank() OVER (PARTITION BY m.policy_domain_id
                  ORDER BY m.most_records DESC, m.voucher) AS by_records
           FROM most m),
       -- The second busiest of the others is the third of all for the first two,
       -- else the second; where there is one other, that one.
       rival AS (
         SELECT r.policy_domain_id, r.day, r.voucher, r.messages, r.records,
                r.heavy,
                coalesce(max(r.most_messages) FILTER (WHERE r.by_messages
                           = 3) OVER all_of,
                         CASE r.by_messages
                           WHEN 1 THEN max(r.most_messages) FILTER (WHERE
                             r.by_messages = 2) OVER all_of
                           ELSE max(r.most_messages) OVER all_of END)
                  AS third_messages,
                max(r.most_messages) FILTER (WHERE r.by_messages = 2)
                  OVER all_of AS second_messages,
                coalesce(max(r.most_records) FILTER (WHERE r.by_records
                           = 3) OVER all_of,
                         CASE r.by_records
                           WHEN 1 THEN max(r.most_records) FILTER (WHERE
                             r.by_records = 2) OVER all_of
                           ELSE max(r.most_records) OVER all_of END)
                  AS third_records,
                max(r.most_records) FILTER (WHERE r.by_records = 2)
                  OVER all_of AS second_records,
                r.by_messages, r.by_records
           FROM ranked r
         WINDOW all_of AS (PARTITION BY r.policy_domain_id)),
       both_kinds AS (
         SELECT r.policy_domain_id, r.day, r.voucher, r.messages, r.records,
                r.heavy,
                CASE WHEN r.by_messages <= 2 THEN r.third_messages
                     ELSE r.second_messages END AS rival_messages,
                CASE WHEN r.by_records <= 2 THEN r.third_records
                     ELSE r.second_records END AS rival_records,
                NULL::numeric AS day_messages, NULL::numeric AS day_records,
                true AS is_suspect
           FROM rival r
          UNION ALL
         SELECT b.policy_domain_id, b.day, NULL, NULL, NULL, NULL, NULL, NULL,
                b.messages, b.records, false
           FROM busiest b),
       compared AS (
         SELECT c.policy_domain_id, c.day, c.voucher, c.messages, c.records,
                c.heavy,
                coalesce(c.busiest_messages, c.rival_messages)
                  AS other_messages,
                coalesce(c.busiest_records, c.rival_records) AS other_records
           FROM (SELECT k.*,
                        max(k.day_messages) OVER same AS busiest_messages,
                        max(k.day_records) OVER same AS busiest_records
                   FROM both_kinds k
                 WINDOW same AS (PARTITION BY k.policy_domain_id, k.day)) c
          WHERE c.is_suspect
            AND (c.messages > 1000 OR c.records > 1000 OR c.heavy)),
       judged AS (
         SELECT c.policy_domain_id, c.day, c.voucher,
                CASE
                  WHEN c.messages > greatest(1000, 10 * c.other_messages)
                       AND c.other_messages IS NOT NULL
                    THEN c.messages || ' messages on ' || c.day
                         || '; the busiest day of others has '
                         || c.other_messages
                  WHEN c.records > greatest(1000, 10 * c.other_records)
                       AND c.other_records IS NOT NULL
                    THEN c.records || ' records on ' || c.day
                         || '; the busiest day of others has '
                         || c.other_records
                END AS why
           FROM compared c),
       weighed AS (
  UPDATE dmarc.report r
     SET too_heavy = j.why IS NOT NULL,
         tier = CASE WHEN j.why IS NULL THEN r.tier ELSE 'C' END,
         vouched_by = CASE WHEN j.why IS NULL THEN r.vouched_by END,
         slot = CASE WHEN j.why IS NULL THEN r.slot ELSE r.id END,
         left_out_reason = coalesce(j.voucher || ' tells of ' || j.why,
                             r.left_out_reason)
    FROM judged j
   WHERE r.policy_domain_id = j.policy_domain_id
     AND r.day = j.day
     AND dmarc.mail_org(r.mail_domain) = j.voucher
     AND NOT r.listed
     AND (r.tier = 'A' OR r.too_heavy)
     AND r.too_heavy <> (j.why IS NOT NULL)
  RETURNING r.policy_domain_id, j.voucher)
  SELECT w.policy_domain_id, w.voucher FROM weighed w $$;
COMMENT ON FUNCTION dmarc.weigh(integer[]) IS 'leave out reports of an unlisted reporter that tell of more than ten times the messages or records that others see, on these domains or all (NULL), and mark those that no longer do, for judge_reports() to say what they are; of each that was marked the domain and whose it is';
CREATE OR REPLACE FUNCTION dmarc.weigh_reports(domains integer[])
RETURNS bigint
LANGUAGE sql AS $$ SELECT count(*) FROM dmarc.weigh(domains) $$;
COMMENT ON FUNCTION dmarc.weigh_reports(integer[]) IS 'weigh(): how many were marked';

-- do_weigh: weigh_reports(), and what follows for these domains and for what
-- these vouchers taught: what others told is not read again, as one heavy report
-- would make work of everything.  The domains whose facts are to be found again.
CREATE OR REPLACE FUNCTION dmarc.do_weigh(domains integer[]) RETURNS integer[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  touched  integer[];
  vouchers text[];
  aside    bigint[];
BEGIN
  SELECT array_agg(DISTINCT w.policy_domain_id), array_agg(DISTINCT w.voucher)
    INTO touched, vouchers
    FROM dmarc.weigh(domains) w;
  IF touched IS NULL THEN
    RETURN NULL;
  END IF;
  SELECT array_agg(r.id) INTO aside
    FROM dmarc.report r
   WHERE r.policy_domain_id = ANY (touched)
     AND r.tier = 'C'
     AND NOT r.too_heavy
     AND r.left_out_reason = 'another report with this key counts';
  -- What is no longer too heavy gets its tier and slot back.
  PERFORM dmarc.judge_reports(touched);
  -- One that stood behind it counts now, whosoever it is.
  SELECT vouchers || array_agg(DISTINCT coalesce(r.vouched_by, r.reporter))
    INTO vouchers
    FROM dmarc.report r
   WHERE r.policy_domain_id = ANY (touched)
     AND r.id = ANY (aside)
     AND r.tier <> 'C';
  PERFORM dmarc.learn_vouchers(vouchers);
  RETURN touched;
END $$;
COMMENT ON FUNCTION dmarc.do_weigh(integer[]) IS 'weigh_reports() of these domains or all (NULL), judge those on which it marked any, and learn again what their vouchers teach; which domains these are, or NULL';

-- do_facts: learn_facts() of domains on which there are new reports, those with
-- fewest records first, up to so many records (NULL: all), and of only_domain.
-- What is left stays due, a row a domain.
DROP FUNCTION IF EXISTS dmarc.do_facts(integer[], integer, text);
CREATE OR REPLACE FUNCTION dmarc.do_facts(domains integer[], work integer,
  only_domain text)
RETURNS integer[]
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  now_due integer[] := domains;
BEGIN
  IF work IS NOT NULL THEN
    SELECT array_agg(x.id) FILTER (WHERE x.sum <= work
             OR x.name = only_domain)
      INTO now_due
      FROM (SELECT d.id, p.name, sum(n.records) OVER (ORDER BY n.records, d.id) AS sum
              FROM unnest(domains) d (id)
              JOIN dmarc.policy_domain p ON p.id = d.id
             CROSS JOIN LATERAL (
                   SELECT coalesce(sum(r.record_count), 0) AS records
                     FROM dmarc.report r
                    WHERE r.policy_domain_id = d.id) n) x;
  END IF;
  IF now_due IS NOT NULL THEN
    PERFORM dmarc.learn_facts(now_due);
  END IF;
  INSERT INTO dmarc.due (what, policy_domain_id)
  SELECT 'facts', d.id
    FROM unnest(domains) d (id)
   WHERE NOT EXISTS (SELECT FROM unnest(now_due) n (id) WHERE n.id = d.id);
  RETURN now_due;
END $$;
COMMENT ON FUNCTION dmarc.do_facts(integer[], integer, text) IS 'learn_facts() of these domains, up to so many records of theirs, and of one of them in any case; which it was done for: the others stay due';

-- do_due: do what is due; of what new reports show of senders, up to so many
-- records (NULL: all).  It writes what follows from the reports that are there,
-- whoever calls it.
DROP FUNCTION IF EXISTS dmarc.do_due();
CREATE OR REPLACE FUNCTION dmarc.do_due(work integer DEFAULT NULL,
  only_domain text DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  due     text[];
  domains integer[];
  facts   integer[];
  keep    integer[];
  again   integer[];
  changed boolean := false;
BEGIN
  IF pg_is_in_recovery() OR NOT EXISTS (SELECT FROM dmarc.due) THEN
    RETURN false;
  END IF;
  WITH taken AS (DELETE FROM dmarc.due RETURNING what, policy_domain_id)
  SELECT array_agg(DISTINCT t.what),
         CASE WHEN bool_and(t.policy_domain_id IS NOT NULL)
                     FILTER (WHERE t.what = 'weigh')
              THEN array_agg(DISTINCT t.policy_domain_id)
                     FILTER (WHERE t.what = 'weigh') END,
         array_agg(DISTINCT t.policy_domain_id)
           FILTER (WHERE t.what = 'facts'),
         array_agg(DISTINCT t.policy_domain_id)
           FILTER (WHERE t.what = 'keep'),
         array_agg(DISTINCT t.policy_domain_id)
           FILTER (WHERE t.what = 'keep_again')
    INTO due, domains, facts, keep, again
    FROM taken t;
  IF due IS NULL THEN
    RETURN false;
  END IF;
  IF 'judge' = ANY (due) THEN
    PERFORM dmarc.judge_reports();
    PERFORM dmarc.judge_failures();
    domains := NULL;
    changed := true;
  END IF;
  IF due && ARRAY['judge', 'judge_tls'] THEN
    PERFORM dmarc.judge_tls_reports();
  END IF;
  IF due && ARRAY['judge', 'weigh'] THEN
    SELECT array_agg(DISTINCT u.id) INTO facts
      FROM unnest(facts || dmarc.do_weigh(domains)) u (id);
  END IF;
  IF changed OR 'learn' = ANY (due) THEN
    PERFORM dmarc.learn_again();
    PERFORM dmarc.learn_facts(NULL);
  ELSIF facts IS NOT NULL THEN
    facts := dmarc.do_facts(facts, work, only_domain);
  END IF;
  -- Nobody waits for verdicts but who asks: they would be judged then anyway.
  IF keep IS NOT NULL OR again IS NOT NULL OR facts IS NOT NULL THEN
    PERFORM dmarc.keep_verdicts(keep || facts, again,
              CASE WHEN work IS NOT NULL THEN ARRAY(
                SELECT p.id FROM dmarc.policy_domain p
                 WHERE p.name = only_domain) END);
  END IF;
  RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.do_due(integer, text) IS 'do what is due (dmarc.due), of the facts of senders up to so many records, and of this domain; whether there was anything';

-- refresh: whoever asks calls it first, so that no answer is out of date.  What
-- is due takes locks that dmarc-ingest waits for, so those who only read may not
-- do it; dmarc-ingest does it for them at the end of each run, but for what is
-- known of the senders of large domains: that waits for somebody to ask.
DROP FUNCTION IF EXISTS dmarc.refresh();
CREATE OR REPLACE FUNCTION dmarc.refresh(work integer DEFAULT NULL,
  only_domain text DEFAULT NULL)
RETURNS boolean
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT pg_is_in_recovery()
     AND has_function_privilege('dmarc.do_due(integer, text)',
                                'EXECUTE') THEN
    PERFORM dmarc.do_due(work, only_domain);
  END IF;
  -- What is not kept is judged all the same.
  RETURN EXISTS (SELECT FROM dmarc.due d
                  WHERE d.what NOT IN ('keep', 'keep_again')
                    AND (d.what <> 'facts'
                         OR only_domain IS NULL
                         OR d.policy_domain_id = (SELECT p.id
                                                    FROM dmarc.policy_domain p
                                                   WHERE p.name = only_domain)));
END $$;
COMMENT ON FUNCTION dmarc.refresh(integer, text) IS 'do_due() for who may, nothing for the others; whether something is still due, so that figures may be out of date';

-- What makes it due: reports that go, and settings.
CREATE OR REPLACE FUNCTION dmarc.report_gone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO dmarc.due (what) VALUES ('judge'), ('learn');
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.report_gone() IS 'trigger: what reports taught is learned again when some of them go';
CREATE OR REPLACE TRIGGER report_gone AFTER DELETE OR TRUNCATE ON dmarc.report
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.report_gone();
CREATE OR REPLACE FUNCTION dmarc.trust_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO dmarc.due (what)
  SELECT 'judge'
   WHERE coalesce(NEW.name, OLD.name) IN ('authserv_id', 'approved_reporters');
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.trust_changed() IS 'trigger: reports are judged again when a setting changes that they are judged by';
CREATE OR REPLACE TRIGGER trust_changed
  AFTER INSERT OR UPDATE OR DELETE ON dmarc.setting
  FOR EACH ROW EXECUTE FUNCTION dmarc.trust_changed();
