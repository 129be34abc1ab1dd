#!/bin/sh
# dmarc-report readiness, what-if, settings: text, CSV and SQL say the same;
# exit statuses; mistakes.  What the figures should be is in tests/sql.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

R=$B/dmarc-report

# rows FIELDS...: the CSV on standard input, some of its columns, "|" between.
rows() {
	python3 -c '
import csv, sys
for row in csv.DictReader(sys.stdin):
    print("|".join(row[c] for c in sys.argv[1:]))' "$@"
}

# same TEXT CSV: every number that text shows stands in the CSV.
same() {
	python3 -c '
import csv, re, sys
words = set()
for row in csv.DictReader(open(sys.argv[2], newline="")):
    for cell in row.values():
        words.add(cell)
        words.update(re.findall(r"[\d.,]*\d", cell))
words = {w.replace(",", "") for w in words}
text = open(sys.argv[1]).read()
for n in re.findall(r"(?<![\w.:,-])[<>]?\d[\d,]*(?:\.\d+)?(?![\w.:-])", text):
    if n.replace(",", "").lstrip("<>") not in words:
        print("text has", n)' "$1" "$2"
}

# mistake ARGUMENTS...: exit 64, one line that says why
mistake() {
	run "$R" "$@"
	is "$status:$out" 64: "mistake: $*"
	like "$err" '^dmarc-report: ' "mistake is told: $*"
}

fresh_database t82
run "$B/dmarc-ingest" --init
is "$status" 0 "schema is made"

run "$R" readiness
is "$status:$out" 2: "an empty database: nothing is known"
run "$R" what-if
is "$status:$out" 0: "an empty database: nothing to replay"

# ---- 60 days, three domains that are ready, are not, and cannot be told ----

cat tests/sql/lib.psql - <<'SQL' >"$work/fill.sql"
DO $$
DECLARE
  today date := (now() AT TIME ZONE 'UTC')::date;
  own   int := pg_temp.profile('pass/pass', 'good.example s pass good.example strict', 'good.example mfrom pass good.example strict', header_from => 'good.example', org => 'good.example');
  own2  int := pg_temp.profile('pass/pass', 'bad.example s pass bad.example strict', 'bad.example mfrom pass bad.example strict', header_from => 'bad.example', org => 'bad.example');
  saas  int := pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => 'bad.example', org => 'bad.example', disposition => 'quarantine');
  odd   int := pg_temp.profile('fail/fail', E'=evil\u001b.example k pass =evil.example none', '', header_from => 'bad.example', org => 'bad.example');
  fake  int := pg_temp.profile('fail/fail', '', 'bad.example mfrom fail bad.example strict', header_from => 'bad.example', org => 'bad.example', disposition => 'reject');
  below int := pg_temp.profile('pass/fail', 'm.bad.example s pass bad.example strict', '', header_from => 'm.bad.example', org => 'bad.example');
  own3  int := pg_temp.profile('pass/pass', 'bought.example s pass bought.example strict', 'bought.example mfrom pass bought.example strict', header_from => 'bought.example', org => 'bought.example');
  fails int := pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => 'bought.example', org => 'bought.example');
  works int := pg_temp.profile('pass/fail', 'bought.example v pass bought.example strict,saas.com k pass saas.com none', 'b.saas.com mfrom pass saas.com none', header_from => 'bought.example', org => 'bought.example');
  r bigint;
