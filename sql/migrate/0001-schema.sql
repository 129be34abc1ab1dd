-- 0001: the star: one narrow fact table and its dimensions, the ledger of
-- everything ever seen, and what could not be read.
--
-- Everything large hangs on the policy domain's id, so report and record can
-- be distributed by it (Citus); hence their keys begin with it, and no foreign
-- key leads from record to report (each halves the loading speed).

CREATE SCHEMA IF NOT EXISTS dmarc;
COMMENT ON SCHEMA dmarc IS
  'DMARC aggregate reports (RFC 7489, RFC 9990): tables, and the views that define every figure';

CREATE TABLE dmarc.schema_version (
  version    integer PRIMARY KEY,
  name       text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE dmarc.schema_version IS 'migrations that were applied; the highest version is the schema''s';
COMMENT ON COLUMN dmarc.schema_version.version IS 'number of the migration';
COMMENT ON COLUMN dmarc.schema_version.name IS 'its file name';
COMMENT ON COLUMN dmarc.schema_version.applied_at IS 'when it was applied';

CREATE TYPE dmarc.dkim_result AS (
  domain text, selector text, result text, org_domain text, alignment text);
COMMENT ON TYPE dmarc.dkim_result IS
  'one DKIM signature as the reporter saw it: d=, s=, raw result; org_domain and alignment (strict, relaxed, none; NULL unknown) are recomputed by us';
CREATE TYPE dmarc.spf_result AS (
  domain text, scope text, result text, org_domain text, alignment text);
COMMENT ON TYPE dmarc.spf_result IS
  'one SPF check as the reporter saw it: domain, scope (mfrom, helo), raw result; org_domain and alignment are recomputed by us';

CREATE TABLE dmarc.policy_domain (
  id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL UNIQUE,
  first_seen timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE dmarc.policy_domain IS 'every domain that reports were received for: where the DMARC record was found';
COMMENT ON COLUMN dmarc.policy_domain.id IS 'the key that report and record are distributed by';
COMMENT ON COLUMN dmarc.policy_domain.name IS 'policy_published/domain in lower case, A-label, no trailing dot';
COMMENT ON COLUMN dmarc.policy_domain.first_seen IS 'when the first report for it was stored';

CREATE SEQUENCE dmarc.report_id_seq;
COMMENT ON SEQUENCE dmarc.report_id_seq IS 'ids of dmarc.report';

CREATE TABLE dmarc.report (
  policy_domain_id integer NOT NULL REFERENCES dmarc.policy_domain,
  id               bigint NOT NULL,
  reporter         text NOT NULL,
  org_name         text,
  email            text,
  extra_contact_info text,
  report_id        text,
  begin_at         timestamptz NOT NULL,
  end_at           timestamptz NOT NULL,
  day              date NOT NULL,
  p                text,
  sp               text,
  np               text,
  adkim            text,
  aspf             text,
  pct              integer,
  fo               text,
  testing          text,
  discovery_method text,
  generator        text,
  version          text,
  dialect          text NOT NULL,
  errors           text[],
  record_count     bigint NOT NULL,
  set_aside_count  bigint NOT NULL,
  message_count    bigint NOT NULL,
  pass_count       bigint NOT NULL,
  salvaged         boolean NOT NULL,
  quirks           text[],
  content_hash     bytea NOT NULL,
  source           text NOT NULL,
  part             text,
  message_id       text,
  mail_from        text,
  mail_auth        text,
  received_at      timestamptz,
  ingested_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (policy_domain_id, id)
);
-- One reporter may use an id again for another window, and many reporters use
-- the same ids, so all of them make the key.
CREATE UNIQUE INDEX report_key ON dmarc.report
  (policy_domain_id, reporter, coalesce(report_id, ''), begin_at, end_at);
CREATE INDEX report_domain_day ON dmarc.report (policy_domain_id, day);
COMMENT ON TABLE dmarc.report IS 'one aggregate report';
COMMENT ON COLUMN dmarc.report.policy_domain_id IS 'the domain it is about';
COMMENT ON COLUMN dmarc.report.id IS 'our number for it';
COMMENT ON COLUMN dmarc.report.reporter IS 'who sent it, for the key: org_name in lower case, else the domain of email';
COMMENT ON COLUMN dmarc.report.org_name IS 'report_metadata/org_name as sent; NULL when empty';
COMMENT ON COLUMN dmarc.report.email IS 'report_metadata/email as sent';
COMMENT ON COLUMN dmarc.report.extra_contact_info IS 'report_metadata/extra_contact_info as sent';
COMMENT ON COLUMN dmarc.report.report_id IS 'report_metadata/report_id, angle brackets taken off';
COMMENT ON COLUMN dmarc.report.begin_at IS 'date_range/begin: start of the period';
COMMENT ON COLUMN dmarc.report.end_at IS 'date_range/end: end of the period as sent (some reporters include the last second, some do not)';
COMMENT ON COLUMN dmarc.report.day IS 'the UTC date of the middle of the period: what all windows select by';
COMMENT ON COLUMN dmarc.report.p IS 'policy_published/p';
COMMENT ON COLUMN dmarc.report.sp IS 'policy_published/sp; NULL: not sent, p applies';
COMMENT ON COLUMN dmarc.report.np IS 'policy_published/np; NULL: not sent, sp applies';
COMMENT ON COLUMN dmarc.report.adkim IS 'policy_published/adkim; NULL: not sent, r applies';
COMMENT ON COLUMN dmarc.report.aspf IS 'policy_published/aspf; NULL: not sent, r applies';
COMMENT ON COLUMN dmarc.report.pct IS 'policy_published/pct (RFC 7489 only)';
COMMENT ON COLUMN dmarc.report.fo IS 'policy_published/fo';
COMMENT ON COLUMN dmarc.report.testing IS 'policy_published/testing: the t tag (RFC 9989)';
COMMENT ON COLUMN dmarc.report.discovery_method IS 'psl or treewalk (RFC 9990)';
COMMENT ON COLUMN dmarc.report.generator IS 'report_metadata/generator (RFC 9990)';
COMMENT ON COLUMN dmarc.report.version IS 'the version element as sent';
COMMENT ON COLUMN dmarc.report.dialect IS 'rfc7489 or rfc9990, by namespace or by elements that only the latter has';
COMMENT ON COLUMN dmarc.report.errors IS 'report_metadata/error: what the reporter found wrong with the DMARC record';
COMMENT ON COLUMN dmarc.report.record_count IS 'record elements in the report, those set aside included';
COMMENT ON COLUMN dmarc.report.set_aside_count IS 'records of it that could not be read and lie in set_aside';
COMMENT ON COLUMN dmarc.report.message_count IS 'messages: the sum of count over the stored records';
COMMENT ON COLUMN dmarc.report.pass_count IS 'messages that pass DMARC: evaluated dkim or spf is pass';
COMMENT ON COLUMN dmarc.report.salvaged IS 'the XML was broken and was read in a second, recovering pass';
COMMENT ON COLUMN dmarc.report.quirks IS 'what is odd about it, one code an oddity; see VIOLATIONS.md';
COMMENT ON COLUMN dmarc.report.content_hash IS 'fingerprint of the parsed content, whatever the order of the records';
COMMENT ON COLUMN dmarc.report.source IS 'where it came from: file, Maildir file, mbox#number, stdin';
COMMENT ON COLUMN dmarc.report.part IS 'path inside the mail or archive';
COMMENT ON COLUMN dmarc.report.message_id IS 'Message-ID of the carrying mail';
COMMENT ON COLUMN dmarc.report.mail_from IS 'From of the carrying mail';
COMMENT ON COLUMN dmarc.report.mail_auth IS 'authenticity of the carrying mail; NULL: not judged';
COMMENT ON COLUMN dmarc.report.received_at IS 'Date of the carrying mail';
COMMENT ON COLUMN dmarc.report.ingested_at IS 'when it was stored';

CREATE TABLE dmarc.auth_profile (
  id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest        bytea NOT NULL UNIQUE,
  header_from   text,
  header_from_org text,
  envelope_from text,
  adkim         text NOT NULL,
  aspf          text NOT NULL,
  disposition   text,
  eval_dkim     text,
  eval_spf      text,
  dkim          dmarc.dkim_result[] NOT NULL,
  spf           dmarc.spf_result[] NOT NULL,
  reasons       text[] NOT NULL,
  arc_pass      boolean NOT NULL
);
COMMENT ON TABLE dmarc.auth_profile IS
  'one distinct combination of identifiers and results; records refer to it, so that a verdict is computed once per combination';
COMMENT ON COLUMN dmarc.auth_profile.id IS 'our number for it';
COMMENT ON COLUMN dmarc.auth_profile.digest IS 'SHA-256 over all of it';
COMMENT ON COLUMN dmarc.auth_profile.header_from IS 'identifiers/header_from: the author domain';
COMMENT ON COLUMN dmarc.auth_profile.header_from_org IS 'its organizational domain (public suffix list)';
COMMENT ON COLUMN dmarc.auth_profile.envelope_from IS 'identifiers/envelope_from; NULL: not sent; empty: sent empty, a null return-path';
COMMENT ON COLUMN dmarc.auth_profile.adkim IS 'DKIM alignment mode that applied: r or s';
COMMENT ON COLUMN dmarc.auth_profile.aspf IS 'SPF alignment mode that applied: r or s';
COMMENT ON COLUMN dmarc.auth_profile.disposition IS 'policy_evaluated/disposition: what was done; NULL: not said';
COMMENT ON COLUMN dmarc.auth_profile.eval_dkim IS 'policy_evaluated/dkim: the reporter''s verdict on aligned DKIM; NULL: not said';
COMMENT ON COLUMN dmarc.auth_profile.eval_spf IS 'policy_evaluated/spf: the reporter''s verdict on aligned SPF; NULL: not said';
COMMENT ON COLUMN dmarc.auth_profile.dkim IS 'raw DKIM results, in the reporter''s order';
COMMENT ON COLUMN dmarc.auth_profile.spf IS 'raw SPF results, in the reporter''s order';
COMMENT ON COLUMN dmarc.auth_profile.reasons IS 'policy_evaluated/reason/type: override reasons';
COMMENT ON COLUMN dmarc.auth_profile.arc_pass IS 'a local_policy reason says arc=pass';

CREATE TABLE dmarc.record (
  report_id        bigint NOT NULL,
  message_count    bigint NOT NULL,
  policy_domain_id integer NOT NULL,
  profile_id       integer NOT NULL,
  day              date NOT NULL,
  source_ip        inet,
  envelope_to      text,
  remarks          text[]
) PARTITION BY RANGE (day);
CREATE INDEX record_domain_day ON dmarc.record (policy_domain_id, day);
CREATE TABLE dmarc.record_other PARTITION OF dmarc.record DEFAULT;
COMMENT ON TABLE dmarc.record IS 'one row of a report: who, when, how many, which combination; by month';
COMMENT ON TABLE dmarc.record_other IS 'records with a day outside of any month that has a partition';
COMMENT ON COLUMN dmarc.record.report_id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.record.message_count IS 'row/count: messages as the reporter counts them';
COMMENT ON COLUMN dmarc.record.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.record.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.record.day IS 'the report''s day';
COMMENT ON COLUMN dmarc.record.source_ip IS 'row/source_ip: the last hop before the reporter; NULL: not sent or no address';
COMMENT ON COLUMN dmarc.record.envelope_to IS 'identifiers/envelope_to: the recipient''s domain';
COMMENT ON COLUMN dmarc.record.remarks IS 'free text of the reporter: "reason: ..." comments, "dkim: ..." and "spf: ..." human results, "source_ip: ..." that is no address';

CREATE TABLE dmarc.ingest_log (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  seen_at       timestamptz NOT NULL DEFAULT now(),
  source        text NOT NULL,
  part          text,
  message_id    text,
  mail_from     text,
  size          bigint,
  outcome       text NOT NULL CHECK (outcome IN
    ('stored', 'duplicate', 'conflict', 'set_aside', 'not_report')),
  reason        text,
  detail        text,
  policy_domain text,
  org_name      text,
  report_id     text,
  begin_at      timestamptz,
  end_at        timestamptz,
  record_count  bigint,
  set_aside_count bigint,
  message_count bigint,
  pass_count    bigint
);
CREATE INDEX ingest_log_seen ON dmarc.ingest_log (seen_at);
COMMENT ON TABLE dmarc.ingest_log IS 'the ledger: every document ever seen and what became of it';
COMMENT ON COLUMN dmarc.ingest_log.id IS 'our number for it';
COMMENT ON COLUMN dmarc.ingest_log.seen_at IS 'when it was seen';
COMMENT ON COLUMN dmarc.ingest_log.source IS 'file, Maildir file, mbox#number, stdin';
COMMENT ON COLUMN dmarc.ingest_log.part IS 'path inside the mail or archive';
COMMENT ON COLUMN dmarc.ingest_log.message_id IS 'Message-ID of the carrying mail';
COMMENT ON COLUMN dmarc.ingest_log.mail_from IS 'From of the carrying mail';
COMMENT ON COLUMN dmarc.ingest_log.size IS 'bytes of the message or file';
COMMENT ON COLUMN dmarc.ingest_log.outcome IS
  'stored; duplicate (same key, same content: not stored again); conflict (same key, other content: the first stays, this one is set aside); set_aside (could not be read, bytes kept); not_report';
COMMENT ON COLUMN dmarc.ingest_log.reason IS 'short code of the reason, for grouping';
COMMENT ON COLUMN dmarc.ingest_log.detail IS 'the reason in words';
COMMENT ON COLUMN dmarc.ingest_log.policy_domain IS 'as read from this document';
COMMENT ON COLUMN dmarc.ingest_log.org_name IS 'as read from this document';
COMMENT ON COLUMN dmarc.ingest_log.report_id IS 'as read from this document';
COMMENT ON COLUMN dmarc.ingest_log.begin_at IS 'as read from this document';
COMMENT ON COLUMN dmarc.ingest_log.end_at IS 'as read from this document';
COMMENT ON COLUMN dmarc.ingest_log.record_count IS 'record elements in this document';
COMMENT ON COLUMN dmarc.ingest_log.set_aside_count IS 'records of it that could not be read';
COMMENT ON COLUMN dmarc.ingest_log.message_count IS 'messages in this document';
COMMENT ON COLUMN dmarc.ingest_log.pass_count IS 'messages in this document that pass DMARC';

CREATE TABLE dmarc.set_aside (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest        bytea NOT NULL UNIQUE,
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  kind          text NOT NULL CHECK (kind IN ('item', 'record', 'report')),
  source        text NOT NULL,
  part          text,
  reason        text NOT NULL,
  detail        text NOT NULL,
  size          bigint NOT NULL,
  raw           bytea,
  policy_domain text,
  org_name      text,
  report_id     text,
  resolved_at   timestamptz,
  resolution    text
);
COMMENT ON TABLE dmarc.set_aside IS
  'what could not be read, with its bytes, for dmarc-ingest --retry; each thing once, however often it is seen';
COMMENT ON COLUMN dmarc.set_aside.id IS 'our number for it';
COMMENT ON COLUMN dmarc.set_aside.digest IS 'SHA-256 of kind, report key and bytes';
COMMENT ON COLUMN dmarc.set_aside.first_seen_at IS 'when it was first seen';
COMMENT ON COLUMN dmarc.set_aside.kind IS 'item: a whole message or file; record: one record of a report whose others are stored; report: the message or file that such a report came in, to read it again';
COMMENT ON COLUMN dmarc.set_aside.source IS 'where it came from';
COMMENT ON COLUMN dmarc.set_aside.part IS 'path inside the mail or archive; for a record its number, too';
COMMENT ON COLUMN dmarc.set_aside.reason IS 'short code of the reason, for grouping';
COMMENT ON COLUMN dmarc.set_aside.detail IS 'the reason in words';
COMMENT ON COLUMN dmarc.set_aside.size IS 'bytes of the whole thing';
COMMENT ON COLUMN dmarc.set_aside.raw IS 'the bytes; a record''s as its fields, a line each; NULL: too large to keep, source names it';
COMMENT ON COLUMN dmarc.set_aside.policy_domain IS 'of the report, where known';
COMMENT ON COLUMN dmarc.set_aside.org_name IS 'of the report, where known';
COMMENT ON COLUMN dmarc.set_aside.report_id IS 'of the report, where known';
COMMENT ON COLUMN dmarc.set_aside.resolved_at IS 'when a later version could read it (or a person dealt with it); NULL: still open';
COMMENT ON COLUMN dmarc.set_aside.resolution IS 'what became of it then';

-- The month's partition is made when its first record comes, also by a role
-- that may only insert; hence SECURITY DEFINER.  Far-off days stay in
-- record_other, so that absurd dates cannot make thousands of tables.
CREATE FUNCTION dmarc.make_partition(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dmarc, pg_temp AS $$
DECLARE
  lo   date := date_trunc('month', wanted::timestamp)::date;
  hi   date := (date_trunc('month', wanted::timestamp) + interval '1 month')::date;
  name text := 'record_' || to_char(wanted, 'YYYY_MM');
BEGIN
  IF wanted < date '2011-01-01' OR wanted > current_date + 31
     OR to_regclass('dmarc.' || name) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('dmarc.make_partition'));
  IF to_regclass('dmarc.' || name) IS NOT NULL THEN
    RETURN;
  END IF;
  BEGIN
    EXECUTE format('CREATE TABLE dmarc.%I (LIKE dmarc.record INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXCEPTION
    -- Another was faster, and this session's catalogue cache has not heard.
    WHEN duplicate_table OR unique_violation THEN RETURN;
  END;
  EXECUTE format('COMMENT ON TABLE dmarc.%I IS %L', name,
    'records of ' || to_char(wanted, 'YYYY-MM'));
  EXECUTE format('WITH moved AS (DELETE FROM dmarc.record_other
                   WHERE day >= %L AND day < %L RETURNING *)
                  INSERT INTO dmarc.%I SELECT * FROM moved', lo, hi, name);
  EXECUTE format('ALTER TABLE dmarc.record ATTACH PARTITION dmarc.%I
                  FOR VALUES FROM (%L) TO (%L)', name, lo, hi);
END $$;
COMMENT ON FUNCTION dmarc.make_partition(date) IS 'makes the partition of dmarc.record for the month of a day, when it is missing';

-- A report of which records had to be set aside may be replaced by the same
-- report, from the same place, read better, and by nothing else; hence a function, and no right to
-- delete.
CREATE FUNCTION dmarc.forget_report(
  domain text, reporter text, report_id text, begin_at timestamptz,
  end_at timestamptz, set_aside_count bigint, source text, part text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = dmarc, pg_temp AS $$
DECLARE
  old dmarc.report;
BEGIN
  SELECT r.* INTO old
    FROM dmarc.report r
    JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
   WHERE d.name = forget_report.domain
     AND r.reporter = forget_report.reporter
     AND coalesce(r.report_id, '') = coalesce(forget_report.report_id, '')
     AND r.begin_at = forget_report.begin_at
     AND r.end_at = forget_report.end_at
     AND r.set_aside_count > forget_report.set_aside_count
     AND r.source = forget_report.source
     AND r.part IS NOT DISTINCT FROM forget_report.part
     FOR UPDATE OF r;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM dmarc.record c
   WHERE c.policy_domain_id = old.policy_domain_id
     AND c.day = old.day AND c.report_id = old.id;
  DELETE FROM dmarc.report r
   WHERE r.policy_domain_id = old.policy_domain_id AND r.id = old.id;
  UPDATE dmarc.set_aside s
     SET resolved_at = now(), resolution = 'report read again'
   WHERE s.kind = 'record' AND s.resolved_at IS NULL
     AND s.policy_domain = forget_report.domain
     AND s.report_id IS NOT DISTINCT FROM old.report_id
     AND s.source = old.source
     AND starts_with(s.part, coalesce(old.part || '/', '') || 'record ');
  RETURN true;
END $$;
COMMENT ON FUNCTION dmarc.forget_report(text, text, text, timestamptz, timestamptz, bigint, text, text) IS
  'removes a report that more of its records were set aside of than now, so that it can be stored anew; for dmarc-ingest --retry';
