"""example.co.jp: a company that has watched for months, and moves to
quarantine on 2026-08-15."""
from years import dialect, places
from years.days import JAPAN, Chance, date, day, month_day, office, tail, two_of, weekday
from years.places import crowd, named, row
from years.world import Draw, Kind, Record, Stream, Trouble, Year
from years import truth

D = 'example.co.jp'
OWN_SPF = (D, 'mfrom', 'pass')
SOFT = (D, 'mfrom', 'softfail')
ROTATED = day('2026-02-10')            # s2 signs; s1 until the queues are empty
BROKEN = (day('2026-03-03'), day('2026-03-17'))
SENDGRID_DONE = day('2026-05-12')
QUARANTINE = day('2026-08-15')
MAILCHIMP_END = day('2026-07-01')
ZENDESK_START = day('2026-10-20')

REACH = {'google': 0.38, 'yahoo': 0.05, 'enterprise': 0.17, 'outlook': 0.06,
         'mailru': 0.004, 'ses': 0.02, 'gmx': 0.012, 'docomo': 0.12,
         'kddi': 0.07, 'iij': 0.05, 'isp': 0.02}
AT_WORK = {'docomo': 0.02, 'kddi': 0.02}   # business mail goes to few mobiles


def policies():
    def policy(p):
        return dict(domain=D, p=p, sp=p, np=p, pct=100, adkim='r', aspf='r')
    return {D: [(0, policy('none')), (QUARANTINE, policy('quarantine'))]}


def growth(n):
    return 1 + 0.3 * n / 364


def selector(n, luck):
    if n < ROTATED:
        return 's1'
    if n < ROTATED + 3 and luck.random() < 0.4:
        return 's1'
    return 's2'


def author(n, luck):
    """the signature of the own servers"""
    s = selector(n, luck)
    return (D, s, 'fail' if s == 's2' and BROKEN[0] <= n <= BROKEN[1] else 'pass')


def any_author(n, luck):
    """of a mail that somebody wrote: by the own servers or by Workspace"""
    return author(n, luck) if luck.random() < 0.75 else (D, 'google', 'pass')


def damaged(sig):
    return (sig[0], sig[1], 'fail')


# ---- the streams -----------------------------------------------------------

def own(n, source, luck):
    sig = author(n, luck)
    bug = day('2026-01-01') <= n <= day('2026-01-31')
    kinds = [(90, Kind(D, D, (sig,), OWN_SPF))]
    if weekday(n) == 2:                # a newsletter
        kinds.append((12, Kind('info.' + D, D, (sig,), OWN_SPF, bug=bug)))
    if weekday(n) == 0 and source.ip == '192.0.2.10':
        kinds.append((2, Kind(D, '', (sig,), ('mx1.' + D, 'helo', 'pass'))))
    if ROTATED <= n < ROTATED + 3:
        kinds.append((40, Kind(D, D, ((D, 's1', 'pass'),), OWN_SPF)))
    return kinds


def workspace(n, source, luck):
    return [(1, Kind(D, D, ((D, 'google', 'pass'),), OWN_SPF))]


def sendgrid(n, source, luck):
    if n < SENDGRID_DONE:
        return [(1, Kind(D, 'em1234.sendgrid.net', (('sendgrid.net', 'smtpapi', 'pass'),),
                         ('em1234.sendgrid.net', 'mfrom', 'pass')))]
    return [(1, Kind(D, 'em1234.' + D, ((D, 'sgm', 'pass'), ('sendgrid.info', 'smtpapi', 'pass')),
                     ('em1234.' + D, 'mfrom', 'pass')))]


def campaign_days(n):
    if n in JAPAN:
        return 0
    return (0, 1.0, 0, 0.8, 0, 0, 0)[weekday(n)]


def cuenote(n, source, luck):
    return [(1, Kind(D, 'bounce.cuenote.jp', (), ('bounce.cuenote.jp', 'mfrom', 'pass')))]


def payroll(n, source, luck):
    ses = 'ap-northeast-1.amazonses.com'
    return [(1, Kind(D, ses, (('amazonses.com', 'zh4gjftm6etwoq6afzugpky45synznly', 'pass'),),
                     (ses, 'mfrom', 'pass')))]


def salesforce(n, source, luck):
    rp = '7f000001.tokyo.bnc.salesforce.com'
    return [(1, Kind(D, rp, ((D, 'sf2024', 'pass'),), (rp, 'mfrom', 'pass')))]


