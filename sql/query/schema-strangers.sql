-- schema-strangers: things in the schema, or the schema itself, whose owner is
-- neither a superuser, nor dmarc_owner, nor the one who asks; one of them.  Their
-- code would run with the rights of whoever reads them, so this looks nowhere but
-- at the server's own tables.  No parameters.
SELECT x.what, r.rolname
  FROM (SELECT 0 AS step, 'schema dmarc' AS what, n.nspowner AS owner
          FROM pg_catalog.pg_namespace n
         WHERE n.nspname = 'dmarc'
         UNION ALL
        SELECT 1, 'dmarc.' || c.relname, c.relowner
          FROM pg_catalog.pg_class c
         WHERE c.relnamespace = to_regnamespace('dmarc')
         UNION ALL
        SELECT 2, 'function dmarc.' || p.proname, p.proowner
          FROM pg_catalog.pg_proc p
         WHERE p.pronamespace = to_regnamespace('dmarc')
         UNION ALL
        SELECT 3, 'type dmarc.' || t.typname, t.typowner
          FROM pg_catalog.pg_type t
         WHERE t.typnamespace = to_regnamespace('dmarc')
         UNION ALL
        SELECT 4, 'operator dmarc.' || o.oprname, o.oprowner
          FROM pg_catalog.pg_operator o
         WHERE o.oprnamespace = to_regnamespace('dmarc')) x
  JOIN pg_catalog.pg_roles r ON r.oid = x.owner
 WHERE NOT r.rolsuper
   AND r.rolname NOT IN ('dmarc_owner', current_user, session_user)
   -- One whose member asks may be anybody, if who asks is a superuser.
   AND ((SELECT s.rolsuper
           FROM pg_catalog.pg_roles s
          WHERE s.rolname = session_user)
        OR NOT pg_has_role(session_user, r.oid, 'USAGE'))
 ORDER BY x.step, x.what
 LIMIT 1;
