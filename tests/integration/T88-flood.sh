#!/bin/sh
# One stranger's reports cannot bury what an operator has to see: lists are
# bounded, one row sums up the others, and that adds up; --all has every row.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
R=$B/dmarc-report

# flood KIND COUNT: a database with 12 good days and that attack
flood() {
	fresh_database "t88_$1"
	"$B/dmarc-ingest" -q --init
	rm -rf "${work:?}/$1"
	tests/flood.py "$work/$1" "$1" "$2"
	tests/flood.py "$work/$1" normal 12 own.example
	"$B/dmarc-ingest" -q "$work/$1" >/dev/null 2>&1
}

# added COLUMN ROW: sum of a column over the rows of that name in $work/out
added() {
	python3 - "$work/out" "$1" "$2" <<-'END'
		import csv, sys
		print(sum(int(r[sys.argv[2]] or 0)
		          for r in csv.DictReader(open(sys.argv[1], newline=""))
		          if r["row"] == sys.argv[3]
		          and r.get("domain") not in ("own.example",)))
	END
}

# counted ROW: how many rows of that name $work/out has
counted() {
	cut -d, -f1 <"$work/out" | grep -cx "$1"
}

# bounded COMMAND MOST NAME: text has no more lines than that
bounded() {
	# shellcheck disable=SC2086 # a command and its options
	run "$R" $1
	is "$status" 0 "$3"
	lines=$(printf '%s\n' "$out" | wc -l)
	is "$([ "$lines" -le "$2" ] && echo yes || echo "$lines lines")" yes \
		"$3: no more than $2 lines"
}

# ---- 1,000 senders, of 4,003 failing messages ------------------------------------
# Seven in a row have 1 to 7 messages: 142 times 28, and 1 to 6.
flood senders 1000
bounded summary 80 "senders: summary"
bounded unaligned 240 "senders: unaligned"
like "$out" '^  and 800 more \(--all\) +2,[0-9]+ ' "senders: a row for the others"
run "$R" unaligned --format csv
is "$(counted sender):$(counted others)" 201:1 "senders: csv is bounded, too"
is "$(($(added messages sender) + $(added messages others)))" 3997 \
	"senders: lines and others are all messages, worked out by hand"
is "$(added messages total)" 3997 "senders: and so is the total"
is "$(added more others)" 800 "senders: how many others"
run "$R" unaligned --all --format csv
is "$(counted sender):$(counted others)" 1001:0 "senders: --all has every row"
is "$(added messages sender):$(added messages total)" 3997:3997 \
	"senders: --all has the same sum"
run "$R" unaligned
cp "$work/out" "$work/u.txt"
run "$R" unaligned --format csv
cp "$work/out" "$work/u.csv"
run python3 tests/integration/report.py "$work/u.txt" "$work/u.csv"
is "$(printf '%s\n' "$out" | grep -c 'text has')" 0 \
	"senders: text says what csv says"

# ---- senders that pass ----------------------------------------------------------
flood passing 1000
bounded summary 80 "passing: summary"
like "$out" '^  and [0-9]+ more \(--all\) ' "passing: a row for the others"
run "$R" summary --format csv
is "$(($(added messages sender) + $(added messages others)))" 1000 \
	"passing: lines and others are all messages"
is "$(added pass total)" 1000 "passing: the total is not less"
run "$R" summary --all --format csv
is "$(counted others):$(added messages sender)" 0:1000 "passing: --all"

# ---- selectors and return-paths ---------------------------------------------------
flood selectors 1000
bounded selectors 450 "selectors"
run "$R" selectors --format csv
is "$(counted selector):$(counted selector_others)" 201:1 \
	"selectors: those that verify, and the others"
is "$(counted never_verified):$(counted never_verified_others)" 200:1 \
	"selectors: those that never do, and the others"
is "$(($(added messages selector) + $(added messages selector_others) + \
	$(added messages never_verified) + \
	$(added messages never_verified_others)))" 1000 "selectors: all messages"
is "$(added more selector_others):$(added more never_verified_others)" 300:300 \
	"selectors: how many others"
flood paths 1000
bounded selectors 230 "return-paths"
run "$R" selectors --format csv
is "$(($(added messages return_path) + $(added messages return_path_others)))" \
	"$(added messages return_path_total)" "return-paths: the total adds up"

# ---- reporters, errors, policies --------------------------------------------------
flood reporters 1000
bounded reporters 220 "reporters"
run "$R" reporters --format csv
is "$(($(added reports reporter) + $(added reports others)))" 1000 \
	"reporters: all reports"
bounded dispositions 220 "reporters: dispositions"
bounded coverage 260 "reporters: coverage"
flood errors 1000
bounded policy 240 "errors"
run "$R" policy --format csv
is "$(counted error):$(added more error_others)" 200:800 "errors: how many others"
is "$(($(added error_reports error) + $(added error_reports error_others)))" \
	1000 "errors: all of them"
flood policies 300
bounded policy 460 "policies"
run "$R" policy --format csv
is "$(counted policy):$(added more policy_others)" 201:100 "policies"