def mailchimp(n, source, luck):
    rp = 'mail%s.suw13.mcsv.net' % source.ip.split('.')[3]
    return [(1, Kind(D, rp, ((D, 'k2', 'pass'),), (rp, 'mfrom', 'pass')))]


def zendesk(n, source, luck):
    return [(1, Kind(D, 'zendesk.com', (('zendesk.com', 'zendesk1', 'pass'),),
                     ('zendesk.com', 'mfrom', 'pass')))]


def subsidiary(n, source, luck):
    tenant = 'examplecojp.onmicrosoft.com'
    return [(1, Kind(D, D, ((tenant, 'selector1-examplecojp-onmicrosoft-com', 'pass'),), OWN_SPF))]


TENANTS = (('partnerinc', 'partner.example'), ('lawfirmjp', 'law.example'),
           ('cityoffice', 'city.example'))


def foreign_tenant(n, source, luck):
    out = []
    for weight, (tenant, domain) in zip((6, 2, 1), TENANTS):
        sig = any_author(n, luck)
        seal = (tenant + '.onmicrosoft.com', 'selector1-%s-onmicrosoft-com' % tenant, 'pass')
        out.append((weight, Kind(D, domain, (damaged(sig), seal), (domain, 'mfrom', 'pass'), 'forward')))
        out.append((weight * 0.8, Kind(D, domain, (sig, seal), (domain, 'mfrom', 'pass'), 'forward')))
    return out


GAPPS = 'partner2-example.20230601.gappssmtp.com'


def foreign_workspace(n, source, luck):
    sig = any_author(n, luck)
    seal = (GAPPS, '20230601', 'pass')
    spf = ('partner2.example', 'mfrom', 'pass')
    return [(6, Kind(D, spf[0], (damaged(sig), seal), spf, 'forward')),
            (4, Kind(D, spf[0], (sig, seal), spf, 'forward'))]


def legacy(n, source, luck):
    return [(1, Kind(D, D, (), SOFT))]


def mailing_list(n, source, luck):
    sig = damaged(any_author(n, luck))
    name = 'lists.example.org'
    return [(1, Kind(D, name, (sig, (name, 'list2024', 'pass')), (name, 'mfrom', 'pass'), 'list'))]


def kept(n, source, luck):
    sig = any_author(n, luck)
    bad = damaged(sig) if luck.random() < 0.03 else sig
    return [(1, Kind(D, D, (bad,), SOFT, 'forward'))]


def rewrote(n, source, luck):
    domain = 'srs.' + truth.org(source.ptr)
    sig = any_author(n, luck)
    bad = damaged(sig) if luck.random() < 0.05 else sig
    return [(1, Kind(D, domain, (bad,), (domain, 'mfrom', 'pass'), 'forward'))]


BURSTS = ((day('2025-12-08'), 5, 600), (day('2026-02-12'), 3, 300), (day('2026-05-18'), 4, 700),
          (day('2026-08-18'), 3, 500), (day('2026-10-05'), 4, 600))
PER_BURST = 260


def burst_volume(n):
    for first, days, volume in BURSTS:
        if first <= n < first + days:
            return volume * (1, 0.8, 0.5, 0.3, 0.2)[n - first]
    return 6


def burst_busy(n):
    """each campaign has addresses of its own; the rest is noise"""
    for i, (first, days, _) in enumerate(BURSTS):
        if first <= n < first + days:
            return range(i * PER_BURST, (i + 1) * PER_BURST)
    base = len(BURSTS) * PER_BURST
    return range(base, base + 300)


def spoof(n, source, luck):
    last = source.ip[-1]
    if last in '12':                   # a bogus signature
        return [(1, Kind(D, D, ((D, 'dkim', 'fail'),), SOFT))]
    if last in '34':                   # a return-path of nobody's
        domain = 'mail%s.invalid.example' % last
        return [(1, Kind(D, domain, (), (domain, 'mfrom', 'none')))]
    if last == '5':
        return [(1, Kind('info.' + D, 'info.' + D, (), ('info.' + D, 'mfrom', 'none')))]
    return [(1, Kind(D, D, (), SOFT))]


def spammer(n, source, luck):
    domain = 'bulk%s.example' % source.ip.split('.')[2]
    return [(1, Kind(D, domain, ((domain, 'default', 'pass'),), (domain, 'mfrom', 'pass')))]


def once_a_week(which, volume, rest=0):
    def f(n):
        return volume * growth(n) if weekday(n) == which and n not in JAPAN else rest
    return f


