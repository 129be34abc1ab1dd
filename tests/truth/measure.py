"""What dmarc-report says of a company, beside what is true of it.

A Measure asks the real commands in three states: raw (reports alone), enriched
(DNS is known), told (the operator has said what is his).  A miss is a thing
that was said and is not true: (figure, text)."""
import os
import re
import shutil
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'verdicts'), os.path.join(HERE, '..', '..', 'scripts')]

from db import Db, run  # noqa: E402
from lies import LIES  # noqa: E402
from kinds import wants_spf  # noqa: E402
from years.truth import aligned  # noqa: E402

STAGES = ('raw', 'enriched', 'told')
PROBABLE = 'FAIL/PROBABLY_YOURS'
VISIBLE = 20                           # messages of a sender that must not be overlooked

MAIL = """
CREATE TABLE IF NOT EXISTS public.truth (key text PRIMARY KEY, what text, actor text);
CREATE OR REPLACE VIEW public.mail_view AS
SELECT r.day, r.reporter, r.source_ip, r.message_count AS n, r.pass_count AS good,
       r.fail_count AS bad, r.sender, r.class, r.stream, r.header_from,
       t.what, t.actor, k.key
  FROM dmarc.record_detail r
  JOIN dmarc.auth_profile p ON p.id = r.profile_id
 CROSS JOIN LATERAL (
       SELECT host(r.source_ip) || ' ' || p.header_from || ' '
           || coalesce((SELECT string_agg(DISTINCT d.domain || '=' || d.result, ',' ORDER BY d.domain || '=' || d.result)
                          FROM unnest(p.dkim) d), '') || ' '
           || coalesce((SELECT s.domain || '=' || s.result FROM unnest(p.spf) s LIMIT 1), '') AS key) k
  LEFT JOIN public.truth t USING (key)
"""


