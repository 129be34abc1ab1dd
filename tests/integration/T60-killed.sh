#!/bin/sh
# The program dies at any moment; run again it ends where an undisturbed run
# would have: every report exactly once.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py

# clone NAME: a database with a schema and nothing in it
clone() {
	PGDATABASE=$1
	export PGDATABASE
	dropdb --if-exists "$1" 2>/dev/null
	createdb -T t60_template "$1"
}

fresh_database t60_template
run "$I" -q --init

# Three batches of 1000, with things to set aside in each.
in=$work/in
want=$(python3 $make reports "$in" 2400)
for i in 00000 01400 02350; do
	cp fixtures/xml/hostile/doctype-bare.xml "$in/r$i-doctype.xml"
	echo "<!-- $i -->" >>"$in/r$i-doctype.xml"
	sed "s/count-negative/&-$i/" fixtures/xml/count-negative.xml \
		>"$in/r$i-record.xml"
	cp fixtures/mail/two-reports.eml "$in/r$i-two.eml"
done

clone t60
run "$I" -q "$in"
is "$status" 65 "an undisturbed run"
tables >"$work/want"
is "$(sql "SELECT count(*) || ' ' || sum(record_count) || ' ' ||
                  sum(message_count) || ' ' || sum(pass_count)
             FROM dmarc.report WHERE report_id LIKE 'made-%'")" "$want" \
	"has every report"

# ---- at each step -------------------------------------------------------------------

run make -j2 B="$work/steps" CFLAGS='-O0 -DTEST_STEPS' HARD= HARDLD= \
	"$work/steps/dmarc-ingest"
is "$status" 0 "a program that dies where it is told"
steps=$work/steps/dmarc-ingest
if [ -n "${NO_SANDBOX-}" ]; then
	unboxed "$steps" "$work/unboxed-steps"
	steps=$work/unboxed-steps/dmarc-ingest
fi

step=1
while [ $step -lt 100 ]; do
	clone t60_step
	DMARC_DIE_AFTER=$step run "$steps" -q "$in"
	[ "$status" = 99 ] || break
	where=$(printf '%s\n' "$err" | sed -n 's/^died after //p')
	run "$I" -q "$in"
	tables >"$work/got"
	is "$status:$(diff "$work/want" "$work/got" | head -5)" 65: \
		"died after $where, run again: the same tables"
	step=$((step + 1))
done
# Three batches of three steps each, and the one that is left lives.
is "$step" 10 "dead at nine steps"
is "$status" 65 "and at the tenth there is none"

# The same for a large report, which is written while it is decoded, in more
# steps or less.
python3 $make large "$work/large.xml" 40000 >"$work/large.want"
clone t60_large
run "$I" -q "$work/large.xml"
is "$(totals)" "$(cat "$work/large.want")" "a large report"
tables >"$work/large.tables"
: >"$work/places"
step=1
while [ $step -lt 100 ]; do
	clone t60_large
	DMARC_DIE_AFTER=$step run "$steps" -q "$work/large.xml"
	[ "$status" = 99 ] || break
	printf '%s\n' "$err" | sed -n 's/^died after step [0-9]*, //p' >>"$work/places"
	run "$I" -q "$work/large.xml"
	tables >"$work/got"
	is "$status:$(diff "$work/large.tables" "$work/got" | head -5)" 0: \
		"died after step $step of a large report, run again: the same tables"
	step=$((step + 1))
done
is "$status:$(head -n 1 "$work/places")" 0:ahead "some of them while it is decoded"

# The same for what is set aside and tried again.
clone t60_retry
sql "ALTER TABLE dmarc.report ADD CONSTRAINT no CHECK (report_id <> 'made-7')"
run "$I" -q "$in"
before=$(sql "SELECT count(*) FROM dmarc.set_aside WHERE reason = 'refused_by_database'")
is "$before" 1 "one is refused by the database"
sql "ALTER TABLE dmarc.report DROP CONSTRAINT no"
for step in 1 2 3; do
	DMARC_DIE_AFTER=$step run "$steps" -q --retry
	is "$status" 99 "--retry died at step $step"
done
run "$I" -q --retry
is "$(sql "SELECT resolved_at IS NOT NULL FROM dmarc.set_aside
            WHERE reason = 'refused_by_database'")" t "run again: it is resolved"
is "$(sql "SELECT count(*), sum(message_count) FROM dmarc.report
            WHERE report_id = 'made-7'")" \
	"1|$(sql "SELECT sum(c.message_count) FROM dmarc.record c JOIN dmarc.report r
	           ON r.policy_domain_id = c.policy_domain_id AND r.id = c.report_id
	           WHERE r.report_id = 'made-7'")" "and stored once"
is "$(wrong_sums)" 0 "all sums are those of their records"

# ---- at any moment --------------------------------------------------------------------

# How long a run takes in milliseconds; then one that is killed after 1/16 of
# it, 2/16 and so on.  How fast the machine is changes: one that ends by itself
# makes the next moments earlier.
clone t60_kill
start=$(date +%s%N)
run "$I" -q "$in"
took=$((($(date +%s%N) - start) / 1000000))
died=0
for k in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
	clone t60_kill
	ms=$((took * k / 16))
	run timeout -s KILL "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" \
		"$I" -q "$in"
	if [ "$status" = 137 ]; then
		died=$((died + 1))
	else
		took=$((took * 3 / 4 + 1))
	fi
	# The server may not have noticed yet.
	until_sql "SELECT count(*) FROM pg_stat_activity
	            WHERE application_name = 'dmarc-ingest'
		              AND datname = current_database()" 0
	half=$(wrong_sums)
	run "$I" -q "$in"
	tables >"$work/got"
	is "$half:$status:$(diff "$work/want" "$work/got" | head -5)" 0:65: \
		"killed after $ms ms: nothing by halves, and run again the same tables"
done
is "$((died >= 8))" 1 "$died of 15 were killed before their end"

# Ended politely, and by a terminal that goes away.
for signal in TERM INT HUP; do
	clone t60_kill
	run timeout -s $signal 0.1 "$I" -q "$in"
	run "$I" -q "$in"
	tables >"$work/got"
	is "$status:$(diff "$work/want" "$work/got" | head -5)" 65: \
		"SIG$signal, run again: the same tables"
done

done_testing
