#!/bin/sh
# dmarc-check mail: what is said of a mail, and with which exit status.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
C=$B/dmarc-check
mails=$(dirname "$0")/../mail

cat >"$work/zone" <<'END'
$ORIGIN example.jp.
@ 60 IN SOA ns h 1 1 1 1 1
@ IN TXT "v=spf1 ip4:192.0.2.0/24 -all"
_dmarc IN TXT "v=DMARC1; p=reject; sp=quarantine"
$ORIGIN below.example.
@ 60 IN SOA ns h 1 1 1 1 1
_dmarc IN TXT "v=DMARC1; p=none; sp=none; np=reject"
there IN A 192.0.2.9
$ORIGIN broken.example.
@ 60 IN SOA ns h 1 1 1 1 1
_dmarc IN TXT "v=DMARC1; p=reject sp=none; rua=mailto:a@broken.example"
_dmarc.norua IN TXT "v=DMARC1; p:reject"
_dmarc.nul IN TXT "v=DMARC1; p=none; fo=\000"
$ORIGIN football.example.com.
@ 60 IN SOA ns h 1 1 1 1 1
END

# ask ARGUMENT...: the mail on standard input, as CSV rows into $out
ask() {
	run "$C" mail --zone "$work/zone" --format csv "$@"
}

# cells ROW COLUMN...: those of each such row, "|" between
cells() {
	printf '%s\n' "$out" | python3 -c '
import csv, sys
for row in csv.DictReader(sys.stdin):
    if row["row"] == sys.argv[1]:
        print("|".join(row[c] for c in sys.argv[2:]))' "$@"
}

# The mistakes of the quiz, each with its correction.
ask "$mails/quiz3.eml"
is "$status" 1 "no From: exit 1"
is "$(cells finding severity finding fix)" \
	"error|M01|From: Name <name@your.domain>" "no From"
is "$(cells dmarc result)" permerror "no From: no DMARC result"
ask "$mails/quiz4.eml"
is "$(cells finding severity finding line text marks fix)" \
	"error|M02|3|Subject: お知らせ|         ^^^^^^^^|Subject: =?UTF-8?b?44GK55+l44KJ44Gb?=" \
	"raw Japanese in the Subject"
ask "$mails/quiz5.eml"
is "$(cells finding severity finding line fix)" \
	'error|M03|15|Content-Type: multipart/mixed; boundary="border"
error|M04||'"'"'--border--' "alternative with a PDF, and no end"

# A mail without a mistake.
mail() {
	printf '%s\n' "$@" 'From: joe@example.jp' 'To: you@example.com' \
		'Subject: hello' 'Date: Mon, 30 Nov 2026 09:00:10 +0900' \
		'Message-ID: <1@example.jp>' '' 'Hello.'
}
mail >"$work/good"
ask "$work/good" --ip 192.0.2.1 --from joe@example.jp
is "$status" 0 "a good mail: exit 0"
is "$(cells finding finding)" "" "a good mail has no finding"
is "$(cells spf domain result)" "example.jp|pass" "SPF by --ip and --from"
is "$(cells dmarc domain result policy)" "example.jp|pass|reject" \
	"DMARC by SPF"
ask "$work/good" --ip 198.51.100.1 --from joe@example.jp
is "$status" 1 "DMARC fails: exit 1"
is "$(cells dmarc result policy)" "fail|reject" "DMARC fails"
ask "$work/good"
is "$(cells dmarc result)" unknown "without an address SPF is not known"
mail | sed 's/joe@example.jp/joe@sub.example.jp/' >"$work/sub"
ask "$work/sub"
is "$(cells dmarc policy)" quarantine "a domain below: sp"

# Its way, and the address that one's own server saw.
mail 'Return-Path: <joe@example.jp>' \
	'Received: from inner by store.example.com with LMTP; Mon, 30 Nov 2026 09:00:20 +0900' \
	'Received: from mail.example.jp (mail.example.jp [192.0.2.25])' \
	'	by mx.example.com (Postfix) with ESMTPS id 1; Mon, 30 Nov 2026 09:00:15 +0900' \
	'Received: from [198.51.100.9] by mail.example.jp with ESMTPSA; Mon, 30 Nov 2026 09:00:12 +0900' \
	'Authentication-Results: mx.example.com; spf=pass' >"$work/way"
