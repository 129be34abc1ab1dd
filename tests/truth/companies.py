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
    change = w.days - w.around(60, 4)
    w.policies[D] = [(0, Policy('none')), (change, Policy('quarantine'))]
    own(w, 'gateway', named('192.0.2.10', 2, 'mx%d.example.jp'), w.office(x(260)), fwd=0.05)
    own(w, 'm365', parts.m365('198.51.100.10'), w.office(x(120)), selector='selector1', fwd=0.04)
    w.senders[-1].labels.add('Microsoft 365')
    add(w, 'salesforce', parts.salesforce(D, '203.0.113.10'), 'vendor', D, w.office(x(30)), fwd=0.03)
    ml = w.days - w.around(25, 8)
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
    broken = w.days - w.around(40, 4)
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
    w.asks = [change - 5, broken - 3, broken + 10, w.days - 1]
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
    mended = w.days - w.around(60, 4)
    add(w, 'reviews', parts.unnamed('reviews.example', '203.0.113.40', 2, env='rv.' + D), 'vendor', D,
        w.daily(x(60)), fwd=0.02,
        states=[(mended, dict(sign=((D, 'rv1'), ('reviews.example', 'k1'))))])
    helpdesk = w.days - w.around(50, 4)
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
    w.asks = [mended - 3, helpdesk - 2, helpdesk + 15, w.days - 1]
    return w


# ---- (c) a group -----------------------------------------------------------

def group(seed):
    """Subdomains with and without a record of their own, sp, departments that
    bought services by themselves."""
    w = World('group', seed, 'group.example', 240, mx='mx.group.example')
    D, x = w.domain, w.about
    receivers(w, [('google', 0.36), ('enterprise', 0.2), ('yahoo', 0.06), ('gmx', 0.05),
                  ('outlook', 0.06), ('isp-a', 0.04), ('mimecast', 0.05), ('godaddy', 0.02)])
    stricter = w.days - w.around(52, 5)
    w.policies[D] = [(0, Policy('quarantine', 'none', np='reject')),
                     (stricter, Policy('quarantine', 'quarantine', np='reject'))]
    w.policies['bank.group.example'] = [(0, Policy('reject'))]
    own(w, 'm365', parts.m365('198.51.100.10'), w.office(x(220)), selector='selector1', fwd=0.04)
    w.senders[-1].labels.add('Microsoft 365')
    own(w, 'relay', named('192.0.2.10', 2, 'relay%d.group.example'), w.daily(x(50)))
    own(w, 'bank', named('192.0.2.20', 1, 'out.bank.group.example'), w.office(x(30)),
        domain='bank.group.example')
    moved = w.days - w.around(44, 4)
    own(w, 'logistics', named('192.0.2.30', 1, 'mail.logi.group.example'), w.daily(x(25)),
        domain='logi.group.example',
        states=[(moved, dict(ips=named('203.0.113.200', 1, 'mail2.logi.group.example')))])
    add(w, 'shop', dict(labels=['Shopify'], ips=named('203.0.113.10', 2, 'o%d.ptr88.shopifyemail.com'),
                        env='shopifyemail.com', sign=(('shop.group.example', 'dkim1'),)),
        'vendor', 'shop.group.example', w.daily(x(60)), fwd=0.03)
    # Shadow IT: each verified an address with the service, and no more.
    add(w, 'lab survey', parts.sendgrid(D, '203.0.113.20', signed=False), 'vendor',
        'lab.group.example', w.weekly(x(60), 2), fwd=0.02)
    add(w, 'events', parts.mailchimp(D, '203.0.113.30', signed=False), 'vendor', D,
        w.weekly(x(70), 3), fwd=0.02)
    add(w, 'alerts', parts.ses(D, '203.0.113.40', signed=False), 'vendor', D, w.daily(x(12)), fwd=0)
    add(w, 'crm', parts.salesforce(D, '203.0.113.50'), 'vendor', D, w.office(x(40)), fwd=0.03)
    repaired = w.days - w.around(58, 4)
    add(w, 'billing', parts.unnamed('seikyu.example', '203.0.113.60', 2), 'vendor', D,
        w.daily(x(14)), fwd=0.02, knows='word',
        states=[(repaired, dict(sign=((D, 'sk1'),), env='bill.group.example'))])
    w.forwarders = parts.rewriting(w.luck, 6) + parts.domestic(w.luck, 4) + [
        parts.tenant('kandasoft', 'kanda-soft.example', '198.51.100.60'),
        parts.tenant('lawfirmjp', 'law-firm.example', '198.51.100.62', 0.7, 0.5),
        parts.workspace('sumida-arts.example', '198.51.100.64'),
        parts.google_groups('198.51.100.66'),
        parts.mailing_list('lists.consortium.example', '198.51.100.70')]
    campaigns(w, 'botnet', D, 3, 300)
    campaigns(w, 'sub botnet', 'vpn.group.example', 2, 100, 0.5)
    throwaway(w, 'phisher', D, 'invoice-portal.example', [w.days - 20, w.days - 19], 45, '10.202.0.1')
    w.events = [
        Event(stricter, 'policy: sp=quarantine', {'policy'}, None, [D], 6),
        Event(repaired, 'seikyu.example is repaired', {'better', 'selector', 'new', 'class', 'repaired'},
              'billing', ['seikyu', 'sk1', 'group.example'])]
    w.asks = [repaired - 4, repaired + 45, stricter - 3, w.days - 1]
    return w


