-- 0003: who sends: the catalogue of sending services, what is known of source
-- addresses, the operator's word on each sender, and the settings.
--
-- The views are made again after every migration; those whose columns go or
-- whose name becomes a table's have to go first.
DROP VIEW IF EXISTS
  dmarc.domain_day, dmarc.disagreement_day, dmarc.unaligned_day,
  dmarc.sender_day, dmarc.record_detail, dmarc.profile_detail,
  dmarc.known_selector;
DROP FUNCTION IF EXISTS dmarc.finding_text(text);

CREATE TABLE dmarc.sender (
  name              text PRIMARY KEY,
  origin            text NOT NULL CHECK (origin IN ('catalogue', 'local')),
  operator          text,
  category          text NOT NULL,
  layer             text NOT NULL CHECK (layer IN
    ('platform', 'infrastructure', 'gateway', 'forwarder', 'host')),
  country           text,
  author_dkim       text NOT NULL CHECK (author_dkim IN
    ('yes', 'plan', 'no', 'unknown')),
  dkim_setup        text,
  return_path       text NOT NULL CHECK (return_path IN
    ('yes', 'plan', 'no', 'unknown')),
  return_path_setup text,
  note              text,
  evidence          text NOT NULL CHECK (evidence IN ('A', 'B', 'C', 'N'))
);
COMMENT ON TABLE dmarc.sender IS 'the catalogue of sending services; sql/catalogue has what is shipped';
COMMENT ON COLUMN dmarc.sender.name IS 'what it is called in every report';
COMMENT ON COLUMN dmarc.sender.origin IS 'catalogue: replaced by every dmarc-ingest --init; local: the operator''s own, never touched';
COMMENT ON COLUMN dmarc.sender.operator IS 'the company behind it';
COMMENT ON COLUMN dmarc.sender.category IS 'what it is for: esp-marketing, helpdesk, hoster, ...';
COMMENT ON COLUMN dmarc.sender.layer IS
  'platform: composes mail; infrastructure: carries the mail of other platforms, too; gateway: hands over what others composed; forwarder: sends again what was delivered; host: where other people''s machines stand';
COMMENT ON COLUMN dmarc.sender.country IS 'ISO 3166 code where it is at home in one country, else NULL';
COMMENT ON COLUMN dmarc.sender.author_dkim IS 'can it sign as the author domain: yes, plan (only in some plan or option), no, unknown';
COMMENT ON COLUMN dmarc.sender.dkim_setup IS 'what to publish for that; values in <angle brackets> are the customer''s own';
COMMENT ON COLUMN dmarc.sender.return_path IS 'can the return-path be brought under the author domain: yes, plan, no, unknown';
COMMENT ON COLUMN dmarc.sender.return_path_setup IS 'what to publish for that';
COMMENT ON COLUMN dmarc.sender.note IS 'what else an operator should know';
COMMENT ON COLUMN dmarc.sender.evidence IS 'how sure: A vendor''s documentation or records, B secondary or observed, C only that it exists, N asked for and nothing found';

CREATE TABLE dmarc.sender_pattern (
  kind      text NOT NULL CHECK (kind IN
    ('domain', 'dkim', 'spf', 'ptr', 'selector', 'asn')),
  pattern   text NOT NULL,
  sender    text NOT NULL REFERENCES dmarc.sender ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED,
  ambiguous boolean NOT NULL DEFAULT false,
  origin    text NOT NULL CHECK (origin IN ('catalogue', 'local')),
  PRIMARY KEY (pattern, kind, origin)
);
COMMENT ON TABLE dmarc.sender_pattern IS 'how a sending service is recognised';
COMMENT ON COLUMN dmarc.sender_pattern.kind IS
  'domain: the end of a d=, return-path domain or PTR name; dkim, spf, ptr: the end of that one only; selector: of a signature of the author''s, # is a digit and * one or more characters; asn: the number of an AS that sends for nobody else';
