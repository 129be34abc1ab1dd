#!/bin/sh
# Help, version, mistakes: which stream, which exit status.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
# No test here may need a database.
PGHOST=/nonexistent
export PGHOST

for option in -h --help; do
	run "$I" $option
	is "$status:$err" 0: "$option: exit 0, nothing on standard error"
	like "$out" '^usage: dmarc-ingest ' "$option: usage on standard output"
	like "$out" '--retry +read again' "$option: options are told"
done

run "$I" --version
is "$status:$err" 0: "--version: exit 0, nothing on standard error"
is "$out" "dmarc-ingest $(sed -n 's/^VERSION = //p' Makefile)" \
	"--version: name and version"

# The last is a shell's, not ours: help to a full disk is no success.
if [ -w /dev/full ]; then
	status=0
	"$I" --help >/dev/full 2>/dev/null || status=$?
	is "$status" 74 "help that cannot be written is an error"
fi

# mistake TEXT ARGUMENT...
mistake() {
	text=$1
	shift
	run "$I" "$@"
	is "$status:$out" 64: "dmarc-ingest $*: exit 64, standard output empty"
	like "$err" "$text" "dmarc-ingest $*: is told why"
	like "$err" '^usage: dmarc-ingest ' "dmarc-ingest $*: is told the usage"
}

mistake 'no SOURCE given'
mistake 'no SOURCE given' --print
mistake 'no SOURCE given' -d dmarc
one='only one of --watch, --check-config, --init, --retry, --show and --print'
mistake "$one" --init --retry
mistake "$one" --print --init x
mistake "$one" --retry --print x
mistake "$one" --watch --check-config
mistake 'SOURCE goes with --print, or' --init fixtures
mistake 'SOURCE goes with --print, or' --retry fixtures
mistake 'SOURCE goes with --print, or' --watch fixtures
mistake 'SOURCE goes with --print, or' --check-config fixtures
mistake '--mailbox goes without' --mailbox x fixtures
mistake '--mailbox goes without' --mailbox x --init
mistake "option '--config' requires an argument" --config
mistake 'unrecognized option .*--nonsense' --nonsense
mistake "invalid option .*'Z'" -Z
mistake "option requires an argument .*'d'" -d
mistake "option '--db' requires an argument" --db
mistake "option '--format' requires an argument" --print --format
mistake '--format is text or csv' --print --format json x
mistake '--format is text or csv' --print --format= x
mistake '--format goes with --print' --format csv x
mistake "doesn't allow an argument" --init=yes

# A usage mistake is found before anything is done.
run "$I" fixtures/xml/plain-7489.xml --nonsense
is "$status" 64 "a mistake behind a source counts, too"

# What begins with a dash is a source behind --.
run "$I" --print -- -nonexistent-
is "$status" 65 "behind -- an option is a source"
like "$err" '^dmarc-ingest: -nonexistent-: No such file' "and is named"

done_testing
