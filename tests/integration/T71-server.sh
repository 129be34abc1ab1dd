#!/bin/sh
# A server that behaves differently: what it, the database or the role has as
# defaults changes nothing; what one item cannot get done holds up no other.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report
make=tests/integration/make.py
in=$work/in
want=$(python3 $make reports "$in" 40)

# calm SQL: in a session that none of the settings below is for
calm() {
	PGOPTIONS='-c statement_timeout=0 -c transform_null_equals=off -c exit_on_error=off
		-c search_path=pg_catalog -c default_transaction_isolation=read\ committed' \
		sql "$1"
}

# ---- defaults that are not ours ----------------------------------------------------

fresh_database t71
run "$I" -q --init
run "$I" -q "$in"
is "$status:$(totals)" "0:$want" "an undisturbed run"
tables >"$work/want"

# What a command prints, whatever the settings.
ask() {
	for command in summary unaligned reporters dispositions policy coverage \
		selectors status readiness what-if settings sender changes; do
		case $command in
		changes) set -- changes --since 2026-08-01 ;;
		*) set -- $command ;;
		esac
		case $command in
		status) ;;
		*) set -- "$@" --format csv ;;
		esac
		echo "-- $command"
		"$R" "$@" 2>&1 | sed 's/[0-9-]\{10\} [0-9:]\{8\}//g'
		echo "$?"
	done
}
ask >"$work/answers"

# Each is either what a session of ours has, or another's default.
cat >"$work/settings" <<'END'
DateStyle|ISO, YMD|SQL, DMY
IntervalStyle|postgres|sql_standard
TimeZone|UTC|Asia/Tokyo
array_nulls|on|off
bytea_output|hex|escape
client_connection_check_interval|10000|0
client_encoding|UTF8|LATIN1
default_transaction_deferrable|off|on
default_transaction_isolation|read committed|serializable
exit_on_error|off|on
extra_float_digits|1|-15
idle_in_transaction_session_timeout|0|60000
idle_session_timeout|0|60000
jit|off|on
lc_monetary|C|C.UTF-8
lc_numeric|C|C.UTF-8
lc_time|C|C.UTF-8
lock_timeout|0|60000
row_security|off|on
search_path|pg_catalog, pg_temp|evil, pg_catalog
session_replication_role|origin|replica
standard_conforming_strings|on|off
statement_timeout|0|2000
synchronous_commit|on|off
transform_null_equals|off|on
END
cut -d '|' -f 1,2 "$work/settings" >"$work/ours"

fresh_database t71_odd
run "$I" -q --init
# A trigger writes down what the session that stores a report is like, and one
# report takes longer than the server would have it.
sql "CREATE TABLE public.seen (name text, setting text);
     GRANT ALL ON public.seen TO PUBLIC;
     CREATE FUNCTION public.look() RETURNS trigger LANGUAGE plpgsql AS \$\$
     BEGIN
       IF EXISTS (SELECT FROM public.seen) THEN
         RETURN NULL;
       END IF;
       INSERT INTO public.seen
       SELECT name, setting FROM pg_catalog.pg_settings
        WHERE name IN ($(cut -d '|' -f 1 "$work/settings" | sed "s/.*/'&'/" | paste -sd ,));
       PERFORM pg_catalog.pg_sleep(3);
       RETURN NULL;
     END \$\$;
     CREATE TRIGGER look AFTER INSERT ON dmarc.report
     FOR EACH STATEMENT EXECUTE FUNCTION public.look();
     ALTER TABLE dmarc.report ENABLE ALWAYS TRIGGER look;
     CREATE SCHEMA evil;
     GRANT USAGE ON SCHEMA evil TO PUBLIC;
     CREATE FUNCTION evil.set_config(text, text, boolean) RETURNS text
     LANGUAGE plpgsql AS 'BEGIN RAISE ''evil''; END';
     CREATE FUNCTION evil.eq(text, text) RETURNS boolean
     LANGUAGE plpgsql AS 'BEGIN RAISE ''evil''; END';
     CREATE OPERATOR evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = evil.eq)"
