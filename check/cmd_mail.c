/* What does one mail show: its way, its signatures, its mistakes? */
#include "check/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "check/asking.h"
#include "check/jailed.h"
#include "check/mail_exam.h"
#include "common/buf.h"
#include "common/log.h"

/* A larger mail is refused. */
#define MAIL_MAX (64UL << 20)

static void print_head(FILE *fp, const struct table *t, size_t row);
static void print_said(FILE *fp, const struct table *t, size_t row);
static void print_dmarc(FILE *fp, const struct table *t, size_t row);
static void print_finding(FILE *fp, const struct table *t, size_t row);
static void print_nothing(FILE *fp, const struct table *t, size_t row);

#define IN(section) (1u << (section))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "hop",
	    .title = "",
	    .type = TABLE_COUNT,
	    .sections = IN(MAIL_HOP) },
	{ .name = "time", .title = "time (UTC)", .sections = IN(MAIL_HOP) },
	{ .name = "delay",
	    .title = "seconds",
	    .type = TABLE_COUNT,
	    .sections = IN(MAIL_HOP) },
	{ .name = "from",
	    .title = "from",
	    .flags = TABLE_WRAP,
	    .sections = IN(MAIL_HOP) | IN(MAIL_SPF) },
	{ .name = "ip",
	    .title = "address",
	    .sections = IN(MAIL_HOP) | IN(MAIL_SPF) },
	{ .name = "helo",
	    .title = "HELO",
	    .flags = TABLE_WRAP,
	    .sections = IN(MAIL_SPF) },
	{ .name = "by",
	    .title = "by",
	    .flags = TABLE_WRAP,
	    .sections = IN(MAIL_HOP) },
	{ .name = "with", .title = "with", .sections = IN(MAIL_HOP) },
	{ .name = "tls", .title = "TLS", .sections = IN(MAIL_HOP) },
	{ .name = "sure",
	    .title = "sure",
	    .flags = TABLE_OPTIONAL,
	    .sections = IN(MAIL_HOP) },
	{ .name = "whose", .title = "whose", .sections = IN(MAIL_SIGNATURE) },
	{ .name = "domain",
	    .title = "domain",
	    .sections = IN(MAIL_SIGNATURE) | IN(MAIL_SPF) },
	{ .name = "selector",
	    .title = "selector",
	    .sections = IN(MAIL_SIGNATURE) },
	{ .name = "algorithm",
	    .title = "algorithm",
	    .sections = IN(MAIL_SIGNATURE) },
	{ .name = "bits",
	    .title = "bits",
	    .type = TABLE_COUNT,
	    .sections = IN(MAIL_SIGNATURE) },
	{ .name = "result",
	    .title = "result",
	    .sections = IN(MAIL_SIGNATURE) | IN(MAIL_SPF) },
	{ .name = "policy" },
	{ .name = "record" },
	{ .name = "severity" },
	{ .name = "finding" },
	{ .name = "source" },
	{ .name = "line", .type = TABLE_COUNT },
	{ .name = "text" },
	{ .name = "marks" },
	{ .name = "why",
	    .title = "",
	    .flags = TABLE_BELOW,
	    .sections = IN(MAIL_SIGNATURE) | IN(MAIL_SPF) },
	{ .name = "fix" },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[MAIL_HEAD] = { .name = "mail", .heading = print_head },
	[MAIL_HOP] = { .name = "hop", .label = "Its way, oldest server first" },
	[MAIL_SAID] = { .name = "said", .heading = print_said, .close = true },
	[MAIL_SIGNATURE] = { .name = "signature", .label = "DKIM signatures" },
	[MAIL_SPF] = { .name = "spf", .label = "SPF" },
	[MAIL_DMARC] = { .name = "dmarc", .heading = print_dmarc },
	[MAIL_FINDING] = { .name = "finding", .heading = print_finding },
	[MAIL_BAD] = { .name = "bad", .heading = print_nothing, .close = true },
	{ .name = NULL },
};

static void
print_head(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "From:    %s\n", table_show(t, row, "from", buf));
	(void)fprintf(fp, "Subject: %s\n", table_show(t, row, "text", buf));
	(void)fprintf(fp, "Date:    %s\n", table_show(t, row, "time", buf));
}

static void
print_said(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	(void)fprintf(fp, "  said: %s\n", table_show(t, row, "text", buf));
}

static void
print_dmarc(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *s = table_show(t, row, "policy", buf);

	(void)fprintf(fp, "DMARC: %s", table_show(t, row, "result", buf));
	if (s[0] != '\0')
		(void)fprintf(fp, " (policy: %s)", s);
	(void)fprintf(fp, "\n  %s\n", table_show(t, row, "why", buf));
}

