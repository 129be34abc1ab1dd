-- mailbox-unlock: it is anybody's again.  $1 id.
UPDATE dmarc.mailbox
   SET holder_pid = NULL, holder_role = NULL, holder_since = NULL
 WHERE id = $1::integer AND holder_pid = pg_backend_pid();
