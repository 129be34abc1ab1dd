-- mailbox-unlock: it is anybody's again.  $1 id.
SELECT dmarc.leave_mailbox($1::integer);
