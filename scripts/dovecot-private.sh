#!/bin/sh
# A private Dovecot, 2.3 or 2.4, for the tests, in a folder of its own, with its own
# certificates, on loopback addresses and ports that were free.
# usage: dovecot-private.sh start DIR    make it when missing, start it
#        dovecot-private.sh stop DIR     stop it, keep mail and certificates
#        dovecot-private.sh restart DIR
#        dovecot-private.sh kill DIR     end all of it with SIGKILL
#        dovecot-private.sh remove DIR   end it and delete everything
#        dovecot-private.sh env DIR      print export lines: eval "$(...)"
# env gives IMAP_HOST, IMAPS_PORT (TLS from the start), IMAP_PORT (STARTTLS),
# IMAP_CA, IMAP_LOG, IMAP_MAIL, IMAP_RAW, IMAP_JWT_KEY and IMAP_DIR.
#
# The address decides what the server presents, on both ports:
#   localhost, 127.0.0.1  a good certificate (imap.test.example is in it, too)
#   127.0.0.2  expired                127.0.0.3  for another name
#   127.0.0.4  from another authority 127.0.0.5  self-signed
#   127.0.0.6  no TLS at all on IMAP_PORT; takes passwords in the clear
#   127.0.0.7  good; does not name MOVE
#   127.0.0.8  good; names neither MOVE nor UIDPLUS
#   127.0.0.9  good; as localhost
# Before STARTTLS all addresses but localhost and 127.0.0.6 refuse to log in;
# from localhost to localhost Dovecot takes any connection for safe, and logs
# "secured" where it logs "TLS" for one with TLS.
# Users u1 to u9, password "secret", mail in sdbox, except:
#   u2  in Maildir (its folder names are separated by a dot)
#   u4  in Maildir, with all folders below the prefix INBOX.
#   u7  may only read INBOX and the folder Locked, and may not delete in the
#       folder Kept; w7 has the same mail and all rights
#   u9  in mdbox, where moving costs least
#   u8  has a folder Full/box that is over its quota for any mail
# A wrong password is answered after half a second.
# What a user's sessions say is written to $IMAP_RAW/USER when somebody makes
# that folder: mkdir -m 777 "$IMAP_RAW/u1".
set -eu

usage="usage: dovecot-private.sh start|stop|restart|kill|remove|env DIR"
die() {
	printf 'dovecot-private: %s\n' "$*" >&2
	exit 1
}

[ $# -eq 2 ] || die "$usage"
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
tls='' plain=''

server=$(PATH=$PATH:/usr/sbin command -v dovecot) ||
	die "no Dovecot here (apt-get install dovecot-imapd)"
# Its configuration changed much with 2.4.
version=$("$server" --version)
case $version in
2.[0-3].*) requests=service_count unlimited=0 ;;
*) requests=restart_request_count unlimited=unlimited ;;
esac

# As root everything runs as the user dovecot, otherwise as the caller.
if [ "$(id -u)" = 0 ]; then
	user=dovecot
else
	user=$(id -un)
fi
group=$(id -gn "$user")

as() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && runuser -u "$user" -- "$@")
	else
		(cd / && "$@")
	fi
}

# Where the user may not go, where the path is too long for a socket (107
# bytes) or would need quoting in the configuration, all lies in /tmp.  The
# place is remembered in the folder.
place() {
	if [ ! -f "$dir/place" ]; then
		data=$dir/data
		case $data in
		*[!A-Za-z0-9/._-]*) data= ;;
		esac
		[ ${#data} -le 60 ] || data=
		if [ -n "$data" ]; then
			mkdir -p "$data"
			chown "$user:$group" "$data"
			as test -w "$data" || data=
		fi
		if [ -z "$data" ]; then
			data=$(as mktemp -d /tmp/dmarc-imap.XXXXXX)
			chmod 755 "$data"
		fi
		printf "data='%s'\n" "$data" >"$dir/place"
	fi
	# shellcheck disable=SC1091
	. "$dir/place"
	conf=$data/dovecot.conf
}

# certificate NAME SIGNER LINE...: one for the server, in $data/tls
certificate() {
	name=$1 signer=$2
	shift 2
	printf '%s\n' 'cn = "imap.test.example"' tls_www_server signing_key "$@" \
		>"$name.cfg"
	case $signer in
	self)
		certtool --generate-self-signed --load-privkey server.key \
			--template "$name.cfg" --outfile "$name.pem"
		;;
	*)
		certtool --generate-certificate --load-privkey server.key \
			--load-ca-certificate "$signer.pem" \
			--load-ca-privkey "$signer.key" \
			--template "$name.cfg" --outfile "$name.pem"
		;;
	esac
}

