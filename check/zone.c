/* zone: a zone file that answers in place of DNS. */
#include "check/zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>
#include <libzscanner/scanner.h>

#include "check/dns_answer.h"
#include "common/mem.h"

#define CLASS_IN    1
#define DEFAULT_TTL 3600

/* The records of one type that a name has. */
struct set {
	enum dns_type type;
	struct answer answer;
};

struct node {
	bool has_records; /* else it only lies above such a name */
	struct set *sets;
	size_t n;
};

struct zone {
	GHashTable *nodes; /* by name, lower case, without its last dot */
};

/* One file that is being read. */
struct reading {
	struct zone *zone;
	const char *path;
	struct diag *d;
	enum diag_code code;
};

static void
node_free(void *p)
{
	struct node *node = p;

	for (size_t i = 0; i < node->n; i++)
		answer_free(&node->sets[i].answer);
	free(node->sets);
	free(node);
}

struct zone *
zone_new(void)
{
	struct zone *z = mem_calloc(1, sizeof(*z));

	z->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, free,
	    node_free);
	return z;
}

void
zone_free(struct zone *z)
{
	if (z == NULL)
		return;
	g_hash_table_destroy(z->nodes);
	free(z);
}

static struct node *
find(const struct zone *z, const char *name)
{
	return g_hash_table_lookup(z->nodes, name);
}

static struct set *
find_set(const struct node *node, enum dns_type type)
{
	for (size_t i = 0; node != NULL && i < node->n; i++)
		if (node->sets[i].type == type)
			return &node->sets[i];
	return NULL;
}

static const char *
parent(const char *name)
{
	const char *dot = strchr(name, '.');

	/* The root has no name, and may have a zone, too. */
	if (dot == NULL)
		return *name == '\0' ? NULL : "";
	return dot + 1;
}

/* The node of the name; it and those above it are there from now on. */
static struct node *
need(struct zone *z, const char *name)
{
	for (const char *s = name; s != NULL && find(z, s) == NULL;
	     s = parent(s))
		g_hash_table_insert(z->nodes, mem_strdup(s),
		    mem_calloc(1, sizeof(struct node)));
	return find(z, name);
}

static struct set *
need_set(struct node *node, enum dns_type type)
{
	struct set *set = find_set(node, type);

	if (set != NULL)
		return set;
	node->sets = mem_realloc(node->sets, node->n + 1,
	    sizeof(node->sets[0]));
	set = &node->sets[node->n++];
	memset(set, 0, sizeof(*set));
	set->type = type;
	return set;
}

/* A name as it travels, "3www7example0", as text. */
static void
name_text(const uint8_t *wire, char out[DNS_NAME_LEN])
{
	size_t n = 0;

	while (*wire > 0 && n + *wire + 1 < DNS_NAME_LEN) {
		for (uint8_t i = 1; i <= *wire; i++)
			out[n++] = (char)tolower(wire[i]);
		out[n++] = '.';
		wire += *wire + 1;
	}
	out[n == 0 ? 0 : n - 1] = '\0';
}

static void
take_record(zs_scanner_t *s)
{
	struct reading *r = s->process.data;
	const struct reply_record record = { .reply = s->r_data,
		.reply_len = s->r_data_length,
		.type = s->r_type,
		.len = s->r_data_length };
	char name[DNS_NAME_LEN];
	struct node *node;

	if (s->r_class != CLASS_IN)
		return;
	name_text(s->r_owner, name);
	node = need(r->zone, name);
	node->has_records = true;
	if (dns_type_name((enum dns_type)s->r_type) == NULL)
		return;
	dns_answer_add(&need_set(node, (enum dns_type)s->r_type)->answer,
	    &record);
}

static void
take_error(zs_scanner_t *s)
{
	struct reading *r = s->process.data;

	if (r->code != DIAG_OK)
		return;
	r->code = diag_set(r->d, DIAG_CONFIG, REASON_CONFIG,
	    "%s, line %llu: %s", r->path, (unsigned long long)s->line_counter,
	    zs_strerror(s->error.code));
	s->state = ZS_STATE_STOP;
}

enum diag_code
zone_read(struct zone *z, const char *spec, struct diag *d)
{
	const char *equals = strchr(spec, '=');
	struct reading r = { .zone = z,
		.path = equals == NULL ? spec : equals + 1,
		.d = d };
	char origin[DNS_NAME_LEN + 1] = ".";
	zs_scanner_t *s = mem_calloc(1, sizeof(*s));

	if (equals != NULL)
		(void)snprintf(origin, sizeof(origin), "%.*s%s",
		    (int)(equals - spec < DNS_NAME_LEN ? equals - spec :
							 DNS_NAME_LEN - 1),
		    spec, equals > spec && equals[-1] == '.' ? "" : ".");
	if (zs_init(s, origin, CLASS_IN, DEFAULT_TTL) != 0)
		r.code = diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s: its origin is not the name of a domain: %s", r.path,
		    origin);
	else if ((zs_set_input_file(s, r.path) != 0 ||
		     zs_set_processing(s, take_record, take_error, &r) != 0 ||
		     zs_parse_all(s) != 0) &&
	    r.code == DIAG_OK)
		r.code = diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s: %s",
		    r.path, zs_strerror(s->error.code));
	zs_deinit(s);
	free(s);
	return r.code;
}

/* Whether the zone speaks of the name. */
static bool
is_ours(const struct zone *z, const char *name)
{
	const struct node *node = find(z, name);
	const char *cut = NULL; /* where it is delegated */

	for (const char *s = name; s != NULL; s = parent(s)) {
		if (find_set(find(z, s), DNS_SOA) != NULL)
			return cut == NULL;
		if (find_set(find(z, s), DNS_NS) != NULL)
			cut = s;
	}
	return node != NULL && node->has_records;
}

/* The node of the wildcard that covers a name which does not exist (RFC 4592),
 * or NULL. */
static const struct node *
find_wildcard(const struct zone *z, const char *name)
{
	char star[DNS_NAME_LEN + 2];

	for (const char *s = parent(name); s != NULL; s = parent(s)) {
		if (find(z, s) == NULL)
			continue;
		(void)snprintf(star, sizeof(star), "*%s%s",
		    *s == '\0' ? "" : ".", s);
		return find(z, star);
	}
	return NULL;
}

static void
copy(struct answer *out, const struct answer *a)
{
	for (size_t i = 0; i < a->n; i++)
		answer_add(out, &a->records[i]);
	out->state = a->n > 0 ? ANSWER_RECORDS : ANSWER_NO_DATA;
}

bool
zone_find(const struct zone *z, const char *name, enum dns_type type,
    struct answer *out)
{
	const struct node *node = find(z, name);
	const struct set *set;

	memset(out, 0, sizeof(*out));
	out->state = ANSWER_FAILED;
	if (!is_ours(z, name))
		return false;
	if (node == NULL)
		node = find_wildcard(z, name);
	out->state = node == NULL ? ANSWER_NO_NAME : ANSWER_NO_DATA;
	set = find_set(node, DNS_CNAME);
	if (set != NULL && type != DNS_CNAME && set->answer.n > 0) {
		answer_add_alias(out, set->answer.records[0].text);
		return true;
	}
	set = find_set(node, type);
	if (set != NULL)
		copy(out, &set->answer);
	return true;
}
