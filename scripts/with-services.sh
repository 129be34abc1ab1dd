#!/bin/sh
# Run a command with servers of its own: makes one temporary folder, starts a
# PostgreSQL there, exports PGHOST PGUSER PGDATABASE and SCRATCH (a folder to
# write in), runs the command, stops all and removes all.  KEEP=1 keeps it.
# DOVECOT=1 in the environment: a Dovecot, too, and the IMAP_... variables of
# dovecot-private.sh.
# usage: with-services.sh COMMAND [ARGUMENT...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(mktemp -d /tmp/dmarc-test.XXXXXX)
chmod 755 "$top"

finish() {
	status=$?
	trap - EXIT
	if [ -n "${KEEP-}" ]; then
		"$here/pg-private.sh" stop "$top/pg" || :
		[ -z "${DOVECOT-}" ] ||
			"$here/dovecot-private.sh" stop "$top/imap" || :
		printf 'kept: %s\n' "$top" >&2
	else
		"$here/pg-private.sh" remove "$top/pg" || :
		[ -z "${DOVECOT-}" ] ||
			"$here/dovecot-private.sh" remove "$top/imap" || :
		rm -rf "$top"
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

PG_PRIVATE_FAST=1 "$here/pg-private.sh" start "$top/pg"
eval "$("$here/pg-private.sh" env "$top/pg")"
if [ -n "${DOVECOT-}" ]; then
	"$here/dovecot-private.sh" start "$top/imap"
	eval "$("$here/dovecot-private.sh" env "$top/imap")"
fi
SCRATCH=$top/scratch
mkdir "$SCRATCH"
export SCRATCH
"$@"
