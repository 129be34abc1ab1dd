-- change-window: which days to tell of, and whether the mark may be kept.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day, or NULL.
SELECT since_day, until_day, since_day <= until_day AS any_day,
       has_any_column_privilege('dmarc.run_mark', 'INSERT') AS may_mark
  FROM dmarc.change_window($1, $2, $3);
