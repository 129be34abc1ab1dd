#!/bin/sh
# One whole ingest of all fixtures, a retry and a report under valgrind: no
# leak, no error.  The jail would end valgrind, so workers run without it, and
# what they do is done by the replays of the fuzz targets.
# usage: scripts/with-services.sh tests/valgrind.sh
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
B=${B:-$top/build/release}
cd "$top"

PGDATABASE=dmarc_valgrind_$$
export PGDATABASE
createdb "$PGDATABASE"

# What libraries keep until the end is reachable and no leak.
check() {
	status=0
	valgrind --quiet --error-exitcode=99 --leak-check=full \
		--suppressions="$top/tests/valgrind.supp" \
		--show-leak-kinds=definite,indirect \
		--errors-for-leak-kinds=definite,indirect "$@" \
		>"$SCRATCH/out" 2>"$SCRATCH/err" || status=$?
	if [ "$status" != 0 ] && [ "$status" != 65 ]; then
		printf '%s: exit %s\n' "$*" "$status" >&2
		grep '^==' "$SCRATCH/err" >&2
		echo "0 passed, 1 failed"
		exit 1
	fi
}

check "$B/dmarc-ingest" --init
check "$B/dmarc-ingest" -q fixtures
check "$B/dmarc-ingest" -q --retry
check "$B/dmarc-ingest" -q --print fixtures
check "$B/dmarc-report"
check "$B/dmarc-report" unaligned --format csv
check "$B/dmarc-report" reporters
check "$B/dmarc-report" status
find fixtures -type f | sort >"$SCRATCH/fixtures"
for replay in decode frame; do
	check "$B/replay-$replay" <"$SCRATCH/fixtures"
done
echo "10 passed, 0 failed"
