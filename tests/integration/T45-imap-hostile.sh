#!/bin/sh
# Mail servers that attack who reads from them, each against a run of its own:
# exit status, one line about it, an end to it, in bounded work and memory, no
# password in the clear, and no mail gone that the database does not have.  Then
# they are honest, and a second run finds all that the first one left.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
imap=${imap:-tests/integration/hostile_imap.py}
MOST_MEMORY=100 # MB
LONGEST_LINE=600
MOST_WORK=10 # seconds of a processor
# The sanitizers keep what was freed, and are slow.
case $B in
*asan*)
	MOST_MEMORY=1000
	MOST_WORK=60
	;;
esac
tab=$(printf '\t')

fresh_database "$(echo "$name" | tr A-Z- a-z_)"
run "$I" -q --init
is "$status" 0 "schema is made"

# ---- the servers ----------------------------------------------------

dir=$work/servers
mkdir -p "$dir"

# certificate NAME LINE...: self-signed
certificate() {
	certificate=$1
	shift
	printf '%s\n' "cn = \"$certificate\"" tls_www_server signing_key \
		'expiration_date = "2049-01-01"' "$@" >"$work/$certificate.cfg"
	certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 \
		--outfile "$work/$certificate.key" 2>/dev/null
	certtool --generate-self-signed --load-privkey "$work/$certificate.key" \
		--template "$work/$certificate.cfg" \
		--outfile "$work/$certificate.pem" 2>/dev/null
}

certificate good 'ip_address = "127.0.0.1"'
certificate other 'dns_name = "other.example"'
python3 tests/integration/make.py mail "$work/mails" 1000 >/dev/null
python3 "$imap" table >"$work/table"
python3 "$imap" serve "$dir" "$work/mails" "$work/good.pem" "$work/good.key" \
	"$work/other.pem" "$work/other.key" &
servers=$!
trap 'kill $servers' EXIT
while [ ! -e "$dir/ready" ] && kill -0 $servers; do
	sleep 0.1
done
is "$([ -e "$dir/ready" ] && echo yes)" yes "the servers are there"

# ---- two runs ----------------------------------------------------

# stored FILE: name and number of reports, a line each attack
stored() {
	sql "SELECT split_part(source, '/', 1), count(*)
	       FROM dmarc.report GROUP BY 1" | tr '|' "$tab" >"$1"
}

# Mails that are gone, and neither a report nor anything that was set aside.
lost() {
	{
		echo "CREATE TEMP TABLE gone (name text, uid text, report text);"
		echo "COPY gone FROM STDIN (DELIMITER ' ');"
		for log in "$dir"/*.log; do
			sed -n "s|^= gone \([0-9]*\) \([^ ]*\) .*|$(basename \
				"$log" .log) \1 \2|p" "$log"
		done
		printf '%s\n' "\\."
		echo "SELECT g.* FROM gone g
		       WHERE NOT EXISTS (SELECT FROM dmarc.report
		                          WHERE report_id = g.report)
		         AND NOT EXISTS (SELECT FROM dmarc.set_aside
		                          WHERE source = name || '/INBOX ' || uid)"
	} | psql -XAtq -v ON_ERROR_STOP=1
}

# count NAME FILE
count() {
	awk -v name="$1" '$1 == name { n = $2 } END { print n + 0 }' "$2"
}

python3 "$imap" run "$I" "$dir" $MOST_WORK >"$work/ran"
stored "$work/stored"
is "$(lost)" "" "no mail is gone that the database does not have"
mkdir "$work/first"
cp "$dir"/*.log "$dir"/*.err "$work/first"
touch "$dir/good"
# Nobody lets it wait now.
sed -i 's/^timeout = .*/timeout = 120/' "$dir"/*.conf
python3 "$imap" run "$I" "$dir" $MOST_WORK >"$work/ran2"
stored "$work/stored2"
is "$(lost)" "" "nor after an honest server"

# ---- each attack ----------------------------------------------------

# may GOT PATTERN NAME: "-" is content with anything
may() {
	[ "$2" = - ] || like "$1" "^($2)\$" "$3"
}

# none PATTERN FILE NAME
none() {
	is "$(grep -E -m 1 -- "$1" "$2" | cut -c 1-200)" "" "$3"
}

while IFS=$tab read -r name exit most says want gone late clear \
	exit2 want2 gone2 never _ status peak lines longest hidden _ status2; do
	err=$work/first/$name.err
	log=$work/first/$name.log
	like "$status" "^($exit)\$" "$name: exit $exit"
	is "$((lines <= most)):$((lines > 0 || status == 0))" 1:1 \
		"$name: $lines lines of at most $most say so"
	is "$(grep -Evc "^dmarc-ingest: $name(: |/INBOX [0-9]+: )" "$err")" 0 \
		"$name: they name it"
	[ "$says" = - ] || like "$(head -c 5000 "$err")" "$says" \
		"$name: they say $says"
	is "$hidden:$((longest < LONGEST_LINE))" 0:1 \
		"$name: all visible, none long"
	is "$(grep -q 'too slow: timeout is' "$err" && echo yes || echo no)" \
		"$late" "$name: ended by the timeout: $late"
	is "$((peak < MOST_MEMORY))" 1 "$name: $peak MB are below $MOST_MEMORY"
	may "$(count "$name" "$work/stored")" "$want" "$name: reports stored"
	may "$(grep -c '^= gone' "$log")" "$gone" "$name: mails gone"
	[ "$clear" = - ] || none '^plain .*(secret-word|c2VjcmV0|LOGIN|AUTHENT)' \
		"$log" "$name: no password in the clear"
	[ "$never" = - ] || none "$never" "$log" "$name: never $never"
	like "$status2" "^($exit2)\$" "$name: then exit $exit2"
	may "$(count "$name" "$work/stored2")" "$want2" "$name: then stored"
	may "$(grep -c '^= gone' "$dir/$name.log")" "$gone2" "$name: then gone"
done <<END
$(paste "$work/table" "$work/ran" "$work/ran2" | cut -f 1-20)
END

done_testing
