#!/bin/sh
# A private nameserver (nsd) for the tests, in a folder of its own, on a
# loopback port that was free.  It serves what lies in DIR/zones: a file
# NAME.zone is the zone NAME.
# usage: dns-private.sh start DIR     start it; again after zones have changed
#        dns-private.sh stop DIR
#        dns-private.sh remove DIR    stop it and delete everything
#        dns-private.sh env DIR       print export lines: eval "$(...)"
# env gives DNS_SERVER (address:port) and DNS_PORT.
set -eu

usage="usage: dns-private.sh start|stop|remove|env DIR"
die() {
	printf 'dns-private: %s\n' "$*" >&2
	exit 1
}

[ $# -eq 2 ] || die "$usage"
verb=$1
mkdir -p "$2/zones"
dir=$(cd "$2" && pwd)
run=$dir/run
conf=$run/nsd.conf

server=$(PATH=$PATH:/usr/sbin command -v nsd) ||
	die "no nsd here (apt-get install nsd)"

# One number of 10,000 to 29,999: below those the system gives to clients.
number() {
	echo $((10000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
}

settings() {
	cat <<END
server:
  ip-address: 127.0.0.1@$port
  server-count: 1
  username: ""
  chroot: ""
  database: ""
  zonesdir: "$dir/zones"
  pidfile: "$run/nsd.pid"
  logfile: "$run/nsd.log"
  xfrdfile: "$run/xfrd.state"
  zonelistfile: "$run/zone.list"
  xfrdir: "$run"
  # Thousands of questions of one client are what it is for.
  rrl-ratelimit: 0
  rrl-whitelist-ratelimit: 0
remote-control:
  control-enable: no
END
	for zone in "$dir"/zones/*.zone; do
		[ -f "$zone" ] || continue
		printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' \
			"$(basename "$zone" .zone)" "$zone"
	done
}

# Whether the server of this folder runs; another may have its number now.
running() {
	pid=$(cat "$run/nsd.pid" 2>/dev/null) && [ -n "$pid" ] &&
		tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -Fq -- "$conf"
}

stop() {
	running || return 0
	kill -TERM "$pid" 2>/dev/null || :
	i=0
	while running; do
		i=$((i + 1))
		[ $i -le 200 ] || die "process $pid does not end"
		sleep 0.05
	done
}

# It is there when it has bound its port and read its zones.
answers() {
	python3 - "$port" <<'END'
import socket, sys, time
# An A question for "."; any answer will do.
question = bytes.fromhex("123401000001000000000000") + b"\0\0\1\0\1"
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.2)
for _ in range(50):
    try:
        s.sendto(question, ("127.0.0.1", int(sys.argv[1])))
        if s.recv(512)[:2] == question[:2]:
            sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit(1)
END
}

start() {
	stop
	mkdir -p "$run"
	tries=0
	while :; do
		port=$(number)
		settings >"$conf"
		: >"$run/nsd.log"
		# The server must not hold the caller's output.
		if "$server" -c "$conf" >"$run/start.log" 2>&1 </dev/null &&
			answers && running; then
			echo "port=$port" >"$run/port"
			return
		fi
		tries=$((tries + 1))
		if [ $tries -gt 10 ] ||
			! grep -q 'in use' "$run/start.log" "$run/nsd.log"; then
			die "the server does not start:" \
				"$(cat "$run/start.log" "$run/nsd.log")"
		fi
	done
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
	rm -rf "$dir"
	;;
env)
	[ -f "$run/port" ] || die "nothing was started in $dir"
	# shellcheck disable=SC1091
	. "$run/port"
	printf 'export DNS_SERVER=127.0.0.1:%s DNS_PORT=%s\n' "$port" "$port"
	;;
*)
	die "$usage"
	;;
esac
