"""A year: streams of mail, what reporters see of them, and the files that come
of it."""
import hashlib
import os
from collections import namedtuple

from years import dialect, truth
from years.days import DAY, DAYS, START, Chance, date

# One kind of mail.  sigs: (d=, s=, result); spf: (domain, scope, result);
# way: how it went: '' directly, 'list', 'forward' or 'gateway';
# bug: the small provider does not believe its own results; ghost: the author domain
# does not exist.
Kind = namedtuple('Kind', 'hf ef sigs spf way bug ghost',
                  defaults=('', False, False))
Source = namedtuple('Source', 'ip ptr status asn as_name country')
Draw = namedtuple('Draw', 'stream source kind count')


class Stream:
    """known: the operator's inventory has it.  volume(day): messages a day, of
    all the world; kinds(day, source, chance): [(weight, Kind)]; reach: how much
    of it this reporter sees, where that differs; signed: a d= that tells it
    from other streams of the same addresses; report: comes in reports of its
    own"""

    def __init__(self, name, role, known, senders, note, sources, volume,
                 kinds, weights=None, reach=None, signed=('-',), busy=None):
        self.name, self.role, self.known = name, role, known
        self.senders, self.note = senders, note
        self.sources, self.volume, self.kinds = sources, volume, kinds
        self.weights = weights or [1] * len(sources)
        self.reach = reach or {}
        self.signed = signed
        self.busy = busy               # day: indices of the sources in use


class Record:
    __slots__ = ('ip', 'hf', 'ef', 'sigs', 'spf', 'dkim', 'spf_ok',
                 'disposition', 'reason', 'envelope_to', 'count', 'stream',
                 'features')

    def key(self):
        return (self.ip, self.hf, self.ef, self.sigs, self.spf, self.dkim,
                self.spf_ok, self.disposition, self.reason, self.envelope_to)


# Where something was wrong with DNS for a while.  what: 'spf', 'dkim' or
# 'both'; result: 'temperror' or 'permerror'; spf of
# these domains only; without any, of all names of the author's.
Trouble = namedtuple('Trouble', 'first last reporters share what result domains')


