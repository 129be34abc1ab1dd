"""The same kinds with names, numbers and rhythms of our own, some in two forms.
A case is a function that writes reports by way of a Case and gives the question
and the facts."""
import datetime
import os

import kinds

LAST = datetime.date(2026, 10, 31)
UNTIL = LAST.isoformat()
ORGS = ('mail.alpha.example', 'mx.beta.example', 'post.gamma.example', 'in.delta.example')
CASES = {}


def case(kind):
    def keep(f):
        CASES[f.__name__.replace('_', '-')] = (kind, f)
        return f
    return keep


class Case:
    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder)

    def report(self, back, org, records, domain='example.net', p='none', more='', adkim='r',
               aspf='r'):
        """a report on the day so many days before the last"""
        begin = int(datetime.datetime.combine(
            LAST - datetime.timedelta(back), datetime.time(), datetime.timezone.utc).timestamp())
        text = ('<feedback><report_metadata><org_name>%s</org_name><email>dmarc@%s</email>'
                '<report_id>%s-%d</report_id><date_range><begin>%d</begin><end>%d</end></date_range>'
                '</report_metadata><policy_published><domain>%s</domain><adkim>%s</adkim>'
                '<aspf>%s</aspf><p>%s</p>%s</policy_published>%s</feedback>\n' % (
                    org, org, domain, begin, begin, begin + 86399, domain, adkim, aspf, p, more,
                    ''.join(records)))
        with open(os.path.join(self.folder, '%s-%d.xml' % (org, back)), 'x', encoding='utf-8') as f:
            f.write(text)


def record(ip, n, dkim, spf, sigs=(), path=None, author='example.net'):
    """path: (return-path, result)"""
    def word(x):
        return 'pass' if x else 'fail'
    out = ('<record><row><source_ip>%s</source_ip><count>%d</count><policy_evaluated>'
           '<disposition>none</disposition><dkim>%s</dkim><spf>%s</spf></policy_evaluated></row>'
           '<identifiers><header_from>%s</header_from></identifiers><auth_results>' % (
               ip, n, word(dkim), word(spf), author))
    for d, s, result in sigs:
        out += '<dkim><domain>%s</domain>%s<result>%s</result></dkim>' % (
            d, '<selector>%s</selector>' % s if s else '', result)
    if path:
        out += '<spf><domain>%s</domain><scope>mfrom</scope><result>%s</result></spf>' % path
    return out + '</auth_results></record>'


def own(n=24, author='example.net'):
    return record('192.0.2.5', n, True, True, [('example.net', 'm1', 'pass')],
                  (author, 'pass'), author)


def weekday(back):
    return (LAST - datetime.timedelta(back)).weekday()


def mine(back):
    return LAST - datetime.timedelta(back)


# ---- 1 ---------------------------------------------------------------------

@case(kinds.forwarder_into_spf)
def forwarded_vendor_of_the_catalogue(c):
    """SendGrid, authenticated; three providers forward it as it came"""
    sigs = [('example.net', 's1', 'pass'), ('sendgrid.info', 'smtpapi', 'pass')]
    for i in range(40):
        for k, org in enumerate(ORGS[:3]):
            c.report(i, org, [
                own(), record('198.51.100.31', 40, True, True, sigs, ('em77.example.net', 'pass')),
                record('203.0.113.%d' % (60 + k), 2, True, False, sigs, ('em77.example.net', 'softfail'))])
    return dict(forwarders=[('203.0.113.%d' % (60 + k), 80) for k in range(3)])


@case(kinds.forwarder_into_spf)
def forwarded_vendor_with_a_word(c):
    """an unknown vendor, named as such; one host forwards a little of its mail"""
    sigs = [('example.net', 'mag', 'pass'), ('letters.example', 'a', 'pass')]
    for i in range(40):
        for org in ORGS:
            c.report(i, org, [
                own(), record('198.51.100.40', 12, True, True, sigs, ('mag.example.net', 'pass')),
                record('203.0.113.70', 1, True, False, sigs, ('mag.example.net', 'fail'))])
    return dict(words=[('letters.example', 'vendor')], forwarders=[('203.0.113.70', 160)])


# ---- 2 ---------------------------------------------------------------------