BEGIN
  FOR i IN 1..60 LOOP
    -- A million a day that pass, by one reporter.
    r := pg_temp.report('bought.example', 'evil.example', today - i);
    PERFORM pg_temp.record(r, 1000000, works, '198.51.100.1');
    FOR k IN 1..3 LOOP
      r := pg_temp.report('good.example', 'R' || k, today - i);
      PERFORM pg_temp.record(r, 1000 * k, own, '192.0.2.1');
      r := pg_temp.report('bought.example', 'R' || k, today - i);
      PERFORM pg_temp.record(r, 100, own3, '192.0.2.4');
      PERFORM pg_temp.record(r, 10, fails, '198.51.100.1');
      r := pg_temp.report('bad.example', 'R' || k, today - i, 'quarantine', 'none');
      PERFORM pg_temp.record(r, 100, own2, '192.0.2.2');
      PERFORM pg_temp.record(r, 7 + i % 3, saas, '198.51.100.1');
      PERFORM pg_temp.record(r, 1, odd, '198.51.100.2');
      PERFORM pg_temp.record(r, 9, fake, ('203.0.113.' || i)::inet);
      PERFORM pg_temp.record(r, 5, below, '192.0.2.3');
    END LOOP;
  END LOOP;
  r := pg_temp.report('few.example', 'R1', today - 1);
  PERFORM pg_temp.report('empty.example', 'R1', today - 1);
END $$;
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('saas.com', 'vendor');
SQL
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status" 0 "records are there"

# ---- readiness -------------------------------------------------------------

run "$R" readiness good.example
is "$status:$err" 0: "READY is 0"
like "$out" '^good.example  p=none  next p=quarantine: READY$' "and says so"
like "$out" '→ publish v=DMARC1; p=quarantine; rua=<as it is> \(rua=, and' \
	"and the record to publish, whose rua= is not lost"
run "$R" readiness bad.example
is "$status:$err" 1: "NOT READY is 1"
like "$out" '^bad.example  p=quarantine sp=none  next p=reject: NOT READY$' \
	"and says so"
like "$out" '^below bad.example  sp=none  next sp=quarantine: ready$' \
	"the domains below are told apart, and not as loud"
like "$out" '^  names that send: m.bad.example \(900\)$' "with the names that send"
like "$out" '→ publish v=DMARC1; p=quarantine; sp=quarantine; rua=<as it is>' \
	"the record keeps the p that is not ready"
like "$out" '^  p=reject would cost +[0-9,]+ +[0-9.]+ % of [0-9,]+,' \
	"a share names its whole"
like "$out" '^  no +mail of one sender that fails, the worst +100 +1  %' \
	"a gate has its figure and its limit"
like "$out" '^      saas.com: [0-9]+ of [0-9]+ fail' "and names the sender"
like "$out" '→ saas.com: have saas.com sign with DKIM' "and what to do first"
run "$R" readiness bought.example
is "$status:$err" 1: "READY is not to be had by one reporter's mail"
like "$out" '^ +allowed 2 %; fails without evil.example: 9.58 %' \
	"the gate names it, and what is left without it"
like "$out" '→ do not go by the reports of evil.example:' "and what to do"
run "$R" readiness few.example
is "$status:$err" 2: "INSUFFICIENT DATA is 2"
run "$R" readiness
is "$status:$err" 2: "of several domains the highest counts"
cp "$work/out" "$work/readiness.txt"
run "$R" readiness --format csv
is "$status:$err" 2: "csv too"
cp "$work/out" "$work/readiness.csv"
is "$(same "$work/readiness.txt" "$work/readiness.csv")" "" \
	"readiness: text says what csv says"
is "$(rows row domain scope step verdict gate figure limit unit met source \
	messages legitimate_fail loss_low loss_high_of <"$work/readiness.csv")" \
	"$(sql "SELECT r.\"row\", r.domain, r.scope, r.step, r.verdict, r.gate,
	               r.figure, r.\"limit\", r.unit, r.met, r.source, r.messages,
	               r.legitimate_fail, r.loss_low, r.loss_high_of
	          FROM dmarc.policy_domain d
	         CROSS JOIN LATERAL dmarc.readiness(d.id,
	               (now() AT TIME ZONE 'UTC')::date - 1) WITH ORDINALITY r
	         ORDER BY d.name, r.ordinality")" \
	"readiness: csv says what SQL says"
is "$(rows domain row scope met <"$work/readiness.csv" |
	grep '^bad.example|gate|p|' | sort -u | tr '\n' ' ')" \
	'bad.example|gate|p|no bad.example|gate|p|unknown bad.example|gate|p|yes ' "a row is a gate"

