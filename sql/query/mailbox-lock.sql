-- mailbox-lock: a mailbox's id, and whether it is ours now, until it is given
-- back or the session ends.  $1 account, $2 folder.
SELECT id, dmarc.hold_mailbox(id) AS locked
  FROM dmarc.mailbox
 WHERE account = $1::text AND folder = $2::text;
