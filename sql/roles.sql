-- The roles, and whose the schema is; before anything else of --init.
--
-- The roles are made when the one who runs this may make them.  What stands in
-- a schema runs with the rights of its owner, so a superuser does not keep it:
-- he, and whoever else can become dmarc_owner, gives it all to that role and
-- goes on as dmarc_owner until the end of the transaction.  Whoever cannot
-- owns it himself.
DO $$
DECLARE
  me constant name := current_user;
  super constant boolean := (SELECT rolsuper FROM pg_roles WHERE rolname = me);
  may_create constant boolean := super OR
    (SELECT rolcreaterole FROM pg_roles WHERE rolname = me);
  r text;
  o record;
BEGIN
  FOREACH r IN ARRAY ARRAY['dmarc_owner', 'dmarc_ingest',
    'dmarc_operator', 'dmarc_read'] LOOP
    IF may_create AND NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I NOLOGIN', r);
      EXCEPTION
        -- Roles are the server's: another database's --init was faster.
        WHEN duplicate_object OR unique_violation THEN NULL;
      END;
    END IF;
  END LOOP;

  -- Since PostgreSQL 16 a member is not always one who may SET ROLE.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmarc_owner')
     OR NOT pg_has_role(me, 'dmarc_owner',
              CASE WHEN current_setting('server_version_num')::integer >= 160000
                   THEN 'SET' ELSE 'MEMBER' END) THEN
    RETURN;
  END IF;
  -- So that the next --init wants no superuser.
  IF super AND NOT has_database_privilege('dmarc_owner', current_database(),
                     'CREATE') THEN
    EXECUTE format('GRANT CREATE ON DATABASE %I TO dmarc_owner',
                   current_database());
  END IF;
  IF NOT has_database_privilege('dmarc_owner', current_database(), 'CREATE') THEN
    RETURN;
  END IF;
  CREATE SCHEMA IF NOT EXISTS dmarc;
  FOR o IN
    SELECT * FROM (
      SELECT 0 AS step, 'SCHEMA dmarc' AS what, nspowner AS owner
        FROM pg_namespace
       WHERE nspname = 'dmarc'
       UNION ALL
      SELECT 1, CASE c.relkind WHEN 'v' THEN 'VIEW ' WHEN 'm' THEN 'MATERIALIZED VIEW '
                               WHEN 'S' THEN 'SEQUENCE ' WHEN 'c' THEN 'TYPE '
                               ELSE 'TABLE ' END || c.oid::regclass::text,
             c.relowner
        FROM pg_class c
       WHERE c.relnamespace = to_regnamespace('dmarc')
         AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c')
         -- Sequences of identity columns go with their tables.
         AND NOT EXISTS (SELECT FROM pg_depend d
                          WHERE d.classid = 'pg_class'::regclass
                            AND d.objid = c.oid
                            AND d.deptype IN ('a', 'i')
                            AND c.relkind = 'S')
       UNION ALL
      SELECT 2, 'ROUTINE ' || p.oid::regprocedure::text, p.proowner
        FROM pg_proc p
       WHERE p.pronamespace = to_regnamespace('dmarc')) x
     WHERE x.owner <> 'dmarc_owner'::regrole
       AND pg_has_role(me, x.owner, 'USAGE')
     ORDER BY x.step
  LOOP
    EXECUTE format('ALTER %s OWNER TO dmarc_owner', o.what);
  END LOOP;
  PERFORM set_config('role', 'dmarc_owner', true);
END $$;
