"""The 18 kinds of wrong verdict, each as a question and what is true.

A kind is a function of an Asker: it asks, and calls ok(name, whether, said) for
each thing that must hold.  f: the names, addresses and days of the case."""
import datetime
import re


class Asker:
    def __init__(self, db, case, until):
        self.db, self.case, self.until = db, case, until
        self.results = []              # (name, whether it holds, what was said)

    def ok(self, name, holds, said=''):
        self.results.append(('%s: %s' % (self.case, name), bool(holds), str(said)))

    def ask(self, *words):
        return self.db.ask(*words, '--until', self.until)

    def rows(self, ip):
        """the rows of summary of an address"""
        return [r for r in self.ask('summary') if r['row'] == 'sender'
                and ip in r['top_sources'].split()]

    def scope(self, name):
        return [r for r in self.ask('readiness') if r['row'] == 'scope' and r['scope'] == name][0]

    def gate(self, scope, name):
        for r in self.ask('readiness'):
            if r['row'] == 'gate' and r['scope'] == scope and r['gate'] == name:
                return r
        return None

    def words(self, scope=None, *columns):
        """all texts of readiness, of a scope"""
        columns = columns or ('what', 'detail', 'note', 'action')
        return ' | '.join(r[c] for r in self.ask('readiness') for c in columns
                          if r.get(c) and (scope is None or r['scope'] in (scope, '')))


def says(r, *columns):
    return {c: r[c] for c in ('row', 'sender') + columns if r.get(c)}


def wants_spf(r):
    """whether somebody is told to put an address into an SPF record"""
    return re.search(r'SPF record|include:|ip[46]:', r['action'] or '') is not None


def asks_first(text, first, other):
    """first is offered, and not after the other"""
    return first in text and (other not in text or text.index(first) < text.index(other))


# ---- whose mail it is ------------------------------------------------------

def forwarder_into_spf(a, f):
    for word in f.get('words', ()):
        a.db.say('sender', *word)
    for ip, n in f['forwarders']:
        rows = a.rows(ip)
        said = [says(r, 'messages', 'stream', 'class', 'action') for r in rows]
        a.ok('%s is in summary' % ip, sum(int(r['messages']) for r in rows) >= n, said)
        a.ok('nobody is told to add %s to SPF' % ip, not any(wants_spf(r) for r in rows), said)
        a.ok('%s is missing from no SPF record' % ip,
             not any('OMISSION' in r['class'] for r in rows), said)
        if f.get('indirect', True):
            a.ok('%s is a forwarder' % ip, all(r['stream'] == 'indirect' for r in rows), said)


def vendor_called_forwarder(a, f):
    rows = a.rows(f['vendor'])
    said = [says(r, 'messages', 'stream', 'class') for r in rows]
    a.ok('the vendor is legitimate', rows and all(r['stream'] == 'legitimate' for r in rows), said)
    a.ok('it has a return-path of its own', all(
        r['class'] == 'PASS_DKIM/ESP_OWN_RETURN_PATH' for r in rows), said)
    s = a.scope('p')
    a.ok('readiness is about its mail, too', int(s['legitimate']) >= f['at_least'],
         says(s, 'legitimate', 'indirect', 'verdict'))


def own_relay_called_forwarder(a, f):
    s, words = a.scope('p'), a.words()
    a.ok('it is a domain that sends', not re.search(
        r'nothing legitimate|spf1 -all|reject at once', words), words)
    a.ok('readiness is about its mail', int(s['legitimate']) >= f['at_least'],
         says(s, 'legitimate', 'indirect', 'verdict'))
    rows = a.rows(f['relay'])
    a.ok('the relay is legitimate', rows and all(r['stream'] == 'legitimate' for r in rows),
         [says(r, 'messages', 'stream', 'class') for r in rows])
    a.ok('nobody is told to retire or block it', 'hostile' not in words, words)


