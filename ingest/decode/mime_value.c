/* mime_value: values of header fields, as far as they are plain. */
#include "ingest/decode/mime_value.h"

#include <string.h>
#include <time.h>

#include <gmime/gmime.h>

#include "ingest/decode/mail.h"

/* Nearly all of a value: it is kept, and there is nothing to be said of it. */
static bool
is_usual(char c)
{
	return c > '(' && c <= '~' && c != '\\';
}

char *
value_unfold(struct values *values, const struct text *field)
{
	const size_t room = sizeof(values->text) - values->used;
	char *out = values->text + values->used;
	size_t k = 0;
	bool quoted = false;

	if (field->len >= room)
		return NULL;
	for (size_t i = 0; i < field->len; i++) {
		const char c = field->s[i];

		if (is_usual(c)) {
			out[k++] = c;
			continue;
		}
		if (c == '"')
			quoted = !quoted;
		if (c == '\r' && i + 1 < field->len && field->s[i + 1] == '\n')
			continue;
		if ((c == '\n' && !quoted) ||
		    ((c == ' ' || c == '\t') && k == 0))
			continue;
		if ((c < ' ' && c != '\t') || c > '~' || c == '\\' || c == '(')
			return NULL;
		out[k++] = c;
	}
	while (k > 0 && (out[k - 1] == ' ' || out[k - 1] == '\t'))
		k--;
	out[k] = '\0';
	values->used += k + 1;
	return k > 0 && !quoted && strstr(out, "=?") == NULL ? out : NULL;
}

/* ---- parameters ---------------------------------------------------------- */

static char *
skip_blanks(char *s)
{
	while (*s == ' ' || *s == '\t')
		s++;
	return s;
}

/* Of RFC 2045 5.1, less what RFC 2231 makes of a name with a star. */
static bool
is_token(char c)
{
	return g_ascii_isalnum(c) ||
	    (c != '\0' && strchr("!#$&+-.^_`{|}~", c) != NULL);
}

static size_t
token_length(const char *s)
{
	size_t n = 0;

	while (is_token(s[n]))
		n++;
	return n;
}

/* Cut off the parameter's value at s; NULL: it is odd. */
static char *
cut_value(char **s)
{
	char *value = *s;
	size_t n;

	if (*value == '"') {
		value++;
		n = strcspn(value, "\"");
		*s = value + n + 1;
	} else {
		n = token_length(value);
		*s = value + n;
	}
	if (n == 0)
		return NULL;
	*s = skip_blanks(*s);
	if (**s != ';' && **s != '\0')
		return NULL;
	if (**s == ';')
		(*s)++;
	value[n] = '\0';
	return value;
}

/* Where the value of a parameter goes; NULL: it does not matter. */
static const char **
wanted(struct value *v, const char *name, size_t len)
{
	if (len == 8 && g_ascii_strncasecmp(name, "boundary", len) == 0)
		return &v->boundary;
	if (len == 4 && g_ascii_strncasecmp(name, "name", len) == 0)
		return &v->name;
	if (len == 8 && g_ascii_strncasecmp(name, "filename", len) == 0)
		return &v->filename;
	return NULL;
}

static bool
take_parameters(struct value *v, char *s)
{
	const char **to;
	char *text;
	size_t n;

	while (*(s = skip_blanks(s)) != '\0') {
		n = token_length(s);
		to = wanted(v, s, n);
		s = skip_blanks(s + n);
		if (n == 0 || *s++ != '=')
			return false;
		s = skip_blanks(s);
		text = cut_value(&s);
		if (text == NULL || (to != NULL && *to != NULL))
			return false;
		if (to != NULL)
			*to = text;
	}
	return true;
}

bool
value_take(struct values *values, const struct text *field, struct value *v)
{
	char *rest;
	char *s;
	size_t n;

	*v = (struct value){ 0 };
	if (field->s == NULL)
		return true;
	s = value_unfold(values, field);
	if (s == NULL)
		return false;
	v->word = s;
	n = token_length(s);
	if (s[n] == '/')
		n += 1 + token_length(s + n + 1);
	rest = skip_blanks(s + n);
	if (n == 0 || s[0] == '/' || s[n - 1] == '/' ||
	    (*rest != ';' && *rest != '\0'))
		return false;
	if (*rest == ';')
		rest++;
	s[n] = '\0';
	return take_parameters(v, rest);
}

/* ---- addresses and dates ------------------------------------------------- */

/* Words of letters and digits with dots and hyphens between; returns how long. */
static size_t
dotted_length(const char *s)
{
	size_t n = 0;

	while (g_ascii_islower(s[n]) || g_ascii_isdigit(s[n]) || s[n] == '-' ||
	    s[n] == '.') {
		if (s[n] == '.' && (n == 0 || s[n - 1] == '.'))
			return 0;
		n++;
	}
	return n > 0 && s[n - 1] == '.' ? 0 : n;
}

