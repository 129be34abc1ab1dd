"""Reports of nobody's mail, up to the day w.last.  Each lie writes a folder of
them; the verdict of that day must not move."""
import os

from parts import reporter
from sim import Record
from years import dialect

FAILS, PASSES = False, True


def record(w, count, good, ip=None, sigs=None):
    first = w.senders[0].at(w.last)
    r = Record()
    result = 'pass' if good else 'fail'
    r.ip, r.hf, r.ef = ip or first['ips'][0].ip, w.domain, w.domain
    r.sigs = sigs or ((w.domain, first['sign'][0][1], result),)
    r.spf = (w.domain, 'mfrom', 'pass' if good else 'softfail')
    r.dkim = r.spf_ok = good
    r.disposition, r.reason, r.envelope_to, r.count = 'none', None, '', count
    return r


def report(w, folder, rep, n, records, mail_from=None, results=None, **policy):
    begin, end = w.epoch(n), w.epoch(n) + 86399
    w.numbers['lies'] = w.numbers.get('lies', 0) + 1
    rid = 'x%d' % w.numbers['lies']
    shown = w.shown(w.domain, rep, w.policy_seen(w.domain, rep, n))
    data = dialect.document(rep, rid, begin, end, dict(shown, **policy), records)
    stem = '%s!%s!%d!%d!%d' % (rep.host, w.domain, begin, end, w.numbers['lies'])
    mail_from = mail_from or rep.email
    host = mail_from.split('@')[1]
    results = results or '%s; dkim=pass header.d=%s; dmarc=pass header.from=%s' % (w.mx, host, host)
    with open(os.path.join(folder, stem + '.eml'), 'xb') as f:
        f.write(dialect.mail(rep, rid, stem, w.domain, data, end, mail_from, results))


def liar():
    return reporter('liar', 0, selectors=True)


def days(w, k=30):
    return range(w.last + 1 - k, w.last + 1)


def one_says_all_fails(w, folder):
    """a stranger's domain reports that the own servers fail"""
    for n in days(w):
        report(w, folder, liar(), n, [record(w, 3000, FAILS)])


def one_says_all_passes(w, folder):
    """a stranger's domain reports a million passing messages a day"""
    for n in days(w):
        report(w, folder, liar(), n, [record(w, 1000000, PASSES)])


def google_in_name_fails(w, folder):
    """in Google's name, by mail of the liar's own domain"""
    for n in days(w):
        report(w, folder, reporter('google', 0), n, [record(w, 5000, FAILS)],
               'noreply@liar.example')


def google_in_name_forged(w, folder):
    """in Google's name and address; the mail fails DMARC"""
    for n in days(w):
        report(w, folder, reporter('google', 0), n, [record(w, 900000, PASSES)],
               results='%s; dkim=none; dmarc=fail header.from=google.com' % w.mx)


def policy_lie(w, folder):
    """a stranger's domain reports another policy"""
    for n in days(w, 12):
        report(w, folder, liar(), n, [record(w, 50, PASSES)], p='reject', sp='none')


def new_senders(w, folder):
    """a stranger's domain reports new senders that sign as the author"""
    for n in days(w, 6):
        report(w, folder, liar(), n, [
            record(w, 100, PASSES, '10.250.0.%d' % (n % 200 + 1),
                   ((w.domain, 'x%d' % n, 'pass'), ('new%d.example' % n, 'k', 'pass')))])


def missing_senders(w, folder):
    """a stranger's domain reported long ago a sender that is gone"""
    for n in range(w.last - 80, w.last - 60):
        report(w, folder, liar(), n, [
            record(w, 500, PASSES, '10.251.0.9',
                   ((w.domain, 'old', 'pass'), ('gone.example', 'k', 'pass')))])


def unnamed_sender(w, folder):
    """a stranger's domain reports a sender that nobody knows and that fails"""
    for n in days(w):
        report(w, folder, liar(), n, [
            record(w, 400, FAILS, '10.252.0.9', (('unheard.example', 'k', 'pass'),))])


LIES = (one_says_all_fails, one_says_all_passes, google_in_name_fails, google_in_name_forged,
        policy_lie, new_senders, missing_senders, unnamed_sender)
