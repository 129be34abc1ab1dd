#!/bin/sh
# A private PostgreSQL in a folder of its own: unix socket only, no TCP.
# usage: pg-private.sh start DIR    make it when missing, start it
#        pg-private.sh stop DIR     stop it, keep the data
#        pg-private.sh remove DIR   stop it and delete the data
#        pg-private.sh env DIR      print export lines for a shell: eval "$(...)"
# PG_PRIVATE_FAST=1 at start: no fsync, for tests whose data nobody keeps.
# PGBIN: the folder of the server's programs; without it the newest of Debian's.
set -eu

die() {
	printf 'pg-private: %s\n' "$*" >&2
	exit 1
}

[ $# -eq 2 ] || die "usage: pg-private.sh start|stop|remove|env DIR"
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)

bin=${PGBIN-}
if [ -z "$bin" ]; then
	bin=$(find /usr/lib/postgresql/*/bin -name initdb 2>/dev/null | sort -V | tail -n 1)
	[ -n "$bin" ] || die "no PostgreSQL server here (apt-get install postgresql)"
	bin=$(dirname "$bin")
fi

# The server refuses to run as root; it runs as postgres then.
as() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u postgres -- "$@")
	else
		"$@"
	fi
}

# Where postgres may not go (a clone below /root), the data lies in /var/tmp;
# where the path is too long for a socket (107 bytes), the socket lies in /tmp.
# Both places are remembered in the folder.
place() {
	if [ ! -f "$dir/place" ]; then
		data=$dir/data sock=$dir/sock
		if [ "$(id -u)" = 0 ]; then
			chown postgres "$dir"
			as test -w "$dir" || data=$(as mktemp -d /var/tmp/dmarc-pg.XXXXXX)/data
		fi
		if [ "$data" != "$dir/data" ] || [ ${#sock} -gt 85 ]; then
			sock=$(as mktemp -d /tmp/dmarc-pg.XXXXXX)
		fi
		printf 'data=%s\nsock=%s\n' "'$data'" "'$sock'" >"$dir/place"
	fi
	# shellcheck disable=SC1091
	. "$dir/place"
}

running() {
	as "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1
}

start() {
	place
	if [ ! -f "$data/PG_VERSION" ]; then
		as "$bin/initdb" -D "$data" -U dmarc --auth=trust -E UTF8 \
			--locale=C.UTF-8 >/dev/null
	fi
	running && return
	as mkdir -p "$sock"
	as chmod 700 "$sock"
	opts="-c listen_addresses= -c unix_socket_directories='$sock'"
	[ -z "${PG_PRIVATE_FAST-}" ] || opts="$opts -c fsync=off"
	# The server must not hold the caller's output, or a pipe never ends.
	as "$bin/pg_ctl" -D "$data" -o "$opts" -l "$data/server.log" -w \
		start >/dev/null 2>&1 </dev/null ||
		die "the server does not start; see $data/server.log"
	psql -XAtq -h "$sock" -U dmarc -d postgres -c \
		"SELECT 1 FROM pg_database WHERE datname = 'dmarc'" | grep -q 1 ||
		psql -Xq -h "$sock" -U dmarc -d postgres -c 'CREATE DATABASE dmarc'
}

stop() {
	[ -f "$dir/place" ] || return 0
	place
	running || return 0
	as "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null
}

case $verb in
start)
	start
	;;
stop)
	stop
	;;
remove)
	stop
	if [ -f "$dir/place" ]; then
		place
		rm -rf "$data" "$sock"
		[ "$data" = "$dir/data" ] || rmdir "$(dirname "$data")"
	fi
	rm -rf "$dir"
	;;
env)
	[ -f "$dir/place" ] || die "nothing was started in $dir"
	place
	printf "export PGHOST='%s' PGUSER=dmarc PGDATABASE=dmarc\n" "$sock"
	;;
*)
	die "usage: pg-private.sh start|stop|remove|env DIR"
	;;
esac
