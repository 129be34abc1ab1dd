#!/bin/sh
# dmarc-report: each command, each format; figures against SQL of its own.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

R=$B/dmarc-report

fresh_database t80
run "$B/dmarc-ingest" --init
is "$status" 0 "schema is made"

# ---- an empty database -----------------------------------------------------

run "$R"
is "$status:$out" 0: "nothing ingested: an empty table"
is "$err" "dmarc-report: nobody reported on any domain" "and one line says so"
run "$R" status
is "$status:$out:$err" "0::dmarc-report: nothing was ingested yet" \
	"nothing ingested: status"

# ---- a database that is filled by hand -------------------------------------

# Two policies, ten days, senders of every kind, text that attacks a terminal
# and a spreadsheet, a domain with a report and no records, one that passes.
cat tests/sql/lib.psql - <<'EOF' >"$work/fill.sql"
DO $$
DECLARE
  own    int := pg_temp.profile('pass/pass', 'example.jp s1 pass example.jp strict', 'example.jp mfrom pass example.jp strict');
  spf    int := pg_temp.profile('fail/pass', 'tenant.onmicrosoft.com sel pass onmicrosoft.com none', 'example.jp mfrom pass example.jp strict');
  saas   int := pg_temp.profile('fail/fail', 'sendgrid.net smtpapi pass sendgrid.net none', 'em1.sendgrid.net mfrom pass sendgrid.net none', disposition => 'quarantine');
  saas2  int := pg_temp.profile('fail/fail', 'sendgrid.net other pass sendgrid.net none', 'em2.sendgrid.net mfrom pass sendgrid.net none');
  mute   int := pg_temp.profile('-/fail', 'sendgrid.net smtpapi pass sendgrid.net none', 'em1.sendgrid.net mfrom pass sendgrid.net none');
  path   int := pg_temp.profile('fail/fail', '', 'b.cuenote.jp mfrom pass cuenote.jp none');
  list   int := pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict,lists.org l pass lists.org none', '');
  forged int := pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict', disposition => 'reject');
  odd    int := pg_temp.profile('pass/fail', '', '');
  attack int := pg_temp.profile('fail/fail',
           E'=cmd|x \u001b[31mk\u202e pass =cmd|x none', E'+\u009b2J mfrom pass evil.example none', header_from => 'm.example.jp');
  other  int := pg_temp.profile('pass/fail', 'example.net n pass example.net strict', '', header_from => 'example.net');
  r bigint;
BEGIN
  FOR i IN 0..9 LOOP
    r := pg_temp.report('example.jp', 'Google.com', date '2026-01-01' + i, 'none', 'none');
    PERFORM pg_temp.record(r, 12043, own, '192.0.2.1');
    PERFORM pg_temp.record(r, 77, spf, '192.0.2.77');
    PERFORM pg_temp.record(r, 100 + i, saas, ('198.51.100.' || i)::inet);
    PERFORM pg_temp.record(r, 60, path, '2001:db8::25');
    PERFORM pg_temp.record(r, 34, forged, ('203.0.113.' || i)::inet);
    PERFORM pg_temp.record(r, 3, list, '192.0.2.200');
  END LOOP;
  r := pg_temp.report('example.jp', '=Yahoo', '2026-01-10', 'quarantine');
  PERFORM pg_temp.record(r, 10, own, '192.0.2.2');
  PERFORM pg_temp.record(r, 5, saas2, '198.51.100.0');
  PERFORM pg_temp.record(r, 4, mute, '198.51.100.0');
  PERFORM pg_temp.record(r, 2, attack, NULL);
  PERFORM pg_temp.record(r, 6, odd, '192.0.2.2');
  r := pg_temp.report('example.net', 'Google.com', '2026-01-03', 'reject');
  PERFORM pg_temp.record(r, 100, other, '192.0.2.9');
  PERFORM pg_temp.report('empty.example', 'Google.com', '2026-01-04', 'reject');
END $$;
INSERT INTO dmarc.ingest_log (source, outcome, reason, record_count,
       message_count, policy_domain, org_name, report_id, begin_at, end_at)
