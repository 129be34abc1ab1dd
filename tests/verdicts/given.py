"""The 18 cases of ../shared/cases/verdicts: which question is asked of each.
Its mkcases.py writes beside itself, so it runs on a copy."""
import os
import shutil
import subprocess
import sys

import kinds

UNTIL = '2026-11-22'

CASES = {
    '01-forwarder-into-spf': (kinds.forwarder_into_spf, dict(
        words=[('vendor.example', 'vendor')], forwarders=[('198.51.100.9', 35)])),
    '02-vendor-called-forwarder': (kinds.vendor_called_forwarder, dict(
        vendor='192.0.2.20', at_least=36000)),
    '03-own-relay-called-forwarder': (kinds.own_relay_called_forwarder, dict(
        relay='192.0.2.30', at_least=1800)),
    '04-policy-flip': (kinds.policy_flip, dict(first_day='2026-10-24', sp='quarantine')),
    '05-testing-flip': (kinds.testing_flip, dict(first_day='2026-10-24')),
    '06-changes-blind': (kinds.changes_blind, dict(
        quiet_from='2026-11-08', event='2026-11-13', told_by='2026-11-17')),
    '07-strict-mismatch-forwarded': (kinds.strict_mismatch_forwarded, dict(
        scope='sp', tenant='kandasoft', forwarder='198.51.100.50', blocker='shop.example.jp')),
    '08-renamed-by-repair': (kinds.renamed_by_repair, dict(
        words=[('vendor.example', 'vendor')], ip='192.0.2.60')),
    '09-docomo-not-trusted': (kinds.docomo_not_trusted, dict(
        authserv_id='mx.example.jp', reports=2)),
    '10-gmail-learned': (kinds.gmail_learned, dict(strangers=['198.51.100.11'])),
    '11-tenant-name': (kinds.tenant_name, dict(
        tenants=[('198.51.100.12', 'Google Workspace (sumida-arts.example)')])),
    '12-evidence-strict': (kinds.evidence_strict, dict(
        ip='192.0.2.70', signature='mkt.example.jp', domain='example.jp')),
    '13-list-or-hostile': (kinds.list_or_hostile, dict(list='198.51.100.13')),
    '14-own-word-and-forwarding-hosts': (kinds.forwarder_into_spf, dict(
        words=[('host.example', 'own')], indirect=False,
        forwarders=[('198.51.100.99', 5), ('192.0.2.99', 12)])),
    '15-after-a-change': (kinds.after_a_change, dict()),
    '16-yearly-sender': (kinds.yearly_sender, dict(sender='vendor.example')),
    '17-unsigned-server': (kinds.unsigned_server, dict(ip='192.0.2.92')),
    '18-one-reporter': (kinds.one_reporter, dict(sender='vendor.example')),
}


def make(source, out):
    """a folder a case, below out"""
    os.makedirs(out)
    copy = shutil.copy(os.path.join(source, 'mkcases.py'), out)
    os.chmod(copy, 0o600)
    subprocess.run([sys.executable, copy], check=True)
    found = {x for x in os.listdir(out) if os.path.isdir(os.path.join(out, x))}
    if found != set(CASES):
        raise SystemExit('cases without a question: %s' % (found ^ set(CASES)))
    return {case: (os.path.join(out, case), UNTIL, kind, facts)
            for case, (kind, facts) in CASES.items()}