authority() {
	certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 \
		--outfile "$1.key"
	printf '%s\n' "cn = \"Test authority $1\"" ca cert_signing_key \
		'activation_date = "2019-01-01"' 'expiration_date = "2049-01-01"' \
		>"$1.cfg"
	certtool --generate-self-signed --load-privkey "$1.key" \
		--template "$1.cfg" --outfile "$1.pem"
}

certificates() {
	from='activation_date = "2020-01-01"' until='expiration_date = "2049-01-01"'
	authority ca
	authority other
	certtool --generate-privkey --key-type=ecdsa --curve=secp256r1 \
		--outfile server.key
	certificate good ca "$from" "$until" \
		'dns_name = "localhost"' 'dns_name = "imap.test.example"' \
		'ip_address = "127.0.0.1"' 'ip_address = "::1"' \
		'ip_address = "127.0.0.6"' 'ip_address = "127.0.0.7"' \
		'ip_address = "127.0.0.8"' 'ip_address = "127.0.0.9"'
	certificate expired ca "$from" 'expiration_date = "2020-02-01"' \
		'ip_address = "127.0.0.2"'
	certificate name ca "$from" "$until" \
		'dns_name = "other.test.example"' 'ip_address = "127.0.0.99"'
	certificate issuer other "$from" "$until" 'ip_address = "127.0.0.4"'
	certificate self self "$from" "$until" 'ip_address = "127.0.0.5"'
}

# Capabilities without UIDPLUS and MOVE.
capability="IMAP4rev1 LITERAL+ SASL-IR LOGIN-REFERRALS ID ENABLE IDLE CHILDREN"
capability="$capability NAMESPACE UNSELECT ESEARCH LIST-EXTENDED"

# What all releases call the same.
common_settings() {
	addresses=127.0.0.1
	for i in 2 3 4 5 6 7 8 9; do
		addresses="$addresses, 127.0.0.$i"
	done
	# localhost may be ::1, too, where there is IPv6
	! grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null ||
		addresses="$addresses, ::1"
	cat <<END
base_dir = $data/run
state_dir = $data/state
log_path = $data/log
instance_name = dmarc-test
protocols = imap
listen = $addresses
verbose_proctitle = no
auth_verbose = yes
auth_debug = yes

default_internal_user = $user
default_internal_group = $group
default_login_user = $user
first_valid_uid = 1
first_valid_gid = 1
mail_uid = $user
mail_gid = $group
default_vsz_limit = 1G
default_client_limit = 400
default_process_limit = 100
service anvil {
  chroot =
  client_limit = 800
  # without it every wrong password makes the next answer slower
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service auth {
  client_limit = 800
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  $requests = $unlimited
  process_min_avail = 1
  process_limit = 4
  inet_listener imap {
    port = $plain
  }
  inet_listener imaps {
    port = $tls
    ssl = yes
  }
}
service imap-urlauth-login {
  chroot =
}
service imap {
  $requests = 100
  process_limit = 200
}

ssl = required
local 127.0.0.7 {
  protocol imap {
    imap_capability = $capability UIDPLUS
  }
}
local 127.0.0.8 {
  protocol imap {
    imap_capability = $capability
  }
}
auth_mechanisms = plain login scram-sha-256 xoauth2 oauthbearer
auth_failure_delay = 0
mail_fsync = never
mail_max_userip_connections = 200
namespace inbox {
  inbox = yes
}
END
}

settings_2_3() {
	common_settings
	cat <<END
ssl_cert = <$data/tls/good.pem
ssl_key = <$data/tls/server.key
local 127.0.0.2 {
  ssl_cert = <$data/tls/expired.pem
}
local 127.0.0.3 {
  ssl_cert = <$data/tls/name.pem
}
local 127.0.0.4 {
  ssl_cert = <$data/tls/issuer.pem
}
local 127.0.0.5 {
  ssl_cert = <$data/tls/self.pem
}
local 127.0.0.6 {
  ssl = no
  disable_plaintext_auth = no
}

passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $data/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login scram-sha-256
  args = $data/users
}
userdb {
  driver = passwd-file
  args = $data/users
}

mail_location = sdbox:~/mail
rawlog_dir = $data/raw/%u
# u8 alone has this one
namespace full {
  disabled = yes
  prefix = Full/
  separator = /
  location = sdbox:~/full
  mailbox box {
    auto = create
  }
}
plugin {
  acl = vfile:$data/rights
  quota = count:Full:ns=Full/
  quota_rule = *:bytes=1
  quota_vsizes = yes
}
END
}

