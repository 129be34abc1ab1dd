/*
 * command: what a command is: its name, its options, its answer.
 */
#ifndef COMMON_CLI_COMMAND_H
#define COMMON_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/diag.h"
#include "common/cli/options.h"
#include "common/cli/table.h"

struct args;

struct command {
	const char *name;
	const char *summary;
	uint64_t options; /* besides OPTIONS_COMMON */
	/* What may stand behind it, as --help calls it ("[DOMAIN]"), and how
	 * many words that are; NULL and 0: nothing. */
	const char *operands;
	size_t operands_min, operands_max;
	bool operand_is_domain; /* what --domain says */
	/*
	 * False: all its queries run in one read-only transaction, so that they
	 * see the database at one moment.  True: no transaction is open; the
	 * command begins and commits its own.
	 */
	bool writes;
	bool no_database; /* run() gets none */
	/* What to print when there is no row.  NULL: that nobody reported; "":
	 * nothing, not even an empty table. */
	const char *nothing;
	/* On success the caller frees *out. */
	enum diag_code (*run)(struct db *db, const struct args *a,
	    struct table **out, struct diag *d);
	/* --format zone; NULL: the command has no such format. */
	bool (*print_zone)(FILE *fp, const struct table *t);
	/* Its name may be left out before a word with a dot in it. */
	bool takes_names;
	/* The exit status for the answer; NULL: always 0. */
	int (*status)(const struct table *t);
};

/* Whether the command takes the option. */
bool command_takes(const struct command *c, enum option_id id);

#endif
