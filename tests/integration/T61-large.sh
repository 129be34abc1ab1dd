#!/bin/sh
# A large report is written while it is decoded; whatever comes of it then, the
# database is as if it had been decoded first.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py
large=$work/large.xml
records=60000
want=$(python3 $make large "$large" $records)
body=$(sql "SELECT count(*) FROM generate_series(0, $records - 1)")
is "$want" "1 $records 1530000 $(seq 0 $((records - 1)) |
	awk '$1 % 3 == 0 { n += 1 + $1 % 50 } END { print n }')" \
	"a report of $body records"

# fresh NAME: a database with a schema and nothing in it
fresh() {
	fresh_database "$1"
	run "$I" -q --init
}

# Records that are not as make.py made them, with the profiles they belong to.
wrong_records() {
	sql "
	SELECT count(*) FILTER (WHERE c.source_ip IS NULL
	           OR c.message_count <> 1 + w.k % 50
	           OR c.header_from <> 'h' || w.k / 1000 || '.example.jp'
	           OR c.dkim_selectors <> ARRAY['s' || w.k % 7]
	           OR c.eval_dkim <> CASE w.k % 3 WHEN 0 THEN 'pass' ELSE 'fail' END),
	       count(*), count(DISTINCT w.k)
	  FROM (SELECT k, (CASE WHEN k % 2 = 1
	                        THEN format('10.%s.%s.%s', k >> 16 & 255, k >> 8 & 255, k & 255)
	                        ELSE '2001:db8::' || to_hex(k) END)::inet AS ip
	          FROM generate_series(0, $records - 1) k) w
	  LEFT JOIN (SELECT r.source_ip, r.message_count, p.header_from, p.eval_dkim,
	                    (SELECT array_agg(s.selector) FROM unnest(p.dkim) s) AS dkim_selectors
	               FROM dmarc.record r JOIN dmarc.auth_profile p ON p.id = r.profile_id) c
	    ON c.source_ip = w.ip"
}

run "$I" --print --format csv "$large"
is "$status:$(printf '%s\n' "$out" | rows message_count | awk '{ n += $1 } END { print NR, n }')" \
	"0:$records 1530000" "is printed whole"

# ---- alone ---------------------------------------------------------------------------

fresh t61
run "$I" -q "$large"
is "$status:$err" 0: "a large report"
is "$(totals)" "$want" "its sums"
is "$(wrong_records)" "0|$records|$records" "every record is as it was made"
is "$(wrong_sums)" 0 "all sums are those of their records"
tables >"$work/alone"

run "$I" -q "$large"
is "$(totals)" "$want" "the same file once more"
# Other bytes, the same content.
{ cat "$large" && echo; } >"$work/again.xml"
run "$I" -q "$work/again.xml"
is "$status" 0 "the same report once more"
tables >"$work/got"
is "$(diff "$work/alone" "$work/got" | head -5)" "" "changes nothing"
sed 's/<count>50</<count>49</' "$large" >"$work/other.xml"
run "$I" -q "$work/other.xml"
is "$status" 65 "the same key with other content"
like "$err" "was stored before with other content" "is a conflict"
is "$(totals)" "$want" "and the first one stays"
is "$(sql "SELECT string_agg(outcome, ' ' ORDER BY id) FROM dmarc.ingest_log")" \
	"stored duplicate duplicate conflict" "the ledger says so"
is "$(wrong_sums)" 0 "all sums are those of their records"

# ---- among others ----------------------------------------------------------------------

mkdir "$work/in"
few=$(python3 $make reports "$work/in" 40)
cp "$large" "$work/in/r00020-large.xml"
cp "$work/again.xml" "$work/in/r00030-large.xml"
fresh t61_among
run "$I" -q "$work/in"
is "$status:$err" 0: "a large report among small ones, twice"
is "$(totals)" "$(printf '%s\n%s\n' "$want" "$few" |
	awk '{ for (i = 1; i <= NF; i++) n[i] += $i } END { print n[1], n[2], n[3], n[4] }')" \
	"is stored once"
is "$(wrong_sums)" 0 "all sums are those of their records"

# Two in one archive, the second one of another month.
sed 's/>large</>second</; s/17855/17915/; s/17856/17916/' "$large" >"$work/second.xml"
(cd "$work" && zip -q two.zip large.xml second.xml)
fresh t61_two
run "$I" -q "$work/two.zip"
is "$status:$err" 0: "two in one archive"
is "$(totals)" "$(echo "$want" | awk '{ print 2 * $1, 2 * $2, 2 * $3, 2 * $4 }')" \
	"are both stored"
is "$(wrong_sums)" 0 "all sums are those of their records"

# A large one that cannot be written ahead (its day is 1970), one without a
# record, and one that is known: nothing of the third is the second's.
python3 $make large "$work/known.xml" 12000 >"$work/known.want"
sed -i 's/>large</>known</' "$work/known.xml"
sed 's/17855*[0-9]*</0</; s/1785628799</0</' "$large" >"$work/day0.xml"
sed '/^<record>/,$d; s/>large</>empty</' "$large" >"$work/empty.xml"
echo '</feedback>' >>"$work/empty.xml"
fresh t61_three
run "$I" -q "$work/known.xml"
tables >"$work/three"
(cd "$work" && zip -q three.zip day0.xml empty.xml known.xml)
run "$I" -q "$work/three.zip"
is "$(sql "SELECT string_agg(coalesce(report_id, '-') || ' ' || outcome, ', ' ORDER BY id)
             FROM dmarc.ingest_log WHERE source LIKE '%three.zip'")" \
	"large stored, empty stored, known duplicate" "three in one archive"
