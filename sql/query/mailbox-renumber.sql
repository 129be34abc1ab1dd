-- mailbox-renumber: with another UIDVALIDITY, UIDs mean other mails.
-- $1 id, $2 uidvalidity.
WITH changed AS (
     UPDATE dmarc.mailbox
        SET uidvalidity = $2::bigint
      WHERE id = $1::integer AND uidvalidity IS DISTINCT FROM $2::bigint
  RETURNING id)
DELETE FROM dmarc.mailbox_mail
 WHERE mailbox_id IN (SELECT id FROM changed);
