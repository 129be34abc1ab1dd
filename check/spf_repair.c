/* spf_repair: the term that a broken term was meant to be. */
#include "check/spf_repair.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "check/record_text.h"
#include "common/address.h"
#include "common/mem.h"

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* Longer terms are not looked at: nobody types them wrong by a letter. */
#define TERM_MAX 300

static const char *const names[] = { "all", "include", "a", "mx", "ptr", "ip4",
	"ip6", "exists", "redirect", "exp" };

/* What people write, and what it is. */
static const char *const aliases[][2] = {
	{ "ipv4", "ip4:" },
	{ "ip-v4", "ip4:" },
	{ "ipv6", "ip6:" },
	{ "ip-v6", "ip6:" },
	{ "includes", "include:" },
	{ "incl", "include:" },
	{ "inc", "include:" },
	{ "redirect", "redirect=" },
	{ "exp", "exp=" },
	{ "host", "a:" },
};

bool
spf_term_is_fine(const char *s)
{
	char *text = mem_printf("v=spf1 %s", s);
	struct spf_record r;
	bool fine;

	fine = spf_record_parse(&r, text, strlen(text)) == NULL && r.n == 1 &&
	    r.terms[0].kind != SPF_OTHER_MODIFIER;
	spf_record_free(&r);
	free(text);
	return fine;
}

/* s, which it takes over, when it is fine; else NULL. */
static char *
fine(char *s)
{
	if (s != NULL && !spf_term_is_fine(s)) {
		free(s);
		return NULL;
	}
	return s;
}

/* The address at the start of s, up to a slash. */
static bool
has_address(const char *s, struct address *out)
{
	char copy[64];
	const size_t len = strcspn(s, "/");

	if (len >= sizeof(copy))
		return false;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return address_parse(copy, out);
}

static const char *
ip_name(const char *s)
{
	struct address a;

	if (!has_address(s, &a))
		return NULL;
	/* An IPv4 address in IPv6 dress has colons, too. */
	return strchr(s, ':') == NULL ? "ip4" : "ip6";
}

static size_t
qualifier(const char *s)
{
	return *s != '\0' && strchr("+-~?", *s) != NULL ? 1 : 0;
}

char *
spf_repair_name(const char *term)
{
	const size_t q = qualifier(term);
	const char *s = term + q;
	const size_t len = strcspn(s, ":/=");
	const char *rest = s + len + (s[len] == ':' || s[len] == '=' ? 1 : 0);
	const char *ip = ip_name(s);
	const char *name;

	if (strlen(term) > TERM_MAX)
		return NULL;
	if (ip != NULL)
		return fine(mem_printf("%.*s%s:%s", (int)q, term, ip, s));
	ip = ip_name(rest);
	if (len == 2 && strncasecmp(s, "ip", 2) == 0 && ip != NULL)
		return fine(mem_printf("%.*s%s:%s", (int)q, term, ip, rest));
	for (size_t i = 0; i < N(aliases); i++)
		if (strlen(aliases[i][0]) == len &&
		    strncasecmp(aliases[i][0], s, len) == 0)
			return fine(mem_printf("%.*s%s%s",
			    strchr(aliases[i][1], '=') == NULL ? (int)q : 0,
			    term, aliases[i][1], rest));
	name = len < 3 ?
	    NULL :
	    record_nearest(s, len, names, N(names), len >= 6 ? 2 : 1);
	if (name == NULL && len == 2 && strcasecmp(s, "al") == 0)
		name = "all";
	if (name == NULL)
		return NULL;
	return fine(mem_printf("%.*s%s%s%s", (int)q, term, name,
	    s[len] == ':' || s[len] == '=' ? ":" : "", rest));
}

char *
spf_repair_modifier(const char *term)
{
	const char *equals = strchr(term, '=');
	const char *name;
	char *s;

	if (equals == NULL || strlen(term) > TERM_MAX)
		return NULL;
	name = record_nearest(term, (size_t)(equals - term), names, N(names),
	    equals - term >= 6     ? 2 :
		equals - term >= 3 ? 1 :
				     0);
	if (name == NULL)
		return spf_repair_name(term);
	s = fine(mem_printf("%s=%s", name, equals + 1));
	return s != NULL ? s : fine(mem_printf("%s:%s", name, equals + 1));
}

