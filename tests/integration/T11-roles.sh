#!/bin/sh
# Whoever may log in does what his role is for and no more, and keeps nobody
# from his work.  The attacks are tried as they would be made: by a user who has
# dmarc_read and nothing else.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

# Roles belong to the whole server, so this has one of its own.
pg=$work/pg
trap 'scripts/pg-private.sh remove "$pg"' EXIT
PG_PRIVATE_FAST=1 scripts/pg-private.sh start "$pg"
eval "$(scripts/pg-private.sh env "$pg")"
I=$B/dmarc-ingest
R=$B/dmarc-report
good=fixtures/xml/plain-7489.xml
latest=$(find sql/migrate -name "0*.sql" -printf "%f\n" | sort | sed -n '$s/^0*\([0-9]*\)-.*/\1/p')

as_user() {
	user=$1
	shift
	run env PGUSER="$user" "$@"
}

# script USER: SQL on standard input, to its end whatever fails.
script() {
	cat >"$work/script.sql"
	as_user "$1" psql -XAtq -f "$work/script.sql"
}

# owners: of all that lies in the schema, and of it
owners() {
	sql "SELECT string_agg(DISTINCT o::regrole::text, ' ')
	       FROM (SELECT nspowner FROM pg_namespace WHERE nspname = 'dmarc'
	              UNION ALL
	             SELECT relowner FROM pg_class
	              WHERE relnamespace = 'dmarc'::regnamespace
	              UNION ALL
	             SELECT proowner FROM pg_proc
	              WHERE pronamespace = 'dmarc'::regnamespace
	              UNION ALL
	             SELECT typowner FROM pg_type
	              WHERE typnamespace = 'dmarc'::regnamespace) x (o)"
}

# ---- whose the schema is -------------------------------------------------------

# As the README has it, with a database of dmarc_owner's.
sql 'CREATE ROLE dmarc_owner; CREATE ROLE dmarc_ingest;
     CREATE ROLE dmarc_operator; CREATE ROLE dmarc_read'
createdb --owner dmarc_owner t11_readme
PGDATABASE=t11_readme
export PGDATABASE
PGOPTIONS='-c role=dmarc_owner' run "$I" --init
is "$status:$err" "0:dmarc-ingest: schema brought from version 0 to $latest" \
	"--init as dmarc_owner"
is "$(owners)" dmarc_owner "all of it is dmarc_owner's"

# By who may become dmarc_owner, and does not say so.
sql 'CREATE ROLE admin LOGIN; GRANT dmarc_owner TO admin'
createdb --owner dmarc_owner t11_admin
PGDATABASE=t11_admin
as_user admin "$I" --init
is "$status:$(owners)" 0:dmarc_owner "a member's --init, too"

# By a superuser; first as it was in older versions.
fresh_database t11
run "$I" --init
is "$status:$(owners)" 0:dmarc_owner "a superuser's --init, too"
run "$I" -q $good
is "$status" 0 "a report is stored"
is "$(owners)" dmarc_owner "a partition that is made later, too"
is "$(sql "SELECT rolsuper FROM pg_roles WHERE rolname = 'dmarc_owner'")" f \
	"who is no superuser"
sql "REASSIGN OWNED BY dmarc_owner TO CURRENT_USER"
sql "GRANT SELECT ON ALL TABLES IN SCHEMA dmarc TO dmarc_read, PUBLIC;
     GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA dmarc TO PUBLIC;
     GRANT ALL ON SCHEMA dmarc TO dmarc_read"
is "$(owners)" "$PGUSER" "(all is a superuser's, and open)"
all_rows >"$work/rows"
run "$I" -q --init
is "$status:$(owners)" 0:dmarc_owner "--init gives it to dmarc_owner"
same_rows "and changes no row"
psql -XAtq -c 'SET search_path = pg_catalog' -f tests/sql/rights.sql \
	>"$work/rights" 2>&1
is "$(diff "$work/rights" tests/sql/rights.out)" "" "and takes every right back"

# In a database of somebody who is nobody special, a schema of that name waits
# for a superuser's --init: nothing in it runs.
sql "CREATE ROLE mallory LOGIN"
createdb --owner mallory t11_pwn
PGDATABASE=t11_pwn
script mallory <<'SQL'
CREATE SCHEMA dmarc;
CREATE TABLE public.took (who text);
GRANT ALL ON public.took TO PUBLIC;
CREATE FUNCTION dmarc.boom() RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.took VALUES (current_user);
  RETURN 11;
