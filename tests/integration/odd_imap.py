#!/usr/bin/env python3
"""IMAP servers that mean well and speak oddly, one for each way.

usage: as hostile_imap.py, whose servers and table these are

What a mail's line in the list says cannot be read, a line comes that nobody
knows, folders are called otherwise than the operator calls them, a command is
refused for now.  The recorded words are those of real servers.
"""
import hostile_imap as h
from hostile_imap import HONEST, POISON, attack, body, listed, only

FINE = {"lines": "0", "stored": "3"}


def went(lines="0"):
    return {"lines": lines, "stored": "3", "gone": "3"}


# ---- an odd line ----------------------------------------------------


def item(text):
    """A line of the list, with what stands for UID and size."""

    def form(number, uid, size):
        return text.replace(b"%n", b"%d" % number).replace(
            b"%u", b"%d" % uid).replace(b"%s", b"%d" % size) + b"\r\n"

    return form


DATE = b'"02-Nov-2026 03:00:00 +0000"'


def odd_items():
    """All mails are read, the odd one is named."""

    def odd(name, text, says=None, **more):
        says = says or f"/INBOX {POISON}: the server gives a"
        attack("item-" + name, "0", says, listed=only(
            POISON, item(text), listed), **{**went("1"), **more})

    fine = dict(says="-", lines="0")
    odd("date-nil", b"* %n FETCH (UID %u FLAGS () INTERNALDATE NIL "
        b"RFC822.SIZE %s)")
    odd("date-empty", b"* %n FETCH (UID %u FLAGS () "
        b'INTERNALDATE "" RFC822.SIZE %s)')
    odd("date-first-nil", b"* %n FETCH (INTERNALDATE NIL FLAGS () "
        b"RFC822.SIZE %s UID %u)")
    odd("date-gmt", b"* %n FETCH (UID %u FLAGS () INTERNALDATE "
        b'"02-Nov-2026 03:00:00 GMT" RFC822.SIZE %s)', **fine)
    odd("date-one-digit", b"* %n FETCH (UID %u FLAGS () INTERNALDATE "
        b'"2-Nov-2026 03:00:00 +0000" RFC822.SIZE %s)', **fine)
    odd("date-iso", b"* %n FETCH (UID %u FLAGS () INTERNALDATE "
        b'"2026-11-02T03:00:00Z" RFC822.SIZE %s)')
    odd("date-zone", b"* %n FETCH (UID %u FLAGS () INTERNALDATE "
        b'"02-Nov-2026 03:00:00" RFC822.SIZE %s)')
    odd("date-bare", b"* %n FETCH (UID %u FLAGS () INTERNALDATE "
        b"02-Nov-2026 03:00:00 +0000 RFC822.SIZE %s)")
    odd("date-open", b"* %n FETCH (FLAGS () RFC822.SIZE %s UID %u "
        b'INTERNALDATE "02-Nov-2026 03)')
    odd("date-year-0", b"* %n FETCH (UID %u FLAGS () INTERNALDATE "
        b'"00-Jan-0000 00:00:00 +0000" RFC822.SIZE %s)')
    odd("flag-backslash", b"* %n FETCH (UID %u FLAGS (\\Seen \\) "
        b"INTERNALDATE " + DATE + b" RFC822.SIZE %s)")
    odd("flags-open", b"* %n FETCH (FLAGS (\\Seen UID %u INTERNALDATE "
        + DATE + b" RFC822.SIZE %s)")
    odd("flags-nil", b"* %n FETCH (UID %u FLAGS NIL INTERNALDATE "
        + DATE + b" RFC822.SIZE %s)")
    odd("flags-8bit", b"* %n FETCH (UID %u FLAGS (d\xe9j\xe0 [x] {y \"z) "
        b"INTERNALDATE " + DATE + b" RFC822.SIZE %s)")
    odd("size-nil", b"* %n FETCH (UID %u FLAGS () INTERNALDATE " + DATE
        + b" RFC822.SIZE NIL)")
    odd("size-minus", b"* %n FETCH (UID %u FLAGS () INTERNALDATE " + DATE
        + b" RFC822.SIZE -1)")
    odd("unknown", b"* %n FETCH (MODSEQ (7) X (NIL) Y \"UID 99\" UID %u Z {q "
        b"FLAGS () INTERNALDATE " + DATE + b" RFC822.SIZE %s THREADID NIL)",
        **fine)
    odd("no-end", b"* %n FETCH (UID %u FLAGS () INTERNALDATE " + DATE
        + b" RFC822.SIZE %s", **fine)
    odd("double-blank", b"* %n FETCH  ( UID  %u  FLAGS  ( ) INTERNALDATE  "
        + DATE + b"  RFC822.SIZE  %s )", **fine)
    lost = f"/INBOX {POISON}: the server leaves this mail out"
    odd("uid-nil", b"* %n FETCH (UID NIL FLAGS () RFC822.SIZE %s)", lost)
    odd("garbage", b"* %n FETCH oops", lost)
    odd("starless", b"%n FETCH (UID %u FLAGS ())", lost)
    odd("empty", b"", lost)
    odd("labels-open", b"* %n FETCH (X-GM-LABELS (\\Inbox \"a UID %u "
        b"FLAGS () INTERNALDATE " + DATE + b" RFC822.SIZE %s)", lost)
    # A list that is refused may be had with less in it.
    attack("item-refused", "0", "-", **went(), LISTING=[
        lambda s, t, a: s.say(f"{t} BAD Could not parse command")
        if "INTERNALDATE" in a else s.do_LISTING(t, a)])
    # All of them: ten are named, the others counted.
    attack("item-all", "0", "and 30 more such mails", mails=40, lines="11",
           stored="40", gone="40", listed=item(
               b"* %n FETCH (UID %u FLAGS () INTERNALDATE NIL "
               b"RFC822.SIZE %s)"))


