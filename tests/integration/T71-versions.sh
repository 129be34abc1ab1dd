#!/bin/sh
# Which versions of PostgreSQL will do: 14 and newer; an older one is refused in
# words by every program, and not by what its SQL stumbles over.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
I=$B/dmarc-ingest
R=$B/dmarc-report
good=fixtures/xml/plain-7489.xml
real=$PGHOST/.s.PGSQL.${PGPORT-5432}

# as_version MAJOR: libpq finds the server by way of a socket where it names
# another version
as_version() {
	mkdir -p "$work/$1"
	python3 tests/integration/other_version.py "$real" \
		"$work/$1/.s.PGSQL.${PGPORT-5432}" "$1" &
	others="${others-} $!"
	PGHOST=$work/$1
	until_true [ -S "$PGHOST/.s.PGSQL.${PGPORT-5432}" ]
}
trap 'kill $others 2>/dev/null' EXIT

fresh_database t71
as_version 13
minor=$(sql 'SHOW server_version' | sed 's/^[0-9]*\.\([0-9]*\).*/\1/')
said="database: PostgreSQL 13.$minor is too old; 14 or newer is needed"
printf '[mailbox x]\nhost = 127.0.0.1\nuser = u\npassword = p\n' >"$work/conf"
chmod 600 "$work/conf"

run "$I" --init
is "$status:$err" "78:dmarc-ingest: $said" "13: --init says so"
run "$I" $good
is "$status:$err" "78:dmarc-ingest: $said" "13: so does ingest"
run "$I" --retry
is "$status:$err" "78:dmarc-ingest: $said" "13: and --retry"
run "$I" --config "$work/conf" --check-config
like "$status:$out:$err" "^78:.*$said" "13: and --check-config"
run "$R"
is "$status:$out$err" "78:dmarc-report: $said" "13: and dmarc-report"
run "$R" settings
is "$status:$out$err" "78:dmarc-report: $said" "13: and settings"
PGHOST=$(dirname "$real")
is "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname = 'dmarc'")" 0 \
	"13: nothing was made"

as_version 14
run "$I" --init
is "$status" 0 "14: --init makes the schema"
run "$I" $good
is "$status" 0 "14: a report is stored"
run "$R" settings authserv_id mx.example.jp
is "$status:$err" 0: "a word is set that is no number"
run "$R" settings report_days 1.2.3
like "$status:$err" '^64:.* report_days: no whole number: 1\.2\.3$' \
	"no number is refused as such"
done_testing
