#!/bin/sh
# Workers: what they can do inside the jail, and what becomes of an item whose
# worker misbehaves in every way there is.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

run make -j2 B="$work/steps" CFLAGS='-O0 -DTEST_STEPS' HARD= HARDLD= \
	"$work/steps/dmarc-ingest"
is "$status" 0 "a program whose workers do as they are told"
I=$work/steps/dmarc-ingest
sandbox=${NO_SANDBOX:+--no-sandbox}

fresh_database t37
run "$I" -q --init

# good NAME: a report of that name
good() {
	sed "s/plain-7489/$1/" fixtures/xml/plain-7489.xml
}

# one WORD: an item that makes its worker do that, between two good ones
one() {
	in=$work/in
	rm -rf "$in"
	mkdir "$in"
	good "before-$1" >"$in/1.xml"
	{
		good "self-$1"
		echo "<!-- X-Misbehave: $1"
		echo "-->"
	} >"$in/2.xml"
	good "after-$1" >"$in/3.xml"
	# shellcheck disable=SC2086 # one option or none
	run timeout 200 "$I" $sandbox -q "$in"
}

# What was stored of the last one, and why its item was set aside.
became() {
	sql "SELECT coalesce(string_agg(substr(report_id, 1, 5), ' ' ORDER BY report_id), '-')
	       FROM dmarc.report WHERE report_id LIKE '%-$1'"
	sql "SELECT outcome || ' ' || coalesce(reason, '-') || ': ' || coalesce(detail, '-')
	       FROM dmarc.ingest_log WHERE source LIKE '%/2.xml' ORDER BY id DESC LIMIT 1"
	sql "SELECT count(*) FROM dmarc.set_aside WHERE raw IS NOT NULL
	        AND convert_from(raw, 'UTF8') LIKE '%X-Misbehave: $1' || E'\n' || '%'"
}

# costs WORD REASON TEXT: it costs that item, with that reason, and no other
costs() {
	one "$1"
	is "$status:$err
$(became "$1")" "65:dmarc-ingest: $in/2.xml: $3
after befor
set_aside $2: $3
1" "$1: costs one item"
}

# ---- it dies, hangs, takes too much -----------------------------------------------

costs segv decoder_died 'worker killed: SIGSEGV'
costs abort decoder_died 'worker killed: SIGABRT'
costs exit-0 decoder_died 'worker ended: exit status 0'
costs exit-3 decoder_died 'worker ended: exit status 3'
costs loop decoder_timeout 'takes over 2 s to decode'
costs mumble decoder_timeout 'takes over 2 s to decode'
costs sleep decoder_timeout 'the worker has not come to an end in 20 s'
costs memory decoder_memory 'takes over 512 MiB to decode'
costs malloc decoder_memory 'takes over 512 MiB to decode'

# ---- it says what is not so --------------------------------------------------------

wrong='worker protocol error'
costs garbage decoder_garbled "$wrong: invalid frame"
costs too-much decoder_garbled "$wrong: invalid frame"
costs half decoder_died 'worker ended: exit status 0'
costs nothing decoder_garbled "$wrong: item without a document"
costs wrong-sum decoder_garbled "$wrong: invalid sums"
costs no-text decoder_garbled "$wrong: invalid text"
costs for-ever decoder_garbled "$wrong: invalid number of documents"
one done-twice
is "$status:$(became done-twice | head -n 1)" "0:after befor" \
	"done-twice: its neighbours are stored all the same"

# ---- it floods the parent --------------------------------------------------------------

# flood WORD REASON TEXT: ten such items cost themselves, and little memory.
# The parent's part of the sum in limits.h would be 1248 MiB; ten items that it
# held would be 3000 or more.
flood() {
	in=$work/flood
	rm -rf "$in"
	mkdir "$in"
	i=0
	while [ $i -lt 10 ]; do
		printf 'X-Misbehave: %s\n' "$1" >"$in/$i"
		i=$((i + 1))
	done
	good "flooded-$1" >"$in/x.xml"
	# shellcheck disable=SC2086
	run_limited "$I" $sandbox -q "$in"
	is "$status:$(printf '%s\n' "$err" | grep -cF ": $3")" 65:10 "$1: costs itself"
	is "$(sql "SELECT count(*) FROM dmarc.report WHERE report_id = 'flooded-$1'"):$(
		sql "SELECT count(*) FROM dmarc.ingest_log WHERE reason = '$2'
		        AND source LIKE '%/flood/%'")" "1:$4" "$1: is set aside with a reason"
	is "$((peak < 500))" 1 "$1: takes $peak MB, less than 500"
}

