#!/bin/sh
# Single files and folders of mail against what a user would expect of each.
# usage: scripts/with-services.sh tests/cases.sh FOLDER [NAME]
#
# FOLDER holds files/ and EXPECT.tsv: kind, name below files/, what should come
# of it in words (tests/cases.py says which it understands).  Each case is read
# with -q into a database of its own; NAME reads one case and shows all that was
# said.  Prints each deviation, then "N passed, N failed".
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
B=${B:-$top/build/release}
folder=$(cd "$1" && pwd)
only=${2-}
work=$(mktemp -d "${SCRATCH:-/tmp}/cases.XXXXXX")
trap 'rm -rf "$work"' EXIT

template=cases_template_$$
createdb "$template"
"$B/dmarc-ingest" -q --db "dbname=$template" --init
PGDATABASE=cases_$$
export PGDATABASE

# What became of it: tab between fields, a line each.
# facts NAME STATUS
facts() {
	printf 'case\t%s\t%s\t%s\n' "$1" "$2" "$(tr '\t\n' '  ' <"$work/err")"
	psql -XAtq -F "$(printf '\t')" -c "
		SELECT 'log', outcome, reason, detail FROM dmarc.ingest_log
		 ORDER BY id" -c "
		SELECT 'aside', reason, octet_length(raw) FROM dmarc.set_aside
		 WHERE resolved_at IS NULL ORDER BY id" -c "
		SELECT 'sums', count(*), sum(record_count), sum(message_count),
		       count(*) FILTER (WHERE salvaged)
		  FROM dmarc.report"
}

printf '%s' "$only" >"$work/only"
: >"$work/facts"
while IFS="$(printf '\t')" read -r kind file expected; do
	[ "$kind" != kind ] || continue
	[ -z "$only" ] || [ "$file" = "$only" ] || continue
	: "$expected"
	createdb -T "$template" "$PGDATABASE"
	status=0
	"$B/dmarc-ingest" -q "$folder/files/$file" 2>"$work/err" \
		</dev/null || status=$?
	facts "$file" "$status" >>"$work/facts"
	dropdb "$PGDATABASE"
done <"$folder/EXPECT.tsv"
dropdb "$template"
[ -z "$only" ] || cat "$work/facts"
python3 "$top/tests/cases.py" "$folder/EXPECT.tsv" "$work/facts" "$only"
