/*
 * decoder: one worker, seen from the parent: start it, exchange frames with it,
 * find out why it exited.
 */
#include "ingest/worker/decoder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ingest/worker/decoder_child.h"
#include "ingest/limits.h"
#include "ingest/worker/oom.h"
#include "ingest/worker/replay.h"
#include "common/sanitizer.h"

/* The size of a pipe, so that neither side waits for the other too often; the
 * system may grant less. */
#define PIPE_BYTES (LIMIT_MIB)

/* Read at a time. */
#define PIECE 262144

/* Reason code of failures that no message caused. */
#define SANDBOX REASON_SANDBOX

/* ---- its start --------------------------------------------------------------- */

struct pipes {
	int in[2]; /* of the worker */
	int out[2];
};

static enum diag_code
open_pipes(struct pipes *p, struct diag *d)
{
	int error;

	if (pipe2(p->in, O_CLOEXEC) == 0) {
		if (pipe2(p->out, O_CLOEXEC) == 0) {
			(void)fcntl(p->in[1], F_SETFL, O_NONBLOCK);
			(void)fcntl(p->out[0], F_SETFL, O_NONBLOCK);
			(void)fcntl(p->in[1], F_SETPIPE_SZ, PIPE_BYTES);
			(void)fcntl(p->out[0], F_SETPIPE_SZ, PIPE_BYTES);
			return DIAG_OK;
		}
		error = errno;
		(void)close(p->in[0]);
		(void)close(p->in[1]);
		errno = error;
	}
	return diag_set(d, DIAG_RETRY, REASON_DECODER,
	    "cannot make a pipe to a worker: %s", strerror(errno));
}

/* Signals that a terminal or systemd sends to the whole group are for the
 * parent, which lets the current items finish. */
static void
leave_signals_to_parent(void)
{
	static const int parents[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
		SIGPIPE };

	for (size_t i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
		(void)signal(parents[i], SIG_IGN);
}

/* In the child: these streams, an almost empty environment, the same program.
 */
static void
become(const struct pipes *p, bool sandbox, const sigset_t *all_signals)
{
	char name[] = DECODER_NAME;
	char option[] = DECODER_OPTION;
	char locked[] = DECODER_LOCKED;
	char unlocked[] = DECODER_UNLOCKED;
	char *const argv[] = { name, option, sandbox ? locked : unlocked,
		NULL };
	/* This keeps the C library from looking for the local time zone again
	 * and again; reports do not need it. */
	char zone[] = "TZ=UTC0";
	char *const least[] = { zone, NULL };
	/* Sanitizers need standard error and their options. */
	char *const *env = SANITIZER ? environ : least;
	const int null = SANITIZER ? STDERR_FILENO :
				     open("/dev/null", O_WRONLY);
	int self;

	leave_signals_to_parent();
	(void)sigprocmask(SIG_UNBLOCK, all_signals, NULL);
	if (dup2(p->in[0], STDIN_FILENO) == -1 ||
	    dup2(p->out[1], STDOUT_FILENO) == -1 ||
	    dup2(null, STDERR_FILENO) == -1)
		_exit(126);
	/* The file that is running, even if its name now belongs to another. */
	self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	(void)close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
	(void)fexecve(self, argv, env);
	_exit(127);
}

enum diag_code
decoder_start(struct decoder *dec, bool sandbox, struct diag *d)
{
	struct pipes p;
	sigset_t all;
	sigset_t before;
	enum diag_code code = open_pipes(&p, d);

	if (code != DIAG_OK)
		return code;
	/* If SIGCHLD is ignored, the exit status of a child is lost. */
	(void)signal(SIGCHLD, SIG_DFL);
	*dec = (struct decoder){ .bound = LIMIT_DECODER_MEMORY };
	buf_init(&dec->in, 2 * LIMIT_FRAME);
	/* Block signals until the child has its own handlers. */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	dec->pid = fork();
	if (dec->pid == 0)
		become(&p, sandbox, &all);
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	if (dec->pid == -1)
		code = diag_set(d, DIAG_RETRY, REASON_DECODER,
		    "cannot start a worker: %s", strerror(errno));
	(void)close(p.in[0]);
	(void)close(p.out[1]);
	dec->to = p.in[1];
	dec->from = p.out[0];
	if (code != DIAG_OK) {
		(void)close(dec->to);
		(void)close(dec->from);
		dec->pid = 0;
	}
	return code;
}

/* ---- its end ------------------------------------------------------------------ */

/* *status is -1 when it is unknown. */
static void
reap(struct decoder *dec, int *status)
{
	pid_t pid;

	(void)close(dec->to);
	(void)close(dec->from);
	buf_free(&dec->in);
	do
		pid = waitpid(dec->pid, status, 0);
	while (pid == -1 && errno == EINTR);
	if (pid == -1)
		*status = -1;
	*dec = (struct decoder){ 0 };
}

void
decoder_stop(struct decoder *dec)
{
	int status;

	if (dec->pid == 0)
		return;
	(void)kill(dec->pid, SIGKILL);
	reap(dec, &status);
}

static void
tell_signal(int number, struct diag *d)
{
	const char *name = sigabbrev_np(number);

	if (number == SIGXCPU)
		(void)diag_set(d, DIAG_LIMIT, REASON_DECODER_TIMEOUT,
		    "the worker ran for over %d s", LIMIT_DECODER_LIFE);
	else if (name != NULL)
		(void)diag_set(d, DIAG_FORMAT, REASON_DECODER_DIED,
		    "worker killed: SIG%s", name);
	else
		(void)diag_set(d, DIAG_FORMAT, REASON_DECODER_DIED,
		    "worker killed: signal %d", number);
}

/* It closed its output, so it should be exiting; if it has not after two
 * seconds, kill it. */
static void
await_end(const struct decoder *dec)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	siginfo_t info = { 0 };

	for (int ms = 0; ms < 2000; ms++) {
		if (waitid(P_PID, (id_t)dec->pid, &info,
			WEXITED | WNOWAIT | WNOHANG) == -1 ||
		    info.si_pid != 0)
			return;
		(void)nanosleep(&pause, NULL);
	}
	(void)kill(dec->pid, SIGKILL);
}