odd_defaults() {
	while IFS='|' read -r setting _ odd; do
		case $setting in
		# Lists.
		DateStyle | search_path) ;;
		*) odd="'$odd'" ;;
		esac
		calm "ALTER DATABASE t71_odd SET \"$setting\" = $odd"
	done <"$work/settings"
}
odd_defaults
run "$I" -q "$in"
is "$status:$err" 0: "a server with other defaults: everything is stored"
is "$(calm "SELECT name || '|' || setting FROM public.seen" | LC_ALL=C sort |
	diff "$work/ours" -)" "" "the session has its own"
calm "DROP TRIGGER look ON dmarc.report"
ask >"$work/got"
is "$(diff "$work/answers" "$work/got" | head -5)" "" "the answers are the same"
calm "ALTER DATABASE t71_odd RESET ALL"
tables >"$work/got"
is "$(diff "$work/want" "$work/got" | head -5)" "" "and so are the tables"

# The same, and something else said of the role.
odd_defaults
calm "ALTER ROLE CURRENT_USER IN DATABASE t71_odd SET statement_timeout = '1s'"
calm "ALTER ROLE CURRENT_USER IN DATABASE t71_odd SET synchronous_commit = local"
calm "TRUNCATE public.seen;
      CREATE TRIGGER look AFTER INSERT ON dmarc.report
      FOR EACH STATEMENT EXECUTE FUNCTION public.look();
      ALTER TABLE dmarc.report ENABLE ALWAYS TRIGGER look"
run "$I" -q fixtures/xml/plain-7489.xml
is "$status:$(calm "SELECT name || '|' || setting FROM public.seen" | LC_ALL=C sort |
	diff "$work/ours" -)" "0:" "defaults of the role: the session has its own"

# What the client says itself holds, where it changes no result.
calm "TRUNCATE public.seen"
PGOPTIONS='-c statement_timeout=90s -c lock_timeout=80s -c datestyle=german -c synchronous_commit=off' \
	run "$I" -q fixtures/xml/plain-9990.xml
is "$status:$(calm "SELECT string_agg(setting, ' ' ORDER BY name) FROM public.seen
                     WHERE name IN ('DateStyle', 'lock_timeout', 'statement_timeout',
                                    'synchronous_commit')")" \
	"0:ISO, YMD 80000 90000 on" "PGOPTIONS may bound the time, and nothing else"
calm "ALTER DATABASE t71_odd SET synchronous_commit = remote_apply"
calm "ALTER ROLE CURRENT_USER IN DATABASE t71_odd RESET synchronous_commit"
calm "TRUNCATE public.seen"
run "$I" -q fixtures/xml/cdata.xml
is "$(calm "SELECT setting FROM public.seen WHERE name = 'synchronous_commit'")" \
	remote_apply "a commit that waits for more is left as it is"

# ---- one item ------------------------------------------------------------------------

# trouble SQL: a trigger that has a say when report made-13 is stored, alone or
# with others.
trouble() {
	sql "CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS \$\$
	     BEGIN
	       IF EXISTS (SELECT FROM new_ones WHERE report_id = 'made-13') THEN
	         $1
	       END IF;
	       RETURN NULL;
	     END \$\$;
	     CREATE TRIGGER trouble AFTER INSERT ON dmarc.report
	     REFERENCING NEW TABLE AS new_ones
	     FOR EACH STATEMENT EXECUTE FUNCTION public.trouble()"
}
lines() {
	hush "$work/err"
	wc -l <"$work/err"
}