VALUES ('a.eml', 'stored', NULL, 5, 100, 'example.net', 'g', '1', '2026-01-01', '2026-01-02'),
       ('b.eml', 'duplicate', NULL, 5, 100, 'example.net', 'g', '1', '2026-01-01', '2026-01-02'),
       ('c.eml', 'conflict', 'conflict', 5, 90, 'example.net', 'g', '1', '2026-01-01', '2026-01-02'),
       ('d.eml', 'conflict', 'conflict', 5, 91, 'example.net', 'g', '1', '2026-01-01', '2026-01-02'),
       ('e.eml', 'set_aside', 'bad_crc', NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO dmarc.set_aside (digest, kind, source, part, reason, detail, size)
VALUES ('\x01', 'item', '@e.eml', '1/report.zip', 'bad_crc', 'the checksum does not match', 1234);
EOF
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status" 0 "records are there"

# ---- every command in both formats -----------------------------------------

for command in summary unaligned reporters status; do
	run "$R" "$command"
	is "$status:$err" 0: "$command, text"
	cp "$work/out" "$work/$command.txt"
	run "$R" --format csv "$command"
	is "$status:$err" 0: "$command, csv"
	cp "$work/out" "$work/$command.csv"
done
run "$R"
is "$out" "$(cat "$work/summary.txt")" "summary is what runs without a command"

# agree COMMAND COLUMN...
agree() {
	c=$1
	shift
	run python3 tests/integration/report.py "$work/$c.txt" "$work/$c.csv" "$@"
	is "$status:$out" 0: "$c: rows add up, and text says what csv says"
}
agree summary messages pass fail unknown dkim_aligned spf_aligned quarantine \
	reject disagree
agree unaligned messages fail
agree reporters reports records messages pass set_aside salvaged errors disagree
agree status documents records messages bytes

# ---- the figures, against sums of the tables themselves --------------------

want=$(sql "
	SELECT d.name, coalesce(sum(c.message_count), 0),
	       coalesce(sum(c.message_count) FILTER (WHERE 'pass' IN (p.eval_dkim, p.eval_spf)), 0),
	       coalesce(sum(c.message_count) FILTER (WHERE p.eval_dkim = 'fail' AND p.eval_spf = 'fail'), 0),
	       coalesce(sum(c.message_count) FILTER (WHERE p.eval_dkim = 'pass'), 0),
	       coalesce(sum(c.message_count) FILTER (WHERE p.eval_spf = 'pass'), 0),
	       coalesce(sum(c.message_count) FILTER (WHERE p.disposition = 'quarantine'), 0),
	       coalesce(sum(c.message_count) FILTER (WHERE p.disposition = 'reject'), 0),
	       (SELECT count(*) FROM dmarc.report r WHERE r.policy_domain_id = d.id),
	       (SELECT count(DISTINCT reporter) FROM dmarc.report r WHERE r.policy_domain_id = d.id)
	  FROM dmarc.policy_domain d
	  LEFT JOIN dmarc.record c ON c.policy_domain_id = d.id
	  LEFT JOIN dmarc.auth_profile p ON p.id = c.profile_id
	 GROUP BY d.id, d.name ORDER BY 4 DESC, d.name DESC")
got=$(rows row domain messages pass fail dkim_aligned spf_aligned quarantine \
	reject reports reporters <"$work/summary.csv" | sed -n 's/^domain|//p')
is "$got" "$want" "summary: each domain's figures are those of the tables"
is "$(rows row sender class messages fail unknown pass sources signed_as \
	signed_as_more return_path return_path_result return_path_more \
	<"$work/summary.csv" | sed -n '2,10p')" \
	"sender|Twilio SendGrid|FAIL/PROBABLY_YOURS|1050|1050|0|0|10|sendgrid.net|0|em1.sendgrid.net|pass|1
sender|Microsoft 365|PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY|770|0|0|770|1|tenant.onmicrosoft.com|0|example.jp|pass|0
sender|Cuenote|FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN|600|600|0|0|1|||b.cuenote.jp|pass|0
sender|'=cmd|x|FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN|2|2|0|0|0|'=cmd|x|0|'+?2J|pass|0
sender||FAIL/UNAUTHENTICATED|340|340|0|0|10|||example.jp|fail|0
sender|Twilio SendGrid|NO_VERDICT|4|0|4|0|1|sendgrid.net|0|em1.sendgrid.net|pass|0
sender|lists.org|FAIL/INDIRECT_MODIFIED|30|30|0|0|1|lists.org|0|||
sender|example.jp|PASS_BOTH|120440|0|0|120440|2|example.jp|0|example.jp|pass|0
sender|example.jp|PASS_DKIM/SPF_NONE|6|0|0|6|1|||||" \
	"summary: one row a sender and class, what does most harm first"

run "$B/dmarc-report" summary --domain example.jp --until 2026-01-10
is "$(printf '%s\n' "$out" | sed -n 1p)" \
	"example.jp  NOT READY for p=quarantine: 4 things to do (→), most harm first" \
	"the first line is the verdict and how many things there are to do"
is "$(printf '%s\n' "$out" | grep -c '^      →')" 4 "as many are marked"

# ---- one sender ----------------------------------------------------------------

run "$B/dmarc-report" sender 'Twilio SendGrid'
is "$status:$err" "0:" "what is known of a sender"
like "$out" 'signs as the author  yes' "what the catalogue says"
like "$out" '^  messages +1,054: 0 pass, 1,050 fail$' "its messages"
like "$out" '^  what is wrong +no author signature; probably yours$' "what is wrong"
like "$out" 'seen +signed as sendgrid.net' "what was seen"
like "$out" "what to do +find which of your systems sends through" "what to do"

is "$(rows row sender messages fail signed_as selector return_path header_from \
	sources top_sources top_sources_more first_day last_day \
	<"$work/unaligned.csv" | sed -n '2,4p')" \
	"sender|Twilio SendGrid|1045|1045|sendgrid.net|smtpapi|em1.sendgrid.net|example.jp|10|198.51.100.9 198.51.100.8 198.51.100.7|7|2026-01-01|2026-01-10
sender|Cuenote|600|600|||b.cuenote.jp|example.jp|1|2001:db8::25|0|2026-01-01|2026-01-10
sender|lists.org|30|30|lists.org|l||example.jp|1|192.0.2.200|0|2026-01-01|2026-01-10" \
	"unaligned: most messages first, with top addresses"
is "$(rows row messages fail of_messages of_fail <"$work/unaligned.csv" |
	sed -n 1p)" "domain|1686|1682|123242|2022" \
	"unaligned: of all messages and of those that fail"
is "$(rows row reporter reports messages pass disagree first_day last_day \
	<"$work/reporters.csv" | sed -n '2,3p')" \
	"reporter|google.com|10|123215|121200|0|2026-01-01|2026-01-10
reporter|'=yahoo|1|27|16|6|2026-01-10|2026-01-10" "reporters"
is "$(rows row outcome reason documents records messages <"$work/status.csv")" \
	"outcome|stored||1|5|100
outcome|duplicate||1|5|100
outcome|conflict|conflict|2|10|181
outcome|set_aside|bad_crc|1||
outcome_total|||5|20|381
set_aside||bad_crc|1||
set_aside_total|||1|0|0
conflict|||2|10|181
conflict_total|||2|10|181" "status"
like "$(cat "$work/summary.txt")" \
	'^  p=quarantine  2026-01-01 \.\. 2026-01-10 \(UTC\)  11 reports from 2 reporters$' \
	"summary: policy, window, reports and reporters are stated"
like "$(cat "$work/summary.txt")" \
	'2 policies were seen in this window; the newest is shown' \
	"summary: a change of policy is told"
like "$(cat "$work/summary.txt")" '^  total +2,022 +4 +121,216 +100.0 %$' \
	"summary: the total line equals the headline"
like "$(cat "$work/summary.txt")" '^  DMARC pass +121,216 +98.4 %' \
	"summary: count and percent side by side"
like "$(cat "$work/summary.txt")" '^all 3 domains  13 reports$' \
	"summary: a last block over all domains"
like "$(cat "$work/unaligned.txt")" \
	'^  total +1,686 +1.4 % +1,682 +83.2 %$' "unaligned: the total line"
like "$(cat "$work/summary.txt")" '^  unauthenticated +340 .*nothing authenticates it  +2026-01-10 ' \
	"summary: what nothing authenticates is one row"

# ---- windows ---------------------------------------------------------------

# messages OPTIONS...: the messages of all domain rows
messages() {
	"$R" --format csv "$@" 2>/dev/null | rows row messages |
		awk -F'|' '$1 == "domain" { n += $2 } END { print n + 0 }'
}
# days FROM TO [DOMAIN]: the same from the table
days() {
	sql "SELECT coalesce(sum(message_count), 0) FROM dmarc.record
	      WHERE day BETWEEN '$1' AND '$2'
	        AND policy_domain_id IN (SELECT id FROM dmarc.policy_domain
	                                  WHERE name LIKE '${3-%}')"
}
is "$(messages --since 2026-01-03)" "$(days 2026-01-03 2030-01-01)" "--since"
is "$(messages --until 2026-01-03)" "$(days 2000-01-01 2026-01-03)" "--until"
is "$(messages --since 2026-01-03 --until 2026-01-03)" \
	"$(days 2026-01-03 2026-01-03)" "one day, both ends belong to it"
is "$(messages --domain EXAMPLE.net.)" 100 "--domain, as people write it"
is "$(messages unaligned --since 2026-01-10 --domain example.jp)" \
	"$((109 + 60 + 3 + 5 + 4 + 2))" "unaligned within a window"
is "$(messages reporters --domain example.jp --until 2026-01-02)" \
	"$(days 2026-01-01 2026-01-02 example.jp)" "reporters within a window"
sql "INSERT INTO dmarc.policy_domain (name) VALUES ('now.example');
     INSERT INTO dmarc.report (policy_domain_id, id, reporter, begin_at, end_at, day, dialect,
            record_count, set_aside_count, message_count, pass_count, salvaged, content_hash, source)
     SELECT d.id, nextval('dmarc.report_id_seq'), 'r' || n, now(), now(),
            (now() AT TIME ZONE 'UTC')::date - n, 'rfc7489', 1, 0, 1, 1, false, '', 'test'
       FROM dmarc.policy_domain d, generate_series(0, 9) n WHERE d.name = 'now.example';
     INSERT INTO dmarc.record (report_id, message_count, policy_domain_id, profile_id, day)
     SELECT r.id, 1, r.policy_domain_id, (SELECT min(id) FROM dmarc.auth_profile), r.day
       FROM dmarc.report r JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
      WHERE d.name = 'now.example'"
is "$(messages --days 1 --domain now.example)" 1 "--days 1 is today"
is "$(messages --days 7 --domain now.example)" 7 "--days 7 has today in it"
run "$R" --domain now.example --days 1
like "$out" '^  no policy said ' "no policy said"

for command in summary unaligned reporters; do
	run "$R" $command --domain nobody.example
	is "$status:$out" 0: "$command: a domain without reports is no error"
	is "$err" "dmarc-report: nobody reported on nobody.example" \
		"$command: and one line says so"
	run "$R" $command --format csv --since 2001-01-01 --until 2001-12-31
	is "$status:$(printf '%s\n' "$out" | wc -l)" 0:1 \
		"$command: csv has its header line all the same"
	is "$err" "dmarc-report: nobody reported on any domain since 2001-01-01 until 2001-12-31" \
		"$command: the window is named"
done
run "$R" --domain empty.example
like "$out" '^  no messages$' "a report without records"

# ---- hostile text ----------------------------------------------------------

run cat "$work/summary.txt" "$work/unaligned.txt" "$work/reporters.txt" \
	"$work/summary.csv" "$work/unaligned.csv" "$work/reporters.csv"
# Two words are ours: an arrow, and what an author signature is in Japanese.
is "$(printf '%s' "$out" | sed 's/→//g; s/作成者署名//g' |
	LC_ALL=C tr -d '\012\040-\176' | od -An -tx1)" "" \
	"no control character and nothing that turns the writing gets through"
