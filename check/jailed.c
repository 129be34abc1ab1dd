/* jailed: work over bytes that a stranger sent, in a process of its own. */
#include "check/jailed.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/jail/jail.h"
#include "common/log.h"
#include "common/mem.h"

/* What the process may use, and say. */
#define MEMORY        (512UL << 20)
#define SECONDS       60
#define ROWS_MAX      20000
#define CELL_MAX      16384
#define QUESTIONS_MAX 2000
#define BYTES_MAX     (64UL << 20)
#define ANSWERS_MAX   (64UL << 20)
#define WAIT_MS       INT64_C(70000) /* more than SECONDS */

/* Frames begin with a letter. */
enum kind {
	FRAME_ROW = 'R',
	FRAME_TEXT = 'T',
	FRAME_COUNT = 'N',
	FRAME_QUESTION = 'Q',
	FRAME_ASK = 'A',
	FRAME_END = 'E'
};

struct frame {
	char kind;
	uint8_t number; /* of the section or the column */
	uint16_t type;  /* of the question */
	uint32_t len;   /* of what follows */
};

struct jailed {
	struct answers *answers;
	const struct table *t; /* for its columns only */
	int to;
	int from;
};

/* ---- both ends ---------------------------------------------------------------- */

static bool
write_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n > 0) {
		const ssize_t done = write(fd, s, n);

		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		s += done;
		n -= (size_t)done;
	}
	return true;
}

/* until: clock_ms(); -1: for ever, as inside the sandbox, which has no poll(). */
static bool
read_all(int fd, void *p, size_t n, int64_t until)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	char *s = p;

	while (n > 0) {
		const int64_t left = until == -1 ? 0 : until - clock_ms();
		ssize_t done;

		if (until != -1 &&
		    (left <= 0 || poll(&ready, 1, (int)left) == 0))
			return false;
		done = read(fd, s, n);
		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		s += done;
		n -= (size_t)done;
	}
	return true;
}

/* ---- answers, on their way into the sandbox --------------------------------------- */

static void
put_text(struct buf *b, const char *s, size_t len)
{
	const uint32_t n = s == NULL ? UINT32_MAX : (uint32_t)len;

	(void)buf_append(b, &n, sizeof(n));
	if (s != NULL)
		(void)buf_append(b, s, len);
}

static void
put_answer(struct buf *b, const struct answer *a)
{
	const uint32_t state = (uint32_t)(a == NULL ? ANSWER_FAILED : a->state);
	const uint32_t n = a == NULL ? 0 : (uint32_t)a->n;
	const uint32_t aliases = a == NULL ? 0 : (uint32_t)a->n_aliases;

	(void)buf_append(b, &state, sizeof(state));
	(void)buf_append(b, &n, sizeof(n));
	for (uint32_t i = 0; i < n; i++) {
		const struct answer_record *r = &a->records[i];

		put_text(b, r->text, r->len);
		(void)buf_append(b, &r->preference, sizeof(r->preference));
		(void)buf_append(b, &r->address, sizeof(r->address));
	}
	(void)buf_append(b, &aliases, sizeof(aliases));
	for (uint32_t i = 0; i < aliases; i++)
		put_text(b, a->aliases[i], strlen(a->aliases[i]));
}

/* The process trusts what comes here; what is cut off ends it. */
static void
take(struct jailed *j, void *p, size_t n)
{
	if (!read_all(j->from, p, n, -1))
		_exit(EX_IOERR);
}

static char *
take_text(struct jailed *j, size_t *len)
{
	uint32_t n;
	char *s;

	take(j, &n, sizeof(n));
	*len = 0;
	if (n == UINT32_MAX)
		return NULL;
	s = mem_calloc((size_t)n + 1, 1);
	take(j, s, n);
	*len = n;
	return s;
}

static void
take_answer(struct jailed *j, struct answer *a)
{
	uint32_t state, n, aliases;

	take(j, &state, sizeof(state));
	take(j, &n, sizeof(n));
	a->state = (enum answer_state)state;
	for (uint32_t i = 0; i < n; i++) {
		struct answer_record r = { .text = NULL };
		char *text = take_text(j, &r.len);

		r.text = text;
		take(j, &r.preference, sizeof(r.preference));
		take(j, &r.address, sizeof(r.address));
		answer_add(a, &r);
		free(text);
	}
	take(j, &aliases, sizeof(aliases));
	for (uint32_t i = 0; i < aliases; i++) {
		size_t len;
		char *name = take_text(j, &len);

		answer_add_alias(a, name);
		free(name);
	}
}

/* ---- in the sandbox ------------------------------------------------------------- */