END $$;
CREATE VIEW dmarc.schema_version AS
SELECT dmarc.boom() AS version, 'x'::text AS name, NULL::text AS views_digest;
GRANT ALL ON SCHEMA dmarc TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA dmarc TO PUBLIC;
SQL
is "$err" "" "(a schema of mallory's)"
run "$I" -q --init
is "$status:$(sql 'SELECT count(*) FROM public.took'):$err" "78:0:dmarc-ingest: database: schema dmarc belongs to mallory, who is neither dmarc_owner nor a superuser; code in it would run with your rights: run --init as mallory, or remove it" \
	"--init by a superuser runs nothing of his"
sql "ALTER SCHEMA dmarc OWNER TO CURRENT_USER"
run "$I" -q --init
is "$status:$(sql 'SELECT count(*) FROM public.took')" 78:0 \
	"nor in a schema that is not his"
like "$err" 'dmarc.schema_version belongs to mallory' "and says whose it is"
PGDATABASE=t11
dropdb t11_pwn

# ---- the reader becomes somebody else ---------------------------------------------

sql "CREATE ROLE reader LOGIN; GRANT dmarc_read TO reader;
     CREATE ROLE feeder LOGIN; GRANT dmarc_ingest TO feeder;
     CREATE ROLE speaker LOGIN; GRANT dmarc_operator TO speaker"
# The README's rights on the database are enough.
PGDATABASE=t11_readme
sql "REVOKE ALL ON DATABASE t11_readme FROM PUBLIC;
     REVOKE CREATE ON SCHEMA public FROM PUBLIC;
     GRANT CONNECT ON DATABASE t11_readme TO dmarc_ingest, dmarc_operator, dmarc_read;
     GRANT TEMPORARY ON DATABASE t11_readme TO dmarc_ingest"
as_user feeder "$I" $good
is "$status:$err" 0: "dmarc_ingest ingests there"
is "$(sql "SELECT count(*), bool_or(reltuples = -1) FROM pg_class
            WHERE relname LIKE 'record\\_20%' AND relkind = 'r'")" "1|f" \
	"and makes the statistics of the new month"
for c in summary unaligned selectors reporters dispositions policy coverage \
	status settings 'changes --since 2020-01-01' what-if; do
	# shellcheck disable=SC2086 # options of a command
	as_user reader "$R" $c
	is "$status:$err" 0: "dmarc_read: dmarc-report $c"
done
as_user reader "$R" readiness
is "$status" 2 "dmarc_read: dmarc-report readiness (too little data)"
as_user reader psql -XAtq -c 'CREATE TEMP TABLE x ()'
like "$err" 'permission denied' "and has no tables of his own"
as_user speaker "$R" changes
is "$status" 0 "dmarc_operator: dmarc-report changes"
is "$(sql 'SELECT ran_by FROM dmarc.run_mark')" speaker "keeps how far it told"
PGDATABASE=t11

run "$I" -q fixtures/xml/count-negative.xml fixtures/xml/hostile/doctype-bare.xml
is "$(sql "SELECT count(*) FROM dmarc.set_aside WHERE raw IS NOT NULL")" 3 \
	"(something is set aside)"

# What an attack runs, and with whose rights: took.
sql "CREATE TABLE public.took (n serial, who text, how text);
     GRANT ALL ON public.took, public.took_n_seq TO PUBLIC"
took() {
	sql "SELECT DISTINCT who FROM public.took WHERE who <> 'reader' ORDER BY 1"
}

# A trigger of ours on a table of his, with a type whose cast is his.
script reader <<'SQL'
CREATE TYPE pg_temp.evil AS (x integer);
CREATE FUNCTION pg_temp.cast_flag(boolean) RETURNS pg_temp.evil
LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO public.took (who, how) VALUES (current_user, 'flag');
  RETURN ROW(1);
END $$;
CREATE CAST (boolean AS pg_temp.evil)
  WITH FUNCTION pg_temp.cast_flag(boolean) AS ASSIGNMENT;
CREATE TEMP TABLE word (sender text, policy_domain text, role text,
  in_force pg_temp.evil);
CREATE TRIGGER t BEFORE INSERT ON word
  FOR EACH ROW EXECUTE FUNCTION dmarc.sender_spoken();
INSERT INTO word VALUES ('x', 'x', 'own', ROW(1));
SQL
is "$(took)" "" "sender_spoken() on a table of his: nothing runs as another"
like "$err" 'permission denied for function .*sender_spoken' "as it is refused"
script reader <<'SQL'
CREATE TYPE pg_temp.evil AS (x integer);
CREATE FUNCTION pg_temp.cast_ids(pg_temp.evil[]) RETURNS integer[]
LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO public.took (who, how) VALUES (current_user, 'ids');
  RETURN '{}';
