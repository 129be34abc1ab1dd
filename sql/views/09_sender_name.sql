-- sender_name: every name that a report can call a sender.
CREATE OR REPLACE VIEW dmarc.sender_name AS
SELECT name FROM dmarc.sender
UNION SELECT sender FROM dmarc.sender_inventory
UNION SELECT platform FROM dmarc.profile_feature WHERE platform IS NOT NULL
UNION SELECT relay FROM dmarc.profile_feature WHERE relay IS NOT NULL
UNION SELECT forwarder FROM dmarc.profile_feature WHERE forwarder IS NOT NULL
UNION SELECT other_org FROM dmarc.profile_feature WHERE other_org IS NOT NULL
UNION SELECT header_from_org FROM dmarc.auth_profile
       WHERE header_from_org IS NOT NULL
UNION SELECT ptr FROM dmarc.source WHERE ptr_status = 'confirmed'
UNION SELECT coalesce(ptr_org, ptr) FROM dmarc.source
       WHERE ptr_status = 'confirmed'
UNION SELECT 'AS' || asn || coalesce(' ' || as_name, '') FROM dmarc.source
       WHERE asn IS NOT NULL;
COMMENT ON VIEW dmarc.sender_name IS 'every name that a report can call a sender, addresses apart';
COMMENT ON COLUMN dmarc.sender_name.name IS 'the name';

-- sender_said: every word the operator ever gave, newest last.
CREATE OR REPLACE VIEW dmarc.sender_said AS
SELECT i.id, i.sender, i.policy_domain, coalesce(i.role, 'none') AS role,
       i.owner, i.note, i.said_at, i.said_by,
       i.in_force, i.since
  FROM dmarc.sender_inventory i;
COMMENT ON VIEW dmarc.sender_said IS 'every word that the operator ever gave on a sender; behind dmarc-report sender';
COMMENT ON COLUMN dmarc.sender_said.id IS 'dmarc.sender_inventory.id, in order of time';
COMMENT ON COLUMN dmarc.sender_said.sender IS 'as the reports call it, or an address';
COMMENT ON COLUMN dmarc.sender_said.policy_domain IS 'for this domain only; NULL: for all that have no word of their own';
COMMENT ON COLUMN dmarc.sender_said.role IS 'own, vendor, forwarder, hostile, retired; none: the word was taken back';
COMMENT ON COLUMN dmarc.sender_said.owner IS 'who answers for it';
COMMENT ON COLUMN dmarc.sender_said.note IS 'anything worth knowing';
COMMENT ON COLUMN dmarc.sender_said.said_at IS 'when';
COMMENT ON COLUMN dmarc.sender_said.said_by IS 'by which user of the database';
COMMENT ON COLUMN dmarc.sender_said.since IS 'the word is true from this day on; NULL: of all mail';
COMMENT ON COLUMN dmarc.sender_said.in_force IS 'it is the newest and was not taken back';
