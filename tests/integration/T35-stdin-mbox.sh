#!/bin/sh
# Standard input, as a mail server's pipe uses it, and mboxes.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
make=tests/integration/make.py
good=fixtures/xml/plain-7489.xml

# piped FILE COMMAND...: the file through a pipe into the command
piped() {
	file=$1
	shift
	status=0
	# A pipe is the point here.
	# shellcheck disable=SC2002
	cat "$file" | {
		s=0
		"$@" >"$work/out" 2>"$work/err" || s=$?
		echo $s >"$work/status"
	}
	status=$(cat "$work/status")
	hush "$work/err"
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

seen() {
	sql "SELECT source, coalesce(part, '-'), outcome, coalesce(reason, '-'),
	            coalesce(report_id, '-')
	       FROM dmarc.ingest_log ORDER BY id DESC LIMIT 1"
}

# ---- one document ------------------------------------------------------------------

fresh_database t35
run "$I" -q --init
piped $good "$I" -
is "$status:$out:$err" 0:: "XML through a pipe"
is "$(seen)" "stdin|-|stored|-|plain-7489" "is stored"
gzip -c fixtures/xml/plain-9990.xml >"$work/x.gz"
piped "$work/x.gz" "$I" -
is "$status:$(seen)" "0:stdin|-|stored|-|plain-9990@receiver.example" "a gzip"
piped fixtures/mail/crlf.eml "$I" -
is "$status:$(seen | cut -d '|' -f 3,5)" "0:stored|crlf" "a mail"
piped fixtures/mail/crlf.eml "$I" -v -
is "$(seen | cut -d '|' -f 3)" duplicate "the same mail again: a duplicate"
like "$err" '^dmarc-ingest: stdin: .*stored before' "which -v tells"
run "$I" - <"$good"
is "$status" 0 "a file as standard input"

piped /dev/null "$I" -
is "$status:$out" 0: "nothing at all: exit 0"
is "$err" "dmarc-ingest: stdin: empty" "and a line"
is "$(seen | cut -d '|' -f 3,4)" "not_report|empty" "in the ledger, too"
piped fixtures/xml/hostile/doctype-bare.xml "$I" -q -
is "$status:$err" "65:dmarc-ingest: stdin: XML has a DOCTYPE, which no report needs" \
	"what cannot be read: 65 and a line"
# What came through a pipe exists nowhere else, whatever it was.
piped fixtures/mail/hostile/plain.eml "$I" -q -
is "$status:$err" 0: "a mail without a report: exit 0"
is "$(sql "SELECT count(*) FROM dmarc.set_aside
            WHERE encode(sha256(raw), 'hex') = '$(sha256sum \
	<fixtures/mail/hostile/plain.eml | cut -d ' ' -f 1)'")" 1 \
	"and its bytes are kept"
run sh -c '"$1" - <&-' sh "$I"
is "$status:$err" "75:dmarc-ingest: stdin: Bad file descriptor" \
	"standard input is closed: temporary, and nothing else is read for it"

# With standard error closed its number is free, and the next thing opened, such
# as the connection to the database, must not become it.
python3 $make reports "$work/reports" 1000 >/dev/null
cp fixtures/xml/hostile/doctype-bare.xml "$work/reports/0-broken.xml"
run sh -c '"$1" "$2" 2>&-' sh "$I" "$work/reports"
is "$status" 65 "standard error is closed: all the same"
is "$(sql "SELECT count(*) FROM dmarc.report WHERE report_id LIKE 'made-%'")" \
	1000 "and everything is stored"

# A file between two others; the same name twice is two ends of one input.
piped fixtures/xml/cdata.xml "$I" fixtures/xml/comments.xml - fixtures/xml/ip-v6.xml
is "$status:$(sql "SELECT string_agg(report_id, ' ' ORDER BY id) FROM (
	SELECT id, report_id FROM dmarc.ingest_log ORDER BY id DESC LIMIT 3) x")" \
	"0:comments cdata ip-v6" "standard input among files, in that order"

# More than can be kept is left to the sender.
python3 -c 'import sys
for i in range(257): sys.stdout.write("x" * (1 << 20))' | {
	s=0
	"$I" - >"$work/out" 2>"$work/err" || s=$?
	echo "$s" >"$work/status"
}
is "$(cat "$work/status")" 75 "over 256 MB through a pipe: left to the sender"
like "$(cat "$work/err")" '^dmarc-ingest: stdin: over [0-9]+ bytes' "with its reason"

# ---- a mail server ------------------------------------------------------------------

