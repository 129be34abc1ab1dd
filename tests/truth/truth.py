#!/usr/bin/env python3
"""Simulate companies, ask dmarc-report, and compare with what is true.

usage: truth.py PROGRAMS [--company NAME] [--seed N[,N...]] [--show] [--fast]
                [--only verdicts,events,steered]
Prints a table, the goals beside; the exit status is 1 when a goal is missed.
--show tells each miss: which mail, what was said, what is true.  --fast is two
companies, one seed, and no events; there what the file "unmet" beside this one
lists may be missed.  Needs PGHOST and SCRATCH (scripts/with-services.sh).
"""
import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import companies  # noqa: E402
from measure import Measure  # noqa: E402

PARTS = ('verdicts', 'events', 'steered')


def one(job):
    programs, company, seed, scratch, parts = job
    start = time.time()
    m = Measure(programs, companies.ALL[company](seed), scratch)
    try:
        m.measure(parts)
    except (RuntimeError, AssertionError) as e:
        m.miss('trouble', str(e)[:600])
        m.add('trouble', 1)
    return company, seed, m.figures, m.misses, m.notes, time.time() - start


def share(f, name, stage):
    total = f.get('%s all %s' % (name, stage), 0)
    return None if total == 0 else 100 * f.get('%s good %s' % (name, stage), 0) / total


# Name, what is right of the figures of one run, how runs are put together, the
# goal, and how it is met.
def table(runs):
    """[(text, value, goal, met)] of all runs"""
    def total(name):
        return sum(f.get(name, 0) for f in runs)

    def least(name, stage):
        found = [x for x in (share(f, name, stage) for f in runs) if x is not None]
        return min(found) if found else None

    def most(name):
        found = [f[name] for f in runs if name in f]
        return max(found) if found else None

    def row(text, value, goal, met, form='%.0f'):
        if value is None:
            return (text, '-', goal, True)
        return (text, form % value, goal, met(value))

    months = total('alarm months')
    alarms = [f.get('false alarms', 0) / f['alarm months'] for f in runs if f.get('alarm months')]
    events = None if not months else total('events') - total('events in time')
    out = [
        row('false READY', total('false READY'), '0', lambda x: x == 0),
        row('failing mail of ours: right sender and class, raw, %, least',
            least('named', 'raw'), '>= 99', lambda x: x >= 99, '%.1f'),
        row('  failing mail of ours, names known', least('named', 'enriched'), '100',
            lambda x: x >= 100, '%.2f'),
        row('mail of ours that counts as ours, no word said, raw, %, least',
            least('counted', 'raw'), '>= 99', lambda x: x >= 99, '%.1f'),
        row('  counts as ours, names known', least('counted', 'enriched'), '>= 99',
            lambda x: x >= 99, '%.1f'),
        row('strangers as ours or for SPF, rows, raw', total('strangers raw'), '0', lambda x: x == 0),
        row('  strangers, names known', total('strangers enriched'), '0', lambda x: x == 0),
        row('  strangers, all said', total('strangers told'), '0', lambda x: x == 0),
        row('forwarders and lists for whom hostile is offered first, rows',
            total('forwarders called hostile enriched'), '0', lambda x: x == 0),
        row('loss by p=reject, worst error, raw, %', most('forecast raw'), '<= 10', lambda x: x <= 10, '%.1f'),
        row('  loss, all said', most('forecast told'), '<= 5', lambda x: x <= 5, '%.1f'),
        row('words until the verdict is right, most', most('words'), '<= 3', lambda x: x <= 3),
        row('  words for strangers', most('words for strangers'), '0', lambda x: x == 0),
        row('  companies whose verdict is never right', total('never right'), '0', lambda x: x == 0),
        row('events not told in time, of %d' % total('events'), events, '0', lambda x: x == 0),
        row('false alarms a domain and month, most', max(alarms) if alarms else None, '<= 1',
            lambda x: x <= 1, '%.1f'),
        row('verdict steered by lies, of %d' % total('lies'), total('steered'), '0', lambda x: x == 0),
        row('READY withheld once all is said (no goal)', total('READY withheld told'), '', lambda x: True),
    ]
    if total('trouble'):
        out.append(row('runs that broke', total('trouble'), '0', lambda x: x == 0))
    return out


def unmet():
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'unmet'),
              encoding='utf-8') as f:
        return {line.strip() for line in f if line.strip() and line[0] != '#'}


def main():
    p = argparse.ArgumentParser()
    p.add_argument('programs')
    p.add_argument('--company', choices=list(companies.ALL))
    p.add_argument('--seed', default='1,2,3,4,5')
    p.add_argument('--show', action='store_true')
    p.add_argument('--fast', action='store_true')
    p.add_argument('--only', default=','.join(PARTS))
    a = p.parse_args()
    names = [a.company] if a.company else list(companies.ALL)
    seeds = [int(x) for x in a.seed.split(',')]
    if a.fast:
        names, seeds = [a.company] if a.company else ['payroll', 'calm'], seeds[:1]
        a.only = 'verdicts,steered'
    scratch = os.environ['SCRATCH']
    programs = os.path.abspath(a.programs)
    Measure(programs, companies.ALL[names[0]](1), scratch)
    jobs = [(programs, c, s, scratch, tuple(a.only.split(','))) for c in names for s in seeds]
    from db import Db
    with Db(programs, 'truth_first'):
        pass                           # the template is made once
    done = []
    with ProcessPoolExecutor(min(2, len(jobs))) as pool:
        for company, seed, figures, misses, notes, took in pool.map(one, jobs):
            done.append((company, figures))
            counts = {}
            for figure, _ in misses:
                counts[figure] = counts.get(figure, 0) + 1
            print('%-10s %d  %5.1f s  %s' % (company, seed, took, ', '.join(
                '%s: %d' % x for x in sorted(counts.items())) or 'all right'), flush=True)
            if a.show:
                for figure, text in misses + notes:
                    print('    %s: %s' % (figure, text), flush=True)
    shown = [n for n in names if len(names) > 1] + ['all']
    tables = [table([f for c, f in done if n in (c, 'all')]) for n in shown]
    print('\n%-64s %8s %s' % ('', 'goal', ' '.join('%9s' % n for n in shown)))
    missed = 0
    for i, (text, _, goal, met) in enumerate(tables[-1]):
        print('%-64s %8s %s' % (text, goal, ' '.join(
            '%9s' % (t[i][1] + ('' if t[i][3] else ' !')) for t in tables if i < len(t))))
        if a.fast and not met and text.strip() in unmet():
            print('  (known)')
            met = True
        missed += not met
    print('\n! misses its goal: %d of %d lines' % (missed, len(tables[-1])))
    return 1 if missed else 0


if __name__ == '__main__':
    sys.exit(main())
