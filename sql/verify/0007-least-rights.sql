-- Fails when the work of migration 0007 is not there.
SELECT holder_pid, holder_role, holder_since FROM dmarc.mailbox WHERE false;
SELECT 'dmarc.hold_mailbox(integer)'::regprocedure;
SELECT 1 / count(*) FROM pg_proc
 WHERE oid = 'dmarc.make_partition(date)'::regprocedure
   AND prorettype = 'boolean'::regtype;
