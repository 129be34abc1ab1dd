/* mail_lint: the mistakes in the header and the lines of a mail. */
#include "check/mail_lint.h"

#include <ctype.h>
#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include "check/mail_words.h"
#include "common/mem.h"

/* So much of a line that is too long is shown. */
#define SHOWN          72

#define LINE_MAX_BYTES 998
#define VALUE_MAX      65536

static void
say_field(struct mail_lint *l, enum mail_finding_id id,
    const struct message_field *f, const char *detail, const char *fix)
{
	const char *newline = memchr(l->m->bytes + f->at, '\n', f->len);

	mail_lint_say(l, id, f->at,
	    newline == NULL ? f->len : (size_t)(newline - l->m->bytes) - f->at,
	    detail, fix);
}

static void
say_count(struct mail_lint *l, enum mail_finding_id id,
    const struct message_field *f, size_t n)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "%zu", n);
	say_field(l, id, f, text, NULL);
}

/* ---- fields that must be there ------------------------------------------------ */

static void
check_from(struct mail_lint *l)
{
	const struct message_field *f = message_find(l->m, "From");
	const size_t n = message_count(l->m, "From");
	InternetAddressList *list;
	char *value;
	int addresses;

	if (n == 0) {
		mail_lint_say(l, M_NO_FROM, MAIL_LINT_NOWHERE, 0, NULL,
		    "From: Name <name@your.domain>");
		return;
	}
	if (n > 1)
		say_count(l, M_MANY_FROM,
		    message_find_from(l->m, "From",
			message_number(l->m, f) + 1),
		    n);
	value = message_value(l->m, f, VALUE_MAX);
	list = internet_address_list_parse(NULL, value);
	addresses = list == NULL ? 0 : internet_address_list_length(list);
	if (addresses == 0 || strchr(value, '@') == NULL)
		say_field(l, M_FROM_BROKEN, f, NULL, NULL);
	else if (addresses > 1)
		say_count(l, M_FROM_ADDRESSES, f, (size_t)addresses);
	if (list != NULL)
		g_object_unref(list);
	free(value);
}

static bool
matches(const char *pattern, const char *s)
{
	regex_t re;
	bool is;

	if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB | REG_ICASE) != 0)
		abort(); /* the pattern is ours */
	is = regexec(&re, s, 0, NULL, 0) == 0;
	regfree(&re);
	return is;
}

static void
check_date(struct mail_lint *l)
{
	const struct message_field *f = message_find(l->m, "Date");
	char *value;

	if (f == NULL) {
		mail_lint_say(l, M_NO_DATE, MAIL_LINT_NOWHERE, 0, NULL,
		    "Date: Mon, 30 Nov 2026 09:00:00 +0900");
		return;
	}
	value = message_value(l->m, f, 200);
	if (!matches(
		"^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) ?, ?)?"
		"([1-9]|0[1-9]|[12][0-9]|3[01]) "
		"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
		"[0-9]{4} ([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60))? "
		"([-+][0-9]{4}|UT|GMT|[ECMP][SD]T|Z)( ?\\(.*\\))?$",
		value))
		say_field(l, M_BAD_DATE, f, NULL, NULL);
	free(value);
}

static void
check_message_id(struct mail_lint *l)
{
	const struct message_field *f = message_find(l->m, "Message-ID");
	char *value;

	if (f == NULL) {
		mail_lint_say(l, M_NO_MESSAGE_ID, MAIL_LINT_NOWHERE, 0, NULL,
		    "Message-ID: <unique@your.domain>");
		return;
	}
	value = message_value(l->m, f, 2000);
	if (!matches("^<[^<>@ ]+@[^<>@ ]+>$", value))
		say_field(l, M_BAD_MESSAGE_ID, f, NULL, NULL);
	free(value);
}

/* ---- fields that may be there once --------------------------------------------- */

static void
check_duplicates(struct mail_lint *l)
{
	static const char *const once[] = { "Date", "Sender", "Reply-To", "To",
		"Cc", "Bcc", "Message-ID", "In-Reply-To", "References",
		"Subject", "MIME-Version", "Content-Type",
		"Content-Transfer-Encoding" };
	char detail[80];

	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++) {
		const size_t n = message_count(l->m, once[i]);
		const struct message_field *f = message_find(l->m, once[i]);

		if (n < 2)
			continue;
		(void)snprintf(detail, sizeof(detail),
		    "there are %zu %s fields", n, once[i]);
		say_field(l, M_DUPLICATE,
		    message_find_from(l->m, once[i],
			message_number(l->m, f) + 1),
		    detail, NULL);
	}
}