def at_work(volume, idle=0.12):
    return lambda n: volume * growth(n) * office(n, JAPAN, idle)


def streams():
    google = named(row('203.0.113.', 129, 3), 'mail-ot1-f4%d.google.com', places.GOOGLE)
    google += named(row('2001:db8:4860:4864:20::', 221, 1), 'mail-oi1-x22%d.google.com', places.GOOGLE)
    m365 = named(row('198.51.100.', 128, 4), 'mail-japaneastazon1102%d.outbound.protection.outlook.com',
                 places.MICROSOFT)
    mine = named(['192.0.2.10'], 'mx1.' + D, places.OWN) + named(
        ['192.0.2.11', '2001:db8:10::25'], 'mx2.' + D, places.OWN)
    srs = [p for i in range(30) for p in named(
        row('100.64.20.', 2 * i + 1, 1 + i % 2), 'out%%d.forward%02d.example' % i,
        (64496 + i % 15, 'EXAMPLE-NET-%d' % (i % 15), ('JP', 'US', 'DE')[i % 3]))]
    plain = [p for i in range(70) for p in named(
        row('100.64.10.', i + 1, 1), 'mx.university%02d.example' % i,
        (64497, 'EXAMPLE-RESEARCH', 'JP'))]
    burst = crowd('company/crowd', len(BURSTS) * PER_BURST + 300, ())
    return [
        Stream('own', 'own', True, D, 'the own mail servers', mine, at_work(2400), own, [5, 4, 2],
               AT_WORK, busy=two_of(3)),
        Stream('workspace', 'own', True, 'Google Workspace', 'Google Workspace with an author signature',
               google, at_work(700), workspace, tail(4), AT_WORK, busy=two_of(4)),
        Stream('sendgrid', 'vendor', True, 'Twilio SendGrid', 'marketing; authenticated on 2026-05-12',
               named(row('198.51.100.', 20, 3), 'o%d.ptr1234.outbound-mail.sendgrid.net', places.SENDGRID),
               lambda n: 5200 * growth(n) * campaign_days(n), sendgrid, [4, 3, 2]),
        Stream('cuenote', 'vendor', True, 'Cuenote', 'member magazine, unsigned, never mended',
               named(row('203.0.113.', 30, 2), 'mta%d.cuenote.jp', places.JP_ESP),
               once_a_week(2, 1900, 4), cuenote),
        Stream('payroll', 'vendor', True, 'Amazon SES', 'pay slips on the 25th, no author signature',
               named(row('198.51.100.', 50, 4), 'a8-%d.smtp-out.ap-northeast-1.amazonses.com', places.AMAZON),
               lambda n: 860 * growth(n) if month_day(n) == 25 else 0, payroll),
        Stream('salesforce', 'vendor', True, 'Salesforce', 'author signature, return-path of its own',
               named(row('198.51.100.', 110, 2), 'smtp%d-hnd.mta.salesforce.com', places.SALESFORCE),
               at_work(60, 0.03), salesforce),
        Stream('mailchimp', 'retired', True, 'Mailchimp', 'author signature; last mail 2026-06-30',
               named(row('198.51.100.', 90, 2), 'mail%d.suw13.mcsv.net', places.MAILCHIMP),
               lambda n: 600 * campaign_days(n) * growth(n) if n < MAILCHIMP_END else 0, mailchimp),
        Stream('zendesk', None, False, 'Zendesk', 'new on 2026-10-20; nobody has spoken on it',
               named(row('198.51.100.', 180, 3), 'out%d.pod13.apne1.zdsys.com', places.ZENDESK),
               lambda n: 160 * office(n, JAPAN) if n >= ZENDESK_START else 0, zendesk),
        Stream('subsidiary', 'own', True, 'Microsoft 365', 'own tenant, signs as examplecojp.onmicrosoft.com',
               m365, at_work(190, 0.01), subsidiary, tail(4), AT_WORK, ('examplecojp.onmicrosoft.com',),
               busy=two_of(4)),
        Stream('foreign-tenant', 'forwarder', False, 'Microsoft 365', 'partners\' tenants that send our mail again',
               m365, at_work(22, 0.05), foreign_tenant, tail(4), AT_WORK,
               tuple(t + '.onmicrosoft.com' for t, _ in TENANTS), busy=two_of(4)),
        Stream('foreign-workspace', 'forwarder', False, 'Google Workspace', 'a partner\'s Workspace that sends our mail again',
               google, at_work(12), foreign_workspace, tail(4), AT_WORK, (GAPPS,), busy=two_of(4)),
        Stream('legacy', 'own', True, D, 'a forgotten server: missing from SPF, unsigned',
               named(['192.0.2.77'], 'legacy.' + D, places.OWN), lambda n: 11, legacy),
        Stream('isp-relay', None, False, 'isp.example', 'employees who send through their provider',
               named(row('203.0.113.', 90, 2), 'relay%d.isp.example', places.JP_ISP),
               at_work(12, 0.1), legacy),
        Stream('list', 'forwarder', False, 'lists.example.org', 'a mailing list: footer, signature of its own',
               named(['198.51.100.80'], 'lists.example.org', places.NONPROFIT), at_work(30, 0.3), mailing_list),
        Stream('forwarder-kept', 'forwarder', False, '-', 'forwarders that keep the return-path',
               plain, at_work(17, 0.2), kept, tail(70)),
        Stream('forwarder-rewrote', 'forwarder', False, '-', 'forwarders that rewrite it (SRS)',
               srs, at_work(14, 0.3), rewrote, tail(len(srs))),
        Stream('spoof', 'hostile', False, '-', 'forgeries in five campaigns, and a few every day',
               burst, burst_volume, spoof, busy=burst_busy, weights=tail(len(burst), 40)),
        Stream('spammer', 'hostile', False, '-', 'forgeries that are authenticated as the spammer',
               crowd('company/spammers', 40, (100, 70)),
               lambda n: 90 if burst_volume(n) > 20 else 1, spammer),
        Stream('forged-reports', 'hostile', False, '-', 'what forged reports claim: no such mail was sent',
               named(row('192.0.2.', 200, 4), 'mail%d.attacker.example', (64510, 'EXAMPLE-VPS', 'NL'))
               + named(row('198.51.100.', 240, 4), 'smtp%d.attacker.example', (64510, 'EXAMPLE-VPS', 'NL')),
               lambda n: 0, None),
    ]


