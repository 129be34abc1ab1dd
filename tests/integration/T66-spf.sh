#!/bin/sh
# dmarc-check spf: a zone file, a real nameserver, what is printed and where.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
C=$B/dmarc-check

zone() {
	cat <<-'END'
		$ORIGIN example.jp.
		@ 60 IN SOA ns h 1 1 1 1 1
		@ IN NS ns
		ns IN A 127.0.0.1
		@ IN TXT "v=spf1 ip4:192.0.2.0/28 include:_spf.exam" "ple.jp mx -all exp=why.example.jp"
		_spf IN TXT "v=spf1 a:relay.example.jp ~all"
		relay IN A 192.0.2.99
		relay IN AAAA 2001:db8::99
		@ IN MX 10 mx1
		mx1 IN CNAME mx2
		mx2 IN A 198.51.100.7
		why IN TXT "%{i} may not send for %{d}"
		*.wild IN TXT "v=spf1 +all"
		typo IN TXT "v=spf1 ipv4:192.0.2.1 -all"
		two IN TXT "v=spf1 -all"
		two IN TXT "v=spf1 +all"
		esc IN TXT "v=spf1 \027[31m -all"
	END
}
zone >"$work/zone"

# says WANT ARGUMENT...
says() {
	want=$1
	shift
	run "$C" spf "$@" --zone "$work/zone"
	is "$status:$out" "0:$want" "spf $*"
}
says "joe@example.jp 192.0.2.3 pass
joe@example.jp 198.51.100.7 pass
joe@example.jp 2001:db8::99 pass
joe@example.jp 203.0.113.9 fail" \
	joe@example.jp 192.0.2.3 198.51.100.7 2001:db8::99 203.0.113.9
is "$err" "dmarc-check: joe@example.jp: 203.0.113.9 may not send for example.jp" \
	"the domain's explanation is on standard error"
says "example.jp 192.0.2.99 pass
example.jp 2001:db8::99 pass" example.jp relay.example.jp
says "example.jp 2001:db8::99 pass" example.jp relay.example.jp -6
says "a@x.wild.example.jp 192.0.2.1 pass" a@x.wild.example.jp 192.0.2.1
says "a@none.example.jp 192.0.2.1 none" a@none.example.jp 192.0.2.1
says "a@typo.example.jp 192.0.2.1 permerror" a@typo.example.jp 192.0.2.1
like "$err" 'typo.example.jp: "ipv4:192.0.2.1": no mechanism has this name' \
	"an error says what and where"
says "a@two.example.jp 192.0.2.1 permerror" a@two.example.jp 192.0.2.1
says "a@typo.example.jp 192.0.2.1 pass" a@typo.example.jp 192.0.2.1 \
	--record 'v=spf1 ip4:192.0.2.1 -all'

run "$C" spf joe@example.jp 198.51.100.7 --explain --zone "$work/zone"
is "$status:$out" "0:joe@example.jp 198.51.100.7 pass
  example.jp: v=spf1 ip4:192.0.2.0/28 include:_spf.example.jp mx -all exp=why.example.jp
      _spf.example.jp: v=spf1 a:relay.example.jp ~all
        a:relay.example.jp: no match (relay.example.jp)
        ~all: softfail (this term decides)
    include:_spf.example.jp: no match (_spf.example.jp)
    mx: pass (this term decides)" "--explain: each record, each term"
run "$C" spf a@esc.example.jp 192.0.2.1 --explain --zone "$work/zone"
is "$(printf '%s\n%s\n' "$out" "$err" | LC_ALL=C grep -c "$(printf '\033')")" 0 \
	"nothing of a record reaches the terminal raw"

# A nameserver in place of the file.
dns=$work/dns
trap 'scripts/dns-private.sh remove "$dns"' EXIT
mkdir -p "$dns/zones"
zone >"$dns/zones/example.jp.zone"
scripts/dns-private.sh start "$dns"
eval "$(scripts/dns-private.sh env "$dns")"
run "$C" spf joe@example.jp 192.0.2.3 198.51.100.7 203.0.113.9 \
	--server "$DNS_SERVER"
is "$status:$out" "0:joe@example.jp 192.0.2.3 pass
joe@example.jp 198.51.100.7 pass
joe@example.jp 203.0.113.9 fail" "asked of a nameserver"

run "$C" spf joe@example.jp 192.0.2.3 --server 127.0.0.1:1
is "$status:$out" "75:" "no nameserver: 75"
like "$err" 'no nameserver answers' "which is told"

mistake() {
	text=$1
	shift
	run "$C" spf "$@"
	is "$status:$out" 64: "mistake: $*"
	like "$err" "$text" "mistake is told: $*"
}
mistake 'MAILBOX IP... goes behind it' joe@example.jp
mistake 'neither an address nor a host that has one: nobody.example.jp' \
	joe@example.jp nobody.example.jp --zone "$work/zone"
run "$C" spf joe@example.jp 192.0.2.1 --zone "$work/missing"
is "$status:$out" 78: "a zone file that is not there"
like "$err" "missing" "is named"
# shellcheck disable=SC2016 # no variable of the shell's
printf '$ORIGIN x.jp.\na IN A 192.0.2\n' >"$work/broken"
run "$C" spf joe@example.jp 192.0.2.1 --zone "$work/broken"
is "$status:$out" 78: "a zone file that is broken"
like "$err" "broken, line 2: " "its line is named"

done_testing