# ---- (d) payroll -----------------------------------------------------------

def payroll(seed):
    """Whose failing services write to the staff alone, whose mailboxes are at one
    provider; and who reads reports from files, without a mail's results."""
    w = World('payroll', seed, 'example.net', 200)
    D, x = w.domain, w.about
    receivers(w, [('google', 0.5), ('yahoo', 0.06), ('outlook', 0.07), ('docomo', 0.08),
                  ('isp-a', 0.05), ('isp-b', 0.04)])
    staff = at_reporters(('google', 0.95))
    w.policies[D] = [(0, Policy('quarantine'))]
    own(w, 'workspace', parts.google('198.51.100.10'), w.office(x(180)), selector='google', fwd=0.03)
    w.senders[-1].labels |= {'Google Workspace', 'Google'}
    add(w, 'payslips', parts.unnamed('kyuyo.example', '203.0.113.10', 1), 'vendor', D,
        w.monthly(x(90)), audience=staff, knows='word', fwd=0)
    add(w, 'attendance', parts.unnamed('kintai.example', '203.0.113.20', 2), 'vendor', D,
        w.office(x(8), 0), audience=staff, knows='word', fwd=0)
    add(w, 'travel', parts.sendgrid(D, '203.0.113.30', signed=False), 'vendor', D,
        w.office(x(5), 0), audience=staff, fwd=0)
    add(w, 'recruiting', parts.ses(D, '203.0.113.40'), 'vendor', D, w.daily(x(30)), fwd=0.02)
    begun = w.days - w.around(40, 4)
    v = x(9)
    add(w, 'health', parts.unnamed('kenshin.example', '203.0.113.50', 1), 'vendor', D,
        lambda n: v if n >= begun and w.date(n).weekday() < 5 else 0, audience=staff, knows='word',
        fwd=0)
    w.forwarders = parts.domestic(w.luck, 5) + parts.rewriting(w.luck, 2)
    campaigns(w, 'botnet', D, 2, 200)
    gone = w.days - w.around(60, 4)
    u = x(20)
    add(w, 'magazine', parts.mailchimp(D, '203.0.113.60'), 'vendor', D,
        lambda n: u if n < gone else 0, fwd=0.02, states=[(gone, dict(off=True))])
    w.events = [
        Event(begun, 'kenshin.example is new', {'new'}, 'health', ['kenshin']),
        Event(gone, 'Mailchimp sends no more', {'gone'}, None, ['Mailchimp', 'mcsv'], 12)]
    w.asks = [gone - 10, begun - 5, begun + 15, w.days - 1]
    return w


# ---- (e) a university ------------------------------------------------------

