#!/bin/sh
# The catalogue of sending services: what is in it, what --init makes of it,
# that it leaves an operator's own rows alone, and what a file may not have.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
tsv=$work/tsv

# catalogue FOLDER: the script that --init runs, of these two files
catalogue() {
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/catalogue.awk \
		"$1/sender.tsv" "$1/pattern.tsv"
}

# load FOLDER: what --init of a version with these files would do
load() {
	catalogue "$1" >"$work/catalogue.sql" &&
		psql -XAtq -v ON_ERROR_STOP=1 -1 -f "$work/catalogue.sql"
}

# A small one that can be changed at will, five rows and their patterns.
small() {
	mkdir -p "$tsv"
	for f in sender pattern; do
		awk -F '\t' 'NR == 1 || $1 ~ /^(Amazon SES|Klaviyo|Mailgun|Postmark|SparkPost)$/' \
			sql/catalogue/$f.tsv >"$tsv/$f.tsv"
	done
}

# ---- what is shipped ---------------------------------------------------------

fresh_database t12
run "$I" --init
is "$status" 0 "--init"
is "$(sql "SELECT count(*) FROM dmarc.sender")" \
	"$(($(wc -l <sql/catalogue/sender.tsv) - 1))" "every service is there"
is "$(sql "SELECT count(*) FROM dmarc.sender_pattern")" \
	"$(($(wc -l <sql/catalogue/pattern.tsv) - 1))" "and every pattern"
is "$(sql "SELECT count(*) >= 300, count(*) FILTER (WHERE country = 'jp') >= 60
             FROM dmarc.sender")" "t|t" "300 services and more, 60 of Japan"
is "$(sql "SELECT name FROM dmarc.sender EXCEPT SELECT sender FROM dmarc.sender_pattern")" \
	"" "each has a pattern"
is "$(sql "SELECT count(*) FROM dmarc.sender WHERE origin <> 'catalogue'
                  OR name = '' OR note = '' OR operator = ''")" 0 \
	"an empty cell is NULL"
is "$(sql "SELECT return_path_setup FROM dmarc.sender WHERE name = 'Mailgun'")" \
	'Send from a subdomain such as mg.<domain> with TXT "v=spf1 include:mailgun.org ~all"; its return-path then aligns in relaxed mode' \
	"quotes come through"
is "$(sql "SELECT name FROM dmarc.sender WHERE name LIKE 'Haihai%'")" \
	"Haihai Mail (配配メール)" "and so does Japanese"

# is_sender KIND NAME SENDER: the longest suffix, an exact kind before domain
is_sender() {
	is "$(sql "SELECT sender FROM dmarc.sender_pattern
	            WHERE kind IN ('$1', 'domain')
	              AND right('.$2', length(pattern) + 1) = '.' || pattern
	            ORDER BY length(pattern) DESC, kind = 'domain' LIMIT 1")" \
		"$3" "$1 $2: ${3:-nobody}"
}
is_sender dkim sendgrid.info "Twilio SendGrid"
is_sender spf em1234.u1.wl2.sendgrid.net "Twilio SendGrid"
is_sender spf sendgrid.net.example.com ""
is_sender spf notsendgrid.net ""
is_sender ptr a8-1.smtp-out.amazonses.com "Amazon SES"
is_sender ptr ec2-192-0-2-1.compute.amazonaws.com "Amazon EC2"
is_sender dkim example-jp.20230601.gappssmtp.com "Google Workspace"
is_sender dkim example.onmicrosoft.com "Microsoft 365"
is_sender spf nam11-dm6-obe.outbound.protection.outlook.com "Microsoft 365"
is_sender spf outlook.com "Outlook.com"
is_sender ptr mail-a.outbound.protection.outlook.com "Microsoft 365"
is_sender spf calendar-server.bounces.google.com "Google Calendar"
is_sender ptr mail-a.google.com "Google Workspace"
is_sender dkim googlegroups.com "Google Groups"
is_sender dkim custmx.one.com "one.com forwarding"
is_sender spf fwd-01.privateemail.com "Namecheap forwarding"
is_sender dkim privateemail.com "Namecheap Private Email"
is_sender spf srs.pair.com "pair Networks forwarding"
is_sender ptr www1234.sakura.ne.jp "Sakura Rental Server (さくらのレンタルサーバ)"
is_sender ptr ik1-1.vs.sakura.ne.jp "Sakura VPS (さくらのVPS)"
is_sender dkim dxg.dox.jp "IIJ DOX"

# ---- again, beside an operator's own -----------------------------------------

sql "INSERT INTO dmarc.sender (name, origin, category, layer, author_dkim,
                               return_path, note, evidence)
     VALUES ('our list', 'local', 'mailing-list', 'platform', 'yes', 'yes', 'ours', 'A'),
            ('our relay', 'local', 'other', 'gateway', 'yes', 'yes', NULL, 'A');
     UPDATE dmarc.sender SET origin = 'local', note = 'our own words' WHERE name = 'Klaviyo';
     INSERT INTO dmarc.sender_pattern (kind, pattern, sender, origin)
     VALUES ('domain', 'list.example.jp', 'our list', 'local'),
            ('ptr', 'mx.example.jp', 'Mailgun', 'local'),
            ('domain', 'mailgun.org', 'our relay', 'local')"
all_rows >"$work/rows"
run "$I" --init
is "$status" 0 "--init again"
same_rows "changes no row, not even the time of the last change"

# ---- another catalogue -------------------------------------------------------

