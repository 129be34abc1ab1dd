#!/bin/sh
# Verdicts that are kept are those that would be judged now, whatever two sessions
# do at once, and whoever asks gets the same answer with them and without.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
I=$B/dmarc-ingest
R=$B/dmarc-report

fresh_database t89
run "$I" -q --init
tests/flood.py "$work/in" senders 6000
tests/flood.py "$work/in" normal 4 own.example
run "$I" -q "$work/in"
is "$status:$(sql 'SELECT count(*) FROM dmarc.kept_verdict')" 0:0 \
	"what is stored is not judged before somebody asks"

# How many are kept, and how many of them are not what would be judged.
kept() {
	sql "SELECT count(*), count(*) FILTER (WHERE (k.code, k.class, k.sender, k.hinges)
	              IS DISTINCT FROM (j.code, j.class, j.sender, j.hinges))
	       FROM (SELECT row_number() OVER (ORDER BY profile_id, policy_domain_id, source)
	                      AS n, v.* FROM dmarc.kept_verdict v) k
	       LEFT JOIN dmarc.judge_ids(
	              ARRAY(SELECT policy_domain_id FROM dmarc.kept_verdict
	                     ORDER BY profile_id, policy_domain_id, source),
	              ARRAY(SELECT profile_id FROM dmarc.kept_verdict
	                     ORDER BY profile_id, policy_domain_id, source),
	              ARRAY(SELECT source FROM dmarc.kept_verdict
	                     ORDER BY profile_id, policy_domain_id, source)) j USING (n)"
}
# What is to be done for verdicts.
due() {
	sql "SELECT DISTINCT what FROM dmarc.due WHERE what LIKE 'keep%' ORDER BY 1"
}
# As if reports had just come in.
begin_anew() {
	sql "TRUNCATE dmarc.kept_verdict, dmarc.kept_domain; DELETE FROM dmarc.due;
	     INSERT INTO dmarc.due (what, policy_domain_id)
	     SELECT 'keep', id FROM dmarc.policy_domain"
}
answers() {
	for command in summary unaligned selectors "changes --since $since" readiness \
		what-if; do
		# shellcheck disable=SC2086 # a command and its options
		"$R" $command 2>&1
		# shellcheck disable=SC2086
		"$R" $command flood.example --all --format csv 2>&1
	done
}
since=$(date -u -d '20 days ago' +%F)
word="INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('s7-sender.example', 'vendor')"

# ---- with them and without -----------------------------------------------------
sql 'DELETE FROM dmarc.due'
answers >"$work/without"
is "$(kept)" "0|0" "nothing is due, so nothing is kept"
begin_anew
answers >"$work/with"
is "$(kept):$(due)" "6000|0:" "6,000 senders are kept; the other domain has too little"
cmp "$work/without" "$work/with"
is "$?" 0 "every command answers the same"
sql "DELETE FROM dmarc.kept_verdict WHERE profile_id IN (
       SELECT profile_id FROM dmarc.kept_verdict ORDER BY 1 LIMIT 2000)"
PGOPTIONS='-c role=dmarc_read' answers >"$work/reader"
is "$(kept)" "4000|0" "who may only read keeps nothing"
cmp "$work/without" "$work/reader"
is "$?" 0 "and gets the same answers, with a third of them missing"

# ---- a word on a sender, at once, before and after --------------------------------
begin_anew
hold "$word"
run "$R" summary
is "$status:$(kept):$(due)" "0:0|0:keep" \
	"while a word is being said nothing is kept, and nobody waits"
let_go
run "$R" summary
is "$(kept):$(due)" "6000|0:" "when it is said, it is kept with the word"
is "$(sql "SELECT DISTINCT (dmarc.verdict_decoded(code)).role FROM dmarc.kept_verdict
            WHERE sender = 's7-sender.example'")" vendor "which is in force"

sql "DELETE FROM dmarc.sender_inventory"
begin_anew
hold 'SELECT dmarc.refresh()'
sql "$word" &
said=$!
waiting 1
is "$?" 0 "who says a word while verdicts are being kept waits for them"
let_go
wait "$said"
is "$(kept)" "5999|0" "and what was kept without it is forgotten"

sql "DELETE FROM dmarc.sender_inventory"
begin_anew
hold "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ\; SELECT count(*) FROM dmarc.report"
run "$R" summary
is "$(kept)" "6000|0" "somebody looks at an older state, and verdicts are kept"
echo "$word;" >&9
let_go
is "$(kept):$(due)" "0|0:keep_again" "what he changes forgets them all"
hold "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ\; SELECT dmarc.refresh()"
let_go
is "$(kept):$(due)" "0|0:keep_again" "he keeps none himself"

# ---- an end in the middle ------------------------------------------------------------
begin_anew
hold 'SELECT dmarc.refresh()'
sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND state = 'idle in transaction'" >/dev/null
let_go 2>/dev/null
is "$(kept):$(due)" "0|0:keep" "a session that is ended has kept nothing, and it is still due"
run "$R" summary
is "$(kept):$(due)" "6000|0:" "the next question does it"

# ---- facts ---------------------------------------------------------------------------
# The same reports again teach nothing new; a fact that changes is seen at once.
sql "SELECT dmarc.learn_facts(NULL); SELECT dmarc.learn_again()" >/dev/null
is "$(kept)" "6000|0" "facts and selectors that are learned again and are as they were: nothing"
sql "INSERT INTO dmarc.source_fact VALUES ('flood.example', '192.0.2.1', true, true,
       '{}', 30, 2, 100)"
sql "INSERT INTO dmarc.sender_fact VALUES ('flood.example', 's9-sender.example', true, false, false)"
is "$(kept | cut -d'|' -f2)" 0 "a fact on an address, and on a sender: nothing is out of date"

# ---- another build ---------------------------------------------------------------------
sql "UPDATE dmarc.kept_verdict SET class = 'OLD'"
sql "UPDATE dmarc.schema_version SET views_digest = repeat('0', 64)
      WHERE version = (SELECT max(version) FROM dmarc.schema_version)"
run "$I" --init
is "$status:$(kept):$(due)" "0:6000|0:" "--init with other views judges them anew"

# ---- limits ------------------------------------------------------------------------------
# Where 50 go at once they are kept again; fewer are judged with each question.
sql "DELETE FROM dmarc.due; INSERT INTO dmarc.class
     SELECT 'TEST', 999, 'test', false, 'hostile', 'hostile', 'guess', NULL, NULL"
is "$(kept):$(due)" "0|0:keep_again" "a class that is new forgets all"

done_testing
