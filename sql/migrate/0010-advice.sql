-- 0010: what advice rests on: the classes as rows, what the reports show of
-- each address and sender, since when a word holds, and which services let
-- nobody send whom the domain's owner did not admit.

-- ---- classes -------------------------------------------------------------------

CREATE TABLE dmarc.class (
  class          text PRIMARY KEY,
  rank           integer NOT NULL UNIQUE,
  text           text NOT NULL UNIQUE,
  healthy        boolean NOT NULL,
  stream_known   text NOT NULL CHECK (stream_known IN
    ('legitimate', 'indirect', 'unresolved', 'hostile', 'undetermined')),
  stream_unknown text NOT NULL CHECK (stream_unknown IN
    ('legitimate', 'indirect', 'unresolved', 'hostile', 'undetermined')),
  confidence     text NOT NULL CHECK (confidence IN
    ('reported', 'presumed', 'guess')),
  action_known   text,
  action_unknown text
);
COMMENT ON TABLE dmarc.class IS 'what can be right or wrong with mail, a row each; sql/catalogue/class.tsv';
COMMENT ON COLUMN dmarc.class.class IS 'its name';
COMMENT ON COLUMN dmarc.class.rank IS 'its place where classes are listed: what does most harm first';
COMMENT ON COLUMN dmarc.class.text IS 'the reading, a few words';
COMMENT ON COLUMN dmarc.class.healthy IS 'there is nothing to do about it';
COMMENT ON COLUMN dmarc.class.stream_known IS 'what the mail of a sender that is known counts as';
COMMENT ON COLUMN dmarc.class.stream_unknown IS 'what the mail of any other sender counts as';
COMMENT ON COLUMN dmarc.class.confidence IS 'how sure it is without the operator''s word: reported, presumed or guess';
COMMENT ON COLUMN dmarc.class.action_known IS 'what to do where the sender is known; {author}, {sender}, {return_path}, {sign}, {how}, {relax} and {ask} are filled in; NULL: nothing';
COMMENT ON COLUMN dmarc.class.action_unknown IS 'the same for any other sender';

-- ---- the catalogue ----------------------------------------------------------------

ALTER TABLE dmarc.sender
  ADD COLUMN verified_only text CHECK (verified_only IN ('yes', 'no')),
  ADD COLUMN verified_source text;
COMMENT ON COLUMN dmarc.sender.verified_only IS 'does it let its customers send only as author domains that they have proved to be theirs: yes, no; NULL: not known';
COMMENT ON COLUMN dmarc.sender.verified_source IS 'where the vendor says so';

-- ---- profiles -----------------------------------------------------------------------

ALTER TABLE dmarc.profile_feature
  ADD COLUMN strict_signature text,
  ADD COLUMN strict_selector text;
COMMENT ON COLUMN dmarc.profile_feature.strict_signature IS 'd= of the first passing signature that would align if adkim were relaxed';
COMMENT ON COLUMN dmarc.profile_feature.strict_selector IS 's= of that signature';

-- ---- facts ----------------------------------------------------------------------------

DROP TABLE dmarc.source_steady;
CREATE TABLE dmarc.source_fact (
  policy_domain  text NOT NULL,
  ip             inet NOT NULL,
  steady         boolean NOT NULL,
  relay          boolean NOT NULL,
  passed         text[] NOT NULL,
  day_count      integer NOT NULL,
  reporter_count integer NOT NULL,
  message_count  bigint NOT NULL,
  PRIMARY KEY (policy_domain, ip)
);
COMMENT ON TABLE dmarc.source_fact IS 'what the reports of the last 90 days show of an address, where that says something; made by learn_sources()';
COMMENT ON COLUMN dmarc.source_fact.policy_domain IS 'the domain it sends for';
COMMENT ON COLUMN dmarc.source_fact.ip IS 'the address';
COMMENT ON COLUMN dmarc.source_fact.steady IS 'its mail is authenticated by nothing and comes day after day: less like a forger, who moves on, than like a machine that was forgotten';
COMMENT ON COLUMN dmarc.source_fact.relay IS 'its network carries most of the signed mail of the domain on most days';
COMMENT ON COLUMN dmarc.source_fact.passed IS 'return-paths of the domain for which SPF passed from there, where it did not pass at other times';
COMMENT ON COLUMN dmarc.source_fact.day_count IS 'days with mail that says so';
COMMENT ON COLUMN dmarc.source_fact.reporter_count IS 'reporters that saw that mail';
COMMENT ON COLUMN dmarc.source_fact.message_count IS 'messages of it';

CREATE TABLE dmarc.sender_fact (
  policy_domain text NOT NULL,
  sender        text NOT NULL,
  own_selector  boolean NOT NULL,
  brings_ours   boolean NOT NULL,
  fleeting      boolean NOT NULL,
  repaired_on   date,
  PRIMARY KEY (policy_domain, sender)
);
COMMENT ON TABLE dmarc.sender_fact IS 'what the reports of the last 400 days show of a sender, where that says something; made by learn_senders()';
COMMENT ON COLUMN dmarc.sender_fact.policy_domain IS 'the domain it sends for';
COMMENT ON COLUMN dmarc.sender_fact.sender IS 'profile_feature.platform, else other_org; of mail that nothing authenticates the address';
COMMENT ON COLUMN dmarc.sender_fact.own_selector IS 'it signs as the author with a selector that hardly anybody else brings: it is set up for the domain';
COMMENT ON COLUMN dmarc.sender_fact.brings_ours IS 'most of its mail carries signatures of the author that are seen from elsewhere, and none passes aligned SPF: a forwarder, a list or a recipient''s gateway';
COMMENT ON COLUMN dmarc.sender_fact.fleeting IS 'few messages on few days from few addresses, all authenticated as one domain of its own, nothing of the author''s: probably forged';
COMMENT ON COLUMN dmarc.sender_fact.repaired_on IS 'its failing mail ended, and from this day on its addresses send mail that passes; NULL: no';

-- ---- words ------------------------------------------------------------------------------

ALTER TABLE dmarc.sender_inventory ADD COLUMN since date;
COMMENT ON COLUMN dmarc.sender_inventory.since IS 'the word is true from this day on; NULL: of all mail';

-- ---- what is due ---------------------------------------------------------------------------

ALTER TABLE dmarc.due DROP CONSTRAINT due_what_check;
ALTER TABLE dmarc.due ADD CONSTRAINT due_what_check
  CHECK (what IN ('judge', 'weigh', 'learn', 'facts'));
COMMENT ON COLUMN dmarc.due.what IS 'judge: settings or lists changed, judge every report again; weigh: compare large reports of unlisted reporters with the others; learn: reports went, or were judged anew: learn everything again; facts: new reports on a domain, find out again what they show of its senders';
COMMENT ON COLUMN dmarc.due.policy_domain_id IS 'weigh, facts: the domain';
INSERT INTO dmarc.due (what) VALUES ('learn');
