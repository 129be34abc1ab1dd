/*
 * args: the command line, checked.
 *
 * Which options there are stands in options.c, which command takes which of
 * them and how many operands stands with the commands.  Nothing is looked up
 * and nothing is opened here; the clock comes in as an argument, so that every
 * case can be tested.
 */
#ifndef COMMON_CLI_ARGS_H
#define COMMON_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "common/diag.h"
#include "common/cli/options.h"

#define ARGS_DATE_LEN   11
#define ARGS_DOMAIN_LEN 254

/* Upper bound on operands; each command states how many it takes. */
#define ARGS_OPERANDS_MAX 1000
#define ARGS_GIVEN_MAX    256

struct command;

enum args_action {
	ARGS_RUN,
	ARGS_HELP,
	ARGS_VERSION
};

struct args {
	enum args_action action;
	const struct command *command;
	const char *operands[ARGS_OPERANDS_MAX]; /* behind the command */
	size_t n_operands;
	/* The window; an empty string is no bound.  Both days belong to it. */
	char domain[ARGS_DOMAIN_LEN]; /* lower case, no trailing dot */
	char since[ARGS_DATE_LEN];
	char until[ARGS_DATE_LEN];
	/* The options as they came; for the functions below. */
	struct args_given {
		enum option_id id;
		const char *text;
		int64_t number;
	} given[ARGS_GIVEN_MAX];
	size_t n_given;
};

/*
 * Parse argv; options may stand before and after the command, which is the
 * first of commands (they end with one without name) when none is named.  now
 * is what --days counts back from.  DIAG_CONFIG: d says what is wrong.  The
 * strings are argv's.  With an action other than ARGS_RUN nothing else is set.
 */
enum diag_code args_parse(struct args *a, const struct command *commands,
    int argc, char *const argv[], time_t now, struct diag *d) MUST_CHECK;

/* Whether the option was given. */
bool args_has(const struct args *a, enum option_id id);

/* Its argument, that of the first; NULL: it was not given. */
const char *args_text(const struct args *a, enum option_id id);

/* The same of the one given as number i, from 0; NULL: there are no more. */
const char *args_nth(const struct args *a, enum option_id id, size_t i);

/* Its argument, or otherwise when it was not given. */
int64_t args_number(const struct args *a, enum option_id id, int64_t otherwise);

/*
 * Take s for the name of a domain: out is its lower case, without a dot at the
 * end.  what is whose argument it is, for d.
 */
enum diag_code args_name(const char *what, const char *s,
    char out[ARGS_DOMAIN_LEN], struct diag *d) MUST_CHECK;

#endif
