-- change-mark: keep how far it was told.
-- $1 text: domain, or NULL for all.  $2 date: the last day.
INSERT INTO dmarc.run_mark (policy_domain, until_day) VALUES ($1, $2);
