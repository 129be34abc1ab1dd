/*
 * dmarc-ingest: aggregate reports into PostgreSQL.  The tasks, and the exit
 * status.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "common/db.h"
#include "common/log.h"
#include "common/progress.h"
#include "common/stop.h"
#include "gen/sql.h"
#include "ingest/check_config.h"
#include "ingest/command_line.h"
#include "ingest/config/config_file.h"
#include "ingest/decode/domain.h"
#include "ingest/mailboxes.h"
#include "ingest/print.h"
#include "ingest/retry.h"
#include "ingest/run.h"
#include "ingest/source/source.h"
#include "ingest/show.h"
#include "ingest/store/schema.h"
#include "ingest/worker/decoder_child.h"
#include "ingest/worker/decoders.h"

/* ---- dmarc.conf ------------------------------------------------------------ */

/*
 * The file that was named must be there.  The one that was not is used where
 * it may be read, and missed only by who wants the mailboxes in it.
 */
static enum diag_code
load_config(const struct options *o, bool need_mailboxes, struct config *c,
    struct diag *d)
{
	if (o->config != NULL)
		return config_read(c, o->config, d);
	if (o->task == TASK_INGEST && need_mailboxes &&
	    access(CONFIG_FILE, F_OK) == -1)
		usage("no SOURCE given, and there is no " CONFIG_FILE);
	if (!need_mailboxes && access(CONFIG_FILE, R_OK) == -1)
		return DIAG_OK;
	return config_read(c, CONFIG_FILE, d);
}

/* The mailboxes that are meant. */
static enum diag_code
choose_mailboxes(const struct options *o, const struct config *c,
    const struct mailbox **boxes, size_t *n, struct diag *d)
{
	*boxes = c->mailboxes;
	*n = c->n;
	if (o->mailbox != NULL) {
		*boxes = config_mailbox(c, o->mailbox);
		*n = 1;
		if (*boxes == NULL)
			return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
			    "%s: there is no [mailbox %s]",
			    o->config == NULL ? CONFIG_FILE : o->config,
			    o->mailbox);
	}
	if (*n == 0)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s has no mailbox, and no SOURCE was given",
		    o->config == NULL ? CONFIG_FILE : o->config);
	return DIAG_OK;
}

/* ---- the tasks -------------------------------------------------------------- */

struct invocation {
	const struct options *o;
	const char *conninfo;
	char *const *sources;
	int n_sources;
	const struct mailbox *boxes;
	size_t n_boxes;
	struct decoders *decoders;
	struct run_counts *counts;
	struct failure_keeping failures;
};

static enum diag_code
init(struct db *db, struct diag *d)
{
	enum diag_code code = schema_init(db, d);

	return code == DIAG_OK ? db_run(db, sql_refresh_all, 0, NULL, d) : code;
}

static enum diag_code
carry_out(const struct invocation *job, struct db *db, struct diag *d)
{
	const struct run_means means = { db, job->decoders, job->counts,
		job->failures };
	enum diag_code code;

	if (job->o->task == TASK_INIT)
		return init(db, d);
	code = schema_check(db, d);
	if (code != DIAG_OK)
		return code;
	if (job->o->task == TASK_SHOW)
		return show(db, job->o->number, d);
	if (job->o->task == TASK_RETRY)
		return retry_all(&means, d);
	if (job->o->task == TASK_WATCH)
		return mailboxes_watch(&means, job->boxes, job->n_boxes, d);
	if (job->n_sources == 0)
		return mailboxes_run(&means, job->boxes, job->n_boxes, d);
	return run_sources(&means, job->sources, job->n_sources, d);
}

static enum diag_code
with_database(const struct invocation *job, struct diag *d)
{
	struct db *db = NULL;
	enum diag_code code;

	/* Nothing is under way, and it may take as long as it likes. */
	stop_at_once(true);
	code = db_open(&db, job->conninfo, PROGRAM, d);
	stop_at_once(false);
	if (code == DIAG_OK) {
		db_set_stop(db, stop_requested);
		code = carry_out(job, db, d);
	}
	db_close(db);
	return code;
}

/* A database that is down will come back: retry. */
static enum diag_code
watch(const struct invocation *job, struct diag *d)
{
	unsigned failures = 0;
	uint64_t items;
	enum diag_code code;

	stop_install();
	for (;;) {
		items = job->counts->items;
		code = with_database(job, d);
		if (code != DIAG_OK && stop_requested())
			log_line(LOG_WARN, "%s", d->text);
		if (code != DIAG_RETRY || stop_requested())
			break;
		failures = job->counts->items > items ? 1 : failures + 1;
		log_line(LOG_WARN, "%s; trying again in %d s", d->text,
		    mailboxes_back_off(failures));
		if (stop_wait(mailboxes_back_off(failures) * 1000))
			break;
	}
	return stop_requested() ? DIAG_OK : code;
}

