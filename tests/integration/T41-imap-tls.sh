#!/bin/sh
# Nothing is said to a server that is not the right one; every way to log in.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/integration/imap.sh
. "$(dirname "$0")/imap.sh"

fresh u5 t41
want=$(python3 $make mail "$work/mail" 3)

# What the server logs is in its file a little later, but in order.  So somebody
# else logs in, and when that is there, all that was before is.
logged() {
	[ "$(grep -c 'passdb out: OK.*user=u9' "$IMAP_LOG")" -gt "$others" ]
}
settle() {
	others=$(grep -c 'passdb out: OK.*user=u9' "$IMAP_LOG")
	imapbox count u9 INBOX >/dev/null
	until_true logged
}

# credentials: how many the server has been given so far, but for those
credentials() {
	settle
	echo $(($(grep -c 'auth: Debug: .*client in: AUTH' "$IMAP_LOG") - others - 1))
}

# ---- the certificate ---------------------------------------------------------------

# refused ADDRESS PATTERN: by both ports, before a credential is sent.
refused() {
	for tls in implicit starttls; do
		port=$IMAPS_PORT
		[ $tls = implicit ] || port=$IMAP_PORT
		config u5 "host = $1" "tls = $tls" "port = $port"
		before=$(credentials)
		run "$I" -c "$conf"
		is "$status:$(printf '%s\n' "$err" | wc -l)" 78:1 "$2, $tls: refused"
		like "$err" "^dmarc-ingest: box: the certificate of $1 is refused: .*$2" \
			"and why"
		is "$(credentials)" "$before" "before anything is said"
	done
}
refused 127.0.0.2 'expired'
refused 127.0.0.3 'name in the certificate does not match'
refused 127.0.0.4 'issuer is unknown'
refused 127.0.0.5 'issuer is unknown'

# The right certificate, but the authority is not known to the system.
config u5
grep -v ca_file "$conf" >"$conf.system"
chmod 600 "$conf.system"
before=$(credentials)
run "$I" -c "$conf.system"
is "$status:$(credentials)" "78:$before" "without ca_file the system's authorities hold"
like "$err" 'issuer is unknown|no certificates of authorities' "which know it not"
config u5 "ca_file = $work/nothing"
run "$I" -c "$conf"
is "$status" 78 "a ca_file that is not there"
like "$err" "ca_file $work/nothing" "is named"
echo nothing >"$work/empty.pem"
config u5 "ca_file = $work/empty.pem"
run "$I" -c "$conf"
is "$status" 78 "a ca_file without a certificate"
like "$err" "ca_file $work/empty.pem" "is named"

# The last way that somebody logged in by, before settle().
method() {
	settle
	sed -n 's/.*auth: Debug: .*client in: AUTH\t[0-9]*\t\([^\t]*\).*/\1/p' \
		"$IMAP_LOG" | tail -n 2 | head -n 1
}
# works WHAT LINE...: a mailbox with these settings is read.
works() {
	what=$1
	shift
	imapbox wipe u5
	imapbox fill u5 INBOX "$work/mail"
	sql 'TRUNCATE dmarc.report, dmarc.record'
	config u5 "$@"
	run "$I" -c "$conf"
	seen=$(method)
	is "$status:$err:$(made):$(folders u5)" "0::$want:3 Processed" "$what"
}
works "implicit TLS"
works "implicit TLS to an address" 'host = 127.0.0.1'
works "STARTTLS" 'tls = starttls' "port = $IMAP_PORT"
works "STARTTLS where a password in the clear is refused" \
	'host = 127.0.0.9' 'tls = starttls' "port = $IMAP_PORT"
is "$(grep -c 'Debug: .*client in: AUTH.*SCRAM-SHA-256' "$IMAP_LOG")" 4 \
	"by SCRAM-SHA-256, which the server offers"

# ---- no TLS ---------------------------------------------------------------------------