COMMENT ON COLUMN dmarc.sender_pattern.pattern IS 'in lower case; domains match at the boundaries of labels, the longest wins';
COMMENT ON COLUMN dmarc.sender_pattern.sender IS 'dmarc.sender.name';
COMMENT ON COLUMN dmarc.sender_pattern.ambiguous IS 'names a family of products: anything more exact goes before it';
COMMENT ON COLUMN dmarc.sender_pattern.origin IS 'catalogue or local; local goes before catalogue';

CREATE TABLE dmarc.source (
  ip         inet PRIMARY KEY,
  ptr        text,
  ptr_org    text,
  ptr_names  text[],
  ptr_status text CHECK (ptr_status IN
    ('confirmed', 'unconfirmed', 'none', 'failed')),
  ptr_at     timestamptz,
  asn        bigint,
  as_name    text,
  country    text,
  network_at timestamptz,
  sender     text,
  sender_layer text,
  sender_evidence text
);
COMMENT ON TABLE dmarc.source IS 'what is known of a source address; filled by dmarc-report enrich';
COMMENT ON COLUMN dmarc.source.ip IS 'the address';
COMMENT ON COLUMN dmarc.source.ptr IS 'its name: the first that is confirmed, else the first; lower case, no trailing dot; NULL: none';
COMMENT ON COLUMN dmarc.source.ptr_org IS 'the organizational domain of ptr (public suffix list)';
COMMENT ON COLUMN dmarc.source.ptr_names IS 'all its names, at most five';
COMMENT ON COLUMN dmarc.source.ptr_status IS
  'confirmed: the name leads back to the address; unconfirmed: it does not, so it is a mere claim; none: no name; failed: no answer, asked again sooner; NULL: not looked up yet';
COMMENT ON COLUMN dmarc.source.ptr_at IS 'when DNS was asked';
COMMENT ON COLUMN dmarc.source.asn IS 'number of the autonomous system that announces it';
COMMENT ON COLUMN dmarc.source.as_name IS 'name of that system';
COMMENT ON COLUMN dmarc.source.country IS 'ISO 3166 code of the country';
COMMENT ON COLUMN dmarc.source.network_at IS 'when asn, as_name and country were looked up';
COMMENT ON COLUMN dmarc.source.sender IS 'dmarc.sender.name of whose machine it is, by the confirmed name or the AS; set by a trigger';
COMMENT ON COLUMN dmarc.source.sender_layer IS 'the layer of that sender';
COMMENT ON COLUMN dmarc.source.sender_evidence IS 'what named it: ptr or asn';

CREATE TABLE dmarc.source_steady (
  policy_domain  text NOT NULL,
  ip             inet NOT NULL,
  day_count      integer NOT NULL,
  reporter_count integer NOT NULL,
  message_count  bigint NOT NULL,
  PRIMARY KEY (policy_domain, ip)
);
COMMENT ON TABLE dmarc.source_steady IS
  'addresses whose mail nothing authenticates and that send day after day: less like a forger, who moves on, than like a machine that was forgotten; kept by dmarc-report enrich';
COMMENT ON COLUMN dmarc.source_steady.policy_domain IS 'the domain it sends for';
COMMENT ON COLUMN dmarc.source_steady.ip IS 'the address';
COMMENT ON COLUMN dmarc.source_steady.day_count IS 'days with such mail, of the last 90';
COMMENT ON COLUMN dmarc.source_steady.reporter_count IS 'reporters that saw it';
COMMENT ON COLUMN dmarc.source_steady.message_count IS 'messages of it';

CREATE TABLE dmarc.sender_inventory (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sender        text NOT NULL,
  policy_domain text,
  role          text CHECK (role IN
    ('own', 'vendor', 'forwarder', 'hostile', 'retired')),
  owner         text,
  note          text,
  said_at       timestamptz NOT NULL DEFAULT now(),
  said_by       text NOT NULL DEFAULT session_user,
  in_force      boolean NOT NULL DEFAULT true
);
CREATE INDEX sender_inventory_sender ON dmarc.sender_inventory (sender, id);
CREATE UNIQUE INDEX sender_inventory_word ON dmarc.sender_inventory
  (sender, coalesce(policy_domain, '')) WHERE in_force;
