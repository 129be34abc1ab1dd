#!/usr/bin/env python3
"""What one stranger can mail to drown an operator's view: report files.

usage: flood.py DIR KIND COUNT [DOMAIN]

DIR gets the files of one attack of COUNT things on DOMAIN (flood.example), as
zips of at most 5,000 reports, by one reporter unless KIND says otherwise; all
of one day, the day before yesterday, so that every window has them.

  senders    one report: COUNT d= of others, each fails
  passing    the same, and each passes
  mixed      one report: COUNT records with nothing in common
  ips        one report: COUNT addresses
  selectors  one report: COUNT selectors of DOMAIN, one half passes
  paths      one report: COUNT return-paths below DOMAIN
  bad        COUNT records that cannot be read, 1,000 a report
  domains    COUNT domains, a report each
  reporters  COUNT reporters, a report each
  errors     COUNT texts on the DMARC record, 20 a report
  policies   COUNT policies, each on a day of its own
  conflicts  COUNT reports with a key that is there already
  texts      one report: COUNT names of senders as long as they may be
  normal     COUNT days of a domain as it should be, two reporters; the last
             line of the bench's comparison
"""

import os
import sys
import time
import zipfile

DAY = 86400
TODAY = int(time.time()) // DAY * DAY
PART = 5000  # reports of a zip

def dkim(domain, selector, result):
    return (f"<dkim><domain>{domain}</domain><selector>{selector}</selector>"
            f"<result>{result}</result></dkim>")

def spf(domain, result):
    return f"<spf><domain>{domain}</domain><result>{result}</result></spf>"

def record(domain, ip, results, passes=("fail", "fail"), count="1"):
    return (f"<record><row><source_ip>{ip}</source_ip><count>{count}</count>"
            "<policy_evaluated><disposition>none</disposition>"
            f"<dkim>{passes[0]}</dkim><spf>{passes[1]}</spf>"
            "</policy_evaluated></row><identifiers>"
            f"<header_from>{domain}</header_from></identifiers>"
            f"<auth_results>{results}</auth_results></record>\n")

def report(domain, records, number=0, org="stranger.example", day=-2,
           policy="none", extra=""):
    begin = TODAY + day * DAY
    return ("<?xml version=\"1.0\"?>\n<feedback><version>1.0</version>"
            f"<report_metadata><org_name>{org}</org_name>"
            f"<email>dmarc@stranger.example</email>"
            f"<report_id>{number}</report_id>{extra}"
            f"<date_range><begin>{begin}</begin><end>{begin + DAY - 1}</end>"
            "</date_range></report_metadata><policy_published>"
            f"<domain>{domain}</domain><adkim>r</adkim><aspf>r</aspf>"
            f"<p>{policy}</p><sp>{policy}</sp><pct>100</pct>"
            f"</policy_published>{''.join(records)}</feedback>\n")

def ip_of(i):
    return f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"

def senders(domain, n):
    yield report(domain, (
        record(domain, "192.0.2.1", dkim(f"s{i}-sender.example", "k", "pass")
               + spf(f"s{i}-sender.example", "pass"), count=str(1 + i % 7))
        for i in range(n)))

def passing(domain, n):
    yield report(domain, (
        record(domain, "192.0.2.1", dkim(domain, "k1", "pass")
               + dkim(f"p{i}-sender.example", "k", "pass"), ("pass", "fail"))
        for i in range(n)))

def mixed(domain, n):
    yield report(domain, (
        record(f"h{i}.{domain}", ip_of(i),
               dkim(f"m{i}-sender.example", f"k{i}", "pass")
               + spf(f"r{i}-sender.example", "pass"), count=str(1 + i % 7))
        for i in range(n)))

def ips(domain, n):
    yield report(domain, (
        record(domain, ip_of(i), spf(domain, "fail")) for i in range(n)))

def selectors(domain, n):
    yield report(domain, (
        record(domain, "192.0.2.1", dkim(domain, f"sel{i}", "pass" if i % 2
                                         else "fail"),
               ("pass" if i % 2 else "fail", "fail")) for i in range(n)))

def paths(domain, n):
    yield report(domain, (
        record(domain, "192.0.2.1", spf(f"b{i}.{domain}", "pass" if i % 2
                                        else "softfail"),
               ("fail", "pass" if i % 2 else "fail")) for i in range(n)))

def bad(domain, n):
    for part in range(0, n, 1000):
        good = record(domain, "192.0.2.1", spf(domain, "pass"),
                      ("fail", "pass"))
        yield report(domain, [good] + [
            record(domain, "192.0.2.1", "", count=f"many{i}")
            for i in range(part, min(n, part + 1000))], part)

def domains(_, n):
    for i in range(n):
        name = f"not-yours{i}.example"
        yield report(name, [record(name, "192.0.2.1", spf(name, "fail"))], i)

def reporters(domain, n):
    for i in range(n):
        yield report(domain, [record(domain, "192.0.2.1", spf(domain, "fail"))],
                     i, org=f"reporter{i}.example")

def errors(domain, n):
    for part in range(0, n, 20):
        yield report(domain, [record(domain, "192.0.2.1", "")], part,
                     extra="".join(f"<error>fault {i}</error>"
                                   for i in range(part, min(n, part + 20))))

def policies(domain, n):
    for i in range(n):
        yield report(domain, [record(domain, "192.0.2.1", "")], i, day=-2 - i,
                     policy=("none", "quarantine", "reject")[i % 3])

def conflicts(domain, n):
    for i in range(n):
        for count in "12":
            yield report(domain, [record(domain, "192.0.2.1", "",
                                         count=count)], i)

def texts(domain, n):
    labels = ".".join("x" * 60 for _ in range(3))
    yield report(domain, (
        record(domain, "192.0.2.1", dkim(f"t{i}.{labels}.example", "k" * 60,
                                         "pass")) for i in range(n)),
        org="long name " * 70, extra="<error>" + "much " * 800 + "</error>")

def normal(domain, n):
    for day in range(n):
        for number, org in enumerate(("google.com", "Yahoo")):
            yield report(domain, [
                record(domain, "198.51.100.1", dkim(domain, "s1", "pass")
                       + spf(domain, "pass"), ("pass", "pass"), "500"),
                record(domain, "198.51.100.9", dkim("vendor.example", "k",
                                                    "pass")
                       + spf("vendor.example", "pass"), count="20"),
                record(domain, "203.0.113.7", spf(domain, "fail"), count="3"),
            ], f"{org}{day}", org, -2 - day)

KINDS = {f.__name__: f for f in (senders, passing, mixed, ips, selectors, paths, bad,
                                 domains, reporters, errors, policies,
                                 conflicts, texts, normal)}

def write(folder, kind, documents):
    number, out = 0, None
    for number, text in enumerate(documents):
        if number % PART == 0:
            if out is not None:
                out.close()
            path = os.path.join(folder, f"{kind}{number // PART:04}.zip")
            out = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        out.writestr(f"{kind}{number}.xml", text)
    out.close()

def main():
    folder, kind, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    domain = sys.argv[4] if len(sys.argv) > 4 else "flood.example"
    os.makedirs(folder, exist_ok=True)
    write(folder, kind, KINDS[kind](domain, count))

main()
