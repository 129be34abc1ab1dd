-- mailbox-done: something was done with mails that stay where they are.
-- $1 id, $2 uids, $3 what.
UPDATE dmarc.mailbox_mail
   SET done = $3::text
 WHERE mailbox_id = $1::integer AND uid = ANY ($2::bigint[]);