def strict_mismatch_forwarded(a, f):
    scope = f['scope']
    s, words = a.scope(scope), a.words(scope)
    a.ok('the foreign tenant is not in the way', f['tenant'] not in words, words)
    a.ok('none of its mail is a loss of ours', int(s['legitimate_fail'] or 0) == 0,
         says(s, 'legitimate', 'legitimate_fail', 'indirect_fail'))
    a.ok('not ready', s['verdict'] == 'NOT READY', s['verdict'])
    a.ok('what is to be mended first is named', f['blocker'] in s['action'], s['action'])
    rows = a.rows(f['forwarder'])
    said = [says(r, 'messages', 'stream', 'class', 'action') for r in rows]
    a.ok('the tenant is a forwarder', rows and all(r['stream'] == 'indirect' for r in rows), said)
    a.ok('nobody is told to relax alignment for it', not any(
        re.search('adkim|aspf', r['action']) for r in rows), said)


def gmail_learned(a, f):
    for ip in f['strangers']:
        rows = a.rows(ip)
        said = [says(r, 'messages', 'stream', 'class', 'action') for r in rows]
        a.ok('a stranger\'s account is not ours', rows and not any(
            r['stream'] in ('legitimate', 'probably yours') for r in rows), said)
        a.ok('no advice how to send by it', not any(
            'cannot sign' in r['action'] or wants_spf(r) for r in rows), said)


def tenant_name(a, f):
    for ip, name in f['tenants']:
        rows = a.rows(ip)
        a.ok('the tenant is called %s' % name, rows and all(r['sender'] == name for r in rows),
             [says(r) for r in rows])


def evidence_strict(a, f):
    rows = a.rows(f['ip'])
    said = [says(r, 'class', 'evidence', 'action') for r in rows]
    a.ok('the signature that misses is named', rows and all(
        f['signature'] in r['evidence'] for r in rows), said)
    a.ok('it is not said that there is none', not any(
        re.search(r'no signature of %s\b' % re.escape(f['domain']), r['evidence'])
        for r in rows), said)


def list_or_hostile(a, f):
    rows = a.rows(f['list'])
    said = [says(r, 'stream', 'class', 'action') for r in rows]
    a.ok('it is a list, or asked about as one', rows and all(
        r['stream'] == 'indirect' or asks_first(r['action'], 'forwarder', 'hostile')
        for r in rows), said)
    a.ok('the first question is not whether it should sign', not any(
        'have it sign' in r['action'] and not asks_first(r['action'], 'forwarder', 'have it sign')
        for r in rows), said)


# ---- readiness -------------------------------------------------------------

def policy_flip(a, f):
    policies = [r for r in a.ask('policy') if r['row'] == 'policy']
    a.ok('the policy never changed', len(policies) == 1,
         [(r['published'], r['from_day'], r['to_day']) for r in policies])
    s = a.scope('p')
    a.ok('the window is whole', s['first_day'] == f['first_day'],
         says(s, 'first_day', 'last_day', 'verdict'))
    a.ok('all gates can be told', s['verdict'] == 'READY', s['verdict'])
    if 'sp' in f:
        sp = a.scope('sp')
        a.ok('what is not published is not sp', sp['level'] == f['sp'], says(sp, 'policy', 'level'))


def testing_flip(a, f):
    s, words = a.scope('p'), a.words('p')
    said = says(s, 'policy', 'level', 'first_day', 'last_day', 'messages', 'verdict')
    a.ok('the window does not end before it begins', s['first_day'] <= s['last_day'], said)
    a.ok('the window is whole', s['first_day'] == f['first_day'], said)
    a.ok('t=y stands', s['level'] == 'quarantine', said)
    a.ok('there is mail', int(s['messages']) > 0, said)
    a.ok('nobody is told to retire a sender that sends', 'retired' not in words, words)
    a.ok('ready', s['verdict'] == 'READY', said)


def renamed_by_repair(a, f):
    for word in f.get('words', ()):
        a.db.say('sender', *word)
    s = a.scope('p')
    missing = a.gate('p', 'missing_senders')
    a.ok('nobody is missing', missing['met'] == 'yes', says(missing, 'figure', 'detail', 'note'))
    a.ok('ready', s['verdict'] == 'READY', says(s, 'verdict', 'action'))
    rows = [r for r in a.rows(f['ip']) if int(r['fail']) > 0]
    a.ok('what is repaired wants nothing', not any(
        r['action'] and 'repaired' not in r['action'] for r in rows),
        [says(r, 'messages', 'fail', 'evidence', 'action') for r in rows])


