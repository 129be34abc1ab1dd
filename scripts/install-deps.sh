#!/bin/sh
# Install the Debian packages that are missing, and say which.
# usage: install-deps.sh [--check]      --check only tells; exit 1 if any is
set -eu

# What the programs are built from, the server, and what the tests use.
packages="gcc make pkg-config libc6-dev
  libxml2-dev libarchive-dev libgmime-3.0-dev libpq-dev libpsl-dev
  libidn2-dev libxxhash-dev libsmartcols-dev libcsv-dev zlib1g-dev
  libcunit1-dev postgresql postgresql-client
  clang-format clang-tidy cppcheck shellcheck mandoc valgrind perl python3
  zip p7zip-full xz-utils zstd bzip2 libxml2-utils"

missing=
for p in $packages; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

printf 'missing packages:%s\n' "$missing"
[ "${1-}" != --check ] || exit 1

sudo=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		printf 'install them as root, then run make again\n' >&2
		exit 1
	fi
	sudo=sudo
fi
printf 'installing them with apt-get\n'
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$sudo env DEBIAN_FRONTEND=noninteractive \
	apt-get install -y -qq --no-install-recommends $missing >/dev/null
