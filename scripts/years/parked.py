"""parked.example: sends nothing, p=reject; what comes in its name is forged,
but for one day."""
from years.days import day, tail
from years.places import crowd, named
from years.world import Kind, Stream, Year

D = 'parked.example'
MISTAKE = day('2026-06-17')

REACH = {'google': 0.4, 'yahoo': 0.12, 'enterprise': 0.14, 'outlook': 0.12,
         'mailru': 0.05, 'ses': 0.01, 'gmx': 0.08, 'docomo': 0.02,
         'kddi': 0.01, 'iij': 0.01, 'isp': 0.04}

WAVES = ((day('2025-11-11'), 3, 600), (day('2025-11-28'), 4, 900), (day('2025-12-15'), 6, 700),
         (day('2026-01-19'), 2, 500), (day('2026-02-09'), 5, 1100), (day('2026-03-16'), 3, 600),
         (day('2026-04-13'), 4, 1500), (day('2026-05-11'), 3, 800), (day('2026-06-15'), 4, 700),
         (day('2026-07-06'), 8, 900), (day('2026-08-17'), 3, 1200), (day('2026-09-14'), 5, 1000),
         (day('2026-10-12'), 4, 1600))
CROWD = 5200
PER_WAVE = 400                         # addresses of a wave; neighbours share some


def wave(n):
    for i, (first, days, volume) in enumerate(WAVES):
        if first <= n < first + days:
            return i, volume / (1 + (n - first) * 0.6)
    return None, 0


def policies():
    return {D: [(0, dict(domain=D, p='reject', sp='reject', np='reject', pct=100,
                         adkim='s', aspf='s'))]}


def busy(n):
    i, _ = wave(n)
    if i is None:
        return range(4600, CROWD)
    return range(i * 330, i * 330 + PER_WAVE)


def spoof(n, source, luck):
    a = [int(x) for x in source.ip.split('.')]
    x = a[3] % 20
    if x < 3:                          # names that do not exist
        name = ('invoice', 'secure-%02x' % a[2], 'hr')[x] + '.' + D
        return [(1, Kind(name, name, (), (name, 'mfrom', 'none'), ghost=True))]
    if x == 3:
        return [(1, Kind('www.' + D, D, (), (D, 'mfrom', 'fail')))]
    if x == 4:
        return [(1, Kind(D, D, ((D, 'default', 'permerror'),), (D, 'mfrom', 'fail')))]
    if x == 5:
        return [(1, Kind(D, '', (), ('host-%d.dynamic.example' % a[2], 'helo', 'none')))]
    if x in (6, 7):
        rp = 'mx%d.nobody.example' % (a[2] % 40)
        return [(1, Kind(D, rp, (), (rp, 'mfrom', 'none')))]
    return [(1, Kind(D, D, (), (D, 'mfrom', 'fail')))]


def spammer(n, source, luck):
    domain = 'offers%d.example' % (int(source.ip.split('.')[2]) % 12)
    return [(1, Kind(D, domain, ((domain, 'mail', 'pass'),), (domain, 'mfrom', 'pass')))]


def web_form(n, source, luck):
    return [(1, Kind(D, D, (), (D, 'mfrom', 'fail')))]


def streams():
    return [
        Stream('web-form', 'own', True, D, 'a contact form on the own web server, by mistake, on one day',
               named(['192.0.2.80'], 'www.' + D, (64496, 'EXAMPLE-HOSTING', 'DE')),
               lambda n: 320 if n == MISTAKE else 0, web_form),
        Stream('spoof', 'hostile', False, '-', 'forgeries in thirteen waves, and a few every day',
               crowd('parked/crowd', CROWD, ()), lambda n: 16 + wave(n)[1], spoof, tail(CROWD, 60), busy=busy),
        Stream('spammer', 'hostile', False, '-', 'forgeries that are authenticated as the spammer',
               crowd('parked/spammers', 60, (100, 71)), lambda n: 3 + wave(n)[1] * 0.04, spammer),
    ]


def make():
    year = Year('parked', D, REACH, policies(), streams())
    year.lenient = ('outlook', 'mailru', 'gmx')
    return year
