-- Fails when the work of migration 0007 is not there.
SELECT holder_pid, holder_role, holder_since FROM dmarc.mailbox WHERE false;
SELECT 'dmarc.hold_mailbox(integer)'::regprocedure,
       'dmarc.take_mailbox(integer, timestamptz)'::regprocedure,
       'dmarc.leave_mailbox(integer)'::regprocedure;
SELECT 1 / (count(*) = 5)::integer FROM pg_constraint
 WHERE conname IN ('report_finite', 'record_finite', 'run_mark_finite',
                   'sender_inventory_domain', 'setting_length')
   AND conparentid = 0 AND conislocal
   AND conrelid IN ('dmarc.report'::regclass, 'dmarc.record'::regclass,
                    'dmarc.run_mark'::regclass, 'dmarc.sender_inventory'::regclass,
                    'dmarc.setting'::regclass);
SELECT 1 / count(*) FROM pg_proc
 WHERE oid = 'dmarc.make_partition(date)'::regprocedure
   AND prorettype = 'boolean'::regtype;