/* How it exited; *bound gets its memory limit. */
static int
wait_status(struct decoder *dec, size_t *bound)
{
	int status;

	*bound = dec->bound;
	await_end(dec);
	reap(dec, &status);
	return status;
}

static void
tell_end(int status, size_t bound, struct diag *d)
{
	if (status == -1)
		(void)diag_set(d, DIAG_FORMAT, REASON_DECODER_DIED,
		    "the worker ended, nobody knows why");
	else if (WIFSIGNALED(status))
		tell_signal(WTERMSIG(status), d);
	else if (WEXITSTATUS(status) == OOM_EXIT)
		(void)diag_set(d, DIAG_LIMIT, REASON_DECODER_MEMORY,
		    "takes over %zu MiB to decode", bound / (size_t)LIMIT_MIB);
	else
		(void)diag_set(d, DIAG_FORMAT, REASON_DECODER_DIED,
		    "worker ended: exit status %d", WEXITSTATUS(status));
}

void
decoder_autopsy(struct decoder *dec, struct diag *d)
{
	size_t bound;
	const int status = wait_status(dec, &bound);

	tell_end(status, bound, d);
}

/* ---- the two pipes -------------------------------------------------------------- */

void
decoder_read(struct decoder *dec)
{
	static char piece[PIECE];
	ssize_t n;

	if (dec->at > 0) {
		memmove(dec->in.data, dec->in.data + dec->at,
		    dec->in.len - dec->at);
		buf_truncate(&dec->in, dec->in.len - dec->at);
		dec->at = 0;
	}
	n = read(dec->from, piece, sizeof(piece));
	if (n > 0 && !buf_append(&dec->in, piece, (size_t)n)) {
		/* It sends more than it may; the rest would be cut. */
		(void)kill(dec->pid, SIGKILL);
		dec->has_ended = true;
	}
	if (n == 0 || (n == -1 && errno != EAGAIN && errno != EINTR))
		dec->has_ended = true;
}

