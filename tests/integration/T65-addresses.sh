#!/bin/sh
# dmarc-check addresses: names of source addresses from a real nameserver and from
# a faulty one, networks from databases made here.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

C=$B/dmarc-check
dns=$work/dns
started=

# shellcheck disable=SC2086 # a list of numbers
finish() {
	[ -z "$started" ] || kill $started 2>/dev/null
	scripts/dns-private.sh remove "$dns"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

# ---- zones -----------------------------------------------------------------

zone() {
	mkdir -p "$dns/zones"
	{
		echo "\$TTL 60"
		echo '@ SOA ns.test. root.test. 1 60 60 60 60'
		echo '@ NS ns.test.'
		cat
	} >"$dns/zones/$1.zone"
}

# 10,000 addresses 100.64.x.y with a name that leads back.
awk 'BEGIN { for (i = 0; i < 10000; i++)
	printf "%d.%d PTR h%d.many.test.\n", i % 250, i / 250, i }' |
	zone 64.100.in-addr.arpa
awk 'BEGIN { for (i = 0; i < 10000; i++)
	printf "h%d A 100.64.%d.%d\n", i, i / 250, i % 250 }' | zone many.test

# The odd ones.
zone 2.0.192.in-addr.arpa <<'END'
1 PTR plain.odd.test.
2 PTR lie.odd.test.
3 PTR nowhere.odd.test.
5 TXT "no name"
6 CNAME 6.0-63.2.0.192.in-addr.arpa.
8 PTR \027[31m\009\"\\\039\;\200.odd.test.
9 PTR \"\010.odd.test.
9 PTR nine.odd.test.
10 PTR alias.odd.test.
12 PTR elsewhere.example.
13 PTR thirteen.odd.test.
14 PTR *.star.test.
15 PTR .
16 PTR 192.0.2.16.
18 PTR com.
END
{
	for i in 01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20; do
		echo "7 PTR n$i.odd.test."
	done
	# Too many for a datagram.
	i=100
	while [ $i -lt 600 ]; do
		echo "17 PTR customer-$i.odd.test."
		i=$((i + 1))
	done
} >>"$dns/zones/2.0.192.in-addr.arpa.zone"
zone 0-63.2.0.192.in-addr.arpa <<'END'
6 PTR six.odd.test.
END
zone 8.b.d.0.1.0.0.2.ip6.arpa <<'END'
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR v6.odd.test.
2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR plain.odd.test.
END
zone odd.test <<'END'
plain A 192.0.2.1
lie A 192.0.2.99
lie A 192.0.2.98
six A 192.0.2.6
n17 A 192.0.2.7
nine A 192.0.2.9
alias CNAME target
target A 192.0.2.10
thirteen A 192.0.2.13
v6 AAAA 2001:db8::1
END
zone star.test <<'END'
* A 192.0.2.14
END
zone 0.10.in-addr.arpa <<'END'
1.1 PTR one.faulty.test.
2.1 PTR hole.faulty.test.
3.1 PTR servfail.faulty.test.
4.1 PTR cut.faulty.test.
5.1 PTR lie.faulty.test.
6.1 PTR noise.faulty.test.
1.203 PTR mx.upper.faulty.test.
1.204 PTR one.faulty.test.
1.205 PTR one.faulty.test.
1.206 PTR one.faulty.test.
END
awk 'BEGIN { for (i = 1; i < 10; i++) printf "%d.207 PTR g%d.faulty.test.\n", i, i }' \
	>>"$dns/zones/0.10.in-addr.arpa.zone"
awk 'BEGIN { for (i = 0; i < 200; i++) {
	printf "%d.2 PTR g%d.faulty.test.\n", i, i
	printf "%d.201 PTR g%d.faulty.test.\n", i, i } }' \
	>>"$dns/zones/0.10.in-addr.arpa.zone"
zone faulty.test <<'END'
one A 10.0.1.1
hole A 10.0.1.2
servfail A 10.0.1.3
cut A 10.0.1.4
lie A 10.0.1.5
noise A 10.0.1.6
mx.upper A 10.0.203.1
END
awk 'BEGIN { for (i = 0; i < 200; i++) printf "g%d A 10.0.2.%d\n", i, i }' \
	>>"$dns/zones/faulty.test.zone"