static void
tell(struct jailed *j, const struct frame *f, const void *body)
{
	if (!write_all(j->to, f, sizeof(*f)) || !write_all(j->to, body, f->len))
		_exit(EX_IOERR);
}

void
jailed_row(struct jailed *j, size_t section)
{
	const struct frame f = { .kind = FRAME_ROW,
		.number = (uint8_t)section };

	tell(j, &f, "");
}

void
jailed_text(struct jailed *j, const char *column, const char *s)
{
	struct frame f = { .kind = FRAME_TEXT };

	if (s == NULL)
		return;
	f.number = (uint8_t)table_column(j->t, column);
	f.len = (uint32_t)strnlen(s, CELL_MAX);
	tell(j, &f, s);
}

void
jailed_count(struct jailed *j, const char *column, int64_t n)
{
	const struct frame f = { .kind = FRAME_COUNT,
		.number = (uint8_t)table_column(j->t, column),
		.len = sizeof(n) };

	tell(j, &f, &n);
}

void
jailed_find_out(struct jailed *j)
{
	struct question {
		const char *name;
		enum dns_type type;
	} asked[QUESTIONS_MAX];
	struct frame f = { .kind = FRAME_QUESTION };
	size_t n = 0;

	while (n < QUESTIONS_MAX &&
	    answers_wanted(j->answers, &asked[n].name, &asked[n].type)) {
		f.type = (uint16_t)asked[n].type;
		f.len = (uint32_t)strlen(asked[n].name);
		tell(j, &f, asked[n].name);
		n++;
	}
	f = (struct frame){ .kind = FRAME_ASK };
	tell(j, &f, "");
	for (size_t i = 0; i < n; i++) {
		struct answer a = { .state = ANSWER_FAILED };

		take_answer(j, &a);
		answers_put(j->answers, asked[i].name, asked[i].type, &a);
	}
}

/* The process: its standard streams are the pipes. */
static void
child(jailed_work *work, void (*prepare)(void), void *arg,
    const struct table *t)
{
	const struct jail_limits bounds = { .memory = MEMORY,
		.memory_max = MEMORY,
		.seconds = SECONDS };
	struct jailed j = { .answers = answers_new(),
		.t = t,
		.to = STDOUT_FILENO,
		.from = STDIN_FILENO };
	const struct frame end = { .kind = FRAME_END };
	size_t size;
	struct diag d;

	jail_prepare("dmarc-check-mail");
	tzset();
	if (prepare != NULL)
		prepare();
	if (jail_enter(true, &bounds, &size, &d) != DIAG_OK)
		_exit(EX_CONFIG);
	work(&j, j.answers, arg);
	tell(&j, &end, "");
	_exit(EX_OK);
}

/* ---- outside --------------------------------------------------------------------- */

struct warden {
	struct asking *asking;
	struct table *t;
	int to;
	int from;
	size_t row;
	char *names[QUESTIONS_MAX];
	enum dns_type types[QUESTIONS_MAX];
	size_t n;
	size_t questions; /* in all */
	size_t bytes;     /* that it said, in all */
	int64_t until;    /* clock_ms */
};

static enum diag_code
nonsense(struct diag *d)
{
	return diag_set(d, DIAG_FORMAT, REASON_OTHER,
	    "the process that read the mail said what it cannot; nothing it said is shown");
}

/* It wants to know of a name. */
static enum diag_code
take_question(struct warden *w, const struct frame *f, const char *body,
    struct diag *d)
{
	char name[DNS_NAME_LEN + 1];

	if (w->questions++ == QUESTIONS_MAX || f->len > DNS_NAME_LEN ||
	    dns_type_name((enum dns_type)f->type) == NULL)
		return nonsense(d);
	memcpy(name, body, f->len);
	name[f->len] = '\0';
	if (strlen(name) != f->len || !dns_name(name))
		return nonsense(d);
	w->types[w->n] = (enum dns_type)f->type;
	w->names[w->n++] = mem_strdup(name);
	(void)answers_get(w->asking->answers, name, (enum dns_type)f->type);
	return DIAG_OK;
}

static enum diag_code
answer_all(struct warden *w, struct diag *d)
{
	enum diag_code code = asking_find_out(w->asking, d);
	struct buf out;

	/* What needs no DNS can be told all the same. */
	if (code == DIAG_RETRY) {
		log_line(LOG_NOTICE, "%s", d->text);
		code = DIAG_OK;
	}
	buf_init(&out, 2 * ANSWERS_MAX);
	for (size_t i = 0; i < w->n; i++) {
		put_answer(&out,
		    answers_get(w->asking->answers, w->names[i], w->types[i]));
		free(w->names[i]);
	}
	w->n = 0;
	/* DNS has a deadline of its own. */
	w->until = clock_ms() + WAIT_MS;
	if (code == DIAG_OK && out.len + 8 > ANSWERS_MAX)
		code = diag_set(d, DIAG_LIMIT, REASON_OTHER,
		    "DNS answered with more than can be looked at");
	if (code == DIAG_OK && !write_all(w->to, buf_str(&out), out.len))
		code = nonsense(d);
	buf_free(&out);
	return code;
}

