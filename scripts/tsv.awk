# What the scripts for the tables in sql/catalogue have in common.
# usage: LC_ALL=C awk -f tsv.awk -f catalogue.awk FILE...
#
# What is wrong with a file goes to standard error, with the line, and sets
# bad.  A script sets head["x"] to the header of x.tsv and calls begin() in
# each first line.

BEGIN {
	FS = "\t"
	quote = sprintf("%c", 39)
	bad = 0
}

function set(s, words,    a, i) {
	for (i = split(words, a, " "); i > 0; i--)
		s[a[i]] = 1
}

function wrong(what) {
	printf "%s:%d: %s\n", FILENAME, FNR, what | "cat 1>&2"
	bad = 1
}

function missing(file, what) {
	printf "%s: %s\n", file, what | "cat 1>&2"
	bad = 1
}

function text(s) {
	if (s == "")
		return "NULL"
	gsub(quote, quote quote, s)
	return quote s quote
}

# The first line of a file.
function begin() {
	what = FILENAME
	sub(/^.*\//, "", what)
	sub(/\.tsv$/, "", what)
	file[what] = FILENAME
	before = ""
	if ($0 != head[what])
		wrong("the header is not: " head[what])
}

# Are there as many cells as there should be?
function cells(number) {
	if (NF != number) {
		wrong(NF " columns, not " number)
		return 0
	}
	if ($0 ~ /[\001-\010\013-\037\177]/)
		wrong("a control character (a carriage return?)")
	if ($0 ~ /(^|\t) / || $0 ~ / (\t|$)/)
		wrong("a blank at an end of a cell")
	return 1
}

function ordered() {
	if ($0 "" <= before "")
		wrong("not in order: use LC_ALL=C sort below the header")
	before = $0
}

function known(s, value, column) {
	if (!(value in s))
		wrong("unknown " column ": " (value == "" ? "empty" : value))
}

function is_domain(s) {
	return s ~ /^[a-z0-9_.-]+$/ && s ~ /[a-z0-9]\.[a-z0-9]/ &&
	    s !~ /^\./ && s !~ /\.$/ && s !~ /\.\./
}

function print_rows(rows, n,    i) {
	for (i = 1; i <= n; i++)
		print "  " rows[i] (i < n ? "," : "")
}
