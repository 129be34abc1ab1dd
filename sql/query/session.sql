-- session: what a session of ours is like, whatever the server, the database
-- or the role have as their defaults (ALTER ROLE ... SET and the like).  Names
-- are qualified, since the search_path is not ours yet.  A setting that this
-- server does not know is left out; one of which the client itself has said
-- something (PGOPTIONS) stays when yields is true.
SELECT pg_catalog.set_config(w.name, w.value, false)
  FROM (VALUES
       -- What a name, a value and a literal mean.
       ('search_path', 'pg_catalog, pg_temp', false),
       ('client_encoding', 'UTF8', false),
       ('TimeZone', 'UTC', false),
       ('DateStyle', 'ISO, YMD', false),
       ('IntervalStyle', 'postgres', false),
       ('bytea_output', 'hex', false),
       ('extra_float_digits', '1', false),
       ('standard_conforming_strings', 'on', false),
       ('array_nulls', 'on', false),
       ('transform_null_equals', 'off', false),
       ('lc_monetary', 'C', false),
       ('lc_numeric', 'C', false),
       ('lc_time', 'C', false),
       -- All rows are seen, or the statement fails; triggers run.
       ('row_security', 'off', false),
       ('restrict_nonsystem_relation_kind', '', false),
       ('session_replication_role', 'origin', false),
       -- default_transaction_read_only stays: it is there to stop us.
       ('default_transaction_isolation', 'read committed', false),
       ('default_transaction_deferrable', 'off', false),
       ('exit_on_error', 'off', false),
       -- A mail is moved or deleted when its report is committed, so that has
       -- to be on the disk.
       ('synchronous_commit', 'on', false),
       -- A statement takes as long as it takes; a session waits between two
       -- mails, and in a transaction while a large report is decoded.
       ('statement_timeout', '0', true),
       ('lock_timeout', '0', true),
       ('transaction_timeout', '0', false),
       ('idle_in_transaction_session_timeout', '0', false),
       ('idle_session_timeout', '0', false),
       -- The server finds out that we are gone, and lets go of our locks.
       ('client_connection_check_interval', '10s', true),
       ('tcp_keepalives_idle', '60', true),
       ('tcp_keepalives_interval', '10', true),
       ('tcp_keepalives_count', '6', true),
       ('client_min_messages', 'warning', true),
       ('jit', 'off', true)) w (name, value, yields)
  JOIN pg_catalog.pg_settings s ON s.name OPERATOR(pg_catalog.=) w.name
 WHERE NOT s.setting OPERATOR(pg_catalog.=) w.value
   AND NOT (w.yields AND s.source OPERATOR(pg_catalog.=) 'client')
   -- The stricter one is fine, too.
   AND NOT (s.name OPERATOR(pg_catalog.=) 'synchronous_commit'
            AND s.setting OPERATOR(pg_catalog.=) 'remote_apply')
   -- Other systems cannot, and refuse it.
   AND (NOT s.name OPERATOR(pg_catalog.=) 'client_connection_check_interval'
        OR pg_catalog.version() OPERATOR(pg_catalog.~) 'linux');
