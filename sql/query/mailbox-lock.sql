-- mailbox-lock: a mailbox's id, and whether it is ours now, until the end of
-- the session.  $1 account, $2 folder.
SELECT id, pg_try_advisory_lock(hashtext('dmarc.mailbox'), id) AS locked
  FROM dmarc.mailbox
 WHERE account = $1::text AND folder = $2::text;
