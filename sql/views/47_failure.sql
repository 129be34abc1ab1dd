-- Failure reports.  Which of them count is judged as for aggregate reports; a
-- question is about those that count, or about the others (dmarc.shown_tier).
-- They are never part of a verdict: receivers send as many as they like.

-- judge_failures: judge all of them again; only what differs is written.
CREATE OR REPLACE FUNCTION dmarc.judge_failures() RETURNS void
LANGUAGE plpgsql SET jit = off AS $$
BEGIN
  UPDATE dmarc.failure_report r
     SET tier = x.tier, mail_domain = x.mail_domain,
         left_out_reason = x.reason
    FROM (SELECT f.id, j.tier, j.mail_domain, j.reason
            FROM dmarc.failure_report f
           CROSS JOIN dmarc.trust_settings s
           CROSS JOIN LATERAL dmarc.judge_report(coalesce(f.reporter, ''),
                        f.mail_from, f.message_id, f.mail_auth,
                        f.day > (f.ingested_at AT TIME ZONE 'UTC')::date + 1,
                        s.ids, s.approved) j) x
   WHERE r.id = x.id
     AND (r.tier, r.mail_domain, r.left_out_reason)
         IS DISTINCT FROM (x.tier, x.mail_domain, x.reason);
END $$;
COMMENT ON FUNCTION dmarc.judge_failures() IS 'judge every failure report again, after authserv_id, approved_reporters or the list of reporters has changed';

-- forget_failures: after some days no more than the count is left.
CREATE OR REPLACE FUNCTION dmarc.forget_failures(days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  before constant timestamptz := now() - make_interval(days => days);
BEGIN
  DELETE FROM dmarc.failure_personal p
   USING dmarc.failure_report r
   WHERE r.id = p.failure_report_id
     AND r.ingested_at < before;
  UPDATE dmarc.failure_report r
     SET source_ip = NULL, dkim_domain = NULL, dkim_selector = NULL
   WHERE r.ingested_at < before
     AND (r.source_ip IS NOT NULL OR r.dkim_domain IS NOT NULL
          OR r.dkim_selector IS NOT NULL);
END $$;
COMMENT ON FUNCTION dmarc.forget_failures(integer) IS 'of failure reports that were stored more than so many days ago only the count stays; for dmarc-ingest';

-- failure_day: how many there are.
CREATE OR REPLACE VIEW dmarc.failure_day AS
SELECT coalesce(policy_domain, '(not said)') AS policy_domain, day, reporter,
       auth_failure, delivery_result, source_ip, count(*) AS report_count,
       sum(incident_count) AS incident_count
  FROM dmarc.failure_report
 WHERE dmarc.shown_tier(tier)
 GROUP BY coalesce(policy_domain, '(not said)'), day, reporter, auth_failure,
          delivery_result, source_ip;
COMMENT ON VIEW dmarc.failure_day IS 'one row a reported domain, day, reporter, kind of failure, delivery result and address: failure reports that count';
COMMENT ON COLUMN dmarc.failure_day.policy_domain IS 'the domain in whose name the mail was sent; (not said) where no report says it';
COMMENT ON COLUMN dmarc.failure_day.day IS 'dmarc.failure_report.day';
COMMENT ON COLUMN dmarc.failure_day.reporter IS 'domain of who reported it';
COMMENT ON COLUMN dmarc.failure_day.auth_failure IS 'what failed, in the reporter''s word; NULL: not said';
COMMENT ON COLUMN dmarc.failure_day.delivery_result IS 'what was done with the mail; NULL: not said';
COMMENT ON COLUMN dmarc.failure_day.source_ip IS 'where it came from; NULL: not said, not kept, or forgotten';
COMMENT ON COLUMN dmarc.failure_day.report_count IS 'failure reports';
COMMENT ON COLUMN dmarc.failure_day.incident_count IS 'mails that they stand for, as the reporters count them';