like "$(cat "$work/unaligned.txt")" '=cmd\|x \(\?\[31mk\?\)' "they become ?"
like "$(cat "$work/unaligned.csv")" ",\"'=cmd\\|x\"," "csv: = is guarded"
like "$(cat "$work/unaligned.csv")" ",\"'\\+\\?2J\"," "csv: + is guarded"
like "$(cat "$work/reporters.csv")" ",\"'=yahoo\",\"'=Yahoo\"," \
	"csv: a reporter's name is guarded"
like "$(cat "$work/status.csv")" ",\"'@e.eml\"," "csv: a file's name is guarded"
run "$R" --domain "$(printf 'x\033[31m')"
is "$status:$(printf '%s' "$err" | LC_ALL=C tr -d '\012\040-\176')" 64: \
	"an argument is not echoed raw"

# ---- terminals -------------------------------------------------------------

# The longest line, in columns.
longest() {
	LC_ALL=C.UTF-8 wc -L
}
for columns in 80 120 160; do
	for command in summary unaligned reporters; do
		run python3 tests/integration/terminal.py $columns "$R" $command \
			--domain example.jp
		# The heading is no table; it may be longer.
		is "$status:$(sed 1,2d "$work/out" | longest |
			awk '{ print $1 <= '$columns' }')" 0:1 \
			"$command fits a terminal of $columns columns"
	done