class Year:
    def __init__(self, name, domain, reach, policies, streams, troubles=(),
                 silent=(), mx=None):
        self.name, self.domain, self.mx = name, domain, mx
        self.reporters = [r for r in dialect.REPORTERS if r.key in reach]
        self.reach = reach
        self.policies = policies       # domain: [(first day, policy)]
        self.homes = {}
        self.streams, self.troubles = streams, troubles
        self.silent = dict(silent)     # reporter: first day without reports
        self.chance = {}
        self.numbers = {}
        self.files = []                # rows of reports.tsv
        self.rows = []                 # what truth.tsv adds up
        self.passed = set()            # author signatures that verified
        self.seen = {}                 # policies, as reporters showed them
        self.content = hashlib.sha256()
        self.again = 0                 # reports that were sent twice
        self.out = None

    def luck(self, name):
        if name not in self.chance:
            self.chance[name] = Chance('%s/%s' % (self.name, name))
        return self.chance[name]

    # ---- what is sent ------------------------------------------------------

    def draws(self, stream, day):
        """[(reporter, Draw)] of a stream on a day"""
        luck = self.luck(stream.name)
        volume = stream.volume(day)
        if volume <= 0:
            return
        busy = stream.busy(day) if stream.busy else None
        if busy is None:
            busy = range(len(stream.sources))
        weights = [stream.weights[i] for i in busy]
        for rep in self.reporters:
            share = stream.reach.get(rep.key, self.reach[rep.key])
            n = luck.noisy(volume * share)
            for i, k in luck.split(n, weights) if n > 0 else ():
                source = stream.sources[busy[i]]
                kinds = stream.kinds(day, source, luck)
                for j, m in luck.split(k, [w for w, _ in kinds]):
                    yield rep, Draw(stream, source, kinds[j][1], m)

    # ---- what was published, and who saw it when ---------------------------

    def policy_domain(self, author):
        if author not in self.homes:
            parts = author.split('.')
            names = ['.'.join(parts[i:]) for i in range(len(parts))]
            self.homes[author] = next(x for x in names if x in self.policies)
        return self.homes[author]

    def policies_seen(self, domain, rep, day):
        """[(policy, share, policy before it)]: as a rule one"""
        steps = self.policies[domain]
        now = [i for i, (first, _) in enumerate(steps)
               if i == 0 or day >= first + rep.lag][-1]
        old = steps[now - 1][1] if now > 0 else None
        fresh = now > 0 and day == steps[now][0] + rep.lag
        if fresh and rep.bis:          # a report for each policy of the day
            return [(old, 0.4, None), (steps[now][1], 0.6, None)]
        return [(steps[now][1], 1, old if fresh else None)]

    # ---- what a reporter makes of a mail -----------------------------------

    def in_trouble(self, draw, rep, day, luck):
        """the kinds a draw becomes when DNS fails: [(Kind, count)]"""
        for t in self.troubles:
            if not t.first <= day <= t.last or (t.reporters and rep.key not in t.reporters):
                continue
            hit = luck.whole(draw.count * t.share)
            kind = draw.kind
            sigs, spf = kind.sigs, kind.spf
            if t.what != 'spf':
                sigs = tuple((d, s, t.result if truth.aligned(d, kind.hf, 'r') else x)
                             for d, s, x in sigs)
            if t.what != 'dkim' and spf and (
                    spf[0] in t.domains if t.domains else truth.aligned(spf[0], kind.hf, 'r')):
                spf = (spf[0], spf[1], t.result)
            other = kind._replace(sigs=sigs, spf=spf)
            return [(k, n) for k, n in ((other, hit), (kind, draw.count - hit)) if n > 0]
        return [(draw.kind, draw.count)]

    def evaluated(self, draw, kind, count, rep, policy, before, luck):
        r = Record()
        r.ip, r.count, r.stream = draw.source.ip, count, draw.stream
        r.hf, r.ef, r.sigs, r.spf = kind.hf, kind.ef, kind.sigs, kind.spf
        r.envelope_to = ''
        if rep.envelope_to:
            r.envelope_to = rep.envelope_to[0] if luck.random() < 0.93 else luck.one_of(rep.envelope_to)
        helo = r.spf is not None and r.spf[1] == 'helo'
        if helo and rep.bis:
            r.spf = None               # RFC 9990 has no scope for it
        r.reason = None
        f = truth.features(r.hf, r.sigs, r.spf, None, policy['adkim'], policy['aspf'])
        r.dkim, r.spf_ok = f.dkim_pass, f.spf_pass
        if helo and rep.helo:
            r.spf_ok = kind.spf[2] == 'pass' and truth.aligned(kind.spf[0], r.hf, policy['aspf'])
            if not rep.scope:          # it looks like the return-path then
                r.spf = (kind.spf[0], 'mfrom', kind.spf[2])
        if kind.bug and rep.key == 'isp':
            r.dkim = r.spf_ok = False
        self.dispose(r, kind, rep, policy, before, luck)
        r.features = truth.features(r.hf, r.sigs, r.spf, r.reason, policy['adkim'], policy['aspf'])
        return r

    def dispose(self, r, kind, rep, policy, before, luck):
        if before is not None and luck.random() < 0.5:
            policy = dict(policy, p=before['p'], sp=before['sp'], pct=before['pct'])
        wanted = policy['p']
        if r.hf != policy['domain']:
            wanted = policy['np'] if kind.ghost and rep.np else policy['sp']
        if r.dkim or r.spf_ok:
            r.disposition = 'pass' if rep.bis and wanted != 'none' else 'none'
            return
        r.disposition = wanted
        if wanted == 'none':
            return
        if policy['pct'] == 0 and not rep.bis:   # RFC 9989 knows no pct
            r.disposition = 'none' if wanted == 'quarantine' else 'quarantine'
            r.reason = ('sampled_out', '')
            return
        over = override(rep, kind, luck)
        if over:
            r.disposition, r.reason = over
            r.disposition = r.disposition or wanted
        elif wanted == 'reject' and rep.key in self.lenient:
            r.disposition = 'quarantine'

    finish = None                      # what comes after all of the days
    lenient = ('outlook',)             # quarantine where reject is asked for

    # ---- reports -----------------------------------------------------------

    def run(self, out):
        self.out = out
        os.makedirs(os.path.join(out, 'reports'))
        for day in range(DAYS):
            heaps = {}
            for stream in self.streams:
                for rep, draw in self.draws(stream, day):
                    if day < self.silent.get(rep.key, DAYS):
                        heaps.setdefault((rep.key, self.policy_domain(draw.kind.hf)), []).append(draw)
            for rep in self.reporters:
                for domain in self.policies:
                    heap = heaps.get((rep.key, domain))
                    if heap:
                        self.report_day(rep, domain, day, heap)
        if self.finish:
            self.finish(self)

    def report_day(self, rep, domain, day, heap):
        luck = self.luck('reporter ' + rep.key)
        seen = self.policies_seen(domain, rep, day)
        for i, (policy, share, before) in enumerate(seen):
            merged = {}
            for draw in heap:
                count = draw.count
                if len(seen) > 1:
                    first = luck.whole(count * seen[0][1])
                    count = (first, count - first)[i]
                if count == 0:
                    continue
                for kind, n in self.in_trouble(draw._replace(count=count), rep, day, luck):
                    r = self.evaluated(draw, kind, n, rep, policy, before, luck)
                    same = merged.setdefault(r.key(), r)
                    if same is not r:
                        assert same.stream is r.stream, (same.stream.name, r.stream.name, r.ip)
                        same.count += n
            if merged:
                self.write(rep, domain, day, policy, list(merged.values()))

    def write(self, rep, domain, day, policy, records, claim=None):
        """claim: (kind of mail, From, Authentication-Results) of a mail that
        is not what this reporter sends"""
        begin, end = START + day * DAY + rep.begin, START + day * DAY + rep.end
        n = self.numbers[rep.key] = self.numbers.get(rep.key, 0) + 1
        rid = dialect.report_id(rep, domain, begin, end, n)
        data = dialect.document(rep, rid, begin, end, policy, records)
        stem = '%s!%s!%d!%d' % (rep.host, domain, begin, end)
        carrier = '-'
        if len(self.policies_seen(domain, rep, day)) > 1:
            stem += '!%d' % n
        if claim:
            carrier, mail_from, results = claim
            name, data2 = '%s!%s.eml' % (stem, carrier), dialect.mail(
                rep, rid, stem, self.domain, data, end, mail_from, results)
        elif rep.pack == 'eml' and self.mx:
            carrier = 'pass'
            results = '%s; dmarc=pass header.from=%s' % (self.mx, rep.host)
            name, data2 = stem + '.eml', dialect.mail(
                rep, rid, stem, self.domain, data, end, rep.email, results)
        elif rep.pack == 'zip':
            name, data2 = stem + '.zip', dialect.zipped(stem + '.xml', data)
        elif rep.pack == 'xml':
            name, data2 = stem + '.xml', data
        else:
            name, data2 = stem + '.xml.gz', dialect.gz(data)
        with open(os.path.join(self.out, 'reports', name), 'xb') as f:
            f.write(data2)
        self.content.update(data)
        if rep.key == 'mailru' and n % 40 == 0:  # sent again, in another order
            data = dialect.document(rep, rid, begin, end, policy, records[::-1])
            with open(os.path.join(self.out, 'reports', stem + '!again.xml.gz'), 'xb') as f:
                f.write(dialect.gz(data))
            self.again += 1
        self.note(rep, domain, day, policy, records, (name, rid, begin, end, carrier))

    def note(self, rep, domain, day, policy, records, file):
        name, rid, begin, end, carrier = file
        good = 0
        for r in records:
            passed = r.dkim or r.spf_ok
            good += r.count if passed else 0
            self.rows.append((day, domain, rep.org, policy, r))
            if r.dkim:
                self.passed.update((d, s) for d, s, x in r.sigs if x == 'pass'
                                   and truth.aligned(d, r.hf, policy['adkim']))
        self.files.append((name, domain, rep.org, rid, begin, end, date(day), len(records),
                           sum(r.count for r in records), good, carrier))
        shown = (domain, rep.org) + tuple(
            policy[t] if t != 'sp' or dialect.says_sp(rep, policy) else '-'
            for t in ('p', 'sp', 'adkim', 'aspf')) + (
            '-' if rep.bis else str(policy['pct']),)
        days = self.seen.setdefault(shown, [day, day, 0])
        days[1] = max(days[1], day)
        days[2] += 1