/*
 * An address and nothing else: s[0..n).  Capitals, and domains in punycode, are
 * shown in another way than they are written.
 */
static bool
is_bare_address(const char *s, size_t n)
{
	const size_t local = dotted_length(s);
	const size_t domain = local > 0 && s[local] == '@' ?
	    dotted_length(s + local + 1) :
	    0;

	return domain > 0 && local + 1 + domain == n &&
	    memmem(s, n, "xn--", 4) == NULL;
}

/* A name of plain words, maybe in quotes, and an address in brackets. */
static bool
is_named_address(const char *s)
{
	const bool quoted = *s == '"';
	size_t n;

	s += quoted ? 1 : 0;
	n = strspn(s,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789 ");
	s += n;
	if (n == 0 || (quoted ? strncmp(s, "\" ", 2) != 0 : s[-1] != ' '))
		return false;
	s += quoted ? 2 : 0;
	n = strlen(s);
	return n > 2 && s[0] == '<' && s[n - 1] == '>' &&
	    is_bare_address(s + 1, n - 2);
}

/* How GMime shows it, quotes and all. */
static char *
shown_address(const char *s)
{
	InternetAddressList *list = internet_address_list_parse(NULL, s);
	char *shown = internet_address_list_to_string(list, NULL, FALSE);
	char *out = mail_text(shown);

	g_free(shown);
	g_object_unref(list);
	return out;
}

bool
value_from(struct values *values, const struct text *field, char **from)
{
	const char *text;

	*from = NULL;
	if (field->s == NULL)
		return true;
	text = value_unfold(values, field);
	if (text == NULL)
		return false;
	if (is_bare_address(text, strlen(text)))
		*from = mail_text(text);
	else if (is_named_address(text))
		*from = shown_address(text);
	return *from != NULL;
}

bool
value_message_id(struct values *values, const struct text *field, char **id)
{
	const char *text;
	char *decoded;

	*id = NULL;
	if (field->s == NULL)
		return true;
	text = value_unfold(values, field);
	if (text == NULL)
		return false;
	decoded = g_mime_utils_decode_message_id(text);
	*id = mail_text(decoded);
	g_free(decoded);
	return true;
}

/* The name's place among names of three letters; -1: it is none of them. */
static int
place_of(const char *s, const char *names)
{
	for (const char *at = names; *at != '\0'; at += 3)
		if (memcmp(s, at, 3) == 0)
			return (int)(at - names) / 3;
	return -1;
}

static int
two_digits(const char *s)
{
	return 10 * (s[0] - '0') + s[1] - '0';
}

/* It has digits where the form has 0, anything where it has ?, else the same. */
static bool
has_form(const char *s, const char *form)
{
	for (; *form != '\0'; form++, s++)
		if (*form == '0' ? !g_ascii_isdigit(*s) :
				   *form != '?' && *form != *s)
			return false;
	return true;
}

/*
 * GMime goes by way of the local time zone, which takes longer than all the
 * rest of the header.  False: written in another way than RFC 5322 3.3 wants,
 * or a day that not every month has.
 */
static bool
usual_date(const char *s, int64_t *out)
{
	static const char usual[] = "???, 00 ??? 0000 00:00:00 ?0000";
	struct tm tm = { 0 };
	int east;

	if (strlen(s) != strlen(usual) || !has_form(s, usual) ||
	    place_of(s, "MonTueWedThuFriSatSun") == -1)
		return false;
	tm.tm_mday = two_digits(s + 5);
	tm.tm_mon = place_of(s + 8, "JanFebMarAprMayJunJulAugSepOctNovDec");
	tm.tm_year = 100 * two_digits(s + 12) + two_digits(s + 14) - 1900;
	tm.tm_hour = two_digits(s + 17);
	tm.tm_min = two_digits(s + 20);
	tm.tm_sec = two_digits(s + 23);
	east = 60 * (60 * two_digits(s + 27) + two_digits(s + 29));
	if (tm.tm_mday < 1 || tm.tm_mday > 28 || tm.tm_mon == -1 ||
	    tm.tm_year < 70 || tm.tm_hour > 23 || tm.tm_min > 59 ||
	    tm.tm_sec > 59 || (s[26] != '+' && s[26] != '-') ||
	    east > 14 * 3600 || two_digits(s + 29) > 59)
		return false;
	*out = timegm(&tm) - (s[26] == '-' ? -east : east);
	return true;
}

bool
value_date(struct values *values, const struct text *field, int64_t *out)
{
	const char *text;
	GDateTime *date;

	*out = 0;
	if (field->s == NULL)
		return true;
	text = value_unfold(values, field);
	if (text == NULL)
		return false;
	if (usual_date(text, out))
		return true;
	date = g_mime_utils_header_decode_date(text);
	if (date == NULL)
		return false;
	*out = g_date_time_to_unix(date);
	g_date_time_unref(date);
	return true;
}
