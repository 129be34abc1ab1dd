#!/bin/sh
# A warning of the compiler keeps nobody from building, and stops make check,
# though what is built already is not built anew there.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

tree=$work/tree
mkdir "$tree"
cp -R Makefile scripts sql common ingest report "$tree"

# build ARGUMENT...: one object, as a make of its own
build() {
	run env -u MAKEFLAGS -u MFLAGS -u MAKEOVERRIDES -u WERROR LC_ALL=C make -C "$tree" B=b b/common/clock.o "$@"
}

build
is "$status:$err" 0: "without a warning"
build WERROR=-Werror
is "$status:$(printf '%s\n' "$out" | grep -c ' CC ')" 0:0 \
	"make check builds the same object no second time"

printf 'void unseen(void);\nvoid unseen(void) { int unused; }\n' \
	>>"$tree/common/clock.c"
build
is "$status" 0 "with a warning it is built"
like "$err" 'warning: unused variable' "and told"
build
is "$status" 0 "the next make"
like "$err" 'warning: unused variable' "tells it again"
build WERROR=-Werror
is "$status" 2 "make check stops"
like "$err" 'error: unused variable' "at it"

cp common/clock.c "$tree/common/clock.c"
build WERROR=-Werror
is "$status:$err" 0: "mended"
build
is "$status:$(printf '%s\n' "$out" | grep -c ' CC ')" 0:0 "and built once"

done_testing