small
sed '/^Postmark/d' "$tsv/sender.tsv" >"$work/sender" && mv "$work/sender" "$tsv/sender.tsv"
sed -e '/^Postmark/d' -e 's/klaviyodns.com/klaviyo.example/' "$tsv/pattern.tsv" |
	sed '/^Mailgun.*mailgun.us/d' | {
	IFS= read -r header && echo "$header" && LC_ALL=C sort
} >"$work/pattern" && mv "$work/pattern" "$tsv/pattern.tsv"
sql "DROP FUNCTION dmarc.judge_again();
     CREATE TABLE public.judged (at timestamptz DEFAULT clock_timestamp());
     CREATE FUNCTION dmarc.judge_again() RETURNS void LANGUAGE sql
         AS 'INSERT INTO public.judged DEFAULT VALUES'"
run load "$tsv"
is "$status:$err" 0: "another catalogue"
is "$(sql "SELECT string_agg(name || ' ' || origin, ', ' ORDER BY name COLLATE \"C\")
             FROM dmarc.sender")" \
	"Amazon SES catalogue, Klaviyo local, Mailgun catalogue, SparkPost catalogue, our list local, our relay local" \
	"takes the place of the old one, not of local rows"
is "$(sql "SELECT note FROM dmarc.sender WHERE name = 'Klaviyo'")" "our own words" \
	"a local row of the same name has its own words still"
is "$(sql "SELECT sender, origin FROM dmarc.sender_pattern
            WHERE pattern IN ('klaviyodns.com', 'klaviyo.example', 'mtasv.net', 'mailgun.us')")" \
	"Klaviyo|catalogue" "old patterns are gone, new ones are there"
is "$(sql "SELECT string_agg(pattern || ' ' || sender, ', ' ORDER BY pattern)
             FROM dmarc.sender_pattern WHERE origin = 'local'")" \
	"list.example.jp our list, mailgun.org our relay, mx.example.jp Mailgun" \
	"local patterns are all there"
is "$(sql "SELECT count(*) FROM public.judged")" 1 "everything was judged again"
run load "$tsv"
is "$status:$(sql "SELECT count(*) FROM public.judged")" 0:1 \
	"the same once more: nothing to do"
sed '/^Mailgun/d' "$tsv/sender.tsv" >"$work/sender" && mv "$work/sender" "$tsv/sender.tsv"
sed '/^Mailgun/d' "$tsv/pattern.tsv" >"$work/pattern" && mv "$work/pattern" "$tsv/pattern.tsv"
run load "$tsv"
is "$status:$(sql "SELECT string_agg(p.pattern, ' ') FROM dmarc.sender_pattern p
                     JOIN dmarc.sender s ON s.name = p.sender
                    WHERE s.name = 'Mailgun'")" 0:mx.example.jp \
	"a service that goes stays for the local pattern that leads to it"
run "$I" --init
is "$status:$(sql "SELECT count(*) FROM dmarc.sender WHERE origin = 'catalogue'")" \
	"0:$(($(wc -l <sql/catalogue/sender.tsv) - 2))" \
	"--init puts the shipped one back, but for the local row"

# ---- what a file may not have ------------------------------------------------

# refused SED FILE MESSAGE: the small catalogue, changed by sed
refused() {
	small
	sed -e "$1" "$tsv/$2.tsv" >"$work/changed"
	mv "$work/changed" "$tsv/$2.tsv"
	run catalogue "$tsv"
	is "$status:$out:$(printf '%s\n' "$err" | sed "s|^$tsv/||" | head -n 1)" \
		"1::$3" "refused: $3"
}
small
run catalogue "$tsv"
is "$status:$err" 0: "the small catalogue is right"
t=$(printf '\t')
refused "3s/${t}[^${t}]*\$//" sender "sender.tsv:3: 12 columns, not 13"
refused "3s/\$/${t}x/" sender "sender.tsv:3: 14 columns, not 13"
refused "2s/infrastructure/infra/" sender "sender.tsv:2: unknown layer: infra"
refused "2s/${t}us${t}yes/${t}us${t}maybe/" sender "sender.tsv:2: unknown author_dkim: maybe"
refused "2s/${t}us${t}/${t}US${t}/" sender "sender.tsv:2: unknown country: US"
refused "2s/.${t}\([^${t}]*\)${t}\([^${t}]*\)\$/Z${t}\1${t}\2/" sender "sender.tsv:2: unknown evidence: Z"
refused "2s/${t}us${t}yes${t}[^${t}]*/${t}us${t}yes$t/" sender \
	"sender.tsv:2: author_dkim is yes, but how is not told"
refused "2s/^A/Z/" sender \
	"sender.tsv:3: not in order: use LC_ALL=C sort below the header"
refused "1s/name/Name/" sender "sender.tsv:1: the header is not: $(head -n 1 sql/catalogue/sender.tsv)"
refused "3s/\$/$(printf '\r')/" sender "sender.tsv:3: a control character (a carriage return?)"
refused "2s/$t/ $t/" sender "sender.tsv:2: a blank at an end of a cell"
refused "2s/^Amazon SES/Amazon SEZ/" pattern "pattern.tsv:2: unknown sender: Amazon SEZ"
refused "2s/amazonses/AmazonSES/" pattern "pattern.tsv:2: not in lower case: AmazonSES.com"
refused "2s/amazonses.com/amazonses/" pattern "pattern.tsv:2: not a domain: amazonses"
refused "2s/domain/name/" pattern "pattern.tsv:2: unknown kind: name"
refused "2s/no\$/maybe/" pattern "pattern.tsv:2: ambiguous is yes or no, not maybe"
refused "3s/.*/Klaviyo${t}domain${t}amazonses.com${t}no/" pattern \
	"pattern.tsv:3: domain amazonses.com is Amazon SES's already"
refused "2d" pattern "sender.tsv:2: no pattern for Amazon SES"

done_testing