class Measure:
    def __init__(self, programs, world, scratch):
        self.programs, self.w = programs, world
        self.name = 'truth_%s_%d' % (world.name, world.seed)
        self.out = os.path.join(scratch, self.name)
        self.figures, self.misses, self.notes = {}, [], []

    def miss(self, figure, text):
        self.misses.append((figure, text))

    def add(self, figure, x):
        self.figures[figure] = self.figures.get(figure, 0) + x

    def worst(self, figure, x):
        self.figures[figure] = max(self.figures.get(figure, 0), x)

    # ---- all of it ---------------------------------------------------------

    def measure(self, what=('verdicts', 'events', 'steered')):
        shutil.rmtree(self.out, ignore_errors=True)
        self.w.run(os.path.join(self.out, 'reports'))
        try:
            with Db(self.programs, self.name) as self.db:
                self.fill()
                if 'verdicts' in what:
                    self.stage('raw')
                self.enrich()
                if 'verdicts' in what:
                    self.stage('enriched')
                    self.words_needed()
                if 'events' in what:
                    self.events()
                if 'verdicts' in what or 'steered' in what:
                    self.tell_all()
                if 'verdicts' in what:
                    self.stage('told')
                if 'steered' in what:
                    self.steered()
        finally:
            shutil.rmtree(self.out, ignore_errors=True)
        return self

    def fill(self):
        if self.w.mx:
            self.db.say('settings', 'authserv_id', self.w.mx)
        self.db.ingest(os.path.join(self.out, 'reports'))
        self.db.sql(MAIL)
        path = os.path.join(self.out, 'truth.tsv')
        with open(path, 'w', encoding='utf-8') as f:
            for key, (kind, actor) in sorted(self.w.truth.items()):
                f.write('%s\t%s\t%s\n' % (key, kind, actor))
        self.db.sql("\\copy public.truth FROM '%s'" % path)

    def enrich(self):
        """as dmarc-report enrich would, with what DNS says in this world"""
        rows = []
        for ip, a in sorted(self.w.sources().items()):
            rows.append("('%s', %s, %s, %s, '%s', now())" % (
                ip, quoted(a.ptr), quoted(org(a.ptr)),
                "'{%s}'" % a.ptr if a.ptr else 'NULL', a.status))
        for i in range(0, len(rows), 1000):
            self.db.sql('INSERT INTO dmarc.source (ip, ptr, ptr_org, ptr_names, ptr_status, ptr_at) VALUES '
                        + ','.join(rows[i:i + 1000]) + ' ON CONFLICT (ip) DO UPDATE SET ptr = excluded.ptr, '
                        'ptr_org = excluded.ptr_org, ptr_names = excluded.ptr_names, '
                        'ptr_status = excluded.ptr_status, ptr_at = excluded.ptr_at')
        # All names are known now: this asks no nameserver, and learns from them.
        check = self.programs + '/dmarc-check'
        if os.path.exists(check):
            run(self.db.env, check, 'addresses')
        else:
            self.db.say('enrich')

    def tell_all(self):
        """every word that is true of the company's own senders"""
        self.look()
        said = set()
        for s in self.w.senders:
            for name in self.names_of(s):
                if name not in said:
                    said.add(name)
                    self.db.say('sender', name, s.role)

    def names_of(self, s):
        """what reports call it where it fails and is not yet its owner's"""
        return [r[0] for r in self.rows(
            "SELECT sender FROM public.mail WHERE actor = '%s' AND what = 'ours' AND bad > 0 "
            "AND sender IS NOT NULL GROUP BY 1 HAVING sum(bad) > 2" % s.name)
            if r[0] in s.labels]

    def rows(self, query):
        out = self.db.sql("COPY (%s) TO STDOUT" % query)
        return [[None if c == '\\N' else c for c in line.split('\t')]
                for line in out.split('\n') if line]

    # ---- one state ---------------------------------------------------------

    def look(self):
        """what is said of each mail now, beside its truth; a command first does what
        is due"""
        self.db.text('summary', '--domain', self.w.domain)
        self.db.sql('DROP TABLE IF EXISTS public.mail; '
                    'CREATE TABLE public.mail AS SELECT * FROM public.mail_view')

    def stage(self, stage):
        self.look()
        lost = self.rows("SELECT count(*), coalesce(sum(n), 0), min(key) FROM public.mail WHERE what IS NULL")[0]
        if lost[0] != '0':
            raise RuntimeError('%s: %s records of unknown truth, such as %s' % (self.name, lost[0], lost[2]))
        self.readiness(stage)
        self.named(stage)
        self.counted(stage)
        self.offered(stage)
        self.forecast(stage)

    def truth_at(self, n, scope, limit=None):
        """[(sender, failing, of)]: who would lose mail, of those that can be known"""
        out = []
        for s in self.w.senders:
            st = s.at(n)
            below = st['author'] != self.w.domain
            if st['off'] or below != (scope == 'sp'):
                continue
            since = max(first for first, _ in s.states if first <= n)
            rows = [r for r in self.w.rows if r.actor == s.name and r.what == 'ours'
                    and max(since, n - 399) <= r.day <= n and 'temperror' not in r.key]
            total = sum(r.count for r in rows)
            bad = [r for r in rows if not r.passed]
            fails = sum(r.count for r in bad)
            if total and fails >= VISIBLE and fails / total >= 0.2 and min(
                    r.day for r in bad) <= n - 3:
                out.append((s, fails, total))
        return out

    def readiness(self, stage):
        for n in self.w.asks:
            rows = self.db.ask('readiness', self.w.domain, '--until', self.w.day(n))
            for r in rows:
                if r['row'] != 'scope':
                    continue
                failing = self.truth_at(n, r['scope'])
                if r['verdict'] in ('READY', 'HOLDS') and failing:
                    self.add('false READY', 1)
                    self.miss('false READY', '%s, %s, %s: %s for %s, but %s' % (
                        stage, self.w.day(n), r['scope'], r['verdict'], r['step'],
                        '; '.join('%s fails (%d of %d reported messages)' % (s.name, k, of)
                                  for s, k, of in failing)))
                elif not failing and r['verdict'] not in ('READY', 'HOLDS', 'FOREIGN'):
                    self.withheld(stage, n, r, rows)
                else:
                    self.add('verdicts right ' + stage, 1)

    def withheld(self, stage, n, scope, rows):
        """no true sender is lost; perhaps time is missing"""
        steps = [f for f, _ in self.w.policies[self.w.domain] if f <= n]
        if n - steps[-1] < 36 or any(self.spf_only(s, n) for s in self.w.senders):
            return
        gates = [(r['gate'], r['met'], r['figure'], r['detail'][:150]) for r in rows
                 if r['row'] == 'gate' and r['scope'] == scope['scope'] and r['met'] in ('no', 'unknown')]
        self.add('READY withheld ' + stage, 1)
        self.notes.append(('READY withheld', '%s, %s, %s: %s: %s' % (
            stage, self.w.day(n), scope['scope'], scope['verdict'], gates)))

    def spf_only(self, s, n):
        st, w = s.at(n), self.w
        policy = [p for first, p in w.policies[w.policy_domain(st['author'])] if first <= n][-1]
        return not st['off'] and st['spf'] == 'pass' and aligned(st['env'], st['author'], policy.aspf) \
            and not any(aligned(d, st['author'], policy.adkim) for d, _ in st['sign'])

    def named(self, stage):
        """failing mail of ours: whose it is said to be, and what is wrong"""
        if stage == 'told':
            return
        good = total = 0
        for key, actor, sender, klass, stream, bad in self.rows(
                "SELECT key, actor, sender, class, stream, sum(bad) FROM public.mail "
                "WHERE what = 'ours' AND bad > 0 GROUP BY 1, 2, 3, 4, 5"):
            s, bad = self.w.sender(actor), int(bad)
            total += bad
            why = self.wrongly(s, stage, key, sender, klass, stream)
            if why is None:
                good += bad
            else:
                self.miss('named ' + stage, '%6d of %s: %s, %s, %s: %s [%s]' % (
                    bad, actor, sender, klass, stream, why, key))
        self.add('named good ' + stage, good)
        self.add('named all ' + stage, total)

    def wrongly(self, s, stage, key, sender, klass, stream):
        if 'temperror' in key:
            return None
        hidden = s.knows == 'enrich' and stage == 'raw'
        whose = s.labels | ({sender} if s.role == 'own' and sender and aligned(
            sender, self.w.domain, 'r') else set())
        # Its address is what a sender is called that nothing else names.
        if sender not in whose | {key.split(' ')[0]} and not (hidden and sender is None):
            return 'not its sender (%s)' % ', '.join(sorted(map(str, s.labels)))
        if stream in ('hostile', 'indirect'):
            return 'counts as ' + stream
        if s.classes:
            return None if klass in s.classes else 'not its class'
        sigs, spf = key.split(' ')[2:4]
        if 'STRICT' in klass or 'INDIRECT' in klass or 'FORWARD' in klass:
            return 'not its class'
        if '=pass' in sigs or '=pass' in spf:
            return None if 'UNALIGNED' in klass or 'BROKEN' in klass or klass == PROBABLE else 'it is authenticated as another'
        if '=fail' in sigs:
            return None if 'BROKEN' in klass else 'its signature is broken'
        return None if 'UNAUTH' in klass or 'UNSIGNED' in klass else 'nothing authenticates it'

    def counted(self, stage):
        """mail of ours: whether it counts as ours"""
        if stage == 'told':
            return
        for actor, key, stream, sender, klass, n in self.rows(
                "SELECT actor, min(key), stream, sender, class, sum(n) FROM public.mail "
                "WHERE what = 'ours' AND key NOT LIKE '%temperror%' "
                "GROUP BY actor, stream, sender, class"):
            s, n = self.w.sender(actor), int(n)
            if s.knows == 'word' or (s.knows == 'enrich' and stage == 'raw'):
                self.add('cannot be known ' + stage, n)
                continue
            self.add('counted all ' + stage, n)
            if is_ours(stream, klass):
                self.add('counted good ' + stage, n)
            else:
                self.miss('counted ' + stage, '%6d of %s: %s, %s, counts as %s [%s]' % (
                    n, actor, sender, klass, stream, key))

    def offered(self, stage):
        """rows in which strangers are ours, or are to be let in"""
        groups = {}
        for sender, klass, stream, what, actor, n in self.rows(
                "SELECT sender, class, stream, what, actor, sum(n) FROM public.mail "
                "GROUP BY 1, 2, 3, 4, 5"):
            g = groups.setdefault((sender or '', klass, stream), {'ours': {}, 'strangers': {}})
            side = g['ours' if what == 'ours' else 'strangers']
            side[actor] = side.get(actor, 0) + int(n)
        labels = set().union(*(s.labels for s in self.w.senders))
        actions = {}
        for r in self.db.ask('summary', '--domain', self.w.domain, '--all'):
            if r['row'] in ('sender', 'others'):
                actions.setdefault((r['sender'], r['class'], r['stream']), r['action'])
        for (sender, klass, stream), g in sorted(groups.items()):
            ours, strangers = sum(g['ours'].values()), sum(g['strangers'].values())
            action = actions.get((sender, klass, stream), '')
            why = None
            if strangers and wants_spf({'action': action}) and strangers * 100 > ours:
                why = 'to be put into SPF: ' + action
            elif strangers > ours and is_ours(stream, klass):
                if klass.startswith('FAIL'):
                    why = 'ours, it is said; ' + action
                elif sender not in labels:
                    why = 'ours, it is said'
            if why:
                self.add('strangers ' + stage, 1)
                self.miss('strangers ' + stage, '%s, %s, %s: %d of %s: %s' % (
                    sender, klass, stream, strangers, biggest(g['strangers']), why))
            carried = [a for a in g['strangers'] if any(f.name == a for f in self.w.forwarders)]
            if 'hostile' in action and sum(g['strangers'][a] for a in carried) * 2 > ours + strangers and not (
                    'forwarder' in action and action.index('forwarder') < action.index('hostile')):
                self.add('forwarders called hostile ' + stage, 1)
                self.miss('forwarders called hostile ' + stage, '%s, %s: %s: %s' % (
                    sender, klass, biggest(g['strangers']), action))

    def forecast(self, stage):
        """what p=reject would cost the last 30 days"""
        if stage == 'enriched':
            return
        for n in self.w.asks:
            if n < 35:
                continue
            first, last = self.w.day(n - 29), self.w.day(n)
            total = [r for r in self.db.ask('what-if', self.w.domain, '--policy', 'reject',
                                            '--since', first, '--until', last) if r['row'] == 'total']
            if not total:
                continue
            t = total[0]
            told = int(t['legitimate_hit'] or 0) + self.probable_hit(first, last, t)
            true, ours = (int(x or 0) for x in self.rows(
                "SELECT sum(bad), sum(n) FROM public.mail WHERE what = 'ours' "
                "AND key NOT LIKE '%%temperror%%' AND day BETWEEN '%s' AND '%s'" % (first, last))[0])
            hidden = [s.name for s in self.w.senders if s.knows == 'word' or s.knows == 'enrich']
            if stage == 'raw' and hidden:
                true -= int(self.rows(
                    "SELECT coalesce(sum(bad), 0) FROM public.mail WHERE what = 'ours' AND actor IN (%s) "
                    "AND key NOT LIKE '%%temperror%%' AND day BETWEEN '%s' AND '%s'" % (
                        ','.join(quoted(x) for x in hidden), first, last))[0][0])
            error = 100 * abs(told - true) / max(true, 0.01 * ours, 20)
            self.worst('forecast ' + stage, error)
            limit = 5 if stage == 'told' else 10
            if error > limit:
                self.miss('forecast ' + stage, '%s: %d messages of ours would be lost, it is said; %d are true, of %d (%.0f %%)' % (
                    last, told, true, ours, error))

    def probable_hit(self, first, last, total):
        """mail that is probably ours and would be lost"""
        named = [k for k in total if k.startswith('prob') and k.endswith('_hit')]
        if named:
            return sum(int(total[k] or 0) for k in named)
        return sum(int(r['fail'] or 0) for r in self.db.ask(
            'summary', '--domain', self.w.domain, '--all', '--since', first, '--until', last)
            if r['row'] in ('sender', 'others') and r['class'] == PROBABLE)

    # ---- the operator's words ----------------------------------------------

    def copy(self, name):
        return Copy(self.programs, self.db, name)

    def words_needed(self):
        """say what is asked for until the verdict of the last day is right"""
        n = self.w.days - 1
        with self.copy('words') as db:
            said, strangers = [], []
            for _ in range(25):
                rows = db.ask('readiness', self.w.domain, '--until', self.w.day(n))
                scope = [r for r in rows if r['row'] == 'scope' and r['scope'] == 'p'][0]
                failing = self.truth_at(n, 'p')
                if self.right(scope, failing, rows, db):
                    break
                name = self.asked(db, rows, said + strangers)
                if name is None:
                    self.miss('words', 'nothing more is asked, and the verdict is still %s; truth: %s' % (
                        scope['verdict'], [s.name for s, _, _ in failing] or 'nothing of ours fails'))
                    self.add('never right', 1)
                    break
                role = self.role_of(db, name)
                (said if role in ('own', 'vendor') else strangers).append(name)
                db.say('sender', name, role)
            self.worst('words', len(said))
            self.worst('words for strangers', len(strangers))
            if len(said) > 3 or strangers:
                self.miss('words', 'ours: %s; strangers: %s' % (said, strangers))

    def right(self, scope, failing, rows, db):
        """the verdict is true, and for the true reason"""
        if not failing:
            return scope['verdict'] in ('READY', 'HOLDS', 'INSUFFICIENT DATA') or not any(
                r['met'] == 'no' for r in rows if r['row'] == 'gate' and r['scope'] == 'p'
                and r['gate'] not in ('policy_days', 'report_days', 'reporters'))
        if scope['verdict'] not in ('NOT READY', 'DOES NOT HOLD'):
            return False
        # All that is lost counts as ours.
        bad = int(self.rows_of(db, "SELECT coalesce(sum(fail_count), 0) FROM dmarc.record_detail "
                               "WHERE (stream = 'legitimate' OR class = 'FAIL/PROBABLY_YOURS') "
                               "AND day > '%s'" % self.w.day(self.w.days - 31))[0][0])
        true = sum(r.count for r in self.w.rows if r.what == 'ours' and not r.passed
                   and r.day > self.w.days - 31 and 'temperror' not in r.key)
        return abs(bad - true) <= 0.1 * max(true, 20)

    @staticmethod
    def rows_of(db, query):
        return [line.split('\t') for line in db.sql("COPY (%s) TO STDOUT" % query).split('\n') if line]

    def asked(self, db, rows, said):
        """the first of his own that the operator is asked about, else the first
        stranger: on these he says a word only where it takes one"""
        text = ' '.join((r['action'] or '') + ' ' + (r['detail'] or '') for r in rows
                        if r['row'] in ('scope', 'gate') and r['scope'] == 'p')
        names = re.findall(r"dmarc-report sender '([^']+)'", text)
        for r in db.ask('summary', '--domain', self.w.domain, '--until', self.w.day(self.w.days - 1)):
            if r['row'] == 'sender' and r['stream'] == 'unresolved' and r['senders'] == '1':
                names += re.findall(r"dmarc-report sender '([^']+)'", r['action'])
                names += [r['sender']] if r['sender'] else r['top_sources'].split()[:1]
        names = [x for x in dict.fromkeys(names)
                 if x not in said and x != '*' and not x.startswith('others')]
        probable = {r[0] for r in self.rows_of(
            db, "SELECT DISTINCT sender FROM dmarc.record_detail WHERE class = '%s'" % PROBABLE)}
        for name in sorted(names, key=lambda x: x in probable):
            if self.role_of(db, name) in ('own', 'vendor'):
                return name
        return names[0] if names else None

    def role_of(self, db, name):
        where = ("host(source_ip) = %s" if re.fullmatch(r'[0-9a-f.:]+', name) else "sender = %s") % quoted(name)
        found = self.rows_of(db, "SELECT what, actor, sum(n) FROM public.mail_view WHERE bad > 0 AND %s "
                             "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1" % where)
        if not found:
            return 'forwarder'
        what, actor, _ = found[0]
        if what == 'ours':
            return self.w.sender(actor).role
        return 'forwarder' if what == 'carried' else 'hostile'

    # ---- changes -----------------------------------------------------------

    def events(self):
        w = self.w
        begin = max(45, w.days - 75)
        with self.copy('events') as db:
            told = []
            for n in range(begin, w.days):
                for r in db.ask('changes', '--domain', w.domain, '--until', w.day(n)):
                    if r['row'] == 'change' and n > begin + 1:
                        told.append((n, r))
        used = set()
        for e in w.events:
            due = w.twentieth(e)
            if due is None or e.day < begin + 3 or due + e.term >= w.days:
                continue
            self.add('events', 1)
            found = [i for i, (n, r) in enumerate(told)
                     if e.day <= n <= due + 14 and matches(e, r)]
            used.update(found)
            if found and told[found[0]][0] <= due + e.term:
                self.add('events in time', 1)
            else:
                self.miss('events', '%s on %s (20th message %s): %s' % (
                    e.what, w.day(e.day), w.day(due),
                    'told on ' + w.day(told[found[0]][0]) if found else 'not told'))
        false = [(n, r) for i, (n, r) in enumerate(told) if i not in used]
        self.add('false alarms', len(false))
        self.add('alarm months', (w.days - begin - 2) / 30)
        for n, r in false:
            self.miss('alarms', '%s: %s %s: %s (%s messages before, %s since)' % (
                w.day(n), r['kind'], r['subject'], r['detail'], r['messages_before'], r['messages']))

    # ---- lies --------------------------------------------------------------

    def steered(self):
        if self.w.mx is None:
            return                     # nothing tells whose reports these are
        days = {self.w.days - 1}
        for n in reversed(self.w.asks):    # and a day on which a lie may bar it
            if ('p', 'READY') in self.verdicts(self.db, n):
                days.add(n)
                break
        for n in sorted(days):
            self.lies_on(n)

    def lies_on(self, n):
        before = self.verdicts(self.db, n)
        self.w.last = n
        self.notes.append(('lies', 'told on %s, when it says %s' % (self.w.day(n), before)))
        for lie in LIES:
            folder = os.path.join(self.out, 'lies', lie.__name__, str(n))
            os.makedirs(folder)
            lie(self.w, folder)
            with self.copy('lies') as db:
                stored = int(db.sql('SELECT count(*) FROM dmarc.report'))
                db.ingest(folder)
                if int(db.sql('SELECT count(*) FROM dmarc.report')) == stored:
                    raise RuntimeError('no lie was told: ' + lie.__name__)
                after = self.verdicts(db, n)
            self.add('lies', 1)
            if after != before:
                self.add('steered', 1)
                self.miss('steered', '%s, %s (%s): %s, before: %s' % (
                    self.w.day(n), lie.__name__, lie.__doc__, after, before))

    def verdicts(self, db, n):
        return [(r['scope'], r['verdict']) for r in db.ask(
            'readiness', self.w.domain, '--until', self.w.day(n)) if r['row'] == 'scope']


class Copy(Db):
    """a copy of a database, dropped afterwards"""

    def __init__(self, programs, db, name):
        super().__init__(programs, db.name + '_' + name)
        self.original = db.name

    def __enter__(self):
        run(self.env, 'dropdb', '--if-exists', self.name)
        run(self.env, 'createdb', '-T', self.original, self.name)
        return self


def matches(e, r):
    text = '%s %s' % (r['subject'], r['detail'])
    return r['kind'] in e.kinds and any(x in text for x in e.names)


def is_ours(stream, klass):
    return stream == 'legitimate' or klass == PROBABLE


def biggest(d):
    return ', '.join('%s (%d)' % x for x in sorted(d.items(), key=lambda x: -x[1])[:3])


def quoted(x):
    return 'NULL' if x is None else "'%s'" % x.replace("'", "''")


def org(ptr):
    from years.truth import org as organization
    return organization(ptr) if ptr else None