@case(kinds.vendor_called_forwarder)
def vendor_with_a_selector_of_its_own(c):
    sigs = [('example.net', 'spring7', 'pass'), ('letters.example', 'a', 'pass')]
    for i in range(45):
        for org in ORGS[:3]:
            c.report(i, org, [own(9), record('198.51.100.41', 150, True, False, sigs,
                                             ('rp.letters.example', 'pass'))])
    return dict(vendor='198.51.100.41', at_least=13500)


@case(kinds.vendor_called_forwarder)
def vendor_whose_name_is_ambiguous(c):
    """Cuenote signs as the author; its name stands for several products"""
    for i in range(45):
        for org in ORGS[:3]:
            c.report(i, org, [own(30), record('198.51.100.42', 70, True, False,
                                              [('example.net', 'cn1', 'pass')],
                                              ('bounce.cuenote.jp', 'pass'))])
    return dict(vendor='198.51.100.42', at_least=6300)


# ---- 3 ---------------------------------------------------------------------

@case(kinds.own_relay_called_forwarder)
def relay_that_spf_lacks(c):
    for i in range(45):
        for org in ORGS:
            c.report(i, org, [record('198.51.100.50', 13, True, False,
                                     [('example.net', 'main', 'pass'), ('outbound.example', 'o', 'pass')],
                                     ('example.net', 'fail'))])
    return dict(relay='198.51.100.50', at_least=1560)


# ---- 4, 5: what was published ----------------------------------------------

@case(kinds.policy_flip)
def one_who_writes_sp_alone_on_three_days(c):
    for i in range(75):
        for org in ORGS[:3] if i not in (3, 9, 20) else ORGS[1:2]:
            c.report(i, org, [own()], p='quarantine', more='<sp>none</sp>' if org == ORGS[1] else '')
    return dict(first_day=mine(29).isoformat(), sp='quarantine')


@case(kinds.policy_flip)
def two_of_four_write_sp(c):
    """as many repeat what is not published as leave it out; some days tie"""
    for i in range(75):
        for k, org in enumerate(ORGS):
            if (i + k) % 5:
                c.report(i, org, [own()], p='quarantine',
                         more='<sp>quarantine</sp>' if k % 2 else '')
    return dict(first_day=mine(29).isoformat())


@case(kinds.testing_flip)
def testing_known_to_one_of_four(c):
    """t=y for 80 days; who knows t has mail each fortnight"""
    for i in range(80):
        for org in ORGS:
            if org != ORGS[3] or i % 14 == 2:
                c.report(i, org, [own()], p='reject',
                         more='<testing>y</testing>' if org == ORGS[3] else '')
    return dict(first_day=mine(29).isoformat())


# ---- 6 ---------------------------------------------------------------------

@case(kinds.changes_blind)
def ten_a_day_fail_from_a_day_on(c):
    """by two reporters; after eleven days nothing of it passes"""
    for i in range(60):
        ok = i >= 11
        for org in ORGS[:2]:
            c.report(i, org, [own(3), record(
                '198.51.100.60', 5, ok, ok, [('example.net', 'app', 'pass' if ok else 'fail')],
                ('app.example.net', 'pass' if ok else 'softfail'))])
    return dict(quiet_from=mine(16).isoformat(), event=mine(10).isoformat(),
                told_by=mine(6).isoformat())


# ---- 7 ---------------------------------------------------------------------

@case(kinds.strict_mismatch_forwarded)
def strict_and_sent_again(c):
    """adkim=s; news.example.net signs as example.net; a Workspace of others and a
    hoster send some of it again"""
    for i in range(40):
        for org in ORGS[:3]:
            c.report(i, org, [
                own(), record('198.51.100.70', 15, False, True, [('example.net', 'news', 'pass')],
                              ('news.example.net', 'pass'), 'news.example.net'),
                record('203.0.113.80', 2, False, False, [
                    ('example.net', 'news', 'pass'),
                    ('umi-books-example.20230601.gappssmtp.com', '20230601', 'pass')],
                       ('umi-books.example', 'pass'), 'news.example.net')],
                     p='quarantine', adkim='s')
    return dict(scope='sp', tenant='umi-books', forwarder='203.0.113.80', blocker='news.example.net')


# ---- 8 ---------------------------------------------------------------------

