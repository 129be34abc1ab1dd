-- store-set-aside: keep what could not be read, once.
-- $1 digest (bytea), $2 kind, $3 source, $4 part, $5 reason, $6 detail,
-- $7 size, $8 raw (bytea), $9 policy_domain, $10 org_name, $11 report_id.
INSERT INTO dmarc.set_aside (
       digest, kind, source, part, reason, detail, size, raw, policy_domain,
       org_name, report_id)
VALUES ($1::bytea, $2::text, $3::text, $4::text, $5::text, $6::text,
       $7::bigint, $8::bytea, $9::text, $10::text, $11::text)
    ON CONFLICT (digest) DO NOTHING;
