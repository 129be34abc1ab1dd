# shellcheck shell=sh
# imap.sh: what the tests of the IMAP fetcher share; read it after lib.sh.
# Each test has a Dovecot of its own.
# shellcheck disable=SC2154 # work, B: lib.sh
I=$B/dmarc-ingest
make=tests/integration/make.py
conf=$work/dmarc.conf

dovecot() {
	scripts/dovecot-private.sh "$1" "$work/imap" || exit 1
	case $1 in
	start | restart) eval "$(scripts/dovecot-private.sh env "$work/imap")" ;;
	esac
}
dovecot start
trap 'dovecot remove' EXIT
trap 'exit 1' INT TERM

imapbox() {
	python3 tests/integration/imapbox.py "$@"
}

# config USER [LINE...]: a dmarc.conf with one mailbox, called box.
config() {
	{
		printf '[mailbox box]\nhost = localhost\nport = %s\n' "$IMAPS_PORT"
		printf 'ca_file = %s\nuser = %s\n' "$IMAP_CA" "$1"
		shift
		case "$*" in
		*_command*) ;;
		*) echo 'password = secret' ;;
		esac
		for l; do printf '%s\n' "$l"; done
	} >"$conf.new"
	# The last of a setting holds.
	awk -F' *= *' '/^\[/ { print; next }
		{ if (!($1 in v)) order[++n] = $1; v[$1] = $0 }
		END { for (i = 1; i <= n; i++) print v[order[i]] }' \
		"$conf.new" >"$conf"
	chmod 600 "$conf"
}

# The folders of a user that hold mail, on one line: "3 INBOX, 2 Processed".
# shellcheck disable=SC2317 # for the tests
folders() {
	imapbox list "$1" | grep -v '^0 ' | LC_ALL=C sort -k2 | paste -sd, |
		sed 's/,/, /g'
}

# fresh USER DATABASE: an empty mailbox and an empty schema
fresh() {
	imapbox wipe "$1"
	fresh_database "$2"
	"$I" -q --init
}

# clone USER DATABASE TEMPLATE: a copy of that database, and a mailbox with the
# mails of $work/mail
clone() {
	PGDATABASE=$2
	export PGDATABASE
	dropdb --if-exists "$2" 2>/dev/null
	createdb -T "$3" "$2"
	imapbox wipe "$1"
	imapbox fill "$1" INBOX "$work/mail"
}

# made, known: what the tables say of made reports and mails.
made() {
	sql "SELECT count(*) || ' ' || coalesce(sum(record_count), 0) || ' ' ||
	            coalesce(sum(message_count), 0) || ' ' ||
	            coalesce(sum(pass_count), 0)
	       FROM dmarc.report WHERE report_id LIKE 'made-%'"
}
known() {
	sql "SELECT coalesce(string_agg(uid || ' ' || verdict || ' ' ||
	            coalesce(done, '-'), ', ' ORDER BY uid), '')
	       FROM dmarc.mailbox_mail"
}

# The session of a program that was killed goes a little later than the program,
# and with it what it has locked.
alone() {
	until_sql "SELECT count(*) FROM pg_stat_activity
	            WHERE application_name = 'dmarc-ingest'
	              AND datname = current_database()" 0
}
