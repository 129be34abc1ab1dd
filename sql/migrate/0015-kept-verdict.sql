-- 0015: verdicts are kept, so that a domain with 100,000 senders is not judged
-- anew with each question.
--
-- A row says what dmarc.judge_pairs() says, and is never out of date: whatever
-- changes a verdict deletes it in the same transaction (dmarc.forget_verdicts).
-- What is not kept is judged when it is asked for.

CREATE TABLE dmarc.kept_verdict (
  policy_domain_id integer NOT NULL,
  profile_id       integer NOT NULL,
  source           inet NOT NULL,
  code             integer NOT NULL,
  class            text NOT NULL,
  sender           text,
  hinges           text[],
  PRIMARY KEY (policy_domain_id, profile_id, source)
);
-- To find what an event changes.
CREATE INDEX kept_verdict_source ON dmarc.kept_verdict (source)
 WHERE source <> '::/0';
CREATE INDEX kept_verdict_hinge ON dmarc.kept_verdict USING gin (hinges)
 WHERE hinges IS NOT NULL;
COMMENT ON TABLE dmarc.kept_verdict IS
  'what verdict() says of a policy domain, profile and address, kept for domains with many records; a row that an event changes is deleted with it, and one that is missing is judged when it is asked for';
COMMENT ON COLUMN dmarc.kept_verdict.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.kept_verdict.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.kept_verdict.source IS 'the address; ::/0 stands for none, and for one of which nothing is known';
COMMENT ON COLUMN dmarc.kept_verdict.code IS 'all but class and sender, as a number: dmarc.verdict_code(), dmarc.verdict_decoded()';
COMMENT ON COLUMN dmarc.kept_verdict.class IS 'as dmarc.verdict() has it';
COMMENT ON COLUMN dmarc.kept_verdict.sender IS 'as dmarc.verdict() has it';
COMMENT ON COLUMN dmarc.kept_verdict.hinges IS 'what it asked of dmarc.learned, whether it is believed or not (dmarc.verdict_hinge); NULL: nothing';

CREATE TABLE dmarc.kept_domain (
  policy_domain_id integer PRIMARY KEY,
  until_report     bigint NOT NULL
);
COMMENT ON TABLE dmarc.kept_domain IS 'the policy domains whose verdicts are kept, and how far';
COMMENT ON COLUMN dmarc.kept_domain.policy_domain_id IS 'dmarc.policy_domain.id';
COMMENT ON COLUMN dmarc.kept_domain.until_report IS 'dmarc.report.id: the records up to this report were looked at';

ALTER TABLE dmarc.due DROP CONSTRAINT due_what_check;
ALTER TABLE dmarc.due ADD CONSTRAINT due_what_check
  CHECK (what IN ('judge', 'judge_tls', 'weigh', 'learn', 'facts', 'keep',
                  'keep_again'));
COMMENT ON COLUMN dmarc.due.what IS 'judge: settings or lists changed, judge every report again; judge_tls: TLS reports went, judge the others again; weigh: compare large reports of unlisted reporters with the others; learn: reports went, or were judged anew: learn everything again; facts: new reports on a domain, find out again what they show of its senders; keep: keep the verdicts of new records, keep_again: of all records; without these two answers are right, too';
COMMENT ON COLUMN dmarc.due.policy_domain_id IS 'weigh, facts, keep, keep_again: the domain; NULL: all';