def override(rep, kind, luck):
    """(disposition or None for what is asked for, reason), or None"""
    x = luck.random()
    if kind.way == 'list':
        if rep.key in ('yahoo', 'mailru', 'gmx') and x < 0.7:
            return 'none', ('mailing_list', 'mailing list')
        if rep.key == 'google' and x < 0.75:
            return 'none', ('local_policy', 'arc=pass as[1].d=%s as[1].s=arc' % kind.spf[0])
        if rep.key == 'enterprise' and x < 0.4:
            return 'none', ('local_policy', 'arc=pass')
        if rep.key in ('enterprise', 'outlook'):
            return None, ('local_policy', 'arc=fail')
    if kind.way == 'forward':
        if rep.key == 'google' and x < 0.5:
            return 'none', ('local_policy', 'arc=pass as[1].d=%s as[1].s=arc' % kind.spf[0])
        if rep.key == 'yahoo' and x < 0.4:
            return 'none', ('forwarded', '')
        if rep.key in ('iij', 'mailru') and x < 0.6:
            return 'none', ('trusted_forwarder', '')
        if rep.key == 'outlook' and x < 0.3:
            return None, ('local_policy', 'arc=fail')
    if kind.way == 'gateway' and rep.key == 'enterprise' and x < 0.8:
        return 'none', ('other', 'known gateway')
    if rep.key == 'docomo':
        return 'none', ('local_policy', 'filter off')
    if rep.key == 'isp' and x < 0.3:
        return 'none', ('local_policy', 'allowed by the recipient')
    if rep.key == 'google' and kind.way == '' and x < 0.015:
        return 'none', ('local_policy', '')
    return None


