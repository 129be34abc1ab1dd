-- Fails when the work of migration 0003 is not there.
SELECT name, origin, operator, category, layer, country, author_dkim, dkim_setup,
       return_path, return_path_setup, note, evidence FROM dmarc.sender WHERE false;
SELECT kind, pattern, sender, ambiguous, origin FROM dmarc.sender_pattern WHERE false;
SELECT ip, ptr, ptr_org, ptr_names, ptr_status, ptr_at, asn, as_name, country,
       network_at, sender, sender_layer, sender_evidence FROM dmarc.source WHERE false;
SELECT policy_domain, ip, day_count, reporter_count, message_count FROM dmarc.source_steady WHERE false;
SELECT id, sender, policy_domain, role, owner, note, said_at, said_by, in_force FROM dmarc.sender_inventory WHERE false;
SELECT name, value, set_at, set_by FROM dmarc.setting WHERE false;
SELECT domain, selector FROM dmarc.known_selector WHERE false;
SELECT header_from_org, sender FROM dmarc.sender_learned WHERE false;
SELECT profile_id, platform, relay, forwarder, other_org FROM dmarc.profile_feature WHERE false;
