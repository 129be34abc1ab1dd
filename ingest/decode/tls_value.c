/* tls_value: the values in a TLS report's JSON, as they are kept. */
#include "ingest/decode/tls_value.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "common/mem.h"
#include "common/num.h"
#include "common/printable.h"
#include "ingest/decode/domain.h"
#include "ingest/limits.h"

void
tls_quirk(const struct tls_reader *r, enum quirk q)
{
	r->head->quirks |= QUIRK_BIT(q);
}

/* ---- texts -------------------------------------------------------------------- */

/* Text as it is kept: on one line, printable, cut; NULL when nothing is left. */
static char *
clean(const struct tls_reader *r, const char *s, size_t len)
{
	char *out = g_strndup(s, len);
	size_t n;

	if (len > LIMIT_TLS_TEXT) {
		tls_quirk(r, QUIRK_VALUE_CUT);
		n = (size_t)(g_utf8_find_prev_char(out,
				 out + LIMIT_TLS_TEXT + 1) -
		    out);
		out[n] = '\0';
	}
	(void)g_strdelimit(out, "\t\r\n", ' ');
	printable(out);
	(void)g_strstrip(out);
	if (out[0] != '\0')
		return out;
	g_free(out);
	return NULL;
}

/* A string, or a number where a string belongs; for g_free(). */
static char *
text_of(const struct tls_reader *r, const json_t *v)
{
	if (json_is_integer(v))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT,
		    json_integer_value(v));
	if (!json_is_string(v))
		return NULL;
	return clean(r, json_string_value(v), json_string_length(v));
}

/* Put it where the report keeps its texts. */
static const char *
keep(const struct tls_reader *r, char *s)
{
	const char *kept;

	if (s == NULL)
		return NULL;
	kept = g_string_chunk_insert_const(r->report->texts, s);
	g_free(s);
	return kept;
}

const char *
tls_get_text(const struct tls_reader *r, const json_t *o, const char *name)
{
	return keep(r, text_of(r, json_object_get(o, name)));
}

/* The same for the head, which owns its texts. */
char *
tls_get_head(const struct tls_reader *r, const json_t *o, const char *name)
{
	char *s = text_of(r, json_object_get(o, name));
	char *own = mem_strdup(s);

	g_free(s);
	return own;
}

/* A word of a list, in lower case; others are kept and flagged. */
const char *
tls_get_word(const struct tls_reader *r, const json_t *o, const char *name,
    const char *const *list, enum quirk other)
{
	char *s = text_of(r, json_object_get(o, name));
	char *low;

	if (s == NULL) {
		tls_quirk(r, other);
		return NULL;
	}
	low = g_ascii_strdown(s, -1);
	if (strcmp(low, s) != 0)
		tls_quirk(r, QUIRK_CAPITAL_VALUE);
	if (!g_strv_contains(list, low))
		tls_quirk(r, other);
	g_free(s);
	return keep(r, low);
}

const char *
tls_get_domain(const struct tls_reader *r, const json_t *o, const char *name)
{
	char *s = text_of(r, json_object_get(o, name));
	char out[DOMAIN_SIZE];

	if (s == NULL)
		return NULL;
	domain_normalise(s, out, &r->head->quirks);
	g_free(s);
	return out[0] == '\0' ? NULL : keep(r, g_strdup(out));
}

/* An address in the form that the database writes; what is none is dropped. */
const char *
tls_get_address(const struct tls_reader *r, const json_t *o, const char *name)
{
	char *s = text_of(r, json_object_get(o, name));
	unsigned char ip[16];
	char out[INET6_ADDRSTRLEN];
	const char *made = NULL;

	if (s == NULL)
		return NULL;
	for (int i = 0; i < 2 && made == NULL; i++) {
		const int family = i == 0 ? AF_INET : AF_INET6;

		if (inet_pton(family, s, ip) == 1)
			made = inet_ntop(family, ip, out, sizeof(out));
	}
	if (made == NULL)
		tls_quirk(r, QUIRK_BAD_SOURCE_IP);
	g_free(s);
	return made == NULL ? NULL : keep(r, g_strdup(made));
}

