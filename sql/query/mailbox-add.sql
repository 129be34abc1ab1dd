-- mailbox-add: know a mailbox.  $1 account, $2 folder.
INSERT INTO dmarc.mailbox (account, folder)
VALUES ($1::text, $2::text)
    ON CONFLICT (account, folder) DO NOTHING;
