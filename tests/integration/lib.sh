# shellcheck shell=sh
# lib.sh: what the integration tests share.  TAP on standard output.
# Each test has a database of its own and a folder in $SCRATCH.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
B=${B:-$top/build/release}
name=$(basename "$0" .sh)
work=$SCRATCH/$name
mkdir -p "$work"
cd "$top" || exit 1
n=0
bad=0

fresh_database() {
	PGDATABASE=$1
	export PGDATABASE
	dropdb --if-exists "$PGDATABASE" 2>/dev/null
	createdb "$PGDATABASE"
}

report() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		bad=$((bad + 1))
	fi
}

# is GOT WANT NAME
is() {
	if [ "$1" = "$2" ]; then
		report 0 "$3"
	else
		report 1 "$3"
		printf '# got:  %s\n# want: %s\n' "$1" "$2" | sed '2,$s/^\([^#]\)/# \1/'
	fi
}

# like TEXT PATTERN NAME (an extended regular expression)
like() {
	if printf '%s\n' "$1" | grep -Eq -- "$2"; then
		report 0 "$3"
	else
		report 1 "$3"
		printf '# got:  %s\n# want: %s\n' "$1" "$2"
	fi
}

# run COMMAND...: sets $status, $out, $err
run() {
	status=0
	"$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
	out=$(cat "$work/out")
	err=$(cat "$work/err")
}

sql() {
	psql -XAtq -v ON_ERROR_STOP=1 -c "$1"
}

done_testing() {
	echo "1..$n"
	[ "$bad" = 0 ]
}
