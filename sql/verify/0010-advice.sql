SELECT class, rank, text, healthy, stream_known, stream_unknown, confidence,
       action_known, action_unknown
  FROM dmarc.class LIMIT 0;
SELECT verified_only, verified_source FROM dmarc.sender LIMIT 0;
SELECT strict_signature, strict_selector FROM dmarc.profile_feature LIMIT 0;
SELECT policy_domain, ip, steady, relay, passed FROM dmarc.source_fact LIMIT 0;
SELECT own_selector, brings_ours, fleeting, repaired_on
  FROM dmarc.sender_fact LIMIT 0;
SELECT since FROM dmarc.sender_inventory LIMIT 0;