CHATTER = (b"* XYZZY lorem ipsum\r\n"
           b"* ESEARCH (TAG \"x\") UID ALL 1:3\r\n"
           b"* VANISHED (EARLIER) 300:310\r\n"
           b"* 5 XYZZY\r\n"
           b"* METADATA \"INBOX\" (/shared/comment \"{7}\")\r\n"
           b"* XLIST (\\Inbox) \"/\" INBOX\r\n"
           b"* LIST (\\ (\"/\" (\r\n"
           b"* FLAGS (\\Seen \\\r\n"
           b"* OK [PERMANENTFLAGS (\\Seen \\)] \xff\r\n"
           b"* OK [NOMODSEQ\r\n"
           b"* OK\r\n"
           b"* NO [ALERT] so what\r\n"
           b"*\r\n"
           b"\r\n"
           b"[COPYUID 52 86 1146]\r\n"
           b"* [COPYUID 52 86 1146]\r\n")


def chatter():
    """Lines that nobody knows, before the answer to any command."""
    for name in ("CAPABILITY", "LOGIN", "SELECT", "LISTING", "BODIES", "LIST",
                 "CREATE", "SUBSCRIBE", "UID_MOVE", "LOGOUT"):
        attack("line-" + name.lower().replace("_", "-"), "0", "-", **went(),
               **{name: [CHATTER, HONEST]})
    attack("line-behind", "0", "-", **went(), BODIES=[
        HONEST, CHATTER.replace(b"52", b"53")])
    # Words where nobody expects some: a warning of the server's PHP.
    attack("line-warning", "0", "-", **went(), LISTING=[
        b"Warning: mysql_query() in cache.php on line 7\r\n", HONEST])
    attack("line-body-flags", "0", "-", **went(), body=lambda n, u, data: (
        b"* %d FETCH (FLAGS (\\Seen \\) BODY[] {%d}\r\n%s UID %d)\r\n"
        % (n, len(data), data, u)))
    attack("line-body-literal", "0", "-", **went(), body=lambda n, u, data: (
        b"* %d FETCH (X-GM-LABELS ({5}\r\na)(\r\n) UID %d BODY[] {%d}\r\n%s)"
        b"\r\n" % (n, u, len(data), data)))
    attack("line-body-partial", "0", "-", **went(), body=lambda n, u, data: (
        b"* %d FETCH (UID %d BODY[]<0> {%d}\r\n%s)\r\n"
        % (n, u, len(data), data)))
    # Exchange
    attack("copyuid-bare", "0", "-", **went(), UID_MOVE=[
        b"[COPYUID 52 11:13 1146:1148]\r\n", HONEST])
    attack("copyuid-no-text", "0", "-", **went(), UID_MOVE=[
        lambda s, _t, a: s.move(a),
        b"{tag} OK [COPYUID 52 11:13 1146:1148]\r\n"])
    attack("copyuid-two", "0", "-", **went(), UID_MOVE=[
        lambda s, _t, a: s.move(a), b"{tag} OK [COPYUID 52 1146] done\r\n"])
    attack("ok-bare", "0", "-", **went(),
           LOGIN=b"{tag} OK\r\n", SUBSCRIBE=b"{tag} OK \r\n")


