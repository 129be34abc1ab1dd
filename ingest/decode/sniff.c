/* sniff: the format of some bytes, found from the bytes alone. */
#include "ingest/decode/sniff.h"

#include <string.h>
#include <strings.h>

#include "ingest/decode/cms.h"
#include "ingest/decode/fields.h"
#include "ingest/decode/lz4_mend.h"
#include "ingest/decode/mbox.h"
#include "ingest/decode/padding.h"

#define MAGIC(s) s, sizeof(s) - 1

static const struct {
	const char *magic;
	size_t len;
	enum kind kind;
} magics[] = {
	{ MAGIC("\x1f\x8b"), KIND_GZIP },
	{ MAGIC("PK\x03\x04"), KIND_ZIP },
	{ MAGIC("PK\x05\x06"), KIND_ZIP },
	/* An archive that was meant for several floppies. */
	{ MAGIC("PK\x07\x08PK"), KIND_ZIP },
	{ MAGIC("PK00PK"), KIND_ZIP },
	{ MAGIC("\xfd"
		"7zXZ\0"),
	    KIND_XZ },
	{ MAGIC("\x28\xb5\x2f\xfd"), KIND_ZSTD },
	{ MAGIC("BZh"), KIND_BZIP2 },
	{ MAGIC("7z\xbc\xaf\x27\x1c"), KIND_7Z },
	{ MAGIC("\x04\x22\x4d\x18"), KIND_LZ4 },
	{ MAGIC(DOVECOT_LZ4), KIND_LZ4 },
	{ MAGIC("\x02\x21\x4c\x18"), KIND_LZ4 },
	{ MAGIC("LZIP\1"), KIND_LZIP },
	{ MAGIC("\x1f\x9d"), KIND_COMPRESS },
	{ MAGIC("x\x01"), KIND_ZLIB },
	{ MAGIC("x\x5e"), KIND_ZLIB },
	{ MAGIC("x\x9c"), KIND_ZLIB },
	{ MAGIC("x\xda"), KIND_ZLIB },
	{ MAGIC("\x78\x9f\x3e\x22"), KIND_TNEF },
	{ MAGIC("-----BEGIN PGP MESSAGE-----"), KIND_PGP },
	{ MAGIC("CRYPTED\x03\x07"), KIND_ENCRYPTED },
	{ MAGIC("\x89PNG"), KIND_HARMLESS },
	{ MAGIC("\xff\xd8\xff"), KIND_HARMLESS },
	{ MAGIC("GIF8"), KIND_HARMLESS },
	{ MAGIC("RIFF"), KIND_HARMLESS },  /* WebP, sound */
	{ MAGIC("II*\0"), KIND_HARMLESS }, /* TIFF */
	{ MAGIC("MM\0*"), KIND_HARMLESS },
	{ MAGIC("\0\0\1\0"), KIND_HARMLESS },         /* icon */
	{ MAGIC("\xd7\xcd\xc6\x9a"), KIND_HARMLESS }, /* WMF */
	{ MAGIC("%PDF"), KIND_HARMLESS },
	{ MAGIC("BEGIN:VCALENDAR"), KIND_HARMLESS },
	{ MAGIC("-----BEGIN PGP SIGNATURE-----"), KIND_HARMLESS },
};

/* Formats that are recognised by their first bytes and are not supported. */
static const struct {
	const char *magic;
	size_t len;
	const char *what;
} unsupported[] = {
	{ MAGIC("Rar!\x1a\x07"), "a RAR archive" },
	{ MAGIC("MSCF\0\0\0\0"), "a cabinet archive of Windows" },
	{ MAGIC("\x60\xea"), "an ARJ archive" },
	{ MAGIC("!BDN"), "a mailbox of Outlook (.pst)" },
	{ MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
	    "an Office document or a mail of Outlook (.msg)" },
	{ MAGIC("\xff\xfe"), "text in UTF-16 (save it as it came)" },
	{ MAGIC("\xfe\xff"), "text in UTF-16 (save it as it came)" },
};

static bool
begins(const char *s, size_t len, const char *with)
{
	const size_t n = strlen(with);

	return len >= n && strncasecmp(s, with, n) == 0;
}

static bool
contains(const char *s, size_t len, const char *what)
{
	return memmem(s, len, what, strlen(what)) != NULL;
}

/* The first line is a header field, and there is another line. */
static bool
looks_like_mail(const char *s, size_t len)
{
	return fields_is_field(s, len) &&
	    (memchr(s, '\n', len) != NULL || memchr(s, '\r', len) != NULL);
}

/* Printable, in some encoding that keeps ASCII. */
static bool
is_text(const char *s, size_t len)
{
	if (len > SNIFF_BYTES)
		len = SNIFF_BYTES;
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)s[i];

		if ((c < ' ' && strchr("\t\n\v\f\r\x1a\x1b", c) == NULL) ||
		    c == '\0' || c == 0x7f)
			return false;
	}
	return true;
}

static enum kind
sniff_markup(const char *s, size_t len)
{
	if (begins(s, len, "<!doctype html") || begins(s, len, "<html"))
		return KIND_HTML;
	if (s[0] == '<')
		return KIND_XML;
	if (s[0] != '{')
		return KIND_OTHER;
	return contains(s, len, "\"organization-name\"") ||
		contains(s, len, "\"policies\"") ?
	    KIND_TLS_REPORT :
	    KIND_JSON;
}

