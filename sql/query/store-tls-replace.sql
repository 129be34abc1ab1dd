-- store-tls-replace: make room for a TLS report that a person prefers to the one
-- that is stored.  $1 bigint: the conflict's id in set_aside, $2 text: policy
-- domain, $3 text: reporter, $4 text: report_id, $5, $6 double precision: begin
-- and end in seconds since 1970.
SELECT dmarc.replace_tls_report($1::bigint, $2::text, $3::text, $4::text,
       to_timestamp($5::double precision), to_timestamp($6::double precision));
