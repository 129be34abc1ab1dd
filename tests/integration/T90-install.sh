#!/bin/sh
# make install: everything in its place, nothing anywhere else, and gone again.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

root=$work/root
# The build folder as make knows it, or all of it is built anew.
run make -s install B="${B#"$top"/}" DESTDIR="$root" prefix=/opt/dmarc
is "$status" 0 "make install"
is "$(find "$root" -type f ! -path '*/sql/*' | sed "s|$root||" | LC_ALL=C sort)" \
	"/opt/dmarc/bin/dmarc-check
/opt/dmarc/bin/dmarc-ingest
/opt/dmarc/bin/dmarc-report
/opt/dmarc/bin/pipe-report.sh
/opt/dmarc/lib/systemd/system/dmarc-check.service
/opt/dmarc/lib/systemd/system/dmarc-check.timer
/opt/dmarc/lib/systemd/system/dmarc-ingest-watch.service
/opt/dmarc/lib/systemd/system/dmarc-ingest.service
/opt/dmarc/lib/systemd/system/dmarc-ingest.timer
/opt/dmarc/share/dmarc-report/crontab
/opt/dmarc/share/dmarc-report/dmarc.conf.sample
/opt/dmarc/share/dmarc-report/restore-data.sh
/opt/dmarc/share/man/man1/dmarc-check.1
/opt/dmarc/share/man/man1/dmarc-ingest.1
/opt/dmarc/share/man/man1/dmarc-report.1
/opt/dmarc/share/man/man5/dmarc.conf.5" "each file is in its place"
units=$root/opt/dmarc/lib/systemd/system
is "$(grep -h '^ExecStart\|^LoadCredential' "$units"/*.service | sort -u)" \
	"ExecStart=/opt/dmarc/bin/dmarc-check addresses --db postgresql:///dmarc
ExecStart=/opt/dmarc/bin/dmarc-ingest --quiet --config %d/dmarc.conf
ExecStart=/opt/dmarc/bin/dmarc-ingest --quiet --watch --config %d/dmarc.conf
LoadCredential=dmarc.conf:/etc/dmarc.conf" "the units name these places"
is "$(grep -c '@[a-z]*@' "$units"/* | grep -v ':0$')" "" "and no others"

# One budget of memory, here and there; a worker that goes over it is not the
# end of all.
budget=$(sed -n 's/^#define LIMIT_MEMORY (\([0-9]*\) \* LIMIT_MIB)$/\1M/p' ingest/limits.h)
like "$budget" '^[0-9]+M$' "limits.h has a budget: $budget"
for u in dmarc-ingest dmarc-ingest-watch; do
	is "$(sed -n 's/^MemoryMax=//p' "$units/$u.service")" "$budget" \
		"$u: MemoryMax is that"
done
is "$(grep -lx OOMPolicy=continue "$units"/*.service | wc -l):$(
	grep -lx LimitCORE=0 "$units"/*.service | wc -l)" 3:3 \
	"no unit ends with one of its processes, and none leaves a core"

# What systemd itself thinks of them, where it is there.
if command -v systemd-analyze >/dev/null; then
	mkdir "$work/units"
	for u in "$units"/*; do
		sed "s|/opt/dmarc/bin/|$B/|" "$u" \
			>"$work/units/$(basename "$u")"
	done
	run systemd-analyze verify --man=no "$work/units"/*
	is "$(printf '%s\n' "$err" | grep dmarc-)" "" "systemd finds no mistake in them"
	for u in dmarc-ingest dmarc-ingest-watch dmarc-check; do
		run systemd-analyze security --offline=true "$work/units/$u.service"
		# 0 is the safest; 10 is what a unit without any of it has.
		exposure=$(printf '%s\n' "$out" | sed -n 's/.*exposure level.*: \([0-9]*\)[.].*/\1/p')
		is "$((exposure < 2))" 1 "$u: exposure $exposure"
	done
fi

# The lines for cron run as they are.
line=$(grep -v '^#' "$root/opt/dmarc/share/dmarc-report/crontab")
# shellcheck disable=SC2016 # cron is to expand it
like "$line" '^\*/15 \* \* \* \* /usr/local/bin/dmarc-ingest --quiet --config \$HOME/dmarc.conf$' \
	"a line for crontab"
like "$line" '^17 4 \* \* \* /usr/local/bin/dmarc-check addresses --db postgresql:///dmarc >/dev/null$' \
	"and one for the night"
is "$(printf '%s\n' "$line" | wc -l)" 2 "and no others"

run make -s uninstall DESTDIR="$root" prefix=/opt/dmarc
is "$status:$(find "$root" -type f)" 0: "make uninstall leaves nothing"

done_testing