# The parts of the messages against the tables themselves.
is "$(rows domain row scope messages <"$work/readiness.csv" |
	grep '^bad.example|scope|p|')" \
	"bad.example|scope|p|$(sql "
	SELECT sum(c.message_count)
	  FROM dmarc.record c
	  JOIN dmarc.auth_profile p ON p.id = c.profile_id
	 WHERE p.header_from = 'bad.example'
	   AND c.day > (now() AT TIME ZONE 'UTC')::date - 31")" \
	"readiness: the messages are those of the window"
python3 - "$work/readiness.csv" >"$work/sums" <<'PY'
import csv, sys
for r in csv.DictReader(open(sys.argv[1], newline="")):
    if r["row"] != "scope" or r["verdict"] == "FOREIGN":
        continue
    n = {k: int(r[k]) for k in ("messages", "legitimate", "indirect",
         "unresolved_fail", "hostile", "undetermined", "left_out",
         "legitimate_fail", "indirect_fail", "loss_low", "loss_mid", "loss_high")}
    if n["messages"] != (n["legitimate"] + n["indirect"] + n["unresolved_fail"]
                         + n["hostile"] + n["undetermined"] + n["left_out"]):
        print(r["domain"], r["scope"], "messages")
    if (n["loss_low"] != n["legitimate_fail"]
            or n["loss_mid"] != n["loss_low"] + n["indirect_fail"]
            or n["loss_high"] != n["loss_mid"] + n["unresolved_fail"]):
        print(r["domain"], r["scope"], "loss")
PY
is "$(cat "$work/sums")" "" "the parts add up to the messages and to the loss"

run "$R" readiness --domain GOOD.example. --until 2001-01-01
is "$status" 2 "--until: before there was anything"
like "$out" 'no policy said  next p=quarantine: INSUFFICIENT DATA' "and says so"
run "$R" readiness nobody.example
is "$status:$out" 2: "a domain without reports"
is "$err" "dmarc-report: nobody reported on nobody.example" "and one line says so"

run cat "$work/readiness.txt" "$work/readiness.csv"
is "$(LC_ALL=C.UTF-8 sed 's/→//g; s/作成者署名//g' "$work/out" |
	LC_ALL=C tr -d '\012\040-\176' | od -An -tx1)" "" \
	"nothing that steers a terminal gets through"

mistake readiness a.example b.example
mistake readiness --days 3
mistake readiness good.example --domain good.example
mistake readiness --until yesterday

# ---- what-if ---------------------------------------------------------------

run "$R" what-if
is "$status:$err" 0: "what-if, text"
cp "$work/out" "$work/what-if.txt"
run "$R" what-if --format csv
is "$status:$err" 0: "what-if, csv"
cp "$work/out" "$work/what-if.csv"
is "$(same "$work/what-if.txt" "$work/what-if.csv")" "" \
	"what-if: text says what csv says"
python3 - "$work/what-if.csv" >"$work/sums" <<'PY'
import csv, sys
counts = ("messages was_delivered was_quarantined was_rejected delivered "
          "quarantined rejected unknown gone newly_fail newly_pass "
          "legitimate_hit unresolved_hit indirect_hit hostile_hit "
          "undetermined_hit").split()
rows = [r for r in csv.DictReader(open(sys.argv[1], newline="")) if r["domain"]]
for r in rows:
    n = {c: int(r[c] or 0) for c in counts}
    if n["messages"] != sum(n[c] for c in counts[1:4]):
        print(r["domain"], r["row"], "was")
    if n["messages"] != sum(n[c] for c in counts[4:9]):
        print(r["domain"], r["row"], "would")
    if n["quarantined"] + n["rejected"] != sum(n[c] for c in counts[11:]):
        print(r["domain"], r["row"], "hit")
for head in [r for r in rows if r["row"] == "domain"]:
    own = [r for r in rows if r["domain"] == head["domain"]]
    for c in counts:
        for kind in "sender", "day", "total", "day_total":
            s = sum(int(r[c] or 0) for r in own
                    if r["row"] in (kind, kind + "_others"))
            if s != int(head[c] or 0):
                print(head["domain"], c, kind, s, head[c])
