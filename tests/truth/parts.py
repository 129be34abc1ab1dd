"""What the companies are made of: receivers that report, services as they send
(facts of sql/catalogue and of the vendors' documents), recipients' forwards."""
from sim import Forwarder, Reporter, Source, named

OUTLOOK = dict(crlf=True, end=86400, fo=True, declaration='<?xml version="1.0"?>\n',
               id_form='hex', lag=1)


def reporter(key, share, **traits):
    """the well-known ones by name; others are small sites"""
    known = {
        'google': ('google.com', 'noreply-dmarc-support@google.com', 'google.com',
                   dict(pack='zip', scope=False, envelope_from=False, version=None, np=True,
                        fo=False, id_form='digits')),
        'yahoo': ('Yahoo', 'noreply@dmarc.yahoo.com', 'yahoo.com',
                  dict(indent='\t', scope=False, envelope_from=False, version=None, blank='omit',
                       fo=False, id_form='decimal', lag=1)),
        'enterprise': ('Enterprise Outlook', 'dmarcreport@microsoft.com',
                       'enterprise.protection.outlook.com', dict(OUTLOOK)),
        'outlook': ('Outlook.com', 'dmarcreport@microsoft.com', 'outlook.com', dict(OUTLOOK)),
        'mailru': ('Mail.Ru', 'dmarc_support@corp.mail.ru', 'mail.ru',
                   dict(end=86400, fo=False, id_form='digits', lag=2)),
        'gmx': ('GMX', 'noreply-dmarc@sicher.gmx.net', 'gmx.net',
                dict(indent='   ', np=True, bis=True, fo=False, id_form='hex')),
        'docomo': ('docomo.ne.jp', 'reporting@dmarc25.jp', 'docomo.ne.jp',
                   dict(indent=None, fo=False, begin=-32400, end=53999, lag=3)),
        'kddi': ('KDDI', 'dmarc-report@dmarc.kddi.com', 'kddi.com',
                 dict(indent='    ', capital=True, empty_reason=True, begin=20645, end=64147,
                      lag=2)),
        'iij': ('IIJ', 'dmarc-report@dmarc.iij.ad.jp', 'iij.ad.jp',
                dict(spf_first=True, human=True, begin=-32400, end=54000, lag=1)),
        'godaddy': ('GoDaddy.com', 'dmarcreports@secureserver.net', 'secureserver.net',
                    dict(spf_first=True, fo=False, version=None, end=86400)),
        'mimecast': ('Mimecast', 'no-reply@dmarc-analysis.mimecast.org', 'mimecast.org',
                     dict(version=None, scope=False, fo=False, blank='none')),
    }
    if key in known:
        org, email, host, more = known[key]
    else:
        host = '%s.example' % key
        org, email, more = host, 'dmarc@%s' % host, dict(id_form='bang', lag=1)
    return Reporter(key, org, email, host, share, **dict(more, **traits))


# ---- services --------------------------------------------------------------
# Each gives the fields of a Sender: labels, ips, sign, env.

def m365(first, n=4):
    return named(first, n, 'mail-japaneastazon1102%d.outbound.protection.outlook.com')


def google(first, n=4):
    return named(first, n, 'mail-ot1-f4%d.google.com')


def sendgrid(domain, first, n=2, signed=True, sub='em4711'):
    ips = named(first, n, 'o%d.ptr4711.sendgrid.net')
    if signed:
        return dict(labels=['Twilio SendGrid'], ips=ips, env='%s.%s' % (sub, domain),
                    sign=((domain, 's1'), ('sendgrid.info', 'smtpapi')))
    return dict(labels=['Twilio SendGrid'], ips=ips, env='sendgrid.net',
                sign=(('sendgrid.net', 'smtpapi'),))


def ses(domain, first, n=4, signed=True, token='q5w7uvnkiyaikbcyxhbbbalnnb4dacws'):
    region = 'ap-northeast-1.amazonses.com'
    second = ('amazonses.com', 'zh4gjftm6etwoq6afzugpky45synznly')
    return dict(labels=['Amazon SES'], env=region,
                ips=named(first, n, 'e234-%d.smtp-out.ap-northeast-1.amazonses.com'),
                sign=((domain, token), second) if signed else (second,))


def zendesk(domain, first, signed=True):
    return dict(labels=['Zendesk'], env='zendesk.com',
                ips=named(first, 2, 'out%d.pod13.apne1.zdsys.com'),
                sign=((domain, 'zendesk1'),) if signed else (('zendesk.com', 'zendesk1'),))


def mailchimp(domain, first, signed=True):
    return dict(labels=['Mailchimp'], env='mail14.suw13.mcsv.net',
                ips=named(first, 2, 'mail%d.suw13.mcsv.net'),
                sign=((domain, 'k2'),) if signed else (('mailchimpapp.net', 'k2'),
                                                       ('mcsv.net', 'k2')))


