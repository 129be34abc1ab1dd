/* spf_record: the text of an SPF record, taken apart. */
#include "check/spf_record.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "check/spf_macro.h"
#include "common/mem.h"

#define VERSION_LEN 6 /* "v=spf1" */

/* What may follow the name of a mechanism or modifier. */
enum argument {
	NO_ARGUMENT,
	DOMAIN_MAYBE,
	DOMAIN_NEEDED,
	ADDRESS
};

static const struct {
	const char *name;
	enum argument argument;
	bool prefix; /* /24//64 may follow */
	bool asks;
} kinds[SPF_KINDS] = {
	[SPF_ALL] = { "all", NO_ARGUMENT, false, false },
	[SPF_INCLUDE] = { "include", DOMAIN_NEEDED, false, true },
	[SPF_A] = { "a", DOMAIN_MAYBE, true, true },
	[SPF_MX] = { "mx", DOMAIN_MAYBE, true, true },
	[SPF_PTR] = { "ptr", DOMAIN_MAYBE, false, true },
	[SPF_IP4] = { "ip4", ADDRESS, false, false },
	[SPF_IP6] = { "ip6", ADDRESS, false, false },
	[SPF_EXISTS] = { "exists", DOMAIN_NEEDED, false, true },
	[SPF_REDIRECT] = { "redirect", DOMAIN_NEEDED, false, true },
	[SPF_EXP] = { "exp", DOMAIN_NEEDED, false, false },
};

static const char *const fault_texts[] = { [SPF_FINE] = "nothing",
	[SPF_FAULT_MECHANISM] = "no mechanism has this name",
	[SPF_FAULT_NO_ARGUMENT] = "its argument is missing",
	[SPF_FAULT_ARGUMENT] = "it takes no argument",
	[SPF_FAULT_ADDRESS] = "not an address of this family",
	[SPF_FAULT_PREFIX] = "not a prefix length",
	[SPF_FAULT_DOMAIN] = "not the name of a domain",
	[SPF_FAULT_MACRO] = "not a macro that may stand here",
	[SPF_FAULT_BYTE] = "not printable ASCII",
	[SPF_FAULT_TWICE] = "stands there for the second time" };

const char *
spf_fault_text(enum spf_fault fault)
{
	return fault_texts[fault];
}

bool
spf_asks(enum spf_kind kind)
{
	return kinds[kind].asks;
}

bool
spf_is_modifier(enum spf_kind kind)
{
	return kind == SPF_REDIRECT || kind == SPF_EXP ||
	    kind == SPF_OTHER_MODIFIER;
}

bool
spf_is_record(const char *text, size_t len)
{
	return len >= VERSION_LEN &&
	    strncasecmp(text, "v=spf1", VERSION_LEN) == 0 &&
	    (len == VERSION_LEN || text[VERSION_LEN] == ' ');
}

