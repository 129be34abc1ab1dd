#!/bin/sh
# A run over a mailbox dies at any moment; run again, database and mailbox end
# as in an undisturbed run.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

# Everything that a run leaves behind, but ids and times.
everything() {
	tables
	sql "SELECT source, part, outcome, reason FROM dmarc.ingest_log
	      ORDER BY 1, 2, 3"
	known
	imapbox list u6
	imapbox flags u6 INBOX
	for folder in Processed Set-aside; do
		imapbox flags u6 $folder | cut -d' ' -f2- | LC_ALL=C sort
	done
}

clone() {
	PGDATABASE=$1
	export PGDATABASE
	dropdb --if-exists "$1" 2>/dev/null
	createdb -T t43_template "$1"
	imapbox wipe u6
	imapbox fill u6 INBOX "$work/mail"
}

fresh_database t43_template
"$I" -q --init

# ---- at each step ----------------------------------------------------------------

# Three commits; in each something to set aside, to leave and to flag.
python3 $make mail "$work/mail" 1200 >/dev/null
for k in 00000 00600 01150; do
	for f in hostile/nested-too-deep.eml bounce.eml two-reports.eml; do
		[ ! -f "fixtures/mail/$f" ] ||
			cp "fixtures/mail/$f" "$work/mail/r$k-$(basename $f)"
	done
	printf 'Message-ID: <%s@x.example>\nSubject: hello\n\nhello\n' $k \
		>"$work/mail/r$k-hello.eml"
	{
		printf 'Message-ID: <bad%s@x.example>\nContent-Type: text/xml\n\n' $k
		cat fixtures/xml/hostile/doctype-bare.xml
	} >"$work/mail/r$k-bad.eml"
done
config u6 'foreign = flag \Flagged'

run make -j2 B="$work/steps" CFLAGS='-O0 -DTEST_STEPS' HARD= HARDLD= \
	"$work/steps/dmarc-ingest"
is "$status" 0 "a program that dies where it is told"

clone t43
run "$I" -q -c "$conf"
is "$status" 65 "an undisturbed run"
everything >"$work/want"
is "$(grep -c . "$work/want" | awk '{ print ($1 > 2400) }')" 1 "leaves much to compare"

# Each step of the first commit, and some of the others.
step=1
last=0
: >"$work/names"
while [ $step -lt 200 ]; do
	clone t43_step
	DMARC_DIE_AFTER=$step run "$work/steps/dmarc-ingest" -q -c "$conf"
	[ "$status" = 99 ] || break
	where=$(printf '%s\n' "$err" | sed -n 's/^died after //p')
	echo "$where" | sed 's/.*, //' >>"$work/names"
	run "$I" -q -c "$conf"
	everything >"$work/got"
	is "$(diff "$work/want" "$work/got" | head -5)" "" \
		"died after $where, run again: the same database and mailbox"
	last=$step
	if [ $step -lt 22 ]; then
		step=$((step + 1))
	else
		step=$((step + 5))
	fi
done
is "$((last > 25))" 1 "dead at steps up to $last"
is "$(sort -u "$work/names" | paste -sd' ' -)" \
	"committed decoded fetched forgotten moved told" "of every kind"

# ---- at any moment ------------------------------------------------------------------

rm -r "$work/mail"
want=$(python3 $make mail "$work/mail" 2000)
config u6
clone t43_kill
start=$(date +%s%N)
run "$I" -q -c "$conf"
took=$((($(date +%s%N) - start) / 1000000))
is "$status:$(made):$(folders u6)" "0:$want:2000 Processed" "2,000 mails"

# 50 times, at moments spread by chance over the length of a run; each time the
# same run goes on where the last was killed, until one is not.
died=0
bad_sums=0
clone t43_kill
for ms in $(python3 -c "
import random
random.seed(20261124)
print(*(random.randrange(1, max(2, $took)) for _ in range(50)))"); do
	run timeout -s KILL "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))" \
		"$I" -q -c "$conf"
	if [ "$status" = 137 ]; then
		died=$((died + 1))
	elif [ "$status" != 0 ]; then
		is "$status:$err" 0: "a run ends by itself"
	else
		# It came to its end: begin again.
		until_sql "SELECT count(*) FROM pg_stat_activity
		            WHERE application_name = 'dmarc-ingest'
		              AND datname = current_database()" 0
		[ "$(made):$(folders u6):$(known)" = "$want:2000 Processed:" ] ||
			is "$(made):$(folders u6):$(known)" "$want:2000 Processed:" \
				"ended by itself: every report once, no mail left"
		clone t43_kill
	fi
	until_sql "SELECT count(*) FROM pg_stat_activity
	            WHERE application_name = 'dmarc-ingest'
		              AND datname = current_database()" 0
	[ "$(wrong_sums)" = 0 ] || bad_sums=$((bad_sums + 1))
done
is "$bad_sums" 0 "killed 50 times: never anything by halves"
is "$((died >= 25))" 1 "$died of them before their end"
run "$I" -q -c "$conf"
is "$status:$err:$(made)" "0::$want" "run to the end: every report exactly once"
is "$(folders u6):$(known)" "2000 Processed:" "no mail left, none lost, none doubled"

# ---- asked to stop -------------------------------------------------------------------

for signal in TERM INT HUP; do
	clone t43_stop
	sql "CREATE FUNCTION t43() RETURNS trigger LANGUAGE plpgsql AS \$\$ BEGIN
	       PERFORM pg_sleep(0.2); RETURN NULL; END \$\$;
	     CREATE TRIGGER t43 AFTER INSERT ON dmarc.ingest_log
	        FOR EACH STATEMENT EXECUTE FUNCTION t43()"
	run timeout -s $signal 0.3 "$I" -q -c "$conf"
	like "$err" '^dmarc-ingest: asked to stop' "SIG$signal: says so"
	n_stored=$(sql 'SELECT count(*) FROM dmarc.report')
	is "$(imapbox count u6 Processed):$(known)" "$n_stored:" \
		"what was committed is moved before the end"
	sql 'DROP TRIGGER t43 ON dmarc.ingest_log'
	run "$I" -q -c "$conf"
	is "$status:$(made):$(folders u6)" "0:$want:2000 Processed" "run again: all"
done

done_testing