@case(kinds.renamed_by_repair)
def repaired_vendor(c):
    """45 days ago it began to sign as the author"""
    for i in range(100):
        for org in ORGS[:3]:
            vendor = record('198.51.100.80', 6, True, False, [('example.net', 'inv', 'pass')],
                            ('b.invoices.example', 'pass')) if i < 45 else record(
                '198.51.100.80', 6, False, False, [('invoices.example', 'k', 'pass')],
                ('b.invoices.example', 'pass'))
            c.report(i, org, [own(), vendor], p='quarantine')
    return dict(words=[('invoices.example', 'vendor')], ip='198.51.100.80')


@case(kinds.renamed_by_repair)
def repaired_vendor_with_two_addresses(c):
    """nobody has said a word of it; SPF and DKIM both came with the repair"""
    for i in range(110):
        for k, org in enumerate(ORGS[:3]):
            ip = '198.51.100.%d' % (82 + (i + k) % 2)
            vendor = record(ip, 8, True, True, [('example.net', 'tk', 'pass')],
                            ('tk.example.net', 'pass')) if i < 50 else record(
                ip, 8, False, False, [('tickets.example', 'k', 'pass')], ('tickets.example', 'pass'))
            c.report(i, org, [own(), vendor], p='quarantine')
    return dict(ip='198.51.100.82')


# ---- 9 ---------------------------------------------------------------------

@case(kinds.docomo_not_trusted)
def reports_that_come_by_another_domain(c):
    begin = int(datetime.datetime.combine(
        mine(2), datetime.time(), datetime.timezone.utc).timestamp())
    for k, (org, sender) in enumerate((('docomo.ne.jp', 'reporting@dmarc25.jp'),
                                       ('GoDaddy.com', 'dmarcreports@secureserver.net'),
                                       ('google.com', 'noreply-dmarc-support@google.com'))):
        host = sender.split('@')[1]
        with open(os.path.join(c.folder, '%d.eml' % k), 'x', encoding='utf-8') as f:
            f.write('Authentication-Results: gate.example.net;\n dkim=pass header.d=%s;\n'
                    ' dmarc=pass header.from=%s\nFrom: %s\nTo: dmarc@example.net\n'
                    'Subject: Report Domain: example.net\nMessage-ID: <%d@%s>\n'
                    'Date: Fri, 30 Oct 2026 03:00:00 +0000\nMIME-Version: 1.0\n'
                    'Content-Type: text/xml\n\n'
                    '<feedback><report_metadata><org_name>%s</org_name><email>%s</email>'
                    '<report_id>r%d</report_id><date_range><begin>%d</begin><end>%d</end></date_range>'
                    '</report_metadata><policy_published><domain>example.net</domain><p>none</p>'
                    '</policy_published>%s</feedback>\n' % (
                        host, host, sender, k, host, org, sender, k, begin, begin + 86399, own()))
    return dict(authserv_id='gate.example.net', reports=3)


# ---- 10 to 14: whose it is -------------------------------------------------

@case(kinds.gmail_learned)
def strangers_with_a_gmail_account(c):
    """users' forwards by Gmail, signatures whole; then others' accounts"""
    for i in range(12):
        c.report(i, ORGS[i % 2], [
            own(), record('203.0.113.10', 4, True, False, [('example.net', 'm1', 'pass')],
                          ('gmail.com', 'pass')),
            record('203.0.113.11', 5, False, False, [('gmail.com', '20251104', 'pass')],
                   ('gmail.com', 'pass'))])
    return dict(strangers=['203.0.113.11'])


@case(kinds.gmail_learned)
def strangers_with_another_free_mailbox(c):
    for i in range(12):
        c.report(i, ORGS[i % 2], [
            own(), record('203.0.113.12', 3, True, False, [('example.net', 'm1', 'pass')],
                          ('yahoo.co.jp', 'pass')),
            record('203.0.113.13', 6, False, False, [('yahoo.co.jp', 'yj20110701', 'pass')],
                   ('yahoo.co.jp', 'pass'))])
    return dict(strangers=['203.0.113.13'])


