/*
 * options: every option there is, and what its argument may be.
 *
 * A new one is a number here and a row in options.c; which commands take it
 * stands with the commands.
 */
#ifndef COMMON_CLI_OPTIONS_H
#define COMMON_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum option_id {
	OPT_DOMAIN,
	OPT_SINCE,
	OPT_UNTIL,
	OPT_DAYS,
	OPT_HEARTBEAT,
	OPT_ALL,
	OPT_UNTRUSTED,
	OPT_SHOW,
	OPT_POLICY,
	OPT_SP,
	OPT_NP,
	OPT_ADKIM,
	OPT_ASPF,
	OPT_FIXED,
	OPT_GONE,
	OPT_OWNER,
	OPT_NOTE,
	OPT_DEADLINE,
	OPT_PARALLEL,
	OPT_SERVER,
	OPT_ASN_DB,
	OPT_COUNTRY_DB,
	OPT_MAX_AGE,
	OPT_ZONE,
	OPT_RECORD,
	OPT_SELECTOR,
	OPT_HELO,
	OPT_EXPLAIN,
	OPT_IPV4,
	OPT_IPV6,
	OPT_IP,
	OPT_FROM,
	OPT_TRUSTED,
	OPT_QUIET,
	OPT_FORMAT,
	OPT_DB,
	OPT_HELP,
	OPT_VERSION,
	OPT_COUNT
};

/* Sets of them. */
#define OPTION(id) (UINT64_C(1) << (id))
#define OPTIONS_WINDOW                                                \
	(OPTION(OPT_DOMAIN) | OPTION(OPT_SINCE) | OPTION(OPT_UNTIL) | \
	    OPTION(OPT_DAYS))
#define OPTIONS_FIGURES /* those of what leaves untrusted reports out */ \
	(OPTIONS_WINDOW | OPTION(OPT_UNTRUSTED))
#define OPTIONS_COMMON /* every command takes these */            \
	(OPTION(OPT_FORMAT) | OPTION(OPT_DB) | OPTION(OPT_HELP) | \
	    OPTION(OPT_VERSION))

enum option_kind {
	OPTION_FLAG,   /* no argument */
	OPTION_TEXT,   /* anything */
	OPTION_NUMBER, /* lo to hi */
	OPTION_DAY,    /* YYYY-MM-DD */
	OPTION_NAME,   /* of a domain */
	OPTION_CHOICE, /* one of choices */
	OPTION_ADDRESS /* of a server, with or without its port */
};

#define OPTION_CHOICES 8

struct option_spec {
	const char *name;
	char letter; /* 0: none */
	bool many;   /* may be given more than once */
	enum option_kind kind;
	int64_t lo, hi;
	const char *choices[OPTION_CHOICES]; /* NULL ends them */
	const char *also;     /* a choice that few commands have, or NULL */
	const char *argument; /* as --help calls it; NULL for a flag */
	const char *help;     /* "": only its choices */
};

/* By enum option_id, which is the order of --help. */
extern const struct option_spec options[OPT_COUNT];

/* The choices as "text, csv or json". */
#define OPTION_CHOICES_LEN 120
const char *
options_choices(const struct option_spec *o, char buf[OPTION_CHOICES_LEN]);

#endif