/* A mail is known by its first line, a text only when all of it was seen. */
static enum kind
sniff_text(const char *s, size_t len)
{
	const enum kind kind = sniff_markup(s, len);

	if (kind != KIND_OTHER)
		return kind;
	if (looks_like_mail(s, len))
		return KIND_MAIL;
	return is_text(s, len) ? KIND_TEXT : KIND_OTHER;
}

static int
find_unsupported(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(unsupported) / sizeof(unsupported[0]);
	     i++)
		if (s[0] == unsupported[i].magic[0] &&
		    len >= unsupported[i].len &&
		    memcmp(s, unsupported[i].magic, unsupported[i].len) == 0)
			return (int)i;
	/* lzh, of which there are several */
	return len > 7 && memcmp(s + 2, "-lh", 3) == 0 && s[6] == '-' ? -2 : -1;
}

const char *
sniff_unsupported(const void *bytes, size_t len)
{
	const int i = find_unsupported(bytes, len);

	return i >= 0 ? unsupported[i].what :
	    i == -2   ? "an LZH archive" :
			"of a kind that is not known";
}

/* UTF-16, with and without a byte order mark, that begins as XML does. */
static bool
is_wide_xml(const char *s, size_t len)
{
	if (len >= 2 &&
	    (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0))
		do {
			s += 2;
			len -= 2;
		} while (len >= 2 &&
		    ((s[0] == '\0' && strchr(" \t\r\n", s[1]) != NULL) ||
			(s[1] == '\0' && strchr(" \t\r\n", s[0]) != NULL)) &&
		    s[0] != s[1]);
	return len >= 2 &&
	    (memcmp(s, "<\0", 2) == 0 || memcmp(s, "\0<", 2) == 0);
}

/*
 * The check sum of a header: tar has no other mark before POSIX.  All kinds of
 * tar fill the header with NULs, which no header of a mail has: a mail whose
 * first fields add up to a check sum stays a mail.
 */
static bool
is_tar(const char *s, size_t len)
{
	static const char nothing[8];
	unsigned sum = 0;
	unsigned said = 0;
	bool any = false;

	if (len < 512 || s[0] == '\0' || memcmp(s + 500, nothing, 8) != 0)
		return false;
	if (memcmp(s + 257, "ustar", 5) == 0)
		return true;
	/* Octal digits, blanks and NULs: nothing else has these here. */
	for (size_t i = 148; i < 156; i++) {
		if (s[i] >= '0' && s[i] <= '7') {
			said = said * 8 + (unsigned)(s[i] - '0');
			any = true;
		} else if (s[i] != ' ' && s[i] != '\0') {
			return false;
		}
	}
	if (!any)
		return false;
	for (size_t i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)s[i];
	return sum == said;
}

/* lzma has no magic number: it begins with properties, a dictionary size that
 * is a power of two, and the length, which is usually not given. */
static bool
is_lzma(const char *s, size_t len)
{
	return len > 13 && memcmp(s, "]\0\0", 3) == 0 &&
	    (memcmp(s + 5, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0 ||
		memcmp(s + 10, "\0\0\0", 3) == 0);
}

static bool
is_cms(const char *s, size_t len)
{
	return s[0] == 0x30 && cms_look(s, len) != CMS_NONE;
}

/* Binary OpenPGP: a session key for somebody, old form and new. */
static bool
is_pgp(const char *s, size_t len)
{
	const unsigned char first = (unsigned char)s[0];

	return len > 4 &&
	    ((first == 0x85 && s[3] == 3) || (first == 0x84 && s[2] == 3) ||
		(first == 0xc1 && (s[2] == 3 || s[3] == 3)) ||
		(first == 0x8c && s[2] == 4));
}

static enum kind
sniff_magic(const char *s, size_t len)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (s[0] == magics[i].magic[0] && len >= magics[i].len &&
		    memcmp(s, magics[i].magic, magics[i].len) == 0)
			return magics[i].kind;
	return KIND_OTHER;
}

enum kind
sniff(const void *bytes, size_t len)
{
	const char *s = bytes;
	const size_t pad = padding_length(bytes, len);
	enum kind kind;

	if (pad == len)
		return KIND_EMPTY;
	kind = sniff_magic(s + pad, len - pad);
	/* Two of them are short, and may begin a name in a tar. */
	if (kind != KIND_OTHER && !(kind == KIND_ZLIB && is_tar(s, len)))
		return kind;
	if (is_wide_xml(s, len))
		return KIND_XML;
	if (is_tar(s, len))
		return KIND_TAR;
	if (find_unsupported(s, len) != -1)
		return KIND_UNSUPPORTED;
	if (mbox_begins(s, len))
		return KIND_MBOX;
	if (is_lzma(s, len))
		return KIND_LZMA;
	if (is_cms(s + pad, len - pad))
		return KIND_CMS;
	kind = sniff_text(s + pad, len - pad);
	return kind == KIND_OTHER && is_pgp(s, len) ? KIND_PGP : kind;
}

bool
sniff_is_filter(enum kind kind)
{
	switch (kind) {
	case KIND_GZIP:
	case KIND_XZ:
	case KIND_ZSTD:
	case KIND_BZIP2:
	case KIND_LZ4:
	case KIND_LZMA:
	case KIND_LZIP:
	case KIND_COMPRESS:
	case KIND_ZLIB:
		return true;
	default:
		return false;
	}
}

bool
sniff_is_archive(enum kind kind)
{
	return sniff_is_filter(kind) || kind == KIND_ZIP || kind == KIND_7Z ||
	    kind == KIND_TAR;
}
