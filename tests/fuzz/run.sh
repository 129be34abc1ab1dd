#!/bin/sh
# Run fuzz targets, each for so many seconds.
#
# usage: run.sh BUILDDIR SECONDS TARGET...     (from the top of the tree)
#
# Seeds are the fixtures, or what is in seeds-TARGET, and earlier findings; what
# is learnt stays in BUILDDIR/corpus-TARGET.  A finding goes to tests/fuzz/crash-TARGET/, where
# make check-replay runs it ever after, and ends this with 1.
set -eu

build=$1
seconds=$2
shift 2

# What clang only reports must end the run, too.
export UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1"
export ASAN_OPTIONS="detect_stack_use_after_return=1:allocator_may_return_null=1"
export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.supp:print_suppressions=0"

for target; do
	case $target in
	mail) seeds="tests/mail fixtures/mail" dict=mime ;;
	mime | mbox) seeds="fixtures/mail fixtures/maildir" dict=mime ;;
	auth_results) seeds=fixtures/demo dict=auth_results ;;
	unpack) seeds=fixtures/attach dict=unpack ;;
	xml) seeds=fixtures/xml dict=xml ;;
	tls) seeds=tests/fuzz/seeds-tls dict=tls ;;
	imap_lines) seeds=tests/fuzz/seeds-imap_lines dict=imap_lines ;;
	reply) seeds=tests/fuzz/seeds-reply dict=reply ;;
	spf) seeds=tests/fuzz/seeds-spf dict=spf ;;
	records) seeds=tests/fuzz/seeds-records dict=records ;;
	zone) seeds=tests/fuzz/seeds-zone dict=records ;;
	config) seeds=tests/fuzz/seeds-config dict=config ;;
	*) seeds=fixtures dict=xml ;;
	esac
	crash=tests/fuzz/crash-$target
	corpus=$build/corpus-$target
	mkdir -p "$crash" "$corpus"
	echo "== fuzz $target, $seconds s"
	code=0
	# seeds is a list of folders.  Memory that is used is bounded; to ask for
	# much more, as libarchive does for a 7z that says it has a billion members,
	# is the end of a decoder (oom.c) and no finding.
	# shellcheck disable=SC2086
	"$build/fuzz-$target" -max_total_time="$seconds" -rss_limit_mb=2048 \
	    -malloc_limit_mb=65536 \
	    -timeout=30 -max_len=65536 -dict="tests/fuzz/$dict.dict" \
	    -artifact_prefix="$crash/" -print_final_stats=1 \
	    "$corpus" $seeds "$crash" >"$build/fuzz-$target.log" 2>&1 || code=$?
	grep -E '^stat::(number_of_executed|average_exec|new_units|peak_rss)' \
	    "$build/fuzz-$target.log" || :
	# Nothing found leaves nothing.
	rmdir "$crash" 2>/dev/null || :
	if [ "$code" != 0 ]; then
		tail -n 40 "$build/fuzz-$target.log"
		echo "fuzz-$target: a finding, see $crash and $build/fuzz-$target.log"
		exit 1
	fi
done
