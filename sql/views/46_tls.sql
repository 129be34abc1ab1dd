-- SMTP TLS reports.  Which of them count is judged as for aggregate reports; a
-- question is about those that count, or about the others (dmarc.shown_tier).

-- judge_tls_reports: judge all of them again, as judge_reports() does; only what
-- differs is written.  A report that is to have slot 0 gets it in a second step,
-- when no other of its key has it any more.
CREATE OR REPLACE FUNCTION dmarc.judge_tls_reports() RETURNS void
LANGUAGE plpgsql SET jit = off AS $$
DECLARE
  promoted bigint[];
BEGIN
  LOCK TABLE dmarc.tls_report IN SHARE ROW EXCLUSIVE MODE;
  WITH judged AS (
    SELECT r.id, j.tier, j.mail_domain, j.vouched_by, j.listed, j.reason,
           row_number() OVER (
             PARTITION BY r.policy_domain, r.reporter,
                   coalesce(r.report_id, ''), r.begin_at, r.end_at
             ORDER BY array_position(
                   ARRAY['A', 'B', 'file', 'unjudged', 'C'],
                   CASE j.tier WHEN 'B' THEN 'A' ELSE j.tier END),
                   r.id) = 1 AS wins
      FROM dmarc.tls_report r
     CROSS JOIN dmarc.trust_settings s
     CROSS JOIN LATERAL dmarc.judge_report(r.reporter, r.mail_from,
                  r.message_id, r.mail_auth,
                  r.day > (r.ingested_at AT TIME ZONE 'UTC')::date + 1,
                  s.ids, s.approved) j),
  wanted AS (
    SELECT id, CASE WHEN wins THEN tier ELSE 'C' END AS tier, mail_domain,
           CASE WHEN wins THEN vouched_by END AS vouched_by,
           wins AND listed AS listed,
           CASE WHEN wins OR tier = 'C' THEN reason
                ELSE 'another report with this key counts' END
             AS left_out_reason,
           CASE WHEN wins AND tier <> 'C' THEN 0 ELSE id END AS slot
      FROM judged),
  changed AS (
    UPDATE dmarc.tls_report r
       SET tier = w.tier, mail_domain = w.mail_domain,
           vouched_by = w.vouched_by, listed = w.listed,
           left_out_reason = w.left_out_reason,
           slot = CASE WHEN r.slot = 0 AND w.slot = 0 THEN 0 ELSE r.id END
      FROM wanted w
     WHERE r.id = w.id
       AND (r.tier, r.mail_domain, r.vouched_by, r.listed, r.left_out_reason,
            r.slot)
           IS DISTINCT FROM (w.tier, w.mail_domain, w.vouched_by, w.listed,
                             w.left_out_reason, w.slot)
    RETURNING r.id, w.slot = 0 AND r.slot <> 0 AS promote)
  SELECT array_agg(c.id) INTO promoted
    FROM changed c
   WHERE c.promote;
  UPDATE dmarc.tls_report r
     SET slot = 0
   WHERE r.id = ANY (promoted);
END $$;
COMMENT ON FUNCTION dmarc.judge_tls_reports() IS 'judge every SMTP TLS report again, after authserv_id, approved_reporters or the list of reporters has changed, or reports went';

-- Where the one that counts goes, another one of its key may count.
CREATE OR REPLACE FUNCTION dmarc.tls_report_gone() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO dmarc.due (what) VALUES ('judge_tls');
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.tls_report_gone() IS 'trigger: TLS reports are judged again when some of them go';
CREATE OR REPLACE TRIGGER tls_report_gone AFTER DELETE OR TRUNCATE
  ON dmarc.tls_report
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.tls_report_gone();

-- replace_tls_report: what replace_report() is for aggregate reports.
CREATE OR REPLACE FUNCTION dmarc.replace_tls_report(conflict bigint, domain text,
  reporter text, report_id text, begin_at timestamptz, end_at timestamptz)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  old_id bigint;
