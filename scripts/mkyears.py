#!/usr/bin/env python3
"""Make three fixtures, each a year (2025-11-01 .. 2026-10-31) in the life of a
domain: company, hoster, parked.  fixtures/years.md tells what is in them.

usage: mkyears.py OUT [NAME...]

Makes OUT/NAME/reports, a folder of aggregate reports, and beside it
  sources.sql    what is known of the source addresses, for dmarc.source
  truth.tsv      messages by day, policy domain, reporter, stream and class
  totals.tsv     the same by stream and class; * is all of them
  inventory.tsv  the streams, and the operator's word on each
  addresses.tsv  which stream an address is of; where it has several, a d= of
                 the record that tells, which goes before -
  reports.tsv    the reports that count; mail is the carrying one: pass, fail,
                 misfit (passes for a domain that is not the reporter's),
                 foreign (results of somebody else's server), - is no mail
  dispositions.tsv  what reporters did with mail that fails
  policies.tsv   what reporters say was published, and when
Prints a line a year: name, files, reports, records, messages, passed messages,
and a SHA-256 of all documents.  It is the same everywhere; the archives around
them are as the zlib at hand packs them.
"""
import os
import sys

sys.dont_write_bytecode = True         # no litter beside the sources
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from years import company, hoster, parked, world  # noqa: E402

YEARS = {'company': company, 'hoster': hoster, 'parked': parked}


def main():
    names = sys.argv[2:] or list(YEARS)
    if len(sys.argv) < 2 or sys.argv[1].startswith('-') or not set(names) <= set(YEARS):
        sys.stderr.write('usage: mkyears.py OUT [company] [hoster] [parked]\n')
        return 64
    for name in names:
        year = YEARS[name].make()
        year.run(os.path.join(sys.argv[1], name))
        world.write_truth(year)
        rows = year.files
        print(name, len(rows) + year.again, len(rows), sum(r[7] for r in rows),
              sum(r[8] for r in rows), sum(r[9] for r in rows), year.content.hexdigest())
    return 0


sys.exit(main())
