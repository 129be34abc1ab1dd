/* reply: what an answer of DNS says. */
#include "check/reply.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <ares.h>

#include "common/mem.h"
#include "check/host.h"

#define HEADER_LEN 12
#define FIXED_LEN  10 /* type, class, time to live, length */
#define CLASS_IN   1

/* Reading forward; wanted is the name whose records count. */
struct reply_reader {
	const unsigned char *reply;
	size_t len;
	size_t at;
	char *wanted;
};

static unsigned
number(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

/* The name at the offset at; NULL: there is none.  The caller frees. */
static char *
name_at(const struct reply_reader *w, size_t at, size_t *end)
{
	char *s = NULL;
	char *copy;
	long used = 0;

	if (at >= w->len ||
	    ares_expand_name(w->reply + at, w->reply, (int)w->len, &s, &used) !=
		ARES_SUCCESS)
		return NULL;
	copy = mem_strdup(s);
	ares_free_string(s);
	*end = at + (size_t)used;
	return copy;
}

/* The next record whose owner is wanted; type 0: it is another's. */
static bool
next_record(struct reply_reader *w, struct reply_record *r)
{
	char *owner = name_at(w, w->at, &w->at);
	const unsigned char *p = w->reply + w->at;
	bool ours;

	if (owner == NULL)
		return false;
	ours = strcasecmp(owner, w->wanted) == 0;
	free(owner);
	if (w->len - w->at < FIXED_LEN)
		return false;
	r->reply = w->reply;
	r->reply_len = w->len;
	r->type = ours && number(p + 2) == CLASS_IN ? number(p) : 0;
	r->len = number(p + 8);
	r->data = w->at + FIXED_LEN;
	if (w->len - r->data < r->len)
		return false;
	w->at = r->data + r->len;
	return true;
}

/* Begin behind the question, which says what is wanted. */
static bool
begin(struct reply_reader *w)
{
	w->wanted = NULL;
	if (w->len < HEADER_LEN || number(w->reply + 4) != 1)
		return false;
	w->wanted = name_at(w, HEADER_LEN, &w->at);
	if (w->wanted == NULL || w->len - w->at < 4)
		return false;
	w->at += 4;
	return true;
}

/* An alias stands before the records of the name it leads to. */
static bool
follow(struct reply_reader *w, const struct reply_record *r)
{
	size_t end;
	char *s = name_at(w, r->data, &end);

	if (s == NULL)
		return false;
	free(w->wanted);
	w->wanted = s;
	return true;
}

bool
reply_walk(const unsigned char *reply, size_t len,
    bool (*visit)(void *arg, const struct reply_record *r), void *arg)
{
	struct reply_reader w = { .reply = reply, .len = len };
	struct reply_record r;
	bool ok = begin(&w);

	for (unsigned n = ok ? number(reply + 6) : 0; ok && n > 0; n--) {
		ok = next_record(&w, &r);
		if (ok && r.type == DNS_CNAME)
			ok = follow(&w, &r);
		if (ok && r.type != 0)
			ok = visit(arg, &r);
	}
	free(w.wanted);
	return ok;
}

char *
reply_name(const struct reply_record *r, size_t offset)
{
	const struct reply_reader w = { .reply = r->reply,
		.len = r->reply_len };
	size_t end;

	return offset < r->len ? name_at(&w, r->data + offset, &end) : NULL;
}

struct names {
	char **names;
	size_t max;
	size_t n;
};

static bool
take_name(void *arg, const struct reply_record *r)
{
	struct names *l = arg;
	char *s;

	if (r->type != DNS_PTR || l->n == l->max)
		return true;
	s = reply_name(r, 0);
	if (s == NULL)
		return false;
	host_clean(s);
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->names[i], s) == 0)
			s[0] = '\0';
	if (s[0] == '\0')
		free(s); /* the root, or there already */
	else
		l->names[l->n++] = s;
	return true;
}

bool
reply_names(const unsigned char *reply, size_t len, char **names, size_t max,
    size_t *n)
{
	struct names l = { names, max, 0 };
	const bool ok = reply_walk(reply, len, take_name, &l);

	*n = l.n;
	return ok;
}

struct search {
	const struct address *a;
	bool found;
};

static bool
compare_address(void *arg, const struct reply_record *r)
{
	struct search *s = arg;
	const unsigned type = s->a->family == AF_INET ? DNS_A : DNS_AAAA;

	if (r->type == type && r->len == address_len(s->a) &&
	    memcmp(r->reply + r->data, s->a->bytes, r->len) == 0)
		s->found = true;
	return true;
}

bool
reply_has_address(const unsigned char *reply, size_t len,
    const struct address *a, bool *found)
{
	struct search s = { a, false };
	const bool whole = reply_walk(reply, len, compare_address, &s);

	*found = s.found;
	return whole || s.found;
}
