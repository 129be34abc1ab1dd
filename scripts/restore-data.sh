#!/bin/sh
# Bring the rows of a backup into a database that is fresh from dmarc-ingest
# --init: all of them, or none.  What pg_dump -Fc made of a whole database is
# for pg_restore; this is for pg_dump -Fc --data-only, or when only the rows of
# a backup are wanted.
# usage: restore-data.sh FILE
#
# The database is libpq's (PGHOST, PGDATABASE, ...), and so are the rights: it
# has to be the owner of the schema (PGOPTIONS='-c role=dmarc_owner').  Both
# schemas must have the same version.
set -eu

die() {
	printf 'restore-data: %s\n' "$*" >&2
	exit 1
}

[ $# -eq 1 ] || die "usage: restore-data.sh FILE"
dump=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

ask() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

# ---- does it fit? ------------------------------------------------------------------

pg_restore -l "$dump" >"$work/all" || die "$dump is not of pg_dump -Fc"
grep -q ' TABLE DATA dmarc report ' "$work/all" ||
	die "there are no rows of a schema dmarc in $dump"
# The version of the schema is the database's own.
grep ' \(TABLE DATA\|SEQUENCE SET\) dmarc ' "$work/all" |
	grep -v ' TABLE DATA dmarc schema_version ' >"$work/list"
theirs=$(pg_restore --data-only -n dmarc -t schema_version -f - "$dump" |
	awk '/^COPY /{ rows = 1; next } /^\\\./ { rows = 0 }
	     rows && $1 > n { n = $1 } END { print n + 0 }')
ours=$(ask "SELECT CASE WHEN to_regclass('dmarc.schema_version') IS NULL THEN 0
                   ELSE 1 END")
[ "$ours" = 1 ] || die "the database has no schema yet; run dmarc-ingest --init"
ours=$(ask 'SELECT max(version) FROM dmarc.schema_version')
[ "$theirs" = "$ours" ] ||
	die "the backup is of schema version $theirs, the database has $ours; run --init of" \
		"the dmarc-ingest that made the backup, restore, and upgrade then"
[ "$(ask 'SELECT EXISTS (SELECT FROM dmarc.report) OR EXISTS (SELECT FROM dmarc.ingest_log)')" = f ] ||
	die "the database has reports already; it takes a fresh one (createdb, dmarc-ingest --init)"

# ---- the rows -----------------------------------------------------------------------

# each STATEMENT: it, for every table t of the schema but the version's
each() {
	cat <<-SQL
		DO \$\$
		DECLARE t regclass;
		BEGIN
		  FOR t IN
		    SELECT c.oid FROM pg_catalog.pg_class c
		     WHERE c.relnamespace = 'dmarc'::regnamespace
		       AND c.relkind IN ('r', 'p') AND c.relname <> 'schema_version'
		  LOOP
		    EXECUTE format('$1', t);
		  END LOOP;
		END \$\$;
	SQL
}

{
	echo '\set ON_ERROR_STOP 1'
	echo 'BEGIN; SET LOCAL client_min_messages = warning;'
	# What --init has put in comes from the backup; what a trigger would
	# make of a row, or of its going, is there, too.
	each 'ALTER TABLE %s DISABLE TRIGGER USER'
	each 'TRUNCATE %s CASCADE'
	sed -n 's/.* TABLE DATA dmarc record_\([0-9]*\)_\([0-9]*\) .*/\1-\2-01/p' \
		"$work/list" | while read -r day; do
		echo "DO \$\$ BEGIN PERFORM dmarc.make_partition('$day'); END \$\$;"
	done
	pg_restore --data-only -L "$work/list" -f - "$dump" || echo 'pg_restore failed;'
	echo 'SET CONSTRAINTS ALL IMMEDIATE;'
	each 'ALTER TABLE %s ENABLE TRIGGER USER'
	# Another build may judge otherwise.
	echo 'TRUNCATE dmarc.kept_verdict, dmarc.kept_domain;'
	echo "INSERT INTO dmarc.due (what, policy_domain_id)
	      SELECT 'keep', r.policy_domain_id FROM dmarc.report r
	       GROUP BY r.policy_domain_id HAVING sum(r.record_count) >= 5000;"
	echo 'COMMIT;'
} | psql -Xq >/dev/null || die "nothing was restored"
