-- mailbox-forget: mails are there no more.  $1 id, $2 uids.
DELETE FROM dmarc.mailbox_mail
 WHERE mailbox_id = $1::integer AND uid = ANY ($2::bigint[]);