ALL = [r.key for r in dialect.REPORTERS]
TROUBLES = (
    Trouble(day('2026-02-18'), day('2026-02-18'), ('yahoo',), 0.6, 'spf', 'temperror', (D,)),
    Trouble(day('2026-04-21'), day('2026-04-21'), (), 0.4, 'both', 'temperror', ()),
    Trouble(day('2026-06-08'), day('2026-06-14'), (), 1, 'spf', 'permerror', (D,)),
    Trouble(day('2026-09-29'), day('2026-09-29'), ('kddi',), 0.5, 'dkim', 'temperror', (D,)),
)


# ---- reports that are not what they seem -----------------------------------

def claimed(year, stream, sources, n, passing, rep):
    out = []
    policy = year.policies_seen(D, rep, day('2026-10-10'))[0][0]
    for s in sources:
        kind = Kind(D, D, ((D, 's2', 'pass'),), OWN_SPF) if passing else Kind(D, D, (), SOFT)
        r = year.evaluated(Draw(stream, s, kind, n), kind, n, rep, policy, None, year.luck('forged'))
        assert isinstance(r, Record)
        out.append(r)
    return out, policy


def forge(year):
    """Fifteen reports: as Google by a mail that fails; as Yahoo, silent by then,
    by a mail that passes for somebody else; as Google by a mail whose
    Authentication-Results are not of the own server."""
    stream = year.streams[-1]
    by = {r.key: r for r in dialect.REPORTERS}
    cases = (
        ('2026-10-05', by['google'], stream.sources[:4], 1200, True,
         ('fail', 'noreply-dmarc-support@google.com', 'mx.%s; dmarc=fail header.from=google.com' % D)),
        ('2026-10-12', by['yahoo'], stream.sources[4:], 800, False,
         ('misfit', 'dmarc@report-service.example', 'mx.%s; dmarc=pass header.from=report-service.example' % D)),
        ('2026-10-19', by['google'], stream.sources[:4], 900, True,
         ('foreign', 'noreply-dmarc-support@google.com',
          'mx.attacker.example; dmarc=pass header.from=google.com')))
    for first, rep, sources, n, passing, claim in cases:
        for i in range(5):
            records, policy = claimed(year, stream, sources, n + 10 * i, passing, rep)
            year.write(rep, D, day(first) + i, policy, records, claim)


def make():
    year = Year('company', D, REACH, policies(), streams(), TROUBLES,
                silent={'yahoo': day('2026-09-08')}, mx='mx.' + D)
    year.finish = forge
    return year
