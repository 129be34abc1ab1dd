"""What is true of a record: whether identifiers align, and its class by the
decision table, worked out here from nothing but the identifiers."""
from functools import lru_cache

SUFFIXES = ('co.jp', 'ne.jp', 'or.jp', 'ad.jp')


@lru_cache(None)
def org(domain):
    """the organizational domain; good for the names that occur here"""
    parts = domain.split('.')
    keep = 3 if '.'.join(parts[-2:]) in SUFFIXES else 2
    return '.'.join(parts[-keep:])


@lru_cache(None)
def aligned(domain, author, mode):
    if mode == 's':
        return domain == author
    return org(domain) == org(author)


BROKEN = ('fail', 'permerror', 'neutral', 'policy')
NONPASS = ('fail', 'softfail', 'neutral', 'policy')
INDIRECT = ('forwarded', 'mailing_list', 'trusted_forwarder')


class Features:
    """the inputs of the table: what one record lists"""

    def __init__(self, hf, sigs, spf, reason, adkim, aspf):
        own = [(d, s, x) for d, s, x in sigs if aligned(d, hf, 'r')]
        strict = [v for v in own if aligned(v[0], hf, adkim)]
        self.dkim_pass = any(x == 'pass' for _, _, x in strict)
        self.dkim_strict = any(x == 'pass' for d, _, x in own
                               if not aligned(d, hf, adkim))
        self.dkim_foreign = any(x == 'pass' for d, _, x in sigs
                                if not aligned(d, hf, 'r'))
        self.broken = [(d, s) for d, s, x in own if x in BROKEN]
        self.dkim_temp = any(x == 'temperror' for _, _, x in own)
        spf, scope, result = spf or ('', 'mfrom', 'none')
        mfrom = scope == 'mfrom' and spf != ''
        mine = mfrom and aligned(spf, hf, 'r')
        self.spf_pass = mine and result == 'pass' and aligned(spf, hf, aspf)
        self.spf_strict = mine and result == 'pass' and not self.spf_pass
        self.spf_foreign = mfrom and not mine and result == 'pass'
        self.spf_nonpass = mine and result in NONPASS
        self.spf_perm = mine and result == 'permerror'
        self.spf_temp = mine and result == 'temperror'
        kind, comment = reason or ('', '')
        self.indirect = kind in INDIRECT
        self.arc = kind == 'local_policy' and comment.startswith('arc=pass')


@lru_cache(None)
def features(*what):
    return Features(*what)


def classify(f, eval_dkim, eval_spf, known_sender, known_selectors):
    if eval_dkim and eval_spf:
        return 'PASS_BOTH'
    if eval_dkim:
        if f.spf_temp or f.spf_perm:
            return 'PASS_DKIM/SPF_DNS_ERROR'
        if f.spf_strict:
            return 'PASS_DKIM/SPF_STRICT_MISMATCH'
        if f.spf_nonpass:
            return ('PASS_DKIM/SPF_OMISSION' if known_sender
                    else 'PASS_DKIM/FORWARDER_KEPT_ENVELOPE')
        if f.spf_foreign:
            return ('PASS_DKIM/ESP_OWN_RETURN_PATH' if known_sender
                    else 'PASS_DKIM/FORWARDER_REWROTE_ENVELOPE')
        return 'PASS_DKIM/SPF_NONE'
    if eval_spf:
        if f.dkim_temp:
            return 'PASS_SPF/DKIM_DNS_ERROR'
        if f.dkim_strict:
            return 'PASS_SPF/DKIM_STRICT_MISMATCH'
        if f.broken:
            return 'PASS_SPF/DKIM_BROKEN'
        if f.dkim_foreign:
            return 'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY'
        return 'PASS_SPF/UNSIGNED'
    return fail(f, known_sender, known_selectors)


def fail(f, known_sender, known_selectors):
    foreign = f.dkim_foreign or f.spf_foreign
    broken = any(b in known_selectors for b in f.broken)
    if f.dkim_pass or f.spf_pass:
        return 'FAIL/REPORT_INCONSISTENT'
    if f.dkim_strict or f.spf_strict:
        return 'FAIL/STRICT_MISMATCH'
    if f.indirect:
        return 'FAIL/INDIRECT_OVERRIDE'
    if f.arc:
        return 'FAIL/INDIRECT_ARC'
    if f.dkim_temp or f.spf_temp:
        return 'FAIL/DNS_TEMPERROR'
    if broken and foreign and not known_sender:
        return 'FAIL/INDIRECT_MODIFIED'
    if broken:
        return 'FAIL/BROKEN_AUTHOR_SIGNATURE'
    if f.spf_perm and known_sender:
        return 'FAIL/SPF_PERMERROR'
    if f.spf_nonpass and known_sender:
        return 'FAIL/SPF_OMISSION_UNSIGNED'
    if foreign:
        return ('FAIL/AUTHENTICATED_UNALIGNED_KNOWN' if known_sender
                else 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN')
    return 'FAIL/UNAUTHENTICATED'
