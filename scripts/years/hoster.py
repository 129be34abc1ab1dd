"""hosting.example: a hoster's own domain, with people, lists and forwarders;
at quarantine since 2026-01-10."""
from years import places, truth
from years.days import ELSEWHERE, day, office, tail, two_of, weekday
from years.places import crowd, named, row
from years.world import Kind, Source, Stream, Trouble, Year

D = 'hosting.example'
BOUNCE = 'bounce.' + D
SHOP = 'shop.' + D
NEWS = 'news.' + D
SOFT = (BOUNCE, 'mfrom', 'softfail')
QUARANTINE = day('2026-01-10')
TRIAL = (day('2026-03-09'), day('2026-03-22'))     # p=reject; pct=0
STRICT = (day('2026-05-01'), day('2026-07-31'))    # aspf=s
SP_CLOSED = day('2026-09-15')

REACH = {'google': 0.36, 'yahoo': 0.11, 'enterprise': 0.17, 'outlook': 0.1,
         'mailru': 0.03, 'ses': 0.02, 'gmx': 0.1, 'docomo': 0.004,
         'iij': 0.006, 'isp': 0.03}


def only(**reach):
    """nobody else sees it"""
    return dict(dict.fromkeys(REACH, 0), **reach)


def policies():
    def policy(p, sp='none', pct=100, aspf='r'):
        return dict(domain=D, p=p, sp=sp, np=sp, pct=pct, adkim='r', aspf=aspf)
    shop = dict(domain=SHOP, p='reject', sp='reject', np='reject', pct=100, adkim='r', aspf='r')
    return {D: [(0, policy('none')),
                (QUARANTINE, policy('quarantine')),
                (TRIAL[0], policy('reject', pct=0)),
                (TRIAL[1] + 1, policy('quarantine')),
                (STRICT[0], policy('quarantine', aspf='s')),
                (STRICT[1] + 1, policy('quarantine')),
                (SP_CLOSED, policy('quarantine', sp='quarantine'))],
            SHOP: [(0, shop)]}


def growth(n):
    return 1 + 0.2 * n / 364


def people(volume, idle=0.35):
    return lambda n: volume * growth(n) * office(n, ELSEWHERE, idle)


def author(n):
    return (D, '2025a' if n < day('2026-04-01') else '2026a', 'pass')


def damaged(sig):
    return (sig[0], sig[1], 'fail')


def own(n, source, luck):
    return [(1, Kind(D, BOUNCE, (author(n),), (BOUNCE, 'mfrom', 'pass')))]


def tickets(n, source, luck):
    rp = 'web.' + D
    return [(1, Kind(D, rp, (), (rp, 'mfrom', 'pass')))]


def news(n, source, luck):
    rp = 'mg.' + NEWS
    return [(1, Kind(NEWS, rp, ((NEWS, 'pdk1', 'pass'), ('mailgun.org', 'mg', 'pass')),
                     (rp, 'mfrom', 'pass')))]


def shop(n, source, luck):
    rp = 'pm-bounces.' + SHOP
    return [(1, Kind(SHOP, rp, ((SHOP, '20250103pm', 'pass'),), (rp, 'mfrom', 'pass')))]


def kept(n, source, luck):
    sig = author(n)
    if luck.random() < 0.025:
        sig = damaged(sig)
    return [(1, Kind(D, BOUNCE, (sig,), SOFT, 'forward'))]


# Forwarding services sign, too; the others do not.
SERVICES = {'forwardemail.net': 'default', 'improvmx-mails.com': 'dkimprovmx1',
            'email.cloudflare.net': 'cf2024-1'}


def rewrote(n, source, luck):
    org = truth.org(source.ptr)
    sig = author(n)
    if luck.random() < 0.03:
        sig = damaged(sig)
    if org in SERVICES:
        domain = 'customer%s.example' % source.ip.split('.')[3]
        return [(1, Kind(D, domain, (sig, (org, SERVICES[org], 'pass')), (domain, 'mfrom', 'pass'), 'forward'))]
    domain = 'srs.' + org
    return [(1, Kind(D, domain, (sig,), (domain, 'mfrom', 'pass'), 'forward'))]


def listed(breaks, signs):
    """a mailing list: does it break the signature, does it sign"""
    def kinds(n, source, luck):
        sig = damaged(author(n)) if breaks else author(n)
        sigs = (sig, (source.ptr, 'list', 'pass')) if signs else (sig,)
        return [(1, Kind(D, source.ptr, sigs, (source.ptr, 'mfrom', 'pass'), 'list'))]
    return kinds


def mimecast(n, source, luck):
    sig = author(n)
    return [(5, Kind(D, BOUNCE, (sig,), SOFT, 'gateway')),
            (3, Kind(D, BOUNCE, (damaged(sig), ('dkim.mimecast.org', '201903', 'pass')), SOFT, 'gateway'))]


def proofpoint(n, source, luck):
    sig = author(n)
    return [(6, Kind(D, BOUNCE, (sig,), SOFT, 'gateway')),
            (2, Kind(D, BOUNCE, (damaged(sig),), SOFT, 'gateway'))]


def spoof(n, source, luck):
    x = int(source.ip.split('.')[3]) % 10
    if x < 3:                          # below a policy that says none
        author_domain = ('login.', 'mail.', 'support.')[x] + D
        return [(1, Kind(author_domain, author_domain, (), (author_domain, 'mfrom', 'none')))]
    if x < 4:
        return [(1, Kind(SHOP, SHOP, (), (SHOP, 'mfrom', 'softfail')))]
    if x < 5:
        return [(1, Kind(D, D, ((D, 'default', 'permerror'),), (D, 'mfrom', 'softfail')))]
    return [(1, Kind(D, D, (), (D, 'mfrom', 'softfail')))]


