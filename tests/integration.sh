#!/bin/sh
# Run integration tests.  Those that speak with servers mostly wait, and each
# has its own servers and databases, so some of them run at once; the others
# change what the whole server has (roles) and run one by one.
# usage: scripts/with-services.sh tests/integration.sh TEST...
set -u
together=
alone=
for t; do
	case $t in
	# The last take longest, so they begin.
	*/T4* | */T65*) together="$t $together" ;;
	*) alone="$alone $t" ;;
	esac
done
status=0
for group in "-j6 $together" "-j1 $alone"; do
	[ "${group#* }" != "" ] || continue
	# shellcheck disable=SC2086 # lists of words
	prove -Q --failures -e sh $group || status=1
done
exit $status