# ---- what an operator would find of the addresses --------------------------

def org_of(ptr):
    return truth.org(ptr) if ptr else None


def quoted(x):
    return 'NULL' if x is None else "'%s'" % str(x).replace("'", "''")


def sources_sql(streams):
    known = {}
    for s in streams:
        for a in s.sources:
            assert known.setdefault(a.ip, a) == a, a
    rows = []
    for ip in sorted(known):
        a = known[ip]
        names = "'{%s}'" % a.ptr if a.ptr else 'NULL'
        rows.append('(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)' % (
            quoted(ip), quoted(a.ptr), quoted(org_of(a.ptr)), names,
            quoted(a.status), quoted('2026-11-01 03:00:00+00'), a.asn or 'NULL',
            quoted(a.as_name), quoted(a.country),
            quoted('2026-11-01 03:00:00+00' if a.asn else None)))
    out = ['-- What dmarc-check addresses would have found of every source address.\nBEGIN;\n']
    for i in range(0, len(rows), 500):
        out.append('INSERT INTO dmarc.source (ip, ptr, ptr_org, ptr_names, ptr_status,\n'
                   '       ptr_at, asn, as_name, country, network_at) VALUES\n'
                   + ',\n'.join(rows[i:i + 500]) + ';\n')
    return ''.join(out) + 'COMMIT;\n'


# ---- the truth -------------------------------------------------------------

def tsv(path, head, rows):
    with open(path, 'w', encoding='utf-8', newline='\n') as f:
        f.write('\t'.join(head) + '\n')
        for row in rows:
            f.write('\t'.join(str(c) for c in row) + '\n')


