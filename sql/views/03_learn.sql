-- What reports that count teach of a domain.

-- taught: what a profile shows.
--
-- A family's name, a gateway or a forwarder beside the author's signature says
-- nothing of the owner: anybody's mail comes by there.  Nor does a service whose
-- users forward their mail, such as a mailbox service or a provider, unless SPF
-- says that it sends for the author.  The selector "" is any of that domain.
--
-- The ids are joined: a list that is looked through for each row makes 10,000
-- profiles a hundred million comparisons.
CREATE OR REPLACE FUNCTION dmarc.taught(ids integer[])
RETURNS TABLE (profile_id integer, kind text, domain text, name text)
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT p.id, 'selector', s.domain, s.selector
    FROM unnest(ids) i (id)
    JOIN dmarc.auth_profile p ON p.id = i.id
   CROSS JOIN LATERAL unnest(p.dkim) s
   WHERE s.result = 'pass'
     AND s.alignment IN ('strict', 'relaxed')
     AND s.domain IS NOT NULL
     AND s.selector IS NOT NULL
   UNION ALL
  SELECT DISTINCT p.id, 'selector', s.domain, ''
    FROM unnest(ids) i (id)
    JOIN dmarc.auth_profile p ON p.id = i.id
   CROSS JOIN LATERAL unnest(p.dkim) s
   WHERE s.result = 'pass'
     AND s.alignment IN ('strict', 'relaxed')
     AND s.domain IS NOT NULL
   UNION ALL
  SELECT p.id, 'domain', coalesce(p.header_from_org, p.header_from), ''
    FROM unnest(ids) i (id)
    JOIN dmarc.auth_profile p ON p.id = i.id
   WHERE p.header_from IS NOT NULL
   UNION ALL
  SELECT p.id, 'sender', p.header_from_org, f.platform
    FROM unnest(ids) i (id)
    JOIN dmarc.profile_feature f ON f.profile_id = i.id
    JOIN dmarc.auth_profile p ON p.id = f.profile_id
    LEFT JOIN dmarc.sender q ON q.name = f.platform
   WHERE p.header_from_org IS NOT NULL
     AND f.platform IS NOT NULL
     AND f.forwarder IS NULL
     AND (f.own_service
          OR (p.eval_dkim = 'pass' AND f.dkim_pass_aligned
              AND (f.spf_pass_aligned
                   OR dmarc.sends_again(q.category) IS NOT TRUE)
              AND NOT EXISTS (SELECT FROM dmarc.sender_pattern m
                               WHERE m.sender = f.platform AND m.ambiguous))) $$;
COMMENT ON FUNCTION dmarc.taught(integer[]) IS 'the selectors that verified, the senders that sent with an author signature, and the organizations of the authors in these profiles: rows of dmarc.learned without who vouches';

