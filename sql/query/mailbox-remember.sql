-- mailbox-remember: mails have been read.  $1 mailbox's id, then arrays:
-- $2 uid, $3 size, $4 arrived (seconds since 1970), $5 verdict.
INSERT INTO dmarc.mailbox_mail (mailbox_id, uid, size, arrived_at, verdict)
SELECT $1::integer, m.uid, m.size, to_timestamp(m.arrived), m.verdict
  FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[])
       AS m (uid, size, arrived, verdict)
    ON CONFLICT (mailbox_id, uid) DO UPDATE
   SET size = excluded.size, arrived_at = excluded.arrived_at,
       verdict = excluded.verdict, done = NULL;
