-- schema-users: sessions that hold a lock in the schema, the one whose
-- transaction is oldest first.  No parameters.
SELECT a.pid, a.usename
  FROM pg_locks l
  JOIN pg_class c ON c.oid = l.relation
  JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE l.database = (SELECT oid FROM pg_database
                      WHERE datname = current_database())
   AND c.relnamespace = to_regnamespace('dmarc')
   AND l.granted
   AND l.pid <> pg_backend_pid()
 ORDER BY a.xact_start, a.pid
 LIMIT 1;