static bool
is_column(const struct warden *w, const struct frame *f, bool count)
{
	return table_rows(w->t) > 0 && f->number < table_columns(w->t) &&
	    (table_spec(w->t, f->number)->type == TABLE_COUNT) == count &&
	    table_spec(w->t, f->number)->type != TABLE_ROW;
}

static enum diag_code
take_frame(struct warden *w, const struct frame *f, const char *body,
    size_t sections, struct diag *d)
{
	int64_t n;

	switch (f->kind) {
	case FRAME_ROW:
		if (f->number >= sections || table_rows(w->t) >= ROWS_MAX)
			return nonsense(d);
		w->row = table_add(w->t, f->number);
		return DIAG_OK;
	case FRAME_TEXT:
		if (!is_column(w, f, false))
			return nonsense(d);
		table_set_text(w->t, w->row, f->number, body);
		return DIAG_OK;
	case FRAME_COUNT:
		if (!is_column(w, f, true) || f->len != sizeof(n))
			return nonsense(d);
		memcpy(&n, body, sizeof(n));
		table_set_count(w->t, w->row, f->number, n);
		return DIAG_OK;
	case FRAME_QUESTION:
		return take_question(w, f, body, d);
	case FRAME_ASK:
		return answer_all(w, d);
	default:
		return nonsense(d);
	}
}

/* Listen until it says that it is done. */
static enum diag_code
listen_to(struct warden *w, size_t sections, bool *done, struct diag *d)
{
	enum diag_code code = DIAG_OK;
	struct frame f;

	*done = false;
	w->until = clock_ms() + WAIT_MS;
	while (code == DIAG_OK && read_all(w->from, &f, sizeof(f), w->until)) {
		char body[CELL_MAX + 1];

		w->bytes += f.len;
		if (f.len > CELL_MAX || w->bytes > BYTES_MAX)
			return nonsense(d);
		if (!read_all(w->from, body, f.len, w->until))
			break;
		body[f.len] = '\0';
		if (f.kind == FRAME_END) {
			*done = true;
			break;
		}
		code = take_frame(w, &f, body, sections, d);
	}
	for (size_t i = 0; i < w->n; i++)
		free(w->names[i]);
	return code;
}

/* It ended without saying so: why? */
static enum diag_code
autopsy(int status, struct diag *d)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == EX_CONFIG)
		return diag_set(d, DIAG_CONFIG, REASON_SANDBOX,
		    "the kernel offers no sandbox (seccomp)");
	if (WIFSIGNALED(status) &&
	    (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
		return diag_set(d, DIAG_LIMIT, REASON_OTHER,
		    "reading the mail took too long, or was ended by the system");
	return diag_set(d, DIAG_FORMAT, REASON_OTHER,
	    "the process that read the mail ended early: %s %d",
	    WIFSIGNALED(status) ? "signal" : "exit status",
	    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void
become_child(const int down[2], const int up[2])
{
	const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null == -1 || dup2(down[0], STDIN_FILENO) == -1 ||
	    dup2(up[1], STDOUT_FILENO) == -1 || dup2(null, STDERR_FILENO) == -1)
		_exit(EX_OSERR);
}

enum diag_code
jailed_run(jailed_work *work, void (*prepare)(void), void *arg,
    struct asking *asking, struct table *t, struct diag *d)
{
	struct warden *w = mem_calloc(1, sizeof(*w));
	int down[2], up[2];
	size_t sections = table_sections(t);
	enum diag_code code;
	bool done;
	pid_t pid;
	int status = 0;

	if (pipe2(down, O_CLOEXEC) == -1 || pipe2(up, O_CLOEXEC) == -1 ||
	    (pid = fork()) == -1) {
		free(w);
		return diag_set(d, DIAG_RETRY, REASON_OTHER,
		    "cannot start a process: %s", strerror(errno));
	}
	if (pid == 0) {
		become_child(down, up);
		child(work, prepare, arg, t);
	}
	(void)close(down[0]);
	(void)close(up[1]);
	w->asking = asking;
	w->t = t;
	w->to = down[1];
	w->from = up[0];
	code = listen_to(w, sections, &done, d);
	(void)close(w->to);
	(void)close(w->from);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	free(w);
	return code != DIAG_OK || done ? code : autopsy(status, d);
}
