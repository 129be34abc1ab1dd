#!/usr/bin/env python3
"""Compare what became of the fixtures with fixtures/EXPECTED.tsv.

usage: fixtures.py EXPECTED.tsv SEEN.tsv
"""
import sys

wrong = 0
seen = {}
with open(sys.argv[2], encoding="utf-8", newline="") as f:
    for line in f:
        c = line.rstrip("\n").split("\t")
        seen.setdefault(c[0], []).append(c[1:])

with open(sys.argv[1], encoding="utf-8", newline="") as f:
    lines = [l.rstrip("\n").split("\t") for l in f if not l.startswith("#")]
names = lines[0]
for line in lines[1:]:
    e = dict(zip(names, line))
    rows = seen.get(e["file"], [])
    want = [e[k] for k in names[2:10]]
    outcomes = e["outcome"].split("|")
    good = [r for r in rows if r[0] in outcomes
            and (r[0] != "stored" or r[1:] == want)]
    if outcomes == ["left_out"]:
        if rows:
            wrong += 1
            print(f"{e['file']}: is to be left out, got {rows}")
        continue
    if good:
        rows.remove(good[0])
    else:
        wrong += 1
        print(f"{e['file']}: want {line[1:]}, got {rows}")
for name in sorted({l[0] for l in lines[1:]}):
    for row in seen.get(name, []):
        if row[0] != "not_report":
            wrong += 1
            print(f"{name}: not stated: {row}")
sys.exit(wrong != 0)
