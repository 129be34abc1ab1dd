#!/bin/sh
# dmarc-report policy: the timeline, who was late, what reporters complain of.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
R=$B/dmarc-report

fresh_database t85
run "$B/dmarc-ingest" -q --init
is "$status" 0 "schema is made"
cat tests/sql/lib.psql - <<'EOF' >"$work/fill.sql"
-- none for four days; then quarantine pct=10; slow sees it a day after the
-- others, never not at all.
DO $$ BEGIN
  PERFORM pg_temp.report('example.jp', o, day::date,
            CASE WHEN day < '2026-05-05' OR o = 'never'
                      OR (o = 'slow' AND day < '2026-05-07')
                 THEN 'none' ELSE 'quarantine' END)
     FROM unnest(ARRAY['a', 'b', 'c', 'slow', 'never']) o,
          generate_series(timestamp '2026-05-01', '2026-05-08', '1 day') day;
  PERFORM pg_temp.report('example.net', 'a', '2026-05-01', 'reject');
  UPDATE dmarc.report SET pct = 10 WHERE p = 'quarantine';
  UPDATE dmarc.report SET errors = '{"no rua"}'
   WHERE day = '2026-05-08' AND reporter < 'c';
END $$;
EOF
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status:$err" 0: "reports are there"

run "$R" policy
is "$status:$err" 0: "text"
cp "$work/out" "$work/p.txt"
run "$R" policy --format csv
is "$status:$err" 0: "csv"
cp "$work/out" "$work/p.csv"
run python3 tests/integration/report.py "$work/p.txt" "$work/p.csv"
is "$status:$out" 0: "text says what csv says"
is "$(rows row domain published from_day to_day days reports seen \
	seen_reporters old other <"$work/p.csv")" \
	"domain|example.jp|||||40||||
policy|example.jp|p=none|2026-05-01|2026-05-04|4|20|20|5|0|0
policy|example.jp|p=quarantine pct=10|2026-05-05|2026-05-08|4|20|14|4|6|0
late|example.jp||2026-05-05|2026-05-08|||||4|
late|example.jp||2026-05-05|2026-05-06|||||2|
error|example.jp||2026-05-08|2026-05-08||||2||
domain|example.net|||||1||||
policy|example.net|p=reject|2026-05-01|2026-05-01|1|1|1|1|0|0" \
	"intervals, worked out by hand"
is "$(rows row reporter lag_days still <"$work/p.csv" | grep ^late)" \
	"late|never|3|yes
late|slow|1|no" "who was late, and by how many days"
is "$(rows row reports <"$work/p.csv" |
	awk -F'|' '$1 == "policy" { n += $2 } END { print n }')" \
	"$(sql 'SELECT count(*) FROM dmarc.report')" "every report is in an interval"
like "$(cat "$work/p.txt")" 'pct=10: RFC 9989 has no pct any more' \
	"pct is gone: the reader is told"
sql "UPDATE dmarc.report SET pct = 100, testing = 'y' WHERE p = 'quarantine'"
run "$R" policy --domain example.jp --since 2026-05-06
like "$out" 't=y: receivers that only know RFC 7489 ignore it' \
	"t=y is no test to them: the reader is told"
like "$out" '^  p=quarantine t=y  2026-05-05  2026-05-08 +4 +15 +11 +4 +4$' \
	"a window counts its own reports only"
is "$(unexplained policy)" "" "the manual explains every column"
run "$R" policy --domain nobody.example
is "$status:$out:$err" \
	"0::dmarc-report: nobody reported on nobody.example" "no reports"

done_testing
