#!/usr/bin/env python3
"""Ask the 18 kinds of wrong verdict; TAP on standard output.

usage: run.py PROGRAMS given FOLDER [CASE...]   cases of FOLDER/mkcases.py
       run.py PROGRAMS own [CASE...]            cases of own.py
       run.py PROGRAMS all FOLDER [CASE...]     both, or own.py's where there is no FOLDER
Needs PGHOST and SCRATCH (scripts/with-services.sh).  What is listed in the file
"unmet" beside this one, or in another that UNMET names, is not met yet: it is
shown as TODO and does not fail.  VERBOSE=1 shows what was said of all.
"""
import os
import sys

sys.dont_write_bytecode = True

import given  # noqa: E402
import own  # noqa: E402
from db import Db  # noqa: E402
from kinds import Asker  # noqa: E402


def unmet():
    path = os.environ.get('UNMET', os.path.join(os.path.dirname(os.path.abspath(__file__)), 'unmet'))
    with open(path, encoding='utf-8') as f:
        return {line.strip() for line in f if line.strip() and line[0] != '#'}


def main():
    if len(sys.argv) < 3 or sys.argv[2] not in ('given', 'own', 'all') or (
            sys.argv[2] != 'own' and len(sys.argv) < 4):
        sys.stderr.write(__doc__)
        return 64
    programs, which = os.path.abspath(sys.argv[1]), sys.argv[2]
    out = os.path.join(os.environ['SCRATCH'], 'verdicts-' + which)
    cases, wanted = {}, sys.argv[3:] if which == 'own' else sys.argv[4:]
    if which != 'given':
        cases.update(own.make(out + '/own'))
    if which == 'given' or (which == 'all' and os.path.isdir(sys.argv[3])):
        cases.update(given.make(sys.argv[3], out + '/given'))
    later, n, bad, red = unmet(), 0, 0, {}
    for case in sorted(cases):
        if wanted and not any(case.startswith(w) for w in wanted):
            continue
        folder, until, kind, facts = cases[case]
        with Db(programs, 'verdicts_%s_%d' % (which, os.getpid())) as db:
            a = Asker(db, case, until)
            db.ingest(folder)
            try:
                kind(a, facts)
            except (RuntimeError, KeyError, TypeError, ValueError) as e:
                a.ok('it can be asked', False, repr(e))
        for name, holds, said in a.results:
            n += 1
            todo = ' # TODO' if name in later else ''
            print('%s %d - %s%s' % ('ok' if holds else 'not ok', n, name, todo), flush=True)
            if not holds or os.environ.get('VERBOSE'):
                print('# said: %s' % said.replace('\n', ' '))
            if not holds:
                red.setdefault(case, []).append(name)
                bad += not todo
    print('1..%d' % n)
    print('# %d of %d cases are not right yet: %s' % (
        len(red), len(cases), ' '.join(sorted(red)) or '-'))
    return 1 if bad else 0


sys.exit(main())
