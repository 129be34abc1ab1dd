#!/bin/sh
# The schema and the views alone, through psql.
# usage: scripts/with-services.sh tests/sql.sh [build folder]
#
# Makes the roles, the schema, the views, the catalogue and grants twice, prepares every
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
	psql_q -1 -f sql/roles.sql
	result $? sql/roles.sql
	PGOPTIONS='-c role=dmarc_owner'
	export PGOPTIONS
	for f in sql/migrate/*.sql; do
		psql_q -1 -f "$f"
		result $? "$f"
		psql_q -1 -f "sql/verify/$(basename "$f")"
		result $? "sql/verify/$(basename "$f")"
	done
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/classes.awk \
		sql/catalogue/class.tsv >"$work/catalogue.sql" 2>"$work/out"
	result $? 'the classes'
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/catalogue.awk \
		sql/catalogue/sender.tsv sql/catalogue/pattern.tsv \
		>>"$work/catalogue.sql" 2>"$work/out"
	result $? 'the catalogue'
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/reporters.awk \
		sql/catalogue/reporter.tsv sql/catalogue/mailbox.tsv \
		>>"$work/catalogue.sql" 2>"$work/out"
	result $? 'the reporters'
	for round in first second; do
		for f in sql/roles.sql sql/views/*.sql "$work/catalogue.sql" \
			sql/grants.sql; do
			psql_q -1 -f "$f"
			result $? "$f, $round time"
		done
	done
	unset PGOPTIONS
}

prepare_statements() {
	for f in sql/query/*.sql; do
		# What is only for the length of a session must be there first.
		{
			case $f in
			*/store-tables.sql | */store-tls-tables.sql) ;;
			*) cat sql/query/store-tables.sql \
				sql/query/store-tls-tables.sql ;;
			esac
			echo 'PREPARE statement AS'
			cat "$f"
		} >"$work/prepare.sql"
		case $f in
		*/store-tables.sql | */store-tls-tables.sql)
			cp "$f" "$work/prepare.sql"
			;;
		esac
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

# What each role may do is in tests/sql/rights.out; some of it is tried here.
check_rights() {
	may dmarc_operator "INSERT INTO dmarc.run_mark (until_day) VALUES ('2026-01-01')" \
		'dmarc_operator keeps how far it was told'
	may dmarc_read 'SELECT * FROM dmarc.record_detail' \
		'dmarc_read reads a view'
	may_not dmarc_read "INSERT INTO dmarc.policy_domain (name) VALUES ('x')" \
		'dmarc_read may not write'
	may_not dmarc_read "SELECT dmarc.make_partition('2021-05-01')" \
		'dmarc_read may not make partitions'
	may_not dmarc_read 'SELECT dmarc.make_statistics()' \
		'dmarc_read may not make statistics'
	may dmarc_read 'SELECT dmarc.analyze_new()' \
		'dmarc_read may ask for them in vain'
	may_not dmarc_read "SELECT nextval('dmarc.report_id_seq')" \
		'dmarc_read uses no sequence'
	may dmarc_read 'SELECT count(*) FROM dmarc.set_aside' \
		'dmarc_read counts what is set aside'
	for role in dmarc_read dmarc_operator; do
		may_not $role 'SELECT raw FROM dmarc.set_aside' \
			"$role does not see the bytes of it"
		may_not $role 'SELECT * FROM dmarc.mailbox' \
			"$role does not see mailboxes"
	done
	may dmarc_operator "INSERT INTO dmarc.sender_inventory (sender, role)
	                    VALUES ('x', 'own')" 'dmarc_operator has its say'
	may_not dmarc_operator "UPDATE dmarc.sender_inventory SET role = NULL" \
		'dmarc_operator does not change what was said'
	may_not dmarc_operator "INSERT INTO dmarc.sender_inventory (sender, said_by)
	                        VALUES ('x', 'another')" \
		'dmarc_operator does not speak in the name of another'
	may dmarc_operator "INSERT INTO dmarc.setting (name, value)
	                    VALUES ('report_days', '20') ON CONFLICT (name)
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
	may_not dmarc_ingest "INSERT INTO dmarc.set_aside (digest, first_seen_at,
	    kind, source, reason, detail, size) VALUES ('x', '2020-01-01', 'report',
	    'x', 'x', 'x', 1)" 'dmarc_ingest does not say when it saw it'
	may_not dmarc_ingest 'INSERT INTO dmarc.profile_feature DEFAULT VALUES' \
		'dmarc_ingest judges nothing by itself'
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