PY
is "$(cat "$work/sums")" "" \
	"what-if: senders and days add up, and so do the outcomes"
run "$R" what-if bad.example
like "$out" '^  lost     699 messages of yours$' "what-if: what is lost"
like "$out" '^  unclear  87 that nobody has named$' "what may be the owner's"
like "$out" '^  stopped  783 forged$' "and what the policy is for"
run "$R" what-if bad.example --format csv
is "$(cut -d, -f1 <"$work/out" | grep -c '^day$'):$(rows row more <"$work/out" |
	grep '^day_others')" "5:day_others|24" "the five newest days, and the others"
run "$R" what-if bad.example --all --format csv
is "$(cut -d, -f1 <"$work/out" | grep -c '^day$')" 29 "--all has every day"
is "$(rows row domain messages was_quarantined was_rejected <"$work/what-if.csv" |
	grep '^domain|bad')" "domain|bad.example|$(sql "
	SELECT sum(c.message_count),
	       sum(c.message_count) FILTER (WHERE p.disposition = 'quarantine'),
	       sum(c.message_count) FILTER (WHERE p.disposition = 'reject')
	  FROM dmarc.record c
	  JOIN dmarc.auth_profile p ON p.id = c.profile_id
	  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
	 WHERE d.name = 'bad.example'
	   AND c.day > (now() AT TIME ZONE 'UTC')::date - 30")" \
	"what-if: what happened is what the tables say of the last 30 days"
is "$("$R" what-if bad.example --format csv | rows row sender stream messages \
	delivered quarantined rejected | grep saas)" \
	"sender|saas.com|legitimate|699|0|0|699" "what-if: reject is the default"
is "$("$R" what-if bad.example --policy none --format csv | rows row quarantined \
	rejected | sed -n 1p)" 'domain|0|0' "what-if --policy none"
is "$("$R" what-if bad.example --fixed saas.com --format csv | rows row sender \
	delivered newly_pass | grep saas)" "sender|saas.com|699|699" "what-if --fixed"
is "$("$R" what-if bad.example --gone saas.com --format csv | rows row sender \
	delivered rejected gone | grep saas)" "sender|saas.com|0|0|699" \
	"what-if --gone"
is "$("$R" what-if bad.example --adkim s --aspf s --policy quarantine --days 3 \
	--format csv | rows row newly_fail policy | sed -n 1p)" \
	'domain|0|p=quarantine adkim=s aspf=s' "what-if --adkim --aspf --days"
run "$R" what-if bad.example --np reject --sp quarantine --gone nobody
is "$status:$err" 0: "what-if --np --sp"
like "$out" 'cannot be told from reports' "np: what reports do not tell is said"
like "$out" 'no sender of this window is called nobody' \
	"a sender that is not there is told"
like "$out" 'and pct, are ignored' "what the replay does not foresee is said"
run "$R" what-if empty.example
like "$out" '^  no messages$' "a report without records"

mistake what-if --policy some
mistake what-if --adkim x
mistake what-if --days 0
mistake what-if a.example b.example

# ---- settings --------------------------------------------------------------

run "$R" settings
is "$status:$err" 0: "settings, text"
cp "$work/out" "$work/settings.txt"
run "$R" settings --format csv
is "$status:$err" 0: "settings, csv"
cp "$work/out" "$work/settings.csv"
is "$(rows name value default_value changed <"$work/settings.csv")" \
	"$(sql "SELECT name, value, default_value,
	               CASE WHEN changed THEN 'yes' ELSE 'no' END
	          FROM dmarc.setting_detail ORDER BY position")" \
	"settings: csv says what SQL says"
is "$(same "$work/settings.txt" "$work/settings.csv")" "" \
	"settings: text says what csv says"
# set NAME VALUE...: what the setting is afterwards
set_to() {
	"$R" settings "$@" --format csv | rows name value default_value changed
}
is "$(set_to reporters 4)" "reporters|4|3|yes" "a number is set"
run "$R" readiness good.example
is "$status" 2 "and counts: three reporters are too few now"
is "$(set_to reporters)" "reporters|4|3|yes" "one is shown"
is "$(set_to reporters default)" "reporters|3|3|no" "default undoes it"
is "$(sql "SELECT count(*) FROM dmarc.setting WHERE name NOT LIKE '%\_digest'")" 0 "and leaves nothing behind"
is "$(set_to direct_fail_reject 0.250)" "direct_fail_reject|0.25|0.5|yes" \
	"a decimal"
is "$(set_to own_domains ' Good.example ' other.example)" \
	"own_domains|good.example other.example||yes" "a list of domains"
run "$R" readiness bad.example
is "$status:$out" "0:bad.example  foreign: not your domain" \
	"a domain that is not there is foreign"
run "$R" readiness bad.example --format csv
is "$(printf '%s\n' "$out" | wc -l)" 2 "and has one row"
is "$(set_to own_domains '')" "own_domains|||no" "an empty list"
is "$(set_to own_domains default)" "own_domains|||no" "default of a list"
is "$(set_to own_tenants myco)" "own_tenants|myco||yes" "own_tenants"
is "$(sql 'SELECT count(*) = (SELECT count(*) FROM dmarc.auth_profile)
             FROM dmarc.profile_feature')" t "all is judged again"
mistake settings nonsense
mistake settings nonsense 1
mistake settings nonsense default
mistake settings reporters many
mistake settings reporters 0
mistake settings reporters 2.5
mistake settings human_users perhaps
mistake settings own_domains 'a.example,b.example'
mistake settings --days 3
is "$(sql "SELECT string_agg(name, ' ' ORDER BY name) FROM dmarc.setting
            WHERE name NOT LIKE '%\_digest'")" \
	"direct_fail_reject own_tenants" "a mistake changes nothing"

sql 'CREATE ROLE t82_reader LOGIN; GRANT dmarc_read TO t82_reader;
     CREATE ROLE t82_setter LOGIN; GRANT dmarc_operator TO t82_setter'
run env PGUSER=t82_reader "$R" readiness good.example
is "$status" 0 "dmarc_read is enough to ask"
run env PGUSER=t82_reader "$R" what-if good.example
is "$status" 0 "and to replay"
run env PGUSER=t82_reader "$R" settings
is "$status" 0 "and to see the settings"
run env PGUSER=t82_reader "$R" settings reporters 4
is "$status:$out" 78: "but not to set them"
run env PGUSER=t82_setter "$R" settings reporters 4
is "$status" 0 "dmarc_operator sets them"
run env PGUSER=t82_setter "$R" settings own_tenants other
is "$status:$out" 78: "own_tenants without the right to judge"
like "$err" 'own_tenants is set.*SELECT dmarc.judge_again\(\)' "and what to do"
is "$(sql "SELECT value FROM dmarc.setting WHERE name = 'own_tenants'")" other \
	"it is set all the same"
sql 'DROP OWNED BY t82_reader, t82_setter;
     DROP ROLE t82_reader; DROP ROLE t82_setter'

# ---- every column is explained ---------------------------------------------

for command in readiness what-if settings; do
	for column in $(head -n 1 "$work/$command.csv" | tr , ' '); do
		case $column in
		*_percent) continue ;;
		esac
		grep -Eq "^\.(Li|It Li( [a-z_]+ ,)*) $column( |\$)" \
			report/dmarc-report.1 || printf '# %s %s\n' "$command" "$column"
	done
done >"$work/unexplained"
is "$(cat "$work/unexplained")" "" "the manual explains every column of csv"
for name in $(rows name <"$work/settings.csv"); do
	grep -q "$name" report/dmarc-report.1 sql/README.md || echo "$name"
done >"$work/unexplained"
is "$(cat "$work/unexplained")" "" "every setting is named in a document"
run env PGHOST=/nonexistent "$R" readiness
is "$status:$out" 75: "no server: try again later"

done_testing
