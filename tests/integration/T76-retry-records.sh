#!/bin/sh
# A report of which a record was set aside is read again whole: when it is
# read better now it replaces itself, and otherwise nothing changes.
. "$(dirname "$0")/lib.sh"

fresh_database t76
"$B/dmarc-ingest" -q --init

run "$B/dmarc-ingest" -q fixtures/xml/count-not-a-number.xml
is "$status" 65 "a record is set aside"
is "$(sql "SELECT kind, count(*) FROM dmarc.set_aside GROUP BY 1 ORDER BY 1")" \
	"record|1
report|1" "the record and the bytes of its report are kept"
is "$(sql "SELECT count(*) FROM dmarc.set_aside_open")" 1 "one thing is shown as open"

run "$B/dmarc-ingest" -q --retry
is "$(sql "SELECT count(*) FROM dmarc.report")" 1 "a retry without a change stores nothing"
is "$(sql "SELECT count(*) FROM dmarc.set_aside WHERE resolved_at IS NOT NULL")" 0 \
	"and resolves nothing"

# As an older version would have left it: two of three records set aside that
# this version can read.
file=fixtures/xml/pair-duplicate-1.xml
"$B/dmarc-ingest" -q "$file"
good=$(sql "SELECT record_count, set_aside_count, message_count, pass_count
	FROM dmarc.report WHERE source = '$file'")
psql -Xq -v ON_ERROR_STOP=1 -v file="$file" -v raw="$(od -An -v -tx1 "$file" | tr -d ' \n')" <<'SQL'
INSERT INTO dmarc.set_aside (digest, first_seen_at, kind, source, reason,
       detail, size, raw, policy_domain, org_name, report_id)
SELECT '\x01', r.ingested_at, 'report', :'file', 'bad_records',
       'of an older version', 1,
       decode(:'raw', 'hex'), d.name, r.org_name, r.report_id
  FROM dmarc.report r JOIN dmarc.policy_domain d ON d.id = r.policy_domain_id
 WHERE r.source = :'file';
INSERT INTO dmarc.set_aside (digest, kind, source, part, reason, detail, size,
       raw, policy_domain, org_name, report_id)
SELECT '\x02', 'record', source, 'record 1', 'bad_count', 'of an older version', 1, 'x',
       policy_domain, org_name, report_id
  FROM dmarc.set_aside WHERE digest = '\x01';
DELETE FROM dmarc.record c USING dmarc.report r
 WHERE r.source = :'file' AND c.report_id = r.id
   AND c.message_count = (SELECT max(message_count) FROM dmarc.record x
                           WHERE x.report_id = r.id);
UPDATE dmarc.report
   SET set_aside_count = 1, message_count = 1, content_hash = 'other'
 WHERE source = :'file';
SQL
run "$B/dmarc-ingest" -q --retry
is "$(sql "SELECT record_count, set_aside_count, message_count, pass_count
	FROM dmarc.report WHERE source = '$file'")" "$good" \
	"the report that can be read better now replaces itself"
is "$(sql "SELECT count(*) FROM dmarc.report r WHERE message_count <>
	(SELECT sum(message_count) FROM dmarc.record c WHERE c.report_id = r.id)")" 0 \
	"its records add up to its sums"
is "$(sql "SELECT kind, resolution FROM dmarc.set_aside
	WHERE digest IN ('\x01', '\x02') ORDER BY 1")" \
	"record|report read again
report|stored" "what was set aside of it is resolved"

done_testing
