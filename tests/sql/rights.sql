-- Who may do what, object by object: what comes of sql/grants.sql, also by
-- roundabout ways (PUBLIC, one role in another), and nothing else.
CREATE TEMP TABLE who (n integer, role text);
INSERT INTO who VALUES (1, 'dmarc_ingest'), (2, 'dmarc_operator'),
  (3, 'dmarc_read'), (4, 'public');
-- The rights on a table; where they are not for the whole of it, its columns.
CREATE FUNCTION pg_temp.rights(role text, relation oid) RETURNS text
LANGUAGE sql AS $$
  SELECT string_agg(x.said, ' ' ORDER BY x.n)
    FROM (SELECT v.n, CASE
                   WHEN has_table_privilege(role, relation, v.verb) THEN v.verb
                   ELSE v.verb || '('
                     || (SELECT string_agg(a.attname, ',' ORDER BY a.attname)
                           FROM pg_attribute a
                          WHERE a.attrelid = relation
                            AND a.attnum > 0
                            AND NOT a.attisdropped
                            AND has_column_privilege(role, relation, a.attnum,
                                  v.verb)) || ')'
                 END AS said
            FROM (VALUES (1, 'SELECT', true), (2, 'INSERT', true),
                         (3, 'UPDATE', true), (4, 'DELETE', false),
                         (5, 'TRUNCATE', false), (6, 'REFERENCES', true),
                         (7, 'TRIGGER', false)) v (n, verb, by_column)
           WHERE has_table_privilege(role, relation, v.verb)
              OR v.by_column
             AND has_any_column_privilege(role, relation, v.verb)) x $$;
CREATE FUNCTION pg_temp.may_execute(function oid) RETURNS text
LANGUAGE sql AS $$
  SELECT coalesce(string_agg(w.role, ' ' ORDER BY w.n), 'nobody')
    FROM who w
   WHERE has_function_privilege(w.role, function, 'EXECUTE') $$;

\echo -- the schema
SELECT w.role, concat_ws(' ',
         CASE WHEN has_schema_privilege(w.role, 'dmarc', 'USAGE') THEN 'USAGE' END,
         CASE WHEN has_schema_privilege(w.role, 'dmarc', 'CREATE') THEN 'CREATE' END)
  FROM who w
 ORDER BY w.n;

\echo -- tables
SELECT c.relname, w.role, pg_temp.rights(w.role, c.oid)
  FROM pg_class c, who w
 WHERE c.relnamespace = 'dmarc'::regnamespace
   AND c.relkind IN ('r', 'p', 'm', 'f')
   AND NOT c.relispartition
   AND pg_temp.rights(w.role, c.oid) IS NOT NULL
 ORDER BY c.relname COLLATE "C", w.n;
\echo -- tables that nobody may read: is a line missing in sql/grants.sql?
SELECT c.relname
  FROM pg_class c
 WHERE c.relnamespace = 'dmarc'::regnamespace
   AND c.relkind IN ('r', 'p', 'm', 'f')
   AND NOT c.relispartition
   AND NOT EXISTS (SELECT FROM who w
                    WHERE pg_temp.rights(w.role, c.oid) IS NOT NULL)
 ORDER BY 1;
\echo -- partitions that somebody may touch but by way of their table
SELECT c.relname, w.role
  FROM pg_class c, who w
 WHERE c.relnamespace = 'dmarc'::regnamespace
   AND c.relispartition
   AND pg_temp.rights(w.role, c.oid) IS NOT NULL;
\echo -- sequences
SELECT c.relname, w.role, v.verb
  FROM pg_class c, who w, (VALUES ('USAGE'), ('SELECT'), ('UPDATE')) v (verb)
 WHERE c.relnamespace = 'dmarc'::regnamespace
   AND c.relkind = 'S'
   AND has_sequence_privilege(w.role, c.oid, v.verb)
 ORDER BY 1, w.n;
\echo -- types of their own
SELECT t.typname, w.role
  FROM pg_type t
  JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
 CROSS JOIN who w
 WHERE t.typnamespace = 'dmarc'::regnamespace
   AND has_type_privilege(w.role, t.oid, 'USAGE')
 ORDER BY 1, w.n;
\echo -- views that are not for dmarc_operator and dmarc_read to read, and that is all
SELECT c.relname, w.role, pg_temp.rights(w.role, c.oid)
  FROM pg_class c, who w
 WHERE c.relnamespace = 'dmarc'::regnamespace
   AND c.relkind = 'v'
   AND pg_temp.rights(w.role, c.oid) IS DISTINCT FROM
       CASE WHEN w.role IN ('dmarc_operator', 'dmarc_read') THEN 'SELECT' END
 ORDER BY 1, 2;
