/*
 * dmarc-ingest: aggregate reports into PostgreSQL.  Options, the run, the exit
 * status.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "common/db.h"
#include "common/log.h"
#include "ingest/decode.h"
#include "ingest/print.h"
#include "ingest/run.h"
#include "ingest/schema.h"

#define PROGRAM "dmarc-ingest"

enum task {
	TASK_INGEST,
	TASK_INIT,
	TASK_RETRY,
	TASK_PRINT
};

struct options {
	enum task task;
	bool csv;
	bool format_given;
	const char *conninfo;
	enum log_level level;
};

static const char usage_text[] =
    "usage: " PROGRAM " [-qv] [-d CONNINFO] SOURCE...\n"
    "       " PROGRAM " [-qv] [-d CONNINFO] --init\n"
    "       " PROGRAM " [-qv] [-d CONNINFO] --retry\n"
    "       " PROGRAM " [-qv] --print [--format text|csv] SOURCE...\n";

static const char help_text[] =
    "\n"
    "Reads DMARC aggregate reports and stores them in PostgreSQL.\n"
    "SOURCE is a file (XML, archive, mail, mbox: the bytes decide), a folder,\n"
    "a Maildir, or - for one message or document on standard input.\n"
    "\n"
    "  -d, --db CONNINFO   the database, as libpq takes it; default: PGHOST,\n"
    "                      PGDATABASE and so on from the environment\n"
    "      --init          create or upgrade the schema\n"
    "      --retry         read again what was set aside\n"
    "      --print         no database: print what is read\n"
    "      --format FORMAT text or csv, for --print\n"
    "  -q, --quiet         only what needs a person\n"
    "  -v, --verbose       more, and a line that sums up\n"
    "  -h, --help          this\n"
    "      --version       the version\n"
    "\n"
    "Exit: 0 done; 64 usage; 65 something was set aside or could not be read;\n"
    "75 temporary, try again; 78 configuration.\n";

enum {
	OPT_INIT = 256,
	OPT_RETRY,
	OPT_PRINT,
	OPT_FORMAT,
	OPT_VERSION
};

static const struct option longopts[] = {
	{ "db", required_argument, NULL, 'd' },
	{ "init", no_argument, NULL, OPT_INIT },
	{ "retry", no_argument, NULL, OPT_RETRY },
	{ "print", no_argument, NULL, OPT_PRINT },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static void
usage(const char *why)
{
	(void)fprintf(stderr, PROGRAM ": %s\n%s", why, usage_text);
	exit(EX_USAGE);
}

static void
set_task(struct options *o, enum task task)
{
	if (o->task != TASK_INGEST && o->task != task)
		usage("only one of --init, --retry and --print");
	o->task = task;
}

static void
set_format(struct options *o, const char *format)
{
	o->format_given = true;
	if (strcmp(format, "csv") == 0)
		o->csv = true;
	else if (strcmp(format, "text") == 0)
		o->csv = false;
	else
		usage("--format is text or csv");
}

static void
show_and_exit(const char *first, const char *second)
{
	(void)printf("%s%s", first, second);
	exit(fflush(stdout) == 0 ? 0 : EX_IOERR);
}

static void
parse_options(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "d:qvh", longopts, NULL)) != -1) {
		switch (c) {
		case 'd':
			o->conninfo = optarg;
			break;
		case OPT_INIT:
			set_task(o, TASK_INIT);
			break;
		case OPT_RETRY:
			set_task(o, TASK_RETRY);
			break;
		case OPT_PRINT:
			set_task(o, TASK_PRINT);
			break;
		case OPT_FORMAT:
			set_format(o, optarg);
			break;
		case 'q':
			o->level = LOG_WARN;
			break;
		case 'v':
			o->level = LOG_INFO;
			break;
		case 'h':
			show_and_exit(usage_text, help_text);
			break;
		case OPT_VERSION:
			show_and_exit(PROGRAM " ", VERSION "\n");
			break;
		default:
			(void)fputs(usage_text, stderr);
			exit(EX_USAGE);
		}
	}
}

static void
check_options(const struct options *o, int n_sources)
{
	const bool needs = o->task == TASK_INGEST || o->task == TASK_PRINT;

	if (needs && n_sources == 0)
		usage("no SOURCE given");
	if (!needs && n_sources > 0)
		usage("--init and --retry take no SOURCE");
	if (o->format_given && o->task != TASK_PRINT)
		usage("--format goes with --print");
}

static enum diag_code
init(struct db *db, struct diag *d)
{
	int from;
	int to;
	enum diag_code code = schema_init(db, &from, &to, d);

	if (code == DIAG_OK && from == to)
		log_line(LOG_NOTICE, "schema is up to date (version %d)", to);
	else if (code == DIAG_OK)
		log_line(LOG_NOTICE, "schema brought from version %d to %d",
		    from, to);
	return code;
}

static enum diag_code
with_database(const struct options *o, char *const *sources, int n,
    struct run_counts *counts, struct diag *d)
{
	struct db *db = NULL;
	enum diag_code code = db_open(&db, o->conninfo, PROGRAM, d);

	if (code != DIAG_OK)
		return code;
	if (o->task == TASK_INIT) {
		code = init(db, d);
	} else {
		code = schema_check(db, d);
		if (code == DIAG_OK && o->task == TASK_RETRY)
			code = run_retry(db, counts, d);
		else if (code == DIAG_OK)
			code = run_sources(db, sources, n, counts, d);
	}
	db_close(db);
	return code;
}

static void
sum_up(const struct options *o, const struct run_counts *c)
{
	if (o->task == TASK_INIT ||
	    (o->level < LOG_INFO &&
		!(o->level == LOG_NOTICE && isatty(STDERR_FILENO))))
		return;
	log_line(LOG_NOTICE,
	    "%llu items: %llu reports %s (%lld messages), %llu duplicates, "
	    "%llu conflicts, %llu set aside, %llu records set aside, %llu no "
	    "reports",
	    (unsigned long long)c->items, (unsigned long long)c->stored,
	    o->task == TASK_PRINT ? "read" : "stored", (long long)c->messages,
	    (unsigned long long)c->duplicates, (unsigned long long)c->conflicts,
	    (unsigned long long)c->set_aside,
	    (unsigned long long)c->bad_records,
	    (unsigned long long)c->not_reports);
}

/*
 * Whoever starts us with a standard stream closed would have the next file
 * that is opened take its place, and messages be written into it.
 */
