/* diag: what went wrong, and who can fix it. */
#include "common/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "common/printable.h"

/* A cut in the middle of a UTF-8 sequence leaves no half character. */
static void
drop_half_character(char *s)
{
	size_t n = strlen(s);
	size_t start = n;
	size_t want;
	unsigned char c;

	while (start > 0 && n - start < 3 &&
	    ((unsigned char)s[start - 1] & 0xc0) == 0x80)
		start--;
	if (start == 0)
		return;
	c = (unsigned char)s[start - 1];
	want = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
	if (n - (start - 1) < want)
		s[start - 1] = '\0';
}

enum diag_code
diag_set(struct diag *d, enum diag_code code, enum reason reason,
    const char *fmt, ...)
{
	va_list ap;
	int n;

	if (d == NULL)
		return code;
	d->code = code;
	d->reason = reason;
	va_start(ap, fmt);
	n = vsnprintf(d->text, sizeof(d->text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(d->text))
		drop_half_character(d->text);
	printable(d->text);
	return code;
}

enum diag_code
diag_prefix(struct diag *d, const char *subject)
{
	char old[sizeof(d->text)];

	(void)snprintf(old, sizeof(old), "%s", d->text);
	if ((size_t)snprintf(d->text, sizeof(d->text), "%s: %s", subject,
		old) >= sizeof(d->text))
		drop_half_character(d->text);
	printable(d->text);
	return d->code;
}

int
diag_exit(enum diag_code code)
{
	switch (code) {
	case DIAG_OK:
		return 0;
	case DIAG_FORMAT:
	case DIAG_LIMIT:
		return EX_DATAERR;
	case DIAG_RETRY:
		return EX_TEMPFAIL;
	case DIAG_CONFIG:
		break;
	}
	return EX_CONFIG;
}
