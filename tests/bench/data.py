#!/usr/bin/env python3
"""Make the data of the bench: a fixed seed, so always the same.

usage: data.py mails MAILDIR ARCHIVES COUNT
       data.py giant FILE RECORDS

mails: COUNT report mails of some ten records each in MAILDIR, and what is
attached to them as files in ARCHIVES.  As in real mailboxes half of the
reports have one record and one in a hundred has over a hundred.

giant: FILE is one report of RECORDS records, as gzip.
"""
import base64
import email.utils
import gzip
import io
import os
import random
import sys
import time
import zipfile

# Near enough for the months to have partitions, whatever the clock says.
DAYS = 90
FIRST_DAY = (int(time.time()) // 86400 - DAYS - 5) * 86400

# Who reports: name, address, zip or gzip, indentation, parts of the mail.
REPORTERS = [
    ("google.com", "noreply-dmarc-support@google.com", "zip", "  ", 1),
    ("Yahoo", "dmarchelp@yahooinc.com", "gz", "  ", 2),
    ("Enterprise Outlook", "dmarcreport@microsoft.com", "gz", "  ", 2),
    ("Outlook.com", "dmarcreport@microsoft.com", "gz", "  ", 2),
    ("AMAZON-SES", "postmaster@amazonses.com", "gz", "  ", 1),
    ("GMX", "noreply-dmarc@sicher.gmx.net", "gz", "\t", 2),
    ("Mimecast", "no-reply@us-1.mimecastreport.com", "gz", None, 2),
    ("Fastmail Pty Ltd", "reports@fastmaildmarc.com", "gz", "\t", 2),
] + [
    (f"mx{i}.example", f"dmarc@mx{i}.example", "zip" if i % 3 == 0 else "gz",
     ("  ", None, "\t")[i % 3], 1 + i % 2) for i in range(56)]
SERVICES = ["sendgrid.net", "amazonses.com", "cuenote.jp", "mailchimp.example",
            "crm.example", "lists.example", "forwarder.example"]
REASONS = [("forwarded", ""), ("mailing_list", "List-Id is present"),
           ("local_policy", "arc=pass as.1.lists.example=pass"),
           ("sampled_out", "")]


def dkim(domain, selector, result):
    return ["<dkim>", f" <domain>{domain}</domain>",
            f" <selector>{selector}</selector>", f" <result>{result}</result>",
            "</dkim>"]


class Domain:
    """A domain, the few ways in which mail of it comes, and from where."""

    def __init__(self, number):
        self.name = f"d{number}.example" if number % 4 else f"d{number}.co.jp"
        self.ways = [self.way(number, i) for i in range(24)]
        self.weights = [1 / (i + 1) for i in range(24)]
        self.sources = [address() for _ in range(60)]

    def way(self, number, i):
        """What a record says apart from address and count, as lines."""
        own = random.random() < 0.7
        service = random.choice(SERVICES)
        path = self.name if own else f"bounce.{service}"
        signed = own or random.random() < 0.4
        reasons = []
        if i >= 8 and random.random() < 0.2:
            kind, comment = random.choice(REASONS)
            reasons = ["  <reason>", f"   <type>{kind}</type>",
                       f"   <comment>{comment}</comment>", "  </reason>"]
        results = []
        if signed:
            results += dkim(self.name, f"s{number % 5}", "pass")
        if not own:
            results += dkim(service, "k1", "pass")
        if random.random() < 0.2:
            results += dkim(self.name, f"old{i % 3}", "fail")
        return [
            "  <policy_evaluated>", "   <disposition>none</disposition>",
            f"   <dkim>{'pass' if signed else 'fail'}</dkim>",
            f"   <spf>{'pass' if own else 'fail'}</spf>",
            *["   " + line.strip() for line in reasons],
            "  </policy_evaluated>", " </row>", " <identifiers>",
            *([f"  <envelope_from>{path}</envelope_from>"] if i % 2 else []),
            f"  <header_from>{self.name}</header_from>", " </identifiers>",
            " <auth_results>", *["  " + line for line in results],
            "  <spf>", f"   <domain>{path}</domain>",
            "   <result>pass</result>", "  </spf>", " </auth_results>",
            "</record>"]

    def record(self, rest):
        if random.random() < 0.8:
            ip = random.choice(self.sources)
        else:
            ip = address()
        return (f"{rest[0]}{ip}{rest[1]}{int(random.paretovariate(1.1))}"
                f"{rest[2]}")


def address():
    if random.random() < 0.15:
        return f"2001:db8:{random.randrange(65536):x}::" \
               f"{random.randrange(65536):x}"
    return ".".join(str(random.randrange(1, 255)) for _ in range(4))


def laid_out(lines, indent, depth):
    """Lines, whose blanks say how deep they are, as a reporter writes them."""
    if indent is None:
        return "".join(line.strip() for line in lines)
    return "".join(indent * (depth + len(line) - len(line.lstrip()))
                   + line.strip() + "\n" for line in lines)


def ways_laid_out(domain, indent):
    """Of each way the text before the address, before the count, and after."""
    for way in domain.ways:
        text = laid_out(
            ["<record>", " <row>", "  <source_ip>@</source_ip>",
             "  <count>@</count>"] + way, indent, 1)
        yield text.split("@")


def head(domain, reporter, number, begin):
    name, mail, _, indent, _ = reporter
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + laid_out([
        "<feedback>", " <report_metadata>", f"  <org_name>{name}</org_name>",
        f"  <email>{mail}</email>", f"  <report_id>{number}</report_id>",
        "  <date_range>", f"   <begin>{begin}</begin>",
        f"   <end>{begin + 86399}</end>", "  </date_range>",
        " </report_metadata>", " <policy_published>",
        f"  <domain>{domain.name}</domain>", "  <adkim>r</adkim>",
        "  <aspf>r</aspf>", "  <p>none</p>", "  <sp>none</sp>",
        "  <pct>100</pct>", " </policy_published>"], indent, 0)


def report(domain, reporter, number, begin, records):
    """The pieces of a report's XML."""
    rests = list(ways_laid_out(domain, reporter[3]))
    yield head(domain, reporter, number, begin)
    for rest in random.choices(rests, domain.weights, k=records):
        yield domain.record(rest)
    yield "</feedback>\n"


def archive(kind, name, data):
    if kind == "gz":
        return gzip.compress(data, 6, mtime=0)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)), data,
                   zipfile.ZIP_DEFLATED)
    return out.getvalue()