END $$;
CREATE CAST (pg_temp.evil[] AS integer[])
  WITH FUNCTION pg_temp.cast_ids(pg_temp.evil[]) AS IMPLICIT;
CREATE TEMP TABLE profile (id pg_temp.evil);
CREATE TRIGGER t AFTER INSERT ON profile REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION dmarc.profile_added();
INSERT INTO profile VALUES (ROW(1));
SQL
is "$(took)" "" "profile_added() on a table of his: nothing runs as another"
like "$err" 'permission denied for function .*profile_added' "as it is refused"
# Who has the right by some other way runs it as himself.
sql "GRANT EXECUTE ON FUNCTION dmarc.sender_spoken() TO reader;
     GRANT EXECUTE ON FUNCTION dmarc.settle_words(text, text) TO reader"
script reader <<'SQL'
CREATE TYPE pg_temp.evil AS (x integer);
CREATE FUNCTION pg_temp.cast_text(pg_temp.evil) RETURNS text
LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO public.took (who, how) VALUES (current_user, 'text');
  RETURN 'x';
END $$;
CREATE CAST (pg_temp.evil AS text)
  WITH FUNCTION pg_temp.cast_text(pg_temp.evil) AS IMPLICIT;
CREATE TEMP TABLE word (sender pg_temp.evil, policy_domain text, role text,
  in_force boolean);
CREATE TRIGGER t AFTER INSERT ON word
  FOR EACH ROW EXECUTE FUNCTION dmarc.sender_spoken();
INSERT INTO word VALUES (ROW(1), 'x', 'own', true);
SQL
is "$(took):$(sql 'SELECT DISTINCT how FROM public.took')" ":text" \
	"even if he may: his cast runs, and as himself"
sql "REVOKE ALL ON FUNCTION dmarc.sender_spoken(),
       dmarc.settle_words(text, text) FROM reader"

# Every function that has the owner's rights, by name.
sql "SELECT format('dmarc.%s(%s)', proname,
              (SELECT string_agg('NULL::' || format_type(t, NULL), ', ')
                 FROM unnest(proargtypes) t))
       FROM pg_proc
      WHERE pronamespace = 'dmarc'::regnamespace AND prosecdef" >"$work/calls"
while read -r call; do
	as_user reader psql -XAtq -c "SELECT $call"
	like "$err" 'permission denied for function' "he does not call $call"
done <"$work/calls"
is "$(grep -c . "$work/calls")" 16 "(these are all)"

# Names of his before ours: in pg_temp, and first on the path.
script reader <<'SQL'
CREATE TEMP TABLE pg_inherits (inhrelid oid, inhparent oid);
CREATE TEMP TABLE record (day date);
CREATE TEMP TABLE sender_inventory (LIKE dmarc.sender_inventory);
CREATE FUNCTION pg_temp.has_function_privilege(text, text) RETURNS boolean
LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO public.took (who, how) VALUES (current_user, 'pg_temp');
  RETURN true;
END $$;
SET search_path = pg_temp, dmarc, pg_catalog;
SELECT dmarc.analyze_new();
SQL
is "$(took):$out" ":f" "names in pg_temp and a path of his: analyze_new() does nothing"

# Where everybody may make functions in public, as before PostgreSQL 15, they
# fit better than the server's own: the programs do not look there.
sql "GRANT CREATE ON SCHEMA public TO PUBLIC"
script reader <<'SQL'
CREATE FUNCTION public.note() RETURNS void LANGUAGE sql AS
  $$ INSERT INTO public.took (who, how) VALUES (current_user, 'public') $$;
CREATE FUNCTION public.trap(text, integer) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.note(); RETURN $1; END $$;
CREATE OPERATOR public.|| (LEFTARG = text, RIGHTARG = integer,
  FUNCTION = public.trap);
CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.note(); RETURN $1; END $$;
CREATE FUNCTION public.lower(text) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.note(); RETURN $1; END $$;
CREATE FUNCTION public.set_config(text, text, boolean) RETURNS text
LANGUAGE plpgsql AS $$ BEGIN PERFORM public.note(); RETURN $1; END $$;
CREATE FUNCTION public.host(inet) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.note(); RETURN ''; END $$;
CREATE FUNCTION public.to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.note(); RETURN NULL; END $$;
CREATE FUNCTION public.current_setting(text) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.note(); RETURN 'UTF8'; END $$;
SQL
is "$err" "" "(traps in public)"
sql "ALTER DATABASE t11 SET search_path = public, pg_catalog"
run "$I" -q --init
is "$status:$err" 0: "--init by a superuser, traps first on the path"
as_user feeder "$I" -q fixtures/xml/pair-duplicate-1.xml
is "$status:$err" 0: "ingest"
as_user speaker "$R" sender 192.0.2.7 own
is "$status:$err" 0: "a word"
for c in summary unaligned selectors 'status' 'changes' settings; do
	as_user speaker "$R" $c
	is "$status:$err" 0: "dmarc-report $c"