ask "$work/way" --trusted mx.example.com
is "$(cells hop hop time delay from ip by with tls sure)" \
	"1|2026-11-30 00:00:12+00||[198.51.100.9]|198.51.100.9|mail.example.jp|ESMTPSA|yes|no
2|2026-11-30 00:00:15+00|3|mail.example.jp|192.0.2.25|mx.example.com|ESMTPS|yes|yes
3|2026-11-30 00:00:20+00|5|inner||store.example.com|LMTP|no|yes" \
	"the way, oldest first"
is "$(cells said text)" "mx.example.com; spf=pass" "what was said of it"
is "$(cells spf ip helo result)" "192.0.2.25|mail.example.jp|pass" \
	"SPF by the Received field of one's own server"

# A client chooses its name, and the name of its address; not what the server saw.
while read -r field; do
	mail 'Return-Path: <joe@example.jp>' "Received: from $field by mx.example.com with ESMTP; Mon, 30 Nov 2026 09:00:15 +0900" \
		>"$work/way"
	ask "$work/way" --trusted mx.example.com
	is "$(cells hop ip)" 198.51.100.6 "the address of: from $field"
done <<'END'
[192.0.2.5] (evil.example [198.51.100.6])
h (192.0.2.5-x.evil.example [198.51.100.6])
h (mx192.0.2.5-x.evil.example [198.51.100.6])
unknown (HELO 192.0.2.5) (198.51.100.6)
x(192.0.2.5) (evil.example [198.51.100.6])
x([192.0.2.5]) (evil.example [198.51.100.6])
[198.51.100.6] (helo=[192.0.2.5])
h ([198.51.100.6] helo=[192.0.2.5])
h (198.51.100.6)
END

# The policy is that of the record as it stands.
policy() {
	mail | sed "s/example.jp/$1/" >"$work/policy"
	ask "$work/policy" --ip 203.0.113.1 --from "joe@$1"
	is "$(cells dmarc result policy)" "$2" "$3"
}
policy there.below.example "fail|none" "a domain below that exists: sp"
policy nothing.below.example "fail|reject" "one that does not exist: np"
policy broken.example "fail|none" "p= that is none: as p=none, where rua is"
policy norua.broken.example "fail|none" "no p= at all and no rua: the record above"
policy nul.broken.example "fail|none" "a NUL in a record"

# As opendkim-testmsg.
run "$C" mail -q --zone "$work/zone" "$work/good"
is "$status:$out" "70:" "--quiet: no signature"
like "$err" "no signature" "--quiet: standard error says why"

# One click.
mail 'List-Unsubscribe: <mailto:a@example.jp>' 'List-Id: <n.example.jp>' \
	>"$work/list"
ask "$work/list"
is "$(cells finding finding why)" \
	"M12|List-Unsubscribe has no https address, which one click needs
M12|there is no List-Unsubscribe-Post: readers cannot leave with one click" \
	"List-Unsubscribe without https"
mail 'List-Unsubscribe: <https://example.jp/u>' \
	'List-Unsubscribe-Post: List-Unsubscribe=One-Click' >"$work/list"
ask "$work/list"
is "$(cells finding finding why)" \
	"M12|no valid DKIM signature covers both List-Unsubscribe and List-Unsubscribe-Post" \
	"one click that is not signed"
mail 'List-Id: <n.example.jp>' >"$work/list"
ask "$work/list"
is "$(cells finding severity finding)" "warning|M12" "no List-Unsubscribe"