echo 'g9 A 10.0.201.9' >>"$dns/zones/faulty.test.zone"

scripts/dns-private.sh start "$dns"
eval "$(scripts/dns-private.sh env "$dns")"

# faulty [ANSWERS [SECONDS]]: start a faulty one, $faulty is its address and port.
faulty() {
	rm -f "$work/port"
	python3 tests/integration/nameserver.py "$DNS_PORT" "$work/port" "$@" &
	started="$started $!"
	while [ ! -f "$work/port" ]; do
		sleep 0.05
	done
	faulty=127.0.0.1:$(cat "$work/port")
}

# ---- records ---------------------------------------------------------------

fresh_database t65
"$B/dmarc-ingest" -q --init
cat tests/sql/lib.psql tests/integration/addresses.sql >"$work/fill.sql"
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status:$err" 0: "records are there"

# look_up ARGUMENT...: the CSV's line without its first column, what is steady (none
# here) and the seconds
look_up() {
	run "$C" addresses --format csv "$@"
	line=$(printf '%s\n' "$out" | sed -n '2s/^[^,]*,\(.*\),0,[0-9]*$/\1/p')
}
sources() {
	sql "SELECT host(ip), ptr_status, ptr, ptr_org, ptr_names
	       FROM dmarc.source ORDER BY ip"
}
forget() {
	sql 'TRUNCATE dmarc.source'
}

# ---- mistakes --------------------------------------------------------------

# mistake TEXT ARGUMENT...
mistake() {
	text=$1
	shift
	run "$C" "$@"
	is "$status:$out" 64: "mistake: $*"
	like "$err" "$text" "mistake is told: $*"
}
mistake '--policy: addresses does not take it' --policy none
mistake '--server: no address.*: localhost' addresses --server localhost
mistake '--server: no address' addresses --server 127.0.0.1:0
mistake '--server: no address' addresses --server 127.0.0.1:65536
mistake '--server: no address' addresses --server '[::1]53'
mistake '--deadline: no number from 1' addresses --deadline 0
mistake '--parallel: no number from 1 to 1000: 1001' addresses --parallel 1001
mistake '--max-age: no number from 0' addresses --max-age -1
mistake 'addresses: nothing goes behind it, not x' addresses x

# ---- nobody reported -------------------------------------------------------

run "$C" addresses --domain nobody.example --server "$DNS_SERVER"
is "$status:$out:$err" "0::dmarc-check: nobody reported on nobody.example" \
	"no addresses: one line says so"

# ---- ten thousand ----------------------------------------------------------

look_up --domain many.example --server "$DNS_SERVER" --deadline 60
is "$status:$err:$line" 0::10000,10000,10000,0,0,0,0,0,0 \
	"10,000 addresses are looked up"
echo "# in $(printf '%s\n' "$out" | sed -n '2s/.*,//p') seconds"
is "$(sql "SELECT count(*) FROM dmarc.source
            WHERE ptr_status = 'confirmed' AND ptr_org = 'many.test'
              AND ptr_names = ARRAY[ptr] AND asn IS NULL
              AND ptr = 'h' || (ip - inet '100.64.0.0') / 256 * 250
                            + (ip - inet '100.64.0.0') % 256 || '.many.test'
              AND ptr_at > now() - interval '10 minutes'")" 10000 "and are right"
look_up --domain many.example --server "$DNS_SERVER"
is "$status:$err:$line" 0::10000,0,0,0,0,0,0,0,0 "the second run asks nobody"
run "$C" addresses --domain many.example --server "$DNS_SERVER"
like "$out" '^ *ADDRESSES +NAMES DUE +CONFIRMED ' "as text"

# A run that is killed keeps what it has; here it can never get to its end.
forget
faulty 6000
"$C" addresses --domain many.example --server "$faulty" >/dev/null 2>&1 &
pid=$!
until_sql 'SELECT count(*) > 500 FROM dmarc.source' t
kill -9 $pid
wait $pid 2>/dev/null
# What its session was told last is done a little later.
until_sql "SELECT count(*) FROM pg_stat_activity
            WHERE application_name = 'dmarc-report'
              AND datname = current_database()" 0