def after_a_change(a, f):
    s = a.scope('p')
    missing = a.gate('p', 'missing_senders')
    a.ok('who is not due is not missing', missing is None or missing['met'] != 'no',
         says(missing or {}, 'figure', 'detail', 'note'))
    words = a.words('p')
    a.ok('nobody is told to retire it', 'retired' not in words, words)
    a.ok('not READY, four days after a change, and nothing wrong',
         s['verdict'] == f.get('verdict', 'INSUFFICIENT DATA'), s['verdict'])


def yearly_sender(a, f):
    s = a.scope('p')
    a.ok('not READY', s['verdict'] in ('NOT READY', 'INSUFFICIENT DATA'),
         says(s, 'verdict', 'action'))
    a.ok('the sender is named', f['sender'] in a.words('p'), a.words('p', 'detail', 'action'))
    gates = [r for r in a.ask('readiness') if r['row'] == 'gate' and r['scope'] == 'p'
             and r['met'] != 'yes']
    a.ok('a gate says so', any(f['sender'] in r['detail'] + r['note'] + r['action']
                               for r in gates),
         [(r['gate'], r['met'], r['detail']) for r in gates])


def unsigned_server(a, f):
    s = a.scope('p')
    a.ok('not READY', s['verdict'] in ('NOT READY', 'INSUFFICIENT DATA'),
         says(s, 'verdict', 'action'))
    a.ok('its mail is not called forged', int(s['hostile_fail'] or 0) == f.get('forged', 0),
         says(s, 'hostile_fail', 'unresolved_fail', 'legitimate_fail'))
    rows = a.rows(f['ip'])
    a.ok('summary says the same', rows and all(r['stream'] != 'hostile' for r in rows),
         [says(r, 'messages', 'stream', 'class', 'action') for r in rows])


def one_reporter(a, f):
    s = a.scope('p')
    a.ok('not READY', s['verdict'] in ('NOT READY', 'INSUFFICIENT DATA'),
         says(s, 'verdict', 'action', 'left_out'))
    asked = [r for r in a.ask('readiness') if r['scope'] == 'p'
             and (r['row'] == 'scope' or r['met'] in ('no', 'unknown'))]
    a.ok('the operator is asked about the sender', any(
        f['sender'] in r['detail'] + r['action'] for r in asked),
        [(r['row'], r['gate'], r['met'], r['detail'], r['action']) for r in asked])


# ---- the rest --------------------------------------------------------------

def told(a, first, last):
    """[(day, row)] of changes, asked day by day"""
    out, day = [], datetime.date.fromisoformat(first)
    while day.isoformat() <= last:
        for r in a.db.ask('changes', '--since', day.isoformat(), '--until', day.isoformat()):
            if r['row'] == 'change':
                out.append((day.isoformat(), r))
        day += datetime.timedelta(1)
    return out


def changes_blind(a, f):
    news = told(a, f['quiet_from'], a.until)
    said = [(d, r['kind'], r['subject'], r['detail']) for d, r in news]
    a.ok('told by %s' % f['told_by'], any(
        r['kind'] in ('worse', 'broken', 'class') and f['event'] <= d <= f['told_by']
        for d, r in news), said)
    a.ok('nothing is told before', not any(d < f['event'] for d, _ in news), said)
    a.ok('who sends on is not gone', not any(r['kind'] == 'gone' for _, r in news), said)


def docomo_not_trusted(a, f):
    a.db.say('settings', 'authserv_id', f['authserv_id'])
    domain = [r for r in a.ask('summary') if r['row'] == 'domain']
    a.ok('all reports count', domain and int(domain[0]['reports']) == f['reports'],
         [says(r, 'reports', 'messages') for r in domain])
    s = a.scope('p')
    a.ok('none is left out', int(s['untrusted'] or 0) == 0 and 'not trusted' not in a.db.told,
         (s['untrusted'], a.db.told))
