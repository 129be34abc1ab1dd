#!/usr/bin/env python3
"""Reports in numbers, for the integration tests.

usage: make.py reports DIR N        N small reports, a file each
       make.py mbox FILE N          the same as mails in one mbox
       make.py maildir DIR N        the same as mails in DIR/new
       make.py mail DIR N           the same as mails, a file each
       make.py large FILE N         one report of N records

Prints what must come out: reports, records, messages, passed messages.
"""
import base64
import gzip
import os
import sys

DOMAINS = ["example.jp", "example.co.jp", "shop.example", "a.example",
           "b.example", "c.example", "d.example"]
DAY = 86400
START = 1785542400  # 2026-08-01 00:00:00 UTC


class Sum:
    def __init__(self):
        self.reports = self.records = self.messages = self.passes = 0

    def __str__(self):
        return (f"{self.reports} {self.records} {self.messages} "
                f"{self.passes}")


def record(i, k, total):
    """Record k of report i: i and k decide everything."""
    count = 1 + (i * 7 + k * 3) % 50
    dkim = "pass" if (i + k) % 3 == 0 else "fail"
    spf = "pass" if (i + k) % 5 == 0 else "fail"
    total.records += 1
    total.messages += count
    if "pass" in (dkim, spf):
        total.passes += count
    domain = DOMAINS[i % len(DOMAINS)]
    return f"""<record><row><source_ip>192.0.{i % 250}.{k}</source_ip>
<count>{count}</count><policy_evaluated><disposition>none</disposition>
<dkim>{dkim}</dkim><spf>{spf}</spf></policy_evaluated></row>
<identifiers><header_from>{domain}</header_from></identifiers>
<auth_results><dkim><domain>{domain}</domain><selector>s{i % 11}</selector>
<result>{dkim}</result></dkim><spf><domain>{domain}</domain>
<result>{spf}</result></spf></auth_results></record>
"""


def report(i, total):
    begin = START + (i % 92) * DAY
    total.reports += 1
    records = "".join(record(i, k, total) for k in range(1 + i % 4))
    return f"""<?xml version="1.0"?>
<feedback><report_metadata><org_name>reporter{i % 5}.example</org_name>
<email>dmarc@reporter{i % 5}.example</email><report_id>made-{i}</report_id>
<date_range><begin>{begin}</begin><end>{begin + DAY - 1}</end></date_range>
</report_metadata>
<policy_published><domain>{DOMAINS[i % len(DOMAINS)]}</domain><p>none</p>
</policy_published>
{records}</feedback>
"""


def large(n, total):
    """One report whose records have little in common, whatever the place."""
    total.reports += 1
    yield """<?xml version="1.0"?>
<feedback><report_metadata><org_name>large.example</org_name>
<email>dmarc@large.example</email><report_id>large</report_id>
<date_range><begin>1785542400</begin><end>1785628799</end></date_range>
</report_metadata>
<policy_published><domain>example.jp</domain><p>none</p></policy_published>
"""
    for k in range(n):
        passed = "pass" if k % 3 == 0 else "fail"
        total.records += 1
        total.messages += 1 + k % 50
        total.passes += 1 + k % 50 if passed == "pass" else 0
        ip = (f"10.{k >> 16 & 255}.{k >> 8 & 255}.{k & 255}" if k % 2
              else f"2001:db8::{k:x}")
        yield f"""<record><row><source_ip>{ip}</source_ip>
<count>{1 + k % 50}</count><policy_evaluated><disposition>none</disposition>
<dkim>{passed}</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>h{k // 1000}.example.jp</header_from></identifiers>
<auth_results><dkim><domain>example.jp</domain><selector>s{k % 7}</selector>
<result>{passed}</result></dkim><spf><domain>other.example</domain>
<result>fail</result></spf></auth_results></record>
"""
    yield "</feedback>\n"


def mail(i, total):
    body = base64.encodebytes(
        gzip.compress(report(i, total).encode(), mtime=0)).decode()
    return f"""From: dmarc@reporter{i % 5}.example
To: rua@example.jp
Message-ID: <made-{i}@reporter{i % 5}.example>
Date: Mon, 2 Nov 2026 03:00:00 +0000
MIME-Version: 1.0
Content-Type: application/gzip; name="r{i}.xml.gz"
Content-Transfer-Encoding: base64

{body}"""


def put(path, text):
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(text)


def main():
    kind, where, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
    total = Sum()
    if kind == "large":
        put(where, "".join(large(n, total)))
    elif kind == "mbox":
        with open(where, "w", encoding="utf-8", newline="") as f:
            for i in range(n):
                f.write("From MAILER-DAEMON Mon Nov  2 03:02:00 2026\n"
                        + mail(i, total) + "\n")
    elif kind == "maildir":
        for sub in ("cur", "new", "tmp"):
            os.makedirs(f"{where}/{sub}", exist_ok=True)
        for i in range(n):
            put(f"{where}/new/{1793588000 + i}.M{i}P1.mx", mail(i, total))
    else:
        os.makedirs(where, exist_ok=True)
        for i in range(n):
            if kind == "mail":
                put(f"{where}/r{i:05}.eml", mail(i, total))
            else:
                put(f"{where}/r{i:05}.xml", report(i, total))
    print(total)


main()
