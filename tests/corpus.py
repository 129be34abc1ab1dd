#!/usr/bin/env python3
"""Compare what was ingested with the tables of a corpus.

usage: corpus.py FOLDER WORK    (called by corpus.sh, which says what is where)
"""
import csv
import os
import re
import sys

folder, work = sys.argv[1:3]
passed = failed = 0


def check(good, text):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(text)


def table(path):
    with open(path, encoding="utf-8", newline="") as f:
        lines = [l.rstrip("\n").split("\t") for l in f]
    return [dict(zip(lines[0], l)) for l in lines[1:]]


KEYS = ["org_name", "report_id", "policy_domain", "begin", "end", "records",
        "sum_count", "sum_pass"]

seen = {}
with open(work + "/seen", encoding="utf-8", newline="") as f:
    for line in f:
        c = line.rstrip("\n").split("\t")
        # A mail that begins with a From_ line is an mbox of one: "file#1".
        seen.setdefault(re.sub(r"#\d+$", "", c[0]), []).append((c[1], c[2:]))

REPORT = {"stored", "duplicate", "conflict"}


def is_as_stated(outcome, line, rows):
    if outcome == "ok":
        want = ["" if line[k] == "-" and k in KEYS[:2] else line[k]
                for k in KEYS]
        for i, (got, values) in enumerate(rows):
            if got in REPORT and values == want:
                del rows[i]
                return True
        return False
    want = {"reject-with-error": "set_aside",
            "not-a-dmarc-report": "not_report"}[outcome]
    for i, (got, _) in enumerate(rows):
        if got == want:
            # One item may hold several bad leaves; each has its row.
            del rows[i]
            return True
    return False


def find_file(root, name):
    for where, _, names in os.walk(root):
        if name in names:
            return os.path.join(where, name)
    return None


for expected, root in (("EXPECTED.tsv", folder + "/files"),
                       ("EXPECTED-bulk.tsv", work + "/bulk")):
    path = os.path.join(folder, expected)
    if not os.path.exists(path):
        continue
    lines = table(path)
    for line in lines:
        source = find_file(root, line["file"])
        rows = seen.get(source, [])
        before = list(rows)
        good = is_as_stated(line["outcome"], line, rows)
        if not good and line["alt"] not in ("-", ""):
            good = is_as_stated(line["alt"], line, rows)
        check(good, f"{line['file']}: want {line['outcome']}"
              f" {[line[k] for k in KEYS]}, got {before}")
    # Nothing is to be found that isn't stated.
    files = {line["file"] for line in lines}
    for name in sorted(files):
        rest = seen.get(find_file(root, name), [])
        check(not [r for r in rest if r[0] in REPORT],
              f"{name}: reports that nobody stated: {rest}")

with open(work + "/state1", "rb") as a, open(work + "/state2", "rb") as b:
    check(a.read() == b.read(), "a second ingest changed a table")

sums = open(work + "/sums").read().split()
check(len(set(sums)) == 1, f"message sums differ: {sums}")
sums2 = open(work + "/sums2").read().split()
check(sums2[0] == sums2[1], f"pass sums differ: {sums2}")
check(sums2[2] == "0", f"{sums2[2]} reports do not match their records")

with open(work + "/report.csv", encoding="utf-8", newline="") as f:
    rows = list(csv.DictReader(f))
total = [r for r in rows if r["row"] == "total"]
domains = [r for r in rows if r["row"] == "domain"]
senders = [r for r in rows if r["row"] == "sender"]
for name, rows in (("total", total), ("domain", domains), ("sender", senders)):
    got = sum(int(r["messages"]) for r in rows)
    check(str(got) == sums[0], f"dmarc-report csv {name} rows: {got}, "
          f"tables: {sums[0]}")
    got = sum(int(r["pass"]) for r in rows)
    check(str(got) == sums2[0], f"dmarc-report csv {name} rows pass: {got}, "
          f"tables: {sums2[0]}")
# Without --all the domains that are listed, and the rest in one row.
with open(work + "/bounded.csv", encoding="utf-8", newline="") as f:
    got = sum(int(r["messages"]) for r in csv.DictReader(f)
              if r["row"] in ("domain", "more_domains", "not_yours"))
check(str(got) == sums[0], f"dmarc-report csv, listed domains and the rest: "
      f"{got}, tables: {sums[0]}")
text = open(work + "/report.txt", encoding="utf-8").read()
wanted = f"{int(sums[0]):,}"
check(re.search(rf"(?<![\d,]){wanted}(?![\d,])", text) is not None,
      f"dmarc-report text does not show the total {wanted}")

print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0 or passed == 0)
