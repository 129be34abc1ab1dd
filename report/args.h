/*
 * args: the command line, checked.
 *
 * Nothing is looked up and nothing is opened here; the clock comes in as an
 * argument, so that every case can be tested.
 */
#ifndef REPORT_ARGS_H
#define REPORT_ARGS_H

#include <time.h>

#include "common/diag.h"

#define ARGS_DATE_LEN   11
#define ARGS_DOMAIN_LEN 254

enum args_action {
	ARGS_RUN,
	ARGS_HELP,
	ARGS_VERSION
};

struct args {
	enum args_action action;
	const char *command; /* NULL: none given */
	const char *format;  /* NULL: none given */
	const char *db;      /* conninfo; NULL: libpq's environment */
	/* The window; an empty string is no bound.  Both days belong to it. */
	char domain[ARGS_DOMAIN_LEN]; /* lower case, no trailing dot */
	char since[ARGS_DATE_LEN];
	char until[ARGS_DATE_LEN];
};

/*
 * Parse argv; options may stand before and after the command.  now is what
 * --days counts back from.  DIAG_CONFIG: d says what is wrong.  The strings
 * are argv's.
 */
enum diag_code args_parse(struct args *a, int argc, char *const argv[],
    time_t now, struct diag *d) MUST_CHECK;

#endif
