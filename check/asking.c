/* asking: answers of DNS for a command. */
#include "check/asking.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"

enum diag_code
asking_open(struct asking *q, const struct args *a, struct diag *d)
{
	const char *s;
	size_t n = 0;
	enum diag_code code = DIAG_OK;

	memset(q, 0, sizeof(*q));
	q->answers = answers_new();
	for (; (s = args_nth(a, OPT_SERVER, n)) != NULL; n++)
		if (n == DNS_SERVERS_MAX ||
		    !address_parse_port(s, &q->servers[n]))
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "--server: at most %d of them", DNS_SERVERS_MAX);
	for (size_t i = 0; (s = args_nth(a, OPT_ZONE, i)) != NULL; i++) {
		if (q->zone == NULL)
			q->zone = zone_new();
		code = zone_read(q->zone, s, d);
		if (code != DIAG_OK)
			return code;
	}
	q->lookup = (struct lookup){ .zone = q->zone,
		.servers = q->servers,
		.n_servers = n,
		.parallel = (size_t)args_number(a, OPT_PARALLEL, 200),
		.until = clock_ms() + args_number(a, OPT_DEADLINE, 60) * 1000 };
	return DIAG_OK;
}

void
asking_close(struct asking *q)
{
	lookup_close(&q->lookup);
	answers_free(q->answers);
	zone_free(q->zone);
}

enum diag_code
asking_find_out(struct asking *q, struct diag *d)
{
	return lookup_wanted(&q->lookup, q->answers, d);
}

enum diag_code
asking_one(struct asking *q, const char *name, enum dns_type type,
    const struct answer **out, struct diag *d)
{
	char copy[DNS_NAME_LEN + 1];
	enum diag_code code;

	(void)snprintf(copy, sizeof(copy), "%s", name);
	if (strlen(name) > DNS_NAME_LEN || !dns_name(copy))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "no name of a host: %s", name);
	*out = answers_get(q->answers, copy, type);
	if (*out != NULL)
		return DIAG_OK;
	code = asking_find_out(q, d);
	*out = answers_get(q->answers, copy, type);
	return code;
}