flood flood-parts decoded_too_much \
	'what it holds takes over 256 MiB of memory' 10
flood flood-profiles decoded_too_much \
	'what it holds takes over 256 MiB of memory' 20
flood flood-heads decoder_garbled "$wrong: invalid number of documents" 10
flood flood-idle decoder_garbled "$wrong: profile without a record" 20

# ---- it cannot get out ---------------------------------------------------------------

if [ -z "$sandbox" ]; then
	for word in socket connect exec fork ptrace kill tgkill code limit elsewhere; do
		costs $word decoder_died 'worker killed: SIGSYS'
	done
else
	for word in fork exec; do
		one $word
		is "$(became $word | head -n 1)" "after befor" "$word: costs one item"
	done
fi
# What libraries try, too, fails without harm.
one files
is "$status:$(became files | head -n 1)" "0:after befor self-" \
	"files: none can be opened, and the report is read"
is "$(ls /tmp/dmarc-got-out 2>/dev/null)" "" "none was made"

PGPASSWORD=secret one look
is "$status:$(sql "SELECT detail FROM dmarc.ingest_log WHERE source LIKE '%/2.xml'
                    ORDER BY id DESC LIMIT 1")" \
	"0:inside: descriptors 0 1 2 environment TZ=UTC0" \
	"three descriptors and no environment"

# ---- others are not harmed --------------------------------------------------------------

# What one item leaves behind harms the next; in a worker of its own that one
# is read.
one poison
is "$status:$(became poison | head -n 1)" "0:after befor self-" \
	"poison: the item that died of another's is read in a fresh worker"

