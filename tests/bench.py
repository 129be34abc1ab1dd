#!/usr/bin/env python3
"""Make report files for the bench: fixed seed, so always the same.

usage: bench.py FOLDER REPORTS RECORDS [maildir]

RECORDS a report on the average.  With maildir, FOLDER becomes a Maildir of the
mails that such reports come in.
"""
import base64
import gzip
import os
import random
import sys

folder, reports, records = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(20261124)
as_mail = sys.argv[4:] == ["maildir"]
for sub in ("cur", "new", "tmp") if as_mail else ("",):
    os.makedirs(f"{folder}/{sub}")
orgs = ["google.com", "Yahoo", "Enterprise Outlook", "GMX"] + [
    f"mx{i}.example" for i in range(60)]
platforms = ["sendgrid.net", "amazonses.com", "cuenote.jp", "forwarder.example"]


def record(domain):
    aligned = random.random() < 0.85
    platform = random.choice(platforms)
    signer = domain if aligned else platform
    path = domain if random.random() < 0.7 else f"bounce.{platform}"
    if random.random() < 0.1:
        ip = f"2001:db8::{random.randrange(65536):x}"
    else:
        ip = ".".join(str(random.randrange(1, 255)) for _ in range(4))
    return (
        f"<record><row><source_ip>{ip}</source_ip>"
        f"<count>{int(random.paretovariate(1.2))}</count><policy_evaluated>"
        f"<disposition>none</disposition><dkim>{'pass' if aligned else 'fail'}"
        f"</dkim><spf>{'pass' if path == domain else 'fail'}</spf>"
        f"</policy_evaluated></row><identifiers><header_from>{domain}"
        f"</header_from></identifiers><auth_results><dkim><domain>{signer}"
        f"</domain><selector>s{random.randrange(4)}</selector><result>pass"
        f"</result></dkim><spf><domain>{path}</domain><result>pass</result>"
        f"</spf></auth_results></record>\n")


for i in range(reports):
    domain = f"d{i % 200}.example"
    begin = 1793491200 - 86400 * (i // 200 % 100)
    n = max(1, min(5000, int(random.paretovariate(1.1) * records / 4)))
    text = (
        "<?xml version=\"1.0\"?>\n<feedback><report_metadata>"
        f"<org_name>{orgs[i % len(orgs)]}</org_name><email>dmarc@example"
        f"</email><report_id>{i}</report_id><date_range><begin>{begin}</begin>"
        f"<end>{begin + 86399}</end></date_range></report_metadata>"
        f"<policy_published><domain>{domain}</domain><adkim>r</adkim>"
        "<aspf>r</aspf><p>none</p><sp>none</sp><pct>100</pct>"
        "</policy_published>\n"
        + "".join(record(domain) for _ in range(n)) + "</feedback>\n")
    data = gzip.compress(text.encode(), 6, mtime=0)
    path = f"{folder}/{i:06d}.xml.gz"
    if as_mail:
        path = f"{folder}/new/{1793588000 + i}.M{i}P1.mx"
        data = (f"From: dmarc@{orgs[i % len(orgs)].split()[0]}\r\n"
                "To: rua@example.jp\r\n"
                f"Subject: Report domain: {domain}\r\n"
                f"Message-ID: <{i}@bench.example>\r\n"
                "MIME-Version: 1.0\r\n"
                f"Content-Type: application/gzip; name=\"{i}.xml.gz\"\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n"
                ).encode() + base64.encodebytes(data).replace(b"\n", b"\r\n")
    with open(path, "wb") as f:
        f.write(data)