def university(seed):
    """Hundreds of users forward; strict alignment; lists; a silent reporter and a
    mailbox that was full."""
    w = World('university', seed, 'univ.example', 200, mx='mx.univ.example')
    D, x = w.domain, w.about
    receivers(w, [('google', 0.4), ('enterprise', 0.12), ('yahoo', 0.08), ('outlook', 0.06),
                  ('gmx', 0.04), ('isp-a', 0.05), ('iij', 0.05)],
              google=dict(gaps=0.01), gmx=dict(blank='none'))
    w.policies[D] = [(0, Policy('none', adkim='s', t='n'))]
    own(w, 'central', named('192.0.2.10', 3, 'mx%d.univ.example'), w.daily(x(300)), fwd=0.22)
    own(w, 'm365', parts.m365('198.51.100.10'), w.office(x(80)), selector='selector1', fwd=0.1)
    w.senders[-1].labels.add('Microsoft 365')
    # Signs as the university, sends as itself: adkim=s; SPF is its own.
    own(w, 'medicine', named('192.0.2.20', 1, 'mail.med.univ.example'), w.office(x(40)),
        domain='med.univ.example', sign=((D, 'med'),), fwd=0.15)
    own(w, 'library', named('192.0.2.30', 1, 'lib.univ.example'), w.daily(x(8)), sign=(),
        spf='softfail', knows='enrich', fwd=0.05)
    broke = w.days - w.around(30, 4)
    add(w, 'alumni', parts.hubspot(D, '203.0.113.10'), 'vendor', D, w.weekly(x(120), 1, 3), fwd=0.1)
    add(w, 'enrolment', parts.ses(D, '203.0.113.20'), 'vendor', D, w.daily(x(25)), fwd=0.12,
        states=[(broke, dict(sign=(('amazonses.com', 'zh4gjftm6etwoq6afzugpky45synznly'),)))])
    silent = w.days - w.around(48, 3)
    for r in w.reporters:
        if r.key == 'iij':
            r.silent = silent
    full = w.days - 66
    w.gap = (full, full + 4)
    w.forwarders = parts.domestic(w.luck, 10) + parts.rewriting(w.luck, 10) + [
        parts.gmail_forward('198.51.100.40', 2.0),
        parts.tenant('kandasoft', 'kanda-soft.example', '198.51.100.60', 0.5, 0.6),
        parts.workspace('sumida-arts.example', '198.51.100.64'),
        parts.mailing_list('lists.society.example', '198.51.100.70', weight=1.5),
        parts.mailing_list('ml.gakkai.example', '198.51.100.71', selector='ml', weight=1.0),
        parts.google_groups('198.51.100.66', 1.0),
        parts.gateway('Proofpoint', 'mx0b-0012%d.pphosted.com', '198.51.100.80', 0.2)]
    for i in range(40):
        w.forwarders.append(parts.Forwarder(
            'alumnus%02d' % i, named('100.64.%d.33' % (100 + i), 1, 'mx.small%02d.example' % i),
            breaks=0.03, weight=0.08))
    campaigns(w, 'botnet', D, 3, 400)
    w.events = [
        Event(broke, 'SES signs no more as the author', {'worse', 'broken', 'class'}, 'enrolment',
              ['Amazon SES', 'q5w7', 'amazonses']),
        Event(silent, 'IIJ reports no more', {'silent'}, None, ['IIJ', 'iij'], 12),
        Event(full, 'no mail arrived for five days',
              {'gap', 'mailbox', 'arrivals', 'missing', 'silent', 'coverage'}, None, [''], 6)]
    w.asks = [broke - 4, broke + 12, w.days - 1]
    return w


# ---- (f) made to break whatever guesses ------------------------------------