\echo -- views that show what these may not read
SELECT DISTINCT v.ev_class::regclass, d.refobjid::regclass, a.attname
  FROM pg_depend d
  JOIN pg_rewrite v ON v.oid = d.objid
  LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid
                          AND a.attnum = d.refobjsubid AND a.attnum > 0
 WHERE d.classid = 'pg_rewrite'::regclass
   AND d.refclassid = 'pg_class'::regclass
   AND (d.refobjid IN ('dmarc.mailbox'::regclass, 'dmarc.mailbox_mail'::regclass)
        OR d.refobjid = 'dmarc.set_aside'::regclass AND a.attname = 'raw');

\echo -- functions that have the rights of the owner
SELECT p.oid::regprocedure, pg_temp.may_execute(p.oid)
  FROM pg_proc p
 WHERE p.pronamespace = 'dmarc'::regnamespace
   AND p.prosecdef
 ORDER BY p.proname COLLATE "C";
\echo -- of these: triggers, or with another path than pg_catalog, pg_temp
SELECT p.oid::regprocedure
  FROM pg_proc p
 WHERE p.pronamespace = 'dmarc'::regnamespace
   AND p.prosecdef
   AND (p.prorettype = 'trigger'::regtype
        OR NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig),
                        false));
\echo -- of these: whose texts and times are as the caller likes
SELECT p.oid::regprocedure
  FROM pg_proc p
 WHERE p.pronamespace = 'dmarc'::regnamespace
   AND p.prosecdef
   AND NOT coalesce(p.proconfig @> ARRAY['standard_conforming_strings=on',
                      'TimeZone=UTC', 'DateStyle=ISO, YMD'], false);
\echo -- tables that somebody may lock against readers (LOCK TABLE)
SELECT c.relname, w.role
  FROM pg_class c, who w
 WHERE c.relnamespace = 'dmarc'::regnamespace
   AND c.relkind IN ('r', 'p')
   AND has_table_privilege(w.role, c.oid, 'UPDATE, DELETE, TRUNCATE')
 ORDER BY 1, 2;
\echo -- functions that write, and triggers
SELECT p.oid::regprocedure, pg_temp.may_execute(p.oid)
  FROM pg_proc p
 WHERE p.pronamespace = 'dmarc'::regnamespace
   AND NOT p.prosecdef
   AND (p.provolatile = 'v' OR p.prorettype = 'trigger'::regtype)
 ORDER BY p.proname COLLATE "C";
\echo -- other functions that are not for dmarc_operator and dmarc_read, and that is all
SELECT p.oid::regprocedure, pg_temp.may_execute(p.oid)
  FROM pg_proc p
 WHERE p.pronamespace = 'dmarc'::regnamespace
   AND NOT p.prosecdef
   AND p.provolatile <> 'v'
   AND p.prorettype <> 'trigger'::regtype
   AND pg_temp.may_execute(p.oid) <> 'dmarc_operator dmarc_read'
 ORDER BY p.proname COLLATE "C";

\echo -- rights of anybody else, and rights that may be handed on
SELECT x.what, x.grantee, x.privilege_type
  FROM (SELECT c.oid::regclass::text AS what, c.relowner AS owner, a.*
          FROM pg_class c, aclexplode(c.relacl) a
         WHERE c.relnamespace = 'dmarc'::regnamespace
         UNION ALL
        SELECT p.oid::regprocedure::text, p.proowner, a.*
          FROM pg_proc p, aclexplode(coalesce(p.proacl,
                            acldefault('f', p.proowner))) a
         WHERE p.pronamespace = 'dmarc'::regnamespace
         UNION ALL
        SELECT 'dmarc', n.nspowner, a.*
          FROM pg_namespace n, aclexplode(n.nspacl) a
         WHERE n.nspname = 'dmarc') x
 WHERE x.grantee <> x.owner
   AND (x.is_grantable
        OR x.grantee <> ALL (ARRAY['dmarc_ingest'::regrole,
             'dmarc_operator'::regrole, 'dmarc_read'::regrole]::oid[]));
\echo -- whose it is
SELECT DISTINCT x.owner::regrole
  FROM (SELECT nspowner FROM pg_namespace WHERE nspname = 'dmarc'
         UNION ALL
        SELECT relowner FROM pg_class
         WHERE relnamespace = 'dmarc'::regnamespace
         UNION ALL
        SELECT proowner FROM pg_proc
         WHERE pronamespace = 'dmarc'::regnamespace
         UNION ALL
        SELECT typowner FROM pg_type
         WHERE typnamespace = 'dmarc'::regnamespace) x (owner);
