/*
 * command_line: the options of dmarc-ingest, and what goes with what.
 *
 * A mistake ends the program: it says why, and how it is meant.
 */
#ifndef INGEST_COMMAND_LINE_H
#define INGEST_COMMAND_LINE_H

#include <stdbool.h>

#include "common/log.h"

#define PROGRAM     "dmarc-ingest"
#define CONFIG_FILE SYSCONFDIR "/dmarc.conf"

enum task {
	TASK_INGEST,
	TASK_WATCH,
	TASK_CHECK_CONFIG,
	TASK_INIT,
	TASK_RETRY,
	TASK_SHOW,
	TASK_PRINT
};

struct options {
	enum task task;
	bool csv;
	bool format_given;
	bool no_sandbox;
	bool one_mail; /* on standard input */
	const char *conninfo;
	const char *config; /* NULL: CONFIG_FILE, when it is there */
	const char *mailbox;
	const char *number; /* of --show */
	enum log_level level;
};

/* Read the options; optind is then that of the first SOURCE.  --help and
 * --version are printed, and end the program. */
void options_parse(struct options *o, int argc, char **argv);

/* End the program where they do not go together, or not with SOURCE. */
void options_check(const struct options *o, int n_sources);

/* The task is one of mailboxes, which dmarc.conf names. */
bool options_need_mailboxes(const struct options *o, int n_sources);

/* Say why and how it is meant, and end the program. */
void usage(const char *why) __attribute__((noreturn));

#endif
