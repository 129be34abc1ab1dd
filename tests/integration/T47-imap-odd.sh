#!/bin/sh
# Mail servers that mean well and speak oddly: an odd line, folders that are
# called otherwise, a refusal that holds for now.  See odd_imap.py for each.
imap=tests/integration/odd_imap.py
# shellcheck source=tests/integration/T45-imap-hostile.sh
. "$(dirname "$0")/T45-imap-hostile.sh"
