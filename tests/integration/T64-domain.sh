#!/bin/sh
# dmarc-check DOMAIN: zones good and broken, a real nameserver with and without
# faults, what is asked and what is printed.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
C=$B/dmarc-check
unset PGDATABASE PGSERVICE PGHOST

# A domain with nothing to correct.
good() {
	cat <<-'END'
		$ORIGIN good.example.
		@ 60 IN SOA ns h 1 1 1 1 1
		@ IN NS ns
		ns IN A 127.0.0.1
		@ IN MX 10 mx
		mx IN A 192.0.2.25
		mx IN AAAA 2001:db8::25
		mx IN TXT "v=spf1 a ~all"
		@ IN TXT "v=spf1 ip4:192.0.2.0/28 include:_spf mx ~all"
		@ IN TXT "any bytes \200\255\001"
		_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"
		s1._domainkey IN TXT "v=DKIM1; k=ed25519; p=ZXhhbXBsZS5qcCBoYXMgMzIgYnl0ZXMgaGVyZS4uLi4="
		_smtp._tls IN TXT "v=TLSRPTv1; rua=mailto:tls@good.example"
		_mta-sts IN TXT "v=STSv1; id=20260101"
		mta-sts IN A 192.0.2.80
		default._bimi IN TXT "v=BIMI1; l=https://good.example/logo.svg"
	END
}
good | sed 's/include:_spf/include:_spf.good.example/' >"$work/good"
echo '_spf IN TXT "v=spf1 a:mx.good.example ~all"' >>"$work/good"
printf '. 60 IN SOA ns. h. 1 1 1 1 1\n' >"$work/root"

run "$C" good.example --zone "$work/good" --zone "$work/root" --selector s1
is "$status:$err" "0:" "a domain in good order: 0"
is "$(printf '%s\n' "$out" | grep -E ' (error|warning|unknown|note) ')" "" \
	"and nothing is found"
like "$out" '^DMARC policy: reject, by _dmarc.good.example$' "the policy is told"
is "$(printf '%s\n' "$out" | sed -n '/look-ups/,/mx$/p')" \
	"  look-ups: 3 of 10
     2  include:_spf.good.example
     1    a:mx.good.example
     1  mx" "who costs how many questions"
run "$C" domain good.example --zone "$work/good" --zone "$work/root" \
	--format zone
is "$status:$out" '0:good.example. IN TXT "v=spf1 ip4:192.0.2.0/28 include:_spf.good.example mx ~all"
_dmarc.good.example. IN TXT "v=DMARC1; p=reject; rua=mailto:dmarc@good.example"
_smtp._tls.good.example. IN TXT "v=TLSRPTv1; rua=mailto:tls@good.example"
_mta-sts.good.example. IN TXT "v=STSv1; id=20260101"
default._bimi.good.example. IN TXT "v=BIMI1; l=https://good.example/logo.svg"' \
	"--format zone: what should be published is what is there"
run "$C" good.example --zone "$work/good" --zone "$work/root" --format json
is "$(printf '%s\n' "$out" | python3 -c '
import json, sys
rows = json.load(sys.stdin)
print(rows[0]["errors"], sorted({r["row"] for r in rows}))')" \
	"0 ['domain', 'lookup', 'lookups', 'record', 'zone']" "JSON"

run "$C" nowhere.example --zone "$work/root" --server 127.0.0.1:1
like "$status:$err:$out" '^1::.*' "a zone of the root answers for every name"
like "$out" 'S01 .*nowhere.example does not exist in DNS' "also that it does not exist"