def sizes():
    """RFC822.SIZE that is far too small."""
    def heavy(number, uid, data, kilobytes=3000):
        return body(number, uid, (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            b"--b\r\nContent-Type: text/plain\r\n\r\n"
            + (b"x" * 998 + b"\r\n") * kilobytes
            + b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
            + data + b"\r\n--b--\r\n"))

    for name, size in (("one", 1), ("none", 0), ("tenth", 300000)):
        attack("size-" + name, "0", "-", **went(), body=heavy,
               listed=lambda n, u, _s, size=size: listed(n, u, size))
    attack("size-many", "0", "-", mails=40, lines="0", stored="40", gone="40",
           body=lambda n, u, data: heavy(n, u, data, 500),
           listed=lambda n, u, _s: listed(n, u, 10))
    # Larger than may be, and said to be small: the others are read.
    attack("size-huge", "65", f"/INBOX {POISON}: .*more than 1048576",
           stored="2", gone="3", stored2=2, gone2=3, lines="1",
           settings="max_size = 1M\n", body=only(POISON, heavy),
           listed=lambda n, u, _s: listed(n, u, 9))


# ---- folders ----------------------------------------------------


def below(prefix):
    """A server whose folders are all below a prefix."""

    def name_of(args):
        return args.split(" ")[-1].strip('"')

    def fits(name):
        return name == "INBOX" or name.startswith(prefix)

    def list_(session, tag, args):
        name = name_of(args)
        for f in sorted(session.box.folders):
            if f == name or name == "*":
                session.say(f'* LIST () "{prefix[-1]}" "{f}"')
        session.say(f"{tag} OK listed")

    def create(session, tag, args):
        name = args.strip('"')
        if not fits(name):
            session.say(f"{tag} NO Invalid mailbox name.")
        elif name in session.box.folders:
            session.say(f"{tag} NO [ALREADYEXISTS] Mailbox exists.")
        else:
            session.do_CREATE(tag, args)

    def move(session, tag, args):
        name = name_of(args)
        if name not in session.box.folders:
            session.say(f"{tag} NO [TRYCREATE] Mailbox does not exist.")
        else:
            session.do_UID_MOVE(tag, args)

    return {"LIST": list_, "CREATE": create, "UID_MOVE": move,
            "NAMESPACE": f'* NAMESPACE (("{prefix}" "{prefix[-1]}")) NIL '
                         f'NIL\r\n{{tag}} OK done\r\n'.encode()}


def exists(answer, called="Processed", shown=None):
    """CREATE is refused, as the folder is there, by that name only.  It is
    listed under the name that is shown."""
    def list_(session, tag, args):
        name = args.split(" ")[-1].strip('"')
        if shown and name in (shown, "*"):
            session.say(f'* LIST () "/" "{shown}"')
        session.say(f"{tag} OK listed")

    def move(session, tag, args):
        name = args.split(" ")[-1].strip('"')
        if name != called:
            session.say(f"{tag} NO [TRYCREATE] no such folder")
        else:
            session.do_UID_MOVE(tag, args)

    return {"LIST": list_, "CREATE": answer, "UID_MOVE": move}