# turned FILE: thirty good items, that one, and two hundred good ones; how many
# of them are stored, and how many the worker lied about that it took over
turned() {
	in=$work/turned
	rm -rf "$in"
	mkdir "$in"
	i=0
	while [ $i -lt 230 ]; do
		good "$2-$i" >"$in/$(printf %03d $i).xml"
		i=$((i + 1))
	done
	cp "$1" "$in/029-a"
	# shellcheck disable=SC2086
	run timeout 200 "$I" $sandbox -q "$in"
	stored=$(sql "SELECT count(*) FROM dmarc.report WHERE report_id LIKE '$2-%'")
	false=$(sql "SELECT count(*) FROM dmarc.ingest_log
	              WHERE detail = 'it is not so' AND source LIKE '%/turned/%'")
	sql "DELETE FROM dmarc.ingest_log WHERE detail = 'it is not so'"
}

# One that takes the worker over and is set aside: what was said of those
# behind it is forgotten.
{
	good self-turn-bad | sed '/<feedback>/,$!d; s/<begin>.*<.begin>/<begin>x<\/begin>/'
	printf '<!-- X-Misbehave: turn\n-->\n'
} >"$work/turn-bad"
turned "$work/turn-bad" turn-bad
is "$status:$stored:$false" 65:230:0 \
	"turned by an item that is set aside: no other is falsified"
# A record of it is bad, and the others are stored.
{
	good self-turn-record | sed '0,/<count>[0-9]*/s//<count>x/'
	printf '<!-- X-Misbehave: turn\n-->\n'
} >"$work/turn-record"
turned "$work/turn-record" turn-record
is "$status:$stored:$false" 65:230:0 \
	"turned by an item of which a record is set aside: no other is falsified"
# Nothing shows: it ends with its share, which is 20 here.
{
	good self-turn
	printf '<!-- X-Misbehave: turn\n-->\n'
} >"$work/turn"
turned "$work/turn" silent
is "$((status == 0 && stored + false == 230 && false < 20))" 1 \
	"turned by an item that is stored: $false are falsified, less than 20"

# Many at once, in every place of the queue; each good one is stored once.
in=$work/many
mkdir "$in"
i=0
while [ $i -lt 200 ]; do
	good "many-$i" >"$in/$(printf %03d $i).xml"
	i=$((i + 1))
done
for i in 000 001 050 098 099 100 150 199; do
	printf 'X-Misbehave: segv\n' >"$in/$i-a"
	printf 'X-Misbehave: poison\n' >"$in/$i-b"
	printf 'X-Misbehave: garbage\n' >"$in/$i-c"
done
# shellcheck disable=SC2086
run timeout 200 "$I" $sandbox -q "$in"
is "$status:$(wc -l <"$work/err")" 65:16 "many of them: each that kills is told"
is "$(sql "SELECT count(*), count(DISTINCT report_id) FROM dmarc.report
            WHERE report_id LIKE 'many-%'")" "200|200" "every report once"
is "$(sql "SELECT string_agg(report_id, ' ' ORDER BY l.id) =
                  (SELECT string_agg('many-' || n, ' ' ORDER BY n)
                     FROM generate_series(0, 199) n)
             FROM dmarc.ingest_log l WHERE report_id LIKE 'many-%'")" t \
	"in the order of the source"
is "$(wrong_sums)" 0 "all sums are those of their records"

# Set aside by a worker that fell, it can be tried again.
before=$(sql "SELECT count(*) FROM dmarc.set_aside WHERE reason LIKE 'decoder%'")
# shellcheck disable=SC2086
run "$real_program" $sandbox -q --retry
is "$((before > 15)):$(sql "SELECT count(*) FROM dmarc.set_aside
                             WHERE reason LIKE 'decoder%' AND resolved_at IS NULL")" \
	1:0 "--retry: a better program reads what they fell to"

# ---- it does not even begin -------------------------------------------------------------

# at_start WORD: a run in a folder where workers die so
at_start() {
	mkdir -p "$work/start"
	printf %s "$1" >"$work/start/misbehave-at-start"
	good "start-$1" >"$work/start/1.xml"
	# shellcheck disable=SC2016,SC2086
	run sh -c 'cd "$1" && shift && exec timeout 200 "$@"' start "$work/start" \
		"$I" $sandbox -q 1.xml
}

before=$(sql "SELECT count(*) FROM dmarc.ingest_log")
at_start kill
is "$status:$err" "75:dmarc-ingest: a worker was ended before it began (worker\
 killed: SIGKILL), as happens when memory is short: give back some, or raise\
 MemoryMax, and run it again" "killed before its first word: try again later"
at_start oom
is "$status:$err" "75:dmarc-ingest: there is too little memory to start a\
 worker: give back some, or allow more (ulimit -v), and run it again" \
	"without memory for it: try again later"
at_start sys
is "$status:$err" "78:dmarc-ingest: no worker can be locked in: worker killed:\
 SIGSYS; --no-sandbox does without" "a system call that is refused: --no-sandbox"
at_start segv
is "$status:$err" \
	"78:dmarc-ingest: no worker can be started: worker killed: SIGSEGV" \
	"anything else: that, and no more"
is "$(sql "SELECT count(*) FROM dmarc.ingest_log")" "$before" \
	"and nothing is written of the item"
at_start none
is "$status:$err" 0: "it is stored when workers begin again"

# ---- --print ------------------------------------------------------------------------------

PGHOST=/nonexistent
export PGHOST
one_file() {
	{
		good "self-$1"
		printf '<!-- X-Misbehave: %s\n-->\n' "$1"
	} >"$work/one.xml"
	# shellcheck disable=SC2086
	run timeout 200 "$I" $sandbox -q --print --format csv "$work/one.xml" \
		fixtures/xml/plain-7489.xml
}
one_file segv
is "$status:$err:$(printf '%s\n' "$out" | wc -l)" \
	"65:dmarc-ingest: $work/one.xml: worker killed: SIGSEGV:4" \
	"--print: the same"
one_file poison
is "$status:$err:$(printf '%s\n' "$out" | wc -l)" "0::7" "--print: printed once"

done_testing