PATH=$B:$PATH
pipe=scripts/pipe-report.sh
fresh_database t35_pipe
run "$I" -q --init
piped fixtures/mail/crlf.eml $pipe
is "$status:$out:$err" 0:: "pipe-report.sh: a report is delivered"
piped fixtures/xml/hostile/doctype-bare.xml $pipe
is "$status" 0 "what is set aside is delivered, too"
is "$(sql "SELECT count(*) FROM dmarc.set_aside WHERE raw IS NOT NULL")" 1 \
	"for its bytes are safe"
piped fixtures/mail/folded-cte.eml $pipe --db dbname=t35_pipe
is "$status" 0 "with --db"
piped fixtures/mail/crlf.eml env PGHOST=/nonexistent "$I" -q -
is "$status" 75 "the database is away: 75"
like "$err" '^dmarc-ingest: database: ' "and a line"
piped fixtures/mail/crlf.eml env PGHOST=/nonexistent $pipe
is "$status" 75 "pipe-report.sh: 75, the mail server keeps it"
piped fixtures/mail/crlf.eml $pipe --db dbname=t35_nonexistent
is "$status" 75 "no such database: 75, too"
piped fixtures/mail/crlf.eml $pipe --nonsense
is "$status" 75 "a wrong option: 75, too"
piped fixtures/mail/crlf.eml env PATH=/usr/bin:/bin $pipe
like "$status" '^(75|0)$' "no such program (or an installed one): never a bounce"
fresh_database t35_empty
piped fixtures/mail/crlf.eml $pipe
is "$status" 75 "no schema: 75, too"
run "$I" -q --init
piped fixtures/mail/crlf.eml $pipe
is "$status:$(seen | cut -d '|' -f 3)" 0:stored "once it is there the mail comes again"
# Nobody reads a mail of 20 MB to its end before it says that there is no
# database; the writer must not die of that.
{ head -c 20000000 /dev/zero; echo "$?" >"$work/writer"; } |
	PGHOST=/nonexistent $pipe 2>/dev/null
is "$(cat "$work/writer")" 0 "the writer of a large mail gets no broken pipe"

# ---- mbox -----------------------------------------------------------------------------

mails() {
	sql "SELECT string_agg(substr(source, length('$1') + 2) || ' ' || outcome
	                       || ' ' || coalesce(report_id, '-'), ', ' ORDER BY id)
	       FROM dmarc.ingest_log"
}

fresh_database t35_mbox
run "$I" -q --init
run "$I" fixtures/mail/three.mbox
is "$status:$(mails fixtures/mail/three.mbox)" \
	"0:1 stored mbox-1, 2 stored mbox-2, 3 stored mbox-3" "three mails in an mbox"
piped fixtures/mail/three.mbox "$I" -v -
like "$err" '1 items: 0 reports stored .* 3 duplicates' \
	"an mbox through a pipe: all three mails"

# CRLF, a From_ line without a blank before it, one that is quoted, one that
# has no time, none at the end.
{
	python3 $make mbox "$work/a" 2 >/dev/null
	sed 's/$/\r/' "$work/a"
	printf 'From MAILER-DAEMON Mon Nov  2 03:02:00 2026\r\n'
	printf 'From: a@b.example\r\nSubject: x\r\n\r\n'
	printf '>From MAILER-DAEMON Mon Nov  2 03:02:00 2026\r\n\r\n'
	printf 'From here on this is text\r\n'
	printf 'From MAILER-DAEMON Mon Nov  2 03:02:00 2026\r\n'
	printf '\r\nFrom MAILER-DAEMON Mon Nov  2 03:02:00 2026\r\n'
	sed -n '/^From /,/^From /p' "$work/a" | sed -e '1d' -e '/^From /,$d' \
		-e 's/$/\r/'
} >"$work/crlf.mbox"
fresh_database t35_crlf
run "$I" -q --init
run "$I" "$work/crlf.mbox"
is "$(mails "$work/crlf.mbox")" \
	"1 stored made-0, 2 stored made-1, 3 not_report -, 4 duplicate made-0" \
	"an mbox with CRLF and lines that look like From_"

# One broken mail in the middle costs that mail.
fresh_database t35_broken
run "$I" -q --init
{
	cat "$work/a"
	printf 'From MAILER-DAEMON Mon Nov  2 03:02:00 2026\n'
	printf 'Content-Type: text/xml\n\n<feedback><record>\n\n'
	python3 $make mbox "$work/b" 3 >/dev/null
	cat "$work/b"
} >"$work/broken.mbox"
run "$I" -q "$work/broken.mbox"
is "$status:$(mails "$work/broken.mbox")" \
	"65:1 stored made-0, 2 stored made-1, 3 set_aside -, 4 duplicate made-0, 5 duplicate made-1, 6 stored made-2" \
	"a broken mail in an mbox"
like "$err" "^dmarc-ingest: $work/broken.mbox#3: " "is named by its number"

