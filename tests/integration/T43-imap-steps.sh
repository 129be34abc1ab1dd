#!/bin/sh
# A run over a mailbox dies after any step; run again, database and mailbox end
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

fresh_database t43_template
"$I" -q --init

# ---- at each step ----------------------------------------------------------------

# Two commits; in each something to set aside, to leave and to flag.
python3 $make mail "$work/mail" 620 >/dev/null
for k in 00000 00300 00610; do
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
steps=$work/steps/dmarc-ingest
if [ -n "${NO_SANDBOX-}" ]; then
	unboxed "$steps" "$work/unboxed-steps"
	steps=$work/unboxed-steps/dmarc-ingest
fi

clone u6 t43 t43_template
run "$I" -q -c "$conf"
is "$status" 65 "an undisturbed run"
everything >"$work/want"
is "$(grep -c . "$work/want" | awk '{ print ($1 > 1240) }')" 1 "leaves much to compare"

# Each step of the first commit, and some of the others.
step=1
last=0
: >"$work/names"
while [ $step -lt 200 ]; do
	clone u6 t43_step t43_template
	DMARC_DIE_AFTER=$step run "$steps" -q -c "$conf"
	[ "$status" = 99 ] || break
	where=$(printf '%s\n' "$err" | sed -n 's/^died after //p')
	echo "$where" | sed 's/.*, //' >>"$work/names"
	alone
	run "$I" -q -c "$conf"
	everything >"$work/got"
	is "$(diff "$work/want" "$work/got" | head -5)" "" \
		"died after $where, run again: the same database and mailbox"
	last=$step
	if [ $step -lt 16 ]; then
		step=$((step + 1))
	else
		step=$((step + 3))
	fi
done
is "$((last > 17))" 1 "dead at steps up to $last"
is "$(sort -u "$work/names" | paste -sd' ' -)" \
	"committed decoded fetched forgotten moved told" "of every kind"

# ---- asked to stop while a worker hangs ---------------------------------------------------

# In this program an item is given up after 20 s, set aside and moved; nothing
# of that happens when it has to stop.
rm -rf "$work/mail"
mkdir "$work/mail"
{
	printf 'Message-ID: <hangs@x.example>\nContent-Type: text/xml\n\n'
	printf 'X-Misbehave: sleep\n'
} >"$work/mail/hangs.eml"
# shellcheck disable=SC2317 # for until_true
decodes() {
	[ -n "$(ps -o pid= --ppid "$runner")" ]
}
# shellcheck disable=SC2317 # for until_true
has_ended() {
	! kill -0 "$runner" 2>/dev/null
}
for how in --watch -q; do
	clone u6 t43_hangs t43_template
	"$steps" $how -c "$conf" >"$work/out" 2>"$work/err" &
	runner=$!
	until_true decodes
	kill -s TERM "$runner"
	until_true has_ended
	kill -s KILL "$runner" 2>/dev/null
	status=0
	wait "$runner" || status=$?
	like "$(cat "$work/err")" 'asked to stop while an item is decoded' \
		"$how: it is told"
	want=75
	[ $how = -q ] || want=0
	is "$status:$(folders u6):$(sql 'SELECT count(*) FROM dmarc.set_aside')" \
		"$want:1 INBOX:0" "$how: ends, and the mail is as it was"
done

done_testing
