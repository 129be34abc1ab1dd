#!/bin/sh
# Do the documents say what the programs do?  Options against manual pages,
# settings against dmarc.conf(5) and its sample, codes of the source against
# VIOLATIONS.md, tables and views against sql/README.md, files against the
# READMEs of ingest and report, links of the documents; the manual pages
# themselves.  Prints what is wrong.
# usage: check-docs.sh BUILD    (run at the top of the tree)
set -u

if [ $# -ne 1 ]; then
	printf 'usage: check-docs.sh BUILD\n' >&2
	exit 64
fi
build=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

wrong() {
	printf 'check-docs: %s\n' "$*" >&2
	: >"$tmp/wrong"
}

# Options one a line, of what --help prints; -qv are two.
options_of_help() {
	tr -s ' \t,|[](){}=.;:' '\n' |
		sed -n -E 's/^(--[a-zA-Z][a-zA-Z0-9-]*)$/\1/p; /^-[a-zA-Z]+$/{ s/^-//; s/(.)/-\1\n/g; p; }' |
		sed '/^$/d' | LC_ALL=C sort -u
}

# The same of the lines of a manual page that match: what follows an Fl, until
# the next macro.  "Fl Fl x", "Fl -x" and "Fl \-x" are --x.
options_of_manual() {
	awk -v lines="$2" '
	$0 !~ lines { next }
	{
		dashes = 0
		last = ""
		sub(/^[.]/, "")
		for (i = 1; i <= NF; i++) {
			word = $i
			gsub(/\\-/, "-", word)
			gsub(/\\&/, "", word)
			if (word == "Fl") {
				dashes = last == "Fl" ? 2 : 1
			} else if (word ~ /^[A-Z][a-z]$/) {
				dashes = 0
			} else if (dashes > 0 && word ~ /^-*[a-zA-Z]/) {
				option = word
				for (k = 0; k < dashes; k++)
					option = "-" option
				if (option ~ /^--/)
					print option
				else
					for (k = 2; k <= length(option); k++)
						print "-" substr(option, k, 1)
				dashes = 1
			}
			last = word
		}
	}' "$1" | LC_ALL=C sort -u
}

check_options() {
	[ -x "$build/$1" ] || return 0
	"$build/$1" --help | options_of_help >"$tmp/help"
	options_of_manual "$2" '^[.]It ' >"$tmp/items"
	options_of_manual "$2" '^[.](It|Op|Fl) ' >"$tmp/manual"
	for o in $(LC_ALL=C comm -23 "$tmp/help" "$tmp/items"); do
		wrong "$2 does not explain $o"
	done
	for o in $(LC_ALL=C comm -13 "$tmp/help" "$tmp/manual"); do
		wrong "$2 has $o, $1 --help has not"
	done
}

check_page() {
	if [ ! -f "$1" ]; then
		wrong "there is no $1"
		return
	fi
	command -v mandoc >/dev/null || return 0
	mandoc -T lint -W warning "$1" >"$tmp/lint" 2>&1 && return 0
	cat "$tmp/lint" >&2
	wrong "$1 is not clean"
}

check_manual() {
	check_page "$2"
	[ ! -f "$2" ] || check_options "$1" "$2"
}

# The settings of dmarc.conf: the table that reads them, the manual page and the
# sample.
check_settings() {
	sed -n 's/^\t{ "\([a-z_]*\)", SETTING_.*/\1/p' ingest/config/config.c |
		LC_ALL=C sort >"$tmp/settings"
	[ -s "$tmp/settings" ] || wrong "no setting was found in ingest/config/config.c"
	sed -n 's/^[.]It Ic \([a-z_]*\)$/\1/p' ingest/dmarc.conf.5 |
		LC_ALL=C sort >"$tmp/explained"
	sed -n 's/^\(# \{0,1\}\)\{0,1\}\([a-z_]*\) = .*/\2/p' \
		scripts/dmarc.conf.sample | LC_ALL=C sort >"$tmp/shown"
	for s in $(LC_ALL=C comm -23 "$tmp/settings" "$tmp/explained"); do
		wrong "ingest/dmarc.conf.5 does not explain $s"
	done
	for s in $(LC_ALL=C comm -13 "$tmp/settings" "$tmp/explained"); do
		wrong "ingest/dmarc.conf.5 has $s, ingest/config/config.c has not"
	done
	for s in $(LC_ALL=C comm -23 "$tmp/settings" "$tmp/shown"); do
		wrong "scripts/dmarc.conf.sample does not show $s"
	done
	for s in $(LC_ALL=C comm -13 "$tmp/settings" "$tmp/shown"); do
		wrong "scripts/dmarc.conf.sample has $s, ingest/config/config.c has not"
	done
}

# Codes of the first column, one a line.
codes_in_violations() {
	# shellcheck disable=SC2016 # a backquote and nothing more
	sed -n 's/^| `\([a-z0-9_]*\)` |.*/\1/p' VIOLATIONS.md
}

# The quirks of reports, and the reasons of what is set aside or is no report:
# the first part of the table.
codes_in_source() {
	sed -n 's/.*\[QUIRK_[A-Z_]*\] = "\([a-z_]*\)".*/\1/p' ingest/decode/report.c
	sed -n '/Reasons for set-aside/,/Reasons why/s/.*\[REASON_[A-Z_0-9]*\] = "\([a-z_0-9]*\)".*/\1/p' \
		common/reason.c
}

check_codes() {
	codes_in_violations | LC_ALL=C sort >"$tmp/documented"
	codes_in_source | LC_ALL=C sort -u >"$tmp/used"
	for c in $(LC_ALL=C uniq -d "$tmp/documented"); do
		wrong "VIOLATIONS.md has $c twice"
	done
	for c in $(LC_ALL=C comm -23 "$tmp/used" "$tmp/documented"); do
		wrong "VIOLATIONS.md does not have $c"
	done
	for c in $(LC_ALL=C comm -13 "$tmp/used" "$tmp/documented"); do
		wrong "VIOLATIONS.md has $c, the source has not"
	done
}

check_relations() {
	sed -n -E \
		's/^CREATE (OR REPLACE )?(TABLE|VIEW|FUNCTION) dmarc\.([a-z_]+).*/\3/p' \
		sql/migrate/*.sql sql/views/*.sql | LC_ALL=C sort -u >"$tmp/relations"
	# What a later migration took away, and nothing made again.
	sed -n -E 's/^DROP TABLE dmarc\.([a-z_]+);$/\1/p' sql/migrate/*.sql |
		LC_ALL=C sort -u >"$tmp/dropped"
	while read -r name; do
		! grep -qx "$name" "$tmp/dropped" || continue
		grep -q "\`${name}[\`(]" sql/README.md ||
			wrong "sql/README.md does not name $name"
	done <"$tmp/relations"
}

# The READMEs of ingest and report walk through the source file by file.
check_files() {
	for f in common/*.[ch] common/*/*.[ch] ingest/*.[ch] ingest/*/*.[ch] \
		report/*.[ch] check/*.[ch]; do
		head -n 1 "$f" | grep -q '^/\*' ||
			wrong "$f does not begin with what it is for"
	done
	for f in common/*.c ingest/*.c ingest/*/*.c; do
		grep -qw "$(basename "$f")" ingest/README.md ||
			wrong "ingest/README.md does not name $f"
	done
	for f in common/cli/*.c report/*.c check/*.c; do
		grep -qw "$(basename "$f")" report/README.md ||
			wrong "report/README.md does not name $f"
	done
	grep -ohE '\b[a-z_0-9]+\.[ch]\b' README.md ingest/README.md \
		report/README.md docs/*.md CONTRIBUTING.md |
		sed '/^ctype.h$/d' | LC_ALL=C sort -u >"$tmp/files"
	while read -r name; do
		[ -n "$(find ingest report check common tests -name "$name")" ] ||
			wrong "a README names $name, which is not there"
	done <"$tmp/files"
}

# The first page is short, and its links lead somewhere.
check_readme() {
	[ "$(wc -c <README.md)" -le 8192 ] ||
		wrong "README.md is longer than 8 KiB"
	for f in *.md docs/*.md ingest/README.md report/README.md \
		tests/README.md tests/bench/README.md; do
		grep -oE '\]\([^):]+\)' "$f" | sed 's/^](//; s/[#)].*//' |
			while read -r link; do
				[ -e "$(dirname "$f")/$link" ] ||
					wrong "$f: nothing is at $link"
			done
	done
}

# What was true on one machine only.  (The pattern does not match itself.)
check_paths() {
	git grep -nI '/wor[k]/' >"$tmp/paths" 2>/dev/null || return 0
	cat "$tmp/paths" >&2
	wrong "a path of somebody's machine"
}

check_manual dmarc-ingest ingest/dmarc-ingest.1
check_manual dmarc-report report/dmarc-report.1
check_manual dmarc-check check/dmarc-check.1
check_page ingest/dmarc.conf.5
check_settings
check_codes
check_relations
check_files
check_readme
check_paths
[ ! -e "$tmp/wrong" ]