# A finding each.
# found NAME IDS OPTION...: those of a domain that are no notes
found() {
	domain=$1
	ids=$2
	shift 2
	run "$C" "$domain" --zone "$work/bad" --zone "$work/root" --format csv \
		"$@"
	is "$(printf '%s\n' "$out" | rows row severity finding |
		sed -n 's/^finding|\(error\|warning\)|//p' | sort -u | tr '\n' ' ')" \
		"$ids" "$domain: $ids"
}
zone() {
	cat <<-'END'
		$ORIGIN bad.example.
		@ 60 IN SOA ns h 1 1 1 1 1
		ns IN A 127.0.0.1
		mail IN A 192.0.2.1
		mail IN AAAA 2001:db8::1
		ok IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc IN TXT "v=DMARC1; p=none; rua=mailto:a@ok.bad.example"
		ok IN MX 0 mail
		; SPF and DNS
		two IN TXT "v=spf1 ip4:192.0.2.1 -all"
		two IN TXT "v=spf1 a:mail.bad.example ip4:192.0.2.1 ~all"
		void IN TXT "v=spf1 a:x1.bad.example a:x2.bad.example mx:x3.bad.example ~all"
		void2 IN TXT "v=spf1 a:x1.bad.example a:mail.bad.example ~all"
		v4 IN TXT "v=spf1 a:ns.bad.example a:ns.bad.example/25 a:ns.bad.example/26 ~all"
		inc IN TXT "v=spf1 include:none.bad.example ~all"
		inc2 IN TXT "v=spf1 include:mail.bad.example ~all"
		inc3 IN TXT "v=spf1 include:two.bad.example ~all"
		inc4 IN TXT "v=spf1 include:typo.bad.example ~all"
		inc5 IN TXT "v=spf1 include:plus.bad.example ~all"
		plus IN TXT "v=spf1 +all"
		typo IN TXT "v=spf1 ipv4:192.0.2.1 ~all"
		red IN TXT "v=spf1 redirect=none.bad.example"
		loop IN TXT "v=spf1 include:loop.bad.example ~all"
		exp IN TXT "v=spf1 ip4:192.0.2.1 ~all exp=none.bad.example"
		exp2 IN TXT "v=spf1 ip4:192.0.2.1 ~all exp=ok.bad.example"
		eleven IN TXT "v=spf1 mx ~all"
		eleven2 IN TXT "v=spf1 include:eleven.bad.example ~all"
		ten IN TXT "v=spf1 mx ~all"
		split IN TXT "v=spf1 ip4:192.0.2.1" "include:ok.bad.example ~all"
		split2 IN TXT "v=spf1 ip4:192.0.2.1 " "include:ok.bad.example ~all"
		type IN TYPE99 \# 12 0B763D73706631202D616C6C
		type IN A 192.0.2.1
		type2 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		type2 IN TYPE99 \# 12 0B763D73706631202D616C6C
		wild IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		*.wild IN TXT "v=spf1 ~all"
		pra IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		pra IN TXT "spf2.0/pra ip4:192.0.2.1 ~all"
		; DMARC
		d2 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.d2 IN TXT "v=DMARC1; p=none; rua=mailto:a@ok.bad.example"
		_dmarc.d2 IN TXT "v=DMARC1; p=reject; rua=mailto:a@ok.bad.example"
		dsp IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.dsp IN TXT "v=DMARC1; p=none; sp=reject; rua=mailto:a@ok.bad.example"
		dun IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.dun IN TXT "v=DMARC1; p=none; rua=mailto:a@ok.bad.example"
		_dmarc.dun IN TXT "something else"
		dex IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.dex IN TXT "v=DMARC1; p=none; rua=mailto:a@yes.example,mailto:a@no.example"
		dov IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.dov IN TXT "v=DMARC1; p=none; rua=mailto:a@over.example"
		dnull IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.dnull IN TXT "v=DMARC1; p=none; rua=mailto:a@nomail.bad.example"
		nomail IN MX 0 .
		nomail IN TXT "v=spf1 -all"
		_dmarc.nomail IN TXT "v=DMARC1; p=none; rua=mailto:a@ok.bad.example"
		nomail2 IN MX 0 .
		nomail2 IN TXT "v=spf1 -all"
		_dmarc.nomail2 IN TXT "v=DMARC1; p=reject; rua=mailto:a@ok.bad.example"
		; others
		key IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		two._domainkey.key IN TXT "v=DKIM1; p="
		two._domainkey.key IN TXT "v=DKIM1; k=rsa; p="
		gone._domainkey.key IN CNAME nothing.bad.example.
		mx1 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		mx1 IN MX 0 nobody.bad.example.
		mx2 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		mx2 IN MX 0 alias.bad.example.
		alias IN CNAME mail
		mx3 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		mx3 IN MX 0 .
		mx3 IN MX 1 mail
		mx4 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		mx4 IN MX 0 192.0.2.1.
		tls IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_smtp._tls.tls IN TXT "v=TLSRPTv1; rua=mailto:a@ok.bad.example"
		_smtp._tls.tls IN TXT "v=TLSRPTv1; rua=mailto:b@ok.bad.example"
		tls2 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_smtp._tls.tls2 IN TXT "v=spf1 -all"
		_mta-sts.tls2 IN TXT "v=spf1 -all"
		bimi IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		default._bimi.bimi IN TXT "v=BIMI1; l=https://a.example/a.svg"
		default._bimi.bimi IN TXT "v=BIMI1; l="
		bimi2 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		default._bimi.bimi2 IN TXT "v=BIMI1; l=https://a.example/a.svg"
		default._bimi.bimi2 IN TXT "unrelated"
		sts IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_mta-sts.sts IN TXT "v=STSv1; id=1"
	END
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "ten IN MX $i mail"
		echo "eleven IN MX $i m$i"
		echo "m$i IN A 192.0.2.$i"
		echo "m$i IN AAAA 2001:db8::$i"
	done
	echo 'eleven IN MX 11 mail'
	cat <<-'END'
		$ORIGIN example.
		*._report._dmarc.yes IN TXT "v=DMARC1;"
		yes IN MX 0 mail.bad
		no IN MX 0 mail.bad
		over IN MX 0 mail.bad
		dov.bad.example._report._dmarc.over IN TXT "v=DMARC1; rua=mailto:x@else.example"
		apex IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		apex IN TXT "v=DMARC1; p=none; rua=mailto:a@apex.example"
		_dmarc.doubled.example.doubled IN TXT "v=DMARC1; p=none"
		doubled IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.psd IN TXT "v=DMARC1; p=none; psd=y; rua=mailto:a@psd.example"
		psd IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		psd IN MX 0 mail.bad
		a.b.c.d.e.f.long IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		a.b.c.d.e.f.g.h.long IN TXT "v=spf1 ip4:192.0.2.1 ~all"
		_dmarc.long IN TXT "v=DMARC1; p=none; rua=mailto:a@long.example"
		long IN MX 0 mail.bad
	END
}
zone >"$work/bad"

