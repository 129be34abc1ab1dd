#!/bin/sh
# A backup, brought back: as a whole, or its rows into a fresh schema; with the
# same sums and answers, and nothing is counted twice afterwards.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report
in=$work/in
python3 tests/integration/make.py reports "$in" 120 >/dev/null
latest=$(find sql/migrate -name "0*.sql" -printf "%f\n" | sort | sed -n '$s/^0*\([0-9]*\)-.*/\1/p')

# Reports of three months, some that were set aside, one with its day in 1970;
# and what a person, a look-up and a mailbox add to them.
fresh_database t72
run "$I" -q --init
run "$I" -q "$in" fixtures/xml fixtures/mail
sed 's/1793491200/1000/; s/1793577599/2000/' fixtures/xml/plain-7489.xml >"$work/1970.xml"
run "$I" -q "$work/1970.xml"
"$R" settings report_days 20 >/dev/null
"$R" sender 192.0.2.7 hostile --note 'a word' >/dev/null
"$R" sender 192.0.2.7 own >/dev/null
"$R" changes >/dev/null
sql "INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim,
                               return_path, evidence)
     VALUES ('Mine', 'local', 'x', 'platform', 'yes', 'yes', 'A');
     INSERT INTO dmarc.sender_pattern (kind, pattern, sender, origin)
     VALUES ('domain', 'mine.example', 'Mine', 'local');
     INSERT INTO dmarc.source (ip, ptr, ptr_status)
     VALUES ('192.0.2.7', 'a.mine.example', 'confirmed');
     INSERT INTO dmarc.mailbox (account, folder, uidvalidity) VALUES ('u@h', 'INBOX', 7);
     INSERT INTO dmarc.mailbox_mail (mailbox_id, uid, size, arrived_at, verdict)
     VALUES (1, 5, 100, '2026-01-01', 'stored')"
is "$(sql "SELECT count(*) > 120, count(DISTINCT day) > 90, bool_or(set_aside_count > 0)
             FROM dmarc.report")|$(sql "SELECT count(*) FROM dmarc.record_other")" \
	"t|t|t|3" "there is something of everything"

# Every row of every table, the ledger too; of the versions not when they were
# made.  And what the commands print.
rows_of_all() {
	all_rows | awk '/^-- / { show = $2 != "schema_version" } show'
	sql "SELECT t::text FROM dmarc.ingest_log t ORDER BY 1"
	sql "SELECT version, name FROM dmarc.schema_version ORDER BY 1"
}
answers() {
	for command in summary unaligned reporters dispositions policy coverage \
		selectors readiness what-if settings sender status; do
		"$R" "$command" 2>&1
	done
}
# The numbers that come next.
next_ones() {
	sql "SELECT nextval('dmarc.report_id_seq'),
	            nextval(pg_get_serial_sequence('dmarc.policy_domain', 'id')),
	            nextval(pg_get_serial_sequence('dmarc.auth_profile', 'id')),
	            nextval(pg_get_serial_sequence('dmarc.ingest_log', 'id')),
	            nextval(pg_get_serial_sequence('dmarc.set_aside', 'id')),
	            nextval(pg_get_serial_sequence('dmarc.sender_inventory', 'id')),
	            nextval(pg_get_serial_sequence('dmarc.mailbox', 'id'))"
}
sums() {
	sql "SELECT count(*) || ' ' || sum(record_count) || ' ' || sum(message_count) || ' ' ||
	            sum(pass_count) || ' ' || (SELECT count(*) FROM dmarc.record) || ' ' ||
	            (SELECT sum(message_count) FROM dmarc.record) FROM dmarc.report"
}
rows_of_all >"$work/rows"
answers >"$work/answers"
sums >"$work/sums"
pg_dump -Fc -f "$work/whole" t72
pg_dump -Fc --data-only -n dmarc -f "$work/data" t72
next_ones >"$work/next"