BURSTS = ((day('2025-11-24'), 5, 700), (day('2026-02-02'), 4, 500),
          (day('2026-06-22'), 6, 900), (day('2026-09-07'), 5, 800))


def burst(n):
    for first, days, volume in BURSTS:
        if first <= n < first + days:
            return volume / (1 + n - first)
    return 0


def forwarders(n, prefix, name):
    return [Source('100.%d.%d.%d' % (prefix, i // 200, i % 200 + 1), name % i, 'confirmed',
                   64496 + i % 16, 'EXAMPLE-NET-%d' % (i % 16), ('US', 'DE', 'FR', 'NL', 'GB', 'RU')[i % 6])
            for i in range(n)]


def streams():
    mine = named(row('192.0.2.', 20, 2) + row('2001:db8:20::', 25, 1), 'out%d.mail.' + D,
                 (64496, 'EXAMPLE-HOSTING', 'DE'))
    services = [s for i, org in enumerate(SERVICES) for s in named(
        row('100.90.%d.' % i, 1, 12), 'mx%d.' + org, (64496 + i, 'EXAMPLE-FORWARD-%d' % i, 'US'))]
    mc = named(row('198.51.100.', 60, 4), 'us-smtp-delivery-%d.mimecast.com', places.MIMECAST)
    pp = named(row('198.51.100.', 70, 4), 'mx0b-0012%d.pphosted.com', places.PROOFPOINT)

    def lists(first, names):
        return [Source('198.51.100.%d' % (first + i), x, 'confirmed', *places.NONPROFIT)
                for i, x in enumerate(names)]
    return [
        Stream('own', 'own', True, D, 'the own mail servers: people, and notices to customers',
               mine, people(3800, 0.5), own, busy=two_of(3)),
        Stream('tickets', 'own', True, D, 'a ticket system on a web server: unsigned',
               named(['192.0.2.40'], 'web.' + D, (64496, 'EXAMPLE-HOSTING', 'DE')), people(120, 0.6), tickets),
        Stream('news', 'vendor', True, 'Mailgun', 'newsletter on Thursdays as news.hosting.example',
               named(row('198.51.100.', 120, 2), 'm%d.mailgun.net', (396479, 'MAILGUN', 'US')),
               lambda n: 9000 * growth(n) if weekday(n) == 3 else 0, news),
        Stream('shop', 'vendor', True, 'Postmark', 'order mails; shop. has a policy of its own',
               named(row('198.51.100.', 140, 2), 'mta%d.mtasv.net', (23352, 'SERVERCENTRAL', 'US')),
               people(70, 0.8), shop,
               reach=only(google=0.36)),
        Stream('forwarder-kept', 'forwarder', False, '-', 'forwarders that keep the return-path',
               forwarders(420, 64, 'mail.college%03d.example'), people(48), kept, tail(420, 4)),
        Stream('forwarder-rewrote', 'forwarder', False, '-', 'forwarders that rewrite it (SRS), and forwarding services',
               services + forwarders(260, 65, 'relay.forward%03d.example'), people(40), rewrote, tail(296, 4)),
        Stream('list', 'forwarder', False, 'lists.example.org, lists.example.net',
               'lists with a footer and a signature of their own',
               lists(80, ('lists.example.org', 'lists.example.net')), people(30, 0.5), listed(True, True)),
        Stream('list-unsigned', 'forwarder', False, 'groups.example.com', 'a list with a footer, that does not sign',
               lists(84, ('groups.example.com',)), people(9, 0.5), listed(True, False)),
        Stream('list-untouched', 'forwarder', False, 'announce.example.org', 'a list that changes nothing',
               lists(86, ('announce.example.org',)), people(9, 0.5), listed(False, True)),
        Stream('list-munged', 'forwarder', False, 'mailman.example.org',
               'a Mailman list: rewrites From since the policy is quarantine',
               lists(88, ('mailman.example.org',)),
               lambda n: people(40, 0.5)(n) if n <= QUARANTINE else 0, listed(True, True)),
        Stream('gateway-mimecast', 'forwarder', False, 'Mimecast', 'gateway of recipients, delivers to Microsoft 365',
               mc, people(26, 0.1), mimecast, tail(4), reach=only(enterprise=0.9, google=0.1)),
        Stream('gateway-proofpoint', 'forwarder', False, 'Proofpoint', 'gateway of recipients, delivers to Google and Microsoft 365',
               pp, people(18, 0.1), proofpoint, tail(4), reach=only(enterprise=0.6, google=0.4)),
        Stream('spoof', 'hostile', False, '-', 'forgeries: of the domain, of the shop, of subdomains',
               crowd('hoster/crowd', 1400, ()), lambda n: 9 + burst(n), spoof, tail(1400, 90)),
    ]


TROUBLES = (
    Trouble(day('2026-01-27'), day('2026-01-27'), ('outlook', 'enterprise'), 0.3, 'spf', 'temperror', ()),
    Trouble(day('2026-08-20'), day('2026-08-20'), (), 0.2, 'both', 'temperror', ()),
)


def make():
    return Year('hoster', D, REACH, policies(), streams(), TROUBLES)
