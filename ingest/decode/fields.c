/* fields: do these lines look like the header fields of a mail? */
#include "ingest/decode/fields.h"

#include <string.h>
#include <strings.h>

/* Beyond these nobody looks. */
#define LINES     64
#define NAME_SIZE 80

/* Those that stand first in mails, and those that no text has. */
static const char *const known[] = { "Return-Path", "Received", "From", "To",
	"Date", "Subject", "Message-ID", "MIME-Version", "Content-Type",
	"Content-Transfer-Encoding", "Content-Length", "Delivered-To",
	"Envelope-To", "Reply-To", "Sender", "Status", "X-Status", "X-UID",
	"X-UIDL", "X-Mozilla-Status", "X-Mozilla-Status2", "X-Mozilla-Keys",
	"X-Account-Key", "X-Original-To", "X-Gmail-Labels", "X-GM-THRID",
	"DKIM-Signature", "Authentication-Results", "ARC-Seal",
	"Received-SPF" };

/* The length of the name before the colon, 0: it is no field. */
static size_t
name_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && n < NAME_SIZE && s[n] > ' ' && s[n] < 0x7f &&
	    s[n] != ':')
		n++;
	return n > 0 && n < NAME_SIZE && n < len && s[n] == ':' ? n : 0;
}

bool
fields_is_field(const char *s, size_t len)
{
	return name_length(s, len) > 0;
}

static bool
is_known(const char *s, size_t len)
{
	const size_t n = name_length(s, len);

	for (size_t i = 0; n > 0 && i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i]) == n && strncasecmp(known[i], s, n) == 0)
			return true;
	return false;
}

size_t
fields_known(const char *s, size_t len, bool cr)
{
	const char *end = s + len;
	size_t found = 0;

	for (int i = 0; i < LINES && s < end; i++) {
		const char *nl = memchr(s, cr ? '\r' : '\n', (size_t)(end - s));
		const size_t n = nl == NULL ? (size_t)(end - s) :
					      (size_t)(nl - s);

		if (n == 0 || (n == 1 && s[0] == '\r'))
			break;
		found += is_known(s, n) ? 1 : 0;
		s += nl == NULL ? n : n + 1;
	}
	return found;
}
