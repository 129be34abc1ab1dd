/* sniff: what these bytes are, by the bytes alone. */
#include "ingest/decode/sniff.h"

#include <string.h>
#include <strings.h>

#include "ingest/decode/mbox.h"
#include "ingest/decode/padding.h"

static const struct {
	const char *magic;
	size_t len;
	enum kind kind;
} magics[] = {
	{ "\x1f\x8b", 2, KIND_GZIP },
	{ "PK\x03\x04", 4, KIND_ZIP },
	{ "PK\x05\x06", 4, KIND_ZIP },
	{ "\xfd"
	  "7zXZ\0",
	    6, KIND_XZ },
	{ "\x28\xb5\x2f\xfd", 4, KIND_ZSTD },
	{ "BZh", 3, KIND_BZIP2 },
	{ "7z\xbc\xaf\x27\x1c", 6, KIND_7Z },
	/* UTF-16, with and without a byte order mark. */
	{ "\xff\xfe", 2, KIND_XML },
	{ "\xfe\xff", 2, KIND_XML },
	{ "<\0", 2, KIND_XML },
	{ "\0<", 2, KIND_XML },
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

/* The first line is a header field (RFC 5322 2.2): name, colon. */
static bool
looks_like_mail(const char *s, size_t len)
{
	size_t i = 0;

	while (i < len && i < 80 && s[i] > ' ' && s[i] < 0x7f && s[i] != ':')
		i++;
	return i > 0 && i < len && i < 80 && s[i] == ':' &&
	    memchr(s, '\n', len) != NULL;
}

static enum kind
sniff_text(const char *s, size_t len)
{
	if (begins(s, len, "<!doctype html") || begins(s, len, "<html"))
		return KIND_HTML;
	if (s[0] == '<')
		return KIND_XML;
	if (s[0] == '{')
		return contains(s, len, "\"organization-name\"") ||
			contains(s, len, "\"policies\"") ?
		    KIND_TLS_REPORT :
		    KIND_JSON;
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
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (len - pad >= magics[i].len &&
		    memcmp(s + pad, magics[i].magic, magics[i].len) == 0)
			return magics[i].kind;
	if (len >= 262 && memcmp(s + 257, "ustar", 5) == 0)
		return KIND_TAR;
	if (mbox_begins(s, len))
		return KIND_MBOX;
	kind = sniff_text(s + pad, len - pad);
	if (kind == KIND_OTHER && looks_like_mail(s + pad, len - pad))
		return KIND_MAIL;
	return kind;
}

bool
sniff_is_archive(enum kind kind)
{
	switch (kind) {
	case KIND_GZIP:
	case KIND_ZIP:
	case KIND_XZ:
	case KIND_ZSTD:
	case KIND_BZIP2:
	case KIND_7Z:
	case KIND_TAR:
		return true;
	default:
		return false;
	}
}