works "plain text to this machine, when asked for" \
	'host = 127.0.0.6' 'tls = none' "port = $IMAP_PORT"
config u5 'host = imap.example.jp' 'tls = none'
run "$I" -c "$conf"
is "$status" 78 "plain text to another machine"
like "$err" 'tls' "is a mistake in dmarc.conf"
before=$(credentials)
config u5 'host = 127.0.0.6' 'tls = starttls' "port = $IMAP_PORT"
run "$I" -c "$conf"
is "$status:$(credentials)" "78:$before" "a server without STARTTLS gets no password"

# ---- the ways to log in --------------------------------------------------------------------

for auth in login plain scram-sha-256; do
	works "auth = $auth" "auth = $auth"
	is "$seen" "$(echo $auth | tr '[:lower:]' '[:upper:]' | sed 's/^LOGIN$/PLAIN/')" \
		"is what the server sees"
done
works "password_command" "password_command = echo secret"
works "password_command with more lines" "password_command = printf 'secret\\nmore\\n'"

# bad PATTERN WHAT LINE...
bad() {
	pattern=$1 what=$2
	shift 2
	imapbox wipe u5
	imapbox fill u5 INBOX "$work/mail"
	config u5 "$@"
	run "$I" -c "$conf"
	is "$status:$(printf '%s\n' "$err" | wc -l):$(folders u5)" "78:1:3 INBOX" "$what"
	like "$err" "^dmarc-ingest: box: $pattern" "and why"
}
for auth in login plain scram-sha-256 auto; do
	bad 'login: .*[Aa]uthentication' "a wrong password, auth = $auth" \
		'password = wrong' "auth = $auth"
done
bad 'password_command' "a password_command that fails" 'password_command = false'
bad 'password_command' "one that prints nothing" 'password_command = true'
if grep -rq "wrong\|secret" "$work/err"; then r=1; else r=0; fi
is "$r" 0 "no password in what is printed"

# ---- tokens -------------------------------------------------------------------------------

export IMAP_JWT_KEY
token="python3 $top/tests/integration/jwt.py u5"
works "a token" "token_command = $token 300"
is "$seen" XOAUTH2 "is sent by XOAUTH2"
bad 'login: ' "an expired token" "token_command = $token -300"

# The command is asked once more when its token is refused.
cat >"$work/token.sh" <<EOF
echo "\${DMARC_TOKEN_REFUSED-no} \$DMARC_USER \$DMARC_HOST" >>"$work/asked"
if [ -n "\${DMARC_TOKEN_REFUSED-}" ]; then $token 300; else $token -300; fi
EOF
: >"$work/asked"
works "a token that has expired is asked for again" \
	"token_command = sh $work/token.sh"
is "$(cat "$work/asked")" "no u5 localhost
1 u5 localhost" "once, and the command knows"
: >"$work/asked"
sed -i 's/ 300; else/ -300; else/' "$work/token.sh"
bad 'login: ' "refused twice" "token_command = sh $work/token.sh"
is "$(wc -l <"$work/asked")" 2 "is not asked for a third time"
bad 'login: ' "somebody else's token" \
	"token_command = python3 $top/tests/integration/jwt.py u1 300"

# ---- the file ------------------------------------------------------------------------------

config u5
chmod 644 "$conf"
run "$I" -c "$conf"
is "$status" 78 "a password that others may read"
like "$err" "$conf.*chmod 600" "is refused"
chmod 640 "$conf"
run "$I" -c "$conf"
is "$status" 78 "or the group"
config u5 'password_command = echo secret'
chmod 644 "$conf"
run "$I" -c "$conf"
is "$status" 0 "a command may be read"
run "$I" -c "$work/none.conf"
is "$status" 78 "no such file"
like "$err" "$work/none.conf: No such file" "is named"
config u5 'folders = INBOX'
run "$I" -c "$conf"
is "$status" 78 "a setting that is unknown"
like "$err" 'folders' "is named"

done_testing
