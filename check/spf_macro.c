/* spf_macro: macros in SPF records. */
#include "check/spf_macro.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

/* As many labels as a name can have, and more than an IPv6 address has. */
#define PARTS_MAX  256
#define DELIMITERS ".-+,/_="

/* %{d2r-}: the letter, how many parts, reversed, and where to split. */
struct macro {
	char letter; /* as written: upper case asks for URL escapes */
	unsigned parts;
	bool reverse;
	char delimiters[sizeof(DELIMITERS)]; /* "" is "." */
};

/* Read digits; a number over PARTS_MAX means all parts.  False: 0. */
static bool
read_parts(const char *s, size_t len, size_t *at, struct macro *m)
{
	const size_t begin = *at;

	m->parts = 0;
	for (; *at < len && s[*at] >= '0' && s[*at] <= '9'; (*at)++)
		if (m->parts <= PARTS_MAX)
			m->parts = m->parts * 10 + (unsigned)(s[*at] - '0');
	return *at == begin || m->parts > 0;
}

/*
 * Read the macro that begins at s[0], a '%'.  The length, or 0: it is none.
 * A letter of 0 stands for %%, %_ and %-.
 */
static size_t
read_macro(const char *s, size_t len, struct macro *m)
{
	size_t at = 3;
	size_t n = 0;

	memset(m, 0, sizeof(*m));
	if (len < 2)
		return 0;
	if (s[1] == '%' || s[1] == '_' || s[1] == '-')
		return 2;
	if (s[1] != '{' || len < 4)
		return 0;
	m->letter = s[2];
	if (!read_parts(s, len, &at, m))
		return 0;
	if (at < len && (s[at] == 'r' || s[at] == 'R')) {
		m->reverse = true;
		at++;
	}
	for (; at < len && s[at] != '\0' && strchr(DELIMITERS, s[at]) != NULL;
	     at++)
		if (n < sizeof(m->delimiters) - 1 &&
		    strchr(m->delimiters, s[at]) == NULL)
			m->delimiters[n++] = s[at];
	return at < len && s[at] == '}' ? at + 1 : 0;
}

static bool
is_letter(char c, bool explanation)
{
	c = (char)tolower((unsigned char)c);
	return c != '\0' &&
	    strchr(explanation ? "slodiphcrtv" : "slodiphv", c) != NULL;
}

bool
spf_macro_fine(const char *s, size_t len, bool explanation)
{
	struct macro m;

	for (size_t at = 0, n; at < len; at += n) {
		n = 1;
		if (s[at] == '%') {
			n = read_macro(s + at, len - at, &m);
			if (n == 0 ||
			    (m.letter != '\0' &&
				!is_letter(m.letter, explanation)))
				return false;
		} else if (s[at] < (explanation ? 0x20 : 0x21) || s[at] > 0x7e)
			return false;
	}
	return true;
}

bool
spf_macro_wants_name(const char *s, size_t len)
{
	struct macro m;

	for (size_t at = 0, n; at < len; at += n) {
		n = s[at] == '%' ? read_macro(s + at, len - at, &m) : 1;
		if (n == 0)
			return false;
		if (s[at] == '%' && (m.letter == 'p' || m.letter == 'P'))
			return true;
	}
	return false;
}

/* Letters, digits and hyphens, a letter or a hyphen among them, no hyphen at
 * either end. */
static bool
is_top_label(const char *s, size_t len)
{
	bool digits = true;

	if (len == 0 || s[0] == '-' || s[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)s[i]) && s[i] != '-')
			return false;
		digits = digits && isdigit((unsigned char)s[i]);
	}
	return !digits;
}

bool
spf_macro_is_domain(const char *s, size_t len)
{
	struct macro m;
	size_t last = 0; /* where the literal text at the end begins */
	size_t dot;

	for (size_t at = 0, n; at < len; at += n) {
		n = s[at] == '%' ? read_macro(s + at, len - at, &m) : 1;
		if (n == 0)
			return false;
		if (s[at] == '%')
			last = at + n;
	}
	if (last == len)
		return len > 0;
	if (s[len - 1] == '.')
		len--;
	for (dot = len; dot > last && s[dot - 1] != '.';)
		dot--;
	return dot > last && is_top_label(s + dot, len - dot);
}

