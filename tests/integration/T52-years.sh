#!/bin/sh
# Three years in the life of a domain (scripts/mkyears.py): what is stored adds
# up to what was sent, by stream, day and reporter.  Then what dmarc-report
# says of them, against tests/years; REGEN=1 writes that, tests/years/sums and
# the tables of fixtures/years.md anew.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

years=tests/years
tab=$(printf '\t')
cd "$top" || exit 1

run python3 scripts/mkyears.py "$work/once"
is "$status:$err" "0:" "three years are made"
printf '%s\n' "$out" >"$work/sums"
run python3 scripts/mkyears.py "$work/again"
is "$(diff -rq "$work/once" "$work/again" | head -n 3)" "" \
	"the same bytes every time"
rm -rf "$work/again"
[ -z "${REGEN-}" ] || cp "$work/sums" "$years/sums"
is "$(cat "$work/sums")" "$(cat "$years/sums")" "and on every machine"

# rows FILE TABLE: a TSV with a header line becomes a table of texts.
rows() {
	sed -n '1s/	/ text, /g; 1s/$/ text/p' "$1" >"$work/columns"
	sql "CREATE TABLE public.$2 ($(cat "$work/columns"))"
	psql -XAtq -v ON_ERROR_STOP=1 \
		-c "\\copy public.$2 FROM '$1' WITH (FORMAT csv, HEADER, DELIMITER E'\\t', QUOTE E'\\b')"
}

# sum_up FILE KEY...: messages, passed and failed ones by these columns, added
# up by awk.
sum_up() {
	file=$1
	shift
	awk -F '\t' -v keys="$*" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			column[$i] = i
		n = split(keys, key, " ")
		next
	}
	{
		k = ""
		for (i = 1; i <= n; i++)
			k = k $column[key[i]] "\t"
		m[k] += $column["messages"]
		p[k] += $column["pass"]
		f[k] += $column["fail"]
	}
	END {
		for (k in m)
			printf "%s%d\t%d\t%d\n", k, m[k], p[k], f[k]
	}' "$file" | LC_ALL=C sort
}

# stored KEYS: the same of the database.
stored() {
	psql -XAtq -v ON_ERROR_STOP=1 -F "$tab" -c "
	SELECT $1, sum(message_count), sum(message_count) FILTER (WHERE pass),
	       sum(message_count) FILTER (WHERE NOT pass)
	  FROM public.seen GROUP BY $1" | sed "s/$tab\$/${tab}0/; s/$tab$tab/${tab}0$tab/g" |
		LC_ALL=C sort
}

# Each record with the stream it is of.
see() {
	sql "
	CREATE TABLE public.seen AS
	SELECT r.day, d.name AS policy_domain, r.org_name AS reporter,
	       c.message_count, coalesce(a.stream, b.stream) AS stream,
	       'pass' IN (p.eval_dkim, p.eval_spf) AS pass
	  FROM dmarc.record c
	  JOIN dmarc.report r ON r.id = c.report_id
	                     AND r.policy_domain_id = c.policy_domain_id
	  JOIN dmarc.policy_domain d ON d.id = c.policy_domain_id
	  JOIN dmarc.auth_profile p ON p.id = c.profile_id
	  LEFT JOIN public.addresses b
	    ON b.ip::inet = c.source_ip AND b.signed = '-'
	  LEFT JOIN LATERAL (
	       SELECT x.stream FROM public.addresses x, unnest(p.dkim) s
	        WHERE x.ip::inet = c.source_ip AND x.signed = s.domain
	        LIMIT 1) a ON true"
}

# arguments_of NAME: what dmarc-report is called with
arguments_of() {
	awk -F '\t' -v name="$1" '
	!/^#/ && $1 == name { print $2; found = 1 }
	END { if (!found) { sub(/^[^.]*[.]/, "", name); print name } }' \
		"$years/commands"
}