done
run python3 tests/integration/terminal.py 80 "$R" --domain example.jp
like "$out" '^  no room for .*RETURN-PATH, SOURCES, LAST SEEN; ' \
	"what has no room is named"
like "$out" '^  total +2,022 +4 +121,216 +100.0 %$' "numbers are never broken"
run grep -c 'no room' "$work/summary.txt" "$work/unaligned.txt"
is "$status" 1 "in a pipe everything has room"

# ---- usage -----------------------------------------------------------------

run "$R" --help
is "$status:$err" 0: "--help"
for command in summary unaligned reporters status; do
	like "$out" "^  $command " "--help names $command"
done
run "$R" --version
is "$status:$err" 0: "--version"
like "$out" '^dmarc-report [0-9]' "--version says it"
run env PGHOST=/nonexistent "$R" --help
is "$status" 0 "--help needs no database"

# mistake ARGUMENTS...: exit 64, all on standard error
mistake() {
	run "$R" "$@"
	is "$status:$out" 64: "mistake: $*"
	like "$err" '^dmarc-report: ' "mistake is told: $*"
}
mistake --nonsense
mistake -x
mistake nonsense
mistake summary status
mistake --format xml
mistake --format
mistake --since 2026-02-30
mistake --until 2026-1-1
mistake --since 2026-01-02 --until 2026-01-01
mistake --days 0
mistake --days three
mistake --days 3 --until 2026-01-01
mistake --domain ''
mistake --domain a.example --domain b.example
mistake status --domain example.jp
mistake status --days 3

