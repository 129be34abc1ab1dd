#!/usr/bin/env python3
"""Attacks, generated: each a file between two good neighbours.

usage: hostile.py make DIR       make DIR/NAME/{1-before.xml,2-NAME,3-after.xml}
                                 and print the table of what is expected
       hostile.py run PROGRAM DIR TABLE
                                 run it on each, and print: name, exit status,
                                 lines on standard error, those that name the
                                 file, invisible characters, peak in MB, size
                                 and SHA-256 of the file
       hostile.py cuts FILE DIR  FILE cut off at every tenth byte
       hostile.py names DIR      files with names that attack a terminal

A line of the table, separated by tabs:
  name  exit  lines  outcome  reason  kept  messages

lines is how many go to standard error.  kept is yes (the same bytes lie in
set_aside), no (nothing lies there), size (only the size, bytes are NULL) or
records:N (N records lie there, and the file to read them again from).
messages is what the attacked document itself adds to the sums, worked out by
hand; "-" where nothing of it is stored, or where any reason will do.
"""
import base64
import binascii
import gzip
import hashlib
import io
import lzma
import os
import struct
import sys
import zipfile
import zlib

import limited

table = []

# Stored, and yet a line is said.
REMARKED = ("ip-invalid", "dates-reversed", "encoding-latin-1",
            "encoding-unknown", "encoding-utf-16-is-utf-8")

ONE = """<record><row><source_ip>192.0.2.1</source_ip><count>5</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim>
<spf>fail</spf></policy_evaluated></row><identifiers>
<header_from>example.jp</header_from></identifiers></record>
"""


def report(ident, records=ONE, org="o.example", begin="1793491200",
           end="1793577599", domain="example.jp", more="", head="",
           declaration='<?xml version="1.0"?>\n'):
    return f"""{declaration}{head}<feedback><report_metadata>
<org_name>{org}</org_name><email>a@o.example</email>{more}
<report_id>{ident}</report_id>
<date_range><begin>{begin}</begin><end>{end}</end></date_range>
</report_metadata><policy_published><domain>{domain}</domain><p>none</p>
</policy_published>
{records}</feedback>
"""


def counted(count):
    return ONE.replace("<count>5</count>", count)


def addressed(text):
    return ONE.replace("192.0.2.1", text)


def mail(body, kind="application/xml", extra="", coding="base64"):
    text = base64.encodebytes(body).decode() if coding == "base64" else body
    return (f"From: a@o.example\nTo: rua@example.jp\nSubject: x\n"
            f"MIME-Version: 1.0\n{extra}Content-Type: {kind}\n"
            f"Content-Transfer-Encoding: {coding}\n\n{text}\n").encode()


def blocks(block, times, wbits, start=b"", end=b""):
    """Deflate of a block many times over: compressed once, then repeated."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    first = z.compress(start) + z.flush(zlib.Z_FULL_FLUSH)
    again = z.compress(block) + z.flush(zlib.Z_FULL_FLUSH)
    last = z.compress(end) + z.flush(zlib.Z_FINISH)
    return first + again * times + last


def gzip_of(block, times, start=b"", end=b""):
    body = blocks(block, times, -15, start, end)
    return (b"\x1f\x8b\x08\0\0\0\0\0\0\3" + body + b"\0" * 4
            + struct.pack("<I", (len(start) + len(block) * times + len(end))
                          & 0xffffffff))


def zip_entry(name, method, body, size, crc):
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, method, 0, 0x5821,
                       crc, len(body), size, len(name), 0) + name + body


def zip_central(name, method, packed, size, crc, offset):
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, method, 0,
                       0x5821, crc, packed, size, len(name), 0, 0, 0, 0, 0,
                       offset) + name


def zip_end(count, size, offset):
    n = min(count, 0xffff)
    return struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, n, n, size, offset, 0)


def zip_of(members):
    """members: (name, method, body as stored, size, crc)"""
    out, central = io.BytesIO(), io.BytesIO()
    count = 0
    for name, method, body, size, crc in members:
        central.write(zip_central(name, method, len(body), size, crc,
                                  out.tell()))
        out.write(zip_entry(name, method, body, size, crc))
        count += 1
    offset = out.tell()
    directory = central.getvalue()
    return (out.getvalue() + directory
            + zip_end(count, len(directory), offset))


def zip_simple(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in files:
            z.writestr(name, text)
    return out.getvalue()


def put(path, data):
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())


def attack(name, data, status, outcome, reason, kept, messages="-",
           lines=1):
    if outcome == "stored" and status == 0 and name not in REMARKED:
        lines = 0
    where = f"{top}/{name}"
    os.makedirs(where)
    put(f"{where}/1-before.xml", report(f"before-{name}"))
    put(f"{where}/3-after.xml", report(f"after-{name}"))
    path = f"{where}/2-{name}"
    if data is not None:
        put(path, data)
    table.append((name, status, lines, outcome, reason, kept, messages))
    return path


def plain():
    attack("empty", b"", 0, "not_report", "empty", "no")
    attack("zip-password",
           open("fixtures/attach/hostile/zip-encrypted.zip", "rb").read(),
           65, "set_aside", "encrypted", "yes")
    attack("tls-report", b'{"organization-name":"x","policies":[]}', 65,
           "set_aside", "bad_tls_report", "yes")
    attack("failure-report", b"""From: a@o.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary=b

