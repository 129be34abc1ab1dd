#!/bin/sh
# What is not understood is kept: told with -q, exit 65, its bytes in set_aside,
# read again by --retry.  What is surely no report is not.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
hostile=fixtures/mail/hostile

fresh_database t22
run "$I" -q --init
# kept FILE OUTCOME REASON
kept() {
	run "$I" -q "$1"
	is "$status" 65 "$1: exit 65"
	like "$err" "^dmarc-ingest: $1: ." "is told with -q"
	is "$(sql "SELECT outcome, reason FROM dmarc.ingest_log ORDER BY id DESC LIMIT 1")" \
		"$2|$3" "with its reason"
	is "$(sql "SELECT reason FROM dmarc.set_aside
	            WHERE encode(sha256(raw), 'hex') = '$(sha256sum <"$1" |
		cut -d ' ' -f 1)'")" "$3" "and its bytes are kept"
}
kept $hostile/smime-encrypted.eml set_aside encrypted_mail
kept $hostile/pgp-encrypted.eml set_aside encrypted_mail
kept fixtures/attach/hostile/rar.rar set_aside unknown_format
kept $hostile/boundary-other.eml set_aside lost_part
kept $hostile/partial.eml set_aside partial_mail
kept $hostile/empty-attachment.eml not_report empty_attachment
kept $hostile/attachment-removed.eml not_report report_missing

kept=$(sql "SELECT count(*) FROM dmarc.set_aside WHERE resolved_at IS NULL")
run "$I" -q --retry
is "$status:$(printf '%s\n' "$err" | grep -c .)" "65:$kept" \
	"--retry reads all of them again, and says so"
is "$(sql "SELECT count(*) FROM dmarc.set_aside WHERE resolved_at IS NULL")" \
	"$kept" "they stay, since nothing else came of them"

# Surely none, and nothing in it names a report.
printf 'From: a@example.jp\nSubject: hello\n\n\211PNG\n' >"$work/plain.eml"
printf '%%PDF-1.4\n\001\002\003' >"$work/x.pdf"
printf 'From: a@example.jp\nContent-Type: application/octet-stream\n\n\200\201\001\n' \
	>"$work/octets.eml"
for f in plain.eml x.pdf octets.eml; do
	run "$I" -q "$work/$f"
	is "$status:$err" 0: "$f is no report, and not a word with -q"
done
for f in "$hostile"/bounce*.eml; do
	run "$I" -q "$f"
	is "$status:$err:$(sql "SELECT reason FROM dmarc.ingest_log ORDER BY id DESC LIMIT 1")" \
		"0::bounce" "$f: a bounce"
done
is "$(sql "SELECT count(*) FROM dmarc.report")" 0 "nothing of them is counted"

done_testing
