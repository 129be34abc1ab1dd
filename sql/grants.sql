-- Rights by role.  The roles are made when the one who runs this may make
-- them; otherwise rights are given to those of them that exist.
DO $$
DECLARE
  r text;
  may_create boolean := (SELECT rolsuper OR rolcreaterole FROM pg_roles
                          WHERE rolname = current_user);
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
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmarc_owner') THEN
    GRANT ALL ON SCHEMA dmarc TO dmarc_owner;
    GRANT ALL ON ALL TABLES IN SCHEMA dmarc TO dmarc_owner;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA dmarc TO dmarc_owner;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmarc_ingest') THEN
    GRANT USAGE ON SCHEMA dmarc TO dmarc_ingest;
    GRANT SELECT ON ALL TABLES IN SCHEMA dmarc TO dmarc_ingest;
    GRANT INSERT ON dmarc.policy_domain, dmarc.report, dmarc.auth_profile,
                    dmarc.record, dmarc.ingest_log, dmarc.set_aside,
                    dmarc.reporter_bound, dmarc.learned, dmarc.due
       TO dmarc_ingest;
    GRANT UPDATE (resolved_at, resolution) ON dmarc.set_aside TO dmarc_ingest;
    GRANT INSERT, UPDATE (uidvalidity) ON dmarc.mailbox TO dmarc_ingest;
    GRANT INSERT, UPDATE, DELETE ON dmarc.mailbox_mail TO dmarc_ingest;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA dmarc TO dmarc_ingest;
    GRANT EXECUTE ON FUNCTION dmarc.make_partition(date),
      dmarc.forget_report(text, text, text, timestamptz, timestamptz, bigint,
      text, text)
      TO dmarc_ingest;
  END IF;
  -- What dmarc-report writes: all that a person or a look-up says.
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmarc_operator') THEN
    GRANT USAGE ON SCHEMA dmarc TO dmarc_operator;
    GRANT SELECT ON ALL TABLES IN SCHEMA dmarc TO dmarc_operator;
    GRANT INSERT, UPDATE ON dmarc.source TO dmarc_operator;
    GRANT INSERT ON dmarc.sender_inventory, dmarc.run_mark, dmarc.due TO dmarc_operator;
    GRANT USAGE ON SEQUENCE dmarc.sender_inventory_id_seq TO dmarc_operator;
    GRANT INSERT, UPDATE, DELETE ON dmarc.setting TO dmarc_operator;
    GRANT EXECUTE ON FUNCTION dmarc.learn_steady() TO dmarc_operator;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'dmarc_read') THEN
    GRANT USAGE ON SCHEMA dmarc TO dmarc_read;
    GRANT SELECT ON ALL TABLES IN SCHEMA dmarc TO dmarc_read;
  END IF;
  REVOKE EXECUTE ON FUNCTION dmarc.make_partition(date),
    dmarc.forget_report(text, text, text, timestamptz, timestamptz, bigint,
      text, text),
    dmarc.learn_steady()
    FROM PUBLIC;
END $$;
