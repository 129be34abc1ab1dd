-- mailbox-unlock: it is anybody's again.  $1 id.
SELECT pg_advisory_unlock(hashtext('dmarc.mailbox'), $1::integer);
