#!/bin/sh
# Do the folders of the source include only downwards, and no module in a
# circle?  The levels are in level() below.  Prints each line that is wrong.
#
# A module is a source and its header.  A header without a source of its name is
# shared by the parts of one module (imap_session.h); it makes no circle.
# usage: check-includes.sh [DIRECTORY]    (the top of the tree)
set -u
cd "${1:-.}" || exit 64

# Every #include of a file of ours, as "file:line:included".
includes() {
	find common ingest report check -name '*.[ch]' | LC_ALL=C sort |
		xargs grep -n '^[ 	]*#[ 	]*include[ 	]*"' |
		sed -E 's/^([^:]*:[0-9]*):[^"]*"([^"]*)".*/\1:\2/'
}

includes | awk -F: '
# A level for each folder.  What one program has, the other cannot see.
function level(file) {
	if (file ~ /^gen\//)
		return 0
	if (file ~ /^common\/cli\//)
		return 1.5
	if (file ~ /^common\/jail\//)
		return 1.2
	if (file ~ /^common\//)
		return 1
	if (file == "ingest/limits.h")
		return 2
	if (file ~ /^ingest\/[^\/]*$/)
		return 9
	if (file ~ /^report\/[^\/]*$/)
		return 10
	if (file ~ /^check\/[^\/]*$/)
		return 11
	sub(/\/[^\/]*$/, "", file)
	return file in folder ? folder[file] : -1
}

function wrong(place, text) {
	printf "check-includes: %s: %s\n", place, text
	status = 1
}

# A source and its header are one module.
function module(file) {
	sub(/\.[ch]$/, "", file)
	return file
}

# Depth first; a module that is met while it is open closes a circle.
function visit(m,    n, list, i) {
	state[m] = 1
	if (!has_source[m]) {
		state[m] = 2
		return
	}
	n = split(edges[m], list, " ")
	for (i = 1; i <= n; i++) {
		if (state[list[i]] == 1)
			wrong(where[m, list[i]], "a circle: " list[i] \
			    " includes " m ", too, by way of others or itself")
		else if (state[list[i]] == 0)
			visit(list[i])
	}
	state[m] = 2
}

BEGIN {
	n = split("decode source worker config store imap", name, " ")
	for (i = 1; i <= n; i++)
		folder["ingest/" name[i]] = 2 + i
}

{
	place = $1 ":" $2
	from = level($1)
	to = level($3)
	if (from == -1)
		wrong(place, "this folder has no level: see check-includes.sh")
	else if (to == -1)
		wrong(place, $3 " is in no folder that has a level")
	else if (to > from)
		wrong(place, "includes upwards: " $3)
	else if (from >= 10 && to > 1.5 && to != from)
		wrong(place, "a file of another program: " $3)
	else if (from < 10 && to == 1.5 && from > 1.5)
		wrong(place, "the ingester has a command line of its own: " $3)
	a = module($1)
	b = module($3)
	if ($1 ~ /\.c$/)
		has_source[a] = 1
	if (a != b && !((a, b) in where)) {
		where[a, b] = place
		edges[a] = edges[a] " " b
		seen[++count] = a
	}
}

END {
	for (i = 1; i <= count; i++)
		if (state[seen[i]] == 0)
			visit(seen[i])
	exit status
}'
