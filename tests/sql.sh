#!/bin/sh
# The schema and the views alone, through psql.
# usage: scripts/with-services.sh tests/sql.sh [build folder]
#
# Makes the schema, the views, the catalogue and grants twice, prepares every
# statement of sql/query, runs each tests/sql/NAME.sql in a transaction that is
# rolled back and compares with NAME.out, and looks at comments and rights.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$SCRATCH/sql
mkdir -p "$work"
passed=0
failed=0

# result STATUS NAME
result() {
	if [ "$1" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n' "$2"
		sed 's/^/    /' "$work/out"
	fi
}

psql_q() {
	psql -XAtq -v ON_ERROR_STOP=1 "$@" >"$work/out" 2>&1
}

# none SQL NAME: the statement finds nothing.
none() {
	psql_q -c "$1" && [ ! -s "$work/out" ]
	result $? "$2"
}

# may ROLE SQL NAME, may_not ROLE SQL NAME: allowed and refused, rolled back.
may() {
	psql_q -c "BEGIN; SET LOCAL ROLE $1; $2; ROLLBACK"
	result $? "$3"
}
may_not() {
	! psql_q -c "BEGIN; SET LOCAL ROLE $1; $2; ROLLBACK" &&
		grep -q 'permission denied' "$work/out"
	result $? "$3"
}

make_schema() {
	for f in sql/migrate/*.sql; do
		psql_q -1 -f "$f"
		result $? "$f"
		psql_q -1 -f "sql/verify/$(basename "$f")"
		result $? "sql/verify/$(basename "$f")"
	done
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/catalogue.awk \
		sql/catalogue/sender.tsv sql/catalogue/pattern.tsv \
		>"$work/catalogue.sql" 2>"$work/out"
	result $? 'the catalogue'
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/reporters.awk \
		sql/catalogue/reporter.tsv sql/catalogue/mailbox.tsv \
		>>"$work/catalogue.sql" 2>"$work/out"
	result $? 'the reporters'
	for round in first second; do
		for f in sql/views/*.sql "$work/catalogue.sql" sql/grants.sql; do
			psql_q -1 -f "$f"
			result $? "$f, $round time"
		done
	done
}

prepare_statements() {
	for f in sql/query/*.sql; do
		# What is only for the length of a session must be there first.
		{
			case $f in
			*/store-tables.sql) ;;
			*) [ ! -f sql/query/store-tables.sql ] ||
				cat sql/query/store-tables.sql ;;
			esac
			echo 'PREPARE statement AS'
			cat "$f"
		} >"$work/prepare.sql"
		[ "$f" != sql/query/store-tables.sql ] ||
			cp "$f" "$work/prepare.sql"
		psql_q -f "$work/prepare.sql"
		result $? "$f can be prepared"
	done
}

