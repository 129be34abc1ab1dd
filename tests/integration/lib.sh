# shellcheck shell=sh
# lib.sh: what the integration tests share.  TAP on standard output.
# Each test has a database of its own and a folder in $SCRATCH.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build/release}
name=$(basename "$0" .sh)
work=$SCRATCH/$name
mkdir -p "$work"
cd "$top" || exit 1
n=0
bad=0

# With NO_SANDBOX=1 every dmarc-ingest runs with --no-sandbox, by way of a
# program of the same name in another folder, and what it says of that is not
# shown to the tests.
# unboxed PROGRAM FOLDER: make that one
unboxed() {
	mkdir -p "$2"
	cat >"$2/dmarc-ingest" <<-END
		#!/bin/sh
		exec "$1" --no-sandbox "\$@"
	END
	chmod 755 "$2/dmarc-ingest"
}
hush() {
	[ -z "${NO_SANDBOX-}" ] || sed -i '/: decoding without the sandbox$/d' "$1"
}
real_program=$B/dmarc-ingest
if [ -n "${NO_SANDBOX-}" ]; then
	unboxed "$B/dmarc-ingest" "$work/unboxed"
	ln -sf "$B/dmarc-report" "$work/unboxed/dmarc-report"
	ln -sf "$B/dmarc-check" "$work/unboxed/dmarc-check"
	B=$work/unboxed
fi

fresh_database() {
	PGDATABASE=$1
	export PGDATABASE
	dropdb --if-exists "$PGDATABASE" 2>/dev/null
	createdb "$PGDATABASE"
}

report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=$((bad + 1))
	fi
}

# is GOT WANT NAME
is() {
	if [ "$1" = "$2" ]; then
		report 0 "$3"
	else
		report 1 "$3"
		printf '# got:  %s\n# want: %s\n' "$1" "$2" | sed '2,$s/^\([^#]\)/# \1/'
	fi
}

# like TEXT PATTERN NAME (an extended regular expression)
like() {
	if printf '%s\n' "$1" | grep -Eq -- "$2"; then
		report 0 "$3"
	else
		report 1 "$3"
		printf '# got:  %s\n# want: %s\n' "$1" "$2"
	fi
}

# run COMMAND...: sets $status, $out, $err
# shellcheck disable=SC2034 # for the tests
run() {
	status=0
	"$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	hush "$work/err"
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

sql() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

# The same with bounds: more than 60 s of a processor is status 124.  $peak is
# what it took of memory in MB, $invisible how much of $err nobody could see on
# a terminal.
# shellcheck disable=SC2034 # for the tests
run_limited() {
	status=0
	python3 tests/integration/limited.py "$work/limits" "$work/err" "$@" \
		>"$work/out" </dev/null || status=$?
	hush "$work/err"
	out=$(cat "$work/out")
	err=$(cat "$work/err")
	{
		read -r peak
		read -r invisible
	} <"$work/limits"
}

# until_sql QUERY VALUE: wait, a minute at least, until the query gives the value.
until_sql() {
	i=0
	while [ "$(sql "$1")" != "$2" ] && [ $i -lt 600 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	[ $i -lt 600 ]
}

# until_true COMMAND...: the same until the command ends well.
until_true() {
	i=0
	until "$@" || [ $i -ge 600 ]; do
		sleep 0.1
		i=$((i + 1))
	done
	[ $i -lt 600 ]
}

# hold SQL: run it in a session of its own that stays in its transaction.
hold() {
	rm -f "$work/hold"
	mkfifo "$work/hold"
	psql -XAtq -v ON_ERROR_STOP=1 <"$work/hold" >/dev/null 2>&1 &
	holder=$!
	exec 9>"$work/hold"
	# In one message, so that it is not idle before the end.
	printf 'BEGIN\\; %s;\n' "$1" >&9
	until_sql "SELECT count(*) > 0 FROM pg_stat_activity
	            WHERE state = 'idle in transaction'
	              AND datname = current_database()" t
}

# Commit what hold() began.
let_go() {
	echo 'COMMIT;' >&9
	exec 9>&-
	wait "$holder"
}

# waiting N: wait until N sessions wait for a lock.
waiting() {
	until_sql "SELECT count(*) FROM pg_stat_activity
	            WHERE wait_event_type = 'Lock' AND datname = current_database()" "$1"
}

# What the tables say, without ids and times.
tables() {
	psql -XAtq -v ON_ERROR_STOP=1 -f tests/integration/tables.sql
}

# Every row of every table but the ledger, with ids and times.
all_rows() {
	for t in $(sql "SELECT tablename FROM pg_tables
	                 WHERE schemaname = 'dmarc' AND tablename <> 'ingest_log'
	                 ORDER BY 1"); do
		echo "-- $t"
		case $t in
		set_aside)
			sql "SELECT id, digest, md5(raw), size, kind, source, part,
			            reason, detail, first_seen_at, resolved_at, resolution
			       FROM dmarc.$t ORDER BY 1"
			;;
		due) # the same may be due again
			sql "SELECT DISTINCT what, policy_domain_id FROM dmarc.$t
			      ORDER BY 1, 2"
			;;
		*)
			sql "SELECT t::text FROM dmarc.$t t ORDER BY 1"
			;;
		esac
	done
}

# same_rows NAME: nothing has changed since all_rows >"$work/rows"
same_rows() {
	is "$(all_rows | diff "$work/rows" - | head -n 6)" "" "$1"
}

# Reports whose sums are not those of their records; 0 is right.
wrong_sums() {
	psql -XAtq -v ON_ERROR_STOP=1 -f tests/integration/sums.sql
}

# Reports, records, messages, passed messages: as make.py prints them.
totals() {
	sql "SELECT count(*) || ' ' || sum(record_count) || ' ' ||
	            sum(message_count) || ' ' || sum(pass_count) FROM dmarc.report"
}

# rows FIELDS...: the CSV on standard input, some of its columns, "|" between.
rows() {
	python3 -c '
import csv, sys
for row in csv.DictReader(sys.stdin):
    print("|".join(row[c] for c in sys.argv[1:]))' "$@"
}

# unexplained COMMAND: columns of its CSV that the manual does not explain.
unexplained() {
	for column in $("$B/dmarc-report" --format csv "$@" 2>/dev/null |
		head -n 1 | tr , ' '); do
		case $column in
		*_percent) continue ;;
		esac
		grep -Eq "^\.(Li|It Li( [a-z_]+ ,)*) $column( |\$)" \
			report/dmarc-report.1 || printf '%s\n' "$column"
	done
}

done_testing() {
	echo "1..$n"
	[ "$bad" = 0 ]
}