def mail(domain, reporter, number, begin, name, data):
    org, sender, kind, _, parts = reporter
    host = sender.split("@")[1]
    attachment = [
        f"Content-Type: application/{'zip' if kind == 'zip' else 'gzip'};",
        f"\tname=\"{name}\"", "Content-Disposition: attachment;",
        f"\tfilename=\"{name}\"", "Content-Transfer-Encoding: base64", "",
        base64.encodebytes(data).decode().rstrip("\n").replace("\n", "\r\n")]
    edge = f"_----------={number}"
    if parts == 2:
        attachment = [
            f"Content-Type: multipart/mixed; boundary=\"{edge}\"", "",
            f"--{edge}", "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: 7bit", "",
            f"This is an aggregate report from {org}.", f"--{edge}",
            *attachment, f"--{edge}--"]
    date = email.utils.formatdate(begin + 97200)
    signature = base64.b64encode(random.randbytes(256)).decode()
    return "\r\n".join([
        f"Return-Path: <{sender}>", "Delivered-To: rua@example.jp",
        f"Received: from out.{host} (out.{host} [192.0.2.{number % 256}])",
        "\tby mx.example.jp (Postfix) with ESMTPS id 4QxY7S2WbPz9",
        f"\tfor <rua@example.jp>; {date}",
        f"Received: by out.{host} (Postfix, from userid 1001)",
        f"\tid {number:012X}; {date}",
        "Authentication-Results: mx.example.jp; dkim=pass"
        f" header.d={host}; dmarc=pass header.from={host}",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={host};",
        "\ts=s1; h=from:to:subject:date:message-id:mime-version;",
        *(f"\t{signature[i:i + 72]}" for i in range(0, len(signature), 72)),
        f"Date: {date}", f"From: {sender}", "To: rua@example.jp",
        f"Message-ID: <{number}@{host}>",
        f"Subject: Report Domain: {domain.name} Submitter: {host}",
        f"\tReport-ID: {number}", "MIME-Version: 1.0", *attachment,
        ""]).encode()


def make_mails(maildir, archives, count):
    for folder in [archives, *(f"{maildir}/{s}" for s in ("cur", "new", "tmp"))]:
        os.makedirs(folder)
    domains = [Domain(i) for i in range(200)]
    for i in range(count):
        domain = domains[i % len(domains)]
        reporter = random.choices(
            REPORTERS, [8] * 3 + [1] * (len(REPORTERS) - 3))[0]
        records = max(1, min(3000, int(0.75 * random.paretovariate(0.9))))
        begin = FIRST_DAY + 86400 * (i % DAYS)
        suffix = "zip" if reporter[2] == "zip" else "xml.gz"
        base = f"{reporter[1].split('@')[1]}!{domain.name}!{begin}" \
               f"!{begin + 86399}"
        text = "".join(report(domain, reporter, i, begin, records))
        data = archive(reporter[2], f"{base}.xml", text.encode())
        with open(f"{archives}/{i:06d}.{suffix}", "wb") as f:
            f.write(data)
        with open(f"{maildir}/new/{begin}.M{i}P1.mx", "wb") as f:
            f.write(mail(domain, reporter, i, begin, f"{base}.{suffix}",
                         data))


def make_giant(path, records):
    domain = Domain(0)
    with gzip.GzipFile(path, "wb", 6, mtime=0) as f:
        for text in report(domain, REPORTERS[0], 1, FIRST_DAY, records):
            f.write(text.encode())


random.seed(20261124)
if sys.argv[1] == "mails":
    make_mails(sys.argv[2], sys.argv[3], int(sys.argv[4]))
else:
    make_giant(sys.argv[2], int(sys.argv[3]))
