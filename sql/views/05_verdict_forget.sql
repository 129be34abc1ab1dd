-- What makes kept verdicts out of date.
--
-- Whatever changes a verdict deletes it in its own transaction, by a trigger and
-- forget_verdicts().  It does so under a lock that keep_verdicts() cannot share;
-- so what is kept was judged by what was committed, and nothing was changed
-- meanwhile.  Whatever judge_pairs() reads wants a trigger here.

-- hold_verdicts: from here to the end of the transaction nobody keeps verdicts.
-- Whoever changes what verdicts rest on need not be able to write them; hence
-- the owner's rights, here and below.
CREATE OR REPLACE FUNCTION dmarc.hold_verdicts() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  LOCK TABLE dmarc.kept_verdict IN ROW EXCLUSIVE MODE;
  RETURN current_setting('transaction_isolation') <> 'read committed'
         OR EXISTS (SELECT FROM dmarc.kept_domain);
END $$;
COMMENT ON FUNCTION dmarc.hold_verdicts() IS 'keeps keep_verdicts() away until the transaction has ended; whether there may be verdicts to forget';

-- forget_verdicts: delete what an event changes.  It takes away only what can
-- be judged again.  Where many go at once they are kept again before the next
-- answer; few are judged with each.
--
-- A transaction with an older view does not see what was kept since, nor of which
-- domains, so it empties the table.  Many hinges are looked for one by one in each row: an index
-- that is asked for many at once compares each with each.
CREATE OR REPLACE FUNCTION dmarc.forget_verdicts(what text, names text[],
  domain text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET jit = off AS $$
BEGIN
  IF NOT dmarc.hold_verdicts() THEN
    RETURN;
  ELSIF current_setting('transaction_isolation') <> 'read committed' THEN
    TRUNCATE dmarc.kept_verdict;
    INSERT INTO dmarc.due (what) VALUES ('keep_again');
    RETURN;
  END IF;
  EXECUTE 'WITH deleted AS (DELETE FROM dmarc.kept_verdict k '
    || CASE what
         WHEN 'source' THEN
           'USING unnest($1) u (name)
            WHERE k.source = u.name::inet
              AND k.source <> ''::/0'''
         WHEN 'learned' THEN CASE
           WHEN cardinality(names) <= 100 THEN
             'WHERE k.hinges && $1
                AND k.hinges IS NOT NULL'
           ELSE
             'WHERE (k.policy_domain_id, k.profile_id, k.source) IN (
                    SELECT x.policy_domain_id, x.profile_id, x.source
                      FROM dmarc.kept_verdict x
                     CROSS JOIN LATERAL unnest(x.hinges) h (hinge)
                      JOIN (SELECT DISTINCT u.name FROM unnest($1) u (name)) w
                        ON w.name = h.hinge
                     WHERE x.hinges IS NOT NULL)' END
         WHEN 'org' THEN
           'WHERE k.profile_id IN (
                    SELECT p.id
                      FROM (SELECT DISTINCT x.profile_id
                              FROM dmarc.kept_verdict x
                             WHERE x.hinges IS NOT NULL) x
                      JOIN dmarc.auth_profile p ON p.id = x.profile_id
                     CROSS JOIN LATERAL (
                           SELECT p.header_from_org AS domain
                            UNION ALL
                           SELECT y.domain FROM unnest(p.dkim) y) q
                     CROSS JOIN LATERAL unnest(dmarc.suffixes(q.domain))
                                          s (suffix)
                      JOIN (SELECT DISTINCT u.name FROM unnest($1) u (name)) w
                        ON w.name = s.suffix)'
         WHEN 'word' THEN
           'WHERE ($2 IS NULL
                   OR k.policy_domain_id = (SELECT d.id
                                              FROM dmarc.policy_domain d
                                             WHERE d.name = $2))
              AND (k.sender = ANY ($1) OR ''*'' = ANY ($1)
                   OR (k.source <> ''::/0'' AND host(k.source) = ANY ($1)))'
         WHEN 'fact' THEN
           'USING dmarc.policy_domain d, dmarc.profile_feature f,
                  (SELECT DISTINCT u.name FROM unnest($1) u (name)) w
            WHERE d.name = $2
              AND k.policy_domain_id = d.id
              AND f.profile_id = k.profile_id
              AND coalesce(f.forwarder, f.platform, f.other_org) = w.name'
         ELSE
           'WHERE true' END
    || ' RETURNING k.policy_domain_id)
        INSERT INTO dmarc.due (what, policy_domain_id)
        SELECT ''keep_again'', x.policy_domain_id
          FROM deleted x
         GROUP BY x.policy_domain_id
        HAVING count(*) >= 50'
    USING names, domain;
END $$;
COMMENT ON FUNCTION dmarc.forget_verdicts(text, text[], text) IS
  'deletes the kept verdicts that something changes: word (on these senders or addresses, for a domain or all), source (of these addresses), fact (on these senders of a domain), learned (on these hinges), org (on anything learned of these organizations), all';

-- ---- the triggers --------------------------------------------------------------
--
-- They never have the owner's rights (see profile_added).

CREATE OR REPLACE FUNCTION dmarc.verdicts_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM dmarc.forget_verdicts('all', NULL, NULL);
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.verdicts_changed() IS 'trigger: all kept verdicts are forgotten when what they rest on changes';

CREATE OR REPLACE FUNCTION dmarc.word_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.in_force IS DISTINCT FROM OLD.in_force
     OR (NEW.sender, NEW.policy_domain, NEW.role)
        IS DISTINCT FROM (OLD.sender, OLD.policy_domain, OLD.role) THEN
    PERFORM dmarc.forget_verdicts('word', ARRAY[NEW.sender, OLD.sender],
              CASE WHEN TG_OP = 'INSERT' THEN NEW.policy_domain
                   WHEN TG_OP = 'DELETE' THEN OLD.policy_domain
                   WHEN NEW.policy_domain = OLD.policy_domain
                     THEN NEW.policy_domain END);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.word_changed() IS 'trigger: the verdicts on a sender are forgotten when a word on it comes, changes or goes';

-- What has an address: source and source_fact.  touched: rows that came or went;
-- of rows that changed, before: as they were.
CREATE OR REPLACE FUNCTION dmarc.source_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT dmarc.hold_verdicts() THEN
    RETURN NULL;
  ELSIF TG_OP <> 'UPDATE' THEN
    PERFORM dmarc.forget_verdicts('source', array_agg(host(t.ip)), NULL)
       FROM touched t
     HAVING count(*) > 0;
  ELSIF TG_TABLE_NAME = 'source' THEN
    PERFORM dmarc.forget_verdicts('source', array_agg(host(t.ip)), NULL)
       FROM touched t
       JOIN before b ON b.ip = t.ip
      WHERE (t.ptr, t.ptr_org, t.ptr_status, t.asn, t.as_name, t.sender,
             t.sender_layer, t.sender_evidence)
            IS DISTINCT FROM
            (b.ptr, b.ptr_org, b.ptr_status, b.asn, b.as_name, b.sender,
             b.sender_layer, b.sender_evidence)
     HAVING count(*) > 0;
  ELSE
    PERFORM dmarc.forget_verdicts('source', array_agg(host(t.ip)), NULL)
       FROM touched t
       JOIN before b ON b.policy_domain = t.policy_domain AND b.ip = t.ip
      WHERE (t.steady, t.relay, t.passed)
            IS DISTINCT FROM (b.steady, b.relay, b.passed)
     HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.source_changed() IS 'trigger: the verdicts on an address are forgotten when what is known of it changes';

CREATE OR REPLACE FUNCTION dmarc.sender_fact_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT dmarc.hold_verdicts() THEN
    RETURN NULL;
  ELSIF TG_OP <> 'UPDATE' THEN
    PERFORM dmarc.forget_verdicts('fact', array_agg(t.sender),
              t.policy_domain)
       FROM touched t
      GROUP BY t.policy_domain;
  ELSE
    PERFORM dmarc.forget_verdicts('fact', array_agg(t.sender),
              t.policy_domain)
       FROM touched t
       JOIN before b ON b.policy_domain = t.policy_domain
                    AND b.sender = t.sender
      WHERE (t.own_selector, t.brings_ours, t.fleeting)
            IS DISTINCT FROM (b.own_selector, b.brings_ours, b.fleeting)
      GROUP BY t.policy_domain;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.sender_fact_changed() IS 'trigger: the verdicts on a sender are forgotten when what reports show of it changes';

-- Only what begins to be believed with these rows, or may have been before they
-- went (is_learned).  With the first sure report on an organization all that
-- others taught of it is no longer believed.
CREATE OR REPLACE FUNCTION dmarc.learned_changed() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT dmarc.hold_verdicts() THEN
    RETURN NULL;
  ELSIF TG_OP = 'INSERT' THEN
    PERFORM dmarc.forget_verdicts('learned',
              array_agg(dmarc.verdict_hinge(b.kind, b.domain, b.name)), NULL)
       FROM (SELECT l.kind, l.domain, l.name
               FROM dmarc.learned l
               JOIN (SELECT DISTINCT x.kind, x.domain, x.name
                       FROM touched x) t
                 ON t.kind = l.kind AND t.domain = l.domain
                AND t.name = l.name
               LEFT JOIN touched n
                 ON n.kind = l.kind AND n.domain = l.domain
                AND n.name = l.name AND n.voucher = l.voucher
                AND n.sure = l.sure
              GROUP BY l.kind, l.domain, l.name
             HAVING NOT coalesce(bool_or(l.sure) FILTER (WHERE n.kind IS NULL),
                                 false)
                AND (coalesce(bool_or(n.sure), false)
                     OR count(DISTINCT l.voucher)
                          FILTER (WHERE n.kind IS NULL) < 2)) b
      WHERE b.kind <> 'domain'
     HAVING count(*) > 0;
    PERFORM dmarc.forget_verdicts('org', array_agg(t.domain), NULL)
       FROM touched t
      WHERE t.kind = 'domain'
        AND t.sure
        AND NOT EXISTS (SELECT FROM dmarc.learned l
                         WHERE l.kind = 'domain'
                           AND l.domain = t.domain
                           AND l.sure
                           AND NOT EXISTS (SELECT FROM touched n
                                            WHERE n.kind = 'domain'
                                              AND n.domain = l.domain
                                              AND n.voucher = l.voucher
                                              AND n.sure))
     HAVING count(*) > 0;
  ELSE
    PERFORM dmarc.forget_verdicts('org', array_agg(DISTINCT t.domain), NULL)
       FROM touched t
      WHERE t.kind = 'domain'
     HAVING count(*) > 0;
    PERFORM dmarc.forget_verdicts('learned',
              array_agg(DISTINCT dmarc.verdict_hinge(t.kind, t.domain,
                                   t.name)), NULL)
       FROM touched t
      WHERE t.kind <> 'domain'
     HAVING count(*) > 0;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION dmarc.learned_changed() IS 'trigger: the verdicts that hinge on something are forgotten when it is learned or forgotten';

CREATE OR REPLACE TRIGGER word_changed
  AFTER INSERT OR UPDATE OR DELETE ON dmarc.sender_inventory
  FOR EACH ROW EXECUTE FUNCTION dmarc.word_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER TRUNCATE ON dmarc.sender_inventory
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();

CREATE OR REPLACE TRIGGER source_added AFTER INSERT ON dmarc.source
  REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.source_changed();
CREATE OR REPLACE TRIGGER source_changed AFTER UPDATE ON dmarc.source
  REFERENCING OLD TABLE AS before NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.source_changed();
CREATE OR REPLACE TRIGGER source_gone AFTER DELETE ON dmarc.source
  REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.source_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OF ip OR TRUNCATE ON dmarc.source
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();

CREATE OR REPLACE TRIGGER source_fact_added AFTER INSERT ON dmarc.source_fact
  REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.source_changed();
CREATE OR REPLACE TRIGGER source_fact_changed AFTER UPDATE ON dmarc.source_fact
  REFERENCING OLD TABLE AS before NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.source_changed();
CREATE OR REPLACE TRIGGER source_fact_gone AFTER DELETE ON dmarc.source_fact
  REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.source_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OF policy_domain, ip OR TRUNCATE ON dmarc.source_fact
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();

CREATE OR REPLACE TRIGGER sender_fact_added AFTER INSERT ON dmarc.sender_fact
  REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.sender_fact_changed();
CREATE OR REPLACE TRIGGER sender_fact_changed AFTER UPDATE ON dmarc.sender_fact
  REFERENCING OLD TABLE AS before NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.sender_fact_changed();
CREATE OR REPLACE TRIGGER sender_fact_gone AFTER DELETE ON dmarc.sender_fact
  REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.sender_fact_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OF policy_domain, sender OR TRUNCATE ON dmarc.sender_fact
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();

CREATE OR REPLACE TRIGGER learned_added AFTER INSERT ON dmarc.learned
  REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.learned_changed();
CREATE OR REPLACE TRIGGER learned_gone AFTER DELETE ON dmarc.learned
  REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.learned_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OR TRUNCATE ON dmarc.learned
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();

CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON dmarc.sender
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON dmarc.class
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OR DELETE OR TRUNCATE ON dmarc.profile_feature
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OR DELETE OR TRUNCATE ON dmarc.auth_profile
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();
CREATE OR REPLACE TRIGGER verdicts_changed
  AFTER UPDATE OR DELETE OR TRUNCATE ON dmarc.policy_domain
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.verdicts_changed();
