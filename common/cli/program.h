/*
 * program: what the main() of a program with commands does before and after a
 * command runs.
 */
#ifndef COMMON_CLI_PROGRAM_H
#define COMMON_CLI_PROGRAM_H

#include <stdbool.h>

#include "common/cli/args.h"
#include "common/cli/command.h"
#include "common/db.h"
#include "common/diag.h"

struct program {
	const char *name;
	/* Ends with one without name; the first is what runs when none is
	 * named. */
	const struct command *commands;
	/* Run the command; the exit status. */
	int (*run)(const struct args *a);
};

/* Read the command line and run the command, or print --help or --version. */
int program_main(const struct program *p, int argc, char *const argv[]);

/*
 * The exit status of a command that failed, after its error was printed; name
 * is the program's.
 */
int program_failed(const char *name, const struct diag *d);

/*
 * Print the answer in the form that was asked for, or say that it has no row;
 * below, which may be NULL, prints what stands behind it.  The exit status.
 * t is freed.
 */
int program_answer(const struct args *a, struct table *t,
    bool (*below)(const void *arg, bool is_text), const void *arg);

/*
 * Connect, be sure that the schema is this program's, and bring up to date
 * what settings and lists have changed.  The caller closes *out, also after an
 * error.
 */
enum diag_code program_database(const char *name, struct db **out,
    const struct args *a, struct diag *d) MUST_CHECK;

#endif