done
run psql -XAtq -c 'SELECT dmarc.judge_again()'
is "$(took)" "" "nobody has run what the reader made"
sql "ALTER DATABASE t11 RESET search_path; REVOKE CREATE ON SCHEMA public FROM PUBLIC;
     DROP FUNCTION public.note() CASCADE; DROP OPERATOR public.|| (text, integer);
     DROP FUNCTION public.trap, public.format(text, text), public.lower(text), public.host(inet),
       public.set_config(text, text, boolean), public.to_regclass(text),
       public.current_setting(text)"

# Another role, and things of his in our schema or on our tables.
while read -r what; do
	as_user reader psql -XAtq -c "$what"
	like "$err" 'permission denied|must (be owner|be member|have admin)' "no $what"
done <<'END'
SET ROLE dmarc_owner
SET ROLE dmarc_operator
SET ROLE dmarc_ingest
SET SESSION AUTHORIZATION dmarc_owner
CREATE TABLE dmarc.mine ()
CREATE FUNCTION dmarc.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'
CREATE OR REPLACE VIEW dmarc.sender_word AS SELECT 1
CREATE INDEX ON dmarc.setting (lower(name))
CREATE RULE r AS ON SELECT TO dmarc.setting DO ALSO NOTHING
CREATE TRIGGER t AFTER INSERT ON dmarc.report EXECUTE FUNCTION dmarc.source_named()
CREATE STATISTICS mine ON name, value FROM dmarc.setting
ALTER TABLE dmarc.report DISABLE TRIGGER ALL
ALTER DEFAULT PRIVILEGES FOR ROLE dmarc_owner GRANT ALL ON TABLES TO PUBLIC
GRANT dmarc_owner TO reader
COMMENT ON TABLE dmarc.report IS 'mine'
TRUNCATE dmarc.report
SELECT nextval('dmarc.report_id_seq')
SELECT setval('dmarc.report_id_seq', 1)
SELECT * FROM dmarc.record_other FOR UPDATE
SELECT * FROM dmarc.report FOR SHARE
END
if [ "$(sql 'SHOW server_version_num')" -lt 170000 ]; then
	as_user reader psql -XAtq -c 'ANALYZE dmarc.report'
	like "$err" 'only table or database owner can analyze|permission denied' \
		"no ANALYZE dmarc.report"
fi

# ---- the bytes of what is set aside -------------------------------------------------

for user in reader speaker; do
	while read -r what; do
		as_user "$user" psql -XAtq -c "$what"
		like "$err" 'permission denied' "$user: no $what"
	done <<-'END'
		SELECT raw FROM dmarc.set_aside
		SELECT * FROM dmarc.set_aside
		SELECT s FROM dmarc.set_aside s
		SELECT to_jsonb(s) FROM dmarc.set_aside s
		SELECT count(*) FROM dmarc.set_aside WHERE raw LIKE '%DOCTYPE%'
		SELECT id FROM dmarc.set_aside ORDER BY raw
		COPY dmarc.set_aside (raw) TO STDOUT
		SELECT s.raw FROM dmarc.set_aside_open o JOIN dmarc.set_aside s USING (id)
		SELECT * FROM dmarc.mailbox
	END
	as_user "$user" "$R" status
	is "$status" 0 "$user: dmarc-report status"
	like "$out" 'hostile/doctype-bare.xml' "shows what is set aside"
done
sql "ANALYZE dmarc.set_aside"
as_user reader psql -XAtq -c "SELECT count(*) FROM pg_stats
	WHERE tablename = 'set_aside' AND attname = 'raw'"
is "$out" 0 "the planner does not tell them either"
script reader <<'SQL'
CREATE FUNCTION pg_temp.peep(text) RETURNS boolean COST 0.0000001
LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$;
SELECT count(*) FROM dmarc.set_aside_open o WHERE pg_temp.peep(o::text);
SQL
is "$(printf '%s' "$err" | grep -c '<!DOCTYPE')" 0 "nor a function in a view's condition"
as_user feeder "$I" -q --retry
is "$status" 65 "dmarc_ingest reads them again"