BEGIN
  SELECT r.id INTO old_id
    FROM dmarc.set_aside a
    JOIN dmarc.conflict_decision c ON c.set_aside_id = a.id
                                  AND c.decision = 'replace'
    JOIN dmarc.tls_report r ON r.policy_domain = a.policy_domain
                           AND r.id = c.tls_report_ref
   WHERE a.id = replace_tls_report.conflict
     AND a.reason = 'conflict'
     AND a.resolved_at IS NULL
     AND a.policy_domain = replace_tls_report.domain
     AND a.report_id IS NOT DISTINCT FROM replace_tls_report.report_id
     AND r.reporter = replace_tls_report.reporter
     AND r.report_id IS NOT DISTINCT FROM replace_tls_report.report_id
     AND r.begin_at = replace_tls_report.begin_at
     AND r.end_at = replace_tls_report.end_at
     FOR UPDATE OF a, r;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM dmarc.tls_report r WHERE r.id = old_id;
  UPDATE dmarc.set_aside a
     SET resolved_at = now(), resolution = 'stored'
   WHERE a.id = replace_tls_report.conflict;
  RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.replace_tls_report(bigint, text, text, text, timestamptz, timestamptz) IS
  'deletes the stored SMTP TLS report that a person has decided against, and closes the conflict; for dmarc-ingest --retry; whether it did';

-- tls_policy_detail: the policies of the reports that are asked for.
--
-- The sums of a policy are what its reporter counted.  Its failure-details may
-- say less, or more where a session failed in several ways:
-- failure_count = explained_count + unexplained_count - overlap_count.
CREATE OR REPLACE VIEW dmarc.tls_policy_detail AS
SELECT p.policy_domain, r.day, r.reporter, coalesce(r.org_name, r.reporter) AS org_name,
       p.policy_type, r.id AS tls_report_id, p.n AS policy_n, p.policy_string,
       p.mx_host, p.success_count, p.failure_count,
       coalesce(f.explained, 0) AS explained_count,
       greatest(p.failure_count - coalesce(f.explained, 0), 0)
         AS unexplained_count,
       greatest(coalesce(f.explained, 0) - p.failure_count, 0) AS overlap_count
  FROM dmarc.tls_report r
  JOIN dmarc.tls_policy p ON p.tls_report_id = r.id
  -- By its index, and only of the policies that are asked for.
  LEFT JOIN LATERAL (
       SELECT sum(x.failure_count) AS explained
         FROM dmarc.tls_failure x
        WHERE x.tls_report_id = p.tls_report_id
          AND x.policy_n = p.n) f ON true
 WHERE dmarc.shown_tier(r.tier);
COMMENT ON VIEW dmarc.tls_policy_detail IS 'one row a policy of an SMTP TLS report that counts, and how much of its failures is explained';
COMMENT ON COLUMN dmarc.tls_policy_detail.policy_domain IS 'the domain whose mail servers were asked for TLS';
COMMENT ON COLUMN dmarc.tls_policy_detail.day IS 'dmarc.tls_report.day';
COMMENT ON COLUMN dmarc.tls_policy_detail.reporter IS 'dmarc.tls_report.reporter';
COMMENT ON COLUMN dmarc.tls_policy_detail.org_name IS 'the organization as it calls itself';
COMMENT ON COLUMN dmarc.tls_policy_detail.policy_type IS 'sts (MTA-STS), tlsa (DANE), no-policy-found, or what was sent';
COMMENT ON COLUMN dmarc.tls_policy_detail.tls_report_id IS 'dmarc.tls_report.id';
COMMENT ON COLUMN dmarc.tls_policy_detail.policy_n IS 'dmarc.tls_policy.n';
COMMENT ON COLUMN dmarc.tls_policy_detail.policy_string IS 'the policy as the reporter found it';
COMMENT ON COLUMN dmarc.tls_policy_detail.mx_host IS 'the patterns of the MTA-STS policy';
COMMENT ON COLUMN dmarc.tls_policy_detail.success_count IS 'sessions that went well';
COMMENT ON COLUMN dmarc.tls_policy_detail.failure_count IS 'sessions that failed';
COMMENT ON COLUMN dmarc.tls_policy_detail.explained_count IS 'failed sessions that its failure-details name, each as often as it is named';
COMMENT ON COLUMN dmarc.tls_policy_detail.unexplained_count IS 'failed sessions beyond those';
COMMENT ON COLUMN dmarc.tls_policy_detail.overlap_count IS 'by how much the failure-details name more than failed: a session may fail in several ways';

-- tls_day: what the summary rests on.
CREATE OR REPLACE VIEW dmarc.tls_day AS
SELECT policy_domain, day, reporter, min(org_name) AS org_name, policy_type,
       count(DISTINCT tls_report_id) AS report_count,
       sum(success_count) AS success_count, sum(failure_count) AS failure_count,
       sum(explained_count) AS explained_count,
       sum(unexplained_count) AS unexplained_count,
       sum(overlap_count) AS overlap_count
  FROM dmarc.tls_policy_detail
 GROUP BY policy_domain, day, reporter, policy_type;
