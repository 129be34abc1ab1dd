#!/bin/sh
# --retry: what was set aside and can be read now is stored and closed; what
# cannot stays open; twice changes nothing; a conflict stays one.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py

open_ones() {
	sql "SELECT coalesce(string_agg(reason || ' ' || n, ', ' ORDER BY reason), 'none')
	       FROM (SELECT reason, count(*) AS n FROM dmarc.set_aside
	              WHERE resolved_at IS NULL GROUP BY 1) x"
}

closed_ones() {
	sql "SELECT coalesce(string_agg(reason || ' ' || resolution || ' ' || n, ', '
	                                ORDER BY reason, resolution), 'none')
	       FROM (SELECT reason, resolution, count(*) AS n FROM dmarc.set_aside
	              WHERE resolved_at IS NOT NULL GROUP BY 1, 2) x"
}

fresh_database t75
run "$I" -q --init
run "$I" --retry
is "$status:$out:$err" 0:: "--retry with nothing to do: exit 0, nothing said"

# ---- what an older version could not take --------------------------------------------

in=$work/in
want=$(python3 $make mail "$in" 30)
# In one of the mails a zip of three, of which the second is refused.
python3 - "$in" <<'END'
import sys, zipfile
def text(i):
    with open("fixtures/xml/plain-7489.xml") as f:
        return f.read().replace("plain-7489", f"three-{i}")
with zipfile.ZipFile(sys.argv[1] + "/three.zip", "w") as z:
    for i in range(3):
        z.writestr(f"{i}.xml", text(i))
END
sql "ALTER TABLE dmarc.report ADD CONSTRAINT odd
       CHECK (report_id !~ '^made-.*[13579]\$' AND report_id <> 'three-1')"
cp fixtures/xml/hostile/doctype-bare.xml "$in"
run "$I" -q "$in"
is "$status" 65 "some mails cannot be stored"
# 15 odd numbers below 30, the zip as a whole, the DOCTYPE.
is "$(open_ones)" "doctype 1, refused_by_database 16" "they are set aside"
is "$(sql "SELECT count(*) FROM dmarc.report")" 15 "the others are stored"

all_rows >"$work/rows"
run "$I" -q --retry
is "$status" 65 "--retry while nothing is better: 65"
is "$(wc -l <"$work/err")" 19 "a line for each report, and for the DOCTYPE"
same_rows "and nothing changes"

# A part of it gets better.
sql "ALTER TABLE dmarc.report DROP CONSTRAINT odd;
     ALTER TABLE dmarc.report ADD CONSTRAINT odd CHECK (report_id <> 'three-1'
       AND report_id NOT IN ('made-1', 'made-3'))"
run "$I" -q --retry
is "$status" 65 "--retry when some is better: 65"
is "$(open_ones)" "doctype 1, refused_by_database 3" "the rest stays open"
is "$(closed_ones)" "refused_by_database stored 13" "what is stored is closed"
is "$(sql "SELECT count(*) FROM dmarc.set_aside
            WHERE resolved_at > first_seen_at AND raw IS NOT NULL")" 13 \
	"at its time, and its bytes are still there"

sql "ALTER TABLE dmarc.report DROP CONSTRAINT odd"
run "$I" -v --retry
is "$status" 65 "--retry when all but the DOCTYPE is better: 65"
is "$(open_ones)" "doctype 1" "only that stays open"
is "$(sql "SELECT count(*) || ' ' || sum(record_count) || ' ' ||
                  sum(message_count) || ' ' || sum(pass_count)
             FROM dmarc.report WHERE report_id LIKE 'made-%'")" "$want" \
	"all mails are stored, every message once"
# 12 + 3 + 2 messages in each of the three.
is "$(sql "SELECT count(*), sum(message_count) FROM dmarc.report
            WHERE report_id LIKE 'three-%'")" "3|51" "and all of the zip"
like "$err" '^dmarc-ingest: 4 items: 5 reports stored ' "-v sums up"
is "$(wrong_sums)" 0 "all sums are those of their records"
is "$(sql "SELECT source, message_id, mail_from FROM dmarc.report
            WHERE report_id = 'made-1'")" \
	"$in/r00001.eml|made-1@reporter1.example|dmarc@reporter1.example" \
	"with the name that it came under and what its mail says"

all_rows >"$work/rows"
run "$I" -q --retry
is "$status:$(wc -l <"$work/err")" 65:1 "--retry again: one line about the DOCTYPE"
same_rows "and nothing changes"
run "$I" -q "$in"
same_rows "nor when the source is read again"

# What a person closed stays closed.
sql "UPDATE dmarc.set_aside SET resolved_at = now(), resolution = 'by hand'
      WHERE resolved_at IS NULL"
run "$I" --retry
is "$status:$err" 0: "what was closed by hand is left alone"

# ---- stored meanwhile -------------------------------------------------------------------

fresh_database t75_meanwhile
run "$I" -q --init
sql "ALTER TABLE dmarc.report ADD CONSTRAINT odd CHECK (report_id <> 'plain-7489')"
run "$I" -q fixtures/xml/plain-7489.xml
sql "ALTER TABLE dmarc.report DROP CONSTRAINT odd"
gzip -c fixtures/xml/plain-7489.xml >"$work/again.gz"
run "$I" -q "$work/again.gz"
run "$I" -q --retry
is "$status:$(closed_ones)" "0:refused_by_database duplicate 1" \
	"it came again in other wrapping: a duplicate"
is "$(sql "SELECT sum(message_count) FROM dmarc.record")" 17 "counted once"

# ---- conflicts ---------------------------------------------------------------------------

