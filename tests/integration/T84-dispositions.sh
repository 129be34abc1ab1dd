#!/bin/sh
# dmarc-report dispositions: text = CSV = sums of the tables.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
R=$B/dmarc-report

fresh_database t84
run "$B/dmarc-ingest" -q --init
is "$status" 0 "schema is made"

# Under p=reject: good rejects; soft quarantines, which conforms; list lets
# through with a reason, lax without; harsh rejects under p=none of example.net.
cat tests/sql/lib.psql - <<'EOF' >"$work/fill.sql"
DO $$
DECLARE
  own int := pg_temp.profile('pass/pass', '', '');
  rej int := pg_temp.profile('fail/fail', '', '', disposition => 'reject');
  qua int := pg_temp.profile('fail/fail', '', '', disposition => 'quarantine');
  non int := pg_temp.profile('fail/fail', '', '', disposition => 'none');
  ml  int := pg_temp.profile('fail/fail', '', '', disposition => 'none', reasons => '{mailing_list}');
  lp  int := pg_temp.profile('fail/fail', '', '', disposition => 'none', reasons => '{local_policy}');
  mute int := pg_temp.profile('fail/fail', '', '', disposition => NULL);
  r bigint;
BEGIN
  FOR i IN 0..9 LOOP
    r := pg_temp.report('example.jp', 'good', date '2026-01-01' + i, 'reject');
    PERFORM pg_temp.record(r, 1000, own, NULL), pg_temp.record(r, 10, rej, NULL);
    r := pg_temp.report('example.jp', 'soft', date '2026-01-01' + i, 'reject');
    PERFORM pg_temp.record(r, 5, qua, NULL);
    r := pg_temp.report('example.jp', 'list', date '2026-01-01' + i, 'reject');
    PERFORM pg_temp.record(r, 3, ml, NULL), pg_temp.record(r, 2, lp, NULL),
            pg_temp.record(r, 15, rej, NULL);
  END LOOP;
  r := pg_temp.report('example.jp', 'lax', '2026-01-05', 'reject');
  PERFORM pg_temp.record(r, 7, non, NULL), pg_temp.record(r, 1, mute, NULL);
  r := pg_temp.report('example.net', 'harsh', '2026-01-05', 'none');
  PERFORM pg_temp.record(r, 4, pg_temp.profile('fail/fail', '', '', disposition => 'reject', header_from => 'example.net', org => 'example.net'), NULL);
  r := pg_temp.report('fine.example', 'good', '2026-01-05', 'none');
END $$;
EOF
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status:$err" 0: "records are there"

run "$R" dispositions
is "$status:$err" 0: "text"
cp "$work/out" "$work/d.txt"
run "$R" dispositions --format csv
is "$status:$err" 0: "csv"
cp "$work/out" "$work/d.csv"
run python3 tests/integration/report.py "$work/d.txt" "$work/d.csv" messages \
	honoured weaker stronger not_said sampled enforcing enforced
is "$status:$out" 0: "rows add up, and text says what csv says"
is "$(rows row domain reporter messages honoured weaker stronger not_said \
	enforcing enforced enforced_percent reasons <"$work/d.csv")" \
	"domain|example.jp||358|300|57|0|1|357|300|84.0|
reporter|example.jp|list|200|150|50|0|0|200|150|75.0|mailing_list 30, local_policy 20
reporter|example.jp|lax|8|0|7|0|1|7|0|0.0|none given 7
reporter|example.jp|good|100|100|0|0|0|100|100|100.0|
reporter|example.jp|soft|50|50|0|0|0|50|50|100.0|
total|example.jp||358|300|57|0|1|357|300|84.0|
domain|example.net||4|0|0|4|0|0|0||
reporter|example.net|harsh|4|0|0|4|0|0|0||
total|example.net||4|0|0|4|0|0|0||
domain|fine.example||0|0|0|0|0|0|0||
all|||362|300|57|4|1|357|300|84.0|" "who did what, worked out by hand"
is "$(awk -F, 'NR > 1' "$work/d.csv" | wc -l)" 11 "a row each"
is "$(rows row weaker weaker_mailing_list weaker_forwarded \
	weaker_trusted_forwarder weaker_arc weaker_local_policy weaker_other \
	weaker_none_given <"$work/d.csv" |
	awk -F'|' '$2 != $3 + $4 + $5 + $6 + $7 + $8 + $9')" "" \
	"what was let through is the sum of the reasons"
is "$(rows row honoured weaker stronger not_said messages <"$work/d.csv" |
	awk -F'|' '$2 + $3 + $4 + $5 != $6')" "" \
	"honoured, weaker, stronger and not said are all that fails"
is "$(rows row messages <"$work/d.csv" | sed -n 's/^all|//p')" \
	"$(sql "SELECT sum(c.message_count) FROM dmarc.record c
	          JOIN dmarc.auth_profile p ON p.id = c.profile_id
	         WHERE p.eval_dkim = 'fail' AND p.eval_spf = 'fail'")" \
	"the failing messages of the tables"
like "$(cat "$work/d.txt")" \
	'of 357 that the policy wants quarantined or rejected 300 were \(84.0 %\)' \
	"the headline says how far the policy is honoured"
run "$R" dispositions --domain example.jp --since 2026-01-10
like "$out" '^  list +20 +15 +5 +75.0 % +mailing_list 3, local_policy 2$' \
	"a window"
is "$(unexplained dispositions)" "" "the manual explains every column"
run "$R" dispositions --domain nobody.example
is "$status:$out:$err" \
	"0::dmarc-report: nobody reported on nobody.example" "no reports"
run python3 tests/integration/terminal.py 80 "$R" dispositions
is "$status:$(sed 1d "$work/out" | LC_ALL=C.UTF-8 wc -L | awk '{ print $1 <= 80 }')" 0:1 \
	"it fits a terminal"

done_testing