fresh_database t71_template
run "$I" -q --init
for what in "57014:PERFORM pg_sleep(600);" "40P01:" "40001:" "55P03:" "53200:" "53400:"; do
	state=${what%%:*}
	do=${what#*:}
	PGDATABASE=t71_item
	dropdb --if-exists t71_item 2>/dev/null
	createdb -T t71_template t71_item
	[ -n "$do" ] || do="RAISE SQLSTATE '$state';"
	trouble "$do"
	PGOPTIONS='-c statement_timeout=2s' run "$I" "$in"
	is "$status:$(lines)" 75:1 "$state whenever one of 40 is stored: 75, one line"
	like "$err" "^dmarc-ingest: $in/r00013.xml: left for the next run: database: " \
		"that names it"
	is "$(sql "SELECT count(*), count(*) FILTER (WHERE report_id = 'made-13')
	             FROM dmarc.report")|$(wrong_sums)" "39|0|0" "the others are stored"
	is "$(sql "SELECT count(*) FROM dmarc.set_aside")" 0 "and nothing is set aside"
	sql "DROP TRIGGER trouble ON dmarc.report"
	run "$I" -q "$in"
	tables >"$work/got"
	is "$status:$(diff "$work/want" "$work/got" | head -5)" 0: "the next run completes it"
done

# Only together with others.
dropdb t71_item
createdb -T t71_template t71_item
trouble "IF (SELECT count(*) > 1 FROM new_ones) THEN RAISE SQLSTATE '40P01'; END IF;"
run "$I" "$in"
tables >"$work/got"
is "$status:$err:$(diff "$work/want" "$work/got" | head -5)" 0:: \
	"what fails only with its neighbours is stored alone"

# Twice, each time something else.
dropdb t71_item
createdb -T t71_template t71_item
sql "CREATE SEQUENCE public.times"
trouble "CASE nextval('public.times')
         WHEN 1 THEN RAISE SQLSTATE '40P01';
         WHEN 2 THEN RAISE SQLSTATE '40001';
         ELSE NULL;
         END CASE;"
run "$I" "$in"
is "$status:$err:$(sql "SELECT last_value FROM public.times")|$(totals)" \
	"0::3|$want" "two different failures: it is tried a third time"

# By standard input, and what was set aside.
dropdb t71_item
createdb -T t71_template t71_item
trouble "RAISE SQLSTATE '40P01';"
status=0
"$I" - <"$in/r00013.xml" 2>"$work/err" || status=$?
is "$status:$(lines)" 75:1 "alone on standard input: 75, so that a mail server keeps it"
sql "ALTER TABLE dmarc.report ADD CONSTRAINT no_13 CHECK (report_id <> 'made-13')"
run "$I" -q "$in/r00013.xml"
is "$status:$(sql "SELECT count(*) FROM dmarc.set_aside WHERE resolved_at IS NULL")" \
	65:1 "set aside, for another reason"
sql "ALTER TABLE dmarc.report DROP CONSTRAINT no_13"
run "$I" -q --retry
is "$status:$(sql "SELECT count(*) FROM dmarc.set_aside WHERE resolved_at IS NULL")" \
	75:1 "--retry that does not get it done: it stays open"

# ---- not because of an item ------------------------------------------------------------

# As if a table were locked and the client impatient: every one fails.
many=$work/many
python3 $make reports "$many" 200 >/dev/null
fresh_database t71_all
run "$I" -q --init
hold "LOCK TABLE dmarc.report IN ACCESS EXCLUSIVE MODE"
PGOPTIONS='-c lock_timeout=1ms' run "$I" "$many"
let_go
is "$status:$(lines)" 75:1 "a table that somebody has locked: 75, one line"
sql "CREATE FUNCTION public.no() RETURNS trigger LANGUAGE plpgsql AS
     'BEGIN RAISE lock_not_available; END';
     CREATE TRIGGER no AFTER INSERT ON dmarc.report
     FOR EACH STATEMENT EXECUTE FUNCTION public.no()"
run "$I" "$many"
is "$status:$(grep -c ': left for the next run: ' "$work/err"):$(lines)" 75:50:51 \
	"all fail: after 50 in a row it ends"
is "$(sql "SELECT count(*) FROM dmarc.report")" 0 "nothing is stored by halves"

done_testing
