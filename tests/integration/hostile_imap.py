#!/usr/bin/env python3
"""IMAP servers that attack who reads from them, one for each attack.

usage: hostile_imap.py table           the attacks, and what must come of each
       hostile_imap.py serve DIR MAILS CERT KEY OTHERCERT OTHERKEY
                                       all of them, each on a port of its own
                                       of 127.0.0.1, until SIGTERM
       hostile_imap.py run PROGRAM DIR SECONDS
                                       what the program makes of each, with
                                       so much of a processor

MAILS are files of "make.py mail".  serve writes, for each attack, NAME.conf
with the mailbox NAME in it and keeps NAME.log: what it was sent ("plain" or
"tls" before it) and, after "=", what it did; once it is ready, DIR/ready is
there.  When there is a file DIR/good, all of them are honest.

table prints, with tabs between: the name, then, each "-" when it does not
matter: exit status (a regular expression), lines on standard error (at most),
what they say (a regular expression), reports stored, mails gone from the
folder, whether it is the timeout that ends it (yes, no), "no" when no password
may have been sent in the clear; then of a second run, with an honest server:
exit status, reports stored altogether, mails gone altogether; and what the log
must not have.

run prints, with tabs between: the name, exit status (124: it did not end by
itself), peak in MB, lines on standard error, bytes of the longest of them,
characters that a terminal would not show; and keeps standard error in
DIR/NAME.err.

How long something takes says nothing on a machine that has other work.  So the
servers that stop short wait for ever, and what ends it is told; what the
program does is bounded in seconds of a processor.
"""
import base64
import concurrent.futures
import email
import gzip
import os
import re
import resource
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import unicodedata

FIRST_UID = 11
VALIDITY = 7001
AT_ONCE = 32      # runs of the program
PATIENCE = 300    # seconds for a run: it hangs

# In NAME.conf, seconds: where the timeout must end it, long enough for an
# honest answer on a busy machine; and where it must not, so long that it never
# does.
SHORT = 5
LONG = 120

# ---- an honest server ----------------------------------------------------


class Gone(Exception):
    """The conversation is over."""


class Box:
    """A mailbox: what all connections to one server share."""

    def __init__(self, name, mails, log):
        self.name = name
        self.inbox = dict(enumerate(mails, FIRST_UID))
        self.validity = VALIDITY
        self.folders = {"INBOX"}
        self.deleted = set()
        self.connections = 0
        self.log_file = log
        self.lock = threading.Lock()

    def log(self, text):
        with self.lock:
            self.log_file.write(text + "\n")
            self.log_file.flush()

    def take(self, uid, where):
        report, _mail = self.inbox.pop(uid)
        self.log(f"= gone {uid} {report} {where}")


def uids_of(text, box):
    found = []
    for part in text.split(","):
        low, _, high = part.partition(":")
        low = int(low)
        high = low if not high else 1 << 32 if high == "*" else int(high)
        found += [u for u in sorted(box.inbox) if low <= u <= high]
    return found


