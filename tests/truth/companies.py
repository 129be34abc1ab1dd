"""The companies.  Each is a function (name, seed) -> World, and is sworn to
nothing that sql/ says: only how mail goes."""
import parts
from sim import Event, Forger, Policy, Sender, World, crowd, named


def receivers(w, names, **more):
    """reporters with shares, a bit otherwise with each seed"""
    for key, share in names:
        w.reporters.append(parts.reporter(key, share * (0.75 + 0.5 * w.luck.random()),
                                          **more.get(key, {})))


def at_reporters(*shares):
    return dict(shares)


def campaigns(w, name, author, n=3, top=400, noise=3, bogus=None):
    """forgeries in waves from addresses of their own, and a few every day"""
    starts = sorted(w.luck.below(w.days - 8) for _ in range(n))
    waves = [(s, 3 + w.luck.below(3), w.about(top, 0.6)) for s in starts]
    pools = [crowd('%s/%d/%s/%d' % (w.name, w.seed, name, i), 120) for i in range(n + 1)]

    def rate(day):
        for first, long, volume in waves:
            if first <= day < first + long:
                return volume * (1 - (day - first) / long)
        return noise

    def ips(day):
        for i, (first, long, _) in enumerate(waves):
            if first <= day < first + long:
                return pools[i]
        return pools[n]

    w.forgers.append(Forger(name, author, ips, rate, bogus=bogus))


def throwaway(w, name, author, domain, days, volume, first, n=2, signed=True):
    """a phisher who authenticates a domain of his own"""
    w.forgers.append(Forger(
        name, author, named(first, n, 'vps%d.rented.example'), w.on(days, volume), env=domain,
        sign=(domain, 'default') if signed else None))


def add(w, name, service, role, author, rate, **more):
    fields = dict(service, **more)
    labels = fields.pop('labels')
    w.senders.append(Sender(name, labels, role, author, fields.pop('ips'), rate, **fields))


def own(w, name, ips, rate, domain=None, selector='s1', **more):
    domain = domain or w.domain
    fields = dict(sign=((domain, selector),), env=domain, fwd=0.02)
    fields.update(more)
    w.senders.append(Sender(name, [w.domain, domain], 'own', domain, ips, rate, **fields))


# ---- (a) a manufacturer ----------------------------------------------------

def maker(seed):
    """Own gateway, Microsoft 365 and four services: one signs never, one writes
    once a year; Japanese forwarders and lists in plenty."""
    w = World('maker', seed, 'example.jp', 400, mx='mx.example.jp')
    D, x = w.domain, w.about
    receivers(w, [('google', 0.3), ('docomo', 0.12), ('kddi', 0.08), ('iij', 0.08),
                  ('yahoo', 0.05), ('enterprise', 0.14), ('outlook', 0.04), ('isp-a', 0.03)])
    mobile = at_reporters(('google', 0.35), ('docomo', 0.25), ('kddi', 0.15), ('yahoo', 0.06),
                          ('outlook', 0.03))
    change = w.around(250, 10)
    w.policies[D] = [(0, Policy('none')), (change, Policy('quarantine'))]
    own(w, 'gateway', named('192.0.2.10', 2, 'mx%d.example.jp'), w.office(x(260)), fwd=0.05)
    own(w, 'm365', parts.m365('198.51.100.10'), w.office(x(120)), selector='selector1', fwd=0.04)
    w.senders[-1].labels.add('Microsoft 365')
    add(w, 'salesforce', parts.salesforce(D, '203.0.113.10'), 'vendor', D, w.office(x(30)), fwd=0.03)
    ml = w.around(310, 8)
    add(w, 'cuenote', parts.cuenote(D, '203.0.113.20'), 'vendor', D, w.weekly(x(150), 2),
        audience=mobile, fwd=0.02)
    add(w, 'sendgrid', parts.sendgrid(D, '203.0.113.30'), 'vendor', D, w.weekly(x(200), 1, 3),
        audience=mobile, fwd=0.03)
    yearly = [n for n in range(w.days) if (w.date(n).month, w.date(n).day) in ((6, 5), (6, 6))]
    add(w, 'shareholders', parts.unnamed('kabunushi.example', '203.0.113.40', 2), 'vendor', D,
        w.on(yearly, x(500)), knows='word')
    # An old server in a factory: unsigned, not in SPF.
    own(w, 'factory', named('192.0.2.77', 1, 'plant.example.jp'), w.office(x(16), 0.3), sign=(),
        spf='softfail', fwd=0, knows='enrich')
    broken = w.around(340, 8)
    add(w, 'contracts', parts.blastengine(D, '203.0.113.50'), 'vendor', D, w.office(x(40)), fwd=0.02,
        states=[(broken, dict(sign=(('besender-s.jp', 'be'),)))])
    w.forwarders = parts.domestic(w.luck) + parts.rewriting(w.luck) + [
        parts.tenant('kandasoft', 'kanda-soft.example', '198.51.100.60'),
        parts.workspace('sumida-arts.example', '198.51.100.64'),
        parts.mailing_list('lists.society.example', '198.51.100.70'),
        parts.mailing_list('ml.kumiai.example', '198.51.100.71', selector='default', weight=0.4),
        parts.gateway('Proofpoint', 'mx0b-0012%d.pphosted.com', '198.51.100.80', weight=0.4)]
    campaigns(w, 'botnet', D, 4)
    throwaway(w, 'phisher', D, 'secure-login.example', [ml, ml + 1], 40, '10.200.0.1')
    w.events = [
        Event(change, 'policy: quarantine', {'policy'}, None, [D], 6),
        Event(broken, 'blastengine signs no more as the author', {'worse', 'broken', 'class'},
              'contracts', ['blastengine', 'be2024'])]
    w.asks = [change - 5, broken - 4, broken + 12, w.days - 1]
    return w