expected_outputs() {
	{
		sed -n 's/^\([^#	]*\)	.*/\1/p' "$years/commands"
		for f in "$years"/*.txt; do
			[ ! -e "$f" ] || basename "$f" .txt
		done
	} | LC_ALL=C sort -u | sed -n "/^$1[.]/p"
}

# check_outputs YEAR PATTERN: those whose name after the dot is like it
check_outputs() {
	for o in $(expected_outputs "$1"); do
		# shellcheck disable=SC2254 # a pattern it is
		case ${o#*.} in
		$2) ;;
		*) continue ;;
		esac
		# shellcheck disable=SC2046 # a list of words
		run "$B/dmarc-report" $(arguments_of "$o") --until 2026-10-31
		cp "$work/out" "$work/$o.txt"
		is "$err" "" "$o: nothing to complain of"
		[ -z "${REGEN-}" ] || cp "$work/out" "$years/$o.txt"
		is "$(diff "$years/$o.txt" "$work/$o.txt" | head -n 20)" "" \
			"$o: as in $years"
	done
}

# The operator has his say.
say_words() {
	sed -n "s/^$1	//p" "$years/words" >"$work/words"
	while IFS= read -r line; do
		printf '%s' "$line" | tr '|' '\n' >"$work/word"
		set --
		while IFS= read -r word || [ -n "$word" ]; do
			set -- "$@" "$word"
		done <"$work/word"
		run "$B/dmarc-report" sender "$@"
		is "$status:$err" "0:" "sender $line"
	done <"$work/words"
}

# The table of fixtures/years.md is totals.tsv in another dress.
check_table() {
	awk -F '\t' -v name="$1" '
	NR == FNR {
		if (FNR == 1) next
		row[++n] = "| " ($2 == "*" ? "**" ($1 == "*" ? "all" : $1) "**" : "") " | " \
			($2 == "*" ? "" : $2) " | " $3 " | " $4 " | " $5 " | " $6 " | " $7 \
			" | " $8 " | " $9 " | " $10 " |"
		next
	}
	/<!-- end of the table -->/ { skip = 0 }
	!skip { print }
	$0 == "<!-- " name ": made by tests/integration/T52-years.sh -->" {
		skip = 1
		print "| stream | class | first day | last day | days | reporters | addresses | messages | pass | fail |"
		print "|---|---|---|---|---|---|---|---|---|---|"
		for (i = 1; i <= n; i++) print row[i]
	}' "$work/once/$1/totals.tsv" fixtures/years.md >"$work/years.md"
	[ -z "${REGEN-}" ] || cp "$work/years.md" fixtures/years.md
	is "$(diff fixtures/years.md "$work/years.md" | head -n 6)" "" \
		"$1: the table of fixtures/years.md is right"
}

# fact STREAM WHERE WANT NAME: first day, last day, how many days
fact() {
	is "$(sql "SELECT min(day) || ' ' || max(day) || ' ' || count(DISTINCT day)
	             FROM public.seen WHERE stream = '$1' AND $2")" "$3" "$4"
}

for year in company hoster parked; do
	made=$work/once/$year
	fresh_database "t52_$year"
	run "$B/dmarc-ingest" --init
	is "$status" 0 "$year: schema is made"
	run "$B/dmarc-ingest" -q "$made/reports"
	is "$status:$out:$err" "0::" "$year: everything can be read"
	run psql -Xq -v ON_ERROR_STOP=1 -f "$made/sources.sql"
	is "$status:$err" "0:" "$year: sources are known"
	sql "SELECT dmarc.learn_steady()" >"$work/steady"
	if [ "$year" = company ]; then
		run "$B/dmarc-report" settings authserv_id mx.example.co.jp
		is "$status:$err" "0:" "our own mail server is known"
	fi
	# shellcheck disable=SC2046 # a list of words
	set -- $(sed -n "s/^$year //p" "$work/sums")
	is "$(sql "SELECT count(*) FROM dmarc.ingest_log") $(totals)" \
		"$1 $2 $3 $4 $5" "$year: documents, reports, records, messages, passed"
	is "$(wrong_sums)" 0 "$year: the sums of each report are right"
	is "$(sql "SELECT outcome || ' ' || count(*) FROM dmarc.ingest_log
	            GROUP BY outcome ORDER BY 1" | tr '\n' ' ')" \
		"duplicate $(($1 - $2)) stored $2 " \
		"$year: what was sent twice counts once"

	for t in truth totals addresses reports; do
		rows "$made/$t.tsv" $t
	done
	is "$(sql "
	SELECT count(*)
	  FROM public.reports e
	  FULL JOIN (SELECT r.*, d.name AS domain FROM dmarc.report r
	               JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id) r
	    ON r.report_id = e.report_id AND r.org_name = e.reporter
	   AND r.domain = e.policy_domain AND r.day = e.day::date
	   AND r.begin_at = to_timestamp(e.begin_at::bigint)
	   AND r.end_at = to_timestamp(e.end_at::bigint)
	   AND r.record_count = e.records::bigint
	   AND r.message_count = e.messages::bigint AND r.pass_count = e.pass::bigint
	   AND right(replace(r.source, '!again', ''), length(e.file)) = e.file
	 WHERE e.report_id IS NULL OR r.id IS NULL")" 0 \
		"$year: each report is as it was written"
	is "$(sql "SELECT count(*) FROM dmarc.record c
	             FULL JOIN dmarc.source s ON s.ip = c.source_ip
	            WHERE s.ip IS NULL")" 0 "$year: no address is unknown"

	see
	is "$(sql "SELECT count(*) FROM public.seen WHERE stream IS NULL")" 0 \
		"$year: each record is of a stream"
	for keys in "stream" "stream, day" "policy_domain, reporter" \
		"day, policy_domain, reporter, stream"; do
		# shellcheck disable=SC2046 # a list of words
		sum_up "$made/truth.tsv" $(echo "$keys" | tr -d ,) >"$work/want"
		stored "$keys" >"$work/got"
		is "$(diff "$work/want" "$work/got" | head -n 4)" "" \
			"$year: messages, passed, failed by $keys"
	done
	sum_up "$made/truth.tsv" stream class >"$work/want"
	awk -F '\t' -v OFS='\t' 'NR > 1 && $2 != "*" { print $1, $2, $8, $9, $10 }' \
		"$made/totals.tsv" | LC_ALL=C sort >"$work/got"
	is "$(diff "$work/want" "$work/got" | head -n 4)" "" \
		"$year: totals.tsv is the sum of truth.tsv"
	check_table "$year"

	# ---- what fixtures/years.md tells of it ----------------------------

	case $year in
	company)
		fact sendgrid "NOT pass" "2025-11-04 2026-05-07 51" \
			"SendGrid fails until its domain is authenticated"
		fact mailchimp true "2025-11-04 2026-06-30 66" "a vendor that stops"
		fact zendesk true "2026-10-20 2026-10-31 12" "a vendor that begins"
		fact payroll "NOT pass" "2025-11-25 2026-10-25 12" \
			"pay slips, once a month"
		fact legacy "NOT pass" "2025-11-01 2026-10-31 365" \
			"the forgotten server, every day"
		is "$(sql "SELECT string_agg(day, ' ') FROM (
		    SELECT DISTINCT right(day, 2) AS day FROM public.truth
		     WHERE stream = 'payroll') x")" 25 "always on the 25th"
		is "$(sql "SELECT min(day) || ' ' || max(day) || ' ' || count(DISTINCT reporter)
		     FROM public.truth WHERE class = 'PASS_SPF/DKIM_BROKEN'")" \
			"2026-03-03 2026-03-17 11" "the signer is broken, for everybody"
		is "$(sql "SELECT max(r.day) FROM dmarc.report r
		            WHERE org_name = 'Yahoo' AND mail_from IS NULL")" \
			2026-09-07 "Yahoo falls silent"
		is "$(sql "SELECT min(day) || ' ' || count(DISTINCT org_name)
		             FROM dmarc.report WHERE p = 'quarantine'")" \
			"2026-08-15 11" "the policy, as reporters saw it"
		is "$(sql "SELECT count(*) FROM dmarc.report r
		             JOIN public.reports e ON e.report_id = r.report_id
		              AND e.reporter = r.org_name
		            WHERE e.mail IN ('fail', 'misfit', 'foreign')
		              AND r.mail_from IS NOT NULL")" 15 "forged reports"
		;;
	hoster)
		is "$(sql "SELECT min(day) || ' ' || max(day) FROM public.truth
		            WHERE class = 'FAIL/STRICT_MISMATCH'")" \
			"2026-05-01 2026-08-03" "strict alignment, and its end"
		fact list-munged true "2025-11-01 2026-01-10 71" \
			"a list that rewrites From goes"
		is "$(sql "SELECT string_agg(DISTINCT org_name, ' ') FROM dmarc.report r
		             JOIN dmarc.record c ON c.report_id = r.id
		             JOIN dmarc.auth_profile p ON p.id = c.profile_id
		            WHERE p.disposition = 'reject'
		              AND r.p = 'reject' AND p.header_from = 'hosting.example'")" \
			GMX "who does not know pct rejects"
		;;
	parked)
		fact web-form true "2026-06-17 2026-06-17 1" "one day of a mistake"
		is "$(sql "SELECT count(*) FROM public.seen WHERE pass")" 0 \
			"nothing passes"
		is "$(sql "SELECT count(DISTINCT source_ip) > 4000 FROM dmarc.record")" \
			t "thousands of addresses"
		;;
	esac

	check_outputs "$year" '[!n]*'
	say_words "$year"
	check_outputs "$year" 'named*'
	is "$(sql "SELECT sum(message_count) FROM (
	    SELECT class, stream, sum(message_count) AS message_count
	      FROM dmarc.record_detail GROUP BY class, stream) x
	     WHERE class IS NOT NULL AND stream IS NOT NULL")" \
		"$(sql "SELECT sum(c.message_count) FROM dmarc.record c
		          JOIN dmarc.report r ON r.id = c.report_id
		         WHERE r.tier <> 'C'")" \
		"$year: the classes add up to the messages of reports that count"
	dropdb "t52_$year"
done

done_testing
