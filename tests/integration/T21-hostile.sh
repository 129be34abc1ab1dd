#!/bin/sh
# Attacks, each between two good neighbours in a run of its own: what becomes
# of it, one line about it, its bytes kept, in bounded time and memory, and the
# neighbours stored.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/hostile.py
MOST_MEMORY=400 # MB
sandbox=${NO_SANDBOX:+--no-sandbox}

fresh_database t21
run "$I" -q --init
is "$status" 0 "schema is made"

# ---- each attack -----------------------------------------------------------------

# is, but "-" is content with anything
may() {
	[ "$2" = - ] || is "$1" "$2" "$3"
}

python3 $make make "$work/in" >"$work/table"
python3 $make run "$I" "$work/in" "$work/table" >"$work/ran"

# What became of each: outcome, reason, what lies in set_aside, the sum or the
# size of its bytes there, messages stored, neighbours stored.
psql -XAtq -F "$(printf '\t')" >"$work/became" <<END
CREATE TEMP TABLE attack (n serial, name text, source text);
INSERT INTO attack (name, source)
VALUES $(cut -f 1 "$work/table" |
	sed "s|.*|('&', '$work/in/&/2-&'),|" | sed '$ s/,$//');
SELECT l.outcome, l.reason, coalesce(k.kinds, 'no'), coalesce(s.bytes, '-'),
       coalesce(r.messages::text, '-'), b.stored
  FROM attack a
  LEFT JOIN LATERAL (
    SELECT outcome, coalesce(reason, '-') AS reason FROM dmarc.ingest_log
     WHERE source = a.source ORDER BY id DESC LIMIT 1) l ON true,
  LATERAL (
    SELECT string_agg(kind || ':' || n, ',' ORDER BY kind) AS kinds
      FROM (SELECT kind, count(*) AS n FROM dmarc.set_aside
             WHERE source = a.source GROUP BY kind) g) k,
  LATERAL (
    SELECT min(coalesce(encode(sha256(raw), 'hex'), size::text)) AS bytes
      FROM dmarc.set_aside WHERE source = a.source AND kind <> 'record') s,
  LATERAL (
    SELECT sum(message_count) AS messages FROM dmarc.report
     WHERE source = a.source) r,
  LATERAL (
    SELECT count(*) AS stored FROM dmarc.report
     WHERE report_id IN ('before-' || a.name, 'after-' || a.name)) b
 ORDER BY a.n;
END

tab=$(printf '\t')
paste "$work/table" "$work/ran" "$work/became" |
	sed "s/$tab$tab/$tab-$tab/g" >"$work/all"
is "$(wc -l <"$work/all")" "$(wc -l <"$work/became")" "each was looked at"
while IFS=$tab read -r name exit lines outcome reason keep messages \
	_ status said named invisible peak size sum \
	was because found bytes counted neighbours; do
	is "$status" "$exit" "$name: exit $exit"
	may "$said" "$lines" "$name: lines on standard error"
	may "$named" "$lines" "$name: they name it"
	is "$invisible" 0 "$name: all of it visible"
	is "$((peak < MOST_MEMORY))" 1 "$name: $peak MB are below $MOST_MEMORY"
	case $keep in
	no) aside='no -' ;;
	yes) aside="item:1 $sum" ;;
	size) aside="item:1 $size" ;;
	records:*) aside="record:${keep#*:},report:1 $sum" ;;
	*) aside=- ;;
	esac
	may "$was" "$outcome" "$name: is $outcome"
	may "$because" "$reason" "$name: because $reason"
	may "$found $bytes" "$aside" "$name: what is kept"
	[ "$outcome" = - ] || is "$counted" "$messages" "$name: messages"
	is "$neighbours" 2 "$name: both neighbours are stored"
done <"$work/all"
is "$(tables | grep -c TOPSECRET)" 0 "no file was read through an entity"
is "$(wrong_sums)" 0 "all sums are those of their records"

# Everything again: what is set aside lies there once.
all_rows >"$work/rows"
run "$I" -q "$work/in/count-huge" "$work/in/gzip-bomb" "$work/in/half-date" \
	"$work/in/zip-12000-reports"
same_rows "some of it again: no row more"
rm -r "$work/in"

# ---- gzip, cut off anywhere --------------------------------------------------------