# ---- a report does not vanish ----------------------------------------------------------

forget() {
	psql -XAtq -v ON_ERROR_STOP=1 -U "$1" -c "
		SELECT count(*) FILTER (WHERE dmarc.forget_report(d.name, r.reporter,
		         r.report_id, r.begin_at, r.end_at, $2, r.source, r.part))
		  FROM dmarc.report r
		  JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
		 WHERE $3" 2>&1
}
all_rows >"$work/rows"
is "$(forget feeder -1 true)" 1 "(of all reports one has its bytes kept)"
is "$(sql 'SELECT count(*) FROM dmarc.report')" 2 "dmarc_ingest forgets that one"
as_user feeder "$I" -q --retry
is "$(sql 'SELECT count(*) FROM dmarc.report')" 3 "and --retry has it again"
# As if an older version had kept no bytes; and then somebody says he has some.
sql "UPDATE dmarc.set_aside SET resolved_at = now() WHERE kind = 'report'"
sql "UPDATE dmarc.report SET set_aside_count = 1"
is "$(forget feeder 0 true)" 0 "without bytes that wait, none is forgotten"
script feeder <<'SQL'
INSERT INTO dmarc.set_aside (digest, kind, source, reason, detail, size, raw)
SELECT sha256(source::bytea), 'report', source, 'x', 'x', 1, 'x'
  FROM dmarc.report;
SQL
is "$err:$(forget feeder 0 true)" ":0" "with bytes of later, neither"
script feeder <<'SQL'
INSERT INTO dmarc.set_aside (digest, first_seen_at, kind, source, reason,
       detail, size, raw)
SELECT sha256('1' || source::bytea), '2020-01-01', 'report', source, 'x', 'x',
       1, 'x'
  FROM dmarc.report;
SQL
like "$err" 'permission denied' "and when it was seen is not his to say"
sql "UPDATE dmarc.report r SET set_aside_count = record_count -
       (SELECT count(*) FROM dmarc.record c WHERE c.report_id = r.id)"

# ---- the reader is in the way --------------------------------------------------------

# All that ever was an advisory lock, and a lock on whatever he may read.
PGUSER=reader hold "SELECT pg_advisory_lock(hashtext(k))
  FROM unnest(ARRAY['dmarc.schema', 'dmarc.make_partition', 'dmarc.mailbox']) k;
  SELECT pg_advisory_lock(hashtext('dmarc.mailbox'), n) FROM generate_series(1, 9) n;
  SELECT count(*) FROM dmarc.record;
  SELECT count(*) FROM dmarc.schema_version"
sed -e 's/1793491200/1709251200/' -e 's/1793577599/1709337599/' \
	-e 's/<report_id>/&feb-/' $good >"$work/2024.xml"
sed 's/feb-/feb2-/' "$work/2024.xml" >"$work/2024-b.xml"
sed -e 's/1709251200/1711929600/' -e 's/1709337599/1712015999/' "$work/2024.xml" \
	>"$work/2024-c.xml"
sql "ALTER DATABASE t11 SET track_functions = 'all'"
as_user feeder timeout 60 "$I" -q "$work/2024.xml" "$work/2024-b.xml" "$work/2024-c.xml"
is "$status:$err" 0: "he reads in a transaction that does not end: a new month is stored"
is "$(sql "SELECT tableoid::regclass::text, count(*) FROM dmarc.record
            WHERE day = '2024-03-01' GROUP BY 1")" "record_other|6" \
	"in the partition for all else"
until_sql "SELECT calls FROM pg_stat_user_functions
            WHERE funcname = 'make_partition'" 1
is "$?" 0 "which is asked for once, not for every report"
sql "INSERT INTO dmarc.mailbox (account, folder) VALUES ('u@h:993', 'INBOX')"
is "$(psql -XAtq -U feeder -c 'SELECT dmarc.hold_mailbox(1)')" t \
	"and a mailbox can be taken"
for mode in 'ROW SHARE' 'ROW EXCLUSIVE' 'SHARE UPDATE EXCLUSIVE' SHARE \
	'SHARE ROW EXCLUSIVE' EXCLUSIVE 'ACCESS EXCLUSIVE'; do
	as_user reader psql -XAtq -c "BEGIN; LOCK TABLE dmarc.record IN $mode MODE"
	like "$err" 'permission denied' "he takes no lock $mode"
done
let_go
sed -e 's/<report_id>/&again-/' "$work/2024.xml" >"$work/2024-2.xml"
as_user feeder "$I" -q "$work/2024-2.xml"
is "$(sql "SELECT tableoid::regclass::text, count(*) FROM dmarc.record
            WHERE day = '2024-03-01' GROUP BY 1")" "record_2024_03|9" \
	"when he has gone, the month has its partition, with what came before"