static void
hold_standard_streams(void)
{
	/* The wrong way round, so that using them is an error. */
	static const int flags[] = { O_WRONLY, O_RDONLY, O_WRONLY };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1)
			continue;
		/* It stays open; that is what it is for. */
		/* cppcheck-suppress leakReturnValNotUsed */
		if (open("/dev/null", flags[fd]) != fd)
			exit(EX_OSERR);
	}
}

int
main(int argc, char **argv)
{
	struct options o = { .level = LOG_NOTICE };
	struct run_counts counts = { 0 };
	struct diag d = { 0 };
	enum diag_code code;

	hold_standard_streams();
	parse_options(&o, argc, argv);
	check_options(&o, argc - optind);
	log_init(PROGRAM, o.level);
	(void)signal(SIGPIPE, SIG_IGN);
	decode_init();

	if (o.task == TASK_PRINT)
		code = print_sources(argv + optind, argc - optind, o.csv,
		    &counts, &d);
	else
		code = with_database(&o, argv + optind, argc - optind, &counts,
		    &d);
	sum_up(&o, &counts);
	if (code != DIAG_OK) {
		log_line(LOG_ERROR, "%s", d.text);
		return diag_exit(code);
	}
	return run_has_trouble(&counts) ? EX_DATAERR : 0;
}