found ok.bad.example ""
found none.bad.example "S01 "
found two.bad.example "S02 "
found void.bad.example "S08 S27 "
found void2.bad.example "S27 "
found v4.bad.example "S08 "
found inc.bad.example "S09 "
found inc2.bad.example "S09 "
found inc3.bad.example "S41 "
found inc4.bad.example "S41 "
found inc5.bad.example "S15 "
found red.bad.example "S10 "
found loop.bad.example "S22 "
found exp.bad.example "S31 "
found exp2.bad.example ""
found eleven.bad.example "S07 "
found eleven2.bad.example "S33 "
found ten.bad.example ""
found split.bad.example "S19 S32 "
found split2.bad.example ""
found type.bad.example "S01 S21 "
found type2.bad.example "S21 "
found wild.bad.example "D29 S24 T06 "
found pra.bad.example "S29 "
found d2.bad.example "D02 "
found dsp.bad.example "D16 "
found dun.bad.example "D29 "
found dex.bad.example "D13 "
found dov.bad.example "D13 "
found dnull.bad.example "D27 "
found nomail.bad.example "D30 "
found nomail2.bad.example ""
found key.bad.example "K02 K03 " --selector two
found key.bad.example "K13 " --selector gone
found key.bad.example "K01 " --selector none
found mx1.bad.example "X02 "
found mx2.bad.example "X03 "
found mx3.bad.example "X04 "
found mx4.bad.example "X05 "
found tls.bad.example "T01 "
found tls2.bad.example "T06 "
found bimi.bad.example "B01 B04 "
found bimi2.bad.example "B04 T06 "
found sts.bad.example "T03 "
found apex.example "D01 D21 "
found doubled.example "D01 D21 "
found psd.example "D19 "
found a.b.c.d.e.f.long.example ""
found a.b.c.d.e.f.g.h.long.example "D20 "