COMMENT ON VIEW dmarc.tls_day IS 'one row a policy domain, day, reporter and policy type: sessions to our mail servers';
COMMENT ON COLUMN dmarc.tls_day.policy_domain IS 'the domain whose mail servers were asked for TLS';
COMMENT ON COLUMN dmarc.tls_day.day IS 'dmarc.tls_report.day';
COMMENT ON COLUMN dmarc.tls_day.reporter IS 'dmarc.tls_report.reporter';
COMMENT ON COLUMN dmarc.tls_day.org_name IS 'the organization as it calls itself';
COMMENT ON COLUMN dmarc.tls_day.policy_type IS 'sts (MTA-STS), tlsa (DANE), no-policy-found, or what was sent';
COMMENT ON COLUMN dmarc.tls_day.report_count IS 'reports';
COMMENT ON COLUMN dmarc.tls_day.success_count IS 'sessions that went well';
COMMENT ON COLUMN dmarc.tls_day.failure_count IS 'sessions that failed: explained_count + unexplained_count - overlap_count';
COMMENT ON COLUMN dmarc.tls_day.explained_count IS 'failed sessions that failure-details name, each as often as it is named';
COMMENT ON COLUMN dmarc.tls_day.unexplained_count IS 'failed sessions that none names';
COMMENT ON COLUMN dmarc.tls_day.overlap_count IS 'by how much failure-details name more than failed';

-- tls_failure_day: why, and at which of our mail servers.  What no
-- failure-details name has a row of its own, and so has what they name more than
-- once, which is subtracted: the sum is that of tls_day.
CREATE OR REPLACE VIEW dmarc.tls_failure_day AS
SELECT x.policy_domain, x.day, x.reporter, min(x.org_name) AS org_name,
       x.policy_type, x.result_type, x.receiving_mx, x.failure_reason_code,
       x.part, sum(x.failure_count) AS failure_count,
       count(*) FILTER (WHERE x.failure_count IS NULL) AS uncounted
  FROM (SELECT p.policy_domain, p.day, p.reporter, p.org_name, p.policy_type,
               f.result_type, f.receiving_mx, f.failure_reason_code,
               'explained' AS part, f.failure_count
          FROM dmarc.tls_policy_detail p
          JOIN dmarc.tls_failure f ON f.tls_report_id = p.tls_report_id
                                  AND f.policy_n = p.policy_n
        UNION ALL
        SELECT p.policy_domain, p.day, p.reporter, p.org_name, p.policy_type,
               NULL, NULL, NULL, 'unexplained', p.unexplained_count
          FROM dmarc.tls_policy_detail p
         WHERE p.unexplained_count > 0
        UNION ALL
        SELECT p.policy_domain, p.day, p.reporter, p.org_name, p.policy_type,
               NULL, NULL, NULL, 'overlap', -p.overlap_count
          FROM dmarc.tls_policy_detail p
         WHERE p.overlap_count > 0) x
 GROUP BY x.policy_domain, x.day, x.reporter, x.policy_type, x.result_type,
          x.receiving_mx, x.failure_reason_code, x.part;
COMMENT ON VIEW dmarc.tls_failure_day IS 'one row a policy domain, day, reporter, policy type, result, mail server and reason code: failed sessions';
COMMENT ON COLUMN dmarc.tls_failure_day.policy_domain IS 'the domain whose mail servers were asked for TLS';
COMMENT ON COLUMN dmarc.tls_failure_day.day IS 'dmarc.tls_report.day';
COMMENT ON COLUMN dmarc.tls_failure_day.reporter IS 'dmarc.tls_report.reporter';
COMMENT ON COLUMN dmarc.tls_failure_day.org_name IS 'the organization as it calls itself';
COMMENT ON COLUMN dmarc.tls_failure_day.policy_type IS 'sts (MTA-STS), tlsa (DANE), no-policy-found, or what was sent';
COMMENT ON COLUMN dmarc.tls_failure_day.result_type IS 'result-type (RFC 8460 4.3); NULL: not said';
COMMENT ON COLUMN dmarc.tls_failure_day.receiving_mx IS 'our mail server; NULL: not said';
COMMENT ON COLUMN dmarc.tls_failure_day.failure_reason_code IS 'a word of the reporter''s TLS library; NULL: not said';
COMMENT ON COLUMN dmarc.tls_failure_day.part IS 'explained: failure-details name it; unexplained: none does; overlap: what they name more than once';
COMMENT ON COLUMN dmarc.tls_failure_day.failure_count IS 'failed sessions, those of overlap below zero, so that all add up to tls_day.failure_count; NULL: the reporter did not count them';
COMMENT ON COLUMN dmarc.tls_failure_day.uncounted IS 'failure-details without a number of sessions';
