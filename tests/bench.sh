#!/bin/sh
# Speed and memory, as ratios inside this run: machines are noisy.
# usage: DOVECOT=1 scripts/with-services.sh tests/bench.sh
# Prints a table and writes build/bench.tsv: name, value, goal, unit; met when
# value <= goal, no goal: "-".
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
B=${B:-$top/build/release}
work=$SCRATCH/bench
out=$top/build/bench.tsv
runs=5
mkdir -p "$work"
: >"$out"

line() {
	printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" >>"$out"
	printf '%-44s %10s %8s  %s\n' "$1" "$2" "$3" "$4"
}

# Wall seconds and peak KiB of a command; an exit of 65 counts as done.
timed() {
	/usr/bin/env python3 - "$@" <<'EOF'
import resource, subprocess, sys, time
start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
wall = time.monotonic() - start
if status not in (0, 65):
    sys.exit(f"{sys.argv[1:]}: exit {status}")
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{wall:.3f} {used.ru_maxrss} {used.ru_utime + used.ru_stime:.3f}")
EOF
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

fresh() {
	dropdb --if-exists bench 2>/dev/null
	createdb bench
	PGDATABASE=bench
	export PGDATABASE
	"$B/dmarc-ingest" -q --init
}

python3 "$top/tests/bench.py" "$work/small" 4000 10

i=0
: >"$work/first"
: >"$work/again"
: >"$work/decode"
: >"$work/copy"
while [ $i -lt $runs ]; do
	fresh
	timed "$B/dmarc-ingest" -q "$work/small" >>"$work/first"
	timed "$B/dmarc-ingest" -q "$work/small" >>"$work/again"
	timed "$B/dmarc-ingest" -q --print --format csv "$work/small" >>"$work/decode"
	# The floor of storing: the same rows, copied as they are.
	psql -XAtqc "COPY (SELECT * FROM dmarc.record) TO STDOUT" >"$work/rows"
	psql -XAtqc "CREATE TABLE flat (LIKE dmarc.record)"
	timed psql -XAtqc "\\copy flat FROM '$work/rows'" >>"$work/copy"
	i=$((i + 1))
done
first=$(median <"$work/first")
records=$(psql -XAtqc 'SELECT count(*) FROM dmarc.record')
bytes=$(psql -XAtqc "
	SELECT sum(pg_total_relation_size(inhrelid)) / $records FROM pg_inherits
	 WHERE inhparent = 'dmarc.record'::regclass")

printf '%-44s %10s %8s  %s\n' "$records records, median of $runs" value goal unit
line "ingest, 4000 reports, wall" "$first" - seconds
line "ingest, records a second" "$(awk -v n="$records" -v t="$first" 'BEGIN { printf "%d", n / t }')" - 1/s
line "ingest / (decode + \\copy)" "$(ratio "$first" "$(awk -v a="$(median <"$work/decode")" -v b="$(median <"$work/copy")" 'BEGIN { print a + b }')")" - ratio
line "again / first" "$(ratio "$(median <"$work/again")" "$first")" - ratio
line "ingest, peak memory" "$(cut -d' ' -f2 "$work/first" | median)" - KiB
line "store, bytes a record" "${bytes%%.*}" 90 bytes

# ---- a mailbox against a Maildir ---------------------------------------------

# The same 20,000 mails, by IMAP over TLS, from fetching to moving.
python3 "$top/tests/bench.py" "$work/mails" 20000 10 maildir
cat >"$work/dmarc.conf" <<EOF
[mailbox bench]
host = localhost
port = $IMAPS_PORT
ca_file = $IMAP_CA
user = u9
password = secret
EOF
chmod 600 "$work/dmarc.conf"
i=0
: >"$work/maildir"
: >"$work/imap"
while [ $i -lt $runs ]; do
	python3 "$top/tests/integration/imapbox.py" wipe u9
	python3 "$top/tests/integration/imapbox.py" fill u9 INBOX "$work/mails"
	fresh
	timed "$B/dmarc-ingest" -q "$work/mails" >>"$work/maildir"
	fresh
	timed "$B/dmarc-ingest" -q -c "$work/dmarc.conf" >>"$work/imap"
	i=$((i + 1))
done
line "20,000 mails of a Maildir, wall" "$(median <"$work/maildir")" - seconds
line "the same by IMAP / from the Maildir" \
	"$(ratio "$(median <"$work/imap")" "$(median <"$work/maildir")")" 1.3 ratio
line "by IMAP, peak memory" "$(cut -d' ' -f2 "$work/imap" | median)" - KiB