/* A netmask as the length of a prefix, or -1. */
static int
mask_length(const char *s)
{
	struct address a;
	int n = 0;

	if (strchr(s, '.') == NULL || !address_parse(s, &a))
		return -1;
	while (n < 32 && (a.bytes[n / 8] & (0x80U >> n % 8)) != 0)
		n++;
	for (int i = n; i < 32; i++)
		if ((a.bytes[i / 8] & (0x80U >> i % 8)) != 0)
			return -1;
	return n;
}

/* 192.0.2, 192.0.2.*, 192.000.002.001 as an address of four numbers; *length
 * is that of its prefix. */
static bool
whole_address(const char *s, size_t len, char out[20], int *length)
{
	unsigned n[4] = { 0 };
	size_t k = 0;
	size_t i = 0;

	while (i < len && k < 4) {
		size_t digits = 0;

		if (s[i] == '*' && i + 1 == len && k > 0)
			break;
		for (; i < len && isdigit((unsigned char)s[i]) && digits < 4;
		     i++, digits++)
			n[k] = n[k] * 10 + (unsigned)(s[i] - '0');
		if (digits == 0 || n[k] > 255)
			return false;
		k++;
		if (i < len && s[i++] != '.')
			return false;
	}
	if (k == 0 || (i < len && s[i] != '*'))
		return false;
	*length = (int)k * 8;
	(void)snprintf(out, 20, "%u.%u.%u.%u", n[0], n[1], n[2], n[3]);
	return true;
}

char *
spf_repair_address(const char *term)
{
	const size_t q = qualifier(term);
	const char *s = strchr(term, ':');
	const char *ip;
	size_t len;
	int length;
	char whole[20];

	if (s == NULL || strlen(term) > TERM_MAX)
		return NULL;
	s++;
	if (*s == '[')
		return fine(mem_printf("%.*s%.*s%s", (int)(s - term), term,
		    (int)strcspn(s + 1, "]"), s + 1,
		    s + 1 + strcspn(s + 1, "]") + (strchr(s, ']') != NULL)));
	len = strcspn(s, "/");
	ip = ip_name(s);
	if (ip != NULL && s[len] == '/' && mask_length(s + len + 1) >= 0)
		return fine(mem_printf("%.*sip4:%.*s/%d", (int)q, term,
		    (int)len, s, mask_length(s + len + 1)));
	if (ip != NULL)
		return fine(mem_printf("%.*s%s:%s", (int)q, term, ip, s));
	if (whole_address(s, len, whole, &length)) {
		if (s[len] == '/' || length == 32)
			return fine(mem_printf("%.*sip4:%s%s", (int)q, term,
			    whole, s + len));
		return fine(
		    mem_printf("%.*sip4:%s/%d", (int)q, term, whole, length));
	}
	/* A host is what a: is for; macros are not. */
	return strpbrk(s, "%:") != NULL ?
	    NULL :
	    fine(mem_printf("%.*sa:%s", (int)q, term, s));
}

char *
spf_repair_prefix(const char *term)
{
	char *out = mem_strdup(term);
	char *slash = strrchr(out, '/');

	if (slash == NULL || strlen(term) > TERM_MAX) {
		free(out);
		return NULL;
	}
	if (mask_length(slash + 1) >= 0) {
		free(out);
		return spf_repair_address(term);
	}
	while (slash[1] == '0' && isdigit((unsigned char)slash[2]))
		memmove(slash + 1, slash + 2, strlen(slash + 2) + 1);
	if (!spf_term_is_fine(out) && slash > out && slash[-1] == '/')
		memmove(slash, slash + 1, strlen(slash + 1) + 1);
	return fine(out);
}

char *
spf_repair_domain(const char *term)
{
	const char *s = strpbrk(term, ":=");
	const char *ip;
	char *out;
	size_t head;
	size_t len;

	if (s == NULL || strlen(term) > TERM_MAX)
		return NULL;
	s++;
	ip = ip_name(s);
	if (ip != NULL)
		return fine(
		    mem_printf("%.*s%s:%s", (int)qualifier(term), term, ip, s));
	head = (size_t)(s - term);
	if (strncasecmp(s, "http://", 7) == 0)
		s += 7;
	else if (strncasecmp(s, "https://", 8) == 0)
		s += 8;
	while (*s != '\0' && strchr("@.<\"'", *s) != NULL)
		s++;
	len = strlen(s);
	while (len > 0 && strchr(">\"'/.:!", s[len - 1]) != NULL)
		len--;
	out = fine(mem_printf("%.*s%.*s", (int)head, term, (int)len, s));
	if (out != NULL || strchr(s, '/') == NULL)
		return out;
	return fine(
	    mem_printf("%.*s%.*s", (int)head, term, (int)strcspn(s, "/"), s));
}