static enum diag_code
check(const struct invocation *job, struct diag *d)
{
	struct db *db = NULL;
	struct diag db_diag = { 0 };
	enum diag_code code = db_open(&db, job->conninfo, PROGRAM, &db_diag);

	if (code == DIAG_OK)
		code = schema_check(db, &db_diag);
	db_close(db);
	if (code == DIAG_OK)
		(void)printf("database: it is there, with its schema\n");
	else
		run_problem(job->counts, &db_diag);
	return check_config(job->boxes, job->n_boxes, job->counts, d);
}

static enum diag_code
do_task(struct invocation *job, struct diag *d)
{
	struct config config = { 0 };
	const bool mailboxes = options_need_mailboxes(job->o, job->n_sources);
	enum diag_code code = load_config(job->o, mailboxes, &config, d);

	if (code == DIAG_OK && mailboxes)
		code = choose_mailboxes(job->o, &config, &job->boxes,
		    &job->n_boxes, d);
	if (code == DIAG_OK) {
		job->conninfo = job->o->conninfo != NULL ? job->o->conninfo :
							   config.conninfo;
		job->failures = config.failures;
		if (job->o->task == TASK_CHECK_CONFIG)
			code = check(job, d);
		else if (job->o->task == TASK_WATCH)
			code = watch(job, d);
		else
			code = with_database(job, d);
	}
	config_free(&config);
	return code;
}

static void
sum_up(const struct options *o, const struct run_counts *c)
{
	if (o->task == TASK_INIT || o->task == TASK_CHECK_CONFIG ||
	    o->task == TASK_SHOW ||
	    (o->level < LOG_INFO &&
		!(o->level == LOG_NOTICE && isatty(STDERR_FILENO))))
		return;
	log_line(LOG_NOTICE,
	    "%llu items: %llu reports %s (%lld messages), %llu duplicates, "
	    "%llu conflicts, %llu set aside, %llu records set aside, "
	    "%llu failure reports, %llu no reports",
	    (unsigned long long)c->items, (unsigned long long)c->stored,
	    o->task == TASK_PRINT ? "read" : "stored", (long long)c->messages,
	    (unsigned long long)c->duplicates, (unsigned long long)c->conflicts,
	    (unsigned long long)c->set_aside,
	    (unsigned long long)c->bad_records,
	    (unsigned long long)c->failure_reports,
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

static int
exit_status(const struct options *o, enum diag_code code,
    const struct run_counts *counts, const struct diag *d)
{
	if (code != DIAG_OK) {
		log_line(LOG_ERROR, "%s", d->text);
		return diag_exit(code);
	}
	/* Whoever watches has told and outlived all that. */
	if (o->task == TASK_WATCH)
		return 0;
	if (counts->worst != DIAG_OK)
		return diag_exit(counts->worst);
	return run_has_trouble(counts) ? EX_DATAERR : 0;
}

static enum diag_code
decode_and_do(struct invocation *job, struct diag *d)
{
	const struct options *o = job->o;
	enum diag_code code;

	if (o->no_sandbox && o->task != TASK_INIT && o->task != TASK_SHOW &&
	    o->task != TASK_CHECK_CONFIG)
		log_line(LOG_NOTICE, "decoding without the sandbox");
	job->decoders = decoders_new(!o->no_sandbox);
	if (o->task == TASK_PRINT)
		code = print_sources(job->sources, job->n_sources, o->csv,
		    job->decoders, job->counts, d);
	else
		code = do_task(job, d);
	decoders_free(job->decoders);
	return code;
}

/* What --one-mail makes of the SOURCE. */
static char *const *
one_mail(const char *source)
{
	static char name[] = SOURCE_ONE_MAIL;
	static char *const sources[] = { name };

	if (strcmp(source, "-") != 0)
		usage("--one-mail goes with the SOURCE - alone");
	return sources;
}

int
main(int argc, char **argv)
{
	struct options o = { .level = LOG_NOTICE };
	struct run_counts counts = { 0 };
	struct invocation job = { .o = &o, .counts = &counts };
	struct diag d = { 0 };
	enum diag_code code;

	if (decoder_child_is_meant(argc, argv))
		return decoder_child_main(argv);
	/* It will hold passwords: no core, no debugger, no /proc/PID/mem. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	hold_standard_streams();
	options_parse(&o, argc, argv);
	job.sources = argv + optind;
	job.n_sources = argc - optind;
	options_check(&o, job.n_sources);
	if (o.one_mail)
		job.sources = one_mail(job.sources[0]);
	log_init(PROGRAM, o.level);
	if (o.level >= LOG_NOTICE)
		progress_enable();
	(void)signal(SIGPIPE, SIG_IGN);
	domain_init();

	code = decode_and_do(&job, &d);
	sum_up(&o, &counts);
	return exit_status(&o, code, &counts, &d);
}