def attributes(flags, create=HONEST):
    """There is a name, with such attributes, until it is made."""

    def list_(session, tag, args):
        name = args.split(" ")[-1].strip('"')
        shown = "" if name in session.box.folders else flags
        session.say(f'* LIST ({shown}) "/" "{name}"')
        session.say(f"{tag} OK listed")

    def move(session, tag, args):
        name = args.split(" ")[-1].strip('"')
        if name not in session.box.folders:
            session.say(f"{tag} NO [NONEXISTENT] not a mailbox")
        else:
            session.do_UID_MOVE(tag, args)

    return {"LIST": list_, "CREATE": [create], "UID_MOVE": move}


MOVES = "stored = move Processed\nduplicate = leave\n"


def unshown(session, tag, args):
    """A folder whose name a terminal would obey."""
    if args.split(" ")[-1].startswith('"R'):
        session.say('* LIST () "/" "R/&ABs-[2J"')
        session.say(f"{tag} OK listed")
    else:
        session.do_LIST(tag, args)


def many(session, tag, args):
    """Names only, 10,020 of them, of which 10,000 are looked at."""
    if args.split(" ")[-1].startswith('"R'):
        for i in range(10020):
            session.say(f'* LIST (\\Noselect) "/" "R/{i}"')
        session.say(f"{tag} OK listed")
    else:
        session.do_LIST(tag, args)


def folders():
    spaced = "IMAP4rev1 UIDPLUS MOVE NAMESPACE"
    attack("prefix-namespace", "0", "-", **went(), **below("INBOX."),
           capabilities=spaced)
    attack("prefix-guessed", "0", "-", **went(), **below("INBOX."))
    attack("prefix-slash", "0", "-", **went(), **below("INBOX/"),
           capabilities=spaced)
    attack("prefix-mail", "0", "-", **went(), **below("Mail/"),
           capabilities=spaced)
    attack("prefix-given", "0", "-", **went(), **below("INBOX."),
           capabilities=spaced,
           settings="stored = move INBOX.Done\nduplicate = leave\n")
    attack("prefix-separator", "0", "-", **went(), **below("INBOX."),
           capabilities=spaced,
           settings="stored = move DMARC/Done\nduplicate = leave\n")
    how = below("INBOX.")
    how["NAMESPACE"] = b"{tag} NO what\r\n"
    attack("prefix-refused", "78", "Invalid mailbox name", stored="3",
           gone="0", gone2="3", capabilities=spaced, **how)

    attack("folder-control", "78", "1 more folders are not read",
           **went("1"), LIST=unshown,
           settings="folder = INBOX, R/*\n" + MOVES)
    attack("folders-too-many", "78", "20 more folders are not read",
           **went("1"), LIST=many, settings="folder = INBOX, R/*\n" + MOVES)

    no = b"{tag} NO "
    attack("exists-code", "0", "-", **went(),
           **exists(no + b"[ALREADYEXISTS] there is one\r\n"))
    attack("exists-text", "0", "-", **went(),
           **exists(no + b"Mailbox already exists!\r\n"))
    attack("exists-bad", "0", "-", **went(),
           **exists(b"{tag} BAD Folder exists\r\n"))
    attack("exists-case", "0", "-", **went(), **exists(
        no + b"[ALREADYEXISTS] there is one\r\n", "processed", "processed"))
    attack("listed-case", "0", "-", **went(), **exists(
        no + b"never\r\n", "PROCESSED", None)
        | {"LIST": b'* LIST () "/" "PROCESSED"\r\n{tag} OK listed\r\n'})

    attack("noselect-made", "0", "-", **went(), **attributes("\\Noselect"))
    attack("nonexistent-made", "0", "-", **went(),
           **attributes("\\NonExistent"))
    attack("noselect-no", "78", "making the folder Processed: no such thing",
           stored="3", gone="0", gone2="3", **attributes(
               "\\Noselect \\HasChildren", no + b"no such thing\r\n"))
    attack("noselect-exists", "78", "can hold no mails", stored="3", gone="0",
           gone2="3", **attributes("\\NoSelect",
                                   no + b"[ALREADYEXISTS] there\r\n"))

    attack("list-refused", "0", "-", **went(),
           LIST=no + b"[NOPERM] nothing is listed\r\n")
    attack("list-bad-command", "0", "-", **went(), LIST=b"{tag} BAD LIST?\r\n")
    attack("list-refused-exists", "0", "-", **went(),
           LIST=no + b"nothing is listed\r\n",
           CREATE=no + b"[ALREADYEXISTS] there is one\r\n")
    attack("list-and-create-refused", "0", "-", **went(),
           LIST=no + b"nothing is listed\r\n", CREATE=no + b"never\r\n")
    moves()


