#!/bin/sh
# The form of the C source, and what can be told without running it.  Each
# release of these tools has a taste of its own, so the ones of Debian 12 decide,
# and where others are one line says which did not run.
# usage: tests/lint-c.sh COMPILER-FLAG...    (run at the top of the tree)
set -u
status=0
missing=

# pinned TOOL VERSION: whether that one is here
pinned() {
	version=$("$1" --version 2>/dev/null | grep -o '[0-9][0-9.]*' | head -n 1)
	case $version in
	"$2" | "$2".*) return 0 ;;
	esac
	missing="$missing${missing:+, }$1 $2 (${version:-none} is here)"
	return 1
}

if pinned clang-format 14; then
	clang-format --dry-run -Werror common/*.[ch] common/*/*.[ch] \
		ingest/*.[ch] ingest/*/*.[ch] report/*.[ch] check/*.[ch] tests/*.[ch] tests/misbehave/*.[ch] \
		tests/unit/*.[ch] tests/fuzz/*.[ch] \
		tests/bench/*.[ch] || status=1
fi
if pinned cppcheck 2.10; then
	cppcheck --quiet --error-exitcode=1 --inline-suppr -j2 \
		--library=gnu,posix,bsd --std=c11 \
		--enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppress=unknownMacro \
		--suppress=readdirCalled -D_GNU_SOURCE -I. \
		common ingest report check || status=1
fi
if pinned clang-tidy 14; then
	printf '%s\n' common/*.c common/*/*.c ingest/*.c ingest/*/*.c report/*.c check/*.c |
		xargs -P2 -I'{}' clang-tidy --quiet '{}' -- -std=c11 "$@" \
			2>/dev/null || status=1
fi
[ -z "$missing" ] || printf 'style is not checked here, that takes %s\n' "$missing"
exit $status