# ---- (b) a web shop --------------------------------------------------------

def shop(seed):
    """Everything by services: two share a return-path, each has selectors of its
    own; a help desk; heavy phishing."""
    w = World('shop', seed, 'example.com', 180, mx='mx.example.com')
    D, x = w.domain, w.about
    receivers(w, [('google', 0.42), ('yahoo', 0.1), ('outlook', 0.1), ('enterprise', 0.05),
                  ('gmx', 0.06), ('mailru', 0.02), ('mimecast', 0.02), ('docomo', 0.06)])
    w.policies[D] = [(0, Policy('quarantine'))]
    own(w, 'workspace', parts.google('198.51.100.10'), w.office(x(60)), selector='google')
    w.senders[-1].labels |= {'Google Workspace', 'Google'}
    add(w, 'orders', parts.ses(D, '203.0.113.10'), 'vendor', D, w.daily(x(420)), fwd=0.03)
    add(w, 'newsletter', parts.sendgrid(D, '203.0.113.20', signed=True), 'vendor', D,
        w.weekly(x(900), 3, 10), fwd=0.03)
    # Resells SendGrid: the same return-path, a selector of its own.
    add(w, 'recommend', dict(labels=['Twilio SendGrid', 'recommend.example'],
                             ips=named('203.0.113.30', 2, 'o%d.ptr4711.sendgrid.net'),
                             env='em4711.' + D, sign=((D, 'rec1'), ('sendgrid.info', 'smtpapi'))),
        'vendor', D, w.daily(x(90)), fwd=0.02)
    # It signs as itself: SPF alone carries it until it is mended.
    mended = w.around(120, 6)
    add(w, 'reviews', parts.unnamed('reviews.example', '203.0.113.40', 2, env='rv.' + D), 'vendor', D,
        w.daily(x(60)), fwd=0.02,
        states=[(mended, dict(sign=((D, 'rv1'), ('reviews.example', 'k1'))))])
    helpdesk = w.around(100, 5)
    add(w, 'helpdesk', parts.zendesk(D, '203.0.113.50', signed=False), 'vendor', D,
        lambda n: x0 if n >= helpdesk else 0, fwd=0.02)
    x0 = x(35)
    add(w, 'marketing', parts.mailchimp(D, '203.0.113.60'), 'vendor', D, w.weekly(x(120), 4), fwd=0.02)
    w.forwarders = parts.rewriting(w.luck, 4) + parts.domestic(w.luck, 3) + [
        parts.gmail_forward('198.51.100.40', 0.8),
        parts.tenant('kandasoft', 'kanda-soft.example', '198.51.100.60', 0.5, 0.5),
        parts.gateway('Mimecast', 'us-smtp-delivery-%d.mimecast.com', '198.51.100.84', 0.6, 0.4)]
    campaigns(w, 'botnet', D, 6, 1500, 25)
    campaigns(w, 'bogus', D, 2, 300, 2, bogus=(D, 'dkim'))
    for i in range(3):
        n = 20 + w.luck.below(w.days - 30)
        throwaway(w, 'phisher%d' % i, D, 'account-check%d.example' % i, [n, n + 1, n + 2], 60,
                  '10.201.%d.1' % i, 3)
    w.forgers.append(Forger('hijacked', D, parts.m365('198.51.100.90', 2), w.on(range(60, 64), 50),
                            env='hijacked.example',
                            sign=('hijackedco.onmicrosoft.com', 'selector1-hijackedco-onmicrosoft-com')))
    w.events = [
        Event(helpdesk, 'Zendesk is new', {'new'}, 'helpdesk', ['Zendesk', 'zendesk']),
        Event(mended, 'reviews signs as the author', {'selector', 'new', 'class', 'better', 'repaired'},
              'reviews', ['rv1', 'reviews.example'])]
    w.asks = [helpdesk - 3, helpdesk + 15, mended + 35, w.days - 1]
    return w


ALL = {'maker': maker, 'shop': shop}
