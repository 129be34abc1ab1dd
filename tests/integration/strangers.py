"""Mails with reports from whom you like, for T38-strangers.

usage: strangers.py FOLDER <lines
A line: FILE FROM POLICY-DOMAIN DAY MESSAGES HEADER-FROM DKIM SPF [ORG]
DKIM and SPF: domain/selector/result and domain/result, "," between, "-": none.
The mail passes DMARC of FROM.  Lines with one FILE are reports of one mail.
"""
import base64
import datetime
import io
import os
import sys
import zipfile


def auth(dkim, spf):
    out = ""
    for x in dkim.split(",") if dkim != "-" else []:
        out += ("<dkim><domain>%s</domain><selector>%s</selector>"
                "<result>%s</result></dkim>" % tuple(x.split("/")))
    for x in spf.split(",") if spf != "-" else []:
        out += ("<spf><domain>%s</domain><scope>mfrom</scope>"
                "<result>%s</result></spf>" % tuple(x.split("/")))
    return out


def aligned(found, domain):
    return "pass" if any(x.split("/")[0].endswith(domain) and
                         x.endswith("/pass")
                         for x in found.split(",")) else "fail"


def report(n, sender, domain, day, messages, header_from, dkim, spf, org=None):
    begin = int(datetime.datetime.fromisoformat(day + "T00:00:00+00:00")
                .timestamp())
    return f"""<?xml version="1.0"?>
<feedback><report_metadata><org_name>{org or sender}</org_name>
<email>dmarc@{sender}</email><report_id>{sender}-{day}-{n}</report_id>
<date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range>
</report_metadata><policy_published><domain>{domain}</domain><p>none</p>
</policy_published><record><row><source_ip>192.0.2.1</source_ip>
<count>{messages}</count><policy_evaluated><disposition>none</disposition>
<dkim>{aligned(dkim, header_from)}</dkim><spf>{aligned(spf, header_from)}</spf>
</policy_evaluated></row><identifiers><header_from>{header_from}</header_from>
</identifiers><auth_results>{auth(dkim, spf)}</auth_results></record></feedback>
"""


def main():
    mails = {}
    for n, line in enumerate(sys.stdin):
        name, *words = line.split()
        mails.setdefault(name, (words[0], []))[1].append(
            report(f"{name}-{n}", *words))
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, (sender, reports) in mails.items():
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
            for i, xml in enumerate(reports):
                z.writestr(f"{i}.xml", xml)
        with open(f"{sys.argv[1]}/{name}.eml", "w") as f:
            f.write(f"""Authentication-Results: mx.example.jp; dmarc=pass header.from={sender}
From: <dmarc@{sender}>
Message-ID: <{name}@{sender}>
MIME-Version: 1.0
Content-Type: application/zip; name=r.zip
Content-Transfer-Encoding: base64

{base64.encodebytes(packed.getvalue()).decode()}""")


main()