# conflict NAME FIRST SECOND: the second contradicts the first; after --retry
# the first is still there as it was.
conflict() {
	run "$I" -q "$2"
	run "$I" -q "$3"
	is "$status" 65 "$1: a conflict"
	kept=$(sql "SELECT source, message_count, set_aside_count FROM dmarc.report")
	run "$I" -q --retry
	is "$(sql "SELECT source, message_count, set_aside_count FROM dmarc.report")" \
		"$kept" "$1: after --retry the first one stays"
	is "$(sql "SELECT count(*) FROM dmarc.set_aside
	            WHERE reason = 'conflict' AND resolved_at IS NULL")" 1 \
		"$1: and the conflict is open"
	all_rows >"$work/rows"
	run "$I" -q --retry
	same_rows "$1: and another --retry changes nothing"
	is "$(sql "SELECT sum(message_count) FROM dmarc.record")" \
		"$(sql "SELECT sum(message_count) FROM dmarc.report")" "$1: the sums are right"
}

fresh_database t75_conflict
run "$I" -q --init
conflict "two reports" fixtures/xml/pair-conflict-1.xml fixtures/xml/pair-conflict-2.xml

# The first has a record that cannot be read.  Whoever sends the same key again
# with other figures must not replace it, well formed as they are.
fresh_database t75_forged
run "$I" -q --init
sed 's/<count>-[0-9]*</<count>1</' fixtures/xml/count-negative.xml |
	sed 's/<count>[0-9]*</<count>999</' >"$work/forged.xml"
conflict "a broken record" fixtures/xml/count-negative.xml "$work/forged.xml"

# The same, but so much lies between the two that they are in two batches.
fresh_database t75_apart
run "$I" -q --init
run "$I" -q fixtures/xml/count-negative.xml
mkdir "$work/between"
for i in $(seq 1100); do
	echo "<feedback><record/>$i" >"$work/between/$i.xml"
done
run "$I" -q "$work/between"
run "$I" -q "$work/forged.xml"
all_rows >"$work/rows"
run "$I" -q --retry
is "$(sql "SELECT source, message_count, set_aside_count FROM dmarc.report")" \
	"fixtures/xml/count-negative.xml|5|1" \
	"a conflict in a later batch does not replace the first either"
same_rows "and nothing changes"

# And in the company of a report that may be replaced: a zip with somebody's own
# report, a record of it broken, and the forged one.
fresh_database t75_company
run "$I" -q --init
run "$I" -q fixtures/xml/count-negative.xml
run "$I" -q "$work/between"
python3 - "$work" <<'END'
import sys, zipfile
def text(name):
    with open(name) as f:
        return f.read()
with zipfile.ZipFile(sys.argv[1] + "/company.zip", "w") as z:
    z.writestr("own.xml", text("fixtures/xml/count-negative.xml").replace(
        ">count-negative<", ">own<"))
    z.writestr("forged.xml", text(sys.argv[1] + "/forged.xml"))
END
run "$I" -q "$work/company.zip"
all_rows >"$work/rows"
run "$I" -q --retry
is "$(sql "SELECT source, message_count FROM dmarc.report
            WHERE report_id = 'count-negative'")" \
	"fixtures/xml/count-negative.xml|5" \
	"a conflict beside a report that may be replaced does not replace the first"
same_rows "and nothing changes"

# The same report id in another window is another report: its records that
# were set aside are not closed with those of the first.
fresh_database t75_window
run "$I" -q --init
sed 's/1793491200/1793577600/; s/1793577599/1793663999/' \
	fixtures/xml/count-negative.xml >"$work/next-day.xml"
run "$I" -q fixtures/xml/count-negative.xml "$work/next-day.xml"
many=$(sql "SELECT count(*) FROM dmarc.set_aside WHERE kind = 'record'")
# As if a version before could read less of the first.
sql "UPDATE dmarc.report SET set_aside_count = set_aside_count + 1
      WHERE begin_at = to_timestamp(1793491200)"
run "$I" -q --retry
is "$(sql "SELECT count(*) FROM dmarc.set_aside WHERE kind = 'record'
             AND source = '$work/next-day.xml' AND resolved_at IS NULL")" \
	"$((many / 2))" "records of the next day's report stay open"

# ---- two at a time -----------------------------------------------------------------------

fresh_database t75_two
run "$I" -q --init
sql "ALTER TABLE dmarc.report ADD CONSTRAINT odd CHECK (report_id !~ '^made-.*[13579]\$')"
run "$I" -q "$in"
sql "ALTER TABLE dmarc.report DROP CONSTRAINT odd"
for k in 1 2 3; do
	"$I" -q --retry 2>"$work/err.$k" &
done
wait
is "$(cat "$work"/err.[123] | grep -vc 'DOCTYPE')" 0 "three --retry at once: no error"
is "$(sql "SELECT count(*) || ' ' || sum(record_count) || ' ' ||
                  sum(message_count) || ' ' || sum(pass_count)
             FROM dmarc.report WHERE report_id LIKE 'made-%'")" "$want" \
	"every report once"
is "$(open_ones)" "doctype 1" "all closed"
is "$(wrong_sums)" 0 "all sums are those of their records"

# ---- a large one ---------------------------------------------------------------------

# It comes from the database in pieces.  Read again it is what it was, or it
# would be set aside twice.  Its bytes as hexadecimal text alone would be 200 MB.
fresh_database t75_large
run "$I" -q --init
{
	echo '<feedback>'
	seq -f '<x>%08.0f</x>' 1 6250000
} >"$work/large.xml"
run "$I" -q "$work/large.xml"
is "$status:$(open_ones)" "65:broken_xml 1" "100 MB are set aside"
run_limited "$I" -q --retry
is "$status:$(open_ones)" "65:broken_xml 1" "and read again as they were"
is "$((peak < 400))" 1 "which takes $peak MB, less than 400"

done_testing
