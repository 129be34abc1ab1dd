#!/usr/bin/env python3
"""Make report files for the bench: fixed seed, so always the same.

usage: bench.py FOLDER REPORTS RECORDS    (records a report on the average)
"""
import gzip
import os
import random
import sys

folder, reports, records = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(20261124)
os.makedirs(folder)
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
    with open(f"{folder}/{i:06d}.xml.gz", "wb") as f:
        f.write(gzip.compress(text.encode(), 6, mtime=0))
