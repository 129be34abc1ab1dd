-- 0009: whether a report counts is stored with it, and what is learned is
-- learned from reports that count.
--
-- The judgement is made when a report is stored (dmarc.judge_report) and made
-- again for all when a setting or the list of reporters changes
-- (dmarc.judge_reports), so that every question can leave out what does not
-- count without judging each report again.

DROP VIEW IF EXISTS dmarc.report_trust;

ALTER TABLE dmarc.report
  ADD COLUMN tier text NOT NULL DEFAULT 'unjudged'
    CHECK (tier IN ('A', 'B', 'file', 'unjudged', 'C')),
  ADD COLUMN mail_domain text,
  ADD COLUMN vouched_by text,
  ADD COLUMN listed boolean NOT NULL DEFAULT false,
  ADD COLUMN left_out_reason text,
  ADD COLUMN too_heavy boolean NOT NULL DEFAULT false,
  ADD COLUMN slot bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN dmarc.report.tier IS
  'A: mail of the reporter''s own domain; B: mail of an approved domain; file: no mail carried it; unjudged: authserv_id is not set, or the report is older than version 0.2; C: left out of every figure';
COMMENT ON COLUMN dmarc.report.mail_domain IS 'From domain of the carrying mail, as our mail server judged it; NULL: not judged, or none';
COMMENT ON COLUMN dmarc.report.vouched_by IS 'who stands behind the report: the name in dmarc.reporter of a reporter that is listed, else the mail domain; NULL: nobody but the reporter''s name';
COMMENT ON COLUMN dmarc.report.listed IS 'the reporter is in the list that comes with the program, and the mail is that reporter''s';
COMMENT ON COLUMN dmarc.report.left_out_reason IS 'of tier C: why it is left out, in words; else NULL';
COMMENT ON COLUMN dmarc.report.too_heavy IS 'left out because it tells of far more messages than others see and its voucher usually does (dmarc.weigh_reports)';
COMMENT ON COLUMN dmarc.report.slot IS 'of all reports with the same key one may count and has slot 0; those that do not count have their id';

-- A report that does not count must not stand in the way of one that does.
DROP INDEX dmarc.report_key;
CREATE UNIQUE INDEX report_key ON dmarc.report
  (policy_domain_id, reporter, coalesce(report_id, ''), begin_at, end_at, slot);
CREATE INDEX report_left_out ON dmarc.report (policy_domain_id, id)
 WHERE tier = 'C';

-- For report_voice: has a domain any report of this kind?
CREATE INDEX report_sure ON dmarc.report (policy_domain_id)
 WHERE tier <> 'C' AND (listed OR tier IN ('file', 'unjudged'));

CREATE TABLE dmarc.reporter (
  name   text PRIMARY KEY,
  origin text NOT NULL CHECK (origin IN ('catalogue', 'local'))
);
COMMENT ON TABLE dmarc.reporter IS 'reporters that are known; sql/catalogue/reporter.tsv has those that come with the program';
COMMENT ON COLUMN dmarc.reporter.name IS 'what the reporter is called here';
COMMENT ON COLUMN dmarc.reporter.origin IS 'catalogue: replaced by every dmarc-ingest --init; local: the operator''s own, never touched';

CREATE TABLE dmarc.reporter_name (
  org_name text PRIMARY KEY,
  reporter text NOT NULL REFERENCES dmarc.reporter ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED
);
COMMENT ON TABLE dmarc.reporter_name IS 'the names that a known reporter writes into org_name';
COMMENT ON COLUMN dmarc.reporter_name.org_name IS 'org_name in lower case';
COMMENT ON COLUMN dmarc.reporter_name.reporter IS 'dmarc.reporter.name';

CREATE TABLE dmarc.reporter_mail (
  mail     text NOT NULL,
  reporter text NOT NULL REFERENCES dmarc.reporter ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED,
  PRIMARY KEY (mail, reporter)
);
COMMENT ON TABLE dmarc.reporter_mail IS 'where the mail of a known reporter comes from';
COMMENT ON COLUMN dmarc.reporter_mail.mail IS 'a domain, which stands for those below it, too; or one address, where anybody may have a mailbox at its domain';
COMMENT ON COLUMN dmarc.reporter_mail.reporter IS 'dmarc.reporter.name';

