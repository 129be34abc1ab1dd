-- store-tls-tables: where TLS reports of a batch lie before they are compared
-- with what is there.
CREATE TEMP TABLE IF NOT EXISTS incoming_tls (
  n             integer NOT NULL,
  domain        text NOT NULL,
  id            bigint NOT NULL DEFAULT nextval('dmarc.tls_report_id_seq'),
  reporter      text NOT NULL,
  org_name      text,
  contact_info  text,
  report_id     text,
  begin_at      timestamptz NOT NULL,
  end_at        timestamptz NOT NULL,
  day           date NOT NULL,
  quirks        text[],
  content_hash  bytea NOT NULL,
  source        text NOT NULL,
  part          text,
  message_id    text,
  mail_from     text,
  mail_auth     text,
  received_at   timestamptz
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS incoming_tls_policy (
  report        integer NOT NULL,
  n             integer NOT NULL,
  policy_type   text,
  policy_domain text NOT NULL,
  policy_string text[],
  mx_host       text[],
  success_count bigint NOT NULL,
  failure_count bigint NOT NULL
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS incoming_tls_failure (
  report        integer NOT NULL,
  policy_n      integer NOT NULL,
  result_type   text,
  failure_count bigint,
  sending_ip    inet,
  receiving_ip  inet,
  receiving_mx  text,
  receiving_helo text,
  additional_information text,
  failure_reason_code    text
) ON COMMIT DELETE ROWS;
