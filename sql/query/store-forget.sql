-- store-forget: make room for a report that is read again.  $1 text: policy
-- domain, $2 text: reporter, $3 text: report_id, $4, $5 double precision:
-- begin and end in seconds since 1970, $6 bigint: records set aside now,
-- $7, $8 text: source and part.
SELECT dmarc.forget_report($1::text, $2::text, $3::text,
       to_timestamp($4::double precision), to_timestamp($5::double precision),
       $6::bigint, $7::text, $8::text);