def breaker(seed):
    """Everything looks like something else; made from the RFCs alone."""
    w = World('breaker', seed, 'example.org', 300, mx='mx.example.org')
    D, x = w.domain, w.about
    receivers(w, [('google', 0.3), ('yahoo', 0.1), ('enterprise', 0.1), ('gmx', 0.06),
                  ('isp-a', 0.06), ('isp-b', 0.05), ('mimecast', 0.04), ('docomo', 0.06)],
              mimecast=dict(blank='none'), docomo=dict(selectors=False))
    w.policies[D] = [(0, Policy('quarantine', pct=100))]
    # All mail of people leaves by a provider's relay that SPF lacks: only DKIM passes.
    own(w, 'relay', named('192.0.2.10', 2, 'smtp%d.provider.example'), w.office(x(160), 0.3),
        selector='default', spf='softfail', fwd=0.03)
    # A vendor that was handed the same selector.
    add(w, 'news', parts.unnamed('tsushin.example', '203.0.113.10', 1, signed=(D, 'default')),
        'vendor', D, w.weekly(x(160), 2, 2), fwd=0.04)
    w.senders[-1].labels |= {D, 'provider.example'}
    # A vendor whose readers nearly all sit behind one forwarding host.
    add(w, 'members', parts.unnamed('kaiin.example', '203.0.113.20', 1, signed=(D, 'km1')),
        'vendor', D, w.daily(x(25)), fwd=0.6)
    # An old server at a hoster, by the hoster's name; two or three mails a day, unsigned.
    own(w, 'vps', named('203.0.113.30', 1, 'v133-18-%d.vps.hoster.example'), w.office(x(9), 0),
        sign=(), spf='softfail', knows='word', fwd=0, audience=at_reporters(('google', 0.5), ('isp-a', 0.3)))
    w.senders[-1].labels |= {'hoster.example', None}
    # Two days each quarter, a service that signs as itself: legitimate, and like a phisher.
    quarter = [n for n in range(w.days) if (w.days - 1 - n) % 90 in (40, 41)]
    add(w, 'seminar', dict(labels=['seminar.example'], ips=named('203.0.113.40', 2, 'm%d.seminar.example'),
                           env='seminar.example', sign=(('seminar.example', 's'),)),
        'vendor', D, w.on(quarter, x(50)), knows='word', fwd=0)
    # A subsidiary's tenant sends as the company, unaligned: ours, and like a foreign one.
    add(w, 'subsidiary', dict(labels=['Microsoft 365 (holdingsjp)', 'Microsoft 365'],
                              ips=parts.m365('198.51.100.20', 2), env='holdings.example',
                              sign=(('holdingsjp.onmicrosoft.com', 'selector1-holdingsjp-onmicrosoft-com'),)),
        'own', D, w.office(x(12)), knows='word', fwd=0)
    # Long lines: a tenth of its signatures break; SPF holds.
    add(w, 'ledger', dict(labels=['Amazon SES', D], ips=parts.ses(D, '203.0.113.60')['ips'],
                          env='bounce.' + D, sign=((D, 'token1'),)), 'vendor', D, w.daily(x(40)),
        damage=0.1, fwd=0.02)
    # Repaired, and broken again.
    good, bad = w.days - w.around(140, 5), w.days - w.around(35, 4)
    add(w, 'tickets', parts.zendesk(D, '203.0.113.70', signed=False), 'vendor', D, w.daily(x(22)),
        fwd=0.02, states=[(good, dict(sign=((D, 'zendesk1'),))),
                          (bad, dict(sign=(('zendesk.com', 'zendesk1'),)))])
    w.forwarders = parts.rewriting(w.luck, 3) + [
        parts.Forwarder('alias host', named('100.64.9.9', 1, 'mx.aliases.example'), breaks=0.02,
                        sign=('aliases.example', 'a'), env='aliases.example', weight=3),
        parts.Forwarder('silent list', named('198.51.100.72', 1, 'lists.quiet.example'),
                        env='lists.quiet.example', breaks=0.0, weight=1),
        parts.mailing_list('lists.loud.example', '198.51.100.73', selector='default', weight=1),
        parts.gmail_forward('198.51.100.40', 1.0),
        parts.gateway('unnamed gateway', None, '198.51.100.90', 0.5, 0.6)]
    # A forger with the rhythm of a newsletter and two addresses of his own.
    w.forgers.append(Forger('weekly phisher', D, named('10.210.0.1', 2, 'mail%d.bulk-offer.example'),
                            w.weekly(x(40), 0), env='b.bulk-offer.example',
                            sign=('bulk-offer.example', 'k')))
    # One whose machines claim our names.
    w.forgers.append(Forger('claims our name', D, named('10.211.0.1', 3, 'mail%d.example.org', 'unconfirmed'),
                            w.daily(3)))
    # One that signs with our selector, nonsense, from a mailbox provider's neighbour.
    w.forgers.append(Forger('false signature', D, crowd('false/%d' % seed, 40), w.daily(4),
                            bogus=(D, 'default')))
    # A stranger's tenant at the same service as the subsidiary's.
    w.forgers.append(Forger('hijacked tenant', D, parts.m365('198.51.100.24', 2),
                            w.on(range(w.days - 90, w.days - 60), 9), env='hijacked.example',
                            sign=('hijackedco.onmicrosoft.com', 'selector1-hijackedco-onmicrosoft-com')))
    campaigns(w, 'botnet', D, 3, 500)
    w.events = [
        Event(bad, 'Zendesk signs no more as the author', {'worse', 'broken', 'class'}, 'tickets',
              ['Zendesk', 'zendesk'])]
    w.asks = [good - 5, good + 40, bad - 3, bad + 12, w.days - 1]
    return w


# ---- (g) all is well -------------------------------------------------------

def calm(seed):
    """Nothing of its own fails; forwarders and phishers do: READY is true, and no
    lie and no stranger may bar it."""
    w = World('calm', seed, 'calm.example', 110, mx='mx.calm.example')
    D, x = w.domain, w.about
    receivers(w, [('google', 0.4), ('yahoo', 0.1), ('enterprise', 0.15), ('gmx', 0.08),
                  ('isp-a', 0.06), ('isp-b', 0.05)], gmx=dict(blank='none'))
    w.policies[D] = [(0, Policy('quarantine'))]
    w.temperror = 0.0003
    own(w, 'central', named('192.0.2.10', 2, 'mx%d.calm.example'), w.daily(x(60)), fwd=0.02)
    add(w, 'letters', parts.sendgrid(D, '203.0.113.10'), 'vendor', D, w.weekly(x(120), 2, 2), fwd=0.02)
    add(w, 'orders', parts.ses(D, '203.0.113.20'), 'vendor', D, w.daily(x(40)), fwd=0.02)
    w.forwarders = parts.domestic(w.luck, 4) + parts.rewriting(w.luck, 2) + [
        parts.mailing_list('lists.society.example', '198.51.100.70', weight=0.15)]
    campaigns(w, 'botnet', D, 2, 150, 1)
    throwaway(w, 'phisher', D, 'parcel-notice.example', [w.days - 15, w.days - 14], 20, '10.203.0.1')
    w.asks = [w.days - 30, w.days - 1]
    return w


ALL = {'maker': maker, 'shop': shop, 'group': group, 'payroll': payroll,
       'university': university, 'breaker': breaker, 'calm': calm}
