#!/bin/sh
# Prove that a release of Debian which has nothing of ours yet can do it: a fresh
# one is set up in build/release-NAME, and `make demo` and `make check` run in
# it, as root.  Whatever an install step forgets is missing there.
# usage: check-release.sh RELEASE [CORPUS]     (trixie, bookworm; as root)
# Takes what git knows of the tree, as it lies here, and where its packages come
# from of this machine's apt.  Nothing is left behind but the downloaded
# packages, in build/cache.
set -eu

die() {
	printf 'check-release: %s\n' "$*" >&2
	exit 1
}

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ -z "$1" ]; then
	printf 'usage: make check-release R=trixie\n' >&2
	exit 64
fi
release=$1
corpus=${2-}
top=$(cd "$(dirname "$0")/.." && pwd)
root=$top/build/release-$release
cache=$top/build/cache/$release
cd "$top"

[ "$(id -u)" = 0 ] || die "only root can do that: sudo make check-release R=$release"
if ! command -v debootstrap >/dev/null; then
	printf 'missing package: debootstrap; installing it with apt-get\n'
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
		--no-install-recommends debootstrap >/dev/null
fi
[ -e "/usr/share/debootstrap/scripts/$release" ] ||
	die "debootstrap knows no release $release"

# ---- where packages come from ----------------------------------------------

# Where this machine has Debian and its security updates from, and the keyring
# they are verified with.
# source_of LABEL
source_of() {
	# shellcheck disable=SC2016 # apt-get's own variables
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(LABEL)' \
		'Created-By: Packages' 2>/dev/null |
		awk -v label="$1" '$2 == "Debian" && $3 == label { print $1; exit }'
}
mirror=$(source_of Debian)
security=$(source_of Debian-Security)
[ -n "$mirror" ] || die "apt knows no source of Debian here: run apt-get update"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -f $keyring ] || die "there is no $keyring (debian-archive-keyring)"

# Proxies, certificates and the like, as apt has them.
apt_settings() {
	apt-config dump --format '%F "%v";%n' Acquire |
		grep -Ei '^Acquire::(([a-z]+::)?(proxy|proxy-auto-detect|https|http|check-valid-until|check-date|retries)|https?::[a-z:.-]+) ' |
		grep -v ' "";$' || :
}
proxy_of() {
	apt-config dump --format '%v%n' "Acquire::$1::Proxy" | head -n 1
}
http_proxy=$(proxy_of http)
https_proxy=$(proxy_of https)
export http_proxy https_proxy="${https_proxy:-$http_proxy}"
# A release has no certificates by itself.
case "$mirror $security" in
*https:*) include=--include=ca-certificates ;;
*) include= ;;
esac

# ---- setting up, and taking away ---------------------------------------------

# What is mounted below the folder, the last first.
mounted() {
	awk -v root="$root/" 'index($5 "/", root) == 1 { print $5 }' \
		/proc/self/mountinfo | sort -r
}
# Processes that live in it: those of servers that a test has left.
inside() {
	find /proc/[0-9]*/root -maxdepth 0 -lname "$root" 2>/dev/null |
		cut -d/ -f3
}
take_away() {
	for signal in TERM KILL; do
		left=$(inside)
		[ -n "$left" ] || break
		# shellcheck disable=SC2086 # a list of numbers
		kill -s $signal $left 2>/dev/null || :
		late=$(($(date +%s) + 10))
		while [ -n "$(inside)" ] && [ "$(date +%s)" -lt $late ]; do
			sleep 0.2
		done
	done
	mounted | while read -r place; do
		umount "$place" || umount -l "$place"
	done
	# What is still mounted would be deleted with it.
	[ -z "$(mounted)" ] || die "cannot unmount what is in $root"
	rm -rf "$root"
}
finish() {
	status=$?
	trap - EXIT
	take_away
	exit $status
}

in_root() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME=/root \
		DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

set_up() {
	mkdir -p "$cache" "$root"
	# shellcheck disable=SC2086 # one option or none
	debootstrap --variant=minbase $include --keyring=$keyring \
		--cache-dir="$cache" "$release" "$root" "$mirror" \
		>"$top/build/release-$release.log" 2>&1 ||
		die "debootstrap failed; see build/release-$release.log"
	rm -f "$top/build/release-$release.log"
	mount -t proc proc "$root/proc"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts \
		"$root/dev/pts"
	mkdir -p "$root/dev/shm"
	mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
	# A terminal that is made belongs to this devpts.
	ln -sf pts/ptmx "$root/dev/ptmx"

	{
		echo "deb $mirror $release main"
		echo "deb $mirror $release-updates main"
		[ -z "$security" ] || echo "deb $security $release-security main"
	} >"$root/etc/apt/sources.list"
	apt_settings >"$root/etc/apt/apt.conf.d/50machine"
	cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
	# Certificates of a proxy that the machine trusts.
	if [ -d /usr/local/share/ca-certificates ]; then
		mkdir -p "$root/usr/local/share/ca-certificates"
		cp -R /usr/local/share/ca-certificates/. \
			"$root/usr/local/share/ca-certificates"
		[ -z "$include" ] || in_root update-ca-certificates >/dev/null
	fi
	mount --bind "$cache" "$root/var/cache/apt/archives"
	printf 'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n' \
		>>"$root/etc/apt/apt.conf.d/50machine"
}

copy_tree() {
	mkdir -p "$root/src/tree"
	git ls-files -z | tar --null -T - -c | tar -C "$root/src/tree" -x
	if [ -n "$corpus" ] && [ -d "$corpus" ]; then
		mkdir -p "$root/src/shared"
		cp -R "$corpus" "$root/src/shared/corpus"
	fi
}

# step NAME COMMAND: run it there and say how long it took
step() {
	began=$(date +%s)
	printf '== %s: %s\n' "$release" "$1"
	# In the background, so that a signal ends it and not only us.
	in_root sh -c "cd /src/tree && $2" </dev/null &
	wait $! || die "$1 failed on $release"
	took=$(($(date +%s) - began))
	printf '== %s: %s took %d min %d s\n' "$release" "$1" \
		$((took / 60)) $((took % 60))
	summary="$summary, $1 $((took / 60)) min $((took % 60)) s"
}

[ ! -e "$root" ] || take_away
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE
summary=
set_up
copy_tree
in_root apt-get update -qq
# What the README says comes first on a bare machine.
in_root apt-get install -y -qq --no-install-recommends git make >/dev/null
# The tree is a clone there, too: some tests ask git.
in_root sh -c 'cd /src/tree && git init -q && git add -A'
step 'make demo' 'make demo'
in_root sh -c 'cd /src/tree && make demo-stop'
step 'make check' 'make check CORPUS=../shared/corpus'
printf 'check-release: %s passes%s\n' "$release" "$summary"
