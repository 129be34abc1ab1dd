#!/bin/sh
# The database is away, goes away, is read-only, is full, refuses: which exit
# status, one clear line, nothing by halves, and a later run completes it.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py
good=fixtures/xml/plain-7489.xml

# Exactly one line, and it is about the database.
one_line() {
	hush "$work/err"
	is "$(wc -l <"$work/err")" 1 "$2: one line"
	like "$(cat "$work/err")" "^dmarc-ingest: database: .*$1" "$2: says what it is"
}

in=$work/in
want=$(python3 $make reports "$in" 1400)
cp fixtures/xml/hostile/doctype-bare.xml "$in/r00350-doctype.xml"
cp fixtures/xml/count-negative.xml "$in/r00351-record.xml"

# completes NAME: a run over all of it, now that nothing is in its way
completes() {
	run "$I" -q "$in"
	tables >"$work/got"
	is "$status:$(diff "$work/want" "$work/got" | head -5):$(wrong_sums)" 65::0 \
		"$1: run again it is complete"
}

fresh_database t70
run "$I" -q --init
run "$I" -q "$in"
is "$status" 65 "an undisturbed run"
tables >"$work/want"
is "$(sql "SELECT sum(message_count) FROM dmarc.report
            WHERE report_id LIKE 'made-%'")" \
	"$(echo "$want" | cut -d ' ' -f 3)" "has every message"

# ---- it is not there, or not that one ----------------------------------------------

PGHOST=/nonexistent run "$I" $good
is "$status:$out" 75: "no server: 75"
one_line 'No such file or directory' "no server"
run "$I" -d 'host=127.0.0.1 port=1' $good
is "$status" 75 "nobody listens: 75"
one_line 'Connection refused' "nobody listens"
run "$I" -d dbname=t70_nonexistent $good
is "$status" 78 "no such database: 78"
one_line 't70_nonexistent.* does not exist' "no such database"
run "$I" -d user=t70_nonexistent $good
is "$status" 78 "no such user: 78"
one_line 't70_nonexistent.* does not exist' "no such user"
for conninfo in 'nonsense=1' 'port=abc' 'port=99999' "dbname='x" 'sslmode=nonsense' \
	'postgresql:///x?nonsense=1' 'service=t70_nonexistent'; do
	run "$I" -d "$conninfo" $good
	is "$status" 78 "--db $conninfo: 78"
	one_line '' "--db $conninfo"
done
sql "CREATE DATABASE t70_closed; "
sql "REVOKE CONNECT ON DATABASE t70_closed FROM PUBLIC"
sql "CREATE ROLE t70_stranger LOGIN"
run "$I" -d 'dbname=t70_closed user=t70_stranger' $good
is "$status" 78 "no right to connect: 78"
sql "ALTER DATABASE t70_closed ALLOW_CONNECTIONS false"
run "$I" -d dbname=t70_closed $good
is "$status" 75 "closed for connections: 75"
sql "ALTER ROLE t70_stranger CONNECTION LIMIT 0"
run "$I" -d user=t70_stranger $good
is "$status" 75 "too many connections: 75"

# ---- read-only -------------------------------------------------------------------------

fresh_database t70_readonly
run "$I" -q --init
sql "ALTER DATABASE t70_readonly SET default_transaction_read_only = on"
run "$I" "$in"
is "$status" 75 "read-only: 75"
one_line 'read-only' "read-only"
sql_rw() {
	PGOPTIONS='-c default_transaction_read_only=off' sql "$1"
}
sql_rw "ALTER DATABASE t70_readonly SET default_transaction_read_only = off"
completes "read-only"

# ---- rights ----------------------------------------------------------------------------

fresh_database t70_rights
run "$I" -q --init
sql "CREATE ROLE t70_feeder LOGIN; GRANT dmarc_ingest TO t70_feeder"
for table in policy_domain report auth_profile record ingest_log set_aside; do
	sql "REVOKE INSERT ON dmarc.$table FROM dmarc_ingest"
	PGUSER=t70_feeder run "$I" "$in"
	is "$status" 78 "no right to insert into $table: 78"
	is "$(grep -c "^dmarc-ingest: database: permission denied for table $table" \
		"$work/err"):$(wc -l <"$work/err")" 1:1 "and one line names it"
	is "$(sql "SELECT (SELECT count(*) FROM dmarc.report)
	                + (SELECT count(*) FROM dmarc.record)
	                + (SELECT count(*) FROM dmarc.ingest_log)
	                + (SELECT count(*) FROM dmarc.set_aside)")" 0 \
		"nothing is stored by halves"
	sql "GRANT INSERT ON dmarc.$table TO dmarc_ingest"
done
# What is stored is compared as the same user, who may not read all of it.
sql "GRANT dmarc_read TO t70_feeder"
export PGUSER
PGUSER=t70_feeder completes "with the rights back"

