/* sts_policy: the policy of MTA-STS. */
#include "check/sts_policy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/host.h"

#define LINES_MAX 200
#define NAME_MAX  32
#define AGE_MAX   31557600 /* a year */

static const char *const fields[] = { "version", "mode", "max_age", "mx" };

enum field {
	VERSION_FIELD,
	MODE,
	AGE,
	MX,
	OTHER
};

struct run {
	struct findings *f;
	struct tags t; /* only its text is used */
	struct sts_policy *out;
	bool seen[OTHER + 1];
	bool needs_mx;
};

bool
sts_policy_is_meant(const char *text, size_t len)
{
	char *copy = strndup(text, len < 2000 ? len : 2000);
	const char *s = copy + strspn(copy, " \t\r\n");
	const bool is = strncasecmp(s, "version:", 8) == 0 ||
	    strncasecmp(s, "mode:", 5) == 0 ||
	    strncasecmp(s, "max_age:", 8) == 0 ||
	    strcasestr(copy, "\nmax_age:") != NULL;

	free(copy);
	return is;
}

static const char *
text_of(struct run *r, struct tag_part p)
{
	return findings_text(r->f, r->t.text + p.at, p.len);
}

static enum field
field_of(const struct run *r, struct tag_part name)
{
	for (size_t i = 0; i < OTHER; i++)
		if (tags_is(&r->t, name, fields[i]))
			return (enum field)i;
	return OTHER;
}

/* A host, or "*." and one. */
static bool
is_pattern(const char *s, size_t len)
{
	char *copy = strndup(s, len);
	char *host = strncmp(copy, "*.", 2) == 0 ? copy + 2 : copy;
	bool fine;
	size_t n;

	host_clean(host);
	n = strlen(host);
	fine = n > 0 && host_is_plain(host) && host[0] != '-' &&
	    host[n - 1] != '-' && strstr(host, "-.") == NULL &&
	    strstr(host, ".-") == NULL && strchr(host, '_') == NULL;
	free(copy);
	return fine;
}

static void
take_mx(struct run *r, struct tag_part value)
{
	if (!is_pattern(r->t.text + value.at, value.len))
		(void)finding_add(r->f, T07_MX, value, "name",
		    text_of(r, value), FINDING_END);
	else if (r->out->n_mx < STS_MX_MAX)
		r->out->mx[r->out->n_mx++] = value;
}

static void
take_age(struct run *r, struct tag_part value)
{
	const char *s = r->t.text + value.at;
	long n = 0;
	bool fine = value.len > 0 && value.len <= 10;

	for (size_t i = 0; i < value.len && fine; i++) {
		fine = isdigit((unsigned char)s[i]);
		n = n * 10 + (s[i] - '0');
	}
	if (!fine || n > AGE_MAX)
		(void)finding_add(r->f, T07_AGE, value, "value",
		    text_of(r, value), FINDING_END);
}

static void
take_mode(struct run *r, struct tag_part value)
{
	if (tags_is(&r->t, value, "none"))
		return;
	r->needs_mx = true;
	if (!tags_is(&r->t, value, "enforce") &&
	    !tags_is(&r->t, value, "testing"))
		(void)finding_add(r->f, T07_MODE, value, "value",
		    text_of(r, value), FINDING_END);
}

/* A field that the RFC does not have: its name, and that something is there. */
static void
take_other(struct run *r, struct tag_part name, struct tag_part value,
    struct tag_part all)
{
	const char *s = r->t.text + name.at;
	bool fine = name.len > 0 && name.len <= NAME_MAX && value.len > 0 &&
	    isalnum((unsigned char)s[0]);

	for (size_t i = 1; i < name.len && fine; i++)
		fine = isalnum((unsigned char)s[i]) ||
		    strchr("_-.", s[i]) != NULL;
	if (fine)
		(void)finding_add(r->f, T07_UNKNOWN, name, "name",
		    text_of(r, name), FINDING_END);
	else
		(void)finding_add(r->f, T07_LINE, all, "text", text_of(r, all),
		    FINDING_END);
}

static void
take_field(struct run *r, struct tag_part name, struct tag_part value,
    struct tag_part all)
{
	const enum field field = field_of(r, name);

	if (field != MX && field != OTHER && r->seen[field]) {
		(void)finding_add(r->f, T07_TWICE, all, "name", fields[field],
		    FINDING_END);
		return;
	}
	r->seen[field] = true;
	if (field == VERSION_FIELD && !tags_is(&r->t, value, "STSv1"))
		(void)finding_add(r->f, T07_VERSION, value, FINDING_END);
	else if (field == MODE)
		take_mode(r, value);
	else if (field == AGE)
		take_age(r, value);
	else if (field == MX)
		take_mx(r, value);
	else if (field == OTHER)
		take_other(r, name, value, all);
}

static void
take_line(struct run *r, struct tag_part line)
{
	const char *s = r->t.text + line.at;
	const char *colon = line.len == 0 ? NULL : memchr(s, ':', line.len);
	struct tag_part rest = line;
	struct tag_part name;
	struct tag_part value = { line.at + line.len, 0 };

	if (line.len == 0)
		return;
	if (colon == NULL) {
		(void)finding_add(r->f, T07_LINE, line, "text",
		    text_of(r, line), FINDING_END);
		return;
	}
	(void)tags_next_item(&r->t, &rest, ':', &name);
	if (rest.len > 0)
		(void)tags_next_item(&r->t, &rest, '\n', &value);
	take_field(r, name, value, line);
}

void
sts_policy_check(struct findings *f, const char *text, size_t len,
    struct sts_policy *out)
{
	static const enum finding_id missing[] = { T07_VERSION, T07_NO_MODE,
		T07_NO_AGE };
	const struct tag_part none = { 0, 0 };
	struct run r = { .f = f,
		.t = { .text = text, .len = len },
		.out = out };
	struct tag_part rest = { 0, len };
	struct tag_part line;
	size_t n = 0;

	*out = (struct sts_policy){ .n_mx = 0 };
	while (n++ < LINES_MAX && tags_next_item(&r.t, &rest, '\n', &line))
		take_line(&r, line);
	for (size_t i = 0; i < MX; i++)
		if (!r.seen[i])
			(void)finding_add(f, missing[i], none, FINDING_END);
	if (r.needs_mx && !r.seen[MX])
		(void)finding_add(f, T07_NO_MX, none, FINDING_END);
}

bool
sts_policy_covers(const char *text, struct tag_part mx, const char *host)
{
	const char *s = text + mx.at;
	const char *dot = strchr(host, '.');

	if (mx.len > 2 && strncmp(s, "*.", 2) == 0)
		return dot != NULL && strlen(dot) == mx.len - 1 &&
		    strncasecmp(s + 1, dot, mx.len - 1) == 0;
	return strlen(host) == mx.len && strncasecmp(s, host, mx.len) == 0;
}