/* An address as %{i} has it: 192.0.2.1, or 32 digits with dots between. */
static void
address_dots(const struct address *a, char out[64])
{
	size_t n = 0;

	out[0] = '\0';
	if (a->family == AF_INET) {
		(void)snprintf(out, 64, "%u.%u.%u.%u", a->bytes[0], a->bytes[1],
		    a->bytes[2], a->bytes[3]);
		return;
	}
	for (size_t i = 0; i < 16; i++)
		n += (size_t)snprintf(out + n, 64 - n, "%s%x.%x",
		    i == 0 ? "" : ".", a->bytes[i] >> 4U, a->bytes[i] & 15U);
}

/* What the letter stands for; text has room for what is put together. */
static const char *
value_of(char letter, const struct spf_macro_values *v, char text[320])
{
	const char *at = strrchr(v->sender, '@');
	struct address a = v->ip;

	switch (letter) {
	case 's':
		return v->sender;
	case 'l':
		(void)snprintf(text, 320, "%.*s",
		    (int)(at == NULL ? 0 : at - v->sender), v->sender);
		return text;
	case 'o':
		return at == NULL ? v->sender : at + 1;
	case 'd':
		return v->domain;
	case 'i':
		address_dots(&v->ip, text);
		return text;
	case 'p':
		return v->name;
	case 'v':
		return v->ip.family == AF_INET ? "in-addr" : "ip6";
	case 'h':
		return v->helo;
	case 'c':
		a.port = 0;
		return address_text(&a, text);
	case 'r':
		return v->receiver;
	default:
		(void)snprintf(text, 320, "%" PRId64, v->now);
		return text;
	}
}

/* RFC 3986, unreserved. */
static bool
is_unreserved(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '.' || c == '_' ||
	    c == '~';
}

static bool
add_part(struct buf *out, const char *s, size_t len, bool escape)
{
	for (size_t i = 0; i < len; i++)
		if (escape && !is_unreserved(s[i]) ?
			!buf_printf(out, "%%%02X", (unsigned char)s[i]) :
			!buf_putc(out, s[i]))
			return false;
	return true;
}

/* The value's parts, the rightmost of them, with dots between. */
static bool
add_value(struct buf *out, const char *s, const struct macro *m)
{
	const char *delimiters = m->delimiters[0] == '\0' ? "." : m->delimiters;
	const bool escape = isupper((unsigned char)m->letter) != 0;
	size_t begin[PARTS_MAX + 1] = { 0 };
	size_t n = 1;
	size_t first;
	bool fits = true;

	if (m->parts == 0 && !m->reverse && strcmp(delimiters, ".") == 0)
		return add_part(out, s, strlen(s), escape);
	for (size_t i = 0; s[i] != '\0'; i++)
		if (n < PARTS_MAX && strchr(delimiters, s[i]) != NULL)
			begin[n++] = i + 1;
	begin[n] = strlen(s) + 1;
	first = m->parts > 0 && m->parts < n ? n - m->parts : 0;
	for (size_t i = first; i < n && fits; i++) {
		/* Reversed, the rightmost are those that come last, too. */
		const size_t k = m->reverse ? n - 1 - i : i;

		fits = (i == first || buf_putc(out, '.')) &&
		    add_part(out, s + begin[k], begin[k + 1] - begin[k] - 1,
			escape);
	}
	return fits;
}

bool
spf_macro_expand(struct buf *out, const char *s, size_t len,
    const struct spf_macro_values *v)
{
	struct macro m;
	char text[320];
	bool fits = true;

	for (size_t at = 0, n; at < len && fits; at += n) {
		n = s[at] == '%' ? read_macro(s + at, len - at, &m) : 1;
		if (n == 0)
			return false;
		if (s[at] != '%')
			fits = buf_putc(out, s[at]);
		else if (m.letter != '\0')
			fits = add_value(out,
			    value_of((char)tolower((unsigned char)m.letter), v,
				text),
			    &m);
		else
			fits = buf_add(out,
			    s[at + 1] == '%'     ? "%" :
				s[at + 1] == '_' ? " " :
						   "%20");
	}
	return fits;
}
