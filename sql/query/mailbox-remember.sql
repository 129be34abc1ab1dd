-- mailbox-remember: mails have been read.  $1 mailbox's id, then arrays:
-- $2 uid, $3 size, $4 verdict.
INSERT INTO dmarc.mailbox_mail (mailbox_id, uid, size, verdict)
SELECT $1::integer, m.uid, m.size, m.verdict
  FROM unnest($2::bigint[], $3::bigint[], $4::text[]) AS m (uid, size, verdict)
    ON CONFLICT (mailbox_id, uid) DO UPDATE
   SET size = excluded.size, verdict = excluded.verdict, done = NULL;
