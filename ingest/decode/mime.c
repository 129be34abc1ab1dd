/* mime: a mail in, its parts out, decoded. */
#include "ingest/decode/mime.h"

#include <string.h>

#include <gmime/gmime.h>

#include "ingest/limits.h"
#include "ingest/decode/mime_plain.h"
#include "ingest/decode/mime_tree.h"

void
mime_init(void)
{
	g_mime_init();
}

/* The first byte after the header fields: after an empty line. */
static size_t
header_length(const char *s, size_t len)
{
	const char *nl = s;

	while ((nl = memchr(nl, '\n', len - (size_t)(nl - s))) != NULL) {
		nl++;
		if (nl == s + len || *nl == '\n' ||
		    (*nl == '\r' && nl + 1 < s + len && nl[1] == '\n'))
			return (size_t)(nl - s);
	}
	return len;
}

enum diag_code
mime_walk(const void *bytes, size_t len, struct mail_info *info,
    const struct mime_visitor *v, struct diag *d)
{
	const size_t header = header_length(bytes, len);
	enum diag_code code;

	*info = (struct mail_info){ 0 };
	if (header > LIMIT_MAIL_HEADER)
		return diag_set(d, DIAG_LIMIT, REASON_HEADER_TOO_LONG,
		    "mail has over %lu bytes of header fields",
		    LIMIT_MAIL_HEADER);
	if (mime_plain(bytes, len, info, v, d, &code))
		return code;
	return mime_tree(bytes, len, info, v, d);
}
