"""A company's mail, simulated mail by mail: who sends, by which servers, signed
by whom, who sends it again, who forges it, and what receivers report of it.  So
the truth of every record is known.

A World has Senders (ours), Forwarders (recipients' forwards, lists and gateways:
nobody of ours), Forgers, Reporters and Events.  Days are numbers, the first is
0; day(n) is its date.
"""
import datetime
import os
import sys
from collections import namedtuple

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'scripts'))

from years import dialect  # noqa: E402
from years.days import Chance  # noqa: E402
from years.truth import aligned  # noqa: E402

LAST = datetime.date(2026, 11, 22)
DAY = 86400
Source = namedtuple('Source', 'ip ptr status')

# What was published.  sp, np: None is not published; t: the tag of RFC 9989
Policy = namedtuple('Policy', 'p sp np adkim aspf pct t', defaults=(None, None, 'r', 'r', 100, 'n'))

# Something that an operator wants to hear of.  kinds: what changes may call it;
# actor: whose 20th message sets the term, None: days from the event; names:
# words of which one is in the subject or the detail
Event = namedtuple('Event', 'day what kinds actor names term', defaults=(3,))

Row = namedtuple('Row', 'day reporter key what actor count passed')


class Sender:
    """Mail of the company.  labels: what it may rightly be called; role: own or
    vendor; author: From; rate(day): messages a day that somebody reports;
    audience: {reporter: share}, where that differs from the world's; fwd: share
    that recipients forward; sign: [(d=, s=)]; env: return-path; spf: its result;
    damage: share whose signatures break; knows: from what it can be known as
    ours: reports, enrich, or word (by the operator alone); states: [(day, changes)]"""

    FIELDS = dict(ips=(), sign=(), env=None, spf='pass', damage=0, off=False, author=None,
                  weight=1)

    def __init__(self, name, labels, role, author, ips, rate, sign=(), env=None, spf='pass',
                 audience=None, fwd=0.0, damage=0, knows='reports', states=(), off=False,
                 classes=None):
        self.name, self.labels, self.role = name, set(labels), role
        self.rate, self.audience, self.fwd = rate, audience, fwd
        self.knows, self.classes = knows, classes
        first = dict(ips=ips, sign=sign, env=env or author, spf=spf, damage=damage, off=off,
                     author=author)
        self.states = [(0, first)]
        for n, change in sorted(states, key=lambda x: x[0]):
            self.states.append((n, dict(self.states[-1][1], **change)))

    def at(self, n):
        return [s for first, s in self.states if first <= n][-1]


class Forwarder:
    """Sends again what it got.  env: its return-path, None: kept; sign: its own
    signature; breaks: share of mails that it changes; reach: {reporter: weight};
    weight among the forwarders"""

    def __init__(self, name, ips, env=None, sign=None, breaks=0.0, reach=None, weight=1.0):
        self.name, self.ips, self.env, self.sign = name, ips, env, sign
        self.breaks, self.reach, self.weight = breaks, reach, weight


class Forger:
    """rate(day), ips(day); env: None forges ours, else the return-path, which
    passes; sign: as whom it signs; bogus: an own signature that is nonsense"""

    def __init__(self, name, author, ips, rate, env=None, sign=None, bogus=None, audience=None,
                 result='softfail'):
        self.name, self.author, self.ips, self.rate = name, author, ips, rate
        self.env, self.sign, self.bogus, self.audience = env, sign, bogus, audience
        self.result = result


class Reporter(dialect.Reporter):
    """blank: what it writes for an sp that is not published: repeat, omit, none;
    gaps: share of days that it forgets; mail: From domain of its reports"""

    def __init__(self, key, org, email, host, share, **traits):
        blank = traits.pop('blank', 'repeat')
        self.gaps = traits.pop('gaps', 0.0)
        self.selectors = traits.pop('selectors', True)
        self.silent = None
        self.share, self.blank = share, blank
        super().__init__(key, org, email, host, **traits)
        self.sp = blank != 'omit'


