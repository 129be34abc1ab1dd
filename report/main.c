/*
 * dmarc-report: asks the database and prints; every figure is defined in the
 * views of sql/views.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <time.h>

#include "common/db.h"
#include "common/db_schema.h"
#include "common/log.h"
#include "gen/sql.h"
#include "common/cli/args.h"
#include "report/cmd.h"
#include "common/cli/help.h"
#include "common/cli/out.h"
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
		OPTION(OPT_NOTE),
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
	{ .name = "enrich",
	    .summary = "look up names and networks of source addresses",
	    .options = OPTIONS_WINDOW | OPTION(OPT_DEADLINE) |
		OPTION(OPT_PARALLEL) | OPTION(OPT_SERVER) | OPTION(OPT_ASN_DB) |
		OPTION(OPT_COUNTRY_DB) | OPTION(OPT_MAX_AGE),
	    .writes = true,
	    .run = cmd_enrich },
	{ .name = NULL },
};

static enum diag_code
check_schema(struct db *db, struct diag *d)
{
	const int newest = db_schema_newest();
	struct db_schema is;
	enum diag_code code = db_schema(db, &is, d);

	if (code != DIAG_OK || (is.version == newest && is.our_views))
		return code;
	if (is.version == 0)
		return diag_set(d, DIAG_CONFIG, "schema",
		    "database: no schema dmarc in it"
		    " (run dmarc-ingest --init)");
	/* Another view is another figure. */
	if (is.version == newest)
		return diag_set(d, DIAG_CONFIG, "schema",
		    "database: its views are those of another build (run "
		    "dmarc-ingest --init, of the newest build that you have)");
	return diag_set(d, DIAG_CONFIG, "schema",
	    "database: the schema is version %d, this program's is %d (%s)",
	    is.version, newest,
	    is.version < newest ? "run dmarc-ingest --init" :
				  "install a newer dmarc-report");
}

/* Figures are up to date, or it is said that they may not be. */
static enum diag_code
refresh(struct db *db, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_refresh, 0, NULL, d);

	if (code == DIAG_OK && PQgetvalue(res, 0, 0)[0] == 't')
		log_line(LOG_NOTICE,
		    "settings or reports have changed, and figures may be out "
		    "of date until dmarc-ingest or an operator runs");
	PQclear(res);
	return code;
}

/* Connect, and be sure that the schema is this program's. */
static enum diag_code
open_database(struct db **out, const struct args *a, struct diag *d)
{
	enum diag_code code = db_open(out, args_text(a, OPT_DB), "dmarc-report",
	    d);

	if (code == DIAG_OK)
		code = check_schema(*out, d);
	if (code == DIAG_OK)
		code = db_run(*out, sql_work_mem, 0, NULL, d);
	if (code == DIAG_OK)
		code = refresh(*out, d);
	return code == DIAG_OK ? db_run(*out, sql_analyze_new, 0, NULL, d) :
				 code;
}

/* All statements of a command that only reads see one moment. */
static enum diag_code
run_command(const struct args *a, struct table **out, struct untrusted *u,
    struct diag *d)
{
	struct db *db = NULL;
	enum diag_code code = open_database(&db, a, d);

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

/* Nothing found is no error, but silence would leave the reader guessing. */
static void
say_nothing_found(const struct args *a)
{
	if (a->command->nothing != NULL) {
		if (a->command->nothing[0] != '\0')
			log_line(LOG_NOTICE, "%s", a->command->nothing);
		return;
	}
	log_line(LOG_NOTICE, "nobody reported on %s%s%s%s%s",
	    a->domain[0] != '\0' ? a->domain : "any domain",
	    a->since[0] != '\0' ? " since " : "", a->since,
	    a->until[0] != '\0' ? " until " : "", a->until);
}

/* A command that has nothing to say to cron. */
static bool
is_silent(const struct args *a, const struct table *t)
{
	return table_rows(t) == 0 && a->command->nothing != NULL &&
	    a->command->nothing[0] == '\0';
}

/* Whether all of it reached its place: a full disk shows only now. */
static int
finish(bool ok)
{
	int error = errno;

	if (ferror(stdout) != 0)
		ok = false;
	if (fclose(stdout) != 0) {
		error = errno;
		ok = false;
	}
	if (ok)
		return 0;
	log_line(LOG_ERROR, "cannot write the output: %s", strerror(error));
	return EX_IOERR;
}

static int
usage_error(const struct diag *d)
{
	log_line(LOG_ERROR, "%s", d->text);
	log_line(LOG_ERROR, "dmarc-report --help tells more");
	return EX_USAGE;
}

/* Below a table for people; what reads CSV is told apart from it. */
static bool
print_untrusted(const struct untrusted *u, const struct out_format *format)
{
	if (u->text[0] == '\0')
		return true;
	if (format == out_formats)
		return printf("\n%s\n", u->text) >= 0;
	log_line(LOG_NOTICE, "%s", u->text);
	return true;
}

static int
run(const struct args *a)
{
	const char *name = args_text(a, OPT_FORMAT);
	const struct out_format *format = name == NULL ? out_formats :
							 out_find(name);
	struct table *t = NULL;
	struct diag d;
	struct untrusted u = { "" };
	enum diag_code code = run_command(a, &t, &u, &d);
	int status;

	if (code != DIAG_OK) {
		table_free(t);
		if (strcmp(d.reason, "usage") == 0)
			return usage_error(&d);
		log_line(LOG_ERROR, "%s", d.text);
		return diag_exit(code);
	}
	if (table_rows(t) == 0)
		say_nothing_found(a);
	errno = 0;
	status = finish(is_silent(a, t) ||
	    (format->print(stdout, t) && print_untrusted(&u, format)));
	if (status == 0 && a->command->status != NULL)
		status = a->command->status(t);
	table_free(t);
	return status;
}

int
main(int argc, char *argv[])
{
	struct args a;
	struct diag d;

	/* It may hold the database's password: no core, no debugger. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	/* A closed pipe shall be an error like any other. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "");
	log_init("dmarc-report", LOG_NOTICE);
	if (args_parse(&a, commands, argc, argv, time(NULL), &d) != DIAG_OK)
		return usage_error(&d);
	switch (a.action) {
	case ARGS_HELP:
		help_print(stdout, commands);
		return finish(true);
	case ARGS_VERSION:
		(void)printf("dmarc-report %s\n", VERSION);
		return finish(true);
	case ARGS_RUN:
		break;
	}
	return run(&a);
}
