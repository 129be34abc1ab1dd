#!/bin/sh
# Every fixture by file: what becomes of it is what fixtures/EXPECTED.tsv says.
. "$(dirname "$0")/lib.sh"

fresh_database t20
run "$B/dmarc-ingest" --init
is "$status" 0 "schema is made"
run "$B/dmarc-ingest" -q fixtures
is "$status" 65 "something is set aside, so the exit is 65"
is "$out" "" "nothing goes to standard output"

psql -XAtq -F "$(printf '\t')" -P null=- -c "
	SELECT regexp_replace(regexp_replace(source, '#[0-9]+\$', ''), '^fixtures/', ''),
	       CASE WHEN outcome IN ('duplicate', 'conflict') THEN 'stored' ELSE outcome END,
	       org_name, report_id, policy_domain,
	       extract(epoch FROM begin_at)::bigint,
	       extract(epoch FROM end_at)::bigint, record_count,
	       message_count, pass_count
	  FROM dmarc.ingest_log ORDER BY 1, id" >"$work/seen.tsv"
run python3 tests/integration/fixtures.py fixtures/EXPECTED.tsv "$work/seen.tsv"
printf '%s\n' "$out" | sed 's/^/# /'
is "$status" 0 "every fixture comes out as stated"

done_testing
