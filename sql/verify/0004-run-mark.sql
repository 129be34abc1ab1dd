-- Fails when the work of migration 0004 is not there.
SELECT id, policy_domain, until_day, ran_at, ran_by FROM dmarc.run_mark WHERE false;