char *
spf_repair_name_twice(const char *term)
{
	const char *s = strpbrk(term, ":=");

	if (s == NULL)
		return NULL;
	s++;
	for (size_t i = 0; i < N(names); i++) {
		const size_t len = strlen(names[i]);

		if (len > 2 && strncasecmp(s, names[i], len) == 0 &&
		    s[len] == ':')
			return fine(mem_printf("%.*s%s", (int)(s - term), term,
			    s + len + 1));
	}
	return NULL;
}

/* Where a mechanism begins within the term, with its colon; NULL: nowhere. */
static const char *
inner_mechanism(const char *term)
{
	static const char *const begins[] = { "include:", "ip4:", "ip6:",
		"exists:", "redirect=" };
	const char *first = NULL;

	for (size_t i = 0; i < N(begins); i++) {
		const char *at = strcasestr(term + 1, begins[i]);

		/* "include:include:" is another mistake. */
		if (at != NULL && at[-1] != ':' && at[-1] != '=' &&
		    strchr("+-~?", at[-1]) == NULL &&
		    (first == NULL || at < first))
			first = at;
	}
	return first;
}

/* Two terms without a space between. */
static char *
repair_run_together(const char *term)
{
	const char *at = strlen(term) < 2 || strlen(term) > TERM_MAX ?
	    NULL :
	    inner_mechanism(term);
	char *head;
	char *out = NULL;

	if (at == NULL)
		return NULL;
	head = mem_printf("%.*s", (int)(at - term), term);
	if (spf_term_is_fine(head) && spf_term_is_fine(at))
		out = mem_printf("%s %s", head, at);
	free(head);
	return out;
}

char *
spf_repair_glued(const char *term)
{
	const size_t len = strlen(term);
	const char *all = len > 4 ? term + len - 4 : term;
	char *head;
	char *better;

	if (len <= 4 || len > TERM_MAX || strchr("+-~?", *all) == NULL ||
	    strcasecmp(all + 1, "all") != 0)
		return repair_run_together(term);
	head = mem_printf("%.*s", (int)(len - 4), term);
	if (!spf_term_is_fine(head)) {
		better = spf_repair_name(head);
		free(head);
		head = better;
	}
	if (head == NULL)
		return NULL;
	better = mem_printf("%s %s", head, all);
	free(head);
	return better;
}

/* One piece of a list; before is the term in front of it. */
static char *
repair_piece(const char *piece, const char *before)
{
	const size_t head = before == NULL ? 0 : strcspn(before, ":") + 1;
	char *s;

	if (spf_term_is_fine(piece))
		return mem_strdup(piece);
	s = before == NULL || head > strlen(before) ?
	    NULL :
	    fine(mem_printf("%.*s%s", (int)head, before, piece));
	return s != NULL ? s : spf_repair_name(piece);
}

char *
spf_repair_separated(const char *term)
{
	char *copy;
	char *out = NULL;
	char *last = NULL;
	char *rest;
	char *s;
	bool ok = true;

	if (strpbrk(term, ",;") == NULL || strchr(term, '%') != NULL ||
	    strlen(term) > (size_t)10 * TERM_MAX)
		return NULL;
	copy = mem_strdup(term);
	rest = copy;
	while (ok && (s = strsep(&rest, ",;")) != NULL) {
		char *piece;
		char *longer;

		if (*s == '\0')
			continue;
		piece = repair_piece(s, last);
		ok = piece != NULL;
		if (!ok)
			break;
		longer = out == NULL ? mem_strdup(piece) :
				       mem_printf("%s %s", out, piece);
		free(out);
		free(last);
		out = longer;
		last = piece;
	}
	free(last);
	free(copy);
	if (!ok) {
		free(out);
		return NULL;
	}
	return out;
}