def moves():
    no = b"{tag} NO "
    for name, text in (("cannot", b"[CANNOT] not this\r\n"),
                       ("plain", b"MOVE failed\r\n"),
                       ("noperm", b"[NOPERM] Permission denied\r\n")):
        attack("move-refused-" + name, "0", "-", **went(), UID_MOVE=no + text)
    attack("move-refused-copy-too", "75",
           r"COPY failed \(MOVE was refused: MOVE failed\)", stored="3", gone="0",
           gone2="3", UID_MOVE=no + b"MOVE failed\r\n",
           UID_COPY=no + b"COPY failed\r\n", never="UID (STORE|EXPUNGE)")
    attack("move-refused-not-now", "75", "throttled", stored="3", gone="0",
           gone2="3", UID_MOVE=no + b"Request is throttled\r\n",
           never="UID (COPY|STORE|EXPUNGE)")
    attack("move-refused-marked", "0", "-", lines="0", stored="3", gone="0",
           gone2="-", UID_MOVE=no + b"MOVE failed\r\n", never="EXPUNGE",
           capabilities="IMAP4rev1 MOVE")
    # Nothing may be deleted: then no copy is made, either.
    flags = (b"* OK [PERMANENTFLAGS (\\Seen \\Answered \\*)] limited\r\n")
    attack("move-no-rights", "78", "lets nobody delete", stored="3", gone="0",
           gone2="3", SELECT=[flags, HONEST], UID_MOVE=no + b"not you\r\n",
           never="UID (COPY|STORE|EXPUNGE)")
    attack("move-no-acl", "78", "lets nobody delete", stored="3", gone="0",
           gone2="3", capabilities="IMAP4rev1 UIDPLUS MOVE ACL",
           MYRIGHTS=b"* MYRIGHTS INBOX lrswi\r\n{tag} OK these\r\n",
           UID_MOVE=no + b"not you\r\n", never="UID (COPY|STORE|EXPUNGE)")
    # A copy that was made is not made again; the rest is done later.
    attack("copy-once", "75", "not yours", stored="3", gone="0", gone2="3",
           UID_MOVE=no + b"MOVE failed\r\n",
           UID_STORE=no + b"not yours\r\n")


# ---- not now ----------------------------------------------------

LATER = {
    "throttled": b"BAD Request is throttled. Suggested Backoff Time: 92415 "
                 b"milliseconds",
    "not-connected": b"BAD User is authenticated but not connected.",
    "unavailable": b"NO Server Unavailable. 15",
    "connections": b"NO [ALERT] Too many simultaneous connections. (Failure)",
    "dovecot": b"NO Maximum number of connections from user+IP exceeded "
               b"(mail_max_userip_connections=10)",
    "bandwidth": b"NO [OVERQUOTA] Account exceeded command or bandwidth "
                 b"limits. (Failure)",
    "limit": b"NO [LIMIT] LOGIN Rate limit hit",
    "temporary": b"NO Temporary authentication failure.",
    "maintenance": b"NO System is down for maintenance",
    "courier": b"NO Error in IMAP command received by server, try later",
}


