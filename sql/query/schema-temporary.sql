-- schema-temporary: a session with something temporary, such as a view, that
-- hangs on what --init makes anew.  Which session has pg_temp_N is said since
-- PostgreSQL 16; before, the one that its owner began first.  No parameters.
WITH ours AS (
       SELECT 'pg_class'::regclass AS class, c.oid
         FROM pg_class c
        WHERE c.relnamespace = to_regnamespace('dmarc')
        UNION ALL
       SELECT 'pg_proc'::regclass, p.oid
         FROM pg_proc p
        WHERE p.pronamespace = to_regnamespace('dmarc')
        UNION ALL
       SELECT 'pg_type'::regclass, t.oid
         FROM pg_type t
        WHERE t.typnamespace = to_regnamespace('dmarc')),
     hanging AS (
       SELECT c.relnamespace AS namespace, c.relowner AS owner
         FROM ours o
         JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.oid
         LEFT JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass
                               AND w.oid = d.objid
         LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass
                               AND f.oid = d.objid
         JOIN pg_class c
           ON c.oid = coalesce(w.ev_class, f.adrelid,
                        CASE d.classid WHEN 'pg_class'::regclass
                             THEN d.objid END)
        UNION ALL
       SELECT p.pronamespace, p.proowner
         FROM ours o
         JOIN pg_depend d ON d.refclassid = o.class AND d.refobjid = o.oid
         JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid)
SELECT a.pid, r.rolname
  FROM hanging h
  JOIN pg_namespace n ON n.oid = h.namespace
  JOIN pg_roles r ON r.oid = h.owner
  LEFT JOIN pg_stat_activity a
    ON a.datname = current_database()
   AND a.pid <> pg_backend_pid()
   AND CASE WHEN current_setting('server_version_num')::integer >= 160000
            THEN a.pid = pg_stat_get_backend_pid(
                   substring(n.nspname FROM '[0-9]+$')::integer)
            ELSE a.usesysid = h.owner END
 WHERE n.nspname ~ '^pg_temp_[0-9]+$'
 ORDER BY a.backend_start
 LIMIT 1;
