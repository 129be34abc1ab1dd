#!/bin/sh
# dmarc-report selectors: text = CSV = sums of the tables; never verified apart.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
R=$B/dmarc-report

fresh_database t87
run "$B/dmarc-ingest" -q --init
is "$status" 0 "schema is made"
cat tests/sql/lib.psql - <<'EOF' >"$work/fill.sql"
-- good verifies; old verified until 2 May and breaks since; bogus never did.
DO $$
DECLARE r bigint;
BEGIN
  FOR i IN 1..4 LOOP
    r := pg_temp.report('example.jp', 'A', date '2026-04-30' + i);
    PERFORM pg_temp.record(r, 100, pg_temp.profile('pass/pass',
      'example.jp good pass example.jp strict', 'example.jp mfrom pass example.jp strict'), '192.0.2.1');
    PERFORM pg_temp.record(r, 10, pg_temp.profile(CASE WHEN i < 3 THEN 'pass/fail' ELSE 'fail/fail' END,
      'example.jp old ' || CASE WHEN i < 3 THEN 'pass' ELSE 'permerror' END || ' example.jp strict', ''), '192.0.2.2');
    PERFORM pg_temp.record(r, 7, pg_temp.profile('fail/fail',
      'example.jp bogus fail example.jp strict', 'example.jp mfrom softfail example.jp strict'), '203.0.113.9');
  END LOOP;
  PERFORM pg_temp.record(r, 3, pg_temp.profile('fail/fail', '',
    'example.jp mfrom permerror example.jp strict'), '192.0.2.1');
END $$;
EOF
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status:$err" 0: "records are there"

run "$R" selectors
is "$status:$err" 0: "text"
cp "$work/out" "$work/s.txt"
run "$R" selectors --format csv
is "$status:$err" 0: "csv"
cp "$work/out" "$work/s.csv"
run python3 tests/integration/report.py "$work/s.txt" "$work/s.csv"
is "$status:$out" 0: "text says what csv says"
is "$(rows row selector signed_as return_path state messages pass broken fail \
	permerror softfail <"$work/s.csv")" \
	"domain||||||||||
selector|old|example.jp||broken|40|20|20|0|20|
selector|good|example.jp||healthy|400|400|0|0|0|
never_verified|bogus|example.jp||never_verified|28|0|28|28|0|
return_path|||example.jp||431|400||0|3|28
return_path_total|||||431|400|0|0|3|28" "worked out by hand"
is "$(rows selector last_pass broken_since top_reporters <"$work/s.csv" |
	sed -n 2p)" "old|2026-05-02|2026-05-03|a 20" "since when, and at whom"
is "$(rows messages <"$work/s.csv" | awk 'NR >= 2 && NR <= 4 { n += $1 }
	END { print n }')" \
	"$(sql "SELECT sum(c.message_count) FROM dmarc.record c
	          JOIN dmarc.auth_profile p ON p.id = c.profile_id
	         WHERE cardinality(p.dkim) > 0")" "the messages of the tables"
like "$(cat "$work/s.txt")" '^  Never verified; anybody can write' \
	"what never verified stands apart"
run "$R" selectors --until 2026-05-02
like "$out" '^  old +example.jp +healthy +20 +20 ' "a window"
is "$(unexplained selectors)" "" "the manual explains every column"
run "$R" selectors --domain nobody.example
is "$status:$out:$err" \
	"0::dmarc-report: nobody reported on nobody.example" "no reports"

done_testing
