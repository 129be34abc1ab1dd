-- Fails when the work of migration 0002 is not there.
SELECT id, account, folder, uidvalidity FROM dmarc.mailbox WHERE false;
SELECT mailbox_id, uid, size, arrived_at, verdict, done FROM dmarc.mailbox_mail WHERE false;
