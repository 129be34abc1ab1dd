#!/bin/sh
# dmarc-report coverage: who is missed, which days, text = CSV = SQL.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
R=$B/dmarc-report

fresh_database t86
run "$B/dmarc-ingest" -q --init
is "$status" 0 "schema is made"
# Google every day of June but the 10th, Yahoo until the 9th; twice says two
# things of one day.
cat tests/sql/lib.psql - <<'EOF' >"$work/fill.sql"
DO $$
DECLARE own int := pg_temp.profile('pass/pass', '', '');
BEGIN
  PERFORM pg_temp.record(pg_temp.report('example.jp', 'google.com', day::date), 90, own, NULL)
     FROM generate_series(timestamp '2026-06-01', '2026-06-21', '1 day') day
    WHERE day <> '2026-06-10';
  PERFORM pg_temp.record(pg_temp.report('example.jp', 'Yahoo', day::date), 10, own, NULL)
     FROM generate_series(timestamp '2026-06-01', '2026-06-09', '1 day') day;
  PERFORM pg_temp.record(pg_temp.report('example.jp', 'twice', '2026-06-02'), 5, own, NULL),
          pg_temp.record(pg_temp.report('example.jp', 'twice', '2026-06-02'), 5, own, NULL);
  PERFORM pg_temp.report('other.example', 'google.com', '2026-06-01');
END $$;
INSERT INTO dmarc.set_aside (digest, first_seen_at, kind, source, reason, detail, size, policy_domain, org_name)
VALUES ('\x01', '2026-06-05', 'item', 'a', 'bad_crc', 'x', 1, 'example.jp', '=evil'),
       ('\x02', '2026-06-06', 'item', 'b', 'bad_crc', 'x', 1, 'nobody.example', 'x');
EOF
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status:$err" 0: "reports are there"

run "$R" coverage
is "$status:$err" 0: "text"
cp "$work/out" "$work/c.txt"
run "$R" coverage --format csv
is "$status:$err" 0: "csv"
cp "$work/out" "$work/c.csv"
run python3 tests/integration/report.py "$work/c.txt" "$work/c.csv"
is "$status:$out" 0: "text says what csv says"
is "$(rows row reporter from_day to_day days reports messages usual_gap \
	last_seen silent_days reason things <"$work/c.csv" |
	sed '/^domain|/d' | head -n 11)" \
	"silent|yahoo|||9|9|90|1|2026-06-09|12||
without||2026-06-10|2026-06-10|1|||||||
big|google|||20|20|1800||2026-06-21|||
big|yahoo|||9|9|90||2026-06-09|||
big|outlook|||0|0|0|||||
overlap|twice|||1|1|5||2026-06-02|||
set_aside|'=evil|||||||2026-06-05||bad_crc|1
week||2026-06-01|2026-06-07|7|16|710|||||
week||2026-06-08|2026-06-14|6|8|560|||||
week||2026-06-15|2026-06-21|7|7|630|||||
week_total||||20|31|1900|||||" "worked out by hand"
is "$(rows row messages <"$work/c.csv" | sed -n 's/^week_total|//p' | head -n 1)" \
	"$(sql 'SELECT sum(message_count) FROM dmarc.record')" \
	"the messages of the tables"
like "$(cat "$work/c.txt")" '^  google +20 +20 +1,800 +94.7 % ' "shares of big receivers"
like "$(rows row domain from_day to_day days <"$work/c.csv")" \
	'^without\|other.example\|2026-06-02\|2026-06-21\|20$' \
	"a domain that nobody reports on any more"
run "$R" coverage --domain example.jp --until 2026-06-16
is "$(printf '%s\n' "$out" | grep -c 'does no more')" 0 \
	"seven days are patience"
run "$R" coverage --domain example.jp --until 2026-06-17
is "$(printf '%s\n' "$out" | grep -c 'does no more')" 1 "the eighth is not"
sql "INSERT INTO dmarc.setting (name, value) VALUES ('big_receivers', 'twice')"
like "$("$R" coverage --domain example.jp)" '^  twice +1 +2 +10 +0.5 % ' \
	"the setting big_receivers"
is "$(unexplained coverage)" "" "the manual explains every column"
# Two report every day of June up to the 21st, but one not on 9 to 12 and the other
# not on the 10th: 9, 11 and 12 are days on which others reported.
cat tests/sql/lib.psql - <<'EOF' >"$work/paused.sql"
DO $$
DECLARE own int := pg_temp.profile('pass/pass', '', '');
BEGIN
  PERFORM pg_temp.record(pg_temp.report('paused.example', 'google.com', day::date), 1, own, NULL)
     FROM generate_series(timestamp '2026-06-01', '2026-06-21', '1 day') day
    WHERE day <> '2026-06-10';
  PERFORM pg_temp.record(pg_temp.report('paused.example', 'yahoo.com', day::date), 1, own, NULL)
     FROM generate_series(timestamp '2026-06-01', '2026-06-21', '1 day') day
    WHERE day NOT BETWEEN '2026-06-09' AND '2026-06-12';
END $$;
EOF
psql -Xq -v ON_ERROR_STOP=1 -f "$work/paused.sql" >/dev/null
run "$R" coverage --domain paused.example --format csv
is "$(rows row reporter from_day to_day days usual_gap <"$work/out" | grep '^paused')" \
	"paused|yahoo.com|2026-06-09|2026-06-12|3|1" "a reporter that paused"
like "$("$R" coverage --domain paused.example)" 'Paused on days when others reported:' \
	"text has it, too"
run "$R" coverage --domain nobody.example
is "$status:$out:$err" \
	"0::dmarc-report: nobody reported on nobody.example" "no reports"

done_testing
