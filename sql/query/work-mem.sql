-- work-mem: room for sums over a year of a domain's records, which the server's
-- default (4MB) would have on disk; what is more is left as it is.
SELECT set_config('work_mem', '64MB', false)
 WHERE pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('64MB');
