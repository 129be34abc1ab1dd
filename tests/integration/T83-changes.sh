#!/bin/sh
# dmarc-report changes: silence, heartbeat, the mark, text = CSV = SQL.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
R=$B/dmarc-report

fresh_database t83
run "$B/dmarc-ingest" -q --init
is "$status" 0 "schema is made"
run "$R" changes
is "$status:$out:$err" 0:: "an empty database: silence"
run "$R" changes --heartbeat
is "$status:$out:$err" "0:no new day to look at:" "and a heartbeat"

# example.jp: own mail passes, 100 a day; from 8 June on half of it fails as the
# service's own.  example.net: nothing changes.
cat tests/sql/lib.psql - <<'EOF' >"$work/fill.sql"
INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim,
       return_path, evidence)
VALUES ('Service', 'local', 'test', 'platform', 'yes', 'yes', 'A');
INSERT INTO dmarc.sender_pattern (sender, kind, pattern, origin)
VALUES ('Service', 'domain', 'service.example', 'local');
DO $$
DECLARE r bigint;
  good int := pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict,service.example k pass service.example none', '');
  bad int := pg_temp.profile('fail/fail', 'service.example k pass service.example none', '');
BEGIN
  FOR i IN 0..20 LOOP
    r := pg_temp.report('example.jp', 'A', date '2026-05-25' + i);
    PERFORM pg_temp.record(r, CASE WHEN i < 14 THEN 100 ELSE 50 END, good, '192.0.2.1');
    IF i >= 14 THEN PERFORM pg_temp.record(r, 50, bad, '192.0.2.1'); END IF;
    r := pg_temp.report('example.net', 'A', date '2026-05-25' + i);
    PERFORM pg_temp.record(r, 10, pg_temp.profile('pass/pass', 'example.net s pass example.net strict', 'example.net mfrom pass example.net strict', header_from => 'example.net', org => 'example.net'), '192.0.2.9');
  END LOOP;
END $$;
EOF
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status:$err" 0: "records are there"

# ---- with --since: a look that keeps nothing ---------------------------------

run "$R" changes --since 2026-06-08 --until 2026-06-14
is "$status:$err" 0: "text"
cp "$work/out" "$work/c.txt"
run "$R" changes --since 2026-06-08 --until 2026-06-14 --format csv
is "$status:$err" 0: "csv"
cp "$work/out" "$work/c.csv"
run python3 tests/integration/report.py "$work/c.txt" "$work/c.csv"
is "$status:$out" 0: "text says what csv says"
is "$(rows row domain kind subject messages_before pass_before messages pass \
	class <"$work/c.csv")" \
	"domain|example.jp|||||||
change|example.jp|worse|Service|1400|1400|200|100|FAIL/AUTHENTICATED_UNALIGNED_KNOWN" \
	"what is worse, and nothing of what is as it was"
is "$(rows row kind subject messages pass <"$work/c.csv" | sed -n 's/^change|//p')" \
	"$(sql "SELECT kind, subject, messages, pass
	          FROM dmarc.change_between(NULL, '2026-06-08', '2026-06-14')")" \
	"csv says what SQL says"
is "$(cat "$work/c.txt")" \
	"example.jp  since 2026-06-08, up to 2026-06-14 (UTC), against what was since 2026-03-15

  CHANGE  WHO      BEFORE     PASS  NOW    PASS  LAST SEEN   WHAT
  worse   Service   1,400  100.0 %  200  50.0 %  2026-06-14  no author signature" \
	"as people read it"
is "$(unexplained changes --since 2026-06-08 --until 2026-06-14)" "" \
	"the manual explains every column"
run "$R" changes --since 2026-06-01 --until 2026-06-07
is "$status:$out:$err" 0:: "nothing changed: silence"
run "$R" changes --since 2026-06-01 --until 2026-06-07 --format csv
is "$status:$out:$err" 0:: "in csv, too"
run "$R" changes --since 2026-06-01 --until 2026-06-07 --heartbeat
is "$status:$out:$err" \
	"0:0 changes since 2026-06-01, up to 2026-06-07 (UTC): 770 messages in 14 reports on 2 domains:" \
	"with a heartbeat one line"
run "$R" changes --since 2026-06-08 --until 2026-06-14 --domain example.net
is "$status:$out:$err" 0:: "the other domain alone: silence"
is "$(sql 'SELECT count(*) FROM dmarc.run_mark')" 0 "no mark is kept"

# ---- the mark ----------------------------------------------------------------

run "$R" changes --until 2026-06-07
is "$status:$out:$err" 0:: "a first run, up to 7 June: silence"
is "$(sql 'SELECT policy_domain, until_day FROM dmarc.run_mark')" "|2026-06-07" \
	"and the mark is kept"
run "$R" changes --heartbeat
is "$(printf '%s\n' "$out" | head -n 1)" \
	"1 change since 2026-06-08, up to 2026-06-14 (UTC): 770 messages in 14 reports on 2 domains" \
	"the second begins behind it"
like "$out" '^  worse +Service ' "and tells of it"
run "$R" changes
is "$status:$out:$err" 0:: "the third has nothing new to look at: silence"
run "$R" changes --heartbeat
is "$status:$out" "0:no new day to look at" "so says its heartbeat"
is "$(sql 'SELECT count(*), max(until_day) FROM dmarc.run_mark')" "2|2026-06-14" \
	"and moves no mark"
run "$R" changes --domain example.jp
like "$out" '^  worse +Service ' "a domain of its own has a mark of its own"
is "$(sql "SELECT policy_domain FROM dmarc.run_mark ORDER BY id DESC LIMIT 1")" \
	example.jp "which is kept for it"

# ---- rights ------------------------------------------------------------------

sql 'CREATE ROLE t83_reader LOGIN; GRANT dmarc_read TO t83_reader;
     CREATE ROLE t83_operator LOGIN; GRANT dmarc_operator TO t83_operator'
run env PGUSER=t83_reader "$R" changes
is "$status:$out" 78: "who only reads cannot keep a mark"
like "$err" 'give --since, or grant it dmarc_operator' "and is told what to do"
run env PGUSER=t83_reader "$R" changes --since 2026-06-08 --until 2026-06-14
is "$status:$out" "0:$(cat "$work/c.txt")" "with --since reading is enough"
run env PGUSER=t83_operator "$R" changes --domain example.net
is "$status:$out:$err" 0:: "dmarc_operator may"
is "$(sql "SELECT ran_by FROM dmarc.run_mark ORDER BY id DESC LIMIT 1")" \
	t83_operator "and it is written down who ran it"
sql 'DROP ROLE t83_reader; DROP ROLE t83_operator'

run "$R" changes --since 2026-06-08 --until 2026-06-01
is "$status:$out" 64: "days the wrong way round"
run "$R" changes --days 7
is "$status:$out" 64: "--days is not for it"

done_testing