-- may_teach: a report is about one domain, and teaches only of mail in the name
-- of the organization that has this domain.  Else anybody could have a report on
-- a domain of his own say what others sign with.
CREATE OR REPLACE FUNCTION dmarc.may_teach(policy_domain text, header_from text,
  header_from_org text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT dmarc.same_org(policy_domain, coalesce(header_from_org, header_from)) $$;
COMMENT ON FUNCTION dmarc.may_teach(text, text, text) IS 'may a report on this policy domain teach anything by a record with this author domain';

-- believed_report: the reports that teach, and who vouches for them.
CREATE OR REPLACE VIEW dmarc.believed_report AS
SELECT r.policy_domain_id, r.id, r.day,
       coalesce(r.vouched_by, r.reporter) AS voucher,
       r.listed OR r.tier IN ('unjudged', 'file') AS sure
  FROM dmarc.report r
  JOIN dmarc.report_voice v ON v.policy_domain_id = r.policy_domain_id
                           AND v.id = r.id;
COMMENT ON VIEW dmarc.believed_report IS 'the reports that teach (report_voice), and who vouches for them';
COMMENT ON COLUMN dmarc.believed_report.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.believed_report.id IS 'dmarc.report.id';
COMMENT ON COLUMN dmarc.believed_report.day IS 'UTC date of the middle of the report''s period';
COMMENT ON COLUMN dmarc.believed_report.voucher IS 'as in report_trust';
COMMENT ON COLUMN dmarc.believed_report.sure IS 'the reporter is listed, or nothing is judged';

-- known_selector, sender_learned: what is believed: shown by one who is sure, or,
-- where nobody who is sure has reported mail in the name of that organization, on
-- whichever policy domain, by two who vouch for themselves.  One stranger who
-- mails a report from a domain of his own teaches nothing; and what strangers
-- taught is no longer believed once the first sure report is there.
CREATE OR REPLACE FUNCTION dmarc.is_learned(kind text, domain text, name text)
RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT coalesce(bool_or(l.sure)
                  OR (count(DISTINCT l.voucher) >= 2
                      AND NOT EXISTS (
                            SELECT FROM dmarc.learned h
                             WHERE h.kind = 'domain'
                               AND h.domain = ANY (dmarc.suffixes(
                                     is_learned.domain))
                               AND h.sure)), false)
    FROM dmarc.learned l
   WHERE l.kind = is_learned.kind
     AND l.domain = is_learned.domain
     AND l.name = is_learned.name $$;
COMMENT ON FUNCTION dmarc.is_learned(text, text, text) IS 'is that believed: known_selector and sender_learned by the row, so that one need not be looked for among all';
CREATE OR REPLACE VIEW dmarc.known_selector AS
SELECT l.domain, l.name AS selector
  FROM dmarc.learned l
 WHERE l.kind = 'selector'
   AND l.name <> ''
 GROUP BY l.domain, l.name
HAVING dmarc.is_learned('selector', l.domain, l.name);
COMMENT ON VIEW dmarc.known_selector IS
  'author signatures that verified somewhere; a broken signature says something about the owner''s signer only if its selector is one of these';
COMMENT ON COLUMN dmarc.known_selector.domain IS 'd=';
COMMENT ON COLUMN dmarc.known_selector.selector IS 's=';
CREATE OR REPLACE VIEW dmarc.sender_learned AS
SELECT l.domain AS header_from_org, l.name AS sender
  FROM dmarc.learned l
 WHERE l.kind = 'sender'
 GROUP BY l.domain, l.name
HAVING dmarc.is_learned('sender', l.domain, l.name);
COMMENT ON VIEW dmarc.sender_learned IS
  'senders whose mail carried a passing author signature, so that they are set up for the domain: presumed to be the owner''s until the operator says otherwise';
COMMENT ON COLUMN dmarc.sender_learned.header_from_org IS 'organizational domain of the author domain';
COMMENT ON COLUMN dmarc.sender_learned.sender IS 'dmarc.sender.name';

-- learn_again: learn everything from the records that are there, and forget the
-- rest.  Only what is different then is written, as kept verdicts hinge on it.
CREATE OR REPLACE FUNCTION dmarc.learn_again() RETURNS void
LANGUAGE sql SET jit = off AS $$
  LOCK TABLE dmarc.learned IN SHARE ROW EXCLUSIVE MODE;
  WITH seen AS MATERIALIZED (
         SELECT x.profile_id, x.voucher, x.sure
           FROM (SELECT DISTINCT c.policy_domain_id, c.profile_id, b.voucher,
                        b.sure
                   FROM dmarc.record c
                   JOIN dmarc.believed_report b
                     ON b.policy_domain_id = c.policy_domain_id
                    AND b.id = c.report_id) x
           JOIN dmarc.policy_domain d ON d.id = x.policy_domain_id
           JOIN dmarc.auth_profile p ON p.id = x.profile_id
          WHERE dmarc.may_teach(d.name, p.header_from, p.header_from_org)),
       told AS MATERIALIZED (
         SELECT DISTINCT t.kind, t.domain, t.name, s.voucher, s.sure
           FROM dmarc.taught(ARRAY(SELECT DISTINCT profile_id FROM seen)) t
           JOIN seen s ON s.profile_id = t.profile_id
          WHERE s.sure
             OR t.kind <> 'domain'),
       gone AS (
         DELETE FROM dmarc.learned l
          WHERE NOT EXISTS (SELECT FROM told n
                             WHERE n.kind = l.kind AND n.domain = l.domain
                               AND n.name = l.name AND n.voucher = l.voucher
                               AND n.sure = l.sure))
  INSERT INTO dmarc.learned (kind, domain, name, voucher, sure)
  SELECT n.kind, n.domain, n.name, n.voucher, n.sure
    FROM told n
      ON CONFLICT DO NOTHING $$;
COMMENT ON FUNCTION dmarc.learn_again() IS 'make dmarc.learned what the records of all reports that count show';

-- learn_vouchers: the same for what these vouchers teach.
CREATE OR REPLACE FUNCTION dmarc.learn_vouchers(vouchers text[]) RETURNS void
LANGUAGE sql SET jit = off AS $$
  LOCK TABLE dmarc.learned IN SHARE ROW EXCLUSIVE MODE;
  DELETE FROM dmarc.learned l
   WHERE l.voucher = ANY (vouchers)
     AND NOT l.sure;
  WITH seen AS MATERIALIZED (
         SELECT x.profile_id, x.voucher, x.sure
           FROM (SELECT DISTINCT c.policy_domain_id, c.profile_id, b.voucher,
                        b.sure
                   FROM dmarc.believed_report b
                   JOIN dmarc.record c
                     ON c.policy_domain_id = b.policy_domain_id
                    AND c.day = b.day
                    AND c.report_id = b.id
                  WHERE b.voucher = ANY (vouchers)) x
           JOIN dmarc.policy_domain d ON d.id = x.policy_domain_id
           JOIN dmarc.auth_profile p ON p.id = x.profile_id
          WHERE dmarc.may_teach(d.name, p.header_from, p.header_from_org))
  INSERT INTO dmarc.learned (kind, domain, name, voucher, sure)
  SELECT DISTINCT t.kind, t.domain, t.name, s.voucher, s.sure
    FROM dmarc.taught(ARRAY(SELECT DISTINCT profile_id FROM seen)) t
    JOIN seen s ON s.profile_id = t.profile_id
   WHERE s.sure
      OR t.kind <> 'domain'
      ON CONFLICT DO NOTHING $$;
COMMENT ON FUNCTION dmarc.learn_vouchers(text[]) IS 'learn what the records of these vouchers show, and forget what those of them taught that are not sure';
