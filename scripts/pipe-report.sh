#!/bin/sh
# For a mail server's pipe: one message on standard input into the database.
# usage: pipe-report.sh [OPTION...]    options of dmarc-ingest, such as --db
#
# Exit 0: the message is dealt with; what could not be read (65) lies in
# dmarc.set_aside and must not bounce.  Exit 75: anything else, the mail server
# keeps the message and tries again.  That includes what a person has to mend
# (78, a crash, no such program): the sender of a report cannot.
set -u

# A mail server's PATH is short.
PATH=${PATH:-/usr/bin:/bin}:/usr/local/bin
export PATH

status=0
dmarc-ingest -q --one-mail "$@" - || status=$?

# Take what is left, or some mail servers take it for a broken pipe.
cat >/dev/null

case $status in
0 | 65) exit 0 ;;
*) exit 75 ;;
esac
