#!/bin/sh
# dmarc-check replay: the addresses in the reports against a record.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
C=$B/dmarc-check

cat >"$work/zone" <<'END'
$ORIGIN co.jp.
@ 60 IN SOA ns h 1 1 1 1 1
example IN TXT "v=spf1 ip4:192.0.2.0/28 ~all"
info.example IN TXT "unrelated"
END

fresh_database t68
"$B/dmarc-ingest" -q --init
"$B/dmarc-ingest" -q fixtures/demo

replay() {
	run "$C" replay --zone "$work/zone" --format csv "$@"
}
sum() {
	sql "SELECT sum(r.message_count)
	       FROM dmarc.record_detail r
	      WHERE r.return_path = 'example.co.jp'
	        AND r.source_ip IS NOT NULL AND $1"
}

# What the reports show, by another way.
all=$(sum true)
covered=$(sum "r.source_ip <<= '192.0.2.0/28'")
network=$(sum "r.source_ip <<= '198.51.100.0/24'")

replay example.co.jp
is "$status:$err:$(printf '%s\n' "$out" | rows row messages pass | grep total)" \
	"0::total|$all|$covered" "the total: all messages, and those that are covered"
is "$(printf '%s\n' "$out" | rows row record | head -n 1)" \
	"domain|v=spf1 ip4:192.0.2.0/28 ~all" "the record is shown"
is "$(printf '%s\n' "$out" | rows row ip sender messages result term pass |
	grep 192.0.2.10)" \
	"address|192.0.2.10|example.co.jp|3809|pass|ip4:192.0.2.0/28|3809" \
	"a covered address: by which term"
is "$(printf '%s\n' "$out" | rows row ip stream result term | sed -n 2p)" \
	"address|2001:db8:10::25|legitimate|softfail|~all" \
	"what is missed and is not forged comes first"
like "$(printf '%s\n' "$out" | rows row more)" 'more_addresses\|[1-9]' \
	"forged mail that does not pass is folded"
folded=$(printf '%s\n' "$out" | rows row messages | sed -n 's/more_addresses|//p')
listed=$(printf '%s\n' "$out" | rows row messages | sed -n 's/address|//p' |
	awk '{ n += $1 } END { print n }')
is "$((folded + listed))" "$all" "rows add up to the total"
replay example.co.jp --all
is "$(printf '%s\n' "$out" | rows row messages | sed -n 's/^address|//p' |
	awk '{ n += $1 } END { print n }')" "$all" "--all: each has a row"
is "$(printf '%s\n' "$out" | grep -c more_addresses)" 0 "and none is folded"

replay example.co.jp --record 'v=spf1 ip4:198.51.100.0/24 -all'
is "$(printf '%s\n' "$out" | rows row messages pass proposed_pass gained lost |
	grep total)" "total|$all|$covered|$network|$network|$covered" \
	"a proposed record: what it would cost and save"
is "$(printf '%s\n' "$out" | rows row ip result proposed_result lost | sed -n 2p)" \
	"address|192.0.2.10|pass|fail|3809" "what would be lost comes first"

run "$C" replay example.co.jp --zone "$work/zone"
like "$out" "total +$(printf '%s' "$all" | sed 's/\(...\)$/,\1/')" \
	"text has the same total"

replay info.example.co.jp
is "$status:$(printf '%s\n' "$out" | rows row record pass | sed -n 1p)" \
	"0:domain|no SPF record|" "a return-path below the domain; no record"
like "$out" '^address,.*none' "which is none for all of its mail"
run "$C" replay nobody.example --zone "$work/zone"
is "$status:$out:$err" "0::dmarc-check: nobody reported on nobody.example" \
	"a domain without reports"
run "$C" replay example.co.jp --record 'spf' --zone "$work/zone"
is "$status:$err" "64:dmarc-check: --record: an SPF record begins with v=spf1
dmarc-check: dmarc-check --help tells more" "what is no record"

done_testing
