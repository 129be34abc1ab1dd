-- 0011: SMTP TLS reports (RFC 8460), beside aggregate reports and stored by the
-- same rules: what makes a key, which of several counts, what is left out.

CREATE SEQUENCE dmarc.tls_report_id_seq;
COMMENT ON SEQUENCE dmarc.tls_report_id_seq IS 'ids of dmarc.tls_report';

CREATE TABLE dmarc.tls_report (
  id            bigint PRIMARY KEY,
  policy_domain text NOT NULL,
  reporter      text NOT NULL,
  org_name      text,
  contact_info  text,
  report_id     text,
  begin_at      timestamptz NOT NULL,
  end_at        timestamptz NOT NULL,
  day           date NOT NULL,
  policy_count  integer NOT NULL,
  success_count bigint NOT NULL,
  failure_count bigint NOT NULL,
  quirks        text[],
  content_hash  bytea NOT NULL,
  source        text NOT NULL,
  part          text,
  message_id    text,
  mail_from     text,
  mail_auth     text,
  received_at   timestamptz,
  ingested_at   timestamptz NOT NULL DEFAULT now(),
  tier          text NOT NULL DEFAULT 'unjudged'
    CHECK (tier IN ('A', 'B', 'file', 'unjudged', 'C')),
  mail_domain   text,
  vouched_by    text,
  listed        boolean NOT NULL DEFAULT false,
  left_out_reason text,
  slot          bigint NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX tls_report_key ON dmarc.tls_report
  (policy_domain, reporter, coalesce(report_id, ''), begin_at, end_at, slot);
CREATE INDEX tls_report_day ON dmarc.tls_report (day);
COMMENT ON TABLE dmarc.tls_report IS 'one SMTP TLS report (RFC 8460): what one sender of mail saw of the TLS of our mail servers';
COMMENT ON COLUMN dmarc.tls_report.id IS 'our number for it';
COMMENT ON COLUMN dmarc.tls_report.policy_domain IS 'the domain it is about; of several, which a report should not have, the first in the order of bytes';
COMMENT ON COLUMN dmarc.tls_report.reporter IS 'who sent it, for the key: org_name in lower case, else the domain of contact_info';
COMMENT ON COLUMN dmarc.tls_report.org_name IS 'organization-name as sent; NULL when empty';
COMMENT ON COLUMN dmarc.tls_report.contact_info IS 'contact-info as sent';
COMMENT ON COLUMN dmarc.tls_report.report_id IS 'report-id, angle brackets taken off';
COMMENT ON COLUMN dmarc.tls_report.begin_at IS 'date-range/start-datetime';
COMMENT ON COLUMN dmarc.tls_report.end_at IS 'date-range/end-datetime';
COMMENT ON COLUMN dmarc.tls_report.day IS 'the UTC date of the middle of the period: what all windows select by';
COMMENT ON COLUMN dmarc.tls_report.policy_count IS 'policies in it';
COMMENT ON COLUMN dmarc.tls_report.success_count IS 'sessions that went well: the sum over its policies';
COMMENT ON COLUMN dmarc.tls_report.failure_count IS 'sessions that failed: the sum over its policies';
COMMENT ON COLUMN dmarc.tls_report.quirks IS 'what is odd about it, one code an oddity; see VIOLATIONS.md';
COMMENT ON COLUMN dmarc.tls_report.content_hash IS 'fingerprint of the content, whatever the order of policies and failures';
COMMENT ON COLUMN dmarc.tls_report.source IS 'where it came from: file, Maildir file, mbox#number, stdin';
COMMENT ON COLUMN dmarc.tls_report.part IS 'path inside the mail or archive';
COMMENT ON COLUMN dmarc.tls_report.message_id IS 'Message-ID of the carrying mail';
COMMENT ON COLUMN dmarc.tls_report.mail_from IS 'From of the carrying mail';
COMMENT ON COLUMN dmarc.tls_report.mail_auth IS 'authenticity of the carrying mail, as in dmarc.report; NULL: no mail carried it';
COMMENT ON COLUMN dmarc.tls_report.received_at IS 'Date of the carrying mail';
COMMENT ON COLUMN dmarc.tls_report.ingested_at IS 'when it was stored';
COMMENT ON COLUMN dmarc.tls_report.tier IS 'A, B, file, unjudged, or C: left out of every figure; as in dmarc.report';
COMMENT ON COLUMN dmarc.tls_report.mail_domain IS 'From domain of the carrying mail, as our mail server judged it; NULL: not judged, or none';
COMMENT ON COLUMN dmarc.tls_report.vouched_by IS 'who stands behind it, as in dmarc.report';
COMMENT ON COLUMN dmarc.tls_report.listed IS 'the reporter is in the list that comes with the program, and the mail is that reporter''s';
COMMENT ON COLUMN dmarc.tls_report.left_out_reason IS 'of tier C: why it is left out, in words; else NULL';
COMMENT ON COLUMN dmarc.tls_report.slot IS 'of all with the same key one may count and has slot 0; those that do not count have their id';

CREATE TABLE dmarc.tls_policy (
  tls_report_id bigint NOT NULL REFERENCES dmarc.tls_report ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED,
  n             integer NOT NULL,
  policy_type   text,
  policy_domain text NOT NULL,
  policy_string text[],
  mx_host       text[],
  success_count bigint NOT NULL,
  failure_count bigint NOT NULL,
  PRIMARY KEY (tls_report_id, n)
);
CREATE INDEX tls_policy_domain ON dmarc.tls_policy (policy_domain);
COMMENT ON TABLE dmarc.tls_policy IS 'one policy of an SMTP TLS report, with its sums';
COMMENT ON COLUMN dmarc.tls_policy.tls_report_id IS 'dmarc.tls_report.id';
COMMENT ON COLUMN dmarc.tls_policy.n IS 'its place in the report, from 0';
COMMENT ON COLUMN dmarc.tls_policy.policy_type IS 'policy-type in lower case: sts (MTA-STS), tlsa (DANE), no-policy-found, or what was sent; NULL: not said';
COMMENT ON COLUMN dmarc.tls_policy.policy_domain IS 'policy-domain in lower case, A-label, no trailing dot';
COMMENT ON COLUMN dmarc.tls_policy.policy_string IS 'policy-string: the policy as the reporter found it, a line a member';
COMMENT ON COLUMN dmarc.tls_policy.mx_host IS 'mx-host: the patterns of the MTA-STS policy';
COMMENT ON COLUMN dmarc.tls_policy.success_count IS 'total-successful-session-count';
COMMENT ON COLUMN dmarc.tls_policy.failure_count IS 'total-failure-session-count';

CREATE TABLE dmarc.tls_failure (
  tls_report_id  bigint NOT NULL,
  policy_n       integer NOT NULL,
  result_type    text,
  failure_count  bigint,
  sending_ip     inet,
  receiving_ip   inet,
  receiving_mx   text,
  receiving_helo text,
  additional_information text,
  failure_reason_code    text,
  FOREIGN KEY (tls_report_id, policy_n) REFERENCES dmarc.tls_policy
    ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX tls_failure_policy ON dmarc.tls_failure (tls_report_id, policy_n);
COMMENT ON TABLE dmarc.tls_failure IS 'one of the failure-details of a policy; they need not add up to its failure_count';
COMMENT ON COLUMN dmarc.tls_failure.tls_report_id IS 'dmarc.tls_report.id';
COMMENT ON COLUMN dmarc.tls_failure.policy_n IS 'dmarc.tls_policy.n';
COMMENT ON COLUMN dmarc.tls_failure.result_type IS 'result-type in lower case (RFC 8460 4.3), or what was sent; NULL: not said';
COMMENT ON COLUMN dmarc.tls_failure.failure_count IS 'failed-session-count; NULL: not said';
COMMENT ON COLUMN dmarc.tls_failure.sending_ip IS 'sending-mta-ip: the sender''s mail server; NULL: not said, or no address';
COMMENT ON COLUMN dmarc.tls_failure.receiving_ip IS 'receiving-ip: ours; NULL: not said, or no address';
COMMENT ON COLUMN dmarc.tls_failure.receiving_mx IS 'receiving-mx-hostname: our mail server, in lower case';
COMMENT ON COLUMN dmarc.tls_failure.receiving_helo IS 'receiving-mx-helo: what our server called itself';
COMMENT ON COLUMN dmarc.tls_failure.additional_information IS 'additional-information: an URI, or text';
COMMENT ON COLUMN dmarc.tls_failure.failure_reason_code IS 'failure-reason-code: a word of the reporter''s TLS library';

ALTER TABLE dmarc.ingest_log ADD COLUMN kind text
  CHECK (kind IN ('aggregate', 'tls', 'failure'));
COMMENT ON COLUMN dmarc.ingest_log.kind IS 'aggregate, tls (SMTP TLS report) or failure (failure report); NULL: no report, or of before this was kept';

-- TLS reports in mailboxes were no reports so far and are read now.
DELETE FROM dmarc.mailbox_mail WHERE verdict = 'not_report';