is "$(sql "SELECT count(*) FROM dmarc.record")|$(wrong_sums)" "72000|0" \
	"each record belongs to its report"

# ---- that turn out otherwise -------------------------------------------------------------

# Broken near its end: it is read a second time, which gets over that.
sed '/::ea00</s/<record>/&<note>this \&nbsp; that<\/note>/' "$large" >"$work/broken.xml"
fresh t61_broken
run "$I" -q "$work/broken.xml"
is "$(totals)" "$want" "broken near its end it is read once more"
is "$(sql "SELECT salvaged, set_aside_count FROM dmarc.report")" "t|0" "and salvaged"
is "$(wrong_records)" "0|$records|$records" "every record is as it was made"
is "$(sql "SELECT count(*) FROM dmarc.record")" "$records" "and is there once"

# And when it just ends, all of it is in vain.
head -c 20000000 "$large" >"$work/cut.xml"
fresh t61_cut
run "$I" -q "$work/cut.xml"
is "$status" 65 "a report without its end"
is "$(sql "SELECT (SELECT count(*) FROM dmarc.report), count(*),
                  (SELECT string_agg(reason, ' ') FROM dmarc.set_aside)
             FROM dmarc.record")" "0|0|broken_xml" "is set aside"

# Its head comes at the end, where nobody knows the day before.
{
	sed -n '1s/.*/&\n<feedback>/p' "$large"
	sed -n '/^<policy_published>/,/<.feedback>/{ /<.feedback>/d; p; }' "$large"
	sed -n '2,/^<.report_metadata>/{ s/^<feedback>//; p; }' "$large"
	echo '</feedback>'
} >"$work/late.xml"
fresh t61_late
run "$I" -q "$work/late.xml"
is "$status:$(totals)" "0:$want" "with its metadata at the end"
is "$(wrong_records)" "0|$records|$records" "every record is as it was made"

# It says another domain in the end.
sed 's/^<.feedback>/<policy_published><domain>other.example<\/domain><p>none<\/p><\/policy_published>&/' \
	"$large" >"$work/twice.xml"
fresh t61_twice
run "$I" -q "$work/twice.xml"
is "$(sql "SELECT count(*) FROM dmarc.report")|$(wrong_sums)" \
	"$(sql "SELECT count(DISTINCT report_id) FROM dmarc.record")|0" \
	"with two policies: by halves it is nowhere"

# ---- what the database says ----------------------------------------------------------------

# It refuses a record of the last ones: all of the report is set aside.
fresh t61_refused
sql "ALTER TABLE dmarc.record ADD CONSTRAINT no CHECK (source_ip <> '10.0.233.1')"
run "$I" -q "$work/in"
is "$status" 65 "the database refuses a record"
is "$(sql "SELECT reason, count(*) FROM dmarc.set_aside GROUP BY 1")" \
	"refused_by_database|2" "the report is set aside both times"
is "$(totals)" "$few" "and its neighbours are stored"
is "$(wrong_sums)" 0 "all sums are those of their records"
sql "ALTER TABLE dmarc.record DROP CONSTRAINT no"
run "$I" -q --retry
is "$(wrong_records)" "0|$records|$records" "tried again it is stored, once"

# A deadlock in the middle, as another ingester may bring about.
trigger() {
	sql "
	CREATE SEQUENCE public.times;
	CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$
	BEGIN
	  IF (SELECT count(*) FROM dmarc.auth_profile) > 200
	     AND nextval('public.times') = 1 THEN
	    $1
	  END IF;
	  RETURN NULL;
	END \$\$;
	CREATE TRIGGER trouble AFTER INSERT ON dmarc.auth_profile
	   FOR EACH STATEMENT EXECUTE FUNCTION public.trouble()"
}
fresh t61_deadlock
trigger "RAISE SQLSTATE '40P01';"
run "$I" -q "$large"
is "$status:$err" 0: "a deadlock while it is written"
is "$(sql "SELECT last_value FROM public.times")" 2 "was there"
tables >"$work/got"
is "$(diff "$work/alone" "$work/got" | head -5)" "" "and nothing is to be seen of it"

# A server that is impatient with transactions that wait.
fresh t61_impatient
sql "ALTER DATABASE t61_impatient SET idle_in_transaction_session_timeout = '1ms'"
run "$I" -q "$large"
tables >"$work/got"
is "$status:$(diff "$work/alone" "$work/got" | head -5)" 0: \
	"a server that ends sessions for waiting in a transaction"

# The server ends the session in the middle.
fresh t61_gone
trigger "PERFORM pg_terminate_backend(pg_backend_pid());"
run "$I" -q "$large"
is "$status" 75 "the server goes away while it is written"
is "$(sql "SELECT (SELECT count(*) FROM dmarc.report), count(*) FROM dmarc.record")" \
	"0|0" "nothing is there by halves"
run "$I" -q "$large"
tables >"$work/got"
is "$(diff "$work/alone" "$work/got" | head -5)" "" "run again: as if it had not"

done_testing