class World:
    def __init__(self, name, seed, domain, days, mx=None):
        self.name, self.seed, self.domain, self.days, self.mx = name, seed, domain, days, mx
        self.luck = Chance('%s/%d' % (name, seed))
        self.senders, self.forwarders, self.forgers = [], [], []
        self.reporters, self.events, self.asks = [], [], []
        self.policies = {domain: [(0, Policy('none'))]}
        self.gap = None                # (first, last): days on which no mail arrived
        self.rows, self.truth, self.numbers = [], {}, {}
        self.reports = 0
        self.arrivals = []
        self.temperror = 0.001

    # ---- days --------------------------------------------------------------

    def date(self, n):
        return LAST - datetime.timedelta(self.days - 1 - n)

    def day(self, n):
        return self.date(n).isoformat()

    def epoch(self, n):
        return int(datetime.datetime.combine(
            self.date(n), datetime.time(), datetime.timezone.utc).timestamp())

    # ---- how often ---------------------------------------------------------

    def office(self, v, idle=0.1):
        """on working days"""
        return lambda n: v * (idle if self.date(n).weekday() > 4 else 1)

    def daily(self, v):
        return lambda n: v

    def weekly(self, v, weekday, rest=0.0):
        return lambda n: v if self.date(n).weekday() == weekday else rest

    def monthly(self, v, of_month=25):
        return lambda n: v if self.date(n).day == of_month else 0

    def on(self, days, v):
        """on these days"""
        days = set(days)
        return lambda n: v if n in days else 0

    def about(self, x, much=0.3):
        """a number that another seed has otherwise"""
        return x * (1 - much + 2 * much * self.luck.random())

    def around(self, n, much=4):
        return n + int((self.luck.random() * 2 - 1) * much)

    # ---- mails -------------------------------------------------------------

    def mails(self, n):
        """[(reporter, ip, author, sigs, spf, what, actor, count)] of a day"""
        out = []
        for s in self.senders:
            out += self.sent(s, n)
        for f in self.forgers:
            out += self.forged(f, n)
        return out

    def shares(self, audience):
        return [(r, audience.get(r.key, 0) if audience else r.share) for r in self.reporters]

    def few(self, x):
        """about x, with the noise of small numbers"""
        if x <= 0:
            return 0
        return self.luck.noisy(x, 0.35 if x > 3 else 1.0)

    def sent(self, s, n):
        st = s.at(n)
        volume = 0 if st['off'] else s.rate(n)
        if volume <= 0:
            return
        for rep, share in self.shares(s.audience):
            count = self.few(volume * share)
            if count <= 0:
                continue
            away = self.luck.whole(count * s.fwd) if self.forwarders else 0
            yield from self.direct(s, st, rep, count - away)
            if away:
                yield from self.again(s, st, away)

    def direct(self, s, st, rep, count):
        if count <= 0:
            return
        weights = [1 / (i + 0.7) for i in range(len(st['ips']))]
        for i, k in self.luck.split(count, weights):
            bad = self.luck.whole(k * st['damage'])
            for m, result in ((k - bad, 'pass'), (bad, 'fail')):
                if m > 0:
                    sigs = tuple((d, sel, result) for d, sel in st['sign'])
                    yield (rep, st['ips'][i].ip, st['author'], sigs, (st['env'], st['spf']),
                           'ours', s.name, m)

    def again(self, s, st, count):
        weights = [f.weight for f in self.forwarders]
        for i, k in self.luck.split(count, weights):
            f = self.forwarders[i]
            reach = [(r, f.reach.get(r.key, 0) if f.reach else r.share) for r in self.reporters]
            reach = [(r, w) for r, w in reach if w > 0]
            if not reach:
                continue
            for j, m in self.luck.split(k, [w for _, w in reach]):
                bad = self.luck.whole(m * f.breaks)
                for q, result in ((m - bad, 'pass'), (bad, 'fail')):
                    if q > 0:
                        sigs = tuple((d, sel, result) for d, sel in st['sign'])
                        if f.sign:
                            sigs += ((f.sign[0], f.sign[1], 'pass'),)
                        spf = (f.env, 'pass') if f.env else (st['env'], 'softfail')
                        yield (reach[j][0], self.luck.one_of(f.ips).ip, st['author'], sigs, spf,
                               'carried', f.name, q)

    def forged(self, f, n):
        volume = f.rate(n)
        if volume <= 0:
            return
        for rep, share in self.shares(f.audience):
            count = self.few(volume * share)
            if count <= 0:
                continue
            pool = f.ips(n) if callable(f.ips) else f.ips
            heaps = {}
            for _ in range(min(count, 60)):
                ip = self.luck.one_of(pool).ip
                heaps[ip] = heaps.get(ip, 0) + 1
            top = max(heaps, key=heaps.get)
            heaps[top] += count - sum(heaps.values())
            sigs = ()
            if f.sign:
                sigs = ((f.sign[0], f.sign[1], 'pass'),)
            elif f.bogus:
                sigs = ((f.bogus[0], f.bogus[1], 'fail'),)
            spf = (f.env, 'pass') if f.env else (f.author, f.result)
            for ip, k in sorted(heaps.items()):
                yield (rep, ip, f.author, sigs, spf, 'forged', f.name, k)

    # ---- reports -----------------------------------------------------------

    def policy_domain(self, author):
        while author not in self.policies:
            author = author.split('.', 1)[1]
        return author

    def policy_seen(self, domain, rep, n):
        steps = self.policies[domain]
        return [p for first, p in steps if first == 0 or n >= first + rep.lag][-1]

    def shown(self, domain, rep, policy):
        """as the reporter writes it"""
        sp = policy.sp
        if sp is None:
            sp = {'repeat': policy.p, 'omit': policy.p, 'none': 'none'}[rep.blank]
        return dict(domain=domain, p=policy.p, sp=sp, np=policy.np or policy.sp or policy.p,
                    pct=policy.pct, adkim=policy.adkim, aspf=policy.aspf, t=policy.t)

    def run(self, out):
        self.out = out
        os.makedirs(out)
        for n in range(self.days):
            heaps = {}
            for rep, *mail in self.mails(n):
                heaps.setdefault((rep.key, self.policy_domain(mail[1])), []).append(mail)
            for rep in self.reporters:
                if rep.silent is not None and n >= rep.silent:
                    continue
                for domain in self.policies:
                    heap = heaps.get((rep.key, domain))
                    if heap and self.luck.random() >= rep.gaps:
                        self.report(rep, domain, n, heap)
        return self

    def report(self, rep, domain, n, heap):
        policy = self.policy_seen(domain, rep, n)
        merged = {}
        lost = self.gap and self.gap[0] <= n + 1 <= self.gap[1]
        for ip, author, sigs, spf, what, actor, count in heap:
            if self.temperror and self.luck.random() < self.temperror:
                sigs = tuple((d, s, 'temperror') for d, s, _ in sigs)
                spf = (spf[0], 'temperror')
            if not rep.selectors:
                sigs = tuple((d, '', x) for d, s, x in sigs)
            dkim = any(x == 'pass' and aligned(d, author, policy.adkim) for d, _, x in sigs)
            ok = spf[1] == 'pass' and aligned(spf[0], author, policy.aspf)
            key = '%s %s %s %s=%s' % (
                ip, author, ','.join(sorted({'%s=%s' % (d, x) for d, _, x in sigs})), *spf)
            if not lost:
                self.rows.append(Row(n, rep.key, key, what, actor, count, dkim or ok))
                old = self.truth.setdefault(key, (what, actor))
                if old != (what, actor) and old[0] != what:
                    raise AssertionError((old, what, actor, key))
            r = merged.setdefault((ip, author, sigs, spf), self.record(
                rep, policy, domain, ip, author, sigs, spf, dkim, ok, what))
            r.count += count
        if not lost:
            self.write(rep, domain, n, self.shown(domain, rep, policy), list(merged.values()))

    def record(self, rep, policy, domain, ip, author, sigs, spf, dkim, ok, what):
        r = Record()
        r.ip, r.hf, r.ef, r.sigs, r.spf = ip, author, spf[0], sigs, (spf[0], 'mfrom', spf[1])
        r.dkim, r.spf_ok, r.count, r.reason, r.envelope_to = dkim, ok, 0, None, ''
        wanted = policy.p if author == domain else policy.sp or policy.p
        if policy.t == 'y' and rep.bis:
            wanted = {'reject': 'quarantine', 'quarantine': 'none'}.get(wanted, 'none')
        r.disposition = 'none' if dkim or ok else wanted
        if r.disposition != 'none' and what == 'carried':
            x = self.luck.random()
            if rep.key == 'google' and x < 0.4:
                r.disposition, r.reason = 'none', (
                    'local_policy', 'arc=pass as[1].d=%s as[1].s=arc' % spf[0])
            elif rep.key in ('yahoo', 'gmx') and x < 0.3:
                r.disposition, r.reason = 'none', ('forwarded', '')
        return r

    def write(self, rep, domain, n, policy, records):
        begin, end = self.epoch(n) + rep.begin, self.epoch(n) + rep.end
        number = self.numbers[rep.key] = self.numbers.get(rep.key, 0) + 1
        rid = dialect.report_id(rep, domain, begin, end, number)
        data = dialect.document(rep, rid, begin, end, policy, records)
        if policy['t'] != 'n':
            data = data.replace(b'<testing>n', b'<testing>' + policy['t'].encode())
        if not rep.selectors:
            data = data.replace(b'<selector></selector>', b'')
        stem = '%s!%s!%d!%d' % (rep.host, domain, begin, end)
        if self.mx:
            host = rep.email.split('@')[1]
            name, data = stem + '.eml', dialect.mail(
                rep, rid, stem, self.domain, data, end, rep.email,
                '%s; dkim=pass header.d=%s; dmarc=pass header.from=%s' % (self.mx, host, host))
        elif rep.pack == 'zip':
            name, data = stem + '.zip', dialect.zipped(stem + '.xml', data)
        else:
            name, data = stem + '.xml.gz', dialect.gz(data)
        with open(os.path.join(self.out, name), 'xb') as f:
            f.write(data)
        self.reports += 1

    # ---- what is true ------------------------------------------------------

    def sender(self, name):
        return [s for s in self.senders if s.name == name][0]

    def reported(self, actor, first, last):
        return [r for r in self.rows if r.actor == actor and r.what == 'ours'
                and first <= r.day <= last]

    def twentieth(self, event):
        """the day of the event's 20th message"""
        if event.actor is None:
            return event.day
        total = 0
        for r in sorted(self.reported(event.actor, event.day, self.days), key=lambda r: r.day):
            total += r.count
            if total >= 20:
                return r.day
        return None

    def sources(self):
        """what DNS says of the addresses"""
        known = {}
        groups = [st['ips'] for s in self.senders for _, st in s.states]
        groups += [f.ips for f in self.forwarders]
        for f in self.forgers:
            groups += [f.ips] if not callable(f.ips) else [f.ips(n) for n in range(self.days)]
        for group in groups:
            for a in group:
                known[a.ip] = a
        return known


class Record:
    __slots__ = ('ip', 'hf', 'ef', 'sigs', 'spf', 'dkim', 'spf_ok', 'disposition', 'reason',
                 'envelope_to', 'count')


# ---- addresses -------------------------------------------------------------

def named(first, n, name, status='confirmed'):
    """n addresses from this one on, with names; %d is 1, 2, ..."""
    head, last = first.rsplit('.', 1)
    return [Source('%s.%d' % (head, int(last) + i),
                   None if name is None else name % (i + 1) if '%' in name else name,
                   'none' if name is None else status) for i in range(n)]


def crowd(seed, n, net=10):
    """addresses of strangers' machines"""
    luck, out, seen = Chance('crowd ' + seed), [], set()
    while len(out) < n:
        ip = '%d.%d.%d.%d' % (net, luck.below(256), luck.below(256), 1 + luck.below(254))
        if ip in seen:
            continue
        seen.add(ip)
        x = luck.random()
        if x < 0.4:
            out.append(Source(ip, None, 'none'))
        else:
            out.append(Source(ip, 'host-%s.telecom%d.example' % (ip.replace('.', '-'), luck.below(9)),
                              'confirmed' if x < 0.8 else 'unconfirmed'))
    return out