settings_2_4() {
	cat <<END
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
END
	common_settings
	cat <<END
ssl_server_cert_file = $data/tls/good.pem
ssl_server_key_file = $data/tls/server.key
local 127.0.0.2 {
  ssl_server_cert_file = $data/tls/expired.pem
}
local 127.0.0.3 {
  ssl_server_cert_file = $data/tls/name.pem
}
local 127.0.0.4 {
  ssl_server_cert_file = $data/tls/issuer.pem
}
local 127.0.0.5 {
  ssl_server_cert_file = $data/tls/self.pem
}
local 127.0.0.6 {
  ssl = no
  auth_allow_cleartext = yes
}

oauth2 {
  introspection_mode = local
  username_attribute = sub
  oauth2_local_validation {
    dict fs {
      fs posix {
        prefix = $data/keys/
      }
    }
  }
}
passdb passwd-file {
  passwd_file_path = $data/users
}
userdb passwd-file {
  passwd_file_path = $data/users
}

mail_driver = sdbox
mail_path = ~/mail
rawlog_dir = $data/raw/%{user}
acl_driver = vfile
acl_global_path = $data/rights
# u8 alone has this one
namespace full {
  disabled = yes
  prefix = Full/
  separator = /
  mail_path = ~/full
  mailbox box {
    auto = create
  }
  quota full {
    driver = count
    storage_size = 1 B
    storage_grace = 0
  }
}
END
}

settings() {
	case $version in
	2.[0-3].*) settings_2_3 ;;
	*) settings_2_4 ;;
	esac
}

below_inbox="userdb_namespace/inbox/prefix=INBOX. userdb_namespace/inbox/separator=."

# user_extra NUMBER: what is different for that user
user_extra() {
	case $version:$1 in
	2.[0-3].*:2) echo "userdb_mail=maildir:~/mail" ;;
	2.[0-3].*:4)
		echo "userdb_mail=maildir:~/mail $below_inbox"
		;;
	2.[0-3].*:7) echo "userdb_mail_plugins=acl" ;;
	2.[0-3].*:9) echo "userdb_mail=mdbox:~/mail" ;;
	2.[0-3].*:8)
		echo "userdb_mail_plugins=quota userdb_namespace/full/disabled=no"
		;;
	*:2) echo "userdb_mail_driver=maildir" ;;
	*:4) echo "userdb_mail_driver=maildir $below_inbox" ;;
	*:7) echo "userdb_mail_plugins/acl=yes" ;;
	*:9) echo "userdb_mail_driver=mdbox" ;;
	*:8)
		echo "userdb_mail_plugins/quota=yes userdb_namespace/full/disabled=no"
		;;
	esac
}