/* ---- what stands in fields ------------------------------------------------------ */

static void
check_raw(struct mail_lint *l, const struct message_field *f)
{
	const char *s = l->m->bytes + f->at;
	char name[80];
	char *fix;
	size_t i = 0;
	size_t n;

	while (i < f->len && (unsigned char)s[i] < 0x80 && s[i] != '\033')
		i++;
	if (i == f->len)
		return;
	for (n = 1; i + n < f->len && s[i + n] != '\n' && s[i + n] != '\r' &&
	     ((unsigned char)s[i + n] >= 0x80 || s[i] == '\033');
	     n++)
		;
	(void)snprintf(name, sizeof(name), "%.*s",
	    (int)(f->name < sizeof(name) ? f->name : sizeof(name) - 1), s);
	fix = mail_words_encoded(l->m, f);
	mail_lint_say(l, s[i] == '\033' ? M_RAW_ISO2022 : M_RAW_8BIT, f->at + i,
	    n, name, fix);
	free(fix);
}

static void
check_form(struct mail_lint *l, const struct message_field *f)
{
	const char *s = l->m->bytes + f->at;
	size_t at = 0;
	size_t line, n;

	if (f->value > f->at + f->name + 1)
		mail_lint_say(l, M_SPACE_COLON, f->at + f->name,
		    f->value - 1 - f->at - f->name, NULL, NULL);
	while (message_line(s, f->len, &at, &line, &n))
		if (line > 0 && strspn(s + line, " \t") >= n) {
			mail_lint_say(l, M_BLANK_FOLD, f->at + line, n, NULL,
			    NULL);
			break;
		}
}

void
mail_lint_header(struct mail_lint *l)
{
	check_from(l);
	check_date(l);
	check_message_id(l);
	check_duplicates(l);
	for (size_t i = 0; i < l->m->n; i++) {
		check_form(l, &l->m->fields[i]);
		check_raw(l, &l->m->fields[i]);
		mail_words_check(l, &l->m->fields[i]);
	}
	if (l->m->n_strays > 0)
		mail_lint_say(l, M_STRAY_LINE, l->m->stray.at, l->m->stray.len,
		    NULL, NULL);
	if (l->m->too_many)
		mail_lint_say(l, M_TOO_MUCH, MAIL_LINT_NOWHERE, 0,
		    "there are over 10000 fields", NULL);
	if (!l->m->has_body)
		mail_lint_say(l, M_NO_BODY, MAIL_LINT_NOWHERE, 0, NULL, NULL);
}

/* ---- lines ---------------------------------------------------------------------- */

static void
check_bytes(struct mail_lint *l)
{
	const char *s = l->m->bytes;
	const size_t len = l->m->len;
	const char *nul = memchr(s, '\0', len);
	size_t crlf = 0;
	size_t lf = 0;
	const char *p = s;

	if (nul != NULL)
		mail_lint_say(l, M_NUL, (size_t)(nul - s), 1, NULL, NULL);
	for (; (p = memchr(p, '\n', len - (size_t)(p - s))) != NULL; p++)
		if (p > s && p[-1] == '\r')
			crlf++;
		else
			lf++;
	if (crlf > 0 && lf > 0)
		mail_lint_say(l, M_MIXED_ENDS, MAIL_LINT_NOWHERE, 0, NULL,
		    NULL);
	for (p = s; (p = memchr(p, '\r', len - (size_t)(p - s))) != NULL; p++)
		if ((size_t)(p - s) + 1 == len || p[1] != '\n') {
			mail_lint_say(l, M_BARE_CR, (size_t)(p - s), 1, NULL,
			    NULL);
			break;
		}
}

void
mail_lint_lines(struct mail_lint *l)
{
	char detail[32];
	size_t at = 0;
	size_t line, n;

	while (message_line(l->m->bytes, l->m->len, &at, &line, &n)) {
		if (n <= LINE_MAX_BYTES)
			continue;
		(void)snprintf(detail, sizeof(detail), "%zu", n);
		mail_lint_say(l, M_LONG_LINE, line, SHOWN, detail, NULL);
		if (l->told[M_LONG_LINE] >= MAIL_MISTAKES_SAME)
			break;
	}
	check_bytes(l);
}