is "$(wrong_sums)" 0 "and nothing is missing"

# Two --init do not meet, whatever a reader holds.
PGUSER=reader hold "SELECT pg_advisory_lock(hashtext('dmarc.schema'))"
run timeout 60 "$I" -q --init
is "$status:$err" 0: "--init waits for no advisory lock"
let_go

# --init wants locks that a reader of views is in the way of.
PGUSER=reader hold 'SELECT count(*) FROM dmarc.record_detail'
"$I" -q --init 2>"$work/init" &
initer=$!
waiting 1
sed -e 's/<report_id>/&meanwhile-/' "$work/2024.xml" >"$work/2024-3.xml"
as_user feeder timeout 60 "$I" -q "$work/2024-3.xml"
is "$status:$err" 0: "while --init waits for a reader, a report is stored"
status=0
wait $initer || status=$?
hush "$work/init"
like "$status:$(cat "$work/init")" \
	'^75:dmarc-ingest: database: session [0-9]+ \(user reader\) uses the schema in an open transaction; end that, then run --init again$' \
	"--init waits a while, and says for whom"
let_go
run "$I" -q --init
is "$status:$err" 0: "when he has gone, it does its work"
PGUSER=reader hold "CREATE TEMP VIEW mine AS SELECT * FROM dmarc.readiness_fact('{1}', current_date); COMMIT; BEGIN; SELECT 1"
run "$I" -q --init
like "$status:$err" \
	'^75:dmarc-ingest: database: session [0-9]+ \(user reader\) has a temporary view over the schema; end that session, then run --init again$' \
	"nor does it fail for good where he has a temporary view"
let_go
run "$I" -q --init
is "$status:$err" 0: "which is gone with him"
sql "CREATE VIEW public.mine AS SELECT * FROM dmarc.mail('example.jp', NULL, NULL)"
run "$I" -q --init
like "$status:$err" '^78:.*mail\(text,date,date\) because other objects depend on it: view (public\.)?mine depends on .*\(drop what depends on it, and make that anew afterwards\)$' \
	"a view on what is made anew: --init says which"
sql 'DROP VIEW public.mine'

# ---- who holds a mailbox ------------------------------------------------------------