COMMENT ON TABLE dmarc.sender_inventory IS 'the operator''s word on each sender, every time it was given; the newest counts';
COMMENT ON COLUMN dmarc.sender_inventory.id IS 'our number for it';
COMMENT ON COLUMN dmarc.sender_inventory.sender IS 'as the reports call it';
COMMENT ON COLUMN dmarc.sender_inventory.policy_domain IS 'for this domain only; NULL: for all that have no word of their own';
COMMENT ON COLUMN dmarc.sender_inventory.role IS
  'own: our machines; vendor: sends for us; forwarder: sends our mail again for its recipients; hostile: forges us; retired: was ours and sends no more; NULL: the word was taken back';
COMMENT ON COLUMN dmarc.sender_inventory.owner IS 'who answers for it';
COMMENT ON COLUMN dmarc.sender_inventory.note IS 'anything worth knowing';
COMMENT ON COLUMN dmarc.sender_inventory.said_at IS 'when';
COMMENT ON COLUMN dmarc.sender_inventory.said_by IS 'by which user of the database';
COMMENT ON COLUMN dmarc.sender_inventory.in_force IS 'it is the newest on this sender and domain, and was not taken back; kept by a trigger';

CREATE TABLE dmarc.setting (
  name   text PRIMARY KEY,
  value  text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now(),
  set_by text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE dmarc.setting IS 'settings that differ from their default; the view setting_detail has all';
COMMENT ON COLUMN dmarc.setting.name IS 'its name';
COMMENT ON COLUMN dmarc.setting.value IS 'its value';
COMMENT ON COLUMN dmarc.setting.set_at IS 'when it was set';
COMMENT ON COLUMN dmarc.setting.set_by IS 'by which user of the database';

CREATE TABLE dmarc.known_selector (
  domain   text NOT NULL,
  selector text NOT NULL,
  PRIMARY KEY (domain, selector)
);
COMMENT ON TABLE dmarc.known_selector IS
  'author signatures that verified somewhere; a broken signature says something about the owner''s signer only if its selector is one of these';
COMMENT ON COLUMN dmarc.known_selector.domain IS 'd=';
COMMENT ON COLUMN dmarc.known_selector.selector IS 's=';

CREATE TABLE dmarc.sender_learned (
  header_from_org text NOT NULL,
  sender          text NOT NULL,
  PRIMARY KEY (header_from_org, sender)
);
COMMENT ON TABLE dmarc.sender_learned IS
  'senders whose mail carried a passing author signature, so that they are set up for the domain: presumed to be the owner''s until the operator says otherwise';
COMMENT ON COLUMN dmarc.sender_learned.header_from_org IS 'organizational domain of the author domain';
COMMENT ON COLUMN dmarc.sender_learned.sender IS 'dmarc.sender.name';

CREATE TABLE dmarc.profile_feature (
  profile_id        integer PRIMARY KEY,
  dmarc_result      text NOT NULL,
  dkim_pass_aligned boolean NOT NULL,
  dkim_pass_strict_miss boolean NOT NULL,
  dkim_pass_foreign boolean NOT NULL,
  dkim_broken       boolean NOT NULL,
  dkim_temperror    boolean NOT NULL,
  spf_pass_aligned  boolean NOT NULL,
  spf_pass_strict_miss boolean NOT NULL,
  spf_pass_foreign  boolean NOT NULL,
  spf_nonpass       boolean NOT NULL,
  spf_permerror     boolean NOT NULL,
  spf_temperror     boolean NOT NULL,
  reason_indirect   boolean NOT NULL,
  author_signature  text,
  author_selector   text,
  broken_signature  text,
  broken_selector   text,
  third_party_signature text,
  third_party_selector  text,
  third_party_org   text,
  return_path       text,
  return_path_result text,
  return_path_org   text,
  platform          text,
  platform_evidence text,
  relay             text,
  relay_evidence    text,
  forwarder         text,
  forwarder_evidence text,
  other_org         text,
  other_evidence    text,
  own_service       boolean NOT NULL
);
COMMENT ON TABLE dmarc.profile_feature IS
  'what a profile says by itself: the inputs of its class, and whom it names; made with the profile by a trigger, again by judge_again()';
COMMENT ON COLUMN dmarc.profile_feature.profile_id IS 'dmarc.auth_profile.id';
COMMENT ON COLUMN dmarc.profile_feature.dmarc_result IS 'pass, fail or unknown: the reporter''s own evaluation';
COMMENT ON COLUMN dmarc.profile_feature.dkim_pass_aligned IS 'a passing signature that aligns in the mode that applied';
COMMENT ON COLUMN dmarc.profile_feature.dkim_pass_strict_miss IS 'a passing signature that would align if adkim were relaxed';
COMMENT ON COLUMN dmarc.profile_feature.dkim_pass_foreign IS 'a passing signature of another organization';
COMMENT ON COLUMN dmarc.profile_feature.dkim_broken IS 'a signature of the author''s organization with fail, permerror, neutral or policy';
COMMENT ON COLUMN dmarc.profile_feature.dkim_temperror IS 'a signature of the author''s organization with temperror';
COMMENT ON COLUMN dmarc.profile_feature.spf_pass_aligned IS 'SPF passes for a return-path that aligns in the mode that applied';
COMMENT ON COLUMN dmarc.profile_feature.spf_pass_strict_miss IS 'SPF passes for a return-path that would align if aspf were relaxed';
COMMENT ON COLUMN dmarc.profile_feature.spf_pass_foreign IS 'SPF passes for a return-path of another organization';
COMMENT ON COLUMN dmarc.profile_feature.spf_nonpass IS 'fail, softfail, neutral or policy for a return-path of the author''s organization';
COMMENT ON COLUMN dmarc.profile_feature.spf_permerror IS 'permerror for such a return-path';
COMMENT ON COLUMN dmarc.profile_feature.spf_temperror IS 'temperror for such a return-path';
COMMENT ON COLUMN dmarc.profile_feature.reason_indirect IS 'the reporter says forwarded, mailing_list or trusted_forwarder';
COMMENT ON COLUMN dmarc.profile_feature.author_signature IS 'd= of the first passing, aligned signature';
COMMENT ON COLUMN dmarc.profile_feature.author_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_feature.broken_signature IS 'd= of the first broken signature of the author''s organization';
COMMENT ON COLUMN dmarc.profile_feature.broken_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_feature.third_party_signature IS 'd= of the first passing signature of another organization';
COMMENT ON COLUMN dmarc.profile_feature.third_party_selector IS 's= of that signature';
COMMENT ON COLUMN dmarc.profile_feature.third_party_org IS 'its organizational domain';
COMMENT ON COLUMN dmarc.profile_feature.return_path IS 'return-path domain (RFC5321.MailFrom) that SPF was checked for, or envelope_from';
COMMENT ON COLUMN dmarc.profile_feature.return_path_result IS 'raw SPF result for it';
COMMENT ON COLUMN dmarc.profile_feature.return_path_org IS 'organizational domain of a passing return-path of somebody else';
COMMENT ON COLUMN dmarc.profile_feature.platform IS 'dmarc.sender.name of who composed the mail, as far as the identifiers say';
COMMENT ON COLUMN dmarc.profile_feature.platform_evidence IS 'what named it: dkim, selector or return-path';
COMMENT ON COLUMN dmarc.profile_feature.relay IS 'dmarc.sender.name of who handed it over: infrastructure or gateway';
COMMENT ON COLUMN dmarc.profile_feature.relay_evidence IS 'what named it: dkim, selector or return-path';
COMMENT ON COLUMN dmarc.profile_feature.forwarder IS 'who sent it again: dmarc.sender.name, or the service and its foreign tenant';
COMMENT ON COLUMN dmarc.profile_feature.forwarder_evidence IS 'what named it: dkim, selector or return-path';
COMMENT ON COLUMN dmarc.profile_feature.other_org IS 'organizational domain that the mail is authenticated as and the catalogue does not know';
COMMENT ON COLUMN dmarc.profile_feature.other_evidence IS 'what named it: dkim or return-path';
COMMENT ON COLUMN dmarc.profile_feature.own_service IS 'signed by the owner''s own account at a mailbox service, by the name of the tenant';