def truth_of(year):
    """{(day, policy domain, reporter, stream, class): [messages, pass]}, and
    the addresses by (stream, class)"""
    cells, places = {}, {}
    for day, domain, reporter, _, r in year.rows:
        name = r.stream.name
        c = truth.classify(r.features, r.dkim, r.spf_ok, r.stream.known, year.passed)
        for k in ((name, c), (name, '*'), ('*', '*')):
            places.setdefault(k, set()).add(r.ip)
        cell = cells.setdefault((day, domain, reporter, name, c), [0, 0])
        cell[0] += r.count
        cell[1] += r.count if r.dkim or r.spf_ok else 0
    return cells, places


def totals_of(year, cells, places):
    sums = {}
    for (day, _, reporter, name, c), (messages, good) in sorted(cells.items()):
        for k in ((name, c), (name, '*'), ('*', '*')):
            t = sums.setdefault(k, [day, day, set(), set(), 0, 0])
            t[0], t[1] = min(t[0], day), max(t[1], day)
            t[2].add(day)
            t[3].add(reporter)
            t[4] += messages
            t[5] += good
    order = [s.name for s in year.streams] + ['*']
    for name in order:
        for k in sorted((k for k in sums if k[0] == name), key=lambda k: k[1]):
            t = sums[k]
            yield (name, k[1], date(t[0]), date(t[1]), len(t[2]), len(t[3]),
                   len(places[k]), t[4], t[5], t[4] - t[5])


def dispositions_of(year):
    """what became of mail that fails"""
    sums = {}
    for _, domain, reporter, policy, r in year.rows:
        if not (r.dkim or r.spf_ok):
            k = (domain, reporter, policy['p'], r.disposition, r.reason[0] if r.reason else '-',
                 r.stream.name)
            sums[k] = sums.get(k, 0) + r.count
    return [k + (n,) for k, n in sorted(sums.items())]


def write_truth(year):
    out = year.out
    cells, places = truth_of(year)
    tsv(out + '/truth.tsv',
        ('day', 'policy_domain', 'reporter', 'stream', 'class', 'messages', 'pass', 'fail'),
        [(date(k[0]),) + k[1:] + (m, g, m - g) for k, (m, g) in sorted(cells.items())])
    tsv(out + '/totals.tsv',
        ('stream', 'class', 'first_day', 'last_day', 'days', 'reporters', 'addresses',
         'messages', 'pass', 'fail'), totals_of(year, cells, places))
    tsv(out + '/dispositions.tsv',
        ('policy_domain', 'reporter', 'p', 'disposition', 'reason', 'stream', 'fail'),
        dispositions_of(year))
    tsv(out + '/inventory.tsv', ('stream', 'role', 'known', 'senders', 'note'),
        [(s.name, s.role or '-', int(s.known), s.senders, s.note) for s in year.streams])
    tsv(out + '/addresses.tsv', ('ip', 'signed', 'stream'), addresses_of(year))
    tsv(out + '/reports.tsv',
        ('file', 'policy_domain', 'reporter', 'report_id', 'begin_at', 'end_at', 'day', 'records',
         'messages', 'pass', 'mail'), year.files)
    tsv(out + '/policies.tsv',
        ('policy_domain', 'reporter', 'p', 'sp', 'adkim', 'aspf', 'pct', 'first_day',
         'last_day', 'reports'),
        [k + (date(d[0]), date(d[1]), d[2]) for k, d in sorted(
            year.seen.items(), key=lambda x: (x[0][:2], x[1][0], x[0]))])
    with open(out + '/sources.sql', 'w', encoding='utf-8', newline='\n') as f:
        f.write(sources_sql(year.streams))


def addresses_of(year):
    """which stream an address is of; where it has several, a d= that only
    this one carries goes before '-'"""
    rows = {}
    for s in year.streams:
        for a in s.sources:
            for d in s.signed:
                assert (a.ip, d) not in rows, (a.ip, d, s.name)
                rows[a.ip, d] = s.name
    return [(ip, d, name) for (ip, d), name in sorted(rows.items())]
