#!/bin/sh
# Are the programs as hard to misuse as this compiler can make them?  Reads what
# was built, not what was asked for: position independent, all relocations
# read-only, no executable stack, guarded stacks, checked buffers, no jump but to
# a landing place.
# usage: tests/hardening.sh BUILD COMPILER
set -u

if [ $# -ne 2 ]; then
	printf 'usage: hardening.sh BUILD COMPILER\n' >&2
	exit 64
fi
build=$1
compiler=$2
LC_ALL=C
export LC_ALL
passed=0
failed=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# ok NAME COMMAND...
ok() {
	name=$1
	shift
	if "$@" >/dev/null 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n' "$name"
	fi
}
none() {
	! grep -Eq -- "$1" "$2"
}

# Whether the compiler has this option.
has() {
	echo 'int x;' | $compiler -Werror "$@" -x c -c -o "$tmp/x.o" - 2>/dev/null
}

# Each unit of ours says what it was compiled with, were it one line that was
# forgotten; what libraries bring is not ours.
# compiled_with OPTION FILE: by every unit of C
compiled_with() {
	grep 'DW_AT_producer.*GNU C' "$tmp/units" >"$tmp/c" &&
		! grep -vq -e " $1" "$tmp/c"
}

# All object files that a program consists of, those of the C library, too, need
# the mark, or the program has none.
start_files_have() {
	for f in Scrt1.o crti.o crtn.o; do
		readelf -nW "$($compiler -print-file-name=$f)" 2>/dev/null |
			grep -q "$1" || return 1
	done
}

check_program() {
	p=$1
	readelf -hW "$build/$p" >"$tmp/head"
	readelf -lW "$build/$p" >"$tmp/segments"
	readelf -dW "$build/$p" >"$tmp/dynamic"
	readelf -nW "$build/$p" >"$tmp/notes" 2>/dev/null
	readelf --dyn-syms -W "$build/$p" >"$tmp/symbols"
	readelf --debug-dump=info --dwarf-depth=1 -W "$build/$p" \
		>"$tmp/units" 2>/dev/null

	ok "$p: position independent" grep -q 'Type: *DYN' "$tmp/head"
	ok "$p: and a program, not a library" grep -q 'INTERP' "$tmp/segments"
	ok "$p: relocations become read-only" grep -q 'GNU_RELRO' "$tmp/segments"
	ok "$p: all of them, before it runs" grep -Eq 'BIND_NOW|FLAGS.*NOW' \
		"$tmp/dynamic"
	ok "$p: has no relocation in code" none 'TEXTREL' "$tmp/dynamic"
	ok "$p: the stack is not executable" grep -Eq 'GNU_STACK.* RW +0x' \
		"$tmp/segments"
	ok "$p: nothing is written and executed" none 'LOAD.* RWE ' \
		"$tmp/segments"
	ok "$p: looks for no library in odd places" none 'R(UN)?PATH' \
		"$tmp/dynamic"
	ok "$p: guarded stacks" grep -q '__stack_chk_fail' "$tmp/symbols"
	ok "$p: checked buffers" grep -Eq '__(mem|str|v?s?n?f?printf|read|recv)[a-z]*_chk' \
		"$tmp/symbols"

	for o in -fstack-protector-strong -fstack-clash-protection \
		-fcf-protection -mbranch-protection=standard; do
		! has $o || ok "$p: every unit with $o" compiled_with $o
	done
	for mark in 'x86 feature:.*IBT' 'x86 feature:.*SHSTK' \
		'AArch64 feature:.*BTI'; do
		! start_files_have "$mark" ||
			ok "$p: marked $mark" grep -q "$mark" "$tmp/notes"
	done
}

# What does not show in a program: the level of the checks.
level=2
! printf '\043include <stdlib.h>\n' |
	$compiler -Werror -O2 -D_FORTIFY_SOURCE=3 -x c -c -o "$tmp/x.o" - \
		2>/dev/null || level=3
ok "buffers are checked at level $level" \
	grep -q -- "-D_FORTIFY_SOURCE=$level " "$build/flags"

for program in dmarc-ingest dmarc-report dmarc-check; do
	check_program $program
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
