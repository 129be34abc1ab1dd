#!/bin/sh
# Re-makes the derived fixtures: from the hand-written XML under fixtures/xml come the odd encodings, the archives
# and the mails; the demo mails come from the table in this script; the table in fixtures/README.md comes from
# fixtures/EXPECTED.tsv. Same tools, same bytes: no clock, no random number, no name of this machine gets in.
#
#   scripts/mkfixtures.sh            writes into fixtures/
#   scripts/mkfixtures.sh --check    writes into a copy and compares; status 1 when anything differs
#
# Needs python3 (standard library only), zstd and 7z. Other versions of zlib, liblzma, zstd or 7z may compress to
# other bytes; what is committed counts.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
fixtures=$root/fixtures
if [ "${1-}" = --check ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	cp -Rp "$fixtures" "$work/fixtures"
	fixtures=$work/fixtures
fi

TZ=UTC LC_ALL=C.UTF-8 PYTHONHASHSEED=0 python3 -B - "$fixtures" <<'PYTHON'
import base64, bz2, io, lzma, os, quopri, struct, subprocess, sys, tarfile, tempfile, zlib
from email.utils import formatdate

ROOT = sys.argv[1]
DAY = 86400
NOV1 = 1793491200                      # 2026-11-01 00:00:00 UTC


def put(name, data):
    path = os.path.join(ROOT, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'wb') as f:
        f.write(data)


def get(name):
    with open(os.path.join(ROOT, name), 'rb') as f:
        return f.read()


def report(rid):                       # 3 records, 17 messages, 15 pass
    return get('xml/plain-7489.xml').replace(b'>plain-7489<', b'>%s<' % rid.encode())


def report9990(rid):                   # 2 records, 16 messages, 12 pass
    return get('xml/plain-9990.xml').replace(b'>plain-9990@receiver.example<', b'>%s<' % rid.encode())


# ---------------------------------------------------------------------------------------------- containers

def deflate(data):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return z.compress(data) + z.flush()


def gz(data, name=None, extra=None, comment=None, hcrc=False, crc=None, length=None, body=None):
    flags = (4 if extra else 0) | (8 if name else 0) | (16 if comment else 0) | (2 if hcrc else 0)
    head = b'\x1f\x8b\x08' + bytes([flags]) + b'\0\0\0\0\x02\x03'
    if extra:
        head += struct.pack('<H', len(extra)) + extra
    if name:
        head += name.encode() + b'\0'
    if comment:
        head += comment.encode() + b'\0'
    if hcrc:
        head += struct.pack('<H', zlib.crc32(head) & 0xffff)
    return head + (deflate(data) if body is None else body) + struct.pack(
        '<II', zlib.crc32(data) if crc is None else crc, (len(data) if length is None else length) & 0xffffffff)


class Crypt:                           # the old zip cipher, with a fixed header instead of a random one
    def __init__(self, password):
        self.k = [0x12345678, 0x23456789, 0x34567890]
        for c in password:
            self.step(c)

    @staticmethod
    def crc(key, c):
        return (zlib.crc32(bytes([c]), key ^ 0xffffffff) ^ 0xffffffff) & 0xffffffff

    def step(self, c):
        k = self.k
        k[0] = self.crc(k[0], c)
        k[1] = ((k[1] + (k[0] & 0xff)) * 134775813 + 1) & 0xffffffff
        k[2] = self.crc(k[2], k[1] >> 24)

    def encrypt(self, data):
        out = bytearray()
        for c in data:
            t = self.k[2] | 2
            out.append(c ^ ((t * (t ^ 1) >> 8) & 0xff))
            self.step(c)
        return bytes(out)


def zipped(members, directory=True):
    """members: (name, data, options); options: stored, descriptor, password, crc, size"""
    out, central = b'', b''
    for name, data, *rest in members:
        o = rest[0] if rest else {}
        name = name.encode()
        method = 0 if o.get('stored') or name.endswith(b'/') else 8
        body = deflate(data) if method else data
        crc = o.get('crc', zlib.crc32(data))
        size = o.get('size', len(data))
        flags = 0
        if 'password' in o:
            flags |= 1
            c = Crypt(o['password'])
            body = c.encrypt(b'elevenbytes' + bytes([crc >> 24])) + c.encrypt(body)
        if o.get('descriptor'):
            flags |= 8
        when = (struct.pack('<HH', 12 << 11, (2026 - 1980) << 9 | 11 << 5 | 2))
        sizes = struct.pack('<III', crc, len(body), size)
        common = struct.pack('<HHH', 20, flags, method) + when
        offset = len(out)
        out += b'PK\3\4' + common + (b'\0' * 12 if flags & 8 else sizes) + struct.pack('<HH', len(name), 0) + name + body
        if flags & 8:
            out += b'PK\7\x08' + sizes
        central += (b'PK\1\2' + struct.pack('<H', 0x0314) + common + sizes + struct.pack('<HHHHHII',
                    len(name), 0, 0, 0, 0, (0o40755 if name.endswith(b'/') else 0o100644) << 16, offset) + name)
    if not directory:
        return out
    return out + central + b'PK\5\6' + struct.pack('<HHHHIIH', 0, 0, len(members), len(members), len(central), len(out), 0)


def tarred(members):
    f = io.BytesIO()
    with tarfile.open(fileobj=f, mode='w', format=tarfile.USTAR_FORMAT) as t:
        for name, data in members:
            i = tarfile.TarInfo(name)
            i.mtime, i.mode = NOV1, 0o644
            if isinstance(data, str):
                i.type, i.linkname = tarfile.SYMTYPE, data
                t.addfile(i)
            else:
                i.size = len(data)
                t.addfile(i, io.BytesIO(data))
    return f.getvalue()


def command(argv, name, data, result):
    with tempfile.TemporaryDirectory() as d:
        with open(os.path.join(d, name), 'wb') as f:
            f.write(data)
        os.utime(os.path.join(d, name), (NOV1, NOV1))
        try:
            subprocess.run(argv, cwd=d, check=True, stdout=subprocess.DEVNULL)
        except FileNotFoundError:
            return None
        with open(os.path.join(d, result), 'rb') as f:
            return f.read()


# --------------------------------------------------------------------------------- XML that is bytes, not text

def encodings():
    def japanese(rid, encoding=None, python=None, bom=b''):
        t = get('xml/plain-japanese.xml').decode().replace('>plain-japanese<', '>%s<' % rid)
        if encoding:
            t = t.replace('encoding="UTF-8"', 'encoding="%s"' % encoding)
        put('xml/%s.xml' % rid, bom + t.encode(python or encoding or 'utf-8'))

    japanese('enc-utf-8-bom', bom=b'\xef\xbb\xbf')
    japanese('enc-utf-16le-bom', 'UTF-16', 'utf-16-le', b'\xff\xfe')
    japanese('enc-iso-2022-jp', 'ISO-2022-JP')
    japanese('enc-shift_jis', 'Shift_JIS')
    japanese('enc-euc-jp', 'EUC-JP')
    put('xml/enc-windows-1252.xml', report('enc-windows-1252').decode().replace('UTF-8', 'windows-1252').replace(
        '<org_name>receiver.example<', '<org_name>R\u00e9ception \u20ac \u201cexample\u201d<').encode('cp1252'))
    put('xml/layout-crlf.xml', report('layout-crlf').replace(b'\n', b'\r\n'))
    put('xml/layout-one-line.xml', b''.join(l.strip() for l in report('layout-one-line').splitlines()))

    # 120 signatures in one record
    r = report('dkim-120')
    one = r[r.index(b'      <dkim>\n        <domain>'):r.index(b'      <spf>\n        <domain>')]
    many = b''.join(one.replace(b'>s1<', b'>s%d<' % i).replace(b'>example.jp<', b'>d%d.example<' % i if i else b'>example.jp<')
                    for i in range(120))
    put('xml/dkim-120.xml', r.replace(one, many, 1))

    h = 'xml/hostile/%s.xml'
    comment = b'<spf>fail</spf>\n        <reason>\n          <type>other</type>\n          <comment>%s</comment>\n        </reason>'
    for rid, text in (('bel-in-comment', b'arc-20240605^\x07as[2].d=x'), ('latin1-in-utf-8', b'r\xe9exp\xe9di\xe9'),
                      ('nul-byte', b'a\0b')):
        put(h % rid, report(rid).replace(b'<spf>fail</spf>', comment % text, 1))
    put(h % 'depth-64', report('depth-64').replace(
        b'</feedback>', b'<x>' * 63 + b'deep' + b'</x>' * 63 + b'\n</feedback>'))


# ------------------------------------------------------------------------------------------------- attach/

def attachments():
    a = 'attach/'
    put(a + 'gzip-fname.xml.gz', gz(report('gzip-fname'), 'receiver.example!example.jp!1793491200!1793577599.xml'))
    put(a + 'gzip-no-fname.xml.gz', gz(report('gzip-no-fname')))
    put(a + 'gzip-all-header-fields.xml.gz', gz(report('gzip-all-header-fields'), 'report.xml', b'AB\x02\0xy', 'a comment', True))
    r = report('gzip-multi-member')
    put(a + 'gzip-multi-member.xml.gz', gz(r[:700]) + gz(r[700:1500], 'part2') + gz(r[1500:]))
    put(a + 'gzip-trailing-crlf.xml.gz', gz(report('gzip-trailing-crlf')) + b'\r\n')
    put(a + 'gzip-in-gzip.xml.gz.gz', gz(gz(report('gzip-in-gzip'), 'report.xml'), 'report.xml.gz'))

    put(a + 'zip-deflated.zip', zipped([('receiver.example!example.jp!1793491200!1793577599.xml', report('zip-deflated'))]))
    put(a + 'zip-stored-txt.zip', zipped([('report.txt', report('zip-stored-txt'), {'stored': True})]))
    put(a + 'zip-data-descriptor.zip', zipped([('report.xml', report('zip-data-descriptor'), {'descriptor': True})]))
    put(a + 'zip-no-member-name.zip', zipped([('', report('zip-no-member-name'))]))
    put(a + 'zip-directories.zip', zipped([('a/', b''), ('a/b/', b''), ('a/b/report.xml', report('zip-directories'))]))
    junk = b'\0\5\x16\7\0\2\0\0Mac OS X        ' + b'\0' * 58
    put(a + 'zip-macosx.zip', zipped([('report.xml', report('zip-macosx')), ('__MACOSX/', b''), ('__MACOSX/._report.xml', junk),
                                      ('.DS_Store', b'\0\0\0\1Bud1' + b'\0' * 24)]))
    put(a + 'zip-several.zip', zipped([('1.xml', report('zip-several-1')), ('2.xml', report9990('zip-several-2')),
                                       ('3.xml', report('zip-several-3'), {'stored': True})]))
    put(a + 'zip-good-and-broken.zip', zipped([('good.xml', report('zip-good-and-broken')), ('readme.txt', b'two reports\n'),
                                               ('broken.xml', get('xml/hostile/no-policy-domain.xml'))]))
    put(a + 'zip-gzip-inside.zip', zipped([('report.xml.gz', gz(report('zip-gzip-inside'), 'report.xml'), {'stored': True})]))
    put(a + 'zip-eml-inside.zip', zipped([('report.eml', report_mail('zip-eml-inside', report('zip-eml-inside')))]))
    put(a + 'zip-path-traversal.zip', zipped([('../../../../tmp/evil.xml', report('zip-path-traversal-1')),
                                              ('/etc/cron.d/evil', report9990('zip-path-traversal-2'))]))
    put(a + 'zip-no-directory.zip', zipped([('report.xml', report('zip-no-directory'))], directory=False))
    put(a + 'misnamed-gzip.zip', gz(report('misnamed-gzip')))
    put(a + 'misnamed-zip.xml.gz', zipped([('report.xml', report('misnamed-zip'))]))
    put(a + 'no-suffix', zipped([('report', report('no-suffix'))]))
    put(a + 'xz.xml.xz', lzma.compress(report('xz'), preset=6))
    put(a + 'bzip2.xml.bz2', bz2.compress(report('bzip2'), 9))
    tar = tarred([('reports/report.xml', report('tar')), ('reports/readme.txt', b'one report\n')])
    put(a + 'tar.tar', tar)
    put(a + 'tar-gzip.tar.gz', gz(tarred([('1.xml', report('tar-gzip-1')), ('2.xml', report9990('tar-gzip-2'))]), 'tar-gzip.tar'))
    for name, argv, rid, result in (
            ('zstd.xml.zst', ['zstd', '-q', '-19', 'report.xml', '-o', 'report.zst'], 'zstd', 'report.zst'),
            ('7z.7z', ['7z', 'a', '-bd', '-mx=5', '-mmt=1', '-mtm=off', '-mtc=off', '-mta=off', 'report.7z', 'report.xml'], '7z', 'report.7z')):
        data = command(argv, 'report.xml', report(rid), result)
        if data is None:
            print('mkfixtures: %s not found, attach/%s left as it is' % (argv[0], name), file=sys.stderr)
        else:
            put(a + name, data)
    put('xml/pair-duplicate-2.xml.gz', gz(get('xml/pair-duplicate-1.xml'), 'pair-duplicate.xml'))

    h = a + 'hostile/'
    r = report('gzip')
    z = gz(r, 'report.xml')
    put(h + 'gzip-truncated.xml.gz', z[:len(z) * 2 // 3])
    put(h + 'gzip-bad-crc.xml.gz', gz(r, crc=zlib.crc32(r) ^ 1))
    put(h + 'gzip-bad-length.xml.gz', gz(r, length=len(r) + 1))
    put(h + 'gzip-garbage-body.xml.gz', gz(r, body=bytes((i * 37 + 11) & 0xff for i in range(200))))
    put(h + 'gzip-unused.gz', gz(b'unused'))
    put(h + 'gzip-three-levels.xml.gz.gz.gz', gz(gz(gz(report('gzip-three-levels')))))
    put(h + 'gzip-five-levels.gz', gz(gz(gz(gz(gz(report('gzip-five-levels')))))))
    put(h + 'bomb-50mb.xml.gz', gz(b' ' * 50000000))
    put(h + 'zip-encrypted.zip', zipped([('report.xml', report('zip-encrypted'), {'password': b'secret'})]))
    z = zipped([('report.xml', report('zip-truncated'))])
    put(h + 'zip-truncated.zip', z[:len(z) // 2])
    r = report('zip-bad-crc')
    put(h + 'zip-bad-crc.zip', zipped([('report.xml', r, {'crc': zlib.crc32(r) ^ 1})]))
    put(h + 'zip-size-lie.zip', zipped([('report.xml', report('zip-size-lie'), {'size': 10})]))
    put(h + 'zip-empty.zip', zipped([]))
    put(h + 'zip-300-members.zip', zipped([('%d.txt' % i, b'x', {'stored': True}) for i in range(300)]))
    z = b'\0' * 1000000
    for level in range(4):
        z = zipped([('%d%s' % (i, '.zip' if level else '.xml'), z) for i in range(8)])
    put(h + 'zip-nested-bomb.zip', z)
    put(h + 'tar-symlink.tar', tarred([('report.xml', '/etc/passwd')]))
    z = get(a + '7z.7z')
    put(h + '7z-truncated.7z', z[:len(z) // 2])


# --------------------------------------------------------------------------------------------------- mails

def b64(data, width=76):
    t = base64.b64encode(data).decode()
    return '\n'.join(t[i:i + width] for i in range(0, len(t), width)) + '\n'


NAME = 'receiver.example!example.jp!1793491200!1793577599'


def head(rid, ctype, extra=''):
    return ('Return-Path: <dmarc-reports@receiver.example>\n'
            'Received: from mx.receiver.example (mx.receiver.example [192.0.2.200])\n'
            '\tby mx.example.jp with ESMTPS; Mon, 2 Nov 2026 03:00:02 +0000\n'
            'From: dmarc-reports@receiver.example\n'
            'To: dmarc@example.jp\n'
            'Date: Mon, 2 Nov 2026 03:00:00 +0000\n'
            'Message-ID: <%s@receiver.example>\n'
            'Subject: Report Domain: example.jp Submitter: receiver.example Report-ID: <%s>\n'
            '%sMIME-Version: 1.0\n'
            '%s\n') % (rid, rid, extra, ctype)


def part(headers, body, boundary='=_b'):
    return '--%s\n%s\n\n%s' % (boundary, headers, body)


TEXT = 'Content-Type: text/plain; charset=us-ascii'
GZIP = ('Content-Type: application/gzip; name="%s.xml.gz"\nContent-Transfer-Encoding: base64\n'
        'Content-Disposition: attachment; filename="%s.xml.gz"') % (NAME, NAME)
MIXED = 'Content-Type: multipart/mixed; boundary="=_b"\n'


def mixed(rid, *parts, ctype=MIXED, extra='', end=True, boundary='=_b'):
    t = head(rid, ctype, extra) + 'This is a multi-part message in MIME format.\n'
    for headers, body in parts:
        t += part(headers, body, boundary)
    return (t + ('--%s--\n' % boundary if end else '')).encode('utf-8', 'surrogateescape')


def report_mail(rid, xml):
    return mixed(rid, (TEXT, 'This is an aggregate report.\n'), (GZIP, b64(gz(xml))))


# What is met in mailboxes and archives beside reports as they should be: see VIOLATIONS.md.
def der(tag, *contents):
    c = b''.join(contents)
    n = len(c)
    size = bytes([n]) if n < 128 else bytes([0x82]) + struct.pack('>H', n)
    return bytes([tag]) + size + c


def cms(oid, content):                 # opaque signed-data without a signer; in pieces, lengths not given
    pieces = b''.join(der(4, content[i:i + 500]) for i in range(0, len(content), 500))
    return (b'\x30\x80' + der(6, oid) + b'\xa0\x80\x30\x80' + der(2, b'\1') + der(0x31) + b'\x30\x80'
            + der(6, bytes.fromhex('2a864886f70d010701')) + b'\xa0\x80\x24\x80' + pieces
            + b'\0\0' * 3 + der(0x31) + b'\0\0' * 3)


def tnef(*attachments):
    def attribute(level, number, data):
        return struct.pack('<BII', level, number, len(data)) + data + struct.pack('<H', sum(data) & 0xffff)
    out = struct.pack('<IH', 0x223e9f78, 1) + attribute(1, 0x89006, struct.pack('<I', 0x10000))
    for name, data in attachments:
        out += attribute(2, 0x69002, b'\1\0' + b'\xff' * 12) + attribute(2, 0x18010, name.encode() + b'\0') + attribute(2, 0x6800f, data)
    return out


def uuencoded(name, data):
    import binascii
    lines = [binascii.b2a_uu(data[i:i + 45]).decode().rstrip(' \n') + '\n' for i in range(0, len(data), 45)]
    return 'begin 644 %s\n%s`\nend\n' % (name, ''.join(lines))


def lz4(data):                         # a frame of stored blocks; its header check sum is xxh32's second byte
    return b'\x04\x22\x4d\x18\x60\x40\x82' + b''.join(
        struct.pack('<I', len(c) | 0x80000000) + c for c in [data[i:i + 60000] for i in range(0, len(data), 60000)]) + b'\0\0\0\0'


def dovecot_lz4(data):                 # its frame, with a block of literals for each piece
    def block(c):
        n, length = len(c) - 15, b''
        while n >= 255:
            n, length = n - 255, length + b'\xff'
        return b'\xf0' + length + bytes([n]) + c
    blocks = [block(data[i:i + 1000]) for i in range(0, len(data) - 100, 1000)]
    rest = data[len(blocks) * 1000:]
    if rest:
        blocks.append(block(rest))
    return b'Dovecot-LZ4\r*\x9b\xc5' + struct.pack('>I', 65536) + b''.join(struct.pack('>I', len(b)) + b for b in blocks)


def kinds():
    a, m = 'attach/', 'mail/'
    text = (TEXT, 'This is an aggregate report.\n')
    name = '%s.xml' % NAME

    # compressions, archives
    put(a + 'lz4.xml.lz4', lz4(report('lz4')))
    put(a + 'lzma.xml.lzma', lzma.compress(report('lzma'), format=lzma.FORMAT_ALONE))
    put(a + 'zlib.xml.z', zlib.compress(report('zlib')))
    put(a + 'tar-gz-of-zips.tar.gz', gz(tarred([('a.zip', zipped([(name, report('tar-gz-zip-1'))])),
                                               ('b.zip', zipped([(name, report('tar-gz-zip-2'))]))])))
    put(a + 'tar-xz-of-maildir.tar.xz', lzma.compress(tarred([('Maildir/cur/1.M1.mx:2,S', gz(report_mail('tar-xz-mail', report('tar-xz-mail'))))])))
    v7 = bytearray(tarred([('r.xml', report('tar-v7'))]))
    v7[257:265] = b'\0' * 8
    v7[148:156] = b' ' * 8
    v7[148:156] = b'%06o\0 ' % sum(v7[:512])
    put(a + 'tar-v7.tar', bytes(v7))
    put(a + 'zip-behind-text.zip', b'\x01program\x02' + zipped([(name, report('zip-behind-text'))]))
    put(a + 'zip-spanned.zip', b'PK00' + zipped([(name, report('zip-spanned'))]))
    z = zipped([(name, report('zip-slash'))])
    put(a + 'zip-slash.zip', z.replace(name.encode(), name[:-1].encode() + b'/'))
    put(a + 'hostile/rar.rar', b'Rar!\x1a\7\1\0' + bytes(64))
    put(a + 'hostile/unknown.bin', bytes(range(200, 256)) + bytes(range(1, 32)))

    # what must not be forgotten
    put(a + 'zip-padded.zip', zipped([(name, b'\n' * 1500 + report('zip-padded'))]))
    put(a + 'gzip-padded.xml.gz', gz(b' ' * 70000 + report('gzip-padded')))
    put(a + 'zip-twice.zip', zipped([('1.xml', report('zip-twice-1'))]) + zipped([('2.xml', report('zip-twice-2'))]))
    put(a + 'dovecot.lz4', dovecot_lz4(report_mail('dovecot-lz4', report('dovecot-lz4'))))
    plain = b'From: a@example.jp\nSubject: hello\n\nhello\n'
    unknown = bytes(range(200, 256)) + bytes(range(1, 32))
    put(a + 'hostile/tar-unknown-first.tar', tarred([('a.bin', unknown), ('b.eml', plain)]))
    put(a + 'hostile/tar-unknown-last.tar', tarred([('a.eml', plain), ('b.bin', unknown)]))
    put(a + 'tar-report-and-unknown.tar', tarred([('a.bin', unknown), ('b.xml', report('tar-report-and-unknown'))]))
    put(a + 'hostile/zip-named-empty.zip', zipped([(name, b'')]))
    inside = report_mail('zip-mbox-lost', report('zip-mbox-lost'))
    line = b'From a@example.jp Mon Nov  2 03:00:00 2026\n'
    put(a + 'zip-mbox-lost.zip', zipped([('m.mbox', line + inside + b'\n' + line + b'\n' + inside)]))
    lines = b''.join(b'<br />\n<b>Warning</b>: date() in <b>r.php</b> on line <b>%d</b><br />\n' % i for i in range(1, 41))
    put('xml/warnings-first.xml', lines + report('warnings-first'))
    put(a + 'zip-warnings-first.zip', zipped([(name, lines + report('zip-warnings-first'))]))
    put('mail/gzip-empty.eml', mixed('gzip-empty', text, ('Content-Type: application/gzip; name="report.xml.gz"', b64(gz(b'')))).replace(
        b'Report Domain: example.jp Submitter: receiver.example Report-ID: <gzip-empty>', b'hello'))

    # XML with something before it or behind it
    x = 'xml/'
    put(x + 'bom-twice.xml', b'\xef\xbb\xbf' * 2 + report('bom-twice'))
    put(x + 'php-warning-first.xml', b'<br />\n<b>Warning</b>: date() in <b>r.php</b> on line <b>3</b><br />\n' + report('php-warning-first'))
    put(x + 'footer-behind.xml', report('footer-behind') + b'\n--\nThis file was <b>scanned</b> & found clean.\n')
    put(x + 'nuls-behind.xml', report('nuls-behind') + b'\0' * 40 + b'\x1a')
    put(x + 'end-twice.xml', report('end-twice') + b'</feedback>')
    put(x + 'hostile/report-behind.xml', report('report-behind') + b'--\n' + report('report-behind-2').split(b'?>', 1)[1])

    # mails that are wrapped, broken or have something before them
    def simple(rid, headers, body, **kw):
        put(m + rid + '.eml', mixed(rid, text, (headers, body), **kw))
    signed = b'Content-Type: application/gzip\nContent-Transfer-Encoding: base64\n\n' + b64(gz(report('smime-signed'))).encode()
    put(m + 'smime-signed.eml', (head('smime-signed', 'Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n'
        'Content-Transfer-Encoding: base64\n') + b64(cms(bytes.fromhex('2a864886f70d010702'), signed))).encode())
    put(m + 'hostile/smime-encrypted.eml', (head('smime-encrypted', 'Content-Type: application/pkcs7-mime; name=smime.p7m\n'
        'Content-Transfer-Encoding: base64\n') + b64(cms(bytes.fromhex('2a864886f70d010703'), b'secret' * 20))).encode())
    put(m + 'hostile/pgp-encrypted.eml', (head('pgp-encrypted', TEXT + '\n') +
        '-----BEGIN PGP MESSAGE-----\n\nhQEMA0000000\n=abcd\n-----END PGP MESSAGE-----\n').encode())
    simple('winmail', 'Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64',
           b64(tnef(('note.txt', b'hello'), ('r.xml.gz', gz(report('winmail'))))))
    put(m + 'uuencoded.eml', (head('uuencoded', TEXT + '\n') + 'Here it is.\n\n' + uuencoded('r.xml.gz', gz(report('uuencoded')))).encode())
    simple('base64-pieces', GZIP, b64(gz(report('base64-pieces'))[:100]) + b64(gz(report('base64-pieces'))[100:]).rstrip('=\n') + '\n')
    put(m + 'boundary-glued.eml', mixed('boundary-glued', text, (GZIP, b64(gz(report('boundary-glued'))))).replace(
        b'format.\n--=_b', b'format.--=_b', 1))
    put(m + 'boundary-unnamed.eml', mixed('boundary-unnamed', text, (GZIP, b64(gz(report('boundary-unnamed')))),
                                          ctype='Content-Type: multipart/mixed, boundary="=_b"\n'))
    put(m + 'hostile/boundary-other.eml', mixed('boundary-other', text, (GZIP, b64(gz(report('boundary-other')))),
                                                ctype='Content-Type: multipart/mixed; boundary="=_B"\n'))
    put(m + 'header-cut.eml', report_mail('header-cut', report('header-cut')).replace(b'\nSubject:', b'\n\nSubject:', 1))
    put(m + 'pop3-answer-first.eml', b'+OK 1234 octets\n' + report_mail('pop3-answer-first', report('pop3-answer-first')))
    put(m + 'binary-first.eml', bytes(range(1, 9)) + b'\0' * 8 + report_mail('binary-first', report('binary-first')))
    mail = report_mail('apple', report('apple'))
    put(m + 'apple.emlx', b'%-10d\n' % len(mail) + mail + b'<?xml version="1.0"?>\n<!DOCTYPE plist>\n<plist version="1.0"><dict/></plist>\n')
    put(m + 'cr-only.eml', report_mail('cr-only', report('cr-only')).replace(b'\n', b'\r'))

    # a report was meant, and there is none
    simple('hostile/empty-attachment', GZIP, '\n')
    simple('hostile/attachment-removed', TEXT + '; name="%s.xml.gz"' % NAME, 'This attachment was removed.\n')
    simple('hostile/partial', GZIP + '\nX-Apple-Content-Length: 4000', '\n')

    # our own report came back
    own = report_mail('came-back', report('came-back')).decode().replace('=_b', '=_own')
    def bounce(rid, *parts, ctype=MIXED, first='Return-Path: <>\n'):
        t = first + 'From: MAILER-DAEMON@mx.example.jp\nTo: dmarc-reports@receiver.example\nSubject: Undelivered Mail\n' + ctype + '\n'
        put(m + 'hostile/' + rid + '.eml', (t + ''.join(part(h, b) for h, b in (text,) + parts) + '--=_b--\n').encode())
    status = ('Content-Type: message/delivery-status', 'Reporting-MTA: dns; mx.example.jp\n\nAction: failed\n')
    bounce('bounce-no-report-type', status, ('Content-Type: message/rfc822', own), ctype=MIXED.replace('mixed', 'report'), first='')
    bounce('bounce-octets', status, ('Content-Type: application/octet-stream; name=original.eml', own), first='')
    bounce('bounce-attachment', (GZIP, b64(gz(report('came-back')))))
    bounce('bounce-auto', ('Content-Type: message/rfc822', own), first='Auto-Submitted: auto-generated\n')
    inner = get(m + 'hostile/bounce-octets.eml').decode().replace('=_b', '=_in')
    put(m + 'hostile/bounce-forwarded.eml', mixed('bounce-forwarded', text, ('Content-Type: message/rfc822', inner)).replace(
        b'Report Domain: example.jp Submitter: receiver.example Report-ID: <bounce-forwarded>', b'FW: what is this?'))

    # mboxes, each of two mails
    def of(rid):
        return [report_mail('%s-%d' % (rid, i), report('%s-%d' % (rid, i))) for i in (1, 2)]
    for rid, first, second, eol in (
            ('mbox-bare', b'From \n', b'From \n', b'\r\n'), ('mbox-no-date', b'From - \n', b'\nFrom a@example.jp 2026-11-02\n', b'\n'),
            ('mbox-dated', b'\xef\xbb\xbf\nFrom - Mon Nov 02 03:00:00 2026\n', b'From - Mon Nov 02 03:00:00 2026\n', b'\n'),
            ('mbox-cr', b'From a@example.jp Mon Nov  2 03:00:00 2026\n', b'From a@example.jp Mon Nov  2 03:00:00 2026\n', b'\r'),
            ('mbox-mmdf', b'\1\1\1\1\n', b'\1\1\1\1\n\1\1\1\1\n', b'\n')):
        x1, x2 = of(rid)
        put(m + rid + '.mbox', (first + x1 + second + x2).replace(b'\n', eol))
    x1, x2 = of('mbox-text')
    put(m + 'mbox-text.mbox', b'From a@example.jp Mon Nov  2 03:00:00 2026\n'
        + x1.replace(b'report.\n', b'report.\n\nFrom nobody Mon Nov  2 01:02:03 2026 we send them.\n', 1) + b'\nFrom a@example.jp Mon Nov  2 03:00:00 2026\n' + x2)


def mails():
    m = 'mail/'
    text = (TEXT, 'This is an aggregate report.\n')

    def simple(name, headers, body=None, **kw):
        put(m + name + '.eml', mixed(name, text, (headers, b64(gz(report(name))) if body is None else body), **kw))

    put(m + 'bare-lf.eml', report_mail('bare-lf', report('bare-lf')))
    put(m + 'crlf.eml', report_mail('crlf', report('crlf')).replace(b'\n', b'\r\n'))
    simple('rfc2231-split-name',
           "Content-Type: application/gzip;\n name*0=\"receiver.example!a-very-long-name.example.jp!17934\";\n"
           " name*1=\"91200!1793577599.xm\";\n name*2=\"l.gz\"\nContent-Transfer-Encoding: base64\n"
           "Content-Disposition: attachment;\n filename*0*=UTF-8''receiver.example%21a-very-long-name.example.jp;\n"
           " filename*1*=%211793491200%211793577599;\n filename*2=\".xml.gz\"")
    simple('rfc2047-name',
           'Content-Type: application/octet-stream;\n name="=?UTF-8?B?44Os44Od44O844OI?= =?UTF-8?Q?.xml.gz?="\n'
           'Content-Transfer-Encoding: base64\nContent-Disposition: attachment;\n filename="=?ISO-2022-JP?B?GyRCJWwlXSE8JUgbKEI=?= =?ISO-2022-JP?Q?=2Exml=2Egz?="')
    simple('no-end-boundary', GZIP, end=False)
    simple('folded-cte', GZIP.replace('Content-Transfer-Encoding: base64', 'Content-Transfer-Encoding:\n base64'))
    simple('misspelt-content-type', GZIP.replace('Content-Type:', 'ContentType:'))
    simple('base64-no-cte', GZIP.replace('Content-Transfer-Encoding: base64\n', ''))
    simple('header-without-colon', 'this line has no colon\n' + GZIP, extra='X-Gateway scanned\n')
    simple('eight-bit-headers', GZIP, extra='X-Organisation: 受信例\nX-Latin1: r\udce9ception\n')
    simple('quoted-printable', 'Content-Type: text/xml; charset=UTF-8; name="%s.xml"\nContent-Transfer-Encoding: quoted-printable\n'
           'Content-Disposition: attachment; filename="%s.xml"' % (NAME, NAME),
           quopri.encodestring(report('quoted-printable')).decode())
    put(m + 'plain-xml.eml', (head('plain-xml', 'Content-Type: text/xml; charset=UTF-8\n')).encode() + report('plain-xml'))
    z = gz(report('binary-part'))
    put(m + 'binary-part.eml', mixed('binary-part', text, ('Content-Type: application/gzip\nContent-Transfer-Encoding: binary',
        '@@\n')).replace(b'\n', b'\r\n').replace(b'@@', z))
    put(m + 'from-line.eml', b'From dmarc-reports@receiver.example Mon Nov  2 03:00:02 2026\n' + report_mail('from-line', report('from-line')))
    inner = report_mail('rfc822', report('rfc822')).decode().replace('=_b', '=_inner')
    put(m + 'rfc822.eml', mixed('rfc822-outer', text, ('Content-Type: message/rfc822\nContent-Disposition: attachment', inner)))
    inner = report_mail('rfc822-base64', report('rfc822-base64')).replace(b'=_b', b'=_inner')
    put(m + 'rfc822-base64.eml', mixed('rfc822-base64-outer', text,
        ('Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="report.eml"', b64(inner))))
    put(m + 'two-reports.eml', mixed('two-reports', text, (GZIP, b64(gz(report('two-reports-1')))),
        ('Content-Type: application/zip\nContent-Transfer-Encoding: base64', b64(zipped([('r.xml', report9990('two-reports-2'))])))))
    put(m + 'good-and-broken.eml', mixed('good-and-broken', text, (GZIP, b64(gz(get('xml/hostile/doctype-bare.xml')))),
        (GZIP, b64(gz(report('good-and-broken'))))))
    signed = (part('Content-Type: multipart/mixed; boundary="=_inner"', part(*text, '=_inner') +
              part(GZIP, b64(gz(report('signed'))), '=_inner') + '--=_inner--\n', '=_b') +
              part('Content-Type: application/pkcs7-signature; name="smime.p7s"\nContent-Transfer-Encoding: base64', b64(b'0\x80not a signature'), '=_b') + '--=_b--\n')
    put(m + 'signed.eml', (head('signed', 'Content-Type: multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="=_b"\n') + signed).encode())
    put(m + 'nested-8.eml', nested('nested-8', 8, b64(gz(report('nested-8')))))

    def crowd(n, body, env='dmarc-reports@receiver.example'):
        return ('From %s Mon Nov  2 03:0%d:00 2026\n' % (env, n)).encode() + body + b'\n'
    second = mixed('mbox-2', (TEXT, 'This text has a line that begins with From:\n\n>From the reporter\n>>From twice quoted\n'),
                   (GZIP, b64(gz(report9990('mbox-2')))))
    put(m + 'three.mbox', crowd(1, report_mail('mbox-1', report('mbox-1'))) + crowd(2, second, 'MAILER-DAEMON') +
        crowd(3, head('mbox-3', 'Content-Type: application/zip\nContent-Transfer-Encoding: base64\n').encode() +
              b64(zipped([('r.xml', report('mbox-3'))])).encode()))

    for box, name in (('cur', '1793588401.M1P100.mx.example.jp:2,S'), ('cur', '1793588402.M2P100.mx.example.jp:2,ST'),
                      ('cur', '1793588403.M3P100.mx.example.jp:2,'), ('new', '1793588404.M4P100.mx.example.jp')):
        rid = 'maildir-' + name.split('.')[1][1]
        put('maildir/%s/%s' % (box, name), report_mail(rid, report(rid)))
    put('maildir/tmp/.gitkeep', b'')

    h = m + 'hostile/'
    put(h + 'boundary-quote.eml', (head('boundary-quote', 'Content-Type: multipart/mixed; boundary="\\""\n') + '--"\nContent-Type: text/plain\n\nx\n--"--\n').encode())
    put(h + 'boundary-missing.eml', (head('boundary-missing', 'Content-Type: multipart/mixed\n') + part(GZIP, b64(gz(report('boundary-missing')))) + '--=_b--\n').encode())
    put(h + 'nested-200.eml', nested('nested-200', 200, b64(gz(report('nested-200')))))
    put(h + 'parts-300.eml', mixed('parts-300', *([(TEXT, 'x\n')] * 299 + [(GZIP, b64(gz(report('parts-300'))))])))
    put(h + 'header-long.eml', report_mail('header-long', report('header-long')).replace(
        b'MIME-Version', b'X-Long: ' + b'0123456789' * 3000 + b'\nX-Folded:' + b'\n 0123456789' * 1000 + b'\nMIME-Version', 1))
    put(h + 'external-body.eml', mixed('external-body', text,
        ('Content-Type: message/external-body; access-type=URL; URL="http://attacker.example/report.xml.gz"', 'Content-Type: application/gzip\nContent-ID: <1@attacker.example>\n\n')))
    put(h + 'plain.eml', (head('plain', TEXT + '\n').replace('Report Domain: example.jp Submitter: receiver.example Report-ID: <plain>', 'Question about your mail') +
        'Dear postmaster,\n\nwe did not get your mail.\n').encode())
    put(h + 'no-body.eml', head('no-body', MIXED).encode())
    put(h + 'headers-only.eml', head('headers-only', TEXT).encode().rstrip(b'\n'))
    put(h + 'empty.eml', b'')
    tls = get('xml/hostile/tls-report.json')
    put(h + 'tls-report.eml', mixed('tls-report', (TEXT, 'This is an aggregate TLS report from receiver.example\n'),
        ('Content-Type: application/tlsrpt+gzip; name="%s!1.json.gz"\nContent-Transfer-Encoding: base64\n'
         'Content-Disposition: attachment; filename="%s!1.json.gz"' % (NAME, NAME), b64(gz(tls))),
        ctype='Content-Type: multipart/report; report-type="tlsrpt"; boundary="=_b"\n',
        extra='TLS-Report-Domain: example.jp\nTLS-Report-Submitter: receiver.example\n')
        .replace(b'Subject: Report Domain', b'Subject: TLS Report Domain'))
    original = ('Received: from unknown (unknown [203.0.113.9])\n\tby mx.receiver.example; Mon, 2 Nov 2026 02:59:00 +0000\n'
                'From: info@example.jp\nTo: reader@receiver.example\nDate: Mon, 2 Nov 2026 02:58:00 +0000\n'
                'Message-ID: <1@attacker.example>\nSubject: invoice\n\n')
    put(h + 'failure-report.eml', mixed('failure-report', (TEXT, 'This is an authentication failure report.\n'),
        ('Content-Type: message/feedback-report',
         'Feedback-Type: auth-failure\nUser-Agent: report-writer/4.2\nVersion: 1\nAuth-Failure: dmarc\n'
         'Authentication-Results: mx.receiver.example; dmarc=fail header.from=example.jp\nSource-IP: 203.0.113.9\n'
         'Identity-Alignment: none\nDelivery-Result: delivered\nReported-Domain: example.jp\n\n'),
        ('Content-Type: text/rfc822-headers', original),
        ctype='Content-Type: multipart/report; report-type=feedback-report; boundary="=_b"\n')
        .replace(b'Subject: Report Domain: example.jp Submitter: receiver.example Report-ID: <failure-report>', b'Subject: FW: invoice'))
    put(h + 'bounce.eml', mixed('bounce', (TEXT, 'Your message could not be delivered.\n'),
        ('Content-Type: message/delivery-status',
         'Reporting-MTA: dns; mx.receiver.example\n\nFinal-Recipient: rfc822; nobody@receiver.example\nAction: failed\nStatus: 5.1.1\n'
         'Diagnostic-Code: smtp; 550 5.1.1 user unknown\n\n'),
        ('Content-Type: message/rfc822', original + 'text\n'),
        ctype='Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n')
        .replace(b'Return-Path: <dmarc-reports@receiver.example>', b'Return-Path: <>')
        .replace(b'Subject: Report Domain: example.jp Submitter: receiver.example Report-ID: <bounce>', b'Subject: Undelivered Mail Returned to Sender'))


def nested(rid, depth, body):
    t = head(rid, 'Content-Type: multipart/mixed; boundary="=_1"\n')
    for i in range(1, depth):
        t += '--=_%d\nContent-Type: multipart/mixed; boundary="=_%d"\n\n' % (i, i + 1)
    t += part(GZIP, body, '=_%d' % depth)
    return (t + ''.join('--=_%d--\n' % i for i in range(depth, 0, -1))).encode()


# ---------------------------------------------------------------------------------------------------- demo/
#
# Two domains, twenty reports. A sender is a set of identifiers and results; a report is a list of
# sender@address:messages. Addresses: a = 192.0.2., b = 198.51.100., c = 203.0.113., v = 2001:db8:

JP, SHOP = 'example.co.jp', 'shop.example'
TOKEN = 'k3jx7q2m5n4p6r2s3t4u5v6w7x2y3z4a'    # the shape of an SES selector


def senders(d):
    fail, ok = ('fail', 'fail'), ('pass', 'pass')
    sel = 's2026' if d == JP else 'shop1'
    mine = (d, sel, 'pass')
    # name: verdict (dkim, spf), signatures, SPF domain, SPF result, then what differs from the usual
    return {
        'own': (ok, [mine], d, 'pass', {}),
        'own-sub': (ok, [mine], 'info.' + d, 'pass', {'from': 'info.' + d}),
        'null-sender': (('pass', 'fail'), [mine], 'mx1.' + d, 'none', {'helo': True}),
        'sendgrid': (fail, [('sendgrid.net', 'smtpapi', 'pass')], 'em1234.sendgrid.net', 'pass', {}),
        'cuenote': (fail, [], 'bounce.cuenote.jp', 'pass', {}),
        'ses': (('pass', 'fail'), [(d, TOKEN, 'pass'), ('amazonses.com', 'x' + TOKEN[:31], 'pass')], 'ap-northeast-1.amazonses.com', 'pass', {}),
        'salesforce': (fail, [], 'tokyo.bnc.salesforce.com', 'pass', {}),
        'nospf': (fail, [], d, 'fail', {}),
        'broken': (fail, [(d, sel, 'fail')], d, 'fail', {}),
        'forward-srs': (('pass', 'fail'), [mine], 'forwarder.example', 'pass', {}),
        'forward': (('pass', 'fail'), [mine], d, 'fail', {}),
        'list': (fail, [(d, sel, 'fail'), ('lists.example', 'l1', 'pass')], 'lists.example', 'pass',
                 {'reason': ('mailing_list', 'looks like lists.example')}),
        'arc': (fail, [(d, sel, 'fail')], 'groups.example', 'pass',
                {'reason': ('local_policy', 'arc=pass as[1].d=groups.example as[1].s=arc1')}),
        'spoof': (fail, [], d, 'fail', {}),
        'spoof-soft': (fail, [], d, 'softfail', {}),
        'spoof-env': (fail, [], 'bulk.example', 'none', {}),
        'spoof-sig': (fail, [(d, 'dkim', 'fail')], d, 'fail', {}),
        'spoof-sub': (fail, [], 'promo.' + d, 'none', {'from': 'promo.' + d}),
        'unknown': ((None, None), [mine], d, 'pass', {}),
        'temperror': (fail, [], d, 'temperror', {}),
        'inconsistent': (fail, [mine], d, 'softfail', {}),
    }


# shape, org_name, From of the mail, host in file names, domain, date, records
REPORTS = '''
google google.com noreply-dmarc-support@google.com google.com example.co.jp 2026-10-27
  own@a10:728 own@a11:312 own@v10::25:141 own-sub@a10:22 null-sender@a11:3 ses@b50:71 ses@b51:33 sendgrid@b20:96 sendgrid@b21:74
  cuenote@c30:52 nospf@a77:18 broken@a88:11 forward-srs@c60:9 forward@c61:6 list@b80:7
  spoof@c101:4 spoof@c102:1 spoof@c117:2 spoof@b153:1 spoof-soft@b160:3 spoof-env@c130:5 spoof-sig@c140:2 spoof@vbad::1:1
google google.com noreply-dmarc-support@google.com google.com example.co.jp 2026-11-05
  own@a10:702 own@a11:341 own@v10::25:128 own-sub@a10:18 ses@b50:64 ses@b52:29 sendgrid@b20:88 sendgrid@b22:61
  cuenote@c30:41 cuenote@c31:17 nospf@a77:21 broken@a88:14 forward-srs@c60:8 forward@c61:5 forward@vf0::61:3 list@b80:6 arc@b81:4
  spoof@c103:2 spoof@c104:1 spoof@c118:1 spoof@b154:6 spoof-soft@b161:2 spoof-env@c131:3 spoof-sig@c141:1
google google.com noreply-dmarc-support@google.com google.com example.co.jp 2026-11-16
  own@a10:744 own@a11:298 own@v10::25:152 own-sub@a10:25 null-sender@a11:2 ses@b51:68 ses@b52:40 sendgrid@b21:102 sendgrid@b22:59
  cuenote@c31:63 nospf@a77:17 broken@a88:9 forward-srs@c60:11 forward@c61:4 list@b80:9 temperror@a11:3
  spoof@c105:1 spoof@c106:3 spoof@c119:2 spoof@b155:1 spoof-soft@b162:4 spoof-env@c132:8 spoof@vbad::2:2 spoof@vbad::3:1
google google.com noreply-dmarc-support@google.com google.com shop.example 2026-11-05
  own@a20:318 own@a21:96 ses@b50:44 salesforce@b110:21 forward@c61:3 list@b80:2 spoof@c107:5 spoof@c120:2 spoof-sub@c108:4 spoof-env@c133:3
google google.com noreply-dmarc-support@google.com google.com shop.example 2026-11-20
  own@a20:341 own@a21:88 ses@b51:39 salesforce@b110:26 salesforce@b111:9 forward-srs@c60:4 arc@b81:2 spoof@c109:7 spoof@b156:1 spoof-sub@c108:6
yahoo Yahoo dmarchelp@yahooinc.com yahoo.com example.co.jp 2026-11-02
  own@a10:388 own@a11:140 ses@b50:37 sendgrid@b20:58 sendgrid@b21:33 cuenote@c30:29 cuenote@c31:12 nospf@a77:9 broken@a88:7
  forward@c61:5 list@b80:3 arc@b81:2 spoof@c110:3 spoof@c121:1 spoof-soft@b163:2 spoof@b157:4
yahoo Yahoo dmarchelp@yahooinc.com yahoo.com shop.example 2026-11-09
  own@a20:121 own@a21:37 ses@b52:16 salesforce@b111:11 forward@c61:1 spoof@c111:3 spoof-sub@c112:2
outlook Enterprise_Outlook dmarcreport@microsoft.com enterprise.protection.outlook.com example.co.jp 2026-11-03
  own@a10:402 own@a11:167 own-sub@a10:9 null-sender@a11:4 ses@b51:35 ses@b52:12 sendgrid@b20:49 sendgrid@b22:38 cuenote@c30:27 nospf@a77:22 broken@a88:16
  forward-srs@c60:7 list@b80:4 temperror@a11:2 spoof@c113:2 spoof@c122:5 spoof-env@c134:6 spoof-sig@c142:1
outlook Enterprise_Outlook dmarcreport@microsoft.com enterprise.protection.outlook.com shop.example 2026-11-17
  own@a20:164 own@a21:52 ses@b50:18 salesforce@b110:14 forward-srs@c60:2 spoof@c114:4 spoof@c123:1 spoof-sub@c112:3
outlook Outlook.com dmarcreport@microsoft.com protection.outlook.com example.co.jp 2026-11-10
  own@a10:231 own@a11:88 ses@b50:19 sendgrid@b21:31 sendgrid@b22:27 cuenote@c31:18 nospf@a77:8 broken@a88:5 forward-srs@c60:3 list@b80:2
  spoof@c115:3 spoof@b158:2 spoof-soft@b164:1 spoof-env@c135:2
ses AMAZON-SES postmaster@amazonses.com amazonses.com example.co.jp 2026-11-04
  own@a10:46 own@a11:18 ses@b50:4 sendgrid@b20:9 cuenote@c30:5 nospf@a77:3 broken@a88:2 spoof@c116:1
ses AMAZON-SES postmaster@amazonses.com amazonses.com shop.example 2026-11-12
  own@a20:23 own@a21:8 salesforce@b110:4 spoof@c124:1 unknown@a20:2
fastmail Fastmail reports@fastmaildmarc.com fastmail.com example.co.jp 2026-11-06
  own@a10:33 own@a11:12 ses@b51:3 sendgrid@b21:6 cuenote@c30:4 forward@vf0::61:2 list@b80:3 spoof@c125:1
gmx GMX noreply-dmarc@sicher.gmx.net gmx.net example.co.jp 2026-11-08
  own@a10:84 own@a11:27 own@v10::25:9 ses@b52:8 sendgrid@b20:13 cuenote@c31:6 nospf@a77:4 forward-srs@c60:2 spoof@c126:2 inconsistent@c70:5
gmx WEB.DE noreply-dmarc@sicher.web.de web.de shop.example 2026-11-13
  own@a20:41 own@a21:17 ses@b50:5 salesforce@b111:3 spoof@c127:2 spoof-sub@c112:1
kddi kddi.com noreply-dmarc-support@kddi.com kddi.com example.co.jp 2026-11-11
  own@a10:186 own@a11:71 own-sub@a10:6 ses@b50:14 ses@b51:9 sendgrid@b21:27 sendgrid@b22:19 cuenote@c30:34 cuenote@c31:15 nospf@a77:11 broken@a88:6
  forward@c61:2 spoof@c128:6 spoof-soft@b165:3 inconsistent@c71:3
docomo docomo.ne.jp dmarc-report@docomo.ne.jp docomo.ne.jp example.co.jp 2026-11-12
  own@a10:174 own@a11:63 ses@b52:18 sendgrid@b20:24 cuenote@c30:31 cuenote@c31:14 nospf@a77:8 broken@a88:4 forward@c61:3
  spoof@c129:9 spoof@b159:4 spoof-env@c136:7 unknown@a10:4 unknown@a11:2
mimecast Mimecast no-reply@mimecastreport.com mimecast.org example.co.jp 2026-11-18
  own@a10:72 own@a11:31 ses@b50:6 sendgrid@b22:11 cuenote@c31:3 nospf@a77:5 broken@a88:3 forward-srs@c60:1 list@b80:1 spoof@c104:2
rackspace emailsrvr.com dmarc@emailsrvr.com emailsrvr.com shop.example 2026-11-15
  own@a20:19 own@a21:6 ses@b51:2 salesforce@b110:2 spoof@c124:1
small mail.receiver.example dmarc@receiver.example receiver.example example.co.jp 2026-11-14
  own@a10:14 own@a11:6 ses@b51:1 sendgrid@b20:3 cuenote@c30:2 nospf@a77:1 spoof@c101:1 temperror@a10:1
'''


def address(a):
    return {'a': '192.0.2.', 'b': '198.51.100.', 'c': '203.0.113.', 'v': '2001:db8:'}[a[0]] + a[1:]


def records(domain, words):
    known = senders(domain)
    for w in words:
        name, rest = w.split('@')
        ip, count = rest.rsplit(':', 1)
        (dkim, spf), sigs, spf_domain, spf_result, o = known[name]
        reason = o.get('reason')
        hf = o.get('from', domain)
        if 'pass' in (dkim, spf) or domain == JP or dkim is None or reason:
            disposition = 'none'
        else:
            disposition = 'quarantine' if hf == domain else 'reject'
        if reason and domain == JP and reason[0] == 'local_policy':
            reason = None              # under p=none there is nothing to override
        yield dict(ip=address(ip), count=count, disposition=disposition, dkim=dkim, spf=spf, reason=reason, hf=hf, sigs=sigs,
                   spf_domain=spf_domain, spf_result=spf_result, helo=o.get('helo'), ef='' if o.get('helo') else spf_domain)


def demo_xml(shape, org, email, rid, domain, begin, end, recs):
    """the dialects: what each reporter writes, omits, spells and indents in its own way"""
    bis = shape == 'gmx'
    scope = shape in ('outlook', 'ses', 'fastmail', 'gmx', 'kddi', 'docomo', 'small')
    capital = (lambda s: s.capitalize()) if shape == 'kddi' else (lambda s: s)
    contact = {'google': 'https://support.google.com/a/answer/2466580', 'fastmail': 'https://fastmail.com/',
               'gmx': 'https://postmaster.gmx.net/', 'kddi': 'https://www.kddi.com/', 'mimecast': 'https://www.mimecast.com/'}.get(shape)
    policy = ('quarantine', 'reject') if domain == SHOP else ('none', 'none')

    def e(tag, *inner):
        return (tag, inner)

    def report_id():
        return e('report_id', rid)
    meta = [e('org_name', org), e('email', email)]
    if contact:
        meta.append(e('extra_contact_info', contact))
    meta += [report_id(), e('date_range', e('begin', str(begin)), e('end', str(end) + (' ' if shape == 'yahoo' else '')))]
    if bis:
        meta.append(e('generator', 'mail-reporter 3.1'))
    pub = [e('domain', domain)]
    if bis:
        pub.append(e('discovery_method', 'psl'))
    pub += [e('adkim', 'r'), e('aspf', 'r'), e('p', policy[0])]
    if shape not in ('yahoo', 'ses'):
        pub.append(e('sp', policy[1]))
    if shape in ('google', 'gmx'):
        pub.append(e('np', policy[1]))
    if bis:
        pub.append(e('testing', 'n'))
    else:
        pub.append(e('pct', '100'))
    if shape in ('outlook', 'fastmail', 'kddi', 'small'):
        pub.append(e('fo', '0'))
    body = []
    if shape in ('outlook', 'fastmail', 'gmx', 'kddi', 'small', 'docomo'):
        body.append(e('version', '1.0'))
    if shape == 'ses':
        body.append(e('version', '0.1'))
    body += [e('report_metadata', *meta), e('policy_published', *pub)]
    for r in recs:
        ev = [e('disposition', 'pass' if bis and domain == SHOP and 'pass' in (r['dkim'], r['spf']) else capital(r['disposition']))]
        if r['dkim']:
            ev += [e('dkim', capital(r['dkim'])), e('spf', capital(r['spf']))]
        if shape == 'kddi':
            ev.append(e('reason', e('type', ''), e('comment', '')))
        elif r['reason']:
            ev.append(e('reason', e('type', r['reason'][0]), e('comment', r['reason'][1])))
        ids = [e('header_from', r['hf'])]
        if shape == 'outlook':
            ids = [e('envelope_to', 'contoso.example'), e('envelope_from', r['ef'])] + ids
        elif shape in ('ses', 'fastmail', 'gmx', 'kddi', 'docomo', 'small'):
            ids = [e('envelope_from', r['ef'])] + ids
        sigs = [e('dkim', e('domain', d), e('selector', s), e('result', capital(x))) for d, s, x in r['sigs']]
        s = [e('domain', r['spf_domain'])]
        if scope:
            s.append(e('scope', 'helo' if r['helo'] else 'mfrom'))
        s = [e('spf', *s, e('result', capital(r['spf_result'])))]
        body.append(e('record', e('row', e('source_ip', r['ip']), e('count', r['count']), e('policy_evaluated', *ev)),
                      e('identifiers', *ids), e('auth_results', *(s + sigs if shape == 'rackspace' else sigs + s))))
    indent = {'yahoo': '\t', 'ses': '\t', 'gmx': '   ', 'kddi': '    ', 'docomo': None}.get(shape, '  ')

    def write(x, level):
        tag, inner = x
        name = tag
        if tag == 'feedback' and bis:
            tag = 'feedback xmlns="urn:ietf:params:xml:ns:dmarc-2.0"'
        if tag == 'feedback' and shape == 'outlook':
            tag = 'feedback xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        if not inner or isinstance(inner[0], str):
            text = inner[0] if inner else ''
            out = '<%s>%s</%s>' % (tag, text, name)
        else:
            nl = '' if indent is None else '\n' + indent * level
            out = '<%s>%s%s</%s>' % (tag, ''.join(('' if indent is None else nl + indent) + write(i, level + 1) for i in inner), nl, name)
        return out
    declaration = {'google': '<?xml version="1.0" encoding="UTF-8" ?>\n', 'yahoo': '<?xml version="1.0"?>', 'ses': '<?xml version="1.0"?>\n',
                   'mimecast': '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
                   'docomo': "<?xml version='1.0' encoding='UTF-8'?>", 'outlook': '<?xml version="1.0"?>\n'}.get(
                       shape, '<?xml version="1.0" encoding="UTF-8"?>\n')
    text = declaration + write(('feedback', tuple(body)), 0) + ('\n' if shape in ('google', 'gmx', 'fastmail', 'kddi', 'small') else '')
    return (text.replace('\n', '\r\n') if shape == 'outlook' else text).encode()


def demo():
    lines = REPORTS.strip('\n').split('\n')
    jobs = []
    for l in lines:
        if l.startswith(' '):
            jobs[-1][1].extend(l.split())
        else:
            jobs.append((l.split(), []))
    for n, ((shape, org, email, host, domain, date), words) in enumerate(jobs, 1):
        org = org.replace('_', ' ')
        y, m, d = (int(x) for x in date.split('-'))
        begin = NOV1 + DAY * (d - 1 if m == 11 else d - 32)
        end = begin + DAY - 1
        rid = {'google': '%019d' % (8120374461093851700 + n * 7919), 'yahoo': '%d.%06d' % (end + 7262, n * 31337),
               'outlook': '%032x' % (0x6d2be94cbabf4e838a3cf58fb4a42a00 + n), 'kddi': date.replace('-', '') + '062405%06d' % n,
               'ses': '5c1f9b0e-2d3a-4f6b-8c7d-%012x' % n, 'gmx': '%032x' % (0x91b7c2aa5d104e3f8a2b6c1d0e9f8000 + n),
               'fastmail': str(102675000 + n), 'docomo': '%s-%d' % (date.replace('-', ''), n), 'mimecast': '%064x' % (0x534bb2a8c6 << 200 | n),
               'rackspace': '%s.%d.%d' % (domain, begin, end + 1), 'small': '%s!%s!%d' % (host, domain, begin)}[shape]
        if shape in ('outlook', 'rackspace'):
            end += 1
        if shape == 'kddi':            # a window of its own, not a day
            begin, end = begin + 20645, begin + 64147
        xml = demo_xml(shape, org, email, rid, domain, begin, end, records(domain, words))
        put('demo/%02d-%s-%s-%s.eml' % (n, org.lower().replace(' ', '-'), domain, date),
            demo_mail(shape, org, email, host, domain, date, begin, end, rid, xml, n))


def demo_mail(shape, org, email, host, domain, date, begin, end, rid, xml, n):
    stem = '%s!%s!%d!%d' % (host, domain, begin, end)
    sent = end + 3600 * 3 + n * 61
    stamp = formatdate(sent).replace('-0000', '+0000')
    mx = 'mx.' + domain
    result = 'none' if shape == 'small' else 'pass'
    trace = ('Return-Path: <%s>\nReceived: from out.%s (out.%s [198.51.100.250])\n\tby %s (Postfix) with ESMTPS id %09X\n'
             '\tfor <dmarc@%s>; %s\nAuthentication-Results: %s; dmarc=%s header.from=%s\n') % (
                 email, host, host, mx, 0x400000000 + n * 7727, domain, formatdate(sent + 2).replace('-0000', '+0000'), mx, result, email.split('@')[1])
    to = 'dmarc@' + domain

    def headers(subject, ctype, mid=None):
        return trace + 'Date: %s\nFrom: %s\nTo: %s\nMessage-ID: <%s>\nSubject: %s\nMIME-Version: 1.0\n%s' % (
            stamp, email, to, mid or '%s.%d@%s' % (rid[:24].replace('!', '.'), n, host), subject, ctype)

    if shape == 'google':              # the message is the archive
        return (headers('Report domain: %s Submitter: google.com Report-ID: %s' % (domain, rid),
                        'Content-Type: application/zip; \n\tname="%s.zip"\nContent-Disposition: attachment; \n\tfilename="%s.zip"\n'
                        'Content-Transfer-Encoding: base64\n\n' % (stem, stem)) + b64(zipped([(stem + '.xml', xml)]))).encode()
    if shape == 'mimecast':            # so is this one, with CRLF after the gzip trailer
        return (headers('Report Domain: %s; Submitter: mimecast.org; Report-ID: %s' % (domain, rid),
                        'Content-Type: application/gzip; name="%s.xml.gz"\nContent-Disposition: attachment; filename="%s.xml.gz"\n'
                        'Content-Transfer-Encoding: base64\n\n' % (stem, stem)) + b64(gz(xml, stem + '.xml') + b'\r\n')).encode()
    if shape == 'docomo':              # bare text/xml
        b = '----=_NextPart_%d' % n
        text = 'これはDMARC集計レポートです。\n'.encode('iso-2022-jp')
        return (headers('Report Domain: %s Submitter: docomo.ne.jp Report-ID: <%s>' % (domain, rid), 'Content-Type: multipart/mixed; boundary="%s"\n\n' % b) +
                part('Content-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit', text.decode('ascii'), b) +
                part('Content-Type: text/xml; name="%s.xml"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="%s.xml"' % (stem, stem),
                     b64(xml), b) + '--%s--\n' % b).encode()
    if shape == 'outlook':             # nested, CRLF, base64 in one long line
        m, r, a = ('_%s_%032xexample_' % (k, 0xa4bcd9a515b44b9d8eceb05d73330000 + n) for k in ('mpm', 'rv', 'av'))
        html = '<div style="font-family:Segoe UI; font-size:14px;">This is a DMARC aggregate report from Microsoft Corporation. Please do not respond to this e-mail.</div>'
        subject = '=?utf-8?B?%s?=\n\t=?utf-8?B?%s?=' % tuple(base64.b64encode(s.encode()).decode() for s in (
            'Report Domain: %s Submitter: ' % domain, '%s Report-ID: %s' % (host, rid)))
        t = (headers(subject, 'Content-Type: multipart/mixed;\n\tboundary="%s"\n\n' % m) +
             '--%s\nContent-Type: multipart/related;\n\tboundary="%s"\n\n--%s\nContent-Type: multipart/alternative;\n\tboundary="%s"\n\n' % (m, r, r, a) +
             '--%s\nContent-Type: text/html; charset=us-ascii\nContent-Transfer-Encoding: base64\n\n%s\n--%s--\n\n--%s--\n\n' % (a, b64(html.encode(), 10**6), a, r) +
             '--%s\nContent-Type: application/gzip\nContent-Transfer-Encoding: base64\nContent-ID: <%08x@%s>\nContent-Description: %s.xml.gz\n'
             'Content-Disposition: attachment; filename="%s.xml.gz";\n\n%s\n--%s--\n' % (m, 0xa334d149 + n, host, stem, stem, b64(gz(xml), 10**6), m))
        return t.replace('\n', '\r\n').encode()
    if shape == 'ses':
        b = '----=_Part_%d_1073105148.%d' % (8400 + n, sent * 1000)
        return (headers('Dmarc Aggregate Report Domain: {%s}  Submitter: {Amazon\n SES}  Date: {%s}  Report-ID: {%s}' % (domain, date, rid),
                        'Content-Type: multipart/mixed; \n\tboundary="%s"\n\n' % b) +
                part('Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit', 'This MIME email was sent through Amazon SES.\n', b) +
                part('Content-Type: application/octet-stream; \n\tname=%s.xml.gz\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=%s.xml.gz' % (stem, stem),
                     b64(gz(xml, stem + '.xml')), b) + '--%s--\n' % b).encode()
    if shape == 'fastmail':            # inline
        b = '=_%x' % (0xfa570000 + n)
        return (headers('Report Domain: %s Submitter: %s Report-ID: <%s@fastmaildmarc.com>' % (domain, host, rid), 'Content-Type: multipart/mixed; boundary="%s"\n\n' % b) +
                part('Content-Type: text/plain\nContent-Disposition: inline', 'This is a DMARC aggregate report.\n', b) +
                part('Content-Type: application/gzip; name="%s!%s.xml.gz"\nContent-Disposition: inline; filename="%s!%s.xml.gz"\nContent-Transfer-Encoding: base64' % (stem, rid, stem, rid),
                     b64(gz(xml)), b) + '--%s--\n' % b).encode()
    if shape == 'kddi':
        b = 'KDDI_%s' % rid
        text = 'このメールはDMARC集計レポートです。ご返信いただけません。\n'
        return (headers('=?ISO-2022-JP?B?%s?=' % base64.b64encode('DMARCレポート'.encode('iso-2022-jp')).decode() + ' Report Domain: %s\n Submitter: kddi.com Report-ID: <%s>' % (domain, rid),
                        'Content-Type: multipart/mixed; boundary="%s"\n\n' % b) +
                part('Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: base64', b64(text.encode()), b) +
                part('Content-Type: application/gzip; name="%s.xml.gz"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment;\n filename="%s.xml.gz"' % (stem, stem),
                     b64(gz(xml, stem + '.xml')), b) + '--%s--\n' % b).encode()
    # Yahoo, GMX, WEB.DE, Rackspace, small: text and .xml.gz
    b = '_----------=_%d%03d' % (sent, n)
    return (headers('Report Domain: %s\n Submitter: %s\n Report-ID: <%s>' % (domain, host, rid), 'Content-Transfer-Encoding: %s\nContent-Type: multipart/mixed; boundary="%s"\n\n'
                    % ('binary' if shape == 'yahoo' else '7bit', b)) +
            part('Content-Disposition: inline\nContent-Transfer-Encoding: 7bit\nContent-Type: text/plain', 'This is an aggregate report from %s.\n' % org, b) +
            part('Content-Disposition: attachment; filename="%s.xml.gz"\nContent-Transfer-Encoding: base64\nContent-Type: application/gzip; name="%s.xml.gz"' % (stem, stem),
                 b64(gz(xml)), b) + '--%s--\n' % b).encode()

encodings()
attachments()
mails()
kinds()
demo()
PYTHON

# The table of the README is EXPECTED.tsv in another dress.
awk -F '\t' '
	NR == FNR {
		if (FNR == 1) next
		why = $11
		what = $2
		if ($2 ~ /^stored/) what = what ": " $8 " records, " $9 " messages, " $10 " pass"
		gsub(/\|/, "\\|", what); gsub(/\|/, "\\|", why); gsub(/</, "\\&lt;", why)
		row[++n] = "| `" $1 "` | " why " | " what " |"
		next
	}
	/<!-- end of the table -->/ { skip = 0 }
	!skip { print }
	/<!-- the table: made by/ { skip = 1; print "| file | shows | expected |"; print "|---|---|---|"; for (i = 1; i <= n; i++) print row[i] }
' "$fixtures/EXPECTED.tsv" "$fixtures/README.md" >"$fixtures/README.md.new"
mv "$fixtures/README.md.new" "$fixtures/README.md"

if [ "$fixtures" != "$root/fixtures" ]; then
	diff -r "$root/fixtures" "$fixtures"
fi
