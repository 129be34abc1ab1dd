/*
 * dmarc-report: asks the database and prints; every figure is defined in the
 * views of sql/views.
 */
#include <stdio.h>

#include "common/cli/args.h"
#include "common/cli/program.h"
#include "common/db.h"
#include "common/log.h"
#include "report/cmd.h"
#include "report/untrusted.h"

/* The first is what runs when none is named. */
static const struct command commands[] = {
	{ .name = "summary",
	    .summary =
		"headline of each domain, and its senders, failing first",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_summary },
	{ .name = "unaligned",
	    .summary = "mail that is authenticated as somebody else",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_unaligned },
	{ .name = "reporters",
	    .summary = "who reports on each domain",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_reporters },
	{ .name = "dispositions",
	    .summary = "what reporters did with mail that fails, and why",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_dispositions },
	{ .name = "policy",
	    .summary = "the published policy as reporters saw it, over time",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_policy },
	{ .name = "coverage",
	    .summary = "who has stopped reporting, and which days are missing",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_coverage },
	{ .name = "selectors",
	    .summary = "do the DKIM selectors and return-paths work",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .run = cmd_selectors },
	{ .name = "tls",
	    .summary = "which TLS policies fail, at whom and why",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .nothing = "there is no TLS report on that in that time",
	    .run = cmd_tls },
	{ .name = "failures",
	    .summary = "failure reports: what failed, where it came from",
	    .options = OPTIONS_FIGURES | OPTION(OPT_ALL),
	    .nothing = "there is no failure report on that in that time",
	    .run = cmd_failures },
	{ .name = "changes",
	    .summary = "what is different since the last run; else silent",
	    .options = OPTION(OPT_DOMAIN) | OPTION(OPT_SINCE) |
		OPTION(OPT_UNTIL) | OPTION(OPT_HEARTBEAT) | OPTION(OPT_ALL),
	    .writes = true,
	    .nothing = "",
	    .run = cmd_changes },
	{ .name = "sender",
	    .summary = "your word on a sender: own, vendor, forwarder, hostile,"
		       " retired or none",
	    .options = OPTION(OPT_DOMAIN) | OPTION(OPT_OWNER) |
		OPTION(OPT_NOTE) | OPTION(OPT_SINCE),
	    .operands = "[NAME [ROLE]]",
	    .operands_max = 2,
	    .writes = true,
	    .nothing = "you have not said anything of any sender yet",
	    .run = cmd_sender },
	{ .name = "status",
	    .summary = "what was ingested, what was not, and why",
	    .options = OPTION(OPT_ALL),
	    .nothing = "nothing was ingested yet",
	    .run = cmd_status },
	{ .name = "find",
	    .summary = "what became of a report, a mail or a file",
	    .options = OPTION(OPT_SHOW) | OPTION(OPT_ALL),
	    .operands = "NAME",
	    .operands_min = 1,
	    .operands_max = 1,
	    .nothing = "nothing of that name came in",
	    .run = cmd_find },
	{ .name = "discard",
	    .summary = "what is set aside and needs nobody any more",
	    .options = OPTION(OPT_NOTE),
	    .operands = "NUMBER...",
	    .operands_min = 1,
	    .operands_max = ARGS_OPERANDS_MAX,
	    .writes = true,
	    .run = cmd_discard },
	{ .name = "conflict",
	    .summary = "reports that came again with other content: keep the "
		       "stored one, or replace it",
	    .operands = "[ID [keep|replace]]",
	    .operands_max = 2,
	    .writes = true,
	    .nothing = "no conflict is open",
	    .run = cmd_conflict },
	{ .name = "readiness",
	    .summary = "is each domain ready for its next policy",
	    .options = OPTION(OPT_DOMAIN) | OPTION(OPT_UNTIL) | OPTION(OPT_ALL),
	    .operands = "[DOMAIN]",
	    .operands_max = 1,
	    .operand_is_domain = true,
	    .run = cmd_readiness,
	    .status = cmd_readiness_status },
	{ .name = "what-if",
	    .summary = "what another policy would have done",
	    .options = OPTIONS_WINDOW | OPTION(OPT_POLICY) | OPTION(OPT_SP) |
		OPTION(OPT_NP) | OPTION(OPT_ADKIM) | OPTION(OPT_ASPF) |
		OPTION(OPT_FIXED) | OPTION(OPT_GONE) | OPTION(OPT_ALL),
	    .operands = "[DOMAIN]",
	    .operands_max = 1,
	    .operand_is_domain = true,
	    .run = cmd_what_if },
	{ .name = "settings",
	    .summary = "the settings; change one, or undo that",
	    .operands = "[NAME [VALUE|default]]",
	    .operands_max = ARGS_OPERANDS_MAX,
	    .writes = true,
	    .run = cmd_settings },
	{ .name = NULL },
};

#define PROGRAM "dmarc-report"

/* All statements of a command that only reads see one moment. */
static enum diag_code
run_command(const struct args *a, struct table **out, struct untrusted *u,
    struct diag *d)
{
	struct db *db = NULL;
	enum diag_code code = program_database(PROGRAM, &db, a, d);

	if (code == DIAG_OK && !a->command->writes)
		code = db_run(db,
		    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0, NULL,
		    d);
	if (code == DIAG_OK)
		code = untrusted_begin(u, db, a, d);
	if (code == DIAG_OK)
		code = a->command->run(db, a, out, d);
	db_close(db);
	return code;
}

/* Below a table for people; what reads CSV is told apart from it. */
static bool
print_untrusted(const void *arg, bool is_text)
{
	const struct untrusted *u = arg;

	if (u->text[0] == '\0')
		return true;
	if (is_text)
		return printf("\n%s\n", u->text) >= 0;
	log_line(LOG_NOTICE, "%s", u->text);
	return true;
}

static int
run(const struct args *a)
{
	struct table *t = NULL;
	struct diag d;
	struct untrusted u = { "" };

	if (run_command(a, &t, &u, &d) == DIAG_OK)
		return program_answer(a, t, print_untrusted, &u);
	table_free(t);
	return program_failed(PROGRAM, &d);
}

int
main(int argc, char *argv[])
{
	const struct program p = { PROGRAM, commands, run };

	return program_main(&p, argc, argv);
}
