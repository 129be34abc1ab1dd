-- 0002: IMAP mailboxes, and which of their mails are dealt with already.
--
-- A mail's row is written in the transaction that stores its report, so a run
-- that ends between the commit and the move knows what is still to be done.

CREATE TABLE dmarc.mailbox (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account     text NOT NULL,
  folder      text NOT NULL,
  uidvalidity bigint,
  UNIQUE (account, folder)
);
COMMENT ON TABLE dmarc.mailbox IS 'a folder of an IMAP account that reports are fetched from';
COMMENT ON COLUMN dmarc.mailbox.id IS 'our number for it; dmarc-ingest holds an advisory lock on it while it is there';
COMMENT ON COLUMN dmarc.mailbox.account IS 'user@host:port';
COMMENT ON COLUMN dmarc.mailbox.folder IS 'name of the folder, in UTF-8';
COMMENT ON COLUMN dmarc.mailbox.uidvalidity IS 'UIDVALIDITY (RFC 3501 2.3.1.1) that the UIDs belong to; NULL: not seen yet';

CREATE TABLE dmarc.mailbox_mail (
  mailbox_id integer NOT NULL REFERENCES dmarc.mailbox ON DELETE CASCADE,
  uid        bigint NOT NULL,
  size       bigint NOT NULL,
  arrived_at timestamptz NOT NULL,
  verdict    text NOT NULL CHECK (verdict IN
    ('stored', 'duplicate', 'set_aside', 'not_report')),
  done       text,
  PRIMARY KEY (mailbox_id, uid)
);
COMMENT ON TABLE dmarc.mailbox_mail IS 'a mail that lies in a mailbox and has been read; forgotten when it is there no more';
COMMENT ON COLUMN dmarc.mailbox_mail.mailbox_id IS 'dmarc.mailbox.id';
COMMENT ON COLUMN dmarc.mailbox_mail.uid IS 'its UID there';
COMMENT ON COLUMN dmarc.mailbox_mail.size IS 'its size as the server gives it: another size is another mail';
COMMENT ON COLUMN dmarc.mailbox_mail.arrived_at IS 'when it came to the server (INTERNALDATE): another time is another mail';
COMMENT ON COLUMN dmarc.mailbox_mail.verdict IS 'what became of it: stored, duplicate, set_aside, not_report';
COMMENT ON COLUMN dmarc.mailbox_mail.done IS 'what was done with it, as dmarc.conf says it (flag, delete, ...); NULL: nothing yet';
