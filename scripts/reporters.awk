# The known reporters and the mailbox domains as SQL.
# usage: LC_ALL=C awk -f tsv.awk -f reporters.awk sql/catalogue/reporter.tsv \
#            sql/catalogue/mailbox.tsv
#
# Prints a script that replaces the reporters and mailbox domains of origin
# 'catalogue' and leaves those of origin 'local' alone.  It does nothing when the
# database has these very lists.  What is wrong with the files goes to standard
# error, and then the exit is 1.

BEGIN {
	head["reporter"] = "reporter\tkind\tvalue\tevidence"
	head["mailbox"] = "domain"
	set(kinds, "name mail")
	reporters = 0
	names = 0
	mails = 0
	mailboxes = 0
}

function shape(kind, v,    domain) {
	domain = v
	sub(/^[a-z0-9_.+-]+@/, "", domain)
	if (v == "")
		wrong("no " kind)
	else if (v != tolower(v))
		wrong("not in lower case: " v)
	else if (kind == "mail" && !is_domain(domain))
		wrong("neither a domain nor an address: " v)
	else if (kind == "name" && v ~ /  /)
		wrong("two blanks in a row: " v)
}

# A name is one reporter's; a company may send the reports of several.
function reporter() {
	if (!cells(4))
		return
	if ($1 == "" || $4 == "")
		wrong("no " ($1 == "" ? "reporter" : "evidence"))
	known(kinds, $2, "kind")
	shape($2, $3)
	if (!($1 in line)) {
		line[$1] = FNR
		reporter_name[++reporters] = $1
		row[reporters] = "(" text($1) ", 'catalogue')"
	}
	has[$1, $2] = 1
	if ($2 == "name") {
		if ($3 in owner)
			wrong("name " $3 " is " owner[$3] "'s already")
		owner[$3] = $1
		name_row[++names] = "(" text($3) ", " text($1) ")"
	} else if ($2 == "mail") {
		if (($3, $1) in mail_seen)
			wrong("mail " $3 " is there already")
		mail_seen[$3, $1] = 1
		mail_row[++mails] = "(" text($3) ", " text($1) ")"
		if ($3 !~ /@/)
			mail_line[$3] = FNR
	}
}

function mailbox() {
	if (!cells(1))
		return
	if ($1 != tolower($1))
		wrong("not in lower case: " $1)
	else if (!is_domain($1))
		wrong("not a domain: " $1)
	mailbox_domain[++mailboxes] = $1
	mailbox_row[mailboxes] = "(" text($1) ", 'catalogue')"
}

FNR == 1 {
	begin()
	next
}
what == "reporter" {
	ordered()
	reporter()
}
what == "mailbox" {
	ordered()
	mailbox()
}

# A domain of a reporter stands for all below it: at none of them may anybody
# have a mailbox.
function check_mailboxes(    i, d) {
	for (i = 1; i <= mailboxes; i++)
		for (d = mailbox_domain[i]; d ~ /\./; sub(/^[^.]*\./, "", d))
			if (d in mail_line)
				missing(file["reporter"] ":" mail_line[d],
				    "anybody may have a mailbox at " \
				    mailbox_domain[i] ": give the address, not " d)
}

END {
	if (reporters == 0)
		missing("reporter.tsv", "no reporter in it")
	if (mailboxes == 0)
		missing("mailbox.tsv", "no domain in it")
	for (i = 1; i <= reporters; i++) {
		at = file["reporter"] ":" line[reporter_name[i]]
		if (!((reporter_name[i], "name") in has))
			missing(at, "no name for " reporter_name[i])
		if (!((reporter_name[i], "mail") in has))
			missing(at, "no mail for " reporter_name[i])
	}
	check_mailboxes()
	close("cat 1>&2")
	if (bad)
		exit 1
	print "-- Made by scripts/reporters.awk from sql/catalogue; do not edit."
	print "DO $do$"
	print "DECLARE"
	print "  reporters constant text := $reporters$"
	print "DELETE FROM dmarc.reporter WHERE origin = 'catalogue';"
	print "INSERT INTO dmarc.reporter (name, origin) VALUES"
	print_rows(row, reporters)
	print "ON CONFLICT (name) DO NOTHING;"
	print "-- An operator's own reporter keeps its names and its mail."
	print "INSERT INTO dmarc.reporter_name (org_name, reporter)"
	print "SELECT c.org_name, c.reporter FROM (VALUES"
	print_rows(name_row, names)
	print ") AS c (org_name, reporter)"
	print "  JOIN dmarc.reporter r ON r.name = c.reporter"
	print " WHERE r.origin = 'catalogue'"
	print "    ON CONFLICT (org_name) DO NOTHING;"
	print "INSERT INTO dmarc.reporter_mail (mail, reporter)"
	print "SELECT c.mail, c.reporter FROM (VALUES"
	print_rows(mail_row, mails)
	print ") AS c (mail, reporter)"
	print "  JOIN dmarc.reporter r ON r.name = c.reporter"
	print " WHERE r.origin = 'catalogue';"
	print "DELETE FROM dmarc.mailbox_domain WHERE origin = 'catalogue';"
	print "INSERT INTO dmarc.mailbox_domain (domain, origin) VALUES"
	print_rows(mailbox_row, mailboxes)
	print "ON CONFLICT (domain) DO NOTHING;"
	print "$reporters$;"
	print "BEGIN"
	print "  IF EXISTS (SELECT FROM dmarc.setting"
	print "              WHERE name = 'reporters_digest' AND value = md5(reporters)) THEN"
	print "    RETURN;"
	print "  END IF;"
	print "  EXECUTE reporters;"
	print "  INSERT INTO dmarc.setting (name, value)"
	print "  VALUES ('reporters_digest', md5(reporters))"
	print "      ON CONFLICT (name) DO UPDATE"
	print "     SET value = excluded.value, set_at = now(), set_by = session_user;"
	print "  INSERT INTO dmarc.due (what) VALUES ('judge');"
	print "END $do$;"
}