# Every column of CSV is explained; what a percentage is, once for all.
for command in summary unaligned reporters status; do
	for column in $(head -n 1 "$work/$command.csv" | tr , ' '); do
		case $column in
		*_percent) continue ;;
		esac
		grep -Eq "^\.(Li|It Li( [a-z_]+ ,)*) $column( |\$)" \
			report/dmarc-report.1 || printf '# %s %s\n' "$command" "$column"
	done
done >"$work/unexplained"
is "$(cat "$work/unexplained")" "" "the manual explains every column of csv"

# ---- what can go wrong -----------------------------------------------------

run env PGHOST=/nonexistent "$R"
is "$status:$out" 75: "no server: try again later"
run "$R" --db 'host=/nonexistent'
is "$status" 75 "--db names the database"
run "$R" --db t80_nowhere
is "$status:$out" 78: "no such database: a person must look"
run "$R" --db t80
is "$status" 0 "--db takes a name alone"
run "$R" --db "dbname=t80 nonsense=1"
is "$status:$out" 78: "a broken connection string"

createdb t80_empty
run "$R" --db t80_empty
is "$status:$out" 78: "no schema"
is "$(printf '%s\n' "$err" | wc -l)" 1 "one line says so"
like "$err" 'dmarc-ingest --init' "and what to do"
dropdb t80_empty

newest=$(sql 'SELECT max(version) FROM dmarc.schema_version')
sql "INSERT INTO dmarc.schema_version (version, name) VALUES ($newest + 1, 'x')"
run "$R"
is "$status:$out" 78: "a schema newer than the program"
like "$err" 'newer dmarc-report' "and what to do"
sql "DELETE FROM dmarc.schema_version WHERE version > $newest"

sql 'CREATE ROLE t80_reader LOGIN; CREATE ROLE t80_nobody LOGIN;
     GRANT dmarc_read TO t80_reader'
run env PGUSER=t80_reader "$R"
is "$status:$out" "0:$(env PGUSER="$PGUSER" "$R")" \
	"dmarc_read is enough for all of it"
run env PGUSER=t80_reader "$R" status
is "$status" 0 "status too"
run env PGUSER=t80_nobody "$R"
is "$status:$out" 78: "without the role: a person must look"
like "$err" 'dmarc_read' "and what to do"
sql 'DROP ROLE t80_reader; DROP ROLE t80_nobody'

for format in text csv; do
	status=0
	"$R" --format $format >/dev/full 2>"$work/err" || status=$?
	is "$status" 74 "$format: a full disk is an error"
	like "$(cat "$work/err")" 'cannot write the output: No space left' \
		"$format: and is told"
	{
		sleep 0.3
		"$R" --format $format 2>"$work/err"
		echo "$?" >"$work/status"
	} | true
	is "$(cat "$work/status")" 74 "$format: a closed pipe is an error"
done
run sh -c '"$1" --help >/dev/full' sh "$R"
is "$status" 74 "--help into a full disk"

# ---- a word that is true from a day on -----------------------------------------

run "$B/dmarc-report" sender Cuenote retired --since 2026-05-01 --format csv
is "$status:$err" "0:" "a word can say from which day on it is true"
is "$(sql "SELECT role || ' ' || since FROM dmarc.sender_word WHERE sender = 'Cuenote'")" \
	"retired 2026-05-01" "that day is kept"
run "$B/dmarc-report" sender Cuenote
like "$out" 'SINCE' "it has a column"
like "$out" ' retired .*2026-05-01' "and is shown"
run "$B/dmarc-report" sender Cuenote vendor --since 2026-02-30
is "$status" 64 "no such day"
run "$B/dmarc-report" sender Cuenote none
is "$(sql "SELECT count(*) FROM dmarc.sender_word WHERE sender = 'Cuenote'")" 0 \
	"the word is taken back with its day"

done_testing