def not_now():
    for name, text in LATER.items():
        attack("later-login-" + name, "75", "login: ",
               LOGIN=b"{tag} " + text + b"\r\n")
        attack("later-select-" + name, "75", "folder INBOX: ",
               SELECT=b"{tag} " + text + b"\r\n")
        # Three are asked for, and not sixty.
        attack("later-body-" + name, "75", "the rest is for the next run",
               mails=20, settings="batch = 4\n", lines="3",
               BODIES=b"{tag} " + text + b"\r\n",
               never="UID FETCH (1[4-9]|[2-9][0-9]) ")
        attack("later-list-" + name, "75", "list of mails: ",
               LISTING=b"{tag} " + text + b"\r\n")
        attack("later-create-" + name, "75", "Processed: ", stored="3",
               gone="0", gone2="3", CREATE=b"{tag} " + text + b"\r\n")
    for name, text in (("wrong", b"NO LOGIN failed."),
                       ("credentials", b"NO [AUTHENTICATIONFAILED] Invalid "
                        b"credentials (Failure), later"),
                       ("password", b"NO Login fail. Password is incorrect, "
                        b"or system is busy"),
                       ("app", b"NO [ALERT] Application-specific password "
                        b"required (Failure)")):
        attack("never-login-" + name, "78", "login: ",
               LOGIN=b"{tag} " + text + b"\r\n")
    attack("later-bye", "75", "Too many connections", clear="no",
           greeting=[b"* BYE Too many connections from your IP\r\n", h.close])
    refused()


def refused():
    """The same refusal of every mail, which is none for now: the last and the
    middle one show that no mail is given."""
    attack("refused-all", "75", "the rest is for the next run", mails=30,
           lines="3", BODIES=b"{tag} NO no such mail\r\n",
           never="UID FETCH (1[4-9]|2[0-4]) ")

    def but(*given):
        def fetch(session, tag, args):
            uids = h.uids_of(args.split(" ")[0], session.box)
            if set(uids) <= set(given):
                session.do_BODIES(tag, args)
            else:
                session.say(f"{tag} NO [SERVERBUG] message {uids[0]} is broken")

        return fetch

    # A heap of broken mails is passed by: what stands behind it is read.
    attack("refused-heap", "75", "/INBOX 11: ", mails=30, lines="21",
           stored="14", gone="14", BODIES=but(*range(27, 41)),
           settings="batch = 10\n")


# ---- who are you ----------------------------------------------------


def ids():
    """163.com opens no folder for who has not said who he is."""

    def select(session, tag, args):
        if getattr(session, "is_known", False):
            session.do_SELECT(tag, args)
        else:
            session.say(f"{tag} NO SELECT Unsafe Login. Please contact "
                        "kefu@188.com for help")

    def know(session, tag, args):
        session.is_known = '"name" "dmarc-ingest"' in args
        session.say('* ID ("name" "Coremail Imap" "vendor" "Mirapoint")')
        session.say(f"{tag} OK ID completed")

    attack("id-offered", "0", "-", **went(), ID=know, SELECT=select,
           capabilities="IMAP4rev1 ID UIDPLUS MOVE")
    attack("id-not-offered", "0", "-", **went(), ID=know, SELECT=select)
    attack("id-refused", "0", "-", **went(), ID=b"{tag} BAD what?\r\n",
           capabilities="IMAP4rev1 ID UIDPLUS MOVE")
    attack("id-odd", "0", "-", **went(),
           ID=b'* ID ("name" NIL "x" (\r\n* ID NIL\r\n{tag} OK\r\n',
           capabilities="IMAP4rev1 ID UIDPLUS MOVE")
    attack("id-no", "78", "Unsafe Login", ID=b"{tag} NO never\r\n",
           SELECT=select)
    # Tags of digits alone are not good enough for some.
    attack("tag-letter", "0", "-", **went(), LOGIN=lambda s, t, a: (
        s.do_LOGIN(t, a) if t[0].isalpha() else s.say(f"{t} BAD tag")))


h.GROUPS[:] = [odd_items, chatter, sizes, folders, not_now, ids]

if __name__ == "__main__":
    h.main()