# finds NAME WANT: $work/mail has just these mistakes
finds() {
	ask "$work/mail"
	is "$(cells finding finding | sort | tr '\n' ' ')" "$2" "$1"
}
mail 'From: other@example.jp' >"$work/mail"
finds "two From" "M01 "
mail 'Subject: again' >"$work/mail"
finds "two Subjects" "M10 "
mail | sed 's/^Date: .*/Date: 2026-11-30 09:00/' >"$work/mail"
finds "a date of ISO 8601" "M06 "
mail | sed '/^Date/d' >"$work/mail"
finds "no Date" "M06 "
mail | sed '/^Message-ID/d' >"$work/mail"
finds "no Message-ID" "M07 "
mail | sed 's/<1@example.jp>/1@example.jp/' >"$work/mail"
finds "a Message-ID without brackets" "M07 "
mail | sed 's/^Subject/Subject /' >"$work/mail"
finds "a blank before the colon" "M13 "
mail 'no field' >"$work/mail"
finds "a line that is no field" "M13 "
mail 'Content-Type: text/plain' >"$work/mail"
finds "no MIME-Version" "M05 "
{ mail; printf '%01000d\n' 0; } >"$work/mail"
finds "a long line" "M08 "
{ mail; printf '%0998d\n' 0; } >"$work/mail"
finds "a line that is just short enough" ""
{ mail; printf 'a\rb\n'; } >"$work/mail"
finds "a bare CR" "M09 "
{ mail; printf 'a\000b\n'; } >"$work/mail"
finds "a NUL" "M09 "
{ mail; printf 'a\r\n'; } >"$work/mail"
finds "two kinds of line ends" "M09 "
{ mail; printf '\343\201\202\n'; } >"$work/mail"
finds "8 bit without a word" "M11 "
mail 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b' >"$work/mail"
finds "a boundary that never comes" "M04 "
mail 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary="a#"' >"$work/mail"
finds "a boundary with a character that is not allowed" "M04 M04 "
mail 'MIME-Version: 1.0' 'Content-Type: multipart/mixed' >"$work/mail"
finds "no boundary" "M04 "
{ mail 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b'
printf '%s\n' '--b' '' 'text--b--'; } >"$work/mail"
finds "a boundary glued to text" "M04 M04 "
{ mail 'MIME-Version: 1.0' 'Content-Type: multipart/mixed; boundary=b'
printf '%s\n' '--b' '' 'text' '--b--'; } >"$work/mail"
finds "a multipart in order" ""
{ mail 'MIME-Version: 1.0' 'Content-Type: text/plain; charset=utf-8' \
	'Content-Transfer-Encoding: 8bit'
printf '\202\240\n'; } >"$work/mail"
finds "Shift_JIS that is called UTF-8" "M11 "
{ mail 'MIME-Version: 1.0' 'Content-Type: text/plain' \
	'Content-Transfer-Encoding: base64' | sed '$d'
printf 'SGVsbG8*\n'; } >"$work/mail"
finds "base64 that is none" "M11 "
{ mail 'MIME-Version: 1.0' 'Content-Type: text/plain' \
	'Content-Transfer-Encoding: quoted-printable'; printf 'a=zz\n'; } >"$work/mail"
finds "quoted-printable that is none" "M11 "
mail 'Cc: "=?utf-8?Q?a?=" <a@example.jp>' >"$work/mail"
finds "an encoded word in quotation marks" "M02 "
mail | sed 's/^Subject: .*/Subject: =?utf-8?B?44G?=/' >"$work/mail"
finds "an encoded word whose base64 is broken" "M02 "
mail | sed 's/^Subject: .*/Subject: =?utf-8?B?44E=?=/' >"$work/mail"
finds "half a character in an encoded word" "M02 "
mail | sed 's/^Subject: .*/Subject: =?iso-2022-jp?B?GyRCJCIbKEI=?=/' >"$work/mail"
finds "a good word in ISO-2022-JP" ""
mail | sed 's/joe@example.jp/joe@gmail.com/' >"$work/mail"
finds "gmail.com from elsewhere" "M14 "

# What is large stays bounded.
{ awk 'BEGIN { for (i = 0; i < 100000; i++)
	print "Received: from a by b; Mon, 30 Nov 2026 09:00:00 +0900" }'
mail; } >"$work/many"
ask "$work/many"
is "$(cells hop hop | wc -l)" 100 "100,000 Received fields: 100 are shown"
{ awk 'BEGIN { for (i = 0; i < 20000; i++) printf "Subject: \303\244\n" }'
mail; } >"$work/many"
ask "$work/many"
is "$([ "$(cells finding finding | wc -l)" -le 200 ] && echo yes)" yes \
	"findings are bounded"

# Escapes of a terminal never come through.
mail 'X-A: x' | sed 's/^Subject: .*/Subject: \x1b[31mred/' >"$work/escape"
run "$C" mail --zone "$work/zone" "$work/escape"
is "$(printf '%s' "$out" | tr -cd '\033' | wc -c)" 0 "no escape in the output"

# Nothing, and what is not there.
: >"$work/empty"
ask "$work/empty"
is "$status" 65 "an empty file: exit 65"
ask "$work/missing"
is "$status" 78 "no such file: exit 78"

# DNS that does not answer costs what needs it.
run "$C" mail --server 127.0.0.1:1 --format csv "$mails/quiz4.eml"
is "$status" 75 "no nameserver: exit 75"
is "$(cells finding finding)" M02 "no nameserver: the mistakes are told"
done_testing
