#!/bin/sh
# The known reporters and the mailbox domains: what is in the lists, what
# --init makes of them, that it leaves an operator's own rows alone, and what a
# file may not have.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report
tsv=$work/tsv

# lists FOLDER: the script that --init runs, of these two files
lists() {
	LC_ALL=C awk -f scripts/tsv.awk -f scripts/reporters.awk \
		"$1/reporter.tsv" "$1/mailbox.tsv"
}

# load FOLDER: what --init of a version with these files would do
load() {
	lists "$1" >"$work/lists.sql" &&
		psql -XAtq -v ON_ERROR_STOP=1 -1 -f "$work/lists.sql"
}

# Small ones that can be changed at will.
small() {
	mkdir -p "$tsv"
	awk -F '\t' 'NR == 1 || $1 ~ /^(AOL|Google|Seznam|Yahoo)$/' \
		sql/catalogue/reporter.tsv >"$tsv/reporter.tsv"
	awk 'NR == 1 || /^(gmail.com|seznam.cz|yahoo.co.jp|yahoo.com)$/' \
		sql/catalogue/mailbox.tsv >"$tsv/mailbox.tsv"
}

# line_of PATTERN: the first line of the small reporter.tsv that has it
line_of() {
	small
	grep -n "$1" "$tsv/reporter.tsv" | head -n 1 | cut -d: -f1
}

# column KIND: how many rows of that kind reporter.tsv has
column() {
	awk -F '\t' -v kind="$1" '$2 == kind' sql/catalogue/reporter.tsv | wc -l
}

# ---- what is shipped ---------------------------------------------------------

fresh_database t13
run "$I" --init
is "$status" 0 "--init"
is "$(sql "SELECT count(*) FROM dmarc.reporter_name")" "$(column name)" \
	"every name is there"
is "$(sql "SELECT count(*) FROM dmarc.reporter_mail")" "$(column mail)" \
	"and every mail"
is "$(sql "SELECT count(*) FROM dmarc.mailbox_domain")" \
	"$(($(wc -l <sql/catalogue/mailbox.tsv) - 1))" "and every mailbox domain"
is "$(sql "SELECT DISTINCT origin FROM dmarc.mailbox_domain")" catalogue \
	"as the catalogue's"
is "$(sql "SELECT count(*) >= 60 FROM dmarc.reporter
            WHERE origin = 'catalogue'")" t "60 reporters and more"
is "$(sql "SELECT name FROM dmarc.reporter
            WHERE name NOT IN (SELECT reporter FROM dmarc.reporter_name)
               OR name NOT IN (SELECT reporter FROM dmarc.reporter_mail)")" \
	"" "each has a name and mail"
is "$(sql "SELECT m.mail FROM dmarc.reporter_mail m, dmarc.mailbox_domain x
            WHERE right('.' || x.domain, length(m.mail) + 1) = '.' || m.mail")" \
	"" "nobody else has a mailbox at the domain of a reporter, or below it"
is "$(sql "SELECT m.mail FROM dmarc.reporter_mail m
            WHERE m.mail LIKE '%@%' AND m.mail !~ '^[a-z_.-]+@[a-z0-9.-]+\.[a-z]+\$'")" \
	"" "an address is one"
is "$(sql "SELECT count(*) FROM dmarc.mailbox_domain
            WHERE domain IN ('gmail.com', 'outlook.com', 'hotmail.co.jp',
                  'yahoo.co.jp', 'icloud.com', 'gmx.net', 'mail.ru', 'qq.com',
                  'docomo.ne.jp', 'ezweb.ne.jp', 'softbank.ne.jp', 'nifty.com',
                  'mailinator.com')")" 13 "the large ones are mailbox domains"
is "$(sql "SELECT domain FROM dmarc.mailbox_domain
            WHERE domain IN ('google.com', 'microsoft.com', 'dmarc.yahoo.com',
                  'amazonses.com', 'kddi.com')")" "" "and companies are not"

