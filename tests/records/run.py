#!/usr/bin/env python3
"""What dmarc-check DOMAIN says of records: the rows of public suites where they
lie, and our own table.  Prints TAP.

usage: run.py BUILD suite FOLDER   rows of other checkers: good or bad?
       run.py BUILD own            own.tsv: the findings of each record

A row of a suite is bad when its checker refuses the record or warns of it, and
then we must find something that is no mere note; it is good when its checker
takes it, and then we must find no error.  other.tsv lists the rows that have
another answer here, and why.
"""
import csv
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CHECK = pathlib.Path(sys.argv[1]) / "dmarc-check"
HERE = pathlib.Path(__file__).resolve().parent
count = 0
bad = 0

# What comes from an empty DNS, and not from the record.
OF_DNS = {"S06", "S07", "S08", "S09", "S10", "S27", "S31", "S33", "S41", "D13",
          "D27"}


def ok(good, name, *more):
    global count, bad
    count += 1
    bad += not good
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    for line in more if not good else ():
        print(f"# {line}")


def skip(name, why):
    global count
    count += 1
    print(f"ok {count} - {name} # skip {why}")


def findings(*args):
    """The findings of a check, as rows of its JSON."""
    done = subprocess.run([CHECK, "domain", "example.com", "--format", "json",
                           *args], capture_output=True, check=False)
    if done.returncode not in (0, 1):
        return [{"finding": f"exit {done.returncode}", "severity": "error",
                 "sentence": done.stderr.decode()}]
    rows = json.loads(done.stdout)
    return [row for row in rows if row["row"] == "finding"]


def of_record(tmp, record):
    """The findings of one record, in a DNS that is empty."""
    if "\0" in record:
        return []
    return findings("--record", record, "--zone", str(tmp / "root"))


def is_bad(rows):
    return any(row["severity"] in ("error", "warning") and
               row["finding"] not in OF_DNS for row in rows)


def has_error(rows):
    return any(row["severity"] == "error" and row["finding"] not in OF_DNS
               for row in rows)


def say(rows):
    return ", ".join(f"{r['severity']} {r['finding']}: {r['sentence']}"
                     for r in rows) or "nothing"


def others():
    """Rows with another answer here: (file, key) to (answer, why)."""
    out = {}
    with open(HERE / "other.tsv", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            out[row["file"], row["key"]] = row["answer"], row["why"]
    return out


def key_of(record):
    return hashlib.sha256(record.encode()).hexdigest()[:10]


def go_string(text):
    """The text of a Go literal."""
    if text.startswith("`"):
        return text.strip("`")
    return re.sub(r'\\(["\\trn])', lambda m: {
        '"': '"', "\\": "\\", "t": "\t", "r": "\r", "n": "\n"}[m[1]],
        text.strip()[1:-1])


class Suite:
    def __init__(self, tmp, folder):
        self.tmp = tmp
        self.folder = folder
        self.others = others()

    def rows(self, name):
        path = self.folder / name
        if not path.exists():
            return []
        with open(path, encoding="utf-8", newline="") as f:
            return list(csv.DictReader(f, delimiter="\t"))

    def judge(self, file, name, key, record, answer):
        answer, why = self.others.get((file, key), (answer, ""))
        label = f"{file} {name}"
        if answer == "skip":
            skip(label, why)
            return
        rows = of_record(self.tmp, record)
        if answer in ("good", "bad"):
            good = is_bad(rows) if answer == "bad" else not has_error(rows)
        else:
            good = answer in {row["finding"] for row in rows}
        ok(good, f"{label}: {answer}{' (' + why + ')' if why else ''}",
           f"key {key}", f"record {record!r}", f"found {say(rows)}")

    # ---- checkdmarc, sys4, Internet.nl: tests by name, with their literals

    def literals(self, row):
        return [s for s in (row["literals"] or "").split(" ¦ ") if s.strip()]

    def record_in(self, literals):
        for s in literals:
            s = s.replace("\\t", "\t").replace("\\r", "\r").replace("\\n", "\n")
            if re.match(r'\s*"?v ?=', s, re.I) or s.startswith("version:") or \
                    s.lower().startswith("spf2.0"):
                return s
        return None

    def named(self, file):
        for row in self.rows(file):
            record = self.record_in(self.literals(row))
            raises = "assertRaises" in (row["asserts"] or "")
            warns = re.search(r"[Ww]arn", row["test"] + (row["doc"] or ""))
            answer = "bad" if raises or warns else "good"
            other = self.others.get((file, row["test"]))
            if record is None and other is None:
                skip(f"{file} {row['test']}", "no record in this row")
                continue
            self.judge(file, row["test"], row["test"], record or "", answer)

    # ---- mox: records as Go literals

    def mox(self, file):
        for row in self.rows(file):
            record = go_string(row["record"])
            key = key_of(record)
            note = row["note"] or ""
            answer = "bad" if row["expect"] == "bad" else "good"
            if row["expect"] == "test":
                takes = re.match(r", (&Record|record)|,$", note)
                answer = "good" if takes else "bad"
            if row["file"].startswith("dkim/sig"):
                skip(f"{file} {key}", "a signature, not a record")
                continue
            self.judge(file, f"{row['file']} {key}", key, record, answer)

    def opendmarc(self, file):
        for row in self.rows(file):
            m = re.match(r'"(.*)", DMARC_PARSE_(OKAY|ERROR\w*)$', row["row"])
            if not m:
                skip(f"{file} {key_of(row['row'])}", "no record in this row")
                continue
            self.judge(file, key_of(m[1]), key_of(m[1]), m[1],
                       "good" if m[2] == "OKAY" else "bad")

    def run(self):
        for file in sorted(p.name for p in self.folder.glob("*.tsv")):
            if file.startswith("mox"):
                self.mox(file)
            elif file.startswith("opendmarc"):
                self.opendmarc(file)
            else:
                self.named(file)


# ---- our own table ----------------------------------------------------------


def escapes(text):
    return re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text)


def own(tmp):
    """record, findings that it has to have (an id alone) and not to have (with
    "!" before it), and the corrected record ("-": none)."""
    with open(HERE / "own.tsv", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            record = escapes(row["record"]).encode("latin1").decode(
                "utf-8", "surrogateescape")
            rows = of_record(tmp, record)
            has = {r["finding"] for r in rows} - OF_DNS
            wanted = {w for w in row["findings"].split() if w[0] != "!"}
            unwanted = {w[1:] for w in row["findings"].split() if w[0] == "!"}
            fixed = {r["corrected"] for r in rows if "corrected" in r}
            fixed.discard(None)
            want = set() if row["corrected"] in ("-", "") else {
                row["corrected"]}
            ok(wanted <= has and not unwanted & has and fixed == want,
               f"{row['record']}: {row['findings']}",
               f"found {say(rows)}", f"corrected {fixed}")
            for text in fixed:
                again = of_record(tmp, text)
                ok(not has_error(again), f"corrected: {text}", say(again))


def main():
    os.environ["LC_ALL"] = "C.UTF-8"
    with tempfile.TemporaryDirectory() as name:
        tmp = pathlib.Path(name)
        (tmp / "root").write_text(". 60 IN SOA ns. h. 1 1 1 1 1\n")
        if sys.argv[2] == "suite":
            Suite(tmp, pathlib.Path(sys.argv[3])).run()
        else:
            own(tmp)
    print(f"1..{count}")
    sys.exit(bad > 0)


main()
