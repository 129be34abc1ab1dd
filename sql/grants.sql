-- Rights by role; the end of --init.  All that anybody but the owner may do in
-- the schema stands here: what is not granted below is taken away, from PUBLIC
-- and from the roles.  A new table, or a function that writes or has the
-- owner's rights (SECURITY DEFINER), wants its line; views, and functions that
-- only read and do so with the rights of whoever asks, want none.
-- tests/sql/rights.sql has what comes of it, role by role.
DO $$
DECLARE
  -- Who answers questions; who stores; who does what dmarc-report writes; all.
  readers constant text[] := ARRAY['dmarc_read', 'dmarc_operator'];
  ingest constant text[] := ARRAY['dmarc_ingest'];
  operator constant text[] := ARRAY['dmarc_operator'];
  every constant text[] := ARRAY['dmarc_read', 'dmarc_operator', 'dmarc_ingest'];
  grantees text;
  g record;
BEGIN
  SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname)
    INTO grantees
    FROM pg_roles
   WHERE rolname = ANY (every)
     AND rolname <> current_user;
  grantees := concat_ws(', ', 'PUBLIC', grantees);

  -- Nothing is left of what earlier versions granted.
  FOR g IN
    SELECT 'SCHEMA dmarc' AS what, nspowner AS owner
      FROM pg_namespace
     WHERE nspname = 'dmarc'
     UNION ALL
    SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE ' WHEN 'c' THEN 'TYPE '
                        ELSE 'TABLE ' END || oid::regclass::text, relowner
      FROM pg_class
     WHERE relnamespace = 'dmarc'::regnamespace
       AND relkind IN ('r', 'p', 'v', 'm', 'S', 'c')
     UNION ALL
    SELECT 'ROUTINE ' || oid::regprocedure::text, proowner
      FROM pg_proc
     WHERE pronamespace = 'dmarc'::regnamespace
  LOOP
    CONTINUE WHEN NOT pg_has_role(g.owner, 'USAGE');
    EXECUTE format('REVOKE ALL ON %s FROM %s', g.what, grantees);
    IF g.owner <> coalesce(to_regrole('dmarc_owner')::oid, g.owner) THEN
      EXECUTE format('GRANT ALL ON %s TO dmarc_owner', g.what);
    END IF;
  END LOOP;
  -- What is made between two --init, by hand, is nobody's either.
  IF current_user = 'dmarc_owner' THEN
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;
  END IF;

  FOR g IN
    SELECT roles, right_, what FROM (VALUES
      (every, 'USAGE', 'SCHEMA dmarc'),
      (every, 'SELECT', 'dmarc.schema_version'),
      (every, 'SELECT', 'dmarc.policy_domain'),
      (every, 'SELECT', 'dmarc.report'),
      (every, 'SELECT', 'dmarc.auth_profile'),
      (readers, 'SELECT', 'dmarc.record'),
      (every, 'SELECT', 'dmarc.tls_report'),
      (readers, 'SELECT', 'dmarc.tls_policy'),
      (readers, 'SELECT', 'dmarc.tls_failure'),
      (every, 'SELECT', 'dmarc.failure_report'),
      -- About people: not for whoever only reads figures.
      (operator, 'SELECT', 'dmarc.failure_personal'),
      (readers, 'SELECT', 'dmarc.ingest_log'),
      (every, 'SELECT', 'dmarc.profile_feature'),
      (every, 'SELECT', 'dmarc.learned'),
      (readers, 'SELECT', 'dmarc.kept_verdict'),
      (readers, 'SELECT', 'dmarc.kept_domain'),
      (readers, 'SELECT', 'dmarc.due'),
      (every, 'SELECT', 'dmarc.reporter_name'),
      (every, 'SELECT', 'dmarc.reporter_mail'),
      (every, 'SELECT', 'dmarc.mailbox_domain'),
      (every, 'SELECT', 'dmarc.conflict_decision'),
      (readers, 'SELECT', 'dmarc.reporter'),
      (every, 'SELECT', 'dmarc.sender'),
      (readers, 'SELECT', 'dmarc.class'),
      (every, 'SELECT', 'dmarc.sender_pattern'),
      (readers, 'SELECT', 'dmarc.source'),
      (readers, 'SELECT', 'dmarc.source_fact'),
      (readers, 'SELECT', 'dmarc.sender_fact'),
      (readers, 'SELECT', 'dmarc.sender_inventory'),
      (readers, 'SELECT', 'dmarc.setting'),
      (readers, 'SELECT', 'dmarc.run_mark'),
      -- All but raw: strangers' mails, whole, are for --retry alone.
      (readers, 'SELECT (id, digest, first_seen_at, kind, source, part, reason,
                 detail, size, policy_domain, org_name, report_id, resolved_at,
                 resolution)', 'dmarc.set_aside'),

      (ingest, 'INSERT (name)', 'dmarc.policy_domain'),
      (ingest, 'INSERT', 'dmarc.report'),
      (ingest, 'INSERT', 'dmarc.auth_profile'),
      (ingest, 'INSERT', 'dmarc.record'),
      (ingest, 'INSERT', 'dmarc.ingest_log'),
      (ingest, 'USAGE', 'SEQUENCE dmarc.report_id_seq'),
      (ingest, 'INSERT', 'dmarc.tls_report'),
      (ingest, 'INSERT', 'dmarc.tls_policy'),
      (ingest, 'INSERT', 'dmarc.tls_failure'),
      (ingest, 'USAGE', 'SEQUENCE dmarc.tls_report_id_seq'),
      (ingest, 'INSERT (digest, policy_domain, day, reporter, auth_failure,
                delivery_result, incident_count, source_ip, dkim_domain,
                dkim_selector, source, part, message_id, mail_from, mail_auth,
                tier, mail_domain, left_out_reason)', 'dmarc.failure_report'),
      (ingest, 'UPDATE (tier, mail_domain, left_out_reason, reporter, source,
                part, message_id, mail_from, mail_auth)',
       'dmarc.failure_report'),
      (ingest, 'INSERT', 'dmarc.failure_personal'),
      -- Of one's own row's key, for ON CONFLICT.
      (ingest, 'SELECT (failure_report_id)', 'dmarc.failure_personal'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.forget_failures(integer)'),
      (ingest, 'SELECT', 'dmarc.set_aside'),
      -- Not when it was first seen: forget_report() relies on that.
      (ingest, 'INSERT (digest, kind, source, part, reason, detail, size, raw,
                policy_domain, org_name, report_id)', 'dmarc.set_aside'),
      (ingest, 'UPDATE (resolved_at, resolution)', 'dmarc.set_aside'),
      (ingest, 'SELECT', 'dmarc.mailbox'),
      (ingest, 'INSERT (account, folder)', 'dmarc.mailbox'),
      (ingest, 'UPDATE (uidvalidity)', 'dmarc.mailbox'),
      (ingest, 'SELECT', 'dmarc.mailbox_mail'),
      (ingest, 'INSERT', 'dmarc.mailbox_mail'),
      (ingest, 'UPDATE (size, arrived_at, verdict, done)', 'dmarc.mailbox_mail'),
      (ingest, 'DELETE', 'dmarc.mailbox_mail'),
      -- To judge what is stored, and to learn from it.
      (ingest, 'SELECT', 'dmarc.trust_settings'),
      (ingest, 'SELECT', 'dmarc.believed_report'),
      (ingest, 'SELECT', 'dmarc.report_voice'),
      (ingest, 'INSERT', 'dmarc.learned'),
      (ingest || operator, 'INSERT (what, policy_domain_id)', 'dmarc.due'),
      (ingest || operator, 'SELECT', 'dmarc.due'),
      (ingest || operator, 'EXECUTE', 'FUNCTION dmarc.do_due(integer, text)'),
      (every, 'EXECUTE', 'FUNCTION dmarc.refresh(integer, text)'),
      -- They take away what can be judged again, nothing else.
      (ingest || operator, 'EXECUTE', 'FUNCTION dmarc.hold_verdicts()'),
      (ingest || operator, 'EXECUTE', 'FUNCTION dmarc.forget_verdicts(text,
                text[], text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.verdict_hinge(text, text, text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.judge_report(text, text, text, text,
                boolean, text[], text[])'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.taught(integer[])'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.may_teach(text, text, text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.sends_again(text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.suffixes(text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.address_domain(text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.address_plain(text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.same_org(text, text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.mail_org(text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.name_is_domain(text)'),
      -- Only what an operator has decided on (conflict_decision).
      (ingest, 'EXECUTE', 'FUNCTION dmarc.replace_report(bigint, text, text,
                text, timestamptz, timestamptz)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.replace_tls_report(bigint, text, text,
                text, timestamptz, timestamptz)'),
      (operator, 'EXECUTE', 'FUNCTION dmarc.discard(bigint[], text)'),
      (operator, 'INSERT (set_aside_id, decision)', 'dmarc.conflict_decision'),
      (operator, 'UPDATE (decision)', 'dmarc.conflict_decision'),
      (ingest, 'USAGE', 'TYPE dmarc.dkim_result'),
      (ingest, 'USAGE', 'TYPE dmarc.spf_result'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.make_partition(date)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.remember_profiles(integer[])'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.forget_report(text, text, text,
                timestamptz, timestamptz, bigint, text, text)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.hold_mailbox(integer)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.take_mailbox(integer, timestamptz)'),
      (ingest, 'EXECUTE', 'FUNCTION dmarc.leave_mailbox(integer)'),

      (operator, 'INSERT (sender, policy_domain, role, owner, note,
                  since)',
       'dmarc.sender_inventory'),
      (operator, 'EXECUTE', 'FUNCTION dmarc.settle_words(text, text)'),
      -- By column: who may write any may lock the table.
      (operator, 'INSERT (ip, ptr, ptr_org, ptr_names, ptr_status, ptr_at, asn,
                  as_name, country, network_at)', 'dmarc.source'),
      (operator, 'UPDATE (ptr, ptr_org, ptr_names, ptr_status, ptr_at, asn,
                  as_name, country, network_at)', 'dmarc.source'),
      (operator, 'INSERT (policy_domain, until_day)', 'dmarc.run_mark'),
      (operator, 'INSERT (name, value)', 'dmarc.setting'),
      (operator, 'UPDATE (value)', 'dmarc.setting'),
      (operator, 'EXECUTE', 'FUNCTION dmarc.unset_setting(text)'),
      (operator, 'EXECUTE', 'FUNCTION dmarc.learn_steady()'),

      (every, 'EXECUTE', 'FUNCTION dmarc.analyze_new()'),
      (ingest || operator, 'EXECUTE', 'FUNCTION dmarc.make_statistics()')
    ) AS said (roles, right_, what)
     UNION ALL
    SELECT readers, 'SELECT', oid::regclass::text
      FROM pg_class
     WHERE relnamespace = 'dmarc'::regnamespace
       AND relkind = 'v'
     UNION ALL
    SELECT readers, 'EXECUTE', 'FUNCTION ' || oid::regprocedure::text
      FROM pg_proc
     WHERE pronamespace = 'dmarc'::regnamespace
       AND prokind = 'f'
       AND NOT prosecdef
       AND provolatile <> 'v'
       AND prorettype <> 'trigger'::regtype
  LOOP
    SELECT string_agg(quote_ident(rolname), ', ' ORDER BY rolname)
      INTO grantees
      FROM pg_roles
     WHERE rolname = ANY (g.roles);
    CONTINUE WHEN grantees IS NULL;
    EXECUTE format('GRANT %s ON %s TO %s', g.right_, g.what, grantees);
  END LOOP;

  -- What a function with the owner's rights does is no matter of the settings
  -- of whoever calls it.
  FOR g IN
    SELECT oid::regprocedure::text AS what, proowner AS owner
      FROM pg_proc
     WHERE pronamespace = 'dmarc'::regnamespace
       AND prosecdef
  LOOP
    CONTINUE WHEN NOT pg_has_role(g.owner, 'USAGE');
    EXECUTE format('ALTER FUNCTION %s SET standard_conforming_strings = on
                    SET TimeZone = ''UTC'' SET DateStyle = ''ISO, YMD''', g.what);
  END LOOP;
END $$;
