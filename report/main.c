/*
 * dmarc-report: asks the database and prints; every figure is defined in the
 * views of sql/views.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "common/db.h"
#include "common/log.h"
#include "gen/sql.h"
#include "report/args.h"
#include "report/cmd.h"
#include "report/out.h"

/* The first is what runs when none is named. */
static const struct command commands[] = {
	{ "summary", "headline of each domain, and its senders, failing first",
	    true, cmd_summary },
	{ "unaligned", "mail that is authenticated as somebody else", true,
	    cmd_unaligned },
	{ "reporters", "who reports on each domain", true, cmd_reporters },
	{ "status", "what was ingested, what was not, and why", false,
	    cmd_status },
	{ NULL, NULL, false, NULL },
};

static const struct command *
find_command(const char *name)
{
	for (const struct command *c = commands; c->name != NULL; c++)
		if (name == NULL || strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void
print_help(FILE *fp)
{
	(void)fputs("usage: dmarc-report [command] [option ...]\n\n", fp);
	for (const struct command *c = commands; c->name != NULL; c++)
		(void)fprintf(fp, "  %-12s %s%s\n", c->name, c->summary,
		    c == commands ? " (default)" : "");
	(void)fputs("\n"
		    "  --domain DOMAIN      only this domain\n"
		    "  --since YYYY-MM-DD   from this day on (UTC)\n"
		    "  --until YYYY-MM-DD   up to and with this day (UTC)\n"
		    "  --days N             the last N days, today included\n"
		    "  --format FORMAT      ",
	    fp);
	for (const struct out_format *f = out_formats; f->name != NULL; f++)
		(void)fprintf(fp, "%s%s", f == out_formats ? "" : " or ",
		    f->name);
	(void)fputs("\n"
		    "  -d, --db CONNINFO    database; default: PGHOST,"
		    " PGDATABASE, ...\n"
		    "  -h, --help\n"
		    "  --version\n",
	    fp);
}

static enum diag_code
check_schema(struct db *db, struct diag *d)
{
	int newest = 0;
	int version;
	enum diag_code code = db_schema_version(db, &version, d);

	for (const struct sql_migration *m = sql_migrations; m->text != NULL;
	     m++)
		if (m->version > newest)
			newest = m->version;
	if (code != DIAG_OK || version == newest)
		return code;
	if (version == 0)
		return diag_set(d, DIAG_CONFIG, "schema",
		    "database: no schema dmarc in it"
		    " (run dmarc-ingest --init)");
	return diag_set(d, DIAG_CONFIG, "schema",
	    "database: the schema is version %d, this program's is %d (%s)",
	    version, newest,
	    version < newest ? "run dmarc-ingest --init" :
			       "install a newer dmarc-report");
}

/* Ask; all statements of a command see the database at one moment. */
static enum diag_code
ask(const struct command *command, const struct args *a, struct table **out,
    struct diag *d)
{
	struct db *db = NULL;
	enum diag_code code = db_open(&db, a->db, "dmarc-report", d);

	if (code == DIAG_OK)
		code = check_schema(db, d);
	if (code == DIAG_OK)
		code = db_run(db,
		    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", 0, NULL,
		    d);
	if (code == DIAG_OK)
		code = command->run(db, a, out, d);
	db_close(db);
	return code;
}

/* Nothing found is no error, but silence would leave the reader guessing. */
static void
say_nothing_found(const struct command *command, const struct args *a)
{
	if (!command->windowed) {
		log_line(LOG_NOTICE, "nothing was ingested yet");
		return;
	}
	log_line(LOG_NOTICE, "nobody reported on %s%s%s%s%s",
	    a->domain[0] != '\0' ? a->domain : "any domain",
	    a->since[0] != '\0' ? " since " : "", a->since,
	    a->until[0] != '\0' ? " until " : "", a->until);
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

/* The command and the format that the arguments name, and that go together. */
static enum diag_code
choose(const struct args *a, const struct command **command,
    const struct out_format **format, struct diag *d)
{
	*command = find_command(a->command);
	*format = a->format == NULL ? out_formats : out_find(a->format);
	if (*command == NULL)
		return diag_set(d, DIAG_CONFIG, "usage", "no such command: %s",
		    a->command);
	if (*format == NULL)
		return diag_set(d, DIAG_CONFIG, "usage", "no such format: %s",
		    a->format);
	if (!(*command)->windowed &&
	    (a->domain[0] != '\0' || a->since[0] != '\0' ||
		a->until[0] != '\0'))
		return diag_set(d, DIAG_CONFIG, "usage",
		    "%s is about all that came in: it takes no domain and no"
		    " days",
		    (*command)->name);
	return DIAG_OK;
}

static int
run(const struct args *a)
{
	const struct command *command;
	const struct out_format *format;
	struct table *t = NULL;
	struct diag d;
	enum diag_code code;
	int status;

	if (choose(a, &command, &format, &d) != DIAG_OK)
		return usage_error(&d);
	code = ask(command, a, &t, &d);
	if (code != DIAG_OK) {
		log_line(LOG_ERROR, "%s", d.text);
		table_free(t);
		return diag_exit(code);
	}
	if (table_rows(t) == 0)
		say_nothing_found(command, a);
	errno = 0;
	status = finish(format->print(stdout, t));
	table_free(t);
	return status;
}

int
main(int argc, char *argv[])
{
	struct args a;
	struct diag d;

	/* A closed pipe shall be an error like any other. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_CTYPE, "");
	log_init("dmarc-report", LOG_NOTICE);
	if (args_parse(&a, argc, argv, time(NULL), &d) != DIAG_OK)
		return usage_error(&d);
	switch (a.action) {
	case ARGS_HELP:
		print_help(stdout);
		return finish(true);
	case ARGS_VERSION:
		(void)printf("dmarc-report %s\n", VERSION);
		return finish(true);
	case ARGS_RUN:
		break;
	}
	return run(&a);
}
