/*
 * received: the way of a mail, from its Received fields (RFC 5321, section 4.4).
 *
 * Whoever had the mail could write such fields, too; only those above the one
 * that a server of one's own wrote are sure.
 */
#ifndef CHECK_RECEIVED_H
#define CHECK_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/address.h"

#define RECEIVED_NAME_LEN 256
#define RECEIVED_WITH_LEN 64

enum received_tls {
	RECEIVED_TLS_UNKNOWN, /* it does not say how it came */
	RECEIVED_TLS_NO,
	RECEIVED_TLS_YES
};

struct received {
	char from
	    [RECEIVED_NAME_LEN]; /* as the client called itself; "": not said */
	char by[RECEIVED_NAME_LEN];
	char with[RECEIVED_WITH_LEN];
	struct address ip;
	bool has_ip;
	enum received_tls tls;
	int64_t time; /* seconds since 1970 */
	bool has_time;
};

/* value: that of the field, in one line (message_value()). */
void received_parse(struct received *r, const char *value);

/* A date of a mail (RFC 5322, section 3.3) in seconds since 1970. */
bool received_date(const char *s, int64_t *out);

#endif