CREATE TABLE dmarc.mailbox_domain (
  domain text PRIMARY KEY,
  origin text NOT NULL DEFAULT 'local' CHECK (origin IN ('catalogue', 'local'))
);
COMMENT ON TABLE dmarc.mailbox_domain IS 'domains at which anybody may have a mailbox: their mail vouches for nobody; sql/catalogue/mailbox.tsv';
COMMENT ON COLUMN dmarc.mailbox_domain.domain IS 'the domain, in lower case';
COMMENT ON COLUMN dmarc.mailbox_domain.origin IS 'catalogue: replaced by every dmarc-ingest --init; local: the operator''s own, never touched';

-- ---- what reports teach ------------------------------------------------------

-- Formerly two tables that every new profile was added to, whoever reported it.
DROP TABLE dmarc.known_selector, dmarc.sender_learned;
CREATE TABLE dmarc.learned (
  kind    text NOT NULL CHECK (kind IN ('selector', 'sender')),
  domain  text NOT NULL,
  name    text NOT NULL,
  voucher text NOT NULL,
  sure    boolean NOT NULL,
  PRIMARY KEY (kind, domain, name, voucher, sure)
);
COMMENT ON TABLE dmarc.learned IS 'what reports that count have shown of a domain, and who vouches for it; known_selector and sender_learned have what is believed';
COMMENT ON COLUMN dmarc.learned.kind IS 'selector: an author signature verified; sender: a service sent with one';
COMMENT ON COLUMN dmarc.learned.domain IS 'd= of the signature; of a sender: the organizational domain of the author domain';
COMMENT ON COLUMN dmarc.learned.name IS 'the selector, or dmarc.sender.name';
COMMENT ON COLUMN dmarc.learned.voucher IS 'who vouches for the report that showed it (report_trust.voucher)';
COMMENT ON COLUMN dmarc.learned.sure IS 'one such report is enough: its reporter is listed, or nothing is judged (authserv_id is not set, or no mail carried it)';

-- Work that is due before the next answer.  Rows are only ever added and taken,
-- never updated, so that no mark is lost between two transactions.
CREATE TABLE dmarc.due (
  id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  what  text NOT NULL CHECK (what IN ('judge', 'weigh', 'learn')),
  policy_domain_id integer
);
COMMENT ON TABLE dmarc.due IS 'what dmarc.refresh() has to do before the next answer';
COMMENT ON COLUMN dmarc.due.id IS 'our number for it';
COMMENT ON COLUMN dmarc.due.policy_domain_id IS 'weigh: the reports on this domain';
COMMENT ON COLUMN dmarc.due.what IS 'judge: settings or lists changed, judge every report again; weigh: compare large reports of unlisted reporters with the others; learn: reports went, or were judged anew: learn everything again';
INSERT INTO dmarc.due (what) VALUES ('judge'), ('learn');

-- ---- conflicts -----------------------------------------------------------------

CREATE TABLE dmarc.conflict_decision (
  set_aside_id bigint PRIMARY KEY,
  decision     text NOT NULL CHECK (decision IN ('keep', 'replace')),
  decided_at   timestamptz NOT NULL DEFAULT now(),
  decided_by   text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE dmarc.conflict_decision IS 'what an operator decided on reports that came again with other content';
COMMENT ON COLUMN dmarc.conflict_decision.set_aside_id IS 'dmarc.set_aside.id of the one that is set aside';
COMMENT ON COLUMN dmarc.conflict_decision.decision IS 'keep: the stored report stays; replace: the next dmarc-ingest --retry stores the other one instead';
COMMENT ON COLUMN dmarc.conflict_decision.decided_at IS 'when';
COMMENT ON COLUMN dmarc.conflict_decision.decided_by IS 'by which user of the database';
