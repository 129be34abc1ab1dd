#!/bin/sh
# dmarc-check DOMAIN with a database: the keys and addresses that the reports
# show, and all domains that have reports.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
C=$B/dmarc-check
Z=fixtures/dns/demo.zone
fresh_database domain
"$B/dmarc-ingest" -q --init
"$B/dmarc-ingest" -q fixtures/demo

# The reports end in November 2026; their newest day may be long ago.
old=$(sql "SELECT max(day) < current_date - 80 FROM dmarc.report_detail")

run "$C" example.co.jp --zone "$Z" --format csv
is "$status" 1 "a domain with a database"
if [ "$old" = f ]; then
	keys=$(printf '%s\n' "$out" | rows row kind | grep -c '^record|dkim$')
	[ "$keys" -gt 0 ]
	report $? "keys of the reports are looked at ($keys)"
	is "$(printf '%s\n' "$out" | rows finding sentence | grep '^S37')" "" \
		"every include has addresses that need it"
	sed 's/include:amazonses.com/include:amazonses.com include:unused.example/' \
		"$Z" >"$work/zone"
	# shellcheck disable=SC2016 # no variable of the shell's
	printf '$ORIGIN unused.example.\n@ IN TXT "v=spf1 ip4:203.0.113.250 ~all"\n' \
		>>"$work/zone"
	run "$C" example.co.jp --zone "$work/zone" --format csv
	is "$(printf '%s\n' "$out" | rows finding sentence | grep '^S37')" \
		"S37|no address that the reports of 90 days show needs include:unused.example; it costs 1 of 10 questions" \
		"an include that no address needs"
fi

run "$C" domain --all --zone "$Z" --format csv
is "$status:$(printf '%s\n' "$out" | rows row domain | sed -n 's/^domain|//p' |
	tr '\n' ' ')" "1:example.co.jp shop.example " "--all: those with reports"

run env PGDATABASE=nobody "$C" example.co.jp --zone "$Z"
is "$status" 1 "a database that is not there is no end"
like "$err" 'going on without it' "which is told"
run "$C" example.co.jp --zone "$Z" -d dbname=nobody
like "$status:$out" '^7[58]:$' "but it is one when it is asked for"

done_testing