size_t
decoder_write(struct decoder *dec, const struct iovec *iov, int n)
{
	/* A worker that has exited is noticed when we read from it, so a
	 * failed write needs no handling here. */
	const ssize_t done = writev(dec->to, iov, n);

	return done > 0 ? (size_t)done : 0;
}

bool
decoder_frame(struct decoder *dec, struct frame *f, bool *bad)
{
	size_t n;

	*bad = false;
	if (dec->in.data == NULL)
		return false;
	n = frame_look(dec->in.data + dec->at, dec->in.len - dec->at,
	    LIMIT_FRAME, f, bad);

	dec->at += n;
	return n > 0;
}

/* ---- its first word ----------------------------------------------------------- */

static enum diag_code
not_locked_in(struct diag *d, const char *why)
{
	return diag_set(d, DIAG_CONFIG, SANDBOX,
	    "no worker can be locked in: %s; --no-sandbox does without", why);
}

/* It exited before its first frame, so no item is to blame. */
static enum diag_code
died_at_birth(int status, struct diag *d)
{
	struct diag why;

	tell_end(status, 0, &why);
	/* A system call that the kernel or an outer filter refuses. */
	if (status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return not_locked_in(d, why.text);
	if (status != -1 && WIFEXITED(status) &&
	    WEXITSTATUS(status) == OOM_EXIT)
		return diag_set(d, DIAG_RETRY, REASON_DECODER,
		    "there is too little memory to start a worker: give back "
		    "some, or allow more (ulimit -v), and run it again");
	if (status == -1 ||
	    (WIFSIGNALED(status) &&
		(WTERMSIG(status) == SIGKILL || WTERMSIG(status) == SIGTERM ||
		    WTERMSIG(status) == SIGXCPU)))
		return diag_set(d, DIAG_RETRY, REASON_DECODER,
		    "a worker was ended before it began (%s), as happens when "
		    "memory is short: give back some, or raise MemoryMax, and "
		    "run it again",
		    why.text);
	return diag_set(d, DIAG_CONFIG, SANDBOX, "no worker can be started: %s",
	    why.text);
}

enum diag_code
decoder_greet(struct decoder *dec, struct diag *d)
{
	struct frame f;
	bool bad;
	uint64_t size;
	char text[sizeof(d->text)];
	size_t bound;

	if (dec->is_ready)
		return DIAG_OK;
	if (!decoder_frame(dec, &f, &bad)) {
		if (bad)
			return not_locked_in(d, "it says what cannot be");
		if (!dec->has_ended)
			return DIAG_OK;
		return died_at_birth(wait_status(dec, &bound), d);
	}
	if (f.type == FRAME_READY && f.len == sizeof(size)) {
		memcpy(&size, f.body, sizeof(size));
		dec->size = (size_t)size;
		dec->is_ready = true;
		return DIAG_OK;
	}
	/* A text with its length before it. */
	(void)snprintf(text, sizeof(text), "%.*s",
	    f.len > sizeof(uint32_t) ? (int)(f.len - sizeof(uint32_t)) : 0,
	    f.body + sizeof(uint32_t));
	return not_locked_in(d, text);
}

/* ---- what it may use ------------------------------------------------------------ */

void
decoder_make_room(struct decoder *dec, size_t len)
{
	const size_t want = LIMIT_DECODER_ROOM + LIMIT_DECODER_COPIES * len;
	struct rlimit limit;

	if (want <= dec->bound)
		return;
	if (prlimit(dec->pid, RLIMIT_AS, NULL, &limit) == -1)
		return;
	limit.rlim_cur = dec->size + want;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	if (prlimit(dec->pid, RLIMIT_AS, &limit, NULL) == 0)
		dec->bound = want;
}

int64_t
decoder_cpu_ms(const struct decoder *dec)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(dec->pid, &clock) != 0 ||
	    clock_gettime(clock, &t) == -1)
		return -1;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