# comes_by NAME WHERE: the mail that reports of this name come by
comes_by() {
	is "$(sql "SELECT string_agg(m.mail, ' ' ORDER BY m.mail)
	             FROM dmarc.reporter_name n
	             JOIN dmarc.reporter_mail m USING (reporter)
	            WHERE n.org_name = '$1'")" "$2" "$1 comes by $2"
}
comes_by google.com google.com
comes_by outlook.com microsoft.com
comes_by "enterprise outlook" microsoft.com
comes_by yahoo "dmarc.yahoo.com yahooinc.com"
comes_by "yahoo! inc." "dmarc.yahoo.com yahooinc.com"
comes_by aol "abuse.aol.com dmarc.yahoo.com"
comes_by docomo.ne.jp dmarc25.jp
comes_by godaddy.com dmarcreports@secureserver.net
comes_by zoho.com noreply-dmarc@zoho.com
comes_by "seznam.cz a.s." abuse@seznam.cz
comes_by aruba.it dmarcreport@aruba.it
comes_by linkedin.com linkedin.com
comes_by mailgate.highmark.com highmark.com
comes_by yahoo.co.jp ""
comes_by postmaster ""
is "$(sql "SELECT w FROM regexp_split_to_table(dmarc.setting_text('approved_reporters'), ' ') w
            WHERE w NOT IN (SELECT mail FROM dmarc.reporter_mail)")" "" \
	"whoever is approved by default is in the list"
run "$R" settings --format csv
is "$status:$(printf '%s\n' "$out" | grep -c digest)" 0:0 \
	"settings do not show which lists are loaded"
run "$R" settings reporters_digest default
is "$status" 64 "nor is that one"

# ---- again, beside an operator's own -----------------------------------------

sql "INSERT INTO dmarc.reporter VALUES ('Our parent', 'local'), ('Portal', 'local');
     INSERT INTO dmarc.reporter_name VALUES ('parent co., ltd.', 'Our parent');
     INSERT INTO dmarc.reporter_mail VALUES ('parent.example', 'Our parent');
     UPDATE dmarc.reporter SET origin = 'local' WHERE name = 'Yahoo';
     INSERT INTO dmarc.reporter_mail VALUES ('yahoo.example', 'Yahoo');
     DELETE FROM dmarc.reporter_mail WHERE mail = 'yahooinc.com';
     DELETE FROM dmarc.reporter_name WHERE org_name = 'yahoo.com';
     UPDATE dmarc.reporter_name SET reporter = 'Portal' WHERE org_name = 'aol.com';
     INSERT INTO dmarc.mailbox_domain (domain) VALUES ('customers.example');
     UPDATE dmarc.mailbox_domain SET origin = 'local' WHERE domain = 'seznam.cz'"
all_rows >"$work/rows"
run "$I" --init
is "$status" 0 "--init again"
same_rows "changes no row, not even the time of the last change"

# ---- other lists -------------------------------------------------------------

small
sed -e '/^Seznam/d' -e 's/google inc\./google corp./' "$tsv/reporter.tsv" |
	{ IFS= read -r header && echo "$header" && LC_ALL=C sort; } >"$work/changed"
