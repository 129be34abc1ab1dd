-- 0018: failure reports (RFC 9991, RFC 6591): counted, and what is personal kept
-- apart, if at all.

CREATE TABLE dmarc.failure_report (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest        bytea NOT NULL UNIQUE,
  policy_domain text,
  day           date NOT NULL,
  reporter      text,
  auth_failure  text,
  delivery_result text,
  incident_count bigint NOT NULL,
  source_ip     inet,
  dkim_domain   text,
  dkim_selector text,
  source        text NOT NULL,
  part          text,
  message_id    text,
  mail_from     text,
  mail_auth     text,
  ingested_at   timestamptz NOT NULL DEFAULT now(),
  tier          text NOT NULL DEFAULT 'unjudged'
    CHECK (tier IN ('A', 'B', 'file', 'unjudged', 'C')),
  mail_domain   text,
  left_out_reason text
);
CREATE INDEX failure_report_domain_day ON dmarc.failure_report (policy_domain, day);
CREATE INDEX failure_report_kept ON dmarc.failure_report (ingested_at)
 WHERE source_ip IS NOT NULL OR dkim_domain IS NOT NULL OR dkim_selector IS NOT NULL;
COMMENT ON TABLE dmarc.failure_report IS 'one failure report: what a receiver says of one mail that failed; never part of a verdict, as receivers send them as they like';
COMMENT ON COLUMN dmarc.failure_report.id IS 'our number for it';
COMMENT ON COLUMN dmarc.failure_report.digest IS 'SHA-256 of what it says; where that does not tell two mails apart, of its Message-ID, too';
COMMENT ON COLUMN dmarc.failure_report.policy_domain IS 'Reported-Domain, else the domain of the failed mail''s From; NULL: neither';
COMMENT ON COLUMN dmarc.failure_report.day IS 'UTC date of Arrival-Date; else of the carrying mail, else when it was stored';
COMMENT ON COLUMN dmarc.failure_report.reporter IS 'domain of the carrying mail''s From';
COMMENT ON COLUMN dmarc.failure_report.auth_failure IS 'Auth-Failure in lower case: dmarc, dkim, spf, bodyhash, signature, revoked, adsp, or what was sent; NULL: not said';
COMMENT ON COLUMN dmarc.failure_report.delivery_result IS 'Delivery-Result in lower case: delivered, spam, policy, reject, other, or what was sent; NULL: not said';
COMMENT ON COLUMN dmarc.failure_report.incident_count IS 'Incidents: mails that it stands for, as the reporter counts them; 1 when not said';
COMMENT ON COLUMN dmarc.failure_report.source_ip IS 'Source-IP; NULL: not said, not to be kept, or forgotten (failure_days)';
COMMENT ON COLUMN dmarc.failure_report.dkim_domain IS 'DKIM-Domain; NULL as source_ip';
COMMENT ON COLUMN dmarc.failure_report.dkim_selector IS 'DKIM-Selector; NULL as source_ip';
COMMENT ON COLUMN dmarc.failure_report.source IS 'where it came from: file, Maildir file, mbox#number, stdin';
COMMENT ON COLUMN dmarc.failure_report.part IS 'path inside the mail or archive';
COMMENT ON COLUMN dmarc.failure_report.message_id IS 'Message-ID of the carrying mail';
COMMENT ON COLUMN dmarc.failure_report.mail_from IS 'From of the carrying mail';
COMMENT ON COLUMN dmarc.failure_report.mail_auth IS 'authenticity of the carrying mail, as in dmarc.report';
COMMENT ON COLUMN dmarc.failure_report.ingested_at IS 'when it was stored';
COMMENT ON COLUMN dmarc.failure_report.tier IS 'A, B, file, unjudged, or C: left out of every figure; as in dmarc.report';
COMMENT ON COLUMN dmarc.failure_report.mail_domain IS 'From domain of the carrying mail, as our mail server judged it; NULL: not judged, or none';
COMMENT ON COLUMN dmarc.failure_report.left_out_reason IS 'of tier C: why it is left out, in words; else NULL';

CREATE TABLE dmarc.failure_personal (
  failure_report_id bigint PRIMARY KEY REFERENCES dmarc.failure_report
    ON DELETE CASCADE,
  redacted      boolean NOT NULL,
  original_mail_from text,
  original_rcpt_to text,
  from_address  text,
  subject       text,
  message_id    text,
  dkim_identity text,
  spf_dns       text,
  auth_results  text,
  identity_alignment text,
  reporting_mta text,
  user_agent    text
);
COMMENT ON TABLE dmarc.failure_personal IS 'what a failure report says beyond that, where dmarc.conf has failure_reports = redacted or full; forgotten after failure_days';
COMMENT ON COLUMN dmarc.failure_personal.failure_report_id IS 'dmarc.failure_report.id';
COMMENT ON COLUMN dmarc.failure_personal.redacted IS 'of addresses only the domain is kept, and neither Subject nor Message-ID';
COMMENT ON COLUMN dmarc.failure_personal.original_mail_from IS 'Original-Mail-From: the return-path';
COMMENT ON COLUMN dmarc.failure_personal.original_rcpt_to IS 'Original-Rcpt-To: the recipient';
COMMENT ON COLUMN dmarc.failure_personal.from_address IS 'From of the mail that failed';
COMMENT ON COLUMN dmarc.failure_personal.subject IS 'its Subject; NULL when redacted';
COMMENT ON COLUMN dmarc.failure_personal.message_id IS 'its Message-ID; NULL when redacted';
COMMENT ON COLUMN dmarc.failure_personal.dkim_identity IS 'DKIM-Identity';
COMMENT ON COLUMN dmarc.failure_personal.spf_dns IS 'SPF-DNS: the SPF record as the receiver found it';
COMMENT ON COLUMN dmarc.failure_personal.auth_results IS 'Authentication-Results of the feedback';
COMMENT ON COLUMN dmarc.failure_personal.identity_alignment IS 'Identity-Alignment as sent: RFC 7489 lists what was aligned, RFC 9991 what failed, and a report does not say which is meant';
COMMENT ON COLUMN dmarc.failure_personal.reporting_mta IS 'Reporting-MTA';
COMMENT ON COLUMN dmarc.failure_personal.user_agent IS 'User-Agent: the reporter''s program';

ALTER TABLE dmarc.ingest_log
  DROP CONSTRAINT ingest_log_outcome_check,
  ADD CONSTRAINT ingest_log_outcome_check CHECK (outcome IN
    ('stored', 'duplicate', 'conflict', 'set_aside', 'failure_report',
     'not_report', 'discarded'));
COMMENT ON COLUMN dmarc.ingest_log.outcome IS
  'stored; duplicate (same key, same content: not stored again); conflict (same key, other content: the first stays, this one is set aside); set_aside (could not be read, bytes kept); failure_report (counted in failure_report); not_report; discarded (it was set aside, and a person has judged it: no document that came in)';

-- Failure reports in mailboxes were no reports so far and are counted now.
DELETE FROM dmarc.mailbox_mail WHERE verdict = 'not_report';
