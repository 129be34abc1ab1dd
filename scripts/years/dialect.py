"""The reporters, and how each writes: what it sends, omits, spells and packs in
its own way."""
import base64
import struct
import zlib
from email.utils import formatdate


class Reporter:
    def __init__(self, key, org, email, host, **traits):
        self.key, self.org, self.email, self.host = key, org, email, host
        self.pack = traits.get('pack', 'gz')           # gz, zip, xml, eml
        self.indent = traits.get('indent', '  ')       # None: all on one line
        self.scope = traits.get('scope', True)
        self.envelope_from = traits.get('envelope_from', True)
        self.envelope_to = traits.get('envelope_to', ())
        self.version = traits.get('version', '1.0')
        self.sp = traits.get('sp', True)
        self.np = traits.get('np', False)
        self.fo = traits.get('fo', True)
        self.capital = traits.get('capital', False)
        self.bis = traits.get('bis', False)            # RFC 9990
        self.crlf = traits.get('crlf', False)
        self.declaration = traits.get(
            'declaration', '<?xml version="1.0" encoding="UTF-8"?>\n')
        self.contact = traits.get('contact')
        self.empty_reason = traits.get('empty_reason', False)
        self.spf_first = traits.get('spf_first', False)
        self.human = traits.get('human', False)
        self.begin = traits.get('begin', 0)            # seconds after midnight
        self.end = traits.get('end', 86399)
        self.blank_date = traits.get('blank_date', False)
        self.helo = traits.get('helo', True)           # counts HELO, too
        self.id_form = traits.get('id_form', 'plain')
        self.lag = traits.get('lag', 0)                # days to see a change
        self.attributes = traits.get('attributes', '')
        if self.bis:
            self.attributes = ' xmlns="urn:ietf:params:xml:ns:dmarc-2.0"'
        self.breaks = ['' if self.indent is None else '\n' + self.indent * i
                       for i in range(6)]