class Session:
    """One connection.  What is in attack.how takes the place of the honest
    answer to a command: bytes ({tag} is the tag), a function, or a list of
    them."""

    def __init__(self, sock, attack, box, contexts, good):
        self.sock = sock
        self.attack = attack
        self.box = box
        self.contexts = contexts
        self.how = {} if good else attack.how
        self.good = good
        self.pending = b""
        box.connections += 1
        self.number = box.connections
        box.log(f"= connection {self.number}")

    # -- bytes

    def send(self, data):
        try:
            self.sock.sendall(data)
        except OSError as e:
            raise Gone from e

    def say(self, text):
        self.send(text.encode("utf-8", "surrogateescape") + b"\r\n")

    def received(self, data):
        kind = "tls" if isinstance(self.sock, ssl.SSLSocket) else "plain"
        self.box.log(kind + " " + repr(data)[2:-1])

    def more(self):
        try:
            data = self.sock.recv(65536)
        except OSError as e:
            raise Gone from e
        if not data:
            raise Gone
        return data

    def line(self):
        while b"\n" not in self.pending:
            self.pending += self.more()
        line, _, self.pending = self.pending.partition(b"\n")
        self.received(line.rstrip(b"\r"))
        return line.rstrip(b"\r").decode("latin-1")

    # -- ways to be a nuisance

    def stall(self):
        """Say nothing more."""
        while True:
            self.received(self.more())

    def drip(self, data=b"x"):
        """A byte a second, for ever."""
        while True:
            self.send(data)
            time.sleep(1)

    def flood(self, data):
        """For ever, as fast as can be."""
        data *= max(1, 65536 // len(data))
        while True:
            self.send(data)

    # -- the conversation

    def act(self, key, tag, args, honest):
        steps = self.how.get(key, honest)
        for step in steps if isinstance(steps, list) else [steps]:
            if isinstance(step, bytes):
                self.send(step.replace(b"{tag}", tag.encode()))
            elif step is HONEST:
                honest(self, tag, args)
            else:
                step(self, tag, args)

    def serve(self):
        self.act("greeting", "", "", Session.greet)
        while True:
            words = (self.line() + "  ").split(" ", 2)
            tag, name, args = words[0], words[1].upper(), words[2].strip()
            if name == "UID":
                name, _, args = args.partition(" ")
                name = "UID_" + name.upper()
                if name == "UID_FETCH":
                    name = "BODIES" if "BODY" in args else "LISTING"
            if name == "FETCH":
                name = "LISTING"
            self.act(name, tag, args, getattr(Session, "do_" + name,
                                              Session.unknown))

    def unknown(self, tag, _args):
        self.say(f"{tag} BAD what?")

    def greet(self, _tag="", _args=""):
        known = self.how.get("capabilities")
        if known and self.how.get("greets", True):
            self.say(f"* OK [CAPABILITY {known}] here is a server")
        else:
            self.say("* OK here is a server")

    def do_CAPABILITY(self, tag, _args):
        starttls = "" if isinstance(self.sock, ssl.SSLSocket) else " STARTTLS"
        self.say("* CAPABILITY " + self.how.get(
            "capabilities", "IMAP4rev1 UIDPLUS MOVE") + starttls)
        self.say(f"{tag} OK done")

    def do_STARTTLS(self, tag, _args):
        self.say(f"{tag} OK go on")
        self.secure()

    def secure(self, which=0):
        try:
            self.sock.settimeout(20)
            self.sock = self.contexts[which].wrap_socket(
                self.sock, server_side=True)
            self.sock.settimeout(None)
        except OSError as e:
            self.box.log(f"= no TLS: {e}")
            raise Gone from e
        self.pending = b""

    def do_LOGIN(self, tag, _args):
        self.say(f"{tag} OK welcome")

    def do_SELECT(self, tag, _args):
        self.say(f"* {len(self.box.inbox)} EXISTS")
        self.say("* 0 RECENT")
        self.say(r"* FLAGS (\Seen \Deleted)")
        self.say(f"* OK [UIDVALIDITY {self.box.validity}] valid")
        self.say(f"* OK [UIDNEXT {FIRST_UID + 100000}] next")
        self.say(f"{tag} OK [READ-WRITE] selected")

    def do_LISTING(self, tag, _args):
        form = self.how.get("listed", listed)
        for number, uid in enumerate(sorted(self.box.inbox), 1):
            self.send(form(number, uid, len(self.box.inbox[uid][1])))
        self.say(f"{tag} OK listed")

    def do_BODIES(self, tag, args):
        form = self.how.get("body", body)
        for uid in uids_of(args.split(" ")[0], self.box):
            data = form(1 + sorted(self.box.inbox).index(uid), uid,
                        self.box.inbox[uid][1])
            self.act("each", tag, data, lambda s, _tag, data: s.send(data))
        self.say(f"{tag} OK fetched")

    def do_UID_SEARCH(self, tag, _args):
        self.say("* SEARCH " + " ".join(map(str, sorted(self.box.inbox))))
        self.say(f"{tag} OK found")

    def do_LIST(self, tag, args):
        name = args.split(" ")[-1].strip('"')
        if name in self.box.folders:
            self.say(f'* LIST () "/" "{name}"')
        self.say(f"{tag} OK listed")

    def do_CREATE(self, tag, args):
        self.box.folders.add(args.strip('"'))
        self.say(f"{tag} OK made")

    def do_SUBSCRIBE(self, tag, _args):
        self.say(f"{tag} OK subscribed")

    def do_UID_MOVE(self, tag, args):
        self.move(args)
        self.say(f"{tag} OK moved")

    def move(self, args):
        uids, _, folder = args.partition(" ")
        for uid in uids_of(uids, self.box):
            self.box.take(uid, folder.strip('"'))

    def do_UID_COPY(self, tag, _args):
        self.say(f"{tag} OK copied")

    def do_UID_STORE(self, tag, args):
        self.box.deleted.update(uids_of(args.split(" ")[0], self.box))
        self.say(f"{tag} OK stored")

    def do_UID_EXPUNGE(self, tag, args):
        for uid in uids_of(args, self.box):
            if uid in self.box.deleted:
                self.box.take(uid, "(expunged)")
        self.say(f"{tag} OK expunged")

    def do_NOOP(self, tag, _args):
        self.say(f"{tag} OK nothing")

    def do_LOGOUT(self, tag, _args):
        self.say("* BYE see you")
        self.say(f"{tag} OK bye")
        raise Gone


HONEST = object()


def listed(number, uid, size):
    return (b"* %d FETCH (UID %d FLAGS () INTERNALDATE "
            b'"02-Nov-2026 03:00:00 +0000" RFC822.SIZE %d)\r\n'
            % (number, uid, size))


def body(number, uid, data):
    return (b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n"
            % (number, uid, len(data), data))


# ---- the attacks ----------------------------------------------------

class Attack:
    def __init__(self, name, settings, timeout, mails, how, row):
        self.name = name
        self.settings = settings
        self.timeout = timeout
        self.mails = mails
        self.how = how
        self.row = row


ATTACKS = []


def attack(name, status, says="-", lines="1", stored="0", gone="-",
           late="no", clear="-", then="0", stored2=None, gone2=None,
           never="-", mails=3, settings="", timeout=None, **how):
    """gone: as many as are stored; later: all are stored, all are gone."""
    if timeout is None:
        timeout = SHORT if late == "yes" else LONG
    stored2 = str(mails if stored2 is None else stored2)
    row = [name, status, lines, says, stored,
           stored if gone == "-" else gone, late, clear, then,
           stored2, stored2 if gone2 is None else str(gone2), never]
    ATTACKS.append(Attack(name, settings, timeout, mails, how, row))


def close(_session, _tag, _args):
    raise Gone


def stall(session, _tag, _args):
    session.stall()


def drip(session, _tag, _args):
    session.drip()


def flood(data):
    return lambda session, _tag, _args: session.flood(data)


def hello(session, _tag, _args):
    """Wait until the client has begun with TLS."""
    session.received(session.more())


def only(uid, special, usual=body):
    """The mail with this UID is special, the others are as they are."""

    def form(number, u, data):
        return special(number, u, data) if u == uid else usual(number, u, data)

    return form


POISON = FIRST_UID + 2
FOREVER = b"A" * 1000
CUT = b"A BAD text\1 with\x1b[2J controls\x85\x9b31m " + b"and more " * 12000


def before_tls():
    """Everything that is to be learned without a password."""

    def tls(name, status, says="-", **more):
        attack(name, status, says, clear="no",
               settings="tls = starttls\n", **more)

    inject = b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"
    secure = [lambda s, _t, _a: s.secure()]
    tls("tls-honest", "0", "-", lines="0", stored="3")
    tls("tls-injected", "7[58]", "more after STARTTLS",
        STARTTLS=[b"{tag} OK go on\r\n" + inject] + secure)
    tls("tls-injected-answer", "7[58]", "more after STARTTLS",
        STARTTLS=[b"{tag} OK go on\r\n2 OK done\r\n3 OK done\r\n"] + secure)
    tls("tls-injected-half", "7[58]", "more after STARTTLS",
        STARTTLS=[b"{tag} OK go on\r\n* "] + secure)
    tls("tls-injected-late", "75", "TLS handshake",
        STARTTLS=[b"{tag} OK go on\r\n", hello, inject] + secure)
    tls("tls-injected-before", "0", "-", lines="0", stored="3",
        STARTTLS=[b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n", HONEST])
    tls("tls-no", "78", "STARTTLS.*not today",
        STARTTLS=b"{tag} NO not today\r\n")
    tls("tls-bad", "78", "STARTTLS.*what is that",
        STARTTLS=b"{tag} BAD what is that\r\n")
    tls("tls-stripped", "78", "STARTTLS",
        CAPABILITY=b"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n",
        STARTTLS=b"{tag} BAD command unknown\r\n")
    tls("tls-plain-on", "75", "TLS handshake",
        STARTTLS=[b"{tag} OK go on\r\n", hello, b"* OK still here\r\n", stall])
    tls("tls-silent", "75", "TLS", late="yes",
        STARTTLS=[b"{tag} OK go on\r\n", stall])
    # With PREAUTH there is no STARTTLS any more (RFC 9051, 7.1.4); and who
    # has put it there may answer anything.
    for name, answer in (("bad", b"{tag} BAD not now\r\n"),
                         ("no", b"{tag} NO not now\r\n"),
                         ("ok", b"{tag} OK never mind\r\n")):
        tls("tls-preauth-" + name, "7[58]",
            never="^plain .*(LOGIN|AUTHENTICATE|SELECT|FETCH)",
            greeting=b"* PREAUTH welcome, whoever you are\r\n",
            STARTTLS=answer)
    tls("tls-other-name", "78", "certificate",
        STARTTLS=[b"{tag} OK go on\r\n", lambda s, _t, _a: s.secure(1)])
    tls("tls-login-off", "78", "offer", never="^tls .*(LOGIN|AUTH)",
        capabilities="IMAP4rev1 LOGINDISABLED")


def implicit():
    def tls(name, status, says, **more):
        attack(name, status, says, clear="no",
               settings="tls = implicit\n", **more)

    tls("implicit-honest", "0", "-", lines="0", stored="3")
    tls("implicit-silent", "75", "TLS", late="yes", secure=stall)
    tls("implicit-plain", "75", "TLS", secure=b"* OK no TLS here\r\n")
    tls("implicit-other-name", "78", "certificate",
        secure=lambda s, _t, _a: s.secure(1))
    tls("implicit-close", "75", "TLS", secure=close)


def greetings():
    attack("greet-bye", "75", "too busy", clear="no",
           greeting=[b"* BYE too busy\r\n", close])
    attack("greet-bye-open", "75", "too busy", clear="no",
           greeting=[b"* BYE too busy\r\n", stall])
    attack("greet-silent", "75", late="yes", greeting=stall)
    attack("greet-close", "75", greeting=close)
    attack("greet-garbage", "75", greeting=b"220 mail.example ESMTP\r\n")
    attack("greet-endless", "75", greeting=flood(FOREVER))
    attack("greet-drip", "75", late="yes", greeting=[b"* OK ", drip])
    # Who is known already is not asked; that is up to who runs it.
    attack("greet-preauth", "0|7[58]", stored="-", clear="no",
           greeting=b"* PREAUTH welcome, whoever you are\r\n")


def logins():
    def tagged(name, status, text, **more):
        attack(name, status, LOGIN=b"{tag} " + text + b"\r\n", **more)

    attack("login-off", "78", "offer", clear="no",
           capabilities="IMAP4rev1 LOGINDISABLED")
    # Many servers say what they can only when they are asked.
    attack("login-off-asked", "78", "offer", clear="no", greets=False,
           capabilities="IMAP4rev1 LOGINDISABLED")
    tagged("login-no", "78", b"NO go away", says="go away")
    tagged("login-bad", "7[58]", b"BAD go away", says="go away")
    tagged("login-unavailable", "75", b"NO [UNAVAILABLE] later", says="later")
    tagged("login-wrong", "78", b"NO [AUTHENTICATIONFAILED] wrong",
           says="wrong")
    tagged("login-long", "78", b"NO " + CUT)
    tagged("login-8bit", "78", b"NO \xffd\xe9sol\xe9\xc3\xa9", says="sol")
    # What was said before is no reason.
    tagged("login-empty", "7[58]", b"NO ", says="login: (no reason|the serv)")
    attack("login-close", "75", LOGIN=close)
    attack("login-ok-close", "75", LOGIN=[HONEST, close])
    attack("login-bye", "75", "shutting down",
           LOGIN=[b"* BYE shutting down\r\n", close])
    attack("login-garbage", "75", LOGIN=b"lorem ipsum dolor\r\n")
    attack("login-garbage-on", "75", LOGIN=flood(b"lorem ipsum dolor\r\n"))
    attack("login-binary", "75", LOGIN=[bytes(range(256)) + b"\r\n", stall])
    attack("login-tag", "75", LOGIN=[b"zz99 OK welcome\r\n", stall])
    attack("login-silent", "75", late="yes", LOGIN=stall)
    attack("login-plus", "75", LOGIN=[b"+ and then?\r\n", stall], late="yes")
    attack("login-untagged", "75", LOGIN=flood(b"* OK one more thing\r\n"))
    words = " ".join(f"X{i}" for i in range(100000))
    attack("caps-many", "0|75", "-", stored="-",
           capabilities="IMAP4rev1 MOVE UIDPLUS " + words)
    attack("caps-many-greeting", "0|75", "-", stored="-",
           greeting=f"* OK [CAPABILITY IMAP4rev1 {words}] hello\r\n".encode())
    attack("auth-plus", "75", "more questions",
           capabilities="IMAP4rev1 AUTH=PLAIN", AUTHENTICATE=flood(b"+ \r\n"))
    attack("auth-plus-answered", "75", "more questions",
           capabilities="IMAP4rev1 AUTH=PLAIN", AUTHENTICATE=plus_on)
    logins_by_scram()


def logins_by_scram():
    def by_scram(name, status, says, first, *then):
        attack("scram-" + name, status, says, AUTHENTICATE=scram(first, *then),
               capabilities="IMAP4rev1 AUTH=SCRAM-SHA-256")

    # The reason is ours: what the server said last is none.
    ours = "login: (no reason|more bytes|.*(SCRAM|answer|server))"
    good = "r=%s!,s=QUJDRA==,i=4096"
    by_scram("no", "78", "who are you", good, b"{tag} NO who are you?\r\n")
    by_scram("cheat", "7[58]", ours, good, b"+ " + base64.b64encode(
        b"v=AAAA") + b"\r\n", b"{tag} OK welcome\r\n")
    by_scram("garbage", "7[58]", ours, "r=%s!,s=????,i=x")
    by_scram("nonce", "7[58]", ours, "r=another,s=QUJDRA==,i=4096")
    by_scram("turns", "7[58]", ours, "r=%s!,s=QUJDRA==,i=2147483647")
    by_scram("huge", "7[58]", ours, "r=%s!,s=" + "QUJD" * 100000 + ",i=4096")


def plus_on(session, _tag, _args):
    while True:
        session.send(b"+ \r\n")
        session.line()


def scram(first, *then):
    """A server that says that first, and then something after each line."""

    def talk(session, tag, _args):
        session.send(b"+ \r\n")
        said = base64.b64decode(session.line()).decode()
        nonce = said.rpartition(",r=")[2]
        text = first.replace("%s", nonce)
        session.send(b"+ " + base64.b64encode(text.encode()) + b"\r\n")
        for answer in then:
            session.line()
            session.send(answer.replace(b"{tag}", tag.encode()))

    return talk


def selects():
    attack("select-no", "78", "no such folder",
           SELECT=b"{tag} NO no such folder\r\n")
    attack("select-bad", "7[58]", "no such command",
           SELECT=b"{tag} BAD no such command\r\n")
    attack("select-unavailable", "75", "later",
           SELECT=b"{tag} NO [UNAVAILABLE] later\r\n")
    attack("select-close", "75", SELECT=[b"* 3 EXISTS\r\n", close])
    attack("select-silent", "75", late="yes", SELECT=stall)
    attack("select-drip", "75", late="yes", SELECT=[b"* OK ", drip])
    attack("select-endless", "75", SELECT=[b"* OK ", flood(FOREVER)])
    attack("select-lines", "75", SELECT=flood(b"* 3 EXISTS\r\n"))
    attack("select-long", "78", SELECT=b"{tag} NO " + CUT + b"\r\n")
    attack("select-bye", "75", "out of order",
           SELECT=[b"* 3 EXISTS\r\n* BYE out of order\r\n", close])
    # Without UIDVALIDITY the UIDs mean nothing (RFC 3501, 2.3.1.1).
    attack("select-no-validity", "7[58]", gone="0", SELECT=(
        b"* 3 EXISTS\r\n* OK [UIDNEXT 100] next\r\n"
        b"{tag} OK [READ-WRITE] selected\r\n"))
    attack("select-8bit", "0|75", stored="-", SELECT=[
        b"* OK d\xe9j\xe0 vu \xff\xfe\r\n"
        b"* OK [ALERT] \xe5\xe4\xf6\r\n", HONEST])
    attack("select-flags-8bit", "0|75", stored="-", SELECT=[
        b"* FLAGS (\\Seen d\xe9j\xe0)\r\n", HONEST])
    for name, size in (("4g", b"4294967295"), ("64", b"18446744073709551617"),
                       ("neg", b"-1")):
        attack("select-literal-" + name, "75", SELECT=[
            b'* LIST () "/" {' + size + b"}\r\n", flood(FOREVER)])


def lists():
    ok = {"lines": "0", "stored": "3"}
    attack("list-no", "75", "not now", LISTING=b"{tag} NO not now\r\n")
    attack("list-bad", "75", "not now", LISTING=b"{tag} BAD not now\r\n")
    attack("list-close", "75", LISTING=[listed(1, 11, 1000), close])
    attack("list-bye", "75", "out of order", LISTING=[
        listed(1, 11, 1000) + b"* BYE out of order\r\n", close])
    attack("list-silent", "75", late="yes",
           LISTING=[listed(1, 11, 1000), stall])
    attack("list-drip", "75", late="yes",
           LISTING=[b"* 1 FETCH (UID 1", lambda s, _t, _a: s.drip(b"1")])
    attack("list-endless", "75", LISTING=[b"* 1 FETCH (FLAGS (",
                                          flood(FOREVER)])
    attack("list-lines", "75", LISTING=flood(listed(1, 11, 1000)))
    # What is there is found out in another way.
    attack("list-garbage", "0", "leaves this mail out", lines="3", stored="3",
           LISTING=b"lorem ipsum\r\n{tag} OK\r\n")
    attack("list-tag", "75", LISTING=b"zz99 OK listed\r\n")
    for name, size in (("4g", b"4294967295"), ("64", b"18446744073709551617"),
                       ("neg", b"-1")):
        attack("list-literal-" + name, "75", LISTING=[
            b"* 1 FETCH (UID 11 BODY[] {" + size + b"}\r\n", flood(FOREVER)])
    attack("list-deep", "0|75", stored="-", LISTING=[
        b"* 1 FETCH (UID 11 BODYSTRUCTURE " + b"(" * 500000 + b"\r\n", HONEST])
    attack("list-deep-thread", "0|75", stored="-", LISTING=[
        b"* 1 FETCH (UID 11 BODY " + b"(" * 900000 + b"\r\n", HONEST])
    # As many as the folder is said to have count for nothing.
    many = b"* 4294967295 EXISTS\r\n"
    attack("exists-silent", "75", late="yes", SELECT=[many, after_exists],
           LISTING=stall)
    attack("exists-lines", "75", "more bytes", SELECT=[many, after_exists],
           LISTING=endless_list)

    attack("list-uid-0", "0|75", stored="-", LISTING=[
        b"* 9 FETCH (UID 0 FLAGS () RFC822.SIZE 1000)\r\n", HONEST])
    attack("list-uid-huge", "0|75", stored="-", LISTING=[
        b"* 9 FETCH (UID 4294967307 FLAGS () RFC822.SIZE 1000)\r\n", HONEST])
    attack("list-twice", "0", listed=lambda *a: listed(*a) * 2, **ok)
    attack("list-falling", "0", LISTING=falling, **ok)
    attack("list-chatter", "0", listed=lambda *a: (
        b"* 1 FETCH (FLAGS (\\Seen))\r\n" + listed(*a)
        + b"* 4 EXISTS\r\n* 4 EXPUNGE\r\n* OK by the way\r\n* 0 RECENT\r\n"
        + b"* SEARCH\r\n* FLAGS (\\Seen)\r\n"), **ok)
    attack("list-alone", "0", listed=lambda n, u, size: (
        b"* %d FETCH (UID %d)\r\n* %d FETCH (RFC822.SIZE %d)\r\n"
        % (n, u, n, size)), **ok)
    attack("list-size-none", "0", listed=lambda n, u, _size: (
        b"* %d FETCH (UID %d FLAGS ())\r\n" % (n, u)), **ok)
    # It is told, noted and moved with those that cannot be read.
    attack("list-size-4g", "65", str(POISON), stored="2", gone="3",
           stored2=2, gone2="3", listed=only(
               POISON, lambda n, u, _size: listed(n, u, 4294967295), listed))
    attack("list-size-huge", "0|65|75", stored="-", stored2="-", gone2="-",
           then="0|65", listed=only(
               POISON, lambda n, u, _size: listed(n, u, 1 << 64), listed))
    # They were there once; perhaps somebody is quicker than we.
    attack("list-many", "75", "200000 mails are there and do not", mails=1,
           LISTING=many_listed,
           SELECT=[b"* 200000 EXISTS\r\n", after_exists],
           BODIES=b"{tag} OK nothing there\r\n")


def after_exists(session, tag, _args):
    session.say(f"* OK [UIDVALIDITY {session.box.validity}] valid")
    session.say(f"{tag} OK [READ-WRITE] selected")


def endless_list(session, _tag, _args):
    uid = 1
    while True:
        session.send(b"".join(listed(u, u, 1000)
                              for u in range(uid, uid + 1000)))
        uid += 1000


def many_listed(session, tag, args):
    low, high = args.split(" ")[0].split(":")
    session.send(b"".join(listed(u, u, 1000)
                          for u in range(int(low), int(high) + 1)))
    session.say(f"{tag} OK listed")


def falling(session, tag, _args):
    for number, uid in enumerate(sorted(session.box.inbox, reverse=True), 1):
        session.send(listed(number, uid, len(session.box.inbox[uid][1])))
    session.say(f"{tag} OK listed")


def bodies():
    ok = {"lines": "0", "stored": "3"}
    attack("body-no", "75", "not now", lines="3",
           BODIES=b"{tag} NO not now\r\n")
    attack("body-bad", "75", "not now", lines="3",
           BODIES=b"{tag} BAD not now\r\n")
    attack("body-close", "75", lines="3", BODIES=close)
    attack("body-bye", "75", "out of order", lines="3", stored="-", BODIES=[
        body(1, 11, b"Subject: half\r\n") + b"* BYE out of order\r\n", close])
    attack("body-bye-open", "75", "out of order", lines="3",
           BODIES=[b"* BYE out of order\r\n", stall])
    attack("body-bye-tagged", "75", lines="3", stored="-",
           BODIES=[b"* BYE out of order\r\n", HONEST])
    attack("body-preauth", "0|75", lines="3", stored="-",
           BODIES=[b"* PREAUTH who are you\r\n", HONEST])
    attack("body-silent", "75", lines="3", late="yes", BODIES=stall)
    attack("body-eof", "75", lines="3", BODIES=[
        b"* 1 FETCH (UID 11 BODY[] {1000}\r\nSubject: half\r\n", close])
    attack("body-stall", "75", lines="3", late="yes", BODIES=[
        b"* 1 FETCH (UID 11 BODY[] {1000}\r\nSubject: half\r\n", stall])
    attack("body-drip", "75", lines="3", late="yes", BODIES=[
        b"* 1 FETCH (UID 11 BODY[] {1000}\r\n", drip])
    attack("body-endless", "75", lines="3",
           BODIES=[b"* 1 FETCH (UID 11 BODY[ ", flood(FOREVER)])
    attack("body-garbage", "75", lines="3", BODIES=b"lorem ipsum\r\n")
    attack("body-tag", "75", lines="3", BODIES=b"zz99 OK fetched\r\n")
    attack("body-text", "75", lines="3", BODIES=b"{tag} NO " + CUT + b"\r\n")
    for name, size in (("4g", b"4294967295"), ("64", b"18446744073709551617"),
                       ("neg", b"-1"), ("plus", b"1000+")):
        attack("body-literal-" + name, "75", lines="3", BODIES=[
            b"* 1 FETCH (UID 11 BODY[] {" + size + b"}\r\n", flood(FOREVER)])
    attack("body-deep", "0|75", "-", lines="3", stored="-", BODIES=[
        b"* 1 FETCH (UID 11 BODYSTRUCTURE " + b"(" * 500000 + b"\r\n", HONEST])
    attack("body-foreign-lots", "75", "more bytes", lines="3",
           BODIES=flood(body(9, 9999, b"Subject: unasked\r\n\r\nno\r\n")))

    attack("body-first", "0", body=lambda n, u, data: (
        b"* %d FETCH (BODY[] {%d}\r\n%s UID %d)\r\n"
        % (n, len(data), data, u)), **ok)
    attack("body-falling", "0", BODIES=bodies_falling, **ok)
    attack("body-twice", "0", body=lambda *a: body(*a) * 2, lines="0",
           stored="3")
    attack("body-chatter", "0", body=lambda n, u, data: (
        b"* %d FETCH (FLAGS (\\Seen))\r\n* 4 EXISTS\r\n" % n
        + b"* %d FETCH (UID %d FLAGS (\\Seen))\r\n" % (n, u)
        + body(n, u, data)
        + b"* 4 EXPUNGE\r\n* OK by the way\r\n* 0 RECENT\r\n"), **ok)
    attack("body-more-items", "0", body=lambda n, u, data: (
        b"* %d FETCH (FLAGS (\\Seen) RFC822.SIZE 1 BODY[] {%d}\r\n%s "
        b"UID %d MODSEQ (77))\r\n" % (n, len(data), data, u)), **ok)
    attack("body-string", "0", body=lambda n, u, data: (
        b'* %d FETCH (UID %d BODY[] "%s")\r\n' % (n, u, one_line(data))), **ok)
    # Such a report must not come to lie in the database.
    attack("body-foreign", "0", body=lambda n, u, data: (
        body(n, u + 5000, one_line(data).replace(b"made-", b"foreign-")
             .replace(b'\\"', b'"')) + body(n, u, data)), **ok)
    attack("body-uid-0", "0|75", "-", stored="-", lines="3",
           body=lambda n, u, data: body(n, 0, data) + body(n, u, data))
    attack("body-no-uid", "0|75", "-", stored="-", lines="3",
           body=lambda n, u, data: (
               b"* %d FETCH (BODY[] {%d}\r\n%s)\r\n" % (n, len(data), data)
               + body(n, u, data)))
    attack("body-longer", "0", listed=lambda n, u, _size: listed(n, u, 10),
           **ok)
    # It takes longer than the timeout, but is never silent for so long.
    attack("body-slow", "0", settings="batch = 1\n", timeout=SHORT,
           body=lambda n, u, data: body(n, u, data if u != FIRST_UID else (
               b"X-Padding: " + b"x" * 900 + b"\r\n") * 200 + data),
           each=slowly, **ok)
    # Where all are refused, nobody wants to read it of each; and to come back
    # for each is an attack on the server.
    attack("many-refused", "75", "not now", lines="100", mails=1,
           SELECT=[b"* 2000 EXISTS\r\n", after_exists],
           LISTING=lambda s, t, _a: (
               s.send(b"".join(listed(u, u, 9) for u in range(1, 2001))),
               s.say(f"{t} OK listed")),
           BODIES=b"{tag} NO not now\r\n")
    attack("many-unreadable", "75", lines="100", mails=1,
           SELECT=[b"* 2000 EXISTS\r\n", after_exists],
           never="connection [0-9]{3}",
           LISTING=lambda s, t, _a: (
               s.send(b"".join(listed(u, u, 9) for u in range(1, 2001))),
               s.say(f"{t} OK listed")),
           BODIES=b"* 1 FETCH (lorem\r\n{tag} OK fetched\r\n")


def poisons():
    """One of five; the others must be read, this one must stay."""

    def poison(name, special, status="75", gone="4", says=":", **more):
        attack("poison-" + name, status, f"/INBOX {POISON}{says}", stored="4",
               gone=gone, mails=5, body=only(POISON, special), **more)

    poison("parse", lambda n, u, _data: (
        b"* %d FETCH (UID %d BODY[] {oops}\r\n)\r\n" % (n, u)))
    poison("brackets", lambda n, u, _data: (
        b"* %d FETCH (UID %d BODY[[[] )(\r\n" % (n, u)))
    poison("nil", lambda n, u, _data: (
        b"* %d FETCH (UID %d BODY[] NIL)\r\n" % (n, u)))
    poison("empty", lambda n, u, _data: body(n, u, b""))
    attack("poison-left-out", "75", f"/INBOX {POISON}: .* does not come",
           stored="4", mails=5, body=only(POISON, lambda *_: b""))
    # Cut off at max_size, and so it cannot be read.
    poison("over-max", lambda n, u, _data: body(n, u, b"x" * 300000),
           status="65", gone="5", stored2=4, gone2="5",
           settings="max_size = 64K\n", says=": (more than )?[0-9]{5}")
    poison("over-all", lambda n, u, _data: body(n, u, b"x" * 3000000),
           status="65|75", gone="-", stored2="-", gone2="5",
           settings="max_size = 64K\n")
    for name, ending in (("no", b"{tag} NO one of them is broken\r\n"),
                         ("close", close), ("stall", stall)):
        attack("poison-" + name, "75", f"/INBOX {POISON}:", stored="4",
               mails=5, late="yes" if ending is stall else "no",
               BODIES=until_poison(ending))


def until_poison(ending):
    """All but the poison; when that was asked for, the ending."""

    def fetch(session, tag, args):
        uids = uids_of(args.split(" ")[0], session.box)
        for number, uid in enumerate(uids, 1):
            if uid != POISON:
                session.send(body(number, uid, session.box.inbox[uid][1]))
            elif not isinstance(ending, bytes):
                ending(session, tag, args)
        if POISON in uids:
            session.send(ending.replace(b"{tag}", tag.encode()))
        else:
            session.say(f"{tag} OK fetched")

    return fetch


def slowly(session, _tag, data):
    """Of a mail of 180 KB, the last part comes after SHORT seconds."""
    for at in range(0, len(data), 16384):
        if at > 0:
            time.sleep(0.1 * SHORT)
        session.send(data[at:at + 16384])


def bodies_falling(session, tag, args):
    for uid in reversed(uids_of(args.split(" ")[0], session.box)):
        session.send(body(1, uid, session.box.inbox[uid][1]))
    session.say(f"{tag} OK fetched")


def one_line(mail):
    """The report in a mail, as XML that fits into a quoted string."""
    packed = email.message_from_bytes(mail).get_payload(decode=True)
    text = gzip.decompress(packed).replace(b"\n", b" ")
    return text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')


def actions():
    """The reports are stored; the mails go, if not now, then later."""
    kept = {"stored": "3", "gone": "0"}
    went = {"stored": "3", "gone": "3"}
    attack("folders-no", "75", "not now", LIST=b"{tag} NO not now\r\n",
           never="UID (MOVE|COPY|STORE|EXPUNGE)", **kept)
    attack("folders-8bit", "0|75", stored="3", gone="-", LIST=[
        b'* LIST () "/" "Entw\xfcrfe"\r\n* LIST () "/" Pr\xe9\r\n', HONEST])
    attack("create-no", "78", "no more folders", **kept,
           CREATE=b"{tag} NO no more folders\r\n")
    attack("create-bad", "7[58]", "no more folders", **kept,
           CREATE=b"{tag} BAD no more folders\r\n")
    attack("create-close", "75", CREATE=close, **kept)
    attack("create-silent", "75", CREATE=stall, late="yes", **kept)
    attack("subscribe-no", "0", "-", lines="0", **went,
           SUBSCRIBE=b"{tag} NO never\r\n")
    attack("move-no", "75", "over quota", **kept,
           UID_MOVE=b"{tag} NO [OVERQUOTA] over quota\r\n")
    # COPY takes the place of what the server does not do after all.
    attack("move-bad", "0", "-", lines="0", UID_MOVE=b"{tag} BAD what\r\n",
           **went)
    attack("move-garbage", "75", UID_MOVE=b"lorem ipsum\r\n", **kept)
    attack("move-silent", "75", UID_MOVE=stall, late="yes", **kept)
    attack("move-close", "75", UID_MOVE=close, **kept)
    attack("move-done-close", "75", **went,
           UID_MOVE=[lambda s, _t, args: s.move(args), close])
    attack("move-done-bye", "75", "out of order", **went,
           UID_MOVE=[lambda s, _t, args: s.move(args),
                     b"* BYE out of order\r\n", close])
    attack("move-lie", "0", "-", lines="0", UID_MOVE=b"{tag} OK moved\r\n",
           **kept)
    attack("move-copyuid", "0", "-", lines="0", **went, UID_MOVE=[
        b"* OK [COPYUID 1 1:4294967295 1:4294967295] moved\r\n", HONEST])
    copy = {"capabilities": "IMAP4rev1 UIDPLUS"}
    attack("copy-no", "75", "over quota", never="UID (STORE|EXPUNGE)",
           UID_COPY=b"{tag} NO over quota\r\n", **copy, **kept)
    attack("copy-close", "75", never="UID (STORE|EXPUNGE)", UID_COPY=close,
           **copy, **kept)
    attack("copy-store-no", "75", "not yours", never="EXPUNGE",
           UID_STORE=b"{tag} NO not yours\r\n", **copy, **kept)
    # EXPUNGE would also remove what others have marked.
    attack("copy-only", "0", "-", lines="0", never="EXPUNGE",
           capabilities="IMAP4rev1", **kept)
    attack("logout-silent", "0", "-", lines="0", LOGOUT=stall, **went)
    attack("logout-endless", "0", "-", lines="0", LOGOUT=flood(FOREVER),
           **went)
    # Between two connections of one run the folder is made anew: the UIDs are
    # those of other mails now, which nobody has read.
    attack("renumbered", "75", mails=6, stored="2", gone="0", stored2=6,
           never="= gone", settings="batch = 2\n", serve=renumber,
           BODIES=until_poison(close))


def renumber(session, _tag, _args):
    """At the second connection."""
    box = session.box
    if session.number == 2:
        box.validity += 1
        old = [box.inbox[u] for u in sorted(box.inbox)]
        box.inbox = dict(enumerate(old[2:] + old[:2], FIRST_UID))


GROUPS = [before_tls, implicit, greetings, logins, selects, lists, bodies,
          poisons, actions]


def all_attacks():
    for group in GROUPS:
        group()
    return ATTACKS


# ---- serving ----------------------------------------------------

def load(mails, first, n):
    found = []
    for i in range(first, first + n):
        with open(f"{mails}/r{i:05}.eml", "rb") as f:
            found.append((f"made-{i}", f.read().replace(b"\n", b"\r\n")))
    return found


def converse(sock, one, box, contexts, folder):
    session = Session(sock, one, box, contexts,
                      os.path.exists(f"{folder}/good"))
    try:
        if "serve" in session.how:
            session.how["serve"](session, "", "")
        if "tls = implicit" in one.settings:
            session.act("secure", "", "", lambda s, _t, _a: s.secure())
        session.serve()
    except Gone:
        pass
    try:
        session.sock.close()
    except OSError:
        pass
    box.log(f"= end of {session.number}")


def answer_calls(listener, one, mails, contexts, folder):
    with open(f"{folder}/{one.name}.log", "w", encoding="utf-8") as log:
        box = Box(one.name, mails, log)
        while True:
            sock, _ = listener.accept()
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=converse, daemon=True, args=(
                sock, one, box, contexts, folder)).start()


def configure(one, port, folder, cert):
    path = f"{folder}/{one.name}.conf"
    tls = "" if "tls = " in one.settings else "tls = none\n"
    with open(path, "w", encoding="ascii") as f:
        os.chmod(path, 0o600)
        f.write(f"[mailbox {one.name}]\nhost = 127.0.0.1\nport = {port}\n"
                f"user = {one.name}\npassword = secret-word\n"
                f"timeout = {one.timeout}\n{tls}{one.settings}")
        if not tls:
            f.write(f"ca_file = {cert}\n")


def serve(folder, mails, *pem):
    contexts = []
    for cert, key in ((pem[0], pem[1]), (pem[2], pem[3])):
        contexts.append(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
        contexts[-1].load_cert_chain(cert, key)
    children = []
    first = 0
    for one in all_attacks():
        listener = socket.create_server(("127.0.0.1", 0))
        configure(one, listener.getsockname()[1], folder, pem[0])
        pid = os.fork()
        if pid == 0:
            answer_calls(listener, one, load(mails, first, one.mails),
                         contexts, folder)
        listener.close()
        children.append(pid)
        first += one.mails

    def stop(_signum, _frame):
        for child in children:
            os.kill(child, signal.SIGKILL)
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    with open(f"{folder}/ready", "w", encoding="ascii") as f:
        f.write(f"{first}\n")
    while True:
        signal.pause()


UNBOXED = b"dmarc-ingest: decoding without the sandbox\n"


# ---- running ----------------------------------------------------

def log_ends(path):
    """The servers learn later that a client is gone; what it said before that
    must be in the log."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with open(path, encoding="utf-8") as f:
            log = "\n" + f.read()
        if log.count("\n= connection ") == log.count("\n= end of "):
            return
        time.sleep(0.05)


def run_one(program, folder, name, seconds):
    err = f"{folder}/{name}.err"
    with open(err, "wb") as f:
        child = subprocess.Popen([program, "-c", f"{folder}/{name}.conf"],
                                 stdin=subprocess.DEVNULL, stderr=f,
                                 stdout=subprocess.DEVNULL)
    resource.prlimit(child.pid, resource.RLIMIT_CPU, (seconds, seconds))
    late = threading.Timer(PATIENCE, child.kill)
    late.start()
    _pid, code, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(code)
    late.cancel()
    status = child.returncode
    if status < 0:
        status = 124 if -status == signal.SIGKILL else 128 - status
    log_ends(f"{folder}/{name}.log")
    with open(err, "rb") as f:
        said = f.read()
    if os.environ.get("NO_SANDBOX"):
        said = said.replace(UNBOXED, b"")
        with open(err, "wb") as f:
            f.write(said)
    hidden = sum(c != "\n" and unicodedata.category(c) in (
        "Cc", "Cf", "Cs", "Zl", "Zp")
        for c in said.decode("utf-8", "surrogateescape"))
    lines = said.split(b"\n")
    return "\t".join(map(str, (
        name, status, usage.ru_maxrss // 1024 + 1, said.count(b"\n"),
        max(map(len, lines)), hidden)))


def run(program, folder, seconds):
    attacks = all_attacks()
    # Those that wait begin first.
    order = [one.name for one in sorted(
        attacks, key=lambda one: one.timeout != SHORT)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        done = dict(zip(order, pool.map(
            lambda n: run_one(program, folder, n, int(seconds)), order)))
    for one in attacks:
        print(done[one.name])


def main():
    if sys.argv[1:] == ["table"]:
        for one in all_attacks():
            print("\t".join(one.row))
    elif sys.argv[1] == "serve":
        serve(*sys.argv[2:])
    else:
        run(*sys.argv[2:])


if __name__ == "__main__":
    main()
