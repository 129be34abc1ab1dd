#!/bin/sh
# The schema: made once, by many at a time, by whoever may; refused when it is
# missing, older or newer; and what each role may do.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

# Roles belong to the whole server, so this has one of its own.
pg=$work/pg
trap 'scripts/pg-private.sh remove "$pg"' EXIT
PG_PRIVATE_FAST=1 scripts/pg-private.sh start "$pg"
eval "$(scripts/pg-private.sh env "$pg")"
I=$B/dmarc-ingest
good=fixtures/xml/plain-7489.xml
# The version that this program makes.
latest=$(find sql/migrate -name "0*.sql" -printf "%f\n" | sort | sed -n '$s/^0*\([0-9]*\)-.*/\1/p')

as_user() {
	user=$1
	shift
	run env PGUSER="$user" "$@"
}

# ---- whoever may not make roles ----------------------------------------------

sql "CREATE ROLE plain LOGIN"
fresh_database t10_plain
sql "GRANT CREATE ON DATABASE t10_plain TO plain"
as_user plain "$I" --init
is "$status:$err" "0:dmarc-ingest: schema brought from version 0 to $latest" \
	"--init without CREATEROLE, no role there: the schema is made"
is "$(sql "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'dmarc\\_%'")" 0 \
	"and no role"
as_user plain "$I" $good
is "$status:$err" 0: "its owner ingests"
as_user plain "$I" --init
is "$status:$err" "0:dmarc-ingest: schema is up to date (version $latest)" \
	"--init again as the same user"

fresh_database t10_may_not
as_user plain "$I" --init
is "$status" 78 "--init without CREATE on the database: 78"
like "$err" '^dmarc-ingest: .*permission denied for database t10_may_not' \
	"and is told why"
is "$(sql "SELECT count(*) FROM pg_namespace WHERE nspname = 'dmarc'")" 0 \
	"nothing is left behind"

# ---- no schema, --init, --init again -----------------------------------------

fresh_database t10
run "$I" $good
is "$status:$err" \
	"78:dmarc-ingest: database: it has no schema yet; run dmarc-ingest --init" \
	"no schema: 78 and the advice"
run "$I" --retry
is "$status" 78 "no schema: --retry, too"
run "$I" --init
is "$status:$out" 0: "--init: exit 0, nothing on standard output"
is "$err" "dmarc-ingest: schema brought from version 0 to $latest" "and says so"
is "$(sql "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles
            WHERE rolname LIKE 'dmarc\\_%' AND NOT rolcanlogin")" \
	"dmarc_ingest dmarc_operator dmarc_owner dmarc_read" \
	"a superuser's --init makes the roles; they cannot log in"
run "$I" $good
is "$status" 0 "a report is stored"
sql "CREATE VIEW public.mine AS SELECT * FROM dmarc.record_detail"
all_rows >"$work/rows"
run "$I" --init
is "$status:$err" "0:dmarc-ingest: schema is up to date (version $latest)" \
	"--init again, somebody's own view on ours: up to date"
same_rows "and changes no row"
run "$I" -q --init
is "$status:$err" 0: "-q --init says nothing"

# Every table, view and column has its comment.
is "$(sql "
	SELECT count(*) FROM pg_class c
	  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
	   AND NOT a.attisdropped
	 WHERE c.relnamespace = 'dmarc'::regnamespace AND c.relkind IN ('r', 'v', 'p')
	   AND NOT c.relispartition
	   AND (obj_description(c.oid, 'pg_class') IS NULL
	        OR col_description(c.oid, a.attnum) IS NULL)")" 0 \
	"no table, view or column without a comment"

# ---- many at a time ------------------------------------------------------------

# five NAME DATABASE...: an --init each, all at once; prints their exits
five() {
	k=0
	for database; do
		k=$((k + 1))
		(
			s=0
			PGDATABASE=$database "$I" --init 2>"$work/five.$k" || s=$?
			echo "$s" >"$work/exit.$k"
		) &
	done
	wait
	cat "$work"/exit.[1-5]
}

fresh_database t10_five
is "$(five t10_five t10_five t10_five t10_five t10_five | sort -u)" 0 \
	"five --init of one database at once: all exit 0"
is "$(cat "$work"/five.[1-5] | sort | uniq -c | sed 's/^ *//')" \
	"1 dmarc-ingest: schema brought from version 0 to $latest
4 dmarc-ingest: schema is up to date (version $latest)" \
	"one makes it, four find it up to date"