def hubspot(domain, first):
    return dict(labels=['HubSpot'], env='1axb6.bf08.hubspotemail.net',
                ips=named(first, 2, 'bid%d.bf08.hubspotemail.net'),
                sign=((domain, 'hs1-24123456'),))


def salesforce(domain, first, signed=True):
    return dict(labels=['Salesforce'], env='7f000001.tokyo.bnc.salesforce.com',
                ips=named(first, 2, 'smtp%d-hnd.mta.salesforce.com'),
                sign=((domain, 'sf2024'),) if signed else (('salesforce.com', 'sf2017'),))


def cuenote(domain, first, signed=False):
    return dict(labels=['Cuenote'], env='bounce.cuenote.jp',
                ips=named(first, 2, 'mta%d.cuenote.jp'),
                sign=((domain, 'cuenote1'),) if signed else ())


def blastengine(domain, first, signed=True):
    return dict(labels=['blastengine (ブラストエンジン)'], env='besender.jp',
                ips=named(first, 2, 'out%d.besender.jp'),
                sign=((domain, 'be2024'), ('besender-s.jp', 'be')) if signed
                else (('besender-s.jp', 'be'),))


def workday(domain, first):
    return dict(labels=['Workday'], env='myworkday.com',
                ips=named(first, 2, 'mta%d.myworkday.com'),
                sign=(('myworkday.com', 'wd2023'),))


def unnamed(vendor, first, n=1, signed=None, env=None, selector='k1', ptr=True):
    """a service that no catalogue has; signed: (d=, s=) of its customer"""
    own = (vendor, selector)
    return dict(labels=[vendor], env=env or 'bounce.' + vendor,
                ips=named(first, n, 'mta%d.' + vendor if ptr else None),
                sign=(signed, own) if signed else (own,))


# ---- who sends again -------------------------------------------------------

def domestic(luck, n=10):
    """Japanese providers, universities, hosters: the envelope is kept"""
    names = ['mta-snd-e0%d.mail.nifty.com', 'rcpt-expgw%d.biglobe.ne.jp', 'mbkd0%d.ocn.ad.jp',
             'ms-omx0%d.so-net.ne.jp', 'msc1%d.plala.or.jp', 'www15%d.sakura.ne.jp',
             'sv99%d.xserver.jp']
    out = []
    for i in range(n):
        if i < len(names):
            out.append(Forwarder(names[i].split('.', 1)[1], named('100.64.%d.11' % i, 2, names[i]),
                                 breaks=0.03, weight=1.5 / (i + 1)))
        else:
            host = 'mx.college%02d.example' % i
            out.append(Forwarder(host, named('100.64.%d.11' % i, 1, host), breaks=0.02,
                                 weight=0.6 / (i + 1)))
    for f in out:
        f.weight *= 0.5 + luck.random()
    return out


def rewriting(luck, n=6, first=40):
    """hosters that rewrite the return-path (SRS)"""
    return [Forwarder('srs%d' % i, named('100.64.%d.21' % (first + i), 1,
                                         'out.hosting%02d.example' % i),
                      env='srs.hosting%02d.example' % i, breaks=0.05,
                      weight=0.5 * (0.5 + luck.random()) / (i + 1)) for i in range(n)]


def gmail_forward(first, weight=1.0):
    return Forwarder('Gmail', named(first, 3, 'mail-sor-f4%d.google.com'), env='gmail.com',
                     breaks=0.02, weight=weight)


def tenant(name, domain, first, breaks=0.5, weight=1.0):
    """somebody's Microsoft 365 that sends our mail again"""
    return Forwarder('tenant ' + name, m365(first, 2), env=domain, breaks=breaks, weight=weight,
                     sign=(name + '.onmicrosoft.com', 'selector1-%s-onmicrosoft-com' % name))


def workspace(domain, first, breaks=0.5, weight=1.0):
    dashed = domain.replace('.', '-') + '.20230601.gappssmtp.com'
    return Forwarder('workspace ' + domain, google(first, 2), env=domain, breaks=breaks,
                     weight=weight, sign=(dashed, '20230601'))


def mailing_list(name, first, breaks=1.0, weight=0.7, selector='list2024'):
    return Forwarder('list ' + name, named(first, 1, name), env=name, sign=(name, selector),
                     breaks=breaks, weight=weight)


def google_groups(first, weight=0.5):
    return Forwarder('Google Groups', named(first, 2, 'mail-pf1-f5%d.google.com'),
                     env='googlegroups.com', sign=('googlegroups.com', '20230601'), breaks=0.9,
                     weight=weight)


def gateway(name, ptr, first, breaks=0.4, weight=0.6):
    """a recipient's filter that hands over, and changes some"""
    return Forwarder(name, named(first, 2, ptr), breaks=breaks, weight=weight)


def bare(first, n=1):
    """addresses without a name"""
    return [Source(a.ip, None, 'none') for a in named(first, n, None)]
