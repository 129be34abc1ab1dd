/*
 * report_uri: one URI of rua= or ruf=: where reports go.
 */
#ifndef CHECK_REPORT_URI_H
#define CHECK_REPORT_URI_H

#include <stdbool.h>
#include <stddef.h>

enum uri_state {
	URI_MAIL,  /* mailto:, in order */
	URI_OTHER, /* another scheme, in order */
	URI_BROKEN
};

struct report_uri {
	enum uri_state state;
	bool has_size;   /* a limit of size, "!10m", stood behind it */
	const char *why; /* it is broken */
	char *host;      /* of mailto: lower case; else NULL */
	char *scheme;    /* or NULL: it has none */
	char *fixed;     /* what it was meant to be; NULL: it is that, or nobody
	                  * knows */
};

/* Take one apart, without blanks around it; emptied by report_uri_free(). */
void report_uri_parse(struct report_uri *u, const char *s, size_t len);
void report_uri_free(struct report_uri *u);

#endif