kept=$(sql 'SELECT count(*) FROM dmarc.source')
is "$((kept > 0 && kept < 10000))" 1 "killed: $kept of 10,000 are kept"
look_up --domain many.example --server "$DNS_SERVER"
is "$status:$err:$line" \
	"0::10000,$((10000 - kept)),$((10000 - kept)),0,0,0,0,0,0" \
	"the next run does the rest"

# Two at once.
forget
"$C" addresses --domain many.example --server "$DNS_SERVER" >/dev/null 2>"$work/two" &
pid=$!
look_up --domain many.example --server "$DNS_SERVER"
status2=0
wait $pid || status2=$?
is "$status:$status2:$err$(cat "$work/two")" 0:0: "two at once: both end well"
is "$(sql "SELECT count(*) FROM dmarc.source WHERE ptr_status = 'confirmed'")" \
	10000 "and all is there"

# ---- odd names -------------------------------------------------------------

forget
look_up --domain odd.example --server "$DNS_SERVER"
is "$status:$err:$line" 0::23,23,8,6,4,5,0,0,0 "odd names: counts"
is "$(sources)" "192.0.2.1|confirmed|plain.odd.test|odd.test|{plain.odd.test}
192.0.2.2|unconfirmed|lie.odd.test|odd.test|{lie.odd.test}
192.0.2.3|unconfirmed|nowhere.odd.test|odd.test|{nowhere.odd.test}
192.0.2.4|none|||
192.0.2.5|none|||
192.0.2.6|confirmed|six.odd.test|odd.test|{six.odd.test}
192.0.2.7|confirmed|n17.odd.test|odd.test|{n17.odd.test,n01.odd.test,n02.odd.test,n03.odd.test,n04.odd.test}
192.0.2.8|unconfirmed|\\027[31m\\009\\\"\\\\'\\;\\200.odd.test||{\"\\\\027[31m\\\\009\\\\\\\"\\\\\\\\'\\\\;\\\\200.odd.test\"}
192.0.2.9|confirmed|nine.odd.test|odd.test|{nine.odd.test,\"\\\\\\\"\\\\010.odd.test\"}
192.0.2.10|confirmed|alias.odd.test|odd.test|{alias.odd.test}
192.0.2.11|none|||
192.0.2.12|failed|elsewhere.example|elsewhere.example|{elsewhere.example}
192.0.2.13|confirmed|thirteen.odd.test|odd.test|{thirteen.odd.test}
192.0.2.14|unconfirmed|*.star.test||{*.star.test}
192.0.2.15|none|||
192.0.2.16|failed|192.0.2.16||{192.0.2.16}
192.0.2.17|unconfirmed|customer-100.odd.test|odd.test|{customer-100.odd.test,customer-101.odd.test,customer-102.odd.test,customer-103.odd.test,customer-104.odd.test}
192.0.2.18|failed|com||{com}
198.51.100.1|failed|||
::ffff:192.0.2.13|confirmed|thirteen.odd.test|odd.test|{thirteen.odd.test}
2001:db8::1|confirmed|v6.odd.test|odd.test|{v6.odd.test}
2001:db8::2|unconfirmed|plain.odd.test|odd.test|{plain.odd.test}
2001:db9::1|failed|||" "odd names: each as it should be"

# ---- a faulty nameserver ---------------------------------------------------

forget
faulty
look_up --domain faulty.example --server "$faulty"
is "$status:$err:$line" 0::12,12,4,1,0,7,0,0,0 "faulty answers: counts"
is "$(sources)" "10.0.1.1|confirmed|one.faulty.test|faulty.test|{one.faulty.test}
10.0.1.2|failed|hole.faulty.test|faulty.test|{hole.faulty.test}
10.0.1.3|failed|servfail.faulty.test|faulty.test|{servfail.faulty.test}
10.0.1.4|confirmed|cut.faulty.test|faulty.test|{cut.faulty.test}
10.0.1.5|confirmed|lie.faulty.test|faulty.test|{lie.faulty.test}
10.0.1.6|failed|noise.faulty.test|faulty.test|{noise.faulty.test}
10.0.201.1|failed|||
10.0.202.1|failed|||
10.0.203.1|confirmed|mx.upper.faulty.test|faulty.test|{mx.upper.faulty.test}
10.0.204.1|failed|||
10.0.205.1|unconfirmed|one.faulty.test|faulty.test|{one.faulty.test}
10.0.206.1|failed|||" "faulty answers: each as it should be"

# All by one TCP connection, two of the answers are broken.
forget
look_up --domain long.example --server "$faulty"
is "$status:$err:$line" 0::9,9,0,7,0,2,0,0,0 "faulty answers by TCP: counts"
is "$(sql "SELECT string_agg(host(ip), ' ' ORDER BY ip) FROM dmarc.source
            WHERE ptr_status = 'failed'")" "10.0.207.1 10.0.207.2" \
	"their neighbours are right"

# Fifty of 250 get no answer, and they have most messages.
forget
look_up --domain holes.example --server "$faulty" --parallel 60
is "$status:$err:$line" 0::250,250,200,0,0,50,0,0,0 \
	"black holes do not keep the others from being asked"

# What the deadline cuts off has fewest messages, and no row.
forget
look_up --domain few.example --server "$faulty" --parallel 1 --deadline 2
is "$status:$err:$line" 0::3,3,1,0,0,0,2,0,0 "the deadline: two are left"
is "$(sources)" "10.0.2.7|confirmed|g7.faulty.test|faulty.test|{g7.faulty.test}" \
	"most messages first; no row for what was not answered"
look_up --domain few.example --server "$faulty" --deadline 30
is "$status:$err:$line" 0::3,2,1,0,0,1,0,0,0 "the next run does them"

# ---- no nameserver ---------------------------------------------------------

forget
# Bound to and never read, so that no other process gets the number.
python3 -c '
import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(600)' >"$work/silent" &
started="$started $!"
while [ ! -s "$work/silent" ]; do
	sleep 0.05
done
silent=127.0.0.1:$(cat "$work/silent")
began=$(date +%s)
look_up --domain many.example --server "$silent" --deadline 3
is "$status:$out:$err" "75::dmarc-check: no nameserver answers: $silent" \
	"one that never answers: 75, and one line"
is "$(($(date +%s) - began <= 5))" 1 "within the deadline"
look_up --domain many.example --server 127.0.0.1:1 --server '[::1]:1'
is "$status:$out:$err" \
	"75::dmarc-check: no nameserver answers: 127.0.0.1:1, [::1]:1" \
	"nobody listens: 75, and one line"
is "$(sources)" "" "no row is written"
look_up --domain few.example --server 127.0.0.1:1 --server "$faulty" \
	--server "$silent"
is "$status:$err:$line" 0::3,3,2,0,0,1,0,0,0 \
	"the first nameserver that answers is asked"

# One that goes away in the middle, long enough before the deadline for questions
# to end without an answer.
forget
faulty 1500
look_up --domain many.example --server "$faulty" --deadline 12
is "$status:$err:$(sql "SELECT count(*) FILTER (WHERE ptr_status = 'confirmed') > 400,
                          count(*) FILTER (WHERE ptr_status <> 'confirmed')
                     FROM dmarc.source")" "0::t|0" \
	"a nameserver that goes away: what it said is kept, the rest is left"

# One that comes back.  What it left without an answer is nobody's fault, and the
# next run asks; all else is done.
forget
faulty 1500 9
look_up --domain many.example --server "$faulty"
left=$(echo "$line" | cut -d, -f7)
is "$status:$err:$(echo "$line" | cut -d, -f2-6)" \
	"0::10000,$((10000 - left)),0,0,0" "a nameserver that comes back"
is "$((left > 0 && left < 1000))" 1 "is asked again for $left next time"
look_up --domain many.example --server "$DNS_SERVER"
is "$status:$err:$line" "0::10000,$left,$left,0,0,0,0,0,0" "which it is"

# ---- age -------------------------------------------------------------------

# aged STATUS DAYS: as if all had been looked up then, with that answer
aged() {
	sql "UPDATE dmarc.source
	        SET ptr_status = '$1', ptr = 'old.example', ptr_names = '{old.example}',
	            ptr_at = now() - interval '$2 days 1 minute'"
}
forget
look_up --domain few.example --server "$DNS_SERVER"
for case in 'confirmed 89 0' 'confirmed 90 3' 'unconfirmed 89 0' \
	'unconfirmed 90 3' 'none 29 0' 'none 30 3' 'failed 0 0' 'failed 1 3'; do
	# shellcheck disable=SC2086 # three words
	set -- $case
	aged "$1" "$2"
	look_up --domain few.example --server "$DNS_SERVER"
	is "$status:$(echo "$line" | cut -d, -f1,2)" "0:3,$3" \
		"$1, $2 days ago: $3 of 3 are due"
done
aged confirmed 5
look_up --domain few.example --server "$DNS_SERVER" --max-age 6
is "$status:$line" 0:3,0,0,0,0,0,0,0,0 "--max-age 6, 5 days ago: fresh"
look_up --domain few.example --server "$DNS_SERVER" --max-age 5
is "$status:$line" 0:3,3,3,0,0,0,0,0,0 "--max-age 5: looked up again"
look_up --domain few.example --server "$DNS_SERVER" --max-age 0
is "$status:$line" 0:3,3,3,0,0,0,0,0,0 "--max-age 0: always"

# A bad day of DNS does not make untrue what it said before.
faulty
aged confirmed 100
look_up --domain few.example --server "$faulty"
is "$status:$line" 0:3,3,2,0,0,1,0,0,0 "one is not answered this time"
is "$(sources)" "10.0.2.7|confirmed|g7.faulty.test|faulty.test|{g7.faulty.test}
10.0.2.8|confirmed|g8.faulty.test|faulty.test|{g8.faulty.test}
10.0.201.9|confirmed|old.example|faulty.test|{old.example}" \
	"and keeps the name that it had"

# ---- the window ------------------------------------------------------------

forget
look_up --server "$DNS_SERVER" --until 2025-12-31
is "$status:$err" \
	"0:dmarc-check: nobody reported on any domain until 2025-12-31" \
	"days before the first report"
look_up --server "$DNS_SERVER" --since 2026-01-01
is "$status:$(echo "$line" | cut -d, -f1)" "0:$(sql "
	SELECT count(DISTINCT source_ip) FROM dmarc.record")" "all domains"

# ---- networks --------------------------------------------------------------

mmdb() {
	python3 tests/integration/mmdb.py "$@"
}
now=$(date +%s)
mmdb "$work/asn.mmdb" 6 $((now - 86400)) <<'END'
192.0.2.0/24 {"autonomous_system_number": 64500, "autonomous_system_organization": "Example K.K."}
192.0.2.128/25 {"autonomous_system_number": 4200000000, "autonomous_system_organization": "\u001b[31m\"'\\\u65e5\u672c\udcff"}
2001:db8::/32 {"autonomous_system_number": 64501}
END
mmdb "$work/country.mmdb" 6 $((now - 86400)) <<'END'
192.0.2.0/24 {"country": {"iso_code": "JP", "names": {"en": "Japan"}}, "continent": {"code": "AS"}}
2001:db8::/32 {"registered_country": {"iso_code": "DE"}}
198.51.100.0/24 {"continent": {"code": "EU"}}
END
mmdb "$work/lite.mmdb" 4 $((now - 86400)) <<'END'
192.0.2.0/24 {"asn": "AS64502", "as_name": "Lite", "as_domain": "lite.example", "country": "Japan", "country_code": "JP"}
203.0.113.0/24 {"asn": "none", "as_name": "", "country": "fr"}
END
networks() {
	sql "SELECT host(ip), asn, as_name, country, network_at IS NOT NULL, ptr_status
	       FROM dmarc.source ORDER BY ip"
}

# Without DNS: what can be looked up is.
forget
look_up --domain net.example --server 127.0.0.1:1 --asn-db "$work/asn.mmdb" \
	--country-db "$work/country.mmdb"
is "$status:$err:$line" \
	"0:dmarc-check: no nameserver answers: 127.0.0.1:1:7,7,0,0,0,0,7,4,3" \
	"networks without a nameserver: done, and a line says what is not"
is "$(networks)" "10.0.0.1||||t|
192.0.2.1|64500|Example K.K.|JP|t|
192.0.2.130|4200000000|?[31m\"'\\日本?|JP|t|
198.51.100.1||||t|
203.0.113.5||||t|
::ffff:192.0.2.13|64500|Example K.K.|JP|t|
2001:db8::1|64501||DE|t|" "networks: each as it should be"
look_up --domain net.example --server "$DNS_SERVER" \
	--asn-db "$work/asn.mmdb" --country-db "$work/country.mmdb"
is "$status:$err:$line" 0::7,7,3,0,2,2,0,0,0 "then the names; the networks are known"
is "$(sql 'SELECT count(asn), count(ptr) FROM dmarc.source')" "4|3" \
	"neither takes away the other"

# A database of another kind, for IPv4 only; it is no newer.
look_up --domain net.example --server "$DNS_SERVER" --asn-db "$work/lite.mmdb"
is "$status:$err:$line" 0::7,0,0,0,0,0,0,0,0 "a database that is older than the look-up: nothing is due"
sql "UPDATE dmarc.source SET network_at = now() - interval '2 days'"
look_up --domain net.example --server "$DNS_SERVER" --asn-db "$work/lite.mmdb"
is "$status:$err:$line" 0::7,0,0,0,0,0,0,3,4 "a newer database: all are"
is "$(networks)" "10.0.0.1||||t|none
192.0.2.1|64502|Lite|JP|t|confirmed
192.0.2.130|64502|Lite|JP|t|none
198.51.100.1||||t|failed
203.0.113.5||||t|failed
::ffff:192.0.2.13|64502|Lite|JP|t|confirmed
2001:db8::1|||DE|t|confirmed" "countries stay when no database of them is there"
forget
look_up --domain net.example --server "$DNS_SERVER" --country-db "$work/lite.mmdb"
is "$status:$line:$(sql 'SELECT host(ip), country FROM dmarc.source
                          WHERE country IS NOT NULL ORDER BY ip')" \
	"0:7,7,3,0,2,2,0,4,3:192.0.2.1|JP
192.0.2.130|JP
203.0.113.5|FR
::ffff:192.0.2.13|JP" "countries of the other kind"

# Files that are none.
: >"$work/empty.mmdb"
head -c 200 "$work/asn.mmdb" >"$work/cut.mmdb"
head -c 5000 /dev/urandom >"$work/noise.mmdb"
# broken FILE TEXT
broken() {
	look_up --domain net.example --server "$DNS_SERVER" --asn-db "$1"
	is "$status:$out" 78: "--asn-db $(basename "$1"): 78"
	like "$err" "^dmarc-check: $1: $2" "--asn-db $(basename "$1"): is told why"
}
broken "$work/missing.mmdb" 'No such file or directory$'
broken "$work" 'no database'
for f in empty cut noise; do
	broken "$work/$f.mmdb" 'no database'
done
broken "$top/Makefile" 'no database'

# Bytes that are not as they were: an answer or an error, and never a crash.
forget
python3 - "$work" <<'END'
import random, sys
work = sys.argv[1]
r = random.Random(65)
for name in "asn", "lite":
    good = open(f"{work}/{name}.mmdb", "rb").read()
    for i in range(60):
        bad = bytearray(good)
        for _ in range(r.choice((1, 3, 20))):
            bad[r.randrange(len(bad))] = r.randrange(256)
        with open(f"{work}/{name}-{i}.mmdb", "wb") as f:
            f.write(bad)
END
odd=0
for f in "$work"/asn-*.mmdb "$work"/lite-*.mmdb; do
	run "$C" addresses --domain net.example --server "$DNS_SERVER" \
		--asn-db "$f" --country-db "$f" --max-age 0
	case $status in
	0 | 78) ;;
	*) odd=$((odd + 1)) && echo "# $f: $status $err" ;;
	esac
done
is $odd 0 "120 broken databases: 0 or 78"

# ---- rights ----------------------------------------------------------------

sql "CREATE ROLE t65_operator LOGIN IN ROLE dmarc_operator;
     CREATE ROLE t65_reader LOGIN IN ROLE dmarc_read"
forget
PGUSER=t65_operator look_up --domain few.example --server "$DNS_SERVER" \
	--asn-db "$work/asn.mmdb"
is "$status:$err:$line" 0::3,3,3,0,0,0,0,0,3 "dmarc_operator may"
PGUSER=t65_reader look_up --domain few.example --server "$DNS_SERVER" --max-age 0
is "$status:$out" 78: "dmarc_read may not"
like "$err" 'permission denied for function learn_steady .*dmarc_operator' "and is told who may"
sql "DROP ROLE t65_operator, t65_reader"

done_testing