static void
fail(struct spf_term *t, enum spf_fault fault, size_t at, size_t len)
{
	if (t->fault != SPF_FINE)
		return;
	t->fault = fault;
	t->wrong = (struct spf_part){ at, len };
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * A prefix length at the end of s[from..*end), behind so many slashes: *end
 * moves before it.  A leading zero is none.  False: it is out of range.
 */
static bool
take_prefix(const char *s, size_t from, size_t *end, size_t slashes,
    unsigned max, unsigned *out)
{
	size_t at = *end;
	unsigned n = 0;

	while (at > from && is_digit(s[at - 1]))
		at--;
	if (at == *end || at < from + slashes ||
	    strncmp(s + at - slashes, "//", slashes) != 0)
		return true;
	/* One slash of two belongs to the other family. */
	if (slashes == 1 && at >= from + 2 && s[at - 2] == '/')
		return true;
	if (*end - at > 3 || (s[at] == '0' && *end - at > 1))
		return false;
	for (size_t i = at; i < *end; i++)
		n = n * 10 + (unsigned)(s[i] - '0');
	*out = n;
	*end = at - slashes;
	return n <= max;
}

static void
take_prefixes(struct spf_term *t, const char *s, size_t from, size_t *end)
{
	const size_t old = *end;

	if (!take_prefix(s, from, end, 2, 128, &t->prefix6) ||
	    !take_prefix(s, from, end, 1, 32, &t->prefix4))
		fail(t, SPF_FAULT_PREFIX, *end, old - *end);
}

static void
take_domain(struct spf_term *t, const char *s, size_t at, size_t end)
{
	t->domain = (struct spf_part){ at, end - at };
	if (end == at)
		fail(t, SPF_FAULT_NO_ARGUMENT, t->all.at, t->all.len);
	else if (!spf_macro_fine(s + at, end - at, false))
		fail(t, SPF_FAULT_MACRO, at, end - at);
	else if (!spf_macro_is_domain(s + at, end - at))
		fail(t, SPF_FAULT_DOMAIN, at, end - at);
}

/* An address of the term's family, with or without a prefix length. */
static void
take_address(struct spf_term *t, const char *s, size_t at, size_t end)
{
	const bool four = t->kind == SPF_IP4;
	unsigned *const prefix = four ? &t->prefix4 : &t->prefix6;
	const char *slash = memchr(s + at, '/', end - at);
	const size_t to = slash == NULL ? end : (size_t)(slash - s);
	size_t rest = end;
	char text[64];

	if (end == at) {
		fail(t, SPF_FAULT_NO_ARGUMENT, t->all.at, t->all.len);
		return;
	}
	if (slash != NULL &&
	    (!take_prefix(s, to, &rest, 1, four ? 32 : 128, prefix) ||
		rest != to))
		fail(t, SPF_FAULT_PREFIX, to, end - to);
	if (to - at < sizeof(text)) {
		memcpy(text, s + at, to - at);
		text[to - at] = '\0';
	} else
		text[0] = '\0';
	/* The family as written: ip6 may hold an IPv4 address in IPv6 dress. */
	if (!address_parse(text, &t->ip) || (strchr(text, ':') == NULL) != four)
		fail(t, SPF_FAULT_ADDRESS, at, to - at);
}

static void
take_argument(struct spf_term *t, const char *s, size_t name_end, size_t end)
{
	const bool colon = name_end < end && s[name_end] == ':';
	size_t to = end;

	if (kinds[t->kind].argument == NO_ARGUMENT) {
		if (name_end != end)
			fail(t, SPF_FAULT_ARGUMENT, name_end, end - name_end);
		return;
	}
	if (kinds[t->kind].argument == ADDRESS) {
		if (colon)
			take_address(t, s, name_end + 1, end);
		else
			fail(t, SPF_FAULT_NO_ARGUMENT, t->all.at, t->all.len);
		return;
	}
	if (kinds[t->kind].prefix)
		take_prefixes(t, s, name_end, &to);
	if (colon)
		take_domain(t, s, name_end + 1, to);
	else if (to != name_end)
		fail(t, SPF_FAULT_ARGUMENT, name_end, to - name_end);
	else if (kinds[t->kind].argument == DOMAIN_NEEDED)
		fail(t, SPF_FAULT_NO_ARGUMENT, t->all.at, t->all.len);
}

static bool
is_named(const char *s, size_t len, enum spf_kind kind)
{
	return strlen(kinds[kind].name) == len &&
	    strncasecmp(s, kinds[kind].name, len) == 0;
}

static void
parse_modifier(struct spf_record *r, struct spf_term *t, size_t equals)
{
	const size_t at = t->all.at;
	const size_t end = at + t->all.len;

	t->kind = SPF_OTHER_MODIFIER;
	if (is_named(r->text + at, equals - at, SPF_REDIRECT))
		t->kind = SPF_REDIRECT;
	else if (is_named(r->text + at, equals - at, SPF_EXP))
		t->kind = SPF_EXP;
	if (t->kind == SPF_OTHER_MODIFIER) {
		t->domain = (struct spf_part){ equals + 1, end - equals - 1 };
		if (!spf_macro_fine(r->text + equals + 1, end - equals - 1,
			false))
			fail(t, SPF_FAULT_MACRO, equals + 1, end - equals - 1);
		return;
	}
	take_domain(t, r->text, equals + 1, end);
	for (size_t i = 0; i < r->n; i++)
		if (r->terms[i].kind == t->kind)
			fail(t, SPF_FAULT_TWICE, at, t->all.len);
}

static void
parse_mechanism(struct spf_record *r, struct spf_term *t)
{
	const size_t end = t->all.at + t->all.len;
	size_t at = t->all.at;
	size_t to;

	t->qualifier = '+';
	if (strchr("+-~?", r->text[at]) != NULL)
		t->qualifier = r->text[at++];
	for (to = at; to < end && r->text[to] != ':' && r->text[to] != '/';)
		to++;
	t->kind = SPF_NO_MECHANISM;
	for (enum spf_kind k = SPF_ALL; k < SPF_REDIRECT; k++)
		if (is_named(r->text + at, to - at, k))
			t->kind = k;
	if (t->kind == SPF_NO_MECHANISM)
		fail(t, SPF_FAULT_MECHANISM, t->all.at, t->all.len);
	else
		take_argument(t, r->text, to, end);
}

/* The place of the '=' behind the name of a modifier, or 0. */
static size_t
modifier_name(const char *s, size_t at, size_t end)
{
	size_t to = at;

	while (to < end && strchr("=:/", s[to]) == NULL &&
	    (s[to] == '-' || s[to] == '_' || s[to] == '.' || is_digit(s[to]) ||
		((s[to] | 32) >= 'a' && (s[to] | 32) <= 'z')))
		to++;
	if (to == at || to == end || s[to] != '=' || (s[at] | 32) < 'a' ||
	    (s[at] | 32) > 'z')
		return 0;
	return to;
}

static void
parse_term(struct spf_record *r, size_t at, size_t len)
{
	struct spf_term t = { .prefix4 = 32, .prefix6 = 128 };
	const size_t equals = modifier_name(r->text, at, at + len);

	t.all = (struct spf_part){ at, len };
	for (size_t i = at; i < at + len; i++)
		if (r->text[i] < 0x21 || r->text[i] > 0x7e)
			fail(&t, SPF_FAULT_BYTE, i, 1);
	if (equals > 0)
		parse_modifier(r, &t, equals);
	else
		parse_mechanism(r, &t);
	r->terms = mem_realloc(r->terms, r->n + 1, sizeof(r->terms[0]));
	r->terms[r->n++] = t;
}

const struct spf_term *
spf_record_parse(struct spf_record *r, const char *text, size_t len)
{
	size_t at = VERSION_LEN;
	size_t to;

	*r = (struct spf_record){ .text = text, .len = len };
	while (at < len) {
		for (to = at; to < len && text[to] != ' ';)
			to++;
		if (to > at)
			parse_term(r, at, to - at);
		at = to + 1;
	}
	for (size_t i = 0; i < r->n; i++)
		if (r->terms[i].fault != SPF_FINE)
			return &r->terms[i];
	return NULL;
}

void
spf_record_free(struct spf_record *r)
{
	free(r->terms);
	r->terms = NULL;
	r->n = 0;
}