@case(kinds.tenant_name)
def tenants_with_a_dash(c):
    c.report(1, ORGS[0], [
        own(), record('203.0.113.21', 7, False, False, [
            ('example.net', 'm1', 'fail'),
            ('kita-no-umi-example.20251104.gappssmtp.com', '20251104', 'pass')],
                      ('kita-no-umi.example', 'pass')),
        record('203.0.113.22', 4, False, False, [
            ('example.net', 'm1', 'fail'),
            ('minato-example.20251104.gappssmtp.com', '20251104', 'pass')], ('minato.example', 'pass'))])
    return dict(tenants=[('203.0.113.21', 'Google Workspace (kita-no-umi.example)'),
                         ('203.0.113.22', 'Google Workspace (minato.example)')])


@case(kinds.evidence_strict)
def signed_as_a_name_below(c):
    for i in range(5):
        c.report(i, ORGS[i % 2], [own(), record(
            '198.51.100.90', 30, False, False,
            [('crm.example.net', 'q7', 'pass'), ('letters.example', 'a', 'pass')],
            ('rp.letters.example', 'pass'))], adkim='s')
    return dict(ip='198.51.100.90', signature='crm.example.net', domain='example.net')


@case(kinds.list_or_hostile)
def list_told_without_selectors(c):
    for i in range(8):
        c.report(i, ORGS[i % 2], [own(), record(
            '203.0.113.31', 9, False, False,
            [('example.net', None, 'fail'), ('ml.circle.example', None, 'pass')],
            ('ml.circle.example', 'pass'))])
    return dict(list='203.0.113.31')


@case(kinds.forwarder_into_spf)
def own_hoster_forwards_too(c):
    """the hoster's name is ours by word; another of its machines and a stranger's
    host forward"""
    sigs = [('example.net', 'default', 'pass'), ('rental.example', 'r', 'pass')]
    for i in range(10):
        c.report(i, ORGS[i % 3], [
            record('198.51.100.95', 60, True, True, sigs, ('example.net', 'pass')),
            record('203.0.113.95', 2, True, False, sigs, ('example.net', 'softfail')),
            record('203.0.113.96', 1, True, False, sigs, ('example.net', 'softfail'))])
    return dict(words=[('rental.example', 'own')], indirect=False,
                forwarders=[('203.0.113.95', 20), ('203.0.113.96', 10)])


# ---- 15 to 18: who is missing, and who is left out -------------------------

@case(kinds.after_a_change)
def monthly_letter_after_a_change(c):
    """quarantine since six days; the letter of the month's first is not due"""
    for i in range(95):
        for org in ORGS[:3]:
            rows = [own()]
            if mine(i).day == 1:
                rows.append(record('198.51.100.96', 80, True, True, [('example.net', 'mo', 'pass')],
                                   ('mo.example.net', 'pass')))
            c.report(i, org, rows, p='quarantine' if i < 6 else 'none')
    return dict()


@case(kinds.yearly_sender)
def letters_of_the_summer(c):
    """800 on three days, 120 days ago; nobody has named the vendor"""
    for i in range(150):
        for org in ORGS[:3]:
            rows = [own()]
            if i in (120, 121, 122):
                rows.append(record('198.51.100.97', 90, False, False, [('kabu.example', 'z', 'pass')],
                                   ('b.kabu.example', 'pass')))
            c.report(i, org, rows, p='quarantine')
    return dict(sender='kabu.example')


@case(kinds.unsigned_server)
def printer_in_the_basement(c):
    """four a day, unsigned, SPF says nothing of it; names were never looked up"""
    for i in range(60):
        for org in ORGS[:3]:
            rows = [own()]
            if weekday(i) != 6:
                rows.append(record('198.51.100.98', 4, False, False, [], ('example.net', 'neutral')))
            c.report(i, org, rows, p='quarantine')
    return dict(ip='198.51.100.98')


@case(kinds.one_reporter)
def staff_at_one_provider(c):
    """monthly pay slips and a time clock, seen by one of four reporters"""
    for i in range(75):
        for org in ORGS:
            rows = [own()]
            if org == ORGS[2] and weekday(i) < 5:
                rows.append(record('198.51.100.99', 6, False, False, [('clock.example', 'c', 'pass')],
                                   ('rp.clock.example', 'pass')))
            c.report(i, org, rows, p='quarantine')
    return dict(sender='clock.example')


def make(out):
    """a folder a case, below out"""
    made = {}
    for name, (kind, f) in CASES.items():
        folder = os.path.join(out, name)
        facts = f(Case(folder))
        made[name] = (folder, UNTIL, kind, facts)
    return made
