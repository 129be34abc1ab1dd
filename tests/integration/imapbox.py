#!/usr/bin/env python3
"""Fill and look at mailboxes of the private Dovecot, over IMAP with TLS.

usage: imapbox.py fill USER FOLDER DIR     append every file of DIR, or of cur
                                           and new of a Maildir, in the order
                                           of their names; makes the folder
       imapbox.py count USER FOLDER        how many mails; "-" without folder
       imapbox.py list USER                a line per folder: count, name
       imapbox.py flags USER FOLDER        a line per mail: UID, flags (sorted,
                                           with commas; "-" for none),
                                           Message-ID
       imapbox.py delete USER FOLDER UIDS  delete mails, UIDS as in IMAP: 1:3,7
       imapbox.py recreate USER FOLDER     the folder is empty, its UIDVALIDITY
                                           another and UIDs begin with 1
       imapbox.py drop USER FOLDER         the folder goes, with its mails
       imapbox.py wipe USER                the same for all: only INBOX is left

The password is $IMAP_PASSWORD or "secret".  recreate INBOX and wipe delete
files of the server's: end the user's sessions before.  In the mailboxes that
u7 may only read, w7 can write.
"""
import base64
import imaplib
import os
import re
import shutil
import signal
import ssl
import sys

CHUNK = 1 << 20


def encoded(name):
    """A folder's name in modified UTF-7 (RFC 3501, 5.1.3)."""

    def shift(match):
        data = base64.b64encode(match.group().encode("utf-16-be"))
        return "&" + data.decode().rstrip("=").replace("/", ",") + "-"

    name = name.replace("&", "&-")
    return re.sub(r"[^\x20-\x7e]+", shift, name)


def decoded(name):
    def back(match):
        data = match.group(1).replace(",", "/")
        if not data:
            return "&"
        return base64.b64decode(data + "==").decode("utf-16-be")

    return re.sub(r"&([^-]*)-", back, name)


def quoted(name):
    name = encoded(name).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + name + '"'


def done(answer):
    kind, data = answer
    if kind != "OK":
        sys.exit("imapbox: %s %s" % (kind, data))
    return data


def login(user):
    tls = ssl.create_default_context(cafile=os.environ["IMAP_CA"])
    port = int(os.environ["IMAPS_PORT"])
    box = imaplib.IMAP4_SSL(os.environ["IMAP_HOST"], port, ssl_context=tls)
    box.login(user, os.environ.get("IMAP_PASSWORD", "secret"))
    return box


def create(box, folder):
    kind, data = box.create(quoted(folder))
    if kind != "OK" and b"[ALREADYEXISTS]" not in data[0]:
        sys.exit("imapbox: %s" % data)


def fill(box, folder, path):
    """All of them with one command: LITERAL+ and MULTIAPPEND."""
    if folder.upper() != "INBOX":
        create(box, folder)
    folders = [path]
    if os.path.isdir(os.path.join(path, "cur")):
        folders = [os.path.join(path, part) for part in ("cur", "new")]
    mails = [e.path for f in folders for e in os.scandir(f) if e.is_file()]
    if not mails:
        return
    out = bytearray(b"fill APPEND " + quoted(folder).encode())
    for name in sorted(mails, key=os.path.basename):
        with open(name, "rb") as f:
            mail = re.sub(rb"(?<!\r)\n", b"\r\n", f.read())
        out += b" {%d+}\r\n" % len(mail)
        out += mail
        if len(out) >= CHUNK:
            box.sock.sendall(out)
            out.clear()
    box.sock.sendall(out + b"\r\n")
    while True:
        line = box.readline()
        if line.startswith(b"fill OK"):
            return
        if not line.startswith(b"* "):
            sys.exit("imapbox: %r" % line)


def count(box, folder):
    kind, data = box.status(quoted(folder), "(MESSAGES)")
    if kind != "OK":
        return "-"
    return re.search(rb"MESSAGES (\d+)\)$", data[-1]).group(1).decode()


def names(box):
    """Every folder that can hold mail."""
    for line in done(box.list()):
        if line is None:
            continue
        literal = isinstance(line, tuple)
        head = line[0] if literal else line
        if b"\\noselect" in head.split(b")")[0].lower():
            continue
        if literal:
            name = line[1]
        else:
            name = re.match(rb'\([^)]*\) (?:"[^"]*"|NIL) (.*)', line).group(1)
            if name.startswith(b'"'):
                name = re.sub(rb"\\(.)", rb"\1", name[1:-1])
        yield decoded(name.decode())


def flags(box, folder):
    done(box.select(quoted(folder), readonly=True))
    what = "(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
    for item in done(box.fetch("1:*", what)):
        if not isinstance(item, tuple):
            continue
        uid = re.search(rb"UID (\d+)", item[0]).group(1)
        flag = re.search(rb"FLAGS \(([^)]*)\)", item[0]).group(1)
        # \Recent only tells which session looked first
        flag = sorted(f for f in flag.decode().split() if f != "\\Recent")
        ident = item[1].decode(errors="replace").partition(":")[2].split()
        print(uid.decode(), ",".join(flag) or "-", " ".join(ident) or "-")


def delete(box, folder, uids):
    done(box.select(quoted(folder)))
    done(box.uid("STORE", uids, "+FLAGS.SILENT", "(\\Deleted)"))
    done(box.uid("EXPUNGE", uids))


def remove(top):
    """All below a folder, but not what tells the last UIDVALIDITY."""
    for path, _, files in os.walk(top, topdown=False):
        for name in files:
            if not name.startswith("dovecot-uidvalidity"):
                os.unlink(os.path.join(path, name))
        if path != top and not os.listdir(path):
            os.rmdir(path)


def forget(user, inbox_only):
    top = os.path.join(os.environ["IMAP_MAIL"], user.replace("w", "u"))
    mail = os.path.join(top, "mail")
    boxes = os.path.join(mail, "mailboxes")
    if not inbox_only:
        remove(top)
    elif os.path.isdir(boxes):
        shutil.rmtree(os.path.join(boxes, "INBOX"), ignore_errors=True)
    elif os.path.isdir(mail):
        # a Maildir: the other folders' names begin with a dot
        for entry in os.scandir(mail):
            if entry.name in ("cur", "new", "tmp"):
                shutil.rmtree(entry.path)
            elif re.match(r"dovecot-uidlist|dovecot\.index", entry.name):
                os.unlink(entry.path)


def main():
    wanted = {
        "fill": 5,
        "count": 4,
        "list": 3,
        "flags": 4,
        "delete": 5,
        "recreate": 4,
        "drop": 4,
        "wipe": 3,
    }
    if len(sys.argv) < 3 or wanted.get(sys.argv[1]) != len(sys.argv):
        sys.exit(__doc__)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    verb, user, *rest = sys.argv[1:]
    if verb == "wipe":
        forget(user, False)
        return
    if verb == "recreate" and rest[0].upper() == "INBOX":
        forget(user, True)
        return
    box = login(user)
    if verb == "fill":
        fill(box, *rest)
    elif verb == "count":
        print(count(box, *rest))
    elif verb == "list":
        for name in sorted(names(box)):
            print(count(box, name), name)
    elif verb == "flags":
        flags(box, *rest)
    elif verb == "delete":
        delete(box, *rest)
    elif verb == "drop":
        done(box.delete(quoted(rest[0])))
    elif verb == "recreate":
        box.delete(quoted(rest[0]))
        create(box, rest[0])
    box.logout()


main()