mv "$work/changed" "$tsv/reporter.tsv"
sed '/^seznam/d' "$tsv/mailbox.tsv" >"$work/changed"
mv "$work/changed" "$tsv/mailbox.tsv"
sql "SELECT dmarc.do_due()" >/dev/null
run load "$tsv"
is "$status:$err" 0: "other lists"
is "$(sql "SELECT string_agg(name || ' ' || origin, ', ' ORDER BY name COLLATE \"C\")
             FROM dmarc.reporter")" \
	"AOL catalogue, Google catalogue, Our parent local, Portal local, Yahoo local" \
	"take the place of the old ones, not of local reporters"
is "$(sql "SELECT string_agg(org_name, ', ' ORDER BY org_name COLLATE \"C\")
             FROM dmarc.reporter_name WHERE reporter = 'Google'")" \
	"google, google corp., google, inc., google.com" \
	"old names are gone, new ones are there"
comes_by "parent co., ltd." parent.example
comes_by yahoo "dmarc.yahoo.com yahoo.example"
comes_by yahoo.com ""
is "$(sql "SELECT reporter FROM dmarc.reporter_name WHERE org_name = 'aol.com'")" \
	Portal "a name that is a local reporter's stays with it"
is "$(sql "SELECT string_agg(domain, ' ' ORDER BY domain) FROM dmarc.mailbox_domain")" \
	"customers.example gmail.com seznam.cz yahoo.co.jp yahoo.com" \
	"mailbox domains are replaced, local ones are not"
is "$(sql "SELECT string_agg(what, ' ') FROM dmarc.due")" judge \
	"every report is to be judged again"
run load "$tsv"
is "$status:$(sql "SELECT string_agg(what, ' ') FROM dmarc.due")" 0:judge \
	"the same once more: nothing to do"
run "$I" --init
is "$status:$(sql "SELECT count(*) FROM dmarc.mailbox_domain
                    WHERE domain <> 'customers.example'")" \
	"0:$(($(wc -l <sql/catalogue/mailbox.tsv) - 1))" \
	"--init puts the shipped ones back"
is "$(sql "SELECT string_agg(domain, ' ' ORDER BY domain)
             FROM dmarc.mailbox_domain WHERE origin = 'local'")" \
	"customers.example seznam.cz" "and keeps the local ones as they are"

# ---- what a file may not have ------------------------------------------------

# refused SED FILE MESSAGE: the small lists, changed by sed
refused() {
	small
	sed -e "$1" "$tsv/$2.tsv" >"$work/changed"
	mv "$work/changed" "$tsv/$2.tsv"
	run lists "$tsv"
	is "$status:$out:$(printf '%s\n' "$err" | sed "s|^$tsv/||" | head -n 1)" \
		"1::$3" "refused: $3"
}
small
run lists "$tsv"
is "$status:$err" 0: "the small lists are right"
t=$(printf '\t')
refused "1s/kind/Kind/" reporter \
	"reporter.tsv:1: the header is not: $(head -n 1 sql/catalogue/reporter.tsv)"
refused "3s/${t}[^${t}]*\$//" reporter "reporter.tsv:3: 3 columns, not 4"
refused "3s/\$/${t}x/" reporter "reporter.tsv:3: 5 columns, not 4"
refused "2s/^AOL/Zoho/" reporter \
	"reporter.tsv:3: not in order: use LC_ALL=C sort below the header"
refused "2s/^AOL//" reporter "reporter.tsv:2: no reporter"
refused "2s/${t}[^${t}]*\$/$t/" reporter "reporter.tsv:2: no evidence"
refused "2s/${t}mail${t}/${t}addr$t/" reporter "reporter.tsv:2: unknown kind: addr"
refused "2s/abuse.aol.com//" reporter "reporter.tsv:2: no mail"
refused "2s/abuse.aol.com/abuse.AOL.com/" reporter \
	"reporter.tsv:2: not in lower case: abuse.AOL.com"
refused "2s/abuse.aol.com/aol/" reporter \
	"reporter.tsv:2: neither a domain nor an address: aol"
refused "2s/abuse.aol.com/abuse@/" reporter \
	"reporter.tsv:2: neither a domain nor an address: abuse@"
refused "2s/abuse.aol.com/a@b@aol.com/" reporter \
	"reporter.tsv:2: neither a domain nor an address: a@b@aol.com"
refused "2s/abuse.aol.com/AOL <a@aol.com>/" reporter \
	"reporter.tsv:2: not in lower case: AOL <a@aol.com>"
refused "4s/${t}aol$t/${t}AOL$t/" reporter "reporter.tsv:4: not in lower case: AOL"
refused "4s/${t}aol$t/${t}a  ol$t/" reporter "reporter.tsv:4: two blanks in a row: a  ol"
refused "4s/${t}aol$t/${t}aol $t/" reporter "reporter.tsv:4: a blank at an end of a cell"
refused "3s/\$/$(printf '\r')/" reporter \
	"reporter.tsv:3: a control character (a carriage return?)"
refused "s/^Yahoo${t}name${t}yahoo$t/Yahoo${t}name${t}aol$t/" reporter \
	"reporter.tsv:$(line_of "^Yahoo${t}name${t}yahoo$t"): name aol is AOL's already"
refused "3s/.*/AOL${t}mail${t}abuse.aol.com${t}zzz/" reporter \
	"reporter.tsv:3: mail abuse.aol.com is there already"
refused "/^AOL${t}name/d" reporter "reporter.tsv:2: no name for AOL"
refused "/^AOL${t}mail/d" reporter "reporter.tsv:2: no mail for AOL"
refused "1!d" reporter "reporter.tsv: no reporter in it"
refused "s/abuse@seznam.cz/seznam.cz/" reporter \
	"reporter.tsv:$(line_of abuse@seznam.cz): anybody may have a mailbox at seznam.cz: give the address, not seznam.cz"
refused "2s/abuse.aol.com/co.jp/" reporter \
	"reporter.tsv:2: anybody may have a mailbox at yahoo.co.jp: give the address, not co.jp"
refused "1s/domain/name/" mailbox "mailbox.tsv:1: the header is not: domain"
refused "2s/gmail/Gmail/" mailbox "mailbox.tsv:2: not in lower case: Gmail.com"
refused "2s/gmail.com/gmail/" mailbox "mailbox.tsv:2: not a domain: gmail"
refused "2s/gmail.com/joe@gmail.com/" mailbox "mailbox.tsv:2: not a domain: joe@gmail.com"
refused "2s/\$/${t}x/" mailbox "mailbox.tsv:2: 2 columns, not 1"
refused "3s/.*/gmail.com/" mailbox \
	"mailbox.tsv:3: not in order: use LC_ALL=C sort below the header"
refused "1!d" mailbox "mailbox.tsv: no domain in it"

done_testing