static void
print_finding(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *s;

	(void)fprintf(fp, "%s %s", table_show(t, row, "severity", buf),
	    table_show(t, row, "finding", buf));
	s = table_show(t, row, "line", buf);
	if (s[0] != '\0')
		(void)fprintf(fp, ", line %s", s);
	(void)fprintf(fp, ": %s", table_show(t, row, "why", buf));
	s = table_show(t, row, "source", buf);
	(void)fprintf(fp, s[0] == '\0' ? "%s\n" : " [%s]\n", s);
	s = table_show(t, row, "text", buf);
	if (s[0] != '\0') {
		(void)fprintf(fp, "    %s\n", s);
		(void)fprintf(fp, "    %s\n", table_show(t, row, "marks", buf));
	}
	s = table_show(t, row, "fix", buf);
	if (s[0] != '\0')
		(void)fprintf(fp, "  better: %s\n", s);
}

static void
print_nothing(FILE *fp, const struct table *t, size_t row)
{
	(void)fp;
	(void)t;
	(void)row;
}

/* ---- reading it ----------------------------------------------------------------- */

static enum diag_code
read_from(int fd, const char *name, struct buf *out, struct diag *d)
{
	char piece[65536];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return diag_set(d, DIAG_CONFIG, REASON_OTHER, "%s: %s",
			    name, strerror(errno));
		if (!buf_append(out, piece, (size_t)n))
			return diag_set(d, DIAG_LIMIT, REASON_OTHER,
			    "%s: larger than %lu MiB", name, MAIL_MAX >> 20);
	}
	if (out->len == 0)
		return diag_set(d, DIAG_FORMAT, REASON_OTHER,
		    "%s: there is nothing in it", name);
	return DIAG_OK;
}

static enum diag_code
read_mail(const struct args *a, struct buf *out, struct diag *d)
{
	const char *path = a->n_operands == 0 ? "-" : a->operands[0];
	enum diag_code code;
	int fd;

	buf_init(out, MAIL_MAX);
	if (strcmp(path, "-") == 0)
		return read_from(STDIN_FILENO, "standard input", out, d);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return diag_set(d, DIAG_CONFIG, REASON_OTHER, "%s: %s", path,
		    strerror(errno));
	code = read_from(fd, path, out, d);
	(void)close(fd);
	return code;
}

/* ---- the command ------------------------------------------------------------------ */

static bool
cell_is(const struct table *t, size_t row, const char *column, const char *s)
{
	char buf[TABLE_CELL_LEN];

	return strcmp(table_show(t, row, column, buf), s) == 0;
}

/*
 * As opendkim-testmsg judges a mail: all its signatures verify, and there is
 * one.  The table that comes of it shows nothing; a row means that it is bad.
 */
static struct table *
quiet(struct table *t)
{
	struct table *out = table_new(columns, sections);
	size_t n = 0;
	size_t bad = 0;

	for (size_t row = 0; row < table_rows(t); row++) {
		char buf[TABLE_CELL_LEN];

		if (table_section_number(t, row) != MAIL_SIGNATURE)
			continue;
		n++;
		if (cell_is(t, row, "result", "pass"))
			continue;
		bad++;
		log_line(LOG_ERROR, "bad signature: %s",
		    table_show(t, row, "why", buf));
	}
	if (n == 0)
		log_line(LOG_ERROR, "no signature");
	if (n == 0 || bad > 0)
		(void)table_add(out, MAIL_BAD);
	table_free(t);
	return out;
}

int
cmd_mail_status(const struct table *t)
{
	int status = 0;

	for (size_t row = 0; row < table_rows(t); row++) {
		const size_t section = table_section_number(t, row);

		if (section == MAIL_BAD)
			return EX_SOFTWARE;
		if (cell_is(t, row, "result", "temperror"))
			return EX_TEMPFAIL;
		if ((section == MAIL_FINDING &&
			!cell_is(t, row, "severity", "note")) ||
		    (section == MAIL_SIGNATURE &&
			!cell_is(t, row, "result", "pass")) ||
		    (section == MAIL_DMARC &&
			cell_is(t, row, "result", "fail")))
			status = 1;
	}
	return status;
}

static void
take_options(struct mail_exam *e, const struct args *a)
{
	const char *ip = args_text(a, OPT_IP);

	e->now = (int64_t)time(NULL);
	e->has_ip = ip != NULL && address_parse(ip, &e->ip);
	e->helo = args_text(a, OPT_HELO);
	e->from = args_text(a, OPT_FROM);
	e->trusted = args_text(a, OPT_TRUSTED);
}

enum diag_code
cmd_mail(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	struct mail_exam exam = { .bytes = NULL };
	struct asking asking;
	struct buf mail;
	enum diag_code code;

	(void)db;
	*out = table_new(columns, sections);
	take_options(&exam, a);
	code = asking_open(&asking, a, d);
	if (code == DIAG_OK)
		code = read_mail(a, &mail, d);
	else
		buf_init(&mail, 0);
	exam.bytes = mail.data;
	exam.len = mail.len;
	if (code == DIAG_OK)
		code = jailed_run(mail_exam, mail_exam_prepare, &exam, &asking,
		    *out, d);
	buf_free(&mail);
	asking_close(&asking);
	if (code == DIAG_OK && args_has(a, OPT_QUIET))
		*out = quiet(*out);
	return code;
}