# ---- the connection is lost at each table ---------------------------------------------

# The server ends the session just when the 300th row of a table comes.
fresh_database t70_template
run "$I" -q --init
sql "CREATE SEQUENCE public.rows;
     CREATE FUNCTION public.die() RETURNS trigger LANGUAGE plpgsql AS \$\$
     BEGIN
       IF nextval('public.rows') = TG_ARGV[0]::bigint THEN
         PERFORM pg_terminate_backend(pg_backend_pid());
       END IF;
       RETURN NEW;
     END \$\$;"
for at in policy_domain:3 report:300 auth_profile:100 record:800 ingest_log:300 \
	ingest_log:650 set_aside:1 set_aside:3; do
	table=${at%:*}
	dropdb --if-exists t70_lost 2>/dev/null
	PGDATABASE=t70_lost
	createdb -T t70_template t70_lost
	sql "CREATE TRIGGER die BEFORE INSERT ON dmarc.$table FOR EACH ROW
	     EXECUTE FUNCTION public.die(${at#*:})"
	run "$I" "$in"
	is "$status" 75 "the session ends at row ${at#*:} of $table: 75"
	is "$(grep -c '^dmarc-ingest: database: ' "$work/err")" 1 "one line about the database"
	is "$(wrong_sums)" 0 "nothing is stored by halves"
	sql "DROP TRIGGER die ON dmarc.$table"
	completes "after that"
done

# ---- what the server says when it is full ------------------------------------------------

dropdb t70_lost
PGDATABASE=t70_lost
createdb -T t70_template t70_lost
sql "CREATE FUNCTION public.full() RETURNS trigger LANGUAGE plpgsql AS \$\$
     BEGIN
       RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100';
     END \$\$;
     CREATE TRIGGER full_disk BEFORE INSERT ON dmarc.record
     FOR EACH STATEMENT EXECUTE FUNCTION public.full()"
run "$I" "$in"
is "$status" 75 "could not extend file: 75"
one_line 'could not extend file.*disk is full' "could not extend file"
is "$(sql "SELECT count(*) FROM dmarc.report")" 0 "nothing is stored by halves"
sql "DROP TRIGGER full_disk ON dmarc.record"
completes "with room again"

# ---- an item that the database refuses ------------------------------------------------

fresh_database t70_refused
run "$I" -q --init
sql "ALTER TABLE dmarc.report ADD CONSTRAINT no_13 CHECK (report_id <> 'made-13');
     ALTER TABLE dmarc.record ADD CONSTRAINT no_49 CHECK (message_count <> 49)"
# Of reports 0 to 1399 those with a count of 49, by make.py's rule.
refused=$(python3 -c '
print(sum(i == 13 or any(1 + (i * 7 + k * 3) % 50 == 49 for k in range(1 + i % 4))
          for i in range(1400)))')
run "$I" "$in"
is "$status" 65 "the database refuses some reports: 65"
is "$(grep -c ': the database refuses it: .*no_13\|: the database refuses it: .*no_49' \
	"$work/err")" "$refused" "a line each"
is "$(sql "SELECT count(*) FROM dmarc.set_aside
            WHERE reason = 'refused_by_database' AND raw IS NOT NULL")" "$refused" \
	"each is set aside with its bytes"
is "$(sql "SELECT count(*) FROM dmarc.report WHERE report_id LIKE 'made-%'")" \
	"$((1400 - refused))" "all others are stored"
is "$(sql "SELECT encode(sha256(raw), 'hex') FROM dmarc.set_aside
            WHERE source = '$in/r00013.xml'")" \
	"$(sha256sum <"$in/r00013.xml" | cut -d ' ' -f 1)" "the same bytes"
is "$(wrong_sums)" 0 "all sums are those of their records"

# Again: those that are known by their bytes stand between those that are
# refused, in batches that are rolled back for them.  One more has a bad record
# and is stored without it, and one is broken.
last=$(sql "SELECT max(id) FROM dmarc.ingest_log")
tables | grep '^re' >"$work/before"
run "$I" "$in"
tables | grep '^re' >"$work/after"
is "$status:$(sql "SELECT string_agg(outcome || ' ' || n, ', ' ORDER BY outcome) FROM (
                     SELECT outcome, count(*) AS n FROM dmarc.ingest_log
                      WHERE id > $last GROUP BY 1) x")" \
	"65:duplicate $((1400 - refused + 1)), set_aside $((refused + 1))" \
	"again: those that are stored are duplicates, the others are refused again"
is "$(diff "$work/before" "$work/after")" "" "and no report or record has changed"

# ---- the server stops in the middle, of a cluster of its own ----------------------------

pg=$work/pg
trap 'umount "$pg" 2>/dev/null; scripts/pg-private.sh remove "$pg"; umount "$work/small" 2>/dev/null' EXIT
PG_PRIVATE_FAST=1 scripts/pg-private.sh start "$pg"
main=$PGHOST
eval "$(scripts/pg-private.sh env "$pg")"
export PGHOST PGUSER PGDATABASE

# stop_now DIR: as after a power cut
stop_now() {
	kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")"
	k=0
	while [ -e "$1/data/postmaster.pid" ] && [ $k -lt 100 ]; do
		sleep 0.1
		k=$((k + 1))
	done
}

fresh_database t70_stop
run "$I" -q --init
# The first batch of 1000 is committed, then the program waits for its input.
mkfifo "$work/input"
"$I" "$in" - "$good" <"$work/input" >"$work/out" 2>"$work/err" &
ingester=$!
exec 8>"$work/input"
until_sql "SELECT count(*) >= 900 FROM dmarc.report" t
stop_now "$pg"
cat fixtures/xml/plain-9990.xml >&8
exec 8>&-
status=0
wait $ingester || status=$?
is "$status" 75 "the server stops between two batches: 75"
is "$(grep -c '^dmarc-ingest: database: ' "$work/err")" 1 "one line about the database"
run "$I" $good
is "$status" 75 "while it is down: 75"
one_line '' "while it is down"
PG_PRIVATE_FAST=1 scripts/pg-private.sh start "$pg"
is "$(wrong_sums)" 0 "nothing is stored by halves"
completes "the server is back"

# In the middle of a transaction: it waits for a lock when the server stops.
fresh_database t70_stop_2
run "$I" -q --init
hold "LOCK TABLE dmarc.ingest_log IN EXCLUSIVE MODE"
"$I" "$in" >"$work/out" 2>"$work/err" &
ingester=$!
waiting 1
stop_now "$pg"
exec 9>&-
wait "$holder"
status=0
wait $ingester || status=$?
is "$status" 75 "the server stops in a transaction: 75"
one_line '' "the server stops in a transaction"
PG_PRIVATE_FAST=1 scripts/pg-private.sh start "$pg"
is "$(sql "SELECT (SELECT count(*) FROM dmarc.report)
                + (SELECT count(*) FROM dmarc.record)")" 0 "nothing of it is stored"
completes "the server is back"

# A restart for maintenance, while a session is there: "shutting down".
fresh_database t70_stop_3
run "$I" -q --init
hold "LOCK TABLE dmarc.ingest_log IN EXCLUSIVE MODE"
"$I" "$in" >"$work/out" 2>"$work/err" &
ingester=$!
waiting 1
scripts/pg-private.sh stop "$pg"
exec 9>&-
wait "$holder"
status=0
wait $ingester || status=$?
is "$status" 75 "the server is shut down in a transaction: 75"
one_line '' "the server is shut down in a transaction"
PG_PRIVATE_FAST=1 scripts/pg-private.sh start "$pg"
completes "the server is back"
scripts/pg-private.sh stop "$pg"

# ---- a full disk, for real -----------------------------------------------------------------

PGHOST=$main
mkdir "$work/small"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=2m tmpfs "$work/small" 2>/dev/null; then
	mkdir "$work/small/space"
	chown postgres "$work/small/space"
	fresh_database t70_full
	run "$I" -q --init
	sql "CREATE TABLESPACE t70_small LOCATION '$work/small/space'"
	# A partition is made where its parent is.
	sql "ALTER TABLE dmarc.report SET TABLESPACE t70_small"
	# Leave 100 kB.
	head -c "$(($(df --output=avail -k "$work/small" | tail -n 1) * 1024 - 100000))" \
		/dev/zero >"$work/small/ballast"
	run "$I" "$in"
	is "$status" 75 "the disk is full: 75"
	one_line 'disk is full' "the disk is full"
	is "$(wrong_sums)" 0 "nothing is stored by halves"
	rm "$work/small/ballast"
	completes "with room again"
	sql "ALTER TABLE dmarc.report SET TABLESPACE pg_default"
	sql "DROP TABLESPACE t70_small"
	umount "$work/small"
else
	report 0 "the disk is full # SKIP no right to mount a small one"
fi

# ---- what it says while we connect ------------------------------------------------------

# A warning with the name of the database in it, since version 15.
if [ "$(sql "SELECT current_setting('server_version_num')::int >= 150000")" = t ]; then
	odd=$(printf 'odd\033[31m\342\200\256x')
	fresh_database "$odd"
	run "$I" -q --init
	psql -qX -d postgres -v name="$odd" 2>/dev/null <<'EOF'
UPDATE pg_database SET datcollversion = '0' WHERE datname = :'name';
EOF
	run "$I" -v fixtures/xml/plain-7489.xml
	like "$err" 'database: WARNING: .*"odd\?\[31m\?x" has' \
		"a notice that comes while connecting is logged, printable"
	run "$I" -q --retry
	is "$status:$err" 0: "and not when nothing is to be said"
fi

done_testing
