/* command_line: the options of dmarc-ingest, and what goes with what. */
#include "ingest/command_line.h"

#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "common/num.h"

static const char usage_text[] =
    "usage: " PROGRAM " [-qv] [-c FILE] [-d CONNINFO] SOURCE...\n"
    "       " PROGRAM " [-qv] [-c FILE] [-d CONNINFO] [-m NAME] [--watch]\n"
    "       " PROGRAM " [-c FILE] [-d CONNINFO] [-m NAME] --check-config\n"
    "       " PROGRAM " [-qv] [-c FILE] [-d CONNINFO] --init | --retry\n"
    "       " PROGRAM " [-c FILE] [-d CONNINFO] --show NUMBER\n"
    "       " PROGRAM " [-qv] --print [--format text|csv] SOURCE...\n";

static const char help_text[] =
    "\n"
    "Reads DMARC aggregate reports and stores them in PostgreSQL.\n"
    "SOURCE is a file (XML, archive, mail, mbox: the bytes decide), a folder,\n"
    "a Maildir, or - for one message or document on standard input.  Without a\n"
    "SOURCE, the mailboxes of dmarc.conf are read by IMAP.\n"
    "\n"
    "  -c, --config FILE   dmarc.conf(5); default: " CONFIG_FILE "\n"
    "  -m, --mailbox NAME  only this mailbox of it\n"
    "      --watch         stay, and read mails as they arrive\n"
    "      --check-config  connect, look, and say what would be done\n"
    "  -d, --db CONNINFO   the database, as libpq takes it; default: what\n"
    "                      dmarc.conf says, or PGHOST, PGDATABASE and so on\n"
    "      --init          create or upgrade the schema\n"
    "      --retry         read again what was set aside\n"
    "      --show NUMBER   write the bytes of what was set aside to standard\n"
    "                      output; dmarc-report find and status say the number\n"
    "      --one-mail      standard input is one mail, as from a mail server's\n"
    "                      pipe, and no mbox whatever stands in it\n"
    "      --print         no database: print what is read\n"
    "      --format FORMAT text or csv, for --print\n"
    "      --no-sandbox    for kernels without seccomp: decode strangers' bytes\n"
    "                      in processes that are not locked in\n"
    "  -q, --quiet         only what needs a person\n"
    "  -v, --verbose       more, and a line that sums up\n"
    "  -h, --help          this\n"
    "      --version       the version\n"
    "\n"
    "Exit: 0 done; 64 usage; 65 something was set aside or could not be read;\n"
    "75 temporary, try again; 78 configuration.\n";

enum {
	OPT_INIT = 256,
	OPT_WATCH,
	OPT_CHECK_CONFIG,
	OPT_RETRY,
	OPT_SHOW,
	OPT_PRINT,
	OPT_FORMAT,
	OPT_NO_SANDBOX,
	OPT_ONE_MAIL,
	OPT_VERSION
};

static const struct option longopts[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "mailbox", required_argument, NULL, 'm' },
	{ "watch", no_argument, NULL, OPT_WATCH },
	{ "check-config", no_argument, NULL, OPT_CHECK_CONFIG },
	{ "db", required_argument, NULL, 'd' },
	{ "init", no_argument, NULL, OPT_INIT },
	{ "retry", no_argument, NULL, OPT_RETRY },
	{ "show", required_argument, NULL, OPT_SHOW },
	{ "print", no_argument, NULL, OPT_PRINT },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "no-sandbox", no_argument, NULL, OPT_NO_SANDBOX },
	{ "one-mail", no_argument, NULL, OPT_ONE_MAIL },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

void
usage(const char *why)
{
	(void)fprintf(stderr, PROGRAM ": %s\n%s", why, usage_text);
	exit(EX_USAGE);
}

static void
set_task(struct options *o, enum task task)
{
	if (o->task != TASK_INGEST && o->task != task)
		usage(
		    "only one of --watch, --check-config, --init, --retry, --show "
		    "and --print");
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

void
options_parse(struct options *o, int argc, char **argv)
{
	int c;

	while (
	    (c = getopt_long(argc, argv, "c:m:d:qvh", longopts, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 'm':
			o->mailbox = optarg;
			break;
		case 'd':
			o->conninfo = optarg;
			break;
		case OPT_WATCH:
			set_task(o, TASK_WATCH);
			break;
		case OPT_CHECK_CONFIG:
			set_task(o, TASK_CHECK_CONFIG);
			break;
		case OPT_INIT:
			set_task(o, TASK_INIT);
			break;
		case OPT_RETRY:
			set_task(o, TASK_RETRY);
			break;
		case OPT_SHOW:
			set_task(o, TASK_SHOW);
			o->number = optarg;
			break;
		case OPT_PRINT:
			set_task(o, TASK_PRINT);
			break;
		case OPT_FORMAT:
			set_format(o, optarg);
			break;
		case OPT_NO_SANDBOX:
			o->no_sandbox = true;
			break;
		case OPT_ONE_MAIL:
			o->one_mail = true;
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

bool
options_need_mailboxes(const struct options *o, int n_sources)
{
	switch (o->task) {
	case TASK_WATCH:
	case TASK_CHECK_CONFIG:
		return true;
	case TASK_INGEST:
		return n_sources == 0;
	case TASK_INIT:
	case TASK_RETRY:
	case TASK_SHOW:
	case TASK_PRINT:
		break;
	}
	return false;
}

void
options_check(const struct options *o, int n_sources)
{
	int64_t n;

	if (o->number != NULL && !num_int64(o->number, 1, INT64_MAX, &n))
		usage("--show: that is no number of what is set aside");
	if (o->task == TASK_PRINT && n_sources == 0)
		usage("no SOURCE given");
	if (o->task != TASK_PRINT && o->task != TASK_INGEST && n_sources > 0)
		usage("SOURCE goes with --print, or without any of --watch, "
		      "--check-config, --init, --retry and --show");
	if (o->mailbox != NULL && !options_need_mailboxes(o, n_sources))
		usage("--mailbox goes without SOURCE, --init, --retry, --show "
		      "and --print");
	if (o->one_mail &&
	    (n_sources != 1 ||
		(o->task != TASK_PRINT && o->task != TASK_INGEST)))
		usage("--one-mail goes with the SOURCE - alone");
	if (o->format_given && o->task != TASK_PRINT)
		usage("--format goes with --print");
}