is "$(sql "SELECT count(*) FROM dmarc.schema_version")" \
	"$(find sql/migrate -name "0*.sql" | wc -l)" "once"

# Another database of this server, and there somebody is about to make a role.
drop_roles() {
	for d in t10_plain t10 t10_five; do
		psql -XAtq -d $d -c "REASSIGN OWNED BY dmarc_owner TO CURRENT_USER" \
			-c "DROP OWNED BY dmarc_owner, dmarc_ingest, dmarc_operator, dmarc_read"
	done
	psql -XAtq -d postgres -c "DROP ROLE dmarc_owner, dmarc_ingest, dmarc_operator, dmarc_read"
}
drop_roles
fresh_database t10_race
hold "CREATE ROLE dmarc_owner NOLOGIN"
"$I" --init 2>"$work/race" &
ingester=$!
waiting 1
let_go
status=0
wait $ingester || status=$?
is "$status:$(cat "$work/race")" \
	"0:dmarc-ingest: schema brought from version 0 to $latest" \
	"two --init in two databases at once make one role: both exit 0"

# ---- rights ----------------------------------------------------------------------

fresh_database t10_roles
run "$I" -q --init
sql "CREATE ROLE feeder LOGIN; GRANT dmarc_ingest TO feeder;
     CREATE ROLE reader LOGIN; GRANT dmarc_read TO reader;
     CREATE ROLE nobody_at_all LOGIN"
sed -e 's/1793491200/1709251200/' -e 's/1793577599/1709337599/' $good \
	>"$work/2024.xml"
as_user feeder "$I" $good "$work/2024.xml" fixtures/xml/count-negative.xml \
	fixtures/xml/hostile/doctype-bare.xml
is "$status" 65 "a user with dmarc_ingest ingests, and sets aside"
is "$(sql "SELECT string_agg(outcome, ' ' ORDER BY outcome) FROM dmarc.ingest_log")" \
	"set_aside stored stored stored" "all of it"
# 1 March 2024, 00:00 UTC, is where the report begins.
is "$(sql "SELECT count(*) FROM dmarc.record_2024_03")" 3 \
	"the month's partition was made, its three records are there"
as_user feeder "$I" --retry
is "$status" 65 "and retries"
as_user feeder psql -XAtq -c "DELETE FROM dmarc.report"
like "$err" "permission denied" "but deletes nothing"
as_user feeder psql -XAtq -c "UPDATE dmarc.set_aside SET raw = NULL"
like "$err" "permission denied" "and takes no bytes away"

run psql -XAtq -c "DELETE FROM dmarc.policy_domain"
like "$err" "policy domain .* has reports" "no policy domain goes that has reports"
run psql -XAtq -c "UPDATE dmarc.policy_domain SET id = DEFAULT"
like "$err" "policy domain .* has reports" "or gets another id"

