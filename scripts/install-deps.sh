#!/bin/sh
# Install the Debian packages that are missing, and say which.
# usage: install-deps.sh [--check] [--tests]
#   --check   only tells; exit 1 when any is missing
#   --tests   those of `make check`, too
set -eu

tell=
tests=
for option; do
	case $option in
	--check) tell=yes ;;
	--tests) tests=yes ;;
	*) echo "usage: install-deps.sh [--check] [--tests]" >&2 && exit 64 ;;
	esac
done

# What the programs are built from, and the server.  libetpan-dev brings
# libcurl4-gnutls-dev, which cannot be there together with
# libcurl4-openssl-dev: apt-get removes the latter.
packages="gcc make pkg-config libc6-dev
  libxml2-dev libarchive-dev libgmime-3.0-dev libpq-dev libpsl-dev
  libidn2-dev libxxhash-dev libsmartcols-dev libcsv-dev zlib1g-dev
  libetpan-dev libgnutls28-dev nettle-dev libsasl2-modules
  libseccomp-dev libjansson-dev
  libc-ares-dev libmaxminddb-dev libknot-dev
  postgresql postgresql-client"

# What the tests use besides.
[ -z "$tests" ] || packages="$packages libcunit1-dev
  shellcheck mandoc valgrind libc6-dbg perl binutils
  python3 python3-dnspython python3-spf python3-dkim python3-nacl openssl dovecot-core dovecot-imapd gnutls-bin procps nsd
  zip p7zip-full xz-utils zstd bzip2 libxml2-utils"

# The style is that of Debian 12's tools; others are not asked (tests/lint-c.sh).
release=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME-}") || :
[ -z "$tests" ] || [ "$release" != bookworm ] ||
	packages="$packages clang-format clang-tidy cppcheck"

missing=
for p in $packages; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null) || state=
	[ "$state" = installed ] || missing="$missing $p"
done
[ -n "$missing" ] || exit 0

printf 'missing packages:%s\n' "$missing"
[ -z "$tell" ] || exit 1

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
