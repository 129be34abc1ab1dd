#!/usr/bin/env python3
"""Compare what became of each case with what its line in EXPECT.tsv says.

usage: cases.py EXPECT FACTS [NAME]    (called by cases.sh)

A line is prose.  Understood of it:
  stored, set_aside, not_report   these outcomes are right, any that is named;
                                  "set aside" in words is set_aside, "could be
                                  read" is stored
  N report(s), N record(s), N message(s)   the sums of what is stored; of
                                  reports "or N and a notice" is right, too
  salvaged                        what is stored is marked so
  bounce, empty, encrypted        is in the reason of what is not stored
  exit 65, told                   the exit status; something said with -q
  UTF-16                          is in what is said
What is set aside must have its bytes kept, be told with -q and exit 65.
"""
import re
import sys

expect, facts = sys.argv[1:3]
only = sys.argv[3] if len(sys.argv) > 3 else ""


def lines(path):
    with open(path, encoding="utf-8", errors="replace", newline="") as f:
        return [line.rstrip("\n").split("\t") for line in f]


seen = {}
for c in lines(facts):
    if c[0] == "case":
        case = seen[c[1]] = {"status": c[2], "said": c[3], "log": [],
                             "aside": [], "sums": []}
    else:
        case[c[0]].append(c[1:])


def numbers(want, word):
    text = re.sub(r"\(.*?\)", "", want)
    got = [int(n) for n in re.findall(r"(\d+) " + word + r"s?\b", text)]
    if got and word == "report":
        got += [int(n) for n in re.findall(r"or (\d+) and a notice", text)]
    return got


def stored_wrong(want, got):
    sums = [int(n or 0) for n in got["sums"][0]]
    for word, n in zip(("report", "record", "message"), sums):
        allowed = numbers(want, word)
        if allowed and n not in allowed:
            return "%d %ss" % (n, word)
    if "salvaged" in want and sums[3] != sums[0]:
        return "not marked as salvaged"
    if got["status"] != "0":
        return "exit %s" % got["status"]
    return None


def aside_wrong(want, got):
    if got["status"] != "65":
        return "exit %s" % got["status"]
    if not got["said"]:
        return "nothing said with -q"
    if not any(a[1] and int(a[1]) > 0 for a in got["aside"]):
        return "no bytes kept"
    reasons = " ".join(l[1] for l in got["log"])
    if re.search(r"set_aside encrypted|aside encrypted", want) and \
            "encrypted" not in reasons:
        return "reason " + reasons
    if "UTF-16" in want and "UTF-16" not in got["said"]:
        return "said " + got["said"]
    return None


def none_wrong(want, got):
    reasons = " ".join(l[1] for l in got["log"])
    for word in ("bounce", "empty"):
        if re.search(r"not_report " + word, want) and word not in reasons:
            return "reason " + reasons
    if "told" in want and not got["said"]:
        return "nothing said with -q"
    if "exit 65" in want and got["status"] != "65":
        return "exit " + got["status"]
    return None


WRONG = {"stored": stored_wrong, "set_aside": aside_wrong,
         "not_report": none_wrong}


def judge(want, got):
    """None: as stated; else what is wrong."""
    outcomes = sorted({{"duplicate": "stored"}.get(l[0], l[0])
                       for l in got["log"]})
    if not outcomes:
        return "nothing in the ledger; exit %s: %s" % (
            got["status"], got["said"])
    outcome = outcomes[-1] if "set_aside" not in outcomes else "set_aside"
    words = want.replace("set aside", "set_aside").replace("could be read", "stored")
    if outcome not in words:
        return "%s %s" % (outcome, got["log"][0][1])
    wrong = WRONG[outcome](words, got)
    return None if wrong is None else "%s, %s" % (outcome, wrong)


passed = failed = 0
for line in lines(expect):
    if line[0] == "kind" or (only and line[1] != only):
        continue
    kind, name, want = line[:3]
    wrong = judge(want, seen[name]) if name in seen else "not read"
    if wrong is None:
        passed += 1
        continue
    failed += 1
    print("%s %s: got %s; want %s" % (kind, name, wrong, want))
print("%d passed, %d failed" % (passed, failed))
sys.exit(failed > 0)