for view in $(sql "SELECT relname FROM pg_class
                    WHERE relnamespace = 'dmarc'::regnamespace
                      AND relkind IN ('r', 'p', 'v') AND NOT relispartition
                      AND relname NOT IN ('mailbox', 'mailbox_mail',
                                          'failure_personal')
                    ORDER BY relname"); do
	as_user reader psql -XAtq -c "SELECT count(*) FROM dmarc.$view"
	is "$status:$err" 0: "dmarc_read may read $view"
	as_user reader psql -XAtq -c "INSERT INTO dmarc.$view DEFAULT VALUES"
	like "$err" "permission denied|cannot insert into" \
		"and may not write it"
done
as_user reader psql -XAtq -c "SELECT dmarc.make_partition('2023-01-01')"
like "$err" "permission denied" "dmarc_read makes no partition"
as_user reader "$I" $good
is "$status" 78 "ingest as a reader: 78"
like "$err" '^dmarc-ingest: database: permission denied .*dmarc_ingest' \
	"and is told which role to grant"
as_user nobody_at_all "$I" $good
is "$status" 78 "ingest without any role: 78"
like "$err" '^dmarc-ingest: database: permission denied .*dmarc_ingest' \
	"and is told which role to grant"

# ---- an encoding that cannot hold what reporters write ---------------------------

createdb -E LATIN1 -T template0 --locale=C t10_latin
PGDATABASE=t10_latin run "$I" --init
is "$status" 78 "a database that is not UTF8: --init refuses it"
like "$err" 'LATIN1.*UTF8' "and says which one it wants"

# ---- older and newer ---------------------------------------------------------------

# The same version of another build, one of whose views is another.
next=$work/next
mkdir -p "$next"
cp -R Makefile common ingest report scripts sql "$next"
echo "COMMENT ON VIEW dmarc.setting_detail IS 'another view';" >>"$next/sql/views/10_setting.sql"
run make -C "$next" -j2 B=b CFLAGS=-O0 HARD= HARDLD= b/dmarc-ingest
is "$status" 0 "another build"
N=$next/b/dmarc-ingest
others='database: its views are those of another build'

PGDATABASE=t10
run "$N" $good
is "$status:$err" "0:dmarc-ingest: $others; run dmarc-ingest --init" \
	"views of another build: told, and reports are stored"
run "$N" -q --retry
is "$err" "dmarc-ingest: $others; run dmarc-ingest --init" "--retry tells it, too"
run "$N" --init
is "$status:$err" "0:dmarc-ingest: schema is up to date (version $latest); its views were those of another build and were made anew" \
	"--init makes them anew"
is "$(sql "SELECT obj_description('dmarc.setting_detail'::regclass)")" "another view" "all of them"
run "$N" -q $good
is "$status:$err" 0: "and then nothing is told"
run "$N" --init
is "$err" "dmarc-ingest: schema is up to date (version $latest)" "the second time --init does nothing new"
run "$B/dmarc-report" settings
is "$status:$out" 78: "dmarc-report answers nothing with views that are not its own"
like "$err" "^dmarc-report: $others \(run dmarc-ingest --init" "and says what to do"
# What was judged by the other's functions is judged anew.
judged="SELECT string_agg(dmarc_result, ' ' ORDER BY profile_id) FROM dmarc.profile_feature"
before=$(sql "$judged")
sql "UPDATE dmarc.profile_feature SET dmarc_result = 'other'"
run "$I" -q --init
is "$status:$err:$(sql "$judged")" "0::$before" "--init judges anew what those have judged"
run "$B/dmarc-report" settings
is "$status:$err" 0: "and dmarc-report answers"
# A database that has never heard of that, as a backup may be.
sql "UPDATE dmarc.schema_version SET views_digest = NULL"
run "$B/dmarc-report" settings
is "$status" 78 "nobody knows whose views they are: not answered"
run "$I" -q --init
cp sql/views/10_setting.sql "$next/sql/views"

# The next version, as it will be: one more migration.
next_one=$((latest + 1))
file=$(printf %04d-test $next_one)
cat >"$next/sql/migrate/$file.sql" <<'END'
ALTER TABLE dmarc.report ADD COLUMN test integer;
COMMENT ON COLUMN dmarc.report.test IS 'a test';
END
echo 'SELECT test FROM dmarc.report WHERE false;' \
	>"$next/sql/verify/$file.sql"
run make -C "$next" -j2 B=b CFLAGS=-O0 HARD= HARDLD= b/dmarc-ingest
is "$status" 0 "the next version is built"

PGDATABASE=t10
run "$N" $good
is "$status:$err" "78:dmarc-ingest: database: its schema has version $latest, this program needs $next_one; run dmarc-ingest --init" \
	"an older schema: 78 and the advice"
before=$(tables | sed 's/, "test": null//')
run "$N" --init
is "$status:$err" "0:dmarc-ingest: schema brought from version $latest to $next_one" \
	"--init brings it up to date"
is "$(tables | sed 's/, "test": null//')" "$before" "with all that was in it"
run "$N" $good
is "$status" 0 "and it works"
run "$I" $good
is "$status:$err" "78:dmarc-ingest: database: its schema has version $next_one, this program knows $latest; install a newer dmarc-ingest" \
	"a newer schema: 78 and the advice"
run "$I" --init
is "$status" 78 "--init refuses a newer schema, too"
is "$(sql "SELECT max(version) FROM dmarc.schema_version")" "$next_one" \
	"and leaves it as it is"

# A migration that fails leaves the old schema and says which one it was.
echo 'ALTER TABLE dmarc.nonexistent ADD COLUMN test integer;' \
	>"$next/sql/migrate/$file.sql"
run make -C "$next" B=b CFLAGS=-O0 HARD= HARDLD= b/dmarc-ingest
PGDATABASE=t10_five
run "$N" --init
is "$status" 78 "a migration that fails: 78"
like "$err" "^dmarc-ingest: $file.*nonexistent" "and is named"
is "$(sql "SELECT max(version) FROM dmarc.schema_version")" "$latest" \
	"the old schema is there"
run "$I" $good
is "$status" 0 "and works"

done_testing
