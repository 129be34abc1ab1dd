# The classes of mail as SQL.
# usage: LC_ALL=C awk -f tsv.awk -f classes.awk sql/catalogue/class.tsv
#
# Prints statements that replace the rows of dmarc.class.  What is wrong with
# the file goes to standard error, and then the exit is 1.

BEGIN {
	head["class"] = "class\trank\ttext\thealthy\tstream_known\t" \
	    "stream_unknown\tconfidence\taction_known\taction_unknown"
	set(streams, "legitimate indirect unresolved hostile undetermined")
	set(sure, "reported presumed guess")
	set(said, "yes no")
	set(marks, "{author} {sender} {sign} {how} {relax} {ask} {return_path}")
	classes = 0
}

# What stands in braces is something that class_action() fills in.
function action(s,    mark) {
	while (match(s, /[{][^}]*[}]?/)) {
		mark = substr(s, RSTART, RLENGTH)
		known(marks, mark, "mark in an action")
		s = substr(s, RSTART + RLENGTH)
	}
}

function class(    i) {
	if (!cells(9))
		return
	for (i = 1; i <= 7; i++)
		if ($i == "")
			wrong("column " i " is empty")
	if ($1 !~ /^[A-Z_]+(\/[A-Z_]+)?$/)
		wrong("not a class: " $1)
	if ($2 !~ /^[0-9]+$/)
		wrong("not a number: " $2)
	if ($2 in rank)
		wrong("rank " $2 " is " rank[$2] "'s already")
	if ($3 in reading)
		wrong("the text is " reading[$3] "'s already")
	rank[$2] = $1
	reading[$3] = $1
	known(said, $4, "healthy")
	known(streams, $5, "stream_known")
	known(streams, $6, "stream_unknown")
	known(sure, $7, "confidence")
	action($8)
	action($9)
	if ($4 == "yes" && ($8 != "" || $9 != ""))
		wrong("healthy, but there is something to do")
	row[++classes] = "(" text($1) ", " $2 ", " text($3) ", " \
	    ($4 == "yes" ? "true" : "false") ", " text($5) ", " text($6) \
	    ", " text($7) ", " text($8) ", " text($9) ")"
}

FNR == 1 {
	begin()
	next
}
{
	ordered()
	class()
}

END {
	if (classes == 0)
		missing("class.tsv", "no class in it")
	close("cat 1>&2")
	if (bad)
		exit 1
	print "-- Made by scripts/classes.awk from sql/catalogue; do not edit."
	print "DELETE FROM dmarc.class;"
	print "INSERT INTO dmarc.class (class, rank, text, healthy, stream_known,"
	print "  stream_unknown, confidence, action_known, action_unknown) VALUES"
	print_rows(row, classes)
	print ";"
}
