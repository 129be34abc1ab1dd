/* program: what the main() of a program with commands does. */
#include "common/cli/program.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <time.h>

#include "common/cli/help.h"
#include "common/cli/out.h"
#include "common/db_schema.h"
#include "common/log.h"
#include "gen/sql.h"

static enum diag_code
check_schema(const char *name, struct db *db, struct diag *d)
{
	const int newest = db_schema_newest();
	struct db_schema is;
	enum diag_code code = db_schema(db, &is, d);

	if (code != DIAG_OK || (is.version == newest && is.our_views))
		return code;
	if (is.version == 0)
		return diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
		    "database: no schema dmarc in it"
		    " (run dmarc-ingest --init)");
	/* Views of another version may give other figures. */
	if (is.version == newest)
		return diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
		    "database: its views are those of another build (run "
		    "dmarc-ingest --init, of the newest build that you have)");
	return diag_set(d, DIAG_CONFIG, REASON_SCHEMA,
	    "database: the schema is version %d, this program's is %d (%s%s)",
	    is.version, newest,
	    is.version < newest ? "run dmarc-ingest --init" :
				  "install a newer ",
	    is.version < newest ? "" : name);
}

/* Figures are up to date, or it is said that they may not be. */
static enum diag_code
refresh(struct db *db, const struct args *a, struct diag *d)
{
	const char *params[] = { a->domain[0] == '\0' ? NULL : a->domain };
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql_refresh, 1, params, d);

	if (code == DIAG_OK && PQgetvalue(res, 0, 0)[0] == 't')
		log_line(LOG_NOTICE,
		    "settings or reports have changed, and figures may be out "
		    "of date until dmarc-ingest or an operator runs");
	PQclear(res);
	return code;
}

enum diag_code
program_database(const char *name, struct db **out, const struct args *a,
    struct diag *d)
{
	enum diag_code code = db_open(out, args_text(a, OPT_DB), name, d);

	if (code == DIAG_OK)
		code = check_schema(name, *out, d);
	if (code == DIAG_OK)
		code = db_run(*out, sql_work_mem, 0, NULL, d);
	if (code == DIAG_OK)
		code = refresh(*out, a, d);
	return code == DIAG_OK ? db_run(*out, sql_analyze_new, 0, NULL, d) :
				 code;
}

/* No rows is not an error, but printing nothing would leave the reader
 * guessing. */
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

/* The exit status after all output: a full disk shows only now. */
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

/* A command that has nothing to say to cron. */
static bool
is_silent(const struct args *a, const struct table *t)
{
	return table_rows(t) == 0 && a->command->nothing != NULL &&
	    a->command->nothing[0] == '\0';
}

int
program_answer(const struct args *a, struct table *t,
    bool (*below)(const void *arg, bool is_text), const void *arg)
{
	const char *name = args_text(a, OPT_FORMAT);
	const struct out_format zone = { "zone", a->command->print_zone };
	const struct out_format *format = name == NULL ? out_formats :
							 out_find(name);
	int status;

	if (format == NULL)
		format = &zone;

	if (table_rows(t) == 0)
		say_nothing_found(a);
	errno = 0;
	status = finish(is_silent(a, t) ||
	    (format->print(stdout, t) &&
		(below == NULL || below(arg, format == out_formats))));
	if (status == 0 && a->command->status != NULL)
		status = a->command->status(t);
	table_free(t);
	return status;
}

int
program_failed(const char *name, const struct diag *d)
{
	log_line(LOG_ERROR, "%s", d->text);
	if (d->reason != REASON_USAGE)
		return diag_exit(d->code);
	log_line(LOG_ERROR, "%s --help tells more", name);
	return EX_USAGE;
}

int
program_main(const struct program *p, int argc, char *const argv[])
{
	struct args a;
	struct diag d;

	/* It may hold the database's password: no core, no debugger. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	/* A closed pipe shall be an error like any other. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "");
	log_init(p->name, LOG_NOTICE);
	if (args_parse(&a, p->commands, argc, argv, time(NULL), &d) != DIAG_OK)
		return program_failed(p->name, &d);
	switch (a.action) {
	case ARGS_HELP:
		help_print(stdout, p->name, p->commands);
		return finish(true);
	case ARGS_VERSION:
		(void)printf("%s %s\n", p->name, VERSION);
		return finish(true);
	case ARGS_RUN:
		break;
	}
	return p->run(&a);
}
