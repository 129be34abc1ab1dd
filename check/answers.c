/* answers: what is known of DNS. */
#include "check/answers.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"

struct answers {
	GHashTable *known; /* "type name" to struct answer */
	GPtrArray *wanted; /* keys, in the order in which they were asked for */
	size_t handed_out;
};

void
answer_free(struct answer *answer)
{
	for (size_t i = 0; i < answer->n; i++)
		free(answer->records[i].text);
	for (size_t i = 0; i < answer->n_aliases; i++)
		free(answer->aliases[i]);
	free(answer->records);
	free(answer->aliases);
	memset(answer, 0, sizeof(*answer));
}

static void
forget(void *answer)
{
	if (answer != NULL)
		answer_free(answer);
	free(answer);
}

struct answers *
answers_new(void)
{
	struct answers *a = mem_calloc(1, sizeof(*a));

	a->known = g_hash_table_new_full(g_str_hash, g_str_equal, free, forget);
	a->wanted = g_ptr_array_new_with_free_func(free);
	return a;
}

void
answers_free(struct answers *a)
{
	if (a == NULL)
		return;
	g_hash_table_destroy(a->known);
	g_ptr_array_free(a->wanted, TRUE);
	free(a);
}

bool
dns_name(char *name)
{
	size_t len = strlen(name);
	size_t label = 0;

	if (len > 0 && name[len - 1] == '.')
		name[--len] = '\0';
	for (size_t i = 0; i <= len; i++) {
		if (i < len && name[i] != '.') {
			name[i] = (char)tolower((unsigned char)name[i]);
			label++;
			continue;
		}
		if (label == 0 || label > 63)
			return false;
		label = 0;
	}
	return len < DNS_NAME_LEN;
}

const struct answer *
answers_get(struct answers *a, const char *name, enum dns_type type)
{
	char key[DNS_NAME_LEN + 8];
	const struct answer *known;
	void *found = NULL;

	(void)snprintf(key, sizeof(key), "%u %s", (unsigned)type, name);
	if (g_hash_table_lookup_extended(a->known, key, NULL, &found)) {
		known = found;
		return known;
	}
	g_hash_table_insert(a->known, mem_strdup(key), NULL);
	g_ptr_array_add(a->wanted, mem_strdup(key));
	return NULL;
}

void
answers_put(struct answers *a, const char *name, enum dns_type type,
    struct answer *answer)
{
	struct answer *copy = mem_calloc(1, sizeof(*copy));

	*copy = *answer;
	memset(answer, 0, sizeof(*answer));
	g_hash_table_replace(a->known,
	    mem_printf("%u %s", (unsigned)type, name), copy);
}

bool
answers_wanted(struct answers *a, const char **name, enum dns_type *type)
{
	while (a->handed_out < a->wanted->len) {
		const char *key = g_ptr_array_index(a->wanted, a->handed_out++);
		char *end;

		if (g_hash_table_lookup(a->known, key) != NULL)
			continue; /* somebody knew it meanwhile */
		*type = (enum dns_type)strtoul(key, &end, 10);
		*name = end + 1;
		return true;
	}
	return false;
}

void
answer_add(struct answer *answer, const struct answer_record *r)
{
	struct answer_record *copy;

	if (answer->n == ANSWER_RECORDS_MAX)
		return;
	answer->records = mem_realloc(answer->records, answer->n + 1,
	    sizeof(answer->records[0]));
	copy = &answer->records[answer->n++];
	*copy = *r;
	if (r->text != NULL) {
		copy->text = mem_calloc(r->len + 1, 1);
		memcpy(copy->text, r->text, r->len);
	}
}

void
answer_add_alias(struct answer *answer, const char *name)
{
	answer->aliases = mem_realloc(answer->aliases, answer->n_aliases + 1,
	    sizeof(answer->aliases[0]));
	answer->aliases[answer->n_aliases++] = mem_strdup(name);
}

const char *
dns_type_name(enum dns_type type)
{
	switch (type) {
	case DNS_A:
		return "A";
	case DNS_NS:
		return "NS";
	case DNS_CNAME:
		return "CNAME";
	case DNS_SOA:
		return "SOA";
	case DNS_PTR:
		return "PTR";
	case DNS_MX:
		return "MX";
	case DNS_TXT:
		return "TXT";
	case DNS_AAAA:
		return "AAAA";
	case DNS_SPF:
		return "SPF";
	default:
		return NULL;
	}
}