fresh_database t21_cuts
run "$I" -q --init
cut=fixtures/attach/gzip-no-fname.xml.gz
python3 $make cuts $cut "$work/cuts"
# 0, 10, 20, ...: and only the first, of no byte, is nothing at all.
many=$((($(wc -c <$cut) + 9) / 10))
run_limited "$I" "$work/cuts"
is "$status" 65 "gzip cut off at every tenth byte: exit 65"
is "$(wc -l <"$work/err")" $many "a line each"
is "$(sql "SELECT outcome, count(*) FROM dmarc.ingest_log GROUP BY 1 ORDER BY 1")" \
	"not_report|1
set_aside|$((many - 1))" "all set aside but the empty one"
is "$(sql "SELECT encode(sha256(raw), 'hex') FROM dmarc.set_aside ORDER BY 1")" \
	"$(find "$work/cuts" -type f -size +0 -exec sha256sum {} + |
		cut -d ' ' -f 1 | LC_ALL=C sort)" "with the same bytes"

# ---- names --------------------------------------------------------------------------

fresh_database t21_names
run "$I" -q --init
names=$(python3 $make names "$work/names")
run_limited "$I" "$work/names"
is "$status" 65 "names that attack a terminal: exit 65"
is "$(wc -l <"$work/err")" "$names" "a line each"
is "$invisible" 0 "all of it visible"
is "$(sql "SELECT count(*), count(DISTINCT source) FROM dmarc.set_aside")" \
	"$names|$names" "all set aside, and told apart"
is "$(sql "SELECT string_agg(report_id, ' ' ORDER BY report_id) FROM dmarc.report")" \
	"name-good-first name-good-last" "their neighbours are stored"
(cd "$work/names" && "$I" -q -- -rf) 2>"$work/err"
like "$(cat "$work/err")" '^dmarc-ingest: -rf: ' "a name like an option, behind --"

# ---- what is no file -----------------------------------------------------------------

fresh_database t21_folder
run "$I" -q --init
odd=$work/odd
good=fixtures/xml/plain-7489.xml
mkdir -p "$odd/a/b/empty" "$odd/closed" "$odd/.hidden"
cp $good "$odd/.hidden/x.xml"
cp $good "$odd/closed/x.xml"
cp $good "$odd/secret.xml"
sed 's/plain-7489/first/' $good >"$odd/0-first.xml"
sed 's/plain-7489/linked/' $good >"$work/linked.xml"
sed 's/plain-7489/last/' $good >"$odd/z-last.xml"
ln -s "$work/linked.xml" "$odd/link.xml"
ln -s nowhere "$odd/dangling"
ln -s itself "$odd/itself"
ln -s ../.. "$odd/a/b/around"
ln -s /dev/zero "$odd/zero"
mkfifo "$odd/fifo"
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' \
	"$odd/socket"
chmod 000 "$odd/closed" "$odd/secret.xml"

# Root may read everything; and another user must reach program and server.
if [ "$(id -u)" = 0 ]; then
	cp "$real_program" "$work/dmarc-ingest"
	# shellcheck disable=SC2086 # one option or none
	run_limited runuser -u postgres -- "$work/dmarc-ingest" $sandbox "$odd"
else
	run_limited "$I" "$odd"
fi
is "$status" 65 "a folder of odd things: exit 65, and no hanging"
is "$(sed "s|^dmarc-ingest: $odd/||" "$work/err" | LC_ALL=C sort)" \
	"a/b/around: Too many levels of symbolic links
closed: Permission denied
dangling: No such file or directory
itself: Too many levels of symbolic links
secret.xml: Permission denied" "what cannot be read is named, with its reason"
is "$(sql "SELECT string_agg(report_id, ' ' ORDER BY report_id) FROM dmarc.report")" \
	"first last linked" "what can be read is stored, links are followed"
is "$(sql "SELECT count(*) FROM dmarc.ingest_log")" 3 "and nothing else was seen"
chmod 700 "$odd/closed"

run_limited "$I" "$odd/dangling" "$odd/itself" "$work/nonexistent" $good
is "$status" 65 "sources that are not there: exit 65"
is "$(wc -l <"$work/err")" 3 "a line each"
is "$(sql "SELECT count(*) FROM dmarc.report")" 4 "the one that is there is stored"
run_limited "$I" "$odd/a/b/empty"
is "$status:$err" 0: "an empty folder: nothing to do, nothing to say"
run_limited "$I" /dev/null
is "$status:$err" "0:dmarc-ingest: /dev/null: empty" "/dev/null is empty"

done_testing