make_all() {
	cd "$data"
	mkdir -p run state mail raw tls keys/default/HS256
	(cd tls && certificates >certtool.log 2>&1) ||
		die "certtool failed; see $data/tls/certtool.log"
	# the key of tests/integration/jwt.py
	head -c 32 /dev/urandom | base64 >keys/default/HS256/default
	cat >oauth2.conf <<END
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$data/keys/
username_attribute = sub
END
	for i in 1 2 3 4 5 6 7 8 9; do
		echo "u$i:{PLAIN}secret::::$data/mail/u$i::$(user_extra $i)"
	done >users
	echo "w7:{PLAIN}secret::::$data/mail/u7::" >>users
	printf '%s\n' 'INBOX owner lr' 'Locked owner lr' 'Kept owner lrwsi' >rights
	cd /
}

# One number of 10,000 to 29,999: below those the system gives to clients.
number() {
	echo $((10000 + $(od -An -N2 -tu2 /dev/urandom) % 20000))
}

master() {
	pid=$(cat "$data/run/master.pid" 2>/dev/null) &&
		tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" |
		grep -Fq -- "-c $conf"
}

# Whether any process of the server's group lives; one that only waits to be
# reaped does not count.
alive() {
	[ -n "$(ps -eo pgid=,stat= | awk -v g="$1" '$1 == g && $2 !~ /^Z/')" ]
}

# A minute at least: sessions may come to their end, on a busy machine.
gone() {
	i=0
	while alive "$1"; do
		i=$((i + 1))
		[ $i -le 1200 ] || return 1
		sleep 0.05
	done
}

start() {
	place
	! master || return 0
	# One that was killed leaves this, and its number may be another's now.
	rm -f "$data/run/master.pid"
	tries=0
	if [ ! -f "$data/ports" ]; then
		(make_all)
		echo "tls=$(number) plain=$(number)" >"$data/ports"
	fi
	while :; do
		# shellcheck disable=SC1091
		. "$data/ports"
		(settings) >"$conf"
		[ "$(id -u)" != 0 ] || chown -R "$user:$group" "$data"
		# The server must not hold the caller's output, or a pipe never ends.
		! as "$server" -c "$conf" >"$data/start.log" 2>&1 </dev/null ||
			return 0
		tries=$((tries + 1))
		if [ $tries -gt 20 ] || ! grep -q 'already in use' "$data/start.log"; then
			die "the server does not start: $(cat "$data/start.log")"
		fi
		echo "tls=$(number) plain=$(number)" >"$data/ports"
	done
}

# end SIGNAL
end() {
	[ -f "$dir/place" ] || return 0
	place
	master || return 0
	if [ "$1" = KILL ]; then
		kill -s KILL -- "-$pid" 2>/dev/null || :
	else
		kill -TERM "$pid" 2>/dev/null || :
	fi
	if ! gone "$pid"; then
		kill -s KILL -- "-$pid" 2>/dev/null || :
		gone "$pid" || die "process group $pid does not end"
	fi
}

case $verb in
start)
	start
	;;
stop)
	end TERM
	;;
restart)
	end TERM
	start
	;;
kill)
	end KILL
	;;
remove)
	end KILL
	if [ -f "$dir/place" ]; then
		place
		rm -rf "$data"
	fi
	rm -rf "$dir"
	;;
env)
	[ -f "$dir/place" ] || die "nothing was started in $dir"
	place
	# shellcheck disable=SC1091
	. "$data/ports"
	cat <<END
export IMAP_HOST=localhost IMAPS_PORT=$tls IMAP_PORT=$plain
export IMAP_DIR='$data' IMAP_CA='$data/tls/ca.pem' IMAP_LOG='$data/log'
export IMAP_MAIL='$data/mail' IMAP_RAW='$data/raw'
export IMAP_JWT_KEY='$data/keys/default/HS256/default'
END
	;;
*)
	die "$usage"
	;;
esac