run "$C" two.bad.example --zone "$work/bad" --zone "$work/root" --format zone
is "$(printf '%s\n' "$out" | head -n 1)" \
	'two.bad.example. IN TXT "v=spf1 ip4:192.0.2.1 a:mail.bad.example ~all"' \
	"two records in one, in order, with one end, the milder"
run "$C" dex.bad.example --zone "$work/bad" --zone "$work/root" --format zone
like "$out" '^dex.bad.example._report._dmarc.no.example. IN TXT "v=DMARC1;"$' \
	"what another host has to publish, as a line for it"
is "$(printf '%s\n' "$out" | grep -c '_dmarc.yes.example')" 0 \
	"and nothing for the one that has agreed"
run "$C" typo.bad.example --zone "$work/bad" --zone "$work/root"
is "$status:$(printf '%s\n' "$out" | grep -A4 'error *S03' | tail -n 3 | head -n 2)" \
	"1:      v=spf1 ipv4:192.0.2.1 ~all
             ^^^^^^^^^^^^^^" "the place is marked"
like "$out" '^  publish: v=spf1 ip4:192.0.2.1 ~all$' "the corrected record"
run "$C" psd.example --zone "$work/bad" --zone "$work/root"
like "$out" '^DMARC policy: none, by _dmarc.psd.example$' "psd=y at the domain"
run "$C" sub.d2.bad.example --zone "$work/bad" --zone "$work/root"
like "$out" '^DMARC policy: none, by _dmarc.bad.example$' \
	"two records do not count, and the walk goes on"

# Records that are given, with nobody to ask.
run "$C" example.jp --record 'v=spf1 ip4:192.0.2.1 ~all' --server 127.0.0.1:1
is "$status:$err" "0:" "a record that leads nowhere needs no nameserver"
run "$C" example.jp --record '"v=spf1 ip4:192.0.2.1 " "~all"' \
	--record 'v=DMARC1; p=none; rua=mailto:a@example.jp' --zone "$work/root"
is "$status:$(printf '%s\n' "$out" | grep -c '^    v=')" "1:2" \
	"several records, in quotes or not"
run "$C" example.jp --record "\"v=spf1 $(printf '%0300d' 0)\""
like "$out" 'S19 .*255 bytes, this one 307' "a string that is too long"

# A nameserver; counted are the names that are asked for.
dns=$work/dns
faulty=
trap 'kill $faulty 2>/dev/null; scripts/dns-private.sh remove "$dns"' EXIT
mkdir -p "$dns/zones"
flood() {
	# shellcheck disable=SC2016 # no variable of the shell's
	printf '$ORIGIN flood.example.\n@ 60 IN SOA ns h 1 1 1 1 1\n@ IN NS ns\n'
	printf 'ns IN A 127.0.0.1\n@ IN MX 0 ns\n@ IN TXT'
	printf ' "v=spf1"'
	i=0
	while [ $i -lt 100 ]; do
		printf ' " include:i%d.flood.example"' $i
		i=$((i + 1))
	done
	printf ' " ~all"\n'
	i=0
	while [ $i -lt 100 ]; do
		printf 'i%d IN TXT "v=spf1 include:j%d.flood.example ~all"\n' $i $i
		printf 'j%d IN TXT "v=spf1 ip4:192.0.2.1 ~all"\n' $i
		i=$((i + 1))
	done
	printf '_dmarc IN TXT "v=DMARC1; p=none; rua=mailto:a@flood.example"\n'
	printf 'c1 IN CNAME c2\nc2 IN CNAME c1\n'
	printf 'esc IN TXT "v=spf1 '
	printf '\\027[31m%.0s' 1 2 3 4 5 6 7 8 9 10
	printf ' ~all"\n'
	printf 'servfail IN TXT "v=spf1 include:x.servfail.flood.example ~all"\n'
	printf 'x.servfail IN TXT "v=spf1 ~all"\n'
	printf 'many 60 IN TXT'
	i=0
	while [ $i -lt 200 ]; do
		printf ' "\\027]0;%0230d"' 0
		i=$((i + 1))
	done
	printf '\n'
}
flood >"$dns/zones/flood.example.zone"
# shellcheck disable=SC2016 # no variable of the shell's
printf '$ORIGIN example.\n@ 60 IN SOA ns.flood h 1 1 1 1 1\n@ IN NS ns.flood\n' \
	>"$dns/zones/example.zone"
