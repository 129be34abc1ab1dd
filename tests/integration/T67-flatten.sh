#!/bin/sh
# dmarc-check flatten: the networks of a record, and what stands in the way.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
C=$B/dmarc-check

cat >"$work/zone" <<'END'
$ORIGIN example.jp.
@ 60 IN SOA ns h 1 1 1 1 1
@ IN TXT "v=spf1 ip4:192.0.2.0/28 include:_spf.example.jp mx/30 ip4:192.0.2.5/28 -all ip4:203.0.113.1"
_spf IN TXT "v=spf1 a:relay.example.jp//64 redirect=more.example.jp"
more IN TXT "v=spf1 ip6:2001:db8:7::/48 ~ip4:203.0.113.2 ?all"
relay IN A 192.0.2.99
relay IN AAAA 2001:db8::99
@ IN MX 10 mx1
mx1 IN CNAME mx2
mx2 IN A 198.51.100.7
bad IN TXT "v=spf1 ip4:192.0.2.1 ipv4:192.0.2.2 include:none.example.jp a:none.example.jp mx:none.example.jp exists:%{i}.example.jp ptr +all"
bad IN TXT "another text"
loop IN TXT "v=spf1 include:loop.example.jp ip4:192.0.2.3 include:loop.example.jp"
two IN TXT "v=spf1 ip4:192.0.2.1"
two IN TXT "v=spf1 ip4:192.0.2.2"
many IN TXT "v=spf1 a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp a:relay.example.jp -all"
END

flat() {
	run "$C" flatten --zone "$work/zone" "$@"
}
flat example.jp
is "$status:$err:$out" "0::ip4:192.0.2.0/28
ip4:192.0.2.99
ip6:2001:db8::/64
ip6:2001:db8:7::/48
ip4:198.51.100.4/30" \
	"networks, each once: of includes and of a redirect, none behind all"

flat bad.example.jp
is "$status:$out" "1:ip4:192.0.2.1" "a record with faults: 1, and what it has"
is "$err" "dmarc-check: bad.example.jp: ipv4:192.0.2.2: no mechanism has this name
dmarc-check: bad.example.jp: include:none.example.jp: there is no SPF record
dmarc-check: bad.example.jp: a:none.example.jp: the host has no address
dmarc-check: bad.example.jp: mx:none.example.jp: no mail server has an address
dmarc-check: bad.example.jp: exists:%{i}.example.jp: it cannot be written as networks
dmarc-check: bad.example.jp: ptr: it cannot be written as networks
dmarc-check: bad.example.jp: +all: it authorises everybody" "each fault is told"

flat loop.example.jp
is "$status:$err:$out" "0::ip4:192.0.2.3" "a circle is gone through once"
flat two.example.jp
is "$status:$err:$out" \
	"1:dmarc-check: two.example.jp: there are several SPF records:" \
	"two records"
flat many.example.jp
is "$status:$err" "1:dmarc-check: many.example.jp: 11 terms ask DNS, and 10 may (RFC 7208, section 4.6.4)" \
	"too many terms"
flat none.example.jp example.jp --format csv
is "$status:$(printf '%s\n' "$out" | rows row domain networks problems lookups | grep total)" \
	"1:total|none.example.jp|0|1|0
total|example.jp|5|0|4" "several domains; a row has the sums"

done_testing