hold_1() {
	psql -XAtq -U "$1" -c 'SELECT dmarc.hold_mailbox(1)' 2>&1
}
sql "CREATE ROLE feeder2 LOGIN; GRANT dmarc_ingest TO feeder2"
like "$(hold_1 reader)" 'permission denied' "a reader holds no mailbox"
like "$(hold_1 speaker)" 'permission denied' "nor does an operator"
PGUSER=feeder hold 'SELECT dmarc.hold_mailbox(1); COMMIT; BEGIN; SELECT 1'
is "$(hold_1 feeder):$(hold_1 feeder2)" f:f "who has it keeps it, after a commit, too"
let_go
is "$(hold_1 feeder2):$(hold_1 feeder)" t:t "when his session has ended, another has it"
PGUSER=feeder hold 'SELECT dmarc.hold_mailbox(1)'
{ sleep 1; psql -XAtq -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                            WHERE usename = 'feeder'" >/dev/null; } &
is "$(hold_1 feeder2)" t "who comes at the same time waits, and has it when the first is killed"
wait $!
exec 9>&-
wait "$holder"
# The number of a session that is gone is given to another.
PGUSER=reader hold 'SELECT 1'
sql "UPDATE dmarc.mailbox SET (holder_pid, holder_role, holder_since) =
       (SELECT pid, 'feeder'::regrole, now() FROM pg_stat_activity
         WHERE usename = 'reader')"
is "$(hold_1 feeder)" t "a number that is a reader's now holds nothing"
let_go
PGUSER=feeder hold 'SELECT 1'
sql "UPDATE dmarc.mailbox SET (holder_pid, holder_role, holder_since) =
       (SELECT pid, 'feeder'::regrole, backend_start - interval '1 s'
          FROM pg_stat_activity WHERE usename = 'feeder')"
is "$(hold_1 feeder)" t "nor one of a session that began later"
sql "UPDATE dmarc.mailbox SET (holder_pid, holder_role, holder_since) =
       (SELECT pid, 'feeder'::regrole, backend_start
          FROM pg_stat_activity WHERE usename = 'feeder')"
is "$(hold_1 feeder):$(hold_1 feeder2)" f:f "but the very one does"
is "$(psql -XAtq -U feeder2 -c "SELECT dmarc.take_mailbox(1, now()), dmarc.leave_mailbox(1)")" "f|" \
	"nor does another user take it from him in another way"
is "$(hold_1 feeder2)" f "or gives it back"
sql "UPDATE dmarc.mailbox SET holder_since = NULL"
is "$(hold_1 feeder2)" t "without the time when it began a session holds nothing"
let_go

# ---- what the operator may not -----------------------------------------------------------

while read -r user what; do
	as_user "$user" psql -XAtq -c "$what"
	like "$err" 'permission denied' "$user: no $what"
done <<'END'
speaker UPDATE dmarc.sender_inventory SET in_force = true
speaker INSERT INTO dmarc.sender_inventory (sender, said_by) VALUES ('x', 'y')
speaker DELETE FROM dmarc.sender_inventory
speaker INSERT INTO dmarc.report DEFAULT VALUES
speaker DELETE FROM dmarc.run_mark
speaker SELECT dmarc.make_partition('2023-01-01')
speaker SELECT dmarc.remember_profiles('{1}')
feeder UPDATE dmarc.report SET message_count = 0
feeder DELETE FROM dmarc.report
feeder INSERT INTO dmarc.setting VALUES ('authserv_id', 'x')
feeder INSERT INTO dmarc.sender_inventory (sender) VALUES ('x')
feeder UPDATE dmarc.profile_feature SET dmarc_result = 'pass'
feeder UPDATE dmarc.set_aside SET raw = NULL
feeder DELETE FROM dmarc.set_aside
feeder DELETE FROM dmarc.ingest_log
feeder SELECT dmarc.learn_steady()
feeder SELECT * FROM dmarc.record
END
# Whole tables are not his to lock, and what others must believe not to write.
while read -r user what; do
	as_user "$user" psql -XAtq -c "BEGIN; $what"
	like "$err" 'permission denied' "$user: no $what"
done <<'END'
speaker LOCK TABLE dmarc.setting IN ACCESS EXCLUSIVE MODE
speaker LOCK TABLE dmarc.source IN ACCESS EXCLUSIVE MODE
speaker LOCK TABLE dmarc.conflict_decision IN ACCESS EXCLUSIVE MODE
speaker DELETE FROM dmarc.setting
speaker UPDATE dmarc.setting SET set_by = 'x'
speaker UPDATE dmarc.conflict_decision SET decided_by = 'x'
feeder LOCK TABLE dmarc.report IN ACCESS EXCLUSIVE MODE
feeder UPDATE dmarc.mailbox SET holder_pid = 1
END
before=$(sql "SELECT name, value FROM dmarc.setting WHERE name LIKE '%\_digest'")
while read -r user said what; do
	as_user "$user" psql -XAtq -c "$what"
	like "$err" "$(printf '%s' "$said" | tr _ .)" "$user: not $what"
done <<'END'
speaker no_conflict_999_waits INSERT INTO dmarc.conflict_decision (set_aside_id, decision) VALUES (999, 'keep')
speaker no_conflict_1_waits INSERT INTO dmarc.conflict_decision (set_aside_id, decision) VALUES (1, 'keep')
speaker from_1_to_400 INSERT INTO dmarc.setting (name, value) VALUES ('report_days', '9999')
speaker no_whole_number INSERT INTO dmarc.setting (name, value) VALUES ('report_days', 'x')
speaker setting_length INSERT INTO dmarc.setting (name, value) VALUES ('authserv_id', repeat('x ', 40000))
speaker no_such_setting INSERT INTO dmarc.setting (name, value) VALUES ('more', 'x')
speaker no_such_setting UPDATE dmarc.setting SET value = 'x' WHERE name LIKE '%digest'
speaker run_mark_finite INSERT INTO dmarc.run_mark (until_day) VALUES ('infinity')
speaker sender_inventory_domain INSERT INTO dmarc.sender_inventory (sender, policy_domain) VALUES ('x', '')
feeder record_other.*record_finite INSERT INTO dmarc.record (report_id, message_count, policy_domain_id, profile_id, day) VALUES (1, 1, 1, 1, 'infinity')
END
as_user speaker psql -XAtq -c "SELECT dmarc.unset_setting(name) FROM dmarc.setting"
is "$(sql "SELECT name, value FROM dmarc.setting WHERE name LIKE '%\_digest'")" "$before" \
	"which catalogue is loaded is not his to say"
sql "INSERT INTO dmarc.conflict_decision VALUES (998, 'keep', '2020-01-01', 'x')"
is "$(sql "SELECT decided_by FROM dmarc.conflict_decision")" x \
	"the owner brings rows of a backup back as they were"
as_user speaker "$R" settings report_days 20
is "$status:$(sql "SELECT value, set_by FROM dmarc.setting WHERE name = 'report_days'")" \
	"0:20|speaker" "a setting is in his name"
as_user speaker "$R" settings report_days default
is "$status:$(sql "SELECT count(*) FROM dmarc.setting WHERE name = 'report_days'")" \
	0:0 "and he unsets it"
# A mark that is far ahead does not keep dmarc-report changes from telling.
before=$(sql "SELECT * FROM dmarc.change_window('far.example', NULL, NULL)")
as_user speaker psql -XAtq -c "INSERT INTO dmarc.run_mark (policy_domain, until_day)
	VALUES ('far.example', current_date + 1000)"
is "$err:$(sql "SELECT * FROM dmarc.change_window('far.example', NULL, NULL)")" ":$before" \
	"a mark of days to come is none"
as_user speaker "$R" sender 192.0.2.7 hostile
as_user speaker psql -XAtq -c "SELECT dmarc.settle_words('192.0.2.7', NULL),
	dmarc.settle_words('192.0.2.7', NULL)"
is "$(sql "SELECT role, said_by, in_force FROM dmarc.sender_inventory ORDER BY id")" \
	"own|speaker|f
hostile|speaker|t" "the newest word is in force, whoever asks for it again"

# ---- dmarc.conf that others may write ------------------------------------------------

printf '[mailbox m]\nhost = localhost\nport = 1\nuser = u\npassword_command = touch %s/ran\n' \
	"$work" >"$work/dmarc.conf"
for mode in 660 606 666; do
	chmod $mode "$work/dmarc.conf"
	run "$I" -c "$work/dmarc.conf"
	is "$status:$err" "78:dmarc-ingest: $work/dmarc.conf may be written by others, who can have any command run; chmod go-w $work/dmarc.conf" \
		"dmarc.conf with mode $mode"
done
chmod 600 "$work/dmarc.conf"
mkdir "$work/etc"
mv "$work/dmarc.conf" "$work/etc"
chmod 777 "$work/etc"
run "$I" -c "$work/etc/dmarc.conf" --check-config
is "$status:$err" "78:dmarc-ingest: $work/etc/dmarc.conf: the folder $work/etc may be written by others, who can put another file in its place; chmod go-w $work/etc" \
	"a folder that others may write"
is "$(find "$work" -name ran)" "" "and no command has run"
chmod 755 "$work/etc"
run "$I" -q -c "$work/etc/dmarc.conf"
like "$status:$err" '^75:dmarc-ingest: m: .*refused' "otherwise it is used"

# ---- what others may see of a process ------------------------------------------------------

# As a user who is not root; a copy, since the build may lie where he may not go.
mkdir "$work/open"
cp "$real_program" "$work/open/dmarc-ingest"
chmod 755 "$work" "$work/open" "$work/open/dmarc-ingest"
plain=
[ "$(id -u)" != 0 ] || plain='setpriv --reuid=65534 --regid=65534 --clear-groups'
mkfifo "$work/in"
chmod 644 "$work/in"
# shellcheck disable=SC2086 # a command and its arguments
env PGPASSWORD=secret $plain "$work/open/dmarc-ingest" --print - \
	<"$work/in" >"$work/printed" 2>&1 &
ingester=$!
exec 8>"$work/in"
# shellcheck disable=SC2086
env PGPASSWORD=secret $plain sleep 600 8>&- &
sleeper=$!
# Once it is the program itself, and not what starts it.
# shellcheck disable=SC2086
sees() {
	$plain grep -q PGPASSWORD=secret "/proc/$1/environ" 2>/dev/null
}
# shellcheck disable=SC2086
sees_not() {
	grep -qx dmarc-ingest "/proc/$1/comm" &&
		! $plain cat "/proc/$1/environ" >/dev/null 2>&1
}
until_true sees $sleeper
is $? 0 "(a user sees the environment of his processes)"
until_true sees_not $ingester
is "$?:$(kill -0 $ingester && echo there)" 0:there "but not that of dmarc-ingest"
# shellcheck disable=SC2086
run $plain head -c 1 "/proc/$ingester/mem"
like "$err" 'Permission denied' "nor its memory"
cat $good >&8
exec 8>&-
status=0
wait $ingester || status=$?
is "$status:$(grep -c example "$work/printed" | sed 's/[1-9].*/some/')" 0:some \
	"and it does its work"
kill $sleeper

done_testing
