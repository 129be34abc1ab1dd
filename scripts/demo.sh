#!/bin/sh
# What `make demo` does once all is built: start a private PostgreSQL, ingest
# the fixtures, print the report on two domains and a check of the DNS of one.  Again and again it prints the
# same figures: a report that is known is not counted twice.
# usage: demo.sh BUILD PGDIR    (run at the top of the tree)
set -eu

if [ $# -ne 2 ]; then
	printf 'usage: demo.sh BUILD PGDIR\n' >&2
	exit 64
fi
build=$1
pg=$2
log=$build/demo.log

# These would lead libpq elsewhere.
unset PGSERVICE PGHOSTADDR
scripts/pg-private.sh start "$pg"
eval "$(scripts/pg-private.sh env "$pg")"

"$build/dmarc-ingest" -q --init

# 65 is right here: some of the fixtures are hostile and are set aside.
status=0
"$build/dmarc-ingest" -q fixtures 2>"$log" || status=$?
if [ "$status" != 0 ] && [ "$status" != 65 ]; then
	cat "$log" >&2
	exit "$status"
fi

for domain in example.co.jp shop.example; do
	"$build/dmarc-report" --domain "$domain"
	printf '\n'
done

# 1 is right here: there are mistakes in that zone.
status=0
"$build/dmarc-check" example.co.jp --zone fixtures/dns/demo.zone || status=$?
[ "$status" = 1 ] || exit "$status"
printf '\n'

cat <<END
These were two of the domains.  The database is still running; to go on:

  eval "\$(scripts/pg-private.sh env $pg)"
  $build/dmarc-report              all domains
  $build/dmarc-report readiness    what p=reject would do, and what is in the way
  $build/dmarc-report unaligned    mail that is authenticated as somebody else
  $build/dmarc-report status       what came in, and what is set aside
  make demo-stop                   stops the database, its data stay

What could not be read is named in $log, too.
END