scripts/dns-private.sh start "$dns"
eval "$(scripts/dns-private.sh env "$dns")"
run "$C" flood.example --server "$DNS_SERVER" --format csv
is "$(printf '%s\n' "$out" | rows row note finding |
	grep -c '^lookup|not asked for|$')" 90 \
	"a flood of includes: ten questions of SPF, and no more"
like "$(printf '%s\n' "$out" | rows finding sentence)" \
	'^S06.at least 105 terms ask DNS' "what is known of the rest is told"

run_limited "$C" many.flood.example esc.flood.example c1.flood.example \
	--server "$DNS_SERVER"
is "$status:$invisible" "1:0" "48 KB of escapes: nothing reaches the terminal raw"
is "$(printf '%s\n' "$out" | LC_ALL=C grep -c "$(printf '\033')")" 0 \
	"nor standard output"
[ "$peak" -lt 64 ]
report $? "and memory is bounded ($peak MB)"
[ "$(printf '%s' "$out" | wc -c)" -lt 20000 ]
report $? "and what is printed"
like "$out" 'DNS did not answer for c1.flood.example TXT' "a circle of aliases"

rm -f "$work/port"
python3 tests/integration/nameserver.py "$DNS_PORT" "$work/port" &
faulty=$!
until_true [ -s "$work/port" ]
server=127.0.0.1:$(cat "$work/port")
run "$C" servfail.flood.example --server "$server"
is "$status" 75 "SERVFAIL: 75"
like "$out" 'unknown U01  DNS did not answer for servfail.flood.example' \
	"it is no NXDOMAIN, and what is not known is told"
is "$(printf '%s\n' "$out" | grep -c 'S01')" 0 "and not that there is no record"
for fault in cut lie noise long hole; do
	printf '%s IN TXT "v=spf1 ip4:192.0.2.1 ~all"\n' $fault
done >>"$dns/zones/flood.example.zone"
scripts/dns-private.sh start "$dns"
eval "$(scripts/dns-private.sh env "$dns")"
kill $faulty
rm -f "$work/port"
python3 tests/integration/nameserver.py "$DNS_PORT" "$work/port" &
faulty=$!
until_true [ -s "$work/port" ]
server=127.0.0.1:$(cat "$work/port")
for fault in lie noise; do
	run "$C" $fault.flood.example --server "$server" --deadline 4
	like "$status:$out" '^75:.*3 questions' "a broken answer ($fault): not known"
done
run "$C" long.flood.example --server "$server"
like "$out" 'v=spf1 ip4:192.0.2.1 ~all' "a truncated answer is asked for by TCP"
run "$C" hole.flood.example flood.example --server "$server" --deadline 3
like "$out" '^flood.example: ' "a name that nobody answers for costs only itself"

run "$C" good.example --server 127.0.0.1:1
is "$status:$out" "75:" "no nameserver: 75"
like "$err" 'no nameserver answers' "which is told"

mistake() {
	text=$1
	shift
	run "$C" "$@"
	is "$status:$out" 64: "mistake: $*"
	like "$err" "$text" "mistake is told: $*"
}
mistake 'names of domains, or --all' domain
mistake 'names of domains, or --all' domain --all example.jp
mistake 'no such command: nonsense' nonsense
mistake 'no name of a domain' domain "$(printf '%064d' 0).example"
mistake '--format: spf has no form of a zone' spf a@b.example 192.0.2.1 \
	--format zone
mistake '--record: given twice' spf a@b.example 192.0.2.1 --record 'v=spf1' \
	--record 'v=spf1'

done_testing
