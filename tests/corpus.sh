#!/bin/sh
# Real reports against what is known of them.
# usage: scripts/with-services.sh tests/corpus.sh FOLDER
#
# FOLDER holds files/ and EXPECTED.tsv and, where there is one, a bulk archive
# (bulk-*.tar.xz) with EXPECTED-bulk.tsv.  Everything is ingested into a fresh
# database; every line of the tables must come out as stated or as its `alt`
# says.  Then everything is ingested again, which must change no table but
# ingest_log, and the sums of record, report and dmarc-report must agree.
# A TLS report is none of DMARC.  Prints each deviation, then "N passed, N failed".
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
B=${B:-$top/build/release}
folder=$(cd "$1" && pwd)
work=$(mktemp -d "${SCRATCH:-/tmp}/corpus.XXXXXX")
trap 'rm -rf "$work"' EXIT

PGDATABASE=dmarc_corpus_$$
export PGDATABASE
createdb "$PGDATABASE"

mkdir "$work/bulk"
for archive in "$folder"/bulk-*.tar.xz; do
	[ ! -f "$archive" ] || tar -C "$work/bulk" -xJf "$archive"
done

ingest() {
	status=0
	"$B/dmarc-ingest" -q "$folder/files" "$work/bulk" \
		2>"$work/log" || status=$?
	if [ "$status" != 0 ] && [ "$status" != 65 ]; then
		cat "$work/log" >&2
		printf 'dmarc-ingest ended with %s\n' "$status" >&2
		exit 1
	fi
}

# All tables but ingest_log, in a form that shows any difference.
state() {
	for t in policy_domain report auth_profile record set_aside \
		schema_version; do
		psql -XAtc "SELECT '$t', t.* FROM dmarc.$t t ORDER BY t::text"
	done
}

"$B/dmarc-ingest" -q --init
ingest
psql -XAtq -F "$(printf '\t')" -P null=- -c "
	SELECT source, CASE WHEN kind = 'tls' OR outcome = 'failure_report'
	                    THEN 'not_report' ELSE outcome END,
	       coalesce(org_name, ''), coalesce(report_id, ''),
	       policy_domain, extract(epoch FROM begin_at)::bigint,
	       extract(epoch FROM end_at)::bigint, record_count,
	       message_count, pass_count
	  FROM dmarc.ingest_log ORDER BY id" >"$work/seen"
state >"$work/state1"
ingest
state >"$work/state2"

psql -XAtq -F ' ' -c "
	SELECT (SELECT coalesce(sum(message_count), 0) FROM dmarc.record),
	       (SELECT coalesce(sum(message_count), 0) FROM dmarc.report),
	       (SELECT coalesce(sum(message_count), 0) FROM dmarc.record_detail),
	       (SELECT coalesce(sum(message_count), 0) FROM dmarc.domain_day)" \
	>"$work/sums"
psql -XAtq -F ' ' -c "
	SELECT coalesce(sum(pass_count), 0),
	       (SELECT coalesce(sum(pass_count), 0) FROM dmarc.record_detail),
	       count(*) FILTER (WHERE record_count - set_aside_count <>
	         (SELECT count(*) FROM dmarc.record c
	           WHERE c.policy_domain_id = r.policy_domain_id
	             AND c.report_id = r.id)), 0
	  FROM dmarc.report r" >"$work/sums2"
"$B/dmarc-report" --all --format csv >"$work/report.csv"
"$B/dmarc-report" --all --format text >"$work/report.txt"
"$B/dmarc-report" --format csv >"$work/bounded.csv"

python3 "$top/tests/corpus.py" "$folder" "$work"