# ---- records that cannot be read --------------------------------------------------
flood bad 3000
bounded status 40 "bad records: status"
like "$out" '^  and 2,997 more \(--all\) ' "bad records: summed up by their source"
run "$R" status --format csv
is "$(($(added more set_aside_others) + $(counted set_aside)))" 3000 \
	"bad records: all of them"
bytes=$(($(added bytes set_aside) + $(added bytes set_aside_others)))
is "$bytes" "$(sql "SELECT sum(size) FROM dmarc.set_aside_open")" \
	"bad records: all bytes"
run "$R" status --all --format csv
is "$(counted set_aside):$(added bytes set_aside)" "3000:$bytes" \
	"bad records: --all has every one"

# ---- domains that are not the operator's --------------------------------------------
flood domains 1000
bounded summary 1300 "domains: summary, nothing said of whose they are"
like "$out" '^and 901 more domains: ' "domains: how many more"
"$R" settings own_domains own.example >/dev/null
for command in summary unaligned reporters dispositions policy coverage \
	selectors; do
	bounded "$command" 45 "foreign domains: $command"
	is "$(printf '%s\n' "$out" | grep -c 'not-yours')" 1 \
		"foreign domains: $command: one line"
	like "$out" '^1,000 domains that are not yours: not-yours0.example, ' \
		"foreign domains: $command: how many"
done
run "$R" reporters --format csv
is "$(added reports not_yours):$(added messages not_yours)" 1000:1000 \
	"foreign domains: their sums"
run "$R" reporters --domain not-yours7.example
like "$out" '^not-yours7.example ' "foreign domains: --domain has one"
run "$R" reporters --all --format csv
is "$(counted domain):$(counted not_yours)" 1001:0 "foreign domains: --all"
run "$R" changes --since "$(date -u -d '10 days ago' +%F)"
is "$(printf '%s\n' "$out" | grep -c 'not-yours')" 0 \
	"foreign domains: changes does not tell of them"
run "$R" changes --all --since "$(date -u -d '10 days ago' +%F)"
is "$(printf '%s\n' "$out" | grep -c '^not-yours')" 1000 \
	"foreign domains: unless it has to"

# ---- texts ----------------------------------------------------------------------
flood texts 20
run "$R" reporters
is "$(awk 'length($0) > 400' "$work/out" | wc -l)" 0 "texts: no line is longer"
like "$out" 'long name long name .*\.\.\. ' "texts: cut"
run "$R" reporters --format csv
like "$out" "$(printf 'long name %.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)" \
	"texts: whole in csv"
run "$R" policy
is "$(awk 'length($0) > 700' "$work/out" | wc -l)" 0 "texts: an error, too"

# ---- work is linear: no big set is gone through for each row of another -----------
# rows_of NAME: the rows that all nodes of all plans in standard input dealt with,
# those of functions, too, as auto_explain tells.
rows_of() {
	python3 -c '
import json, sys
def rows(n):
    removed = sum(n.get(k, 0) for k in ("Rows Removed by Join Filter",
        "Rows Removed by Filter"))
    return ((n["Actual Rows"] + removed) * n["Actual Loops"]
            + sum(map(rows, n.get("Plans", []))))
text, total, decoder = sys.stdin.read(), 0, json.JSONDecoder()
at = text.find("plan:\n{")
while at != -1:
    total += rows(decoder.raw_decode(text, at + 6)[0]["Plan"])
    at = text.find("plan:\n{", at + 6)
print(sys.argv[1], int(total))' "$1"
}
# work_of KIND COUNT: what each statement costs on that, in rows.
work_of() {
	flood "$1" "$2"
	psql -Xq -c "VACUUM ANALYZE"
	for q in summary unaligned selectors changes dispositions readiness \
		what-if; do
		case $q in
		changes) params="NULL,'$(date -u -d '10 days ago' +%F)','$(date -u +%F)',200" ;;
		readiness) params='NULL,NULL' ;;
		what-if) params='NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,200' ;;
		*) params='NULL,NULL,NULL,200' ;;
		esac
		{
			echo "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0;
				SET auto_explain.log_analyze = on;
				SET auto_explain.log_timing = off;
				SET auto_explain.log_nested_statements = on;
				SET auto_explain.log_format = json;
				PREPARE statement AS"
			cat "sql/query/report-$q.sql"
			echo "; SET client_min_messages = log; EXECUTE statement($params);"
		} | psql -XAtq 2>&1 >/dev/null | rows_of "$q"
	done
}
for kind in senders selectors mixed; do
	work_of "$kind" 1500 >"$work/once"
	work_of "$kind" 6000 >"$work/more"
	is "$(wc -l <"$work/once"):$(awk '$2 < 1500' "$work/once")" 7: \
		"$kind: the work is seen"
	is "$(join "$work/once" "$work/more" | awk '$3 > 6 * $2')" "" \
		"$kind: of four times as much not six times the work"
done
done_testing