static void
add_line(const struct tls_reader *r, struct buf *lines, const json_t *v)
{
	char *s = text_of(r, v);

	if (s == NULL)
		return;
	if (lines->len > 0)
		(void)buf_putc(lines, '\n');
	if (!buf_add(lines, s))
		tls_quirk(r, QUIRK_VALUE_CUT);
	g_free(s);
}

/* An array of strings, or one string; one a line. */
const char *
tls_get_lines(const struct tls_reader *r, const json_t *v)
{
	struct buf lines;
	const char *kept = NULL;
	size_t n = json_array_size(v);

	buf_init(&lines, LIMIT_TEXT);
	if (!json_is_array(v))
		add_line(r, &lines, v);
	if (n > LIMIT_TLS_LINES) {
		tls_quirk(r, QUIRK_VALUE_CUT);
		n = LIMIT_TLS_LINES;
	}
	for (size_t i = 0; i < n; i++)
		add_line(r, &lines, json_array_get(v, i));
	if (lines.len > 0)
		kept = g_string_chunk_insert_const(r->report->texts,
		    buf_str(&lines));
	buf_free(&lines);
	return kept;
}

/* ---- numbers and dates ----------------------------------------------------------- */

/* A count, also as text or as 5.0; false: it is none. */
static bool
count_of(const struct tls_reader *r, const json_t *v, int64_t *n)
{
	double real;

	if (json_is_integer(v)) {
		*n = json_integer_value(v);
	} else if (json_is_real(v)) {
		real = json_real_value(v);
		if (!(real >= 0 && real <= (double)LIMIT_COUNT))
			return false;
		*n = (int64_t)real;
		if ((double)*n != real)
			return false;
		tls_quirk(r, QUIRK_COUNT_AS_TEXT);
	} else if (json_is_string(v)) {
		if (!num_int64(json_string_value(v), 0, LIMIT_COUNT, n))
			return false;
		tls_quirk(r, QUIRK_COUNT_AS_TEXT);
	} else {
		return false;
	}
	return *n >= 0 && *n <= LIMIT_COUNT;
}

enum diag_code
tls_get_count(const struct tls_reader *r, const json_t *o, const char *name,
    int64_t *n)
{
	if (count_of(r, json_object_get(o, name), n))
		return DIAG_OK;
	return diag_set(r->d, DIAG_FORMAT, REASON_BAD_SESSION_COUNT,
	    "TLS report's %s is no number of sessions", name);
}

/* Seconds since 1970 as text, which check_head() takes; "": it is missing.
 * False: it is no date. */
bool
tls_get_date(const struct tls_reader *r, const json_t *range, const char *name,
    char out[24])
{
	const json_t *v = json_object_get(range, name);
	GDateTime *t = NULL;
	GTimeZone *utc;

	out[0] = '\0';
	if (json_is_integer(v)) {
		(void)snprintf(out, 24, "%lld",
		    (long long)json_integer_value(v));
		return true;
	}
	if (v == NULL)
		return true;
	if (json_is_string(v) && json_string_length(v) <= 60) {
		utc = g_time_zone_new_utc();
		t = g_date_time_new_from_iso8601(json_string_value(v), utc);
		g_time_zone_unref(utc);
	}
	if (t == NULL) {
		(void)diag_set(r->d, DIAG_FORMAT, REASON_BAD_DATE,
		    "TLS report's %s is no date: \"%.40s\"", name,
		    json_is_string(v) ? json_string_value(v) : "");
		return false;
	}
	(void)snprintf(out, 24, "%lld", (long long)g_date_time_to_unix(t));
	g_date_time_unref(t);
	return true;
}
