"""Source addresses of every sort, with what DNS and routing tables say."""
from years.days import Chance
from years.world import Source

RESIDENTIAL = [(64500, 'EXAMPLE-BROADBAND', 'BR'), (64501, 'EXAMPLE-TELECOM', 'VN'),
               (64502, 'EXAMPLE-CABLE', 'US'), (64503, 'EXAMPLE-MOBILE', 'IN'),
               (64504, 'EXAMPLE-NET', 'ID'), (64505, 'EXAMPLE-DSL', 'RU')]
HOSTING = [(64510, 'EXAMPLE-VPS', 'NL'), (64511, 'EXAMPLE-CLOUD', 'DE'),
           (65536, 'EXAMPLE-SERVERS', 'US')]


def named(ips, name, net):
    """addresses with a confirmed name; name has a %d or none"""
    return [Source(ip, name % (i + 1) if '%' in name else name, 'confirmed', *net)
            for i, ip in enumerate(ips)]


def row(prefix, first, n):
    return ['%s%d' % (prefix, first + i) for i in range(n)]


def crowd(seed, n, prefix):
    """addresses of strangers: homes, rented servers, nothing at all"""
    luck, seen, out = Chance(seed), set(), []
    while len(out) < n:
        a = [10, luck.below(256), luck.below(256), 1 + luck.below(254)]
        if prefix:
            a[:len(prefix)] = prefix
        ip = '.'.join(str(x) for x in a)
        if ip in seen:
            continue
        seen.add(ip)
        x = luck.random()
        name = '-'.join(str(b) for b in a)
        if x < 0.35:
            net = luck.one_of(RESIDENTIAL)
            out.append(Source(ip, None, 'none', *net))
        elif x < 0.75:
            net = luck.one_of(RESIDENTIAL)
            ptr = 'host-%s.%s.example' % (name, net[1].split('-')[1].lower())
            out.append(Source(ip, ptr, 'confirmed' if luck.random() < 0.7 else 'unconfirmed', *net))
        elif x < 0.95:
            net = luck.one_of(HOSTING)
            ptr = 'vps%d.%s.example' % (luck.below(90000) + 10000, net[1].split('-')[1].lower())
            out.append(Source(ip, ptr, 'confirmed' if luck.random() < 0.6 else 'unconfirmed', *net))
        else:
            out.append(Source(ip, None, 'failed', None, None, None))
    return out


MICROSOFT = (8075, 'MICROSOFT-CORP-MSN-AS-BLOCK', 'US')
GOOGLE = (15169, 'GOOGLE', 'US')
AMAZON = (16509, 'AMAZON-02', 'US')
SENDGRID = (11377, 'SENDGRID', 'US')
SALESFORCE = (14340, 'SALESFORCE', 'US')
MAILCHIMP = (14782, 'THEROCKETSCIENCEGROUP', 'US')
ZENDESK = (21880, 'ZENDESK', 'US')
MIMECAST = (30031, 'MIMECAST', 'US')
PROOFPOINT = (22843, 'PROOFPOINT-ASN-US-EAST', 'US')
OWN = (64496, 'EXAMPLE-COMPANY', 'JP')
JP_ISP = (64497, 'EXAMPLE-ISP', 'JP')
JP_ESP = (64498, 'EXAMPLE-ESP', 'JP')
NONPROFIT = (64499, 'EXAMPLE-SOCIETY', 'US')