run_cases() {
	for f in tests/sql/*.sql; do
		psql_q -c 'SET search_path = pg_catalog' -c BEGIN -f "$f" \
			-c ROLLBACK
		if cmp -s "$work/out" "${f%.sql}.out"; then
			result 0 "$f"
		else
			diff -u "${f%.sql}.out" "$work/out" >"$work/diff"
			mv "$work/diff" "$work/out"
			result 1 "$f"
		fi
	done
}

check_comments() {
	none "SELECT 'schema dmarc'
	       WHERE obj_description('dmarc'::regnamespace) IS NULL" \
		'the schema has a comment'
	none "SELECT c.oid::regclass
	        FROM pg_class c
	       WHERE c.relnamespace = 'dmarc'::regnamespace
	         AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
	         AND NOT EXISTS (SELECT FROM pg_depend
	                          WHERE objid = c.oid AND deptype = 'i')
	         AND obj_description(c.oid, 'pg_class') IS NULL" \
		'every table, view and sequence has a comment'
	none "SELECT c.oid::regclass, a.attname
	        FROM pg_class c
	        JOIN pg_attribute a ON a.attrelid = c.oid
	       WHERE c.relnamespace = 'dmarc'::regnamespace
	         AND c.relkind IN ('r', 'p', 'v', 'm')
	         AND NOT c.relispartition AND a.attnum > 0
	         AND NOT a.attisdropped
	         AND col_description(c.oid, a.attnum) IS NULL" \
		'every column has a comment'
	none "SELECT t.oid::regtype
	        FROM pg_type t
	        JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
	       WHERE t.typnamespace = 'dmarc'::regnamespace
	         AND obj_description(t.oid, 'pg_type') IS NULL" \
		'every type has a comment'
	none "SELECT oid::regprocedure
	        FROM pg_proc
	       WHERE pronamespace = 'dmarc'::regnamespace
	         AND obj_description(oid, 'pg_proc') IS NULL" \
		'every function has a comment'
}

# rights ROLE RIGHT: the relations of the schema where ROLE has it.
rights() {
	psql -XAtq -c "
		SELECT string_agg(c.relname, ' ' ORDER BY c.relname)
		  FROM pg_class c
		 WHERE c.relnamespace = 'dmarc'::regnamespace
		   AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition
		   AND has_table_privilege('$1', c.oid, '$2')" 2>&1
}

# has ROLE RIGHT RELATIONS
has() {
	got=$(rights "$1" "$2")
	printf 'has:  %s\nwant: %s\n' "$got" "$3" >"$work/out"
	[ "$got" = "$3" ]
	result $? "what $1 may $2"
}

check_rights() {
	all=$(psql -XAtq -c "
		SELECT string_agg(relname, ' ' ORDER BY relname)
		  FROM pg_class
		 WHERE relnamespace = 'dmarc'::regnamespace
		   AND relkind IN ('r', 'p', 'v') AND NOT relispartition")
	has dmarc_read SELECT "$all"
	has dmarc_ingest SELECT "$all"
	has dmarc_ingest INSERT \
		'auth_profile due ingest_log learned mailbox mailbox_mail policy_domain record report reporter_bound set_aside'
	has dmarc_read INSERT ''
	has dmarc_operator SELECT "$all"
	has dmarc_operator INSERT 'due run_mark sender_inventory setting source'
	has dmarc_operator UPDATE 'setting source'
	has dmarc_operator DELETE setting
	has dmarc_operator TRUNCATE ''
	for right in UPDATE DELETE TRUNCATE; do
		has dmarc_read $right ''
	done
	has dmarc_ingest UPDATE mailbox_mail
	has dmarc_ingest DELETE mailbox_mail
	has dmarc_ingest TRUNCATE ''
	may dmarc_operator "INSERT INTO dmarc.run_mark (until_day) VALUES ('2026-01-01')" \
		'dmarc_operator keeps how far it was told'
	may dmarc_read 'SELECT * FROM dmarc.record_detail' \
		'dmarc_read reads a view'
	may_not dmarc_read "INSERT INTO dmarc.policy_domain (name) VALUES ('x')" \
		'dmarc_read may not write'
	may_not dmarc_read "SELECT dmarc.make_partition('2021-05-01')" \
		'dmarc_read may not make partitions'
	may dmarc_operator "INSERT INTO dmarc.sender_inventory (sender, role)
	                    VALUES ('x', 'own')" 'dmarc_operator has its say'
	may_not dmarc_operator "UPDATE dmarc.sender_inventory SET role = NULL" \
		'dmarc_operator does not change what was said'
	may dmarc_operator "INSERT INTO dmarc.setting (name, value)
	                    VALUES ('x', 'y') ON CONFLICT (name)
	                    DO UPDATE SET value = excluded.value" \
		'dmarc_operator sets settings'
	may_not dmarc_operator "INSERT INTO dmarc.policy_domain (name) VALUES ('x')" \
		'dmarc_operator stores no reports'
	may dmarc_ingest "INSERT INTO dmarc.policy_domain (name) VALUES ('x')" \
		'dmarc_ingest writes'
	may dmarc_ingest "SELECT dmarc.make_partition('2021-05-01')" \
		'dmarc_ingest makes partitions'
	may dmarc_ingest 'UPDATE dmarc.set_aside SET resolved_at = now()' \
		'dmarc_ingest resolves what is set aside'
	may_not dmarc_ingest "UPDATE dmarc.set_aside SET reason = ''" \
		'dmarc_ingest changes nothing else of it'
	may_not dmarc_ingest 'DELETE FROM dmarc.record' \
		'dmarc_ingest deletes nothing'
	may_not dmarc_ingest 'CREATE TABLE dmarc.x ()' \
		'dmarc_ingest creates nothing'
}

dropdb --if-exists dmarc_sql 2>/dev/null
createdb dmarc_sql || exit 1
export PGDATABASE=dmarc_sql

make_schema
prepare_statements
run_cases
check_comments
check_rights

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
