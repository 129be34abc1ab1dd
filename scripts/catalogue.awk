# The catalogue of sending services as SQL.
# usage: LC_ALL=C awk -f tsv.awk -f catalogue.awk sql/catalogue/sender.tsv \
#            sql/catalogue/pattern.tsv
#
# Prints a script that replaces the rows of origin 'catalogue' and leaves those
# of origin 'local' alone.  It does nothing when the database has this very
# catalogue.  What is wrong with the files goes to standard error, and then
# the exit is 1.

BEGIN {
	head["sender"] = "name\toperator\tcategory\tlayer\tcountry\t" \
	    "author_dkim\tdkim_setup\treturn_path\treturn_path_setup\t" \
	    "note\tevidence\tverified_only\tverified_source"
	head["pattern"] = "sender\tkind\tpattern\tambiguous"
	set(layer, "platform infrastructure gateway forwarder host")
	set(ability, "yes plan no unknown")
	set(evidence, "A B C N")
	set(kinds, "domain dkim spf ptr selector asn")
	senders = 0
	patterns = 0
}

function setup(value, how, column) {
	known(ability, value, column)
	if ((value == "yes" || value == "plan") && how == "")
		wrong(column " is " value ", but how is not told")
	if ((value == "no" || value == "unknown") && how != "")
		wrong(column " is " value ", but how is told")
}

function sender() {
	if (!cells(13))
		return
	if ($1 == "" || $3 == "")
		wrong("no " ($1 == "" ? "name" : "category"))
	if ($1 in line)
		wrong("there is another " $1 " in line " line[$1])
	line[$1] = FNR
	name[++senders] = $1
	known(layer, $4, "layer")
	if ($5 != "" && $5 !~ /^[a-z][a-z]$/)
		wrong("unknown country: " $5)
	setup($6, $7, "author_dkim")
	setup($8, $9, "return_path")
	known(evidence, $11, "evidence")
	if ($12 != "" && $12 != "yes" && $12 != "no")
		wrong("verified_only is yes, no or empty, not " $12)
	if (($12 == "") != ($13 == ""))
		wrong("verified_only and its source go together")
	row[senders] = "(" text($1) ", " text($2) ", " text($3) ", " text($4) \
	    ", " text($5) ", " text($6) ", " text($7) ", " text($8) ", " \
	    text($9) ", " text($10) ", " text($11) ", " text($12) ", " \
	    text($13) ", 'catalogue')"
}

function shape(kind, p) {
	if (p != tolower(p))
		wrong("not in lower case: " p)
	else if (kind == "asn" && p !~ /^[1-9][0-9]*$/)
		wrong("not a number: " p)
	else if (kind == "selector" && p !~ /^[a-z0-9_.#*-]+$/)
		wrong("not a selector: " p)
	else if (kind != "asn" && kind != "selector" && !is_domain(p))
		wrong("not a domain: " p)
}

function pattern(    key) {
	if (!cells(4))
		return
	if (!($1 in line))
		wrong("unknown sender: " $1)
	known(kinds, $2, "kind")
	shape($2, $3)
	if ($4 != "" && $4 != "yes" && $4 != "no")
		wrong("ambiguous is yes or no, not " $4)
	key = $2 "\t" $3
	if (key in owner)
		wrong($2 " " $3 " is " owner[key] "'s already")
	owner[key] = $1
	has[$1] = 1
	match_row[++patterns] = "(" text($2) ", " text($3) ", " text($1) ", " \
	    ($4 == "yes" ? "true" : "false") ", 'catalogue')"
}

FNR == 1 {
	begin()
	next
}
what == "sender" {
	ordered()
	sender()
}
what == "pattern" {
	ordered()
	pattern()
}

END {
	if (senders == 0)
		missing("sender.tsv", "no service in it")
	if (patterns == 0)
		missing("pattern.tsv", "no pattern in it")
	for (i = 1; i <= senders && patterns > 0; i++)
		if (!(name[i] in has))
			missing(file["sender"] ":" line[name[i]],
			    "no pattern for " name[i])
	close("cat 1>&2")
	if (bad)
		exit 1
	print "-- Made by scripts/catalogue.awk from sql/catalogue; do not edit."
	print "DO $do$"
	print "DECLARE"
	print "  catalogue constant text := $catalogue$"
	print "DELETE FROM dmarc.sender_pattern WHERE origin = 'catalogue';"
	print "-- What an operator's own pattern leads to stays until that is gone."
	print "DELETE FROM dmarc.sender s"
	print " WHERE s.origin = 'catalogue'"
	print "   AND NOT EXISTS (SELECT FROM dmarc.sender_pattern p WHERE p.sender = s.name);"
	print "INSERT INTO dmarc.sender AS s (name, operator, category, layer, country,"
	print "  author_dkim, dkim_setup, return_path, return_path_setup, note, evidence,"
	print "  verified_only, verified_source, origin) VALUES"
	print_rows(row, senders)
	print "ON CONFLICT (name) DO UPDATE"
	print "   SET (operator, category, layer, country, author_dkim, dkim_setup,"
	print "        return_path, return_path_setup, note, evidence,"
	print "        verified_only, verified_source)"
	print "     = (excluded.operator, excluded.category, excluded.layer,"
	print "        excluded.country, excluded.author_dkim, excluded.dkim_setup,"
	print "        excluded.return_path, excluded.return_path_setup, excluded.note,"
	print "        excluded.evidence, excluded.verified_only,"
	print "        excluded.verified_source)"
	print " WHERE s.origin = 'catalogue';"
	print "INSERT INTO dmarc.sender_pattern (kind, pattern, sender, ambiguous, origin) VALUES"
	print_rows(match_row, patterns)
	print ";"
	print "$catalogue$;"
	print "BEGIN"
	print "  IF EXISTS (SELECT FROM dmarc.setting"
	print "              WHERE name = 'catalogue_digest' AND value = md5(catalogue)) THEN"
	print "    RETURN;"
	print "  END IF;"
	print "  EXECUTE catalogue;"
	print "  INSERT INTO dmarc.setting (name, value)"
	print "  VALUES ('catalogue_digest', md5(catalogue))"
	print "      ON CONFLICT (name) DO UPDATE"
	print "     SET value = excluded.value, set_at = now(), set_by = session_user;"
	print "  PERFORM dmarc.judge_again();"
	print "END $do$;"
}
