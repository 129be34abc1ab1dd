#!/usr/bin/env python3
"""Compare the text and the CSV of one command of dmarc-report.

usage: report.py TEXT CSV COLUMN...

Rows add up: in each domain the lines' COLUMNs sum to the total's and the
heading's, and the domains' to the last row's.  And every number that text
shows stands in the CSV.  Prints what is wrong; exit 1 if anything is.
"""
import csv
import re
import sys

text_file, csv_file, *summed = sys.argv[1:]
rows = list(csv.DictReader(open(csv_file, newline="")))
wrong = []


def count(row, column):
    return int(row[column] or 0)


def check(what, got, want):
    if got != want:
        wrong.append(f"{what}: {got}, not {want}")


lines = ("sender", "reporter", "outcome", "set_aside", "conflict")
for column in summed:
    for head in [r for r in rows if r["row"] == "domain"]:
        own = [r for r in rows if r["domain"] == head["domain"]]
        total = sum(count(r, column) for r in own if r["row"] in lines)
        check(f"{head['domain']} {column}", count(head, column), total)
        for r in own:
            if r["row"] == "total":
                check(f"{head['domain']} total {column}", count(r, column), total)
    for last in [r for r in rows if r["row"] == "all"]:
        total = sum(count(r, column) for r in rows if r["row"] == "domain")
        check(f"all {column}", count(last, column), total)
    for last in [r for r in rows if r["row"].endswith("_total")]:
        kind = last["row"][: -len("_total")]
        total = sum(count(r, column) for r in rows if r["row"] == kind)
        check(f"{kind} {column}", count(last, column), total)

NUMBER = r"(?<![\w.:,-])[<>]?\d[\d,]*(?:\.\d)?(?![\w.:-])"
cells = {cell for row in rows for cell in row.values()}
words = {n for cell in cells for n in re.findall(NUMBER, cell)}
for number in re.findall(NUMBER, open(text_file).read()):
    plain = number.replace(",", "").lstrip("<>")
    if plain not in cells and number not in words:
        wrong.append(f"text has {number}, CSV has not")

print("\n".join(wrong))
sys.exit(1 if wrong else 0)