# From nothing but a From_ line; and a line that never ends.
printf 'From MAILER-DAEMON Mon Nov  2 03:02:00 2026\n' >"$work/only.mbox"
run "$I" "$work/only.mbox"
is "$status:$err" "0:dmarc-ingest: $work/only.mbox#1: empty" "an mbox of one line"
printf 'From MAILER-DAEMON Mon Nov  2 03:02:00 2026\nX: ' >"$work/long.mbox"
truncate -s 700M "$work/long.mbox"
run_limited "$I" "$work/long.mbox"
is "$status" 65 "an mbox with a line of 700 MB: 65"
is "$((peak < 600))" 1 "$peak MB are below 600"
rm "$work/long.mbox"

fresh_database t35_many
run "$I" -q --init
want=$(python3 $make mbox "$work/many.mbox" 10000)
run_limited "$I" -q "$work/many.mbox"
is "$status:$err" 0: "an mbox of 10,000 mails"
is "$(totals)" "$want" "every mail once, with all its messages"
is "$(sql "SELECT count(DISTINCT source), min(source), max(source)
             FROM dmarc.report")" \
	"10000|$work/many.mbox#1|$work/many.mbox#9999" "each with its number"
is "$((peak < 200))" 1 "$peak MB are below 200"
is "$(wrong_sums)" 0 "all sums are those of their records"

# ---- one mail, whatever stands in it ------------------------------------------------

# A mail server puts "From " before the mail and quotes none in its text: what
# looks like another mail there is text, and not believed.
{
	printf 'From evil@evil.example Mon Nov  2 03:02:00 2026\n'
	printf 'From: evil@evil.example\nSubject: x\nMessage-ID: <1@evil.example>\n\n'
	printf 'From noreply-dmarc-support@google.com Mon Nov  2 03:02:00 2026\n'
	printf 'From: noreply-dmarc-support@google.com\n'
	printf 'Authentication-Results: mx.example.jp; dmarc=pass header.from=google.com\n'
	printf 'Content-Type: text/xml; name=r.xml\n\n'
	sed 's/<org_name>[^<]*/<org_name>google.com/' $good
} >"$work/piped"
fresh_database t35_one
run "$I" -q --init
piped "$work/piped" "$I" -q --one-mail -
is "$(sql "SELECT count(*) FROM dmarc.ingest_log
            WHERE mail_from LIKE '%google%'")" 0 \
	"--one-mail: the text of a mail is no mail of its own"
is "$(sql "SELECT count(DISTINCT source) FROM dmarc.ingest_log")" 1 "it is one mail"
piped fixtures/mail/crlf.eml "$I" -q --one-mail -
is "$status:$(seen | cut -d '|' -f 3,5)" "0:stored|crlf" "--one-mail: a report"
{ printf 'From a@b Mon Nov  2 03:02:00 2026\n'; cat fixtures/mail/quoted-printable.eml; } \
	>"$work/piped"
piped "$work/piped" "$I" -q --one-mail -
is "$status:$(seen | cut -d '|' -f 3)" "0:stored" "and one behind a line From"
run "$I" --one-mail "$work/piped"
is "$status" 64 "--one-mail goes with - alone"

# The bytes of a mail may add up to the check sum of a tar.
python3 - "$work/tar.eml" $good <<'END'
import sys
head = (b"Return-Path: <" + b"a" * 300)[:148]
rest = b"b" * 300 + b"@evil.example>\nFrom: evil@evil.example\nSubject: x\n\n"
block = (head + b" " * 8 + rest)[:500].ljust(512, b"c")
block = block[:148] + b"%07o " % sum(block) + block[156:]
block = block[:498] + b"\n\n" + block[500:]
block = block[:148] + b"%07o " % (sum(block[:148]) + sum(block[156:]) + 8 * 32) \
    + block[156:]
xml = open(sys.argv[2], "rb").read()
name = b"r.xml".ljust(100, b"\0") + b"0000644\0" * 3 + b"%011o\0" % len(xml) \
    + b"00000000000\0" + b" " * 8 + b"0"
name = name.ljust(512, b"\0")
name = name[:148] + b"%06o\0 " % sum(name) + name[156:]
open(sys.argv[1], "wb").write(block + name + xml.ljust(-(-len(xml) // 512) * 512, b"\0"))
END
fresh_database t35_tar
run "$I" -q --init
run "$I" "$work/tar.eml"
is "$(sql "SELECT count(*) FROM dmarc.report")" 0 "a mail is never read as a tar"

# A file that says it has ten terabytes is told of at once.
truncate -s 10T "$work/huge"
run_limited "$I" "$work/huge"
is "$status" 65 "a file of 10 TB: 65"
like "$err" "huge: " "and it is named"
rm "$work/huge"

done_testing