--b
Content-Type: text/plain

a failure
--b
Content-Type: message/feedback-report

Feedback-Type: auth-failure
--b--
""", 0, "failure_report", "-", "no", lines=0)
    attack("bounce", b"""From: MAILER-DAEMON@o.example
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

undeliverable
--b
Content-Type: message/delivery-status

Action: failed
--b--
""", 0, "not_report", "bounce", "no")
    attack("plain-mail", b"From: a@o.example\nSubject: hello\n\nHow are you?\n",
           0, "not_report", "plain_mail", "no")


def bombs():
    mib = b"\0" * (1 << 20)
    # 1 GiB of blanks inside a report: over the ratio.
    head = report("gzip-bomb").split("<record>")[0].encode()
    attack("gzip-bomb", gzip_of(b" " * (1 << 20), 1024, head), 65,
           "set_aside", "unpacks_to_too_much", "yes")
    # 1 GiB of zeros: nobody knows what that is, so it is kept.
    attack("gzip-zeros", gzip_of(mib, 1024), 65, "set_aside",
           "nested_too_large", "yes")
    body = blocks(b" " * (1 << 20), 1024, -15, head)
    attack("zip-bomb", zip_of([(b"a.xml", 8, body,
                                (1 << 30) + len(head), 0)]), 65,
           "set_aside", "unpacks_to_too_much", "yes")
    # An archive of a GiB in an archive.
    inner = gzip_of(b" " * (1 << 20), 1024, head)
    attack("gzip-in-zip-bomb", zip_simple([("a.xml.gz", inner)]), 65,
           "set_aside", "unpacks_to_too_much", "yes")
    nested = zip_simple([("r.xml", report("nested-zip-2"))])
    attack("nested-zip-2", zip_simple([("r.zip", nested)]), 0, "stored", None,
           "no", 5)
    nested = zip_simple([("r.zip", zip_simple(
        [("r.xml", report("nested-zip-3"))]))])
    attack("nested-zip-3", zip_simple([("r.zip", nested)]), 65, "set_aside",
           "nested_too_deeply", "yes")
    attack("zip-100000-entries",
           zip_of((b"%d" % i, 0, b"", 0, 0) for i in range(100000)), 65,
           "set_aside", "too_many_members", "yes")

    def many():
        for i in range(12000):
            text = report(f"many-{i}", counted("<count>1</count>")).encode()
            yield (b"%d.xml" % i, 0, text, len(text), binascii.crc32(text))
    # 10,000 are taken, a message each; the rest lies in set_aside with all.
    attack("zip-12000-reports", zip_of(many()), 65, "set_aside",
           "too_many_members", "yes", 10000)
    # Many entries of the directory lead to the same 8 MiB.
    body = blocks(b" " * (1 << 20), 8, -15, head)
    name = b"a.xml"
    entry = zip_entry(name, 8, body, 8 << 20, 0)
    central = b"".join(
        zip_central(b"%05d" % i, 8, len(body), 8 << 20, 0, 0)
        for i in range(5000))
    attack("zip-overlap", entry + central
           + zip_end(5000, len(central), len(entry)), 65, "set_aside",
           None, "yes")
    # A dictionary of 4 GiB is asked for.
    xz = bytearray(lzma.compress(report("xz-dictionary").encode(),
                                 lzma.FORMAT_XZ, lzma.CHECK_CRC32))
    xz[16] = 40  # block header: size, flags, filter id, size, dictionary
    size = (xz[12] + 1) * 4
    xz[12 + size - 4:12 + size] = struct.pack(
        "<I", binascii.crc32(bytes(xz[12:12 + size - 4])))
    attack("xz-dictionary", bytes(xz), 65, "set_aside", "decoder_memory",
           "yes")
    attack("gzip-empty", gzip.compress(b"", mtime=0), 0, "not_report",
           "empty", "no")
    attack("gzip-300000-members", gzip.compress(b"", mtime=0) * 300000, 0,
           "not_report", "empty", "no")
    attack("gzip-long-name", b"\x1f\x8b\x08\x08\0\0\0\0\0\3"
           + b"n" * 20000000 + b"\0", 65, "set_aside", None, "yes")


def markup():
    secret = f"{top}/secret"
    put(secret, "TOPSECRET")
    attack("doctype-file", report(
        "doctype-file", more="<extra_contact_info>&x;</extra_contact_info>",
        head=f'<!DOCTYPE feedback [<!ENTITY x SYSTEM "file://{secret}">]>'),
        65, "set_aside", "doctype", "yes")
    lol = '<!ENTITY l0 "lol">' + "".join(
        f'<!ENTITY l{i} "{("&l%d;" % (i - 1)) * 10}">' for i in range(1, 10))
    attack("doctype-laughs", report(
        "doctype-laughs", more="<extra_contact_info>&l9;</extra_contact_info>",
        head=f"<!DOCTYPE feedback [{lol}]>"), 65, "set_aside", "doctype",
        "yes")
    attack("start-tag-2mb", report("start-tag-2mb", more="<x "
           + " ".join(f'a{i}="v"' for i in range(220000)) + "/>"), 65,
           "set_aside", "xml_token_too_long", "yes")
    attack("attribute-2mb", report("attribute-2mb", more='<x a="'
           + "v" * 2000000 + '"/>'), 65, "set_aside", "xml_token_too_long",
           "yes")
    attack("comment-2mb", report("comment-2mb", more="<!-- "
           + "c" * 2000000 + "-->"), 65, "set_aside", "xml_token_too_long",
           "yes")
    attack("deep-100000", report("deep-100000", more="<x>" * 100000
           + "</x>" * 100000), 65, "set_aside", "xml_too_deep", "yes")
    attack("records-500000", report("records-500000", "<record/>" * 500000),
           65, "set_aside", "too_many_bad_records", "yes")
    # Of a record that cannot be read its texts are kept, up to a bound; the
    # noise is there for the ratio.
    long = ("<record><row><count>x</count></row><auth_results>"
            + f"<dkim><selector>{'s' * 4000}</selector></dkim>" * 50
            + "</auth_results></record>") * 900
    attack("records-long-texts", zip_simple(
        [(f"{i}.xml", report(f"records-long-texts-{i}", ONE + long))
         for i in range(3)] + [("noise", os.urandom(1 << 20))]), 65, None,
        None, None, None, None)
    # An element with as many attributes as go into one token, again and again.
    tag = "<x " + " ".join(f'a{i:04}=""' for i in range(6000)) + "/>"
    attack("attributes", report("attributes", more=tag * 100), 0, "stored",
           None, "no", 5)
    text = report("nul-in-record", ONE + ONE.replace("192.0.2.1", "192\0.0")
                  + ONE)
    attack("nul-in-record", text, 65, "set_aside", "broken_xml", "yes")
    # Behind the records; libxml2 stops there, nobody knows what follows.
    attack("nul-at-end", report("nul-at-end", ONE + "\0"), 65, "set_aside",
           "broken_xml", "yes")
    # All of it is ASCII, whatever the label says.
    attack("encoding-unknown", report(
        "encoding-unknown",
        declaration='<?xml version="1.0" encoding="x-foo"?>\n'), 0,
        "stored", None, "no", 5)
    attack("encoding-utf-16-is-utf-8", report(
        "encoding-utf-16-is-utf-8",
        declaration='<?xml version="1.0" encoding="UTF-16"?>\n'), 0,
        "stored", None, "no", 5)
    # Only a character of a text is wrong: read, and marked.
    attack("encoding-latin-1", report(
        "encoding-latin-1", org="caf\xe9 inc",
        declaration='<?xml version="1.0" encoding="UTF-8"?>\n'
    ).encode("latin-1"), 0, "stored", None, "no", 5)


def values():
    for name, count in (("negative", "<count>-1</count>"),
                        ("huge", "<count>1000000000001</count>"),
                        ("above-int64", "<count>9223372036854775808</count>"),
                        ("float", "<count>1e3</count>"),
                        ("absent", ""), ("empty", "<count/>")):
        attack(f"count-{name}", report(f"count-{name}", ONE + counted(count)),
               65, "stored", None, "records:1", 5)
    # More than one number, or one that is broken: nobody can say which.
    attack("count-twice", report("count-twice", ONE + counted(
        "<count>3</count><count>4</count>")), 65, "stored", None, "records:1",
        5)
    attack("row-twice", report("row-twice", ONE + ONE.replace(
        "</row>", "</row><row><count>4</count></row>")), 65, "stored", None,
        "records:1", 5)
    attack("count-with-element", report("count-with-element", ONE + counted(
        "<count>1<x/>2</count>")), 65, "stored", None, "records:1", 5)
    for name, text in (("entity", "1&nbsp;2"), ("ampersand", "1&2"),
                       ("control", "1\x012"), ("reference", "1&#1;2")):
        attack(f"count-with-{name}", report(f"count-with-{name}", ONE
               + counted(f"<count>{text}</count>")), 65, "set_aside",
               "broken_xml", "yes")
    attack("date-with-control", report("date-with-control",
           begin="1793\x01491200"), 65, "set_aside", "broken_xml", "yes")
    # The largest that is believed.
    attack("count-largest", report(
        "count-largest", ONE + counted("<count>1000000000000</count>")), 0,
        "stored", None, "no", 1000000000005)
    attack("count-zero", report("count-zero", ONE
           + counted("<count>0</count>")), 0, "stored", None, "no", 5)
    attack("ip-invalid", report("ip-invalid", ONE + addressed("192.0.2.256")
           + addressed("localhost") + addressed("::ffff:1.2.3.4.5")), 0,
           "stored", None, "no", 20)
    attack("dates-reversed", report("dates-reversed", begin="1793577599",
           end="1793491200"), 0, "stored", None, "no", 5)
    attack("dates-negative", report("dates-negative", begin="-1"), 65,
           "set_aside", "bad_date", "yes")
    # Where a byte limit falls into the middle of a character.
    attack("half-date", report("half-date", begin="あ" * 20), 65, "set_aside",
           "no_date_range", "yes")
    for i in range(3):
        attack(f"half-root-{i}", "<" + "r" * i + "い" * 40 + "/>", 0,
               "not_report", "xml_other", "no")
        attack(f"half-tag-{i}", '<?xml version="1.0"?>\n<feedback><'
               + "t" * i + "う" * 100 + "></b></feedback>", 65, "set_aside",
               "broken_xml", "yes")
        attack(f"half-org-{i}", report(f"half-org-{i}", org="o" * i
               + "え" * 2000), 65, "set_aside", "key_too_long", "yes")
        attack(f"half-domain-{i}", report(
            f"half-domain-{i}", domain="d" * i + "お" * 2000), 65,
            "set_aside", "key_too_long", "yes")
        attack(f"half-text-{i}", report(
            f"half-text-{i}", more="<extra_contact_info>" + "x" * i
            + "か" * 2000 + "</extra_contact_info>"), 0, "stored", None, "no",
            5)
        attack(f"half-selector-{i}", report(f"half-selector-{i}", ONE.replace(
            "</record>", "<auth_results><dkim><domain>example.jp</domain>"
            f"<selector>{'s' * i}{'き' * 2000}</selector></dkim>"
            "</auth_results></record>")), 0, "stored", None, "no", 5)
        attack(f"half-count-{i}", report(f"half-count-{i}", ONE + counted(
            f"<count>{'n' * i}{'く' * 2000}</count>")), 65, "stored", None,
            "records:1", 5)
    # What COPY, arrays and composites give a meaning to.
    odd = '\\.\n\\N\t\\\\ "{},()\' \\" NULL {NULL} \\x41 $$;--'
    attack("copy-special", report(
        "copy-special", ONE.replace(
            "</policy_evaluated>", f"<reason><type>{odd}</type><comment>{odd}"
            "</comment></reason></policy_evaluated>").replace(
            "</record>", f"<auth_results><dkim><domain>{odd}</domain>"
            f"<selector>{odd}</selector><result>{odd}</result></dkim>"
            "</auth_results></record>"),
        more=f"<error>{odd}</error><extra_contact_info>{odd}"
        "</extra_contact_info>"), 0, "stored", None, "no", 5)


def mails():
    attack("header-100mb", b"From: a@o.example\n" + b"X: " + b"y" * 100000000
           + b"\n\nbody\n", 65, "set_aside", "header_too_long", "yes")
    attack("header-1000000-fields", b"From: a@o.example\n"
           + b"X: y\n" * 1000000 + b"\nbody\n", 65, "set_aside",
           "header_too_long", "yes")
    # As much as is let through, in the shapes that parsers fear.
    attack("header-addresses", b"From: " + b"a@b.example,\n " * 18000
           + b"c@d.example\n\nbody\n", 0, "not_report", "plain_mail", "no")
    attack("header-parentheses", b"From: " + b"(" * 200000
           + b"\n\nbody\n", 0, "not_report", "plain_mail", "no")
    attack("header-encoded-words", b"From: " + b"=?utf-8?q?a?= " * 15000
           + b"<a@b.example>\nSubject: " + b"=?utf-8?b?4A==?=\n " * 100
           + b"\n\nbody\n", 0, "not_report", "plain_mail", "no")
    attack("header-parameters", b"From: a@b.example\nMIME-Version: 1.0\n"
           + b"Content-Type: text/plain"
           + b"".join(b";\n n*%d*=a" % i for i in range(18000))
           + b"\n\nbody\n", 0, "not_report", "plain_mail", "no")
    text = b"From: a@o.example\nMIME-Version: 1.0\n"
    text += b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
                     % (i, i) for i in range(60000))
    attack("multiparts-60000", text, 65, "set_aside", "mail_too_deep", "yes")
    attack("parts-100000", b"From: a@o.example\nMIME-Version: 1.0\n"
           b"Content-Type: multipart/mixed; boundary=b\n\n"
           + b"--b\n\nx\n" * 100000 + b"--b--\n", 65, "set_aside",
           "too_many_parts", "yes")
    text = b"".join(b"From: a@o.example\nMIME-Version: 1.0\n"
                    b"Content-Type: message/rfc822\n\n" for i in range(30000))
    attack("messages-30000", text + mail(report("messages-30000").encode()),
           65, "set_aside", "mail_too_deep", "yes")
    # Japanese names of members, marked as UTF-8 as Windows and macOS do.
    attack("zip-japanese-name", zip_simple(
        [("レポート.xml", report("zip-japanese-name"))]), 0, "stored", None,
        "no", 5)
    body = report("zip-sjis-name").encode()
    attack("zip-sjis-name", zip_of(
        [("レポート.xml".encode("cp932"), 0, body, len(body),
          binascii.crc32(body))]), 0, "stored", None, "no", 5)
    attack("zip-escape-name", zip_simple(
        [("\x1b[31m\n\u009b\u202exml.exe", report(
            "zip-escape-name", "<record>", begin="no"))]), 65, "set_aside",
           None, "yes")


def large():
    path = attack("file-300mb", None, 65, "set_aside", "too_large", "size")
    with open(path, "wb") as f:
        f.write(b"<feedback>")
        f.truncate(300 << 20)


def make():
    os.makedirs(top)
    plain()
    bombs()
    markup()
    values()
    mails()
    large()
    for row in table:
        print("\t".join("-" if c is None else str(c) for c in row))


def run(program, table_file):
    with open(table_file, encoding="utf-8") as f:
        attacks = [line.split("\t")[0] for line in f]
    for name in attacks:
        path = f"{top}/{name}/2-{name}"
        result = limited.run([program, f"{top}/{name}"])
        named = sum(line.startswith(f"dmarc-ingest: {path}: ")
                    for line in result.errors.split("\n"))
        with open(path, "rb") as f:
            digest = hashlib.file_digest(f, "sha256").hexdigest()
        print(name, result.status, result.errors.count("\n"), named,
              result.invisible, result.peak, os.path.getsize(path), digest,
              sep="\t")


def cuts(source):
    os.makedirs(top)
    with open(source, "rb") as f:
        data = f.read()
    for n in range(0, len(data), 10):
        put(f"{top}/{n:05}", data[:n])


def names():
    os.makedirs(top)
    strange = [b"new\nline", b"esc\x1b[31mred\x1b[2J", b"\xff\xfe\xe9",
               "csi\u009b31m".encode(), "bidi\u202egnp.xml".encode(),
               "zero\u200bwidth".encode(), b"-rf", b"%s%n%d", b"back\\slash",
               b"quote'\"", b"tab\ttab", b"x" * 255, "あ".encode() * 85,
               b"cut\xe3\x81", b"del\x7f", b"bell\a"]
    for i, name in enumerate(strange):
        put(os.path.join(top.encode(), name),
            report(f"name-{i}", head="<!DOCTYPE feedback>"))
    put(f"{top}/0-good.xml", report("name-good-first"))
    put(f"{top}/~-good.xml", report("name-good-last"))
    print(len(strange))


top = sys.argv[3] if sys.argv[1] == "run" else sys.argv[-1]
if sys.argv[1] == "make":
    make()
elif sys.argv[1] == "run":
    run(sys.argv[2], sys.argv[4])
elif sys.argv[1] == "cuts":
    cuts(sys.argv[2])
else:
    names()