# is_there NAME: the database is what t72 was, and goes on like it
is_there() {
	is "$(rows_of_all | diff "$work/rows" - | head -5)" "" "$1: every row is there"
	is "$(sums):$(wrong_sums)" "$(cat "$work/sums"):0" "$1: the sums are the same"
	is "$(answers | diff "$work/answers" - | head -5)" "" "$1: and so are the answers"
	is "$(next_ones)" "$(cat "$work/next")" "$1: and the numbers that come next"
	run "$I" --init
	is "$status:$err" "0:dmarc-ingest: schema is up to date (version $latest)" \
		"$1: --init finds it up to date"
	last=$(sql "SELECT max(id) FROM dmarc.ingest_log")
	run "$I" -q "$in"
	is "$status:$(sums)" "0:$(cat "$work/sums")" "$1: what comes again is not counted twice"
	is "$(sql "SELECT outcome, count(*) FROM dmarc.ingest_log WHERE id > $last GROUP BY 1")" \
		"duplicate|120" "$1: but known"
	sed 's/plain-9990/after/' fixtures/xml/plain-9990.xml >"$work/after.xml"
	run "$I" -q "$work/after.xml"
	is "$status:$(wrong_sums):$(sql "SELECT count(*) FROM dmarc.auth_profile p
	    WHERE NOT EXISTS (SELECT FROM dmarc.profile_feature f WHERE f.profile_id = p.id)")" \
		0:0:0 "$1: and what is new is stored and judged"
}

# ---- as a whole ----------------------------------------------------------------------

fresh_database t72_whole
run pg_restore --exit-on-error -d t72_whole "$work/whole"
is "$status:$err" 0: "pg_restore of all of it"
is_there "whole"

# On a server that lacks the roles nobody's rights are restored; --init gives them.
fresh_database t72_without
run pg_restore --exit-on-error --no-owner --no-privileges -d t72_without "$work/whole"
is "$status:$err" 0: "pg_restore without owners and rights"
rights="SELECT string_agg(DISTINCT grantee, ' ' ORDER BY grantee)
          FROM information_schema.role_table_grants
         WHERE table_schema = 'dmarc' AND grantee IN ('dmarc_ingest', 'dmarc_read')"
is "$(sql "$rights")" "" "gives no rights"
run "$I" --init
is "$status:$(sql "$rights")" "0:dmarc_ingest dmarc_read" "which --init does"
is_there "without rights"

# ---- the rows alone --------------------------------------------------------------------

for dump in data whole; do
	fresh_database t72_$dump
	run "$I" -q --init
	run scripts/restore-data.sh "$work/$dump"
	is "$status:$out$err" 0: "rows of the $dump dump into a fresh schema"
	is_there "rows of the $dump dump"
done

# By the owner of the schema, who is no superuser.
fresh_database t72_owner
sql "CREATE ROLE t72_owner LOGIN; GRANT CREATE ON DATABASE t72_owner TO t72_owner"
PGUSER=t72_owner run "$I" -q --init
is "$status:$err" 0: "a schema of somebody's own"
PGUSER=t72_owner run scripts/restore-data.sh "$work/data"
is "$status:$out$err" 0: "its owner is enough"
is "$(rows_of_all | diff "$work/rows" - | head -5)" "" "every row is there"

# ---- what does not fit --------------------------------------------------------------------

refused() {
	run scripts/restore-data.sh "$1"
	is "$status:$out" 1: "$3"
	like "$err" "^restore-data: .*$2" "and is told why"
}
refused "$work/data" 'has reports already' "into one that has reports: refused"
is "$(rows_of_all | diff "$work/rows" - | head -5)" "" "and nothing has changed"
fresh_database t72_empty
refused "$work/data" 'no schema yet; run dmarc-ingest --init' "without a schema: refused"
run "$I" -q --init
refused "$work/in/r00000.xml" 'is not of pg_dump' "no dump: refused"
pg_dump -Fc -t dmarc.policy_domain -f "$work/part" t72
refused "$work/part" 'no rows of a schema dmarc' "a dump of something else: refused"
sql "UPDATE dmarc.schema_version SET version = version + 1 WHERE version = $latest"
refused "$work/data" "of schema version $latest, the database has $((latest + 1))" \
	"another version: refused"
sql "UPDATE dmarc.schema_version SET version = version - 1 WHERE version > $latest"
# Cut, so that it fails in the middle.
head -c "$(($(wc -c <"$work/data") - 3000))" "$work/data" >"$work/cut"
run scripts/restore-data.sh "$work/cut"
is "$status:$(sql "SELECT count(*) FROM dmarc.report")" 1:0 "a dump that is cut: nothing is restored"
# pg_restore's own way, which meets what --init has put in.
run pg_restore --single-transaction --data-only -d t72_empty "$work/data"
is "$status:$(sql "SELECT (SELECT count(*) FROM dmarc.report) + (SELECT count(*) FROM dmarc.record)")" \
	1:0 "pg_restore --data-only is refused by the server, whole"
run scripts/restore-data.sh "$work/data"
is "$status:$(rows_of_all | diff "$work/rows" - | head -5)" 0: "and after all that it works"

done_testing