OUTLOOK = dict(crlf=True, end=86400, fo=True, declaration='<?xml version="1.0"?>\n',
               id_form='hex', lag=1,
               attributes=' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
               ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"')

REPORTERS = [
    Reporter('google', 'google.com', 'noreply-dmarc-support@google.com',
             'google.com', pack='zip', scope=False, envelope_from=False,
             version=None, np=True, fo=False, id_form='digits',
             declaration='<?xml version="1.0" encoding="UTF-8" ?>\n',
             contact='https://support.google.com/a/answer/2466580'),
    Reporter('yahoo', 'Yahoo', 'dmarchelp@yahooinc.com', 'yahoo.com',
             indent='\t', scope=False, envelope_from=False, version=None,
             sp=False, fo=False, blank_date=True, id_form='decimal', lag=1,
             declaration='<?xml version="1.0"?>'),
    Reporter('enterprise', 'Enterprise Outlook', 'dmarcreport@microsoft.com',
             'enterprise.protection.outlook.com',
             envelope_to=('contoso.example', 'fabrikam.example',
                          'woodgrove.example'), **OUTLOOK),
    Reporter('outlook', 'Outlook.com', 'dmarcreport@microsoft.com',
             'outlook.com', envelope_to=('hotmail.com', 'outlook.jp'),
             **OUTLOOK),
    Reporter('mailru', 'Mail.Ru', 'dmarc_support@corp.mail.ru', 'mail.ru',
             end=86400, fo=False, id_form='digits', lag=2,
             contact='http://help.mail.ru/mail-help'),
    Reporter('ses', 'AMAZON-SES', 'postmaster@amazonses.com', 'amazonses.com',
             indent='\t', version='0.1', sp=False, fo=False, end=86400,
             declaration='<?xml version="1.0"?>\n', id_form='uuid'),
    Reporter('gmx', 'GMX', 'noreply-dmarc@sicher.gmx.net', 'gmx.net',
             indent='   ', np=True, bis=True, fo=False, helo=False,
             id_form='hex', contact='https://postmaster.gmx.net/'),
    Reporter('docomo', 'docomo.ne.jp', 'dmarc_report@docomo.ne.jp',
             'docomo.ne.jp', pack='xml', indent=None, fo=False, helo=False,
             begin=-32400, end=53999, lag=3,
             declaration="<?xml version='1.0' encoding='UTF-8'?>"),
    Reporter('kddi', 'KDDI', 'dmarc-report@dmarc.kddi.com', 'kddi.com',
             indent='    ', capital=True, empty_reason=True, begin=20645,
             end=64147, lag=2, contact='https://www.kddi.com/'),
    Reporter('iij', 'IIJ', 'dmarc-report@dmarc.iij.ad.jp', 'iij.ad.jp',
             spf_first=True, human=True, begin=-32400, end=54000, lag=1),
    Reporter('isp', 'mail.smallisp.example', 'dmarc@smallisp.example',
             'smallisp.example', pack='eml', id_form='bang', lag=1),
]


def report_id(rep, domain, begin, end, n):
    if rep.id_form == 'digits':
        return '%019d' % (8120374461093851700 + n * 7919)
    if rep.id_form == 'decimal':
        return '%d.%06d' % (end + 7262, n * 313 % 1000000)
    if rep.id_form == 'hex':
        return '%032x' % ((zlib.crc32(rep.key.encode()) << 96) + n * 65537)
    if rep.id_form == 'uuid':
        return '5c1f9b0e-2d3a-4f6b-8c7d-%012x' % (n * 4099)
    if rep.id_form == 'bang':
        return '%s!%s!%d!%d' % (rep.host, domain, begin, n)
    return '%d-%06d' % (begin, n)


def says_sp(rep, policy):
    return rep.sp or policy['sp'] != policy['p']


def head(rep, rid, begin, end, policy):
    """policy: a dict of domain, p, sp, np, pct, adkim, aspf"""
    n1, n2, n3 = rep.breaks[1:4]
    out = [rep.declaration, '<feedback%s>' % rep.attributes]
    if rep.version:
        out.append('%s<version>%s</version>' % (n1, rep.version))
    out.append('%s<report_metadata>%s<org_name>%s</org_name>%s<email>%s</email>'
               % (n1, n2, rep.org, n2, rep.email))
    if rep.contact:
        out.append('%s<extra_contact_info>%s</extra_contact_info>' % (n2, rep.contact))
    out.append('%s<report_id>%s</report_id>%s<date_range>%s<begin>%d</begin>'
               '%s<end>%d%s</end>%s</date_range>'
               % (n2, rid, n2, n3, begin, n3, end, ' ' if rep.blank_date else '', n2))
    if rep.bis:
        out.append('%s<generator>mail-reporter 3.1</generator>' % n2)
    out.append('%s</report_metadata>%s<policy_published>%s<domain>%s</domain>'
               % (n1, n1, n2, policy['domain']))
    tags = ['adkim', 'aspf', 'p']
    if says_sp(rep, policy):
        tags.append('sp')
    if rep.np:
        tags.append('np')
    if rep.bis:
        out.append('%s<discovery_method>psl</discovery_method>' % n2)
    out.extend('%s<%s>%s</%s>' % (n2, t, policy[t], t) for t in tags)
    if rep.bis:
        out.append('%s<testing>n</testing>' % n2)
    else:
        out.append('%s<pct>%d</pct>' % (n2, policy['pct']))
    if rep.fo:
        out.append('%s<fo>0</fo>' % n2)
    out.append('%s</policy_published>' % n1)
    return ''.join(out)


def record(rep, r):
    n1, n2, n3, n4 = rep.breaks[1:5]
    word = str.capitalize if rep.capital else str
    reason = ''
    if rep.empty_reason:
        reason = '%s<reason><type></type><comment></comment></reason>' % n4
    elif r.reason:
        reason = '%s<reason>%s<type>%s</type>%s<comment>%s</comment>%s</reason>' % (
            n4, rep.breaks[5], r.reason[0], rep.breaks[5], r.reason[1], n4)
    ids = ''
    if r.envelope_to:
        ids = '%s<envelope_to>%s</envelope_to>' % (n3, r.envelope_to)
    if rep.envelope_from:
        ids += '%s<envelope_from>%s</envelope_from>' % (n3, r.ef)
    ids += '%s<header_from>%s</header_from>' % (n3, r.hf)
    human = ''
    if rep.human:
        human = n4 + '<human_result>%s</human_result>'
    dkim = ''.join(
        '%s<dkim>%s<domain>%s</domain>%s<selector>%s</selector>%s<result>%s</result>%s%s</dkim>'
        % (n3, n4, d, n4, s, n4, word(x), human % x if human else '', n3)
        for d, s, x in r.sigs)
    spf = ''
    if r.spf:
        scope = '%s<scope>%s</scope>' % (n4, r.spf[1]) if rep.scope else ''
        spf = '%s<spf>%s<domain>%s</domain>%s%s<result>%s</result>%s</spf>' % (
            n3, n4, r.spf[0], scope, n4, word(r.spf[2]), n3)
    return ('%s<record>%s<row>%s<source_ip>%s</source_ip>%s<count>%d</count>'
            '%s<policy_evaluated>%s<disposition>%s</disposition>%s<dkim>%s</dkim>'
            '%s<spf>%s</spf>%s%s</policy_evaluated>%s</row>%s<identifiers>%s'
            '%s</identifiers>%s<auth_results>%s%s</auth_results>%s</record>' % (
                n1, n2, n3, r.ip, n3, r.count, n3, n4, word(r.disposition),
                n4, word('pass' if r.dkim else 'fail'), n4,
                word('pass' if r.spf_ok else 'fail'), reason, n3, n2, n2, ids,
                n2, n2, spf + dkim if rep.spf_first else dkim + spf, n2, n1))


def document(rep, rid, begin, end, policy, records):
    text = ''.join([head(rep, rid, begin, end, policy)]
                   + [record(rep, r) for r in records]
                   + [rep.breaks[0], '</feedback>\n'])
    return (text.replace('\n', '\r\n') if rep.crlf else text).encode()


# ---- what it comes in ------------------------------------------------------

def deflate(data):
    z = zlib.compressobj(6, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def gz(data):
    return (b'\x1f\x8b\x08\0\0\0\0\0\0\x03' + deflate(data)
            + struct.pack('<II', zlib.crc32(data), len(data)))


def zipped(name, data):
    body, name = deflate(data), name.encode()
    common = struct.pack('<HHHHHIII', 20, 0, 8, 12 << 11, (2026 - 1980) << 9 | 1 << 5 | 1,
                         zlib.crc32(data), len(body), len(data))
    out = b'PK\3\4' + common + struct.pack('<HH', len(name), 0) + name + body
    central = (b'PK\1\2' + struct.pack('<H', 0x0314) + common
               + struct.pack('<HHHHHII', len(name), 0, 0, 0, 0, 0o100644 << 16, 0) + name)
    return out + central + b'PK\5\6' + struct.pack(
        '<HHHHIIH', 0, 0, 1, 1, len(central), len(out), 0)


def mail(rep, rid, stem, domain, data, end, mail_from, results):
    """results: what Authentication-Results says, the whole field"""
    def stamp(t):
        return formatdate(t).replace('-0000', '+0000')
    b64 = base64.b64encode(gz(data)).decode()
    body = '\n'.join(b64[i:i + 76] for i in range(0, len(b64), 76))
    host = mail_from.split('@')[1]
    return ('Return-Path: <%s>\n'
            'Received: from out.%s (out.%s [198.51.100.250])\n'
            '\tby mx.%s (Postfix) with ESMTPS id %09X\n'
            '\tfor <dmarc@%s>; %s\n'
            'Authentication-Results: %s\n'
            'Date: %s\nFrom: %s\nTo: dmarc@%s\nMessage-ID: <%d.%s@%s>\n'
            'Subject: Report Domain: %s\n Submitter: %s\n Report-ID: <%s>\n'
            'MIME-Version: 1.0\nContent-Type: application/gzip; name="%s.xml.gz"\n'
            'Content-Disposition: attachment; filename="%s.xml.gz"\n'
            'Content-Transfer-Encoding: base64\n\n%s\n' % (
                mail_from, host, host, domain, 0x400000000 + end % 100000000, domain,
                stamp(end + 10802), results, stamp(end + 10800), mail_from, domain,
                end, rid.replace('!', '.'), host, domain, rep.host, rid, stem,
                stem, body)).encode()
