/* misbehave: what a decoder does that has fallen to its input, for tests. */
#include "ingest/misbehave.h"

#ifdef TEST_STEPS

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "ingest/frame.h"
#include "ingest/limits.h"
#include "ingest/oom.h"

/* What was to be refused was not. */
#define GOT_OUT 42

static char seen[400];
static bool poisoned;
static bool turned;

/* ---- what can be seen ------------------------------------------------------- */

static void
see(const char *what)
{
	const size_t n = strlen(seen);

	(void)snprintf(seen + n, sizeof(seen) - n, " %s", what);
}

/* A file of this name where the program runs has a word in it: die so. */
static void
die_at_start(void)
{
	char word[8] = "";
	const int fd = open("misbehave-at-start", O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (read(fd, word, sizeof(word) - 1) == -1)
		_exit(GOT_OUT);
	(void)close(fd);
	if (strcmp(word, "kill") == 0)
		(void)raise(SIGKILL);
	if (strcmp(word, "sys") == 0)
		(void)raise(SIGSYS);
	if (strcmp(word, "segv") == 0)
		(void)raise(SIGSEGV);
	if (strcmp(word, "oom") == 0)
		_exit(OOM_EXIT);
}

void
misbehave_at_start(void)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *e;

	die_at_start();
	see("descriptors");
	while (dir != NULL && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.' && atoi(e->d_name) != dirfd(dir))
			see(e->d_name);
	if (dir != NULL)
		(void)closedir(dir);
	see("environment");
	for (char **p = environ; *p != NULL; p++)
		see(*p);
}

static bool
look(struct buf *out)
{
	struct leaf leaf = { .kind = LEAF_NOT_REPORT, .part = "" };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, "look", "inside:%s", seen);
	frame_leaf(out, &leaf);
	return true;
}

/* What belongs to the items before. */
static void
say_the_rest(struct buf *out)
{
	if (out->len > 0 && write(STDOUT_FILENO, out->data, out->len) == -1)
		_exit(GOT_OUT);
	buf_truncate(out, 0);
}

/* ---- dying -------------------------------------------------------------------- */

static bool
die_by_segv(struct buf *out)
{
	volatile char *nowhere = (char *)out;

	(void)munmap((void *)((uintptr_t)nowhere & ~(uintptr_t)4095), 4096);
	*nowhere = 1;
	(void)raise(SIGSEGV);
	return false;
}

static bool
die_by_abort(struct buf *out)
{
	if (out != NULL)
		abort();
	return false;
}

static bool
run_for_ever(struct buf *out)
{
	for (volatile unsigned i = 0; out != NULL; i++)
		continue;
	return false;
}

static bool
sleep_for_ever(struct buf *out)
{
	const uint32_t word = 0;

	while (out != NULL)
		(void)syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
	return false;
}

/* Something to hear every now and then, and no end. */
static bool
mumble(struct buf *out)
{
	say_the_rest(out);
	frame_forget(out);
	do {
		for (volatile unsigned i = 0; i < 200000000; i++)
			continue;
	} while (write(STDOUT_FILENO, out->data, out->len) != -1);
	_exit(GOT_OUT);
}

static bool
take_all_memory(struct buf *out)
{
	const size_t piece = 1 << 24;

	while (out != NULL)
		memset(malloc(piece), 1, piece);
	return false;
}

static bool
take_huge_memory(struct buf *out)
{
	(void)out;
	return malloc((size_t)1 << 40) != NULL;
}

static bool
exit_0(struct buf *out)
{
	(void)out;
	_exit(0);
}

static bool
exit_3(struct buf *out)
{
	(void)out;
	_exit(3);
}

/* Well behaved, but the next item meets what it left. */
static bool
poison(struct buf *out)
{
	(void)out;
	poisoned = true;
	return false;
}

/* It is somebody else's from now on, and nobody sees it. */
static bool
turn(struct buf *out)
{
	(void)out;
	turned = true;
	return false;
}

/* Of other items. */
static bool
say_what_is_false(struct buf *out)
{
	struct leaf leaf = { .kind = LEAF_NOT_REPORT, .part = "" };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, "falsified", "it is not so");
	frame_leaf(out, &leaf);
	return true;
}

/* ---- getting out ---------------------------------------------------------------- */

/* What must fail without harm, for libraries try it, too. */
static bool
try_files(struct buf *out)
{
	(void)out;
	if (open("/etc/passwd", O_RDONLY) != -1 ||
	    open("/tmp/dmarc-got-out", O_WRONLY | O_CREAT, 0600) != -1 ||
	    syscall(SYS_open, "/etc/passwd", O_RDONLY) != -1)
		_exit(GOT_OUT);
	return false;
}

static bool
try_socket(struct buf *out)
{
	(void)out;
	_exit(socket(AF_UNIX, SOCK_STREAM, 0) == -1 ? 3 : GOT_OUT);
}

static bool
try_connect(struct buf *out)
{
	const struct sockaddr_un a = { .sun_family = AF_UNIX };

	(void)out;
	_exit(connect(0, (const struct sockaddr *)&a, sizeof(a)) == -1 ?
		3 :
		GOT_OUT);
}

static bool
try_exec(struct buf *out)
{
	char name[] = "/bin/true";
	char *argv[] = { name, NULL };

	(void)out;
	(void)execve(name, argv, NULL);
	_exit(3);
}

static bool
try_fork(struct buf *out)
{
	(void)out;
	_exit(fork() == -1 ? 3 : GOT_OUT);
}

static bool
try_ptrace(struct buf *out)
{
	(void)out;
	_exit(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL) == -1 ? 3 : GOT_OUT);
}

static bool
try_kill(struct buf *out)
{
	(void)out;
	_exit(kill(1, 0) == -1 ? 3 : GOT_OUT);
}

static bool
try_tgkill(struct buf *out)
{
	(void)out;
	_exit(syscall(SYS_tgkill, 1, 1, 0) == -1 ? 3 : GOT_OUT);
}

static bool
try_code(struct buf *out)
{
	(void)out;
	_exit(mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ?
		3 :
		GOT_OUT);
}

static bool
try_limit(struct buf *out)
{
	const struct rlimit more = { RLIM_INFINITY, RLIM_INFINITY };

	(void)out;
	_exit(setrlimit(RLIMIT_AS, &more) == -1 ? 3 : GOT_OUT);
}

static bool
try_read_elsewhere(struct buf *out)
{
	char c;

	(void)out;
	_exit(read(STDOUT_FILENO, &c, 1) == -1 ? 3 : GOT_OUT);
}

/* ---- saying what is not so -------------------------------------------------------- */

static bool
say_garbage(struct buf *out)
{
	for (int i = 0; i < 10000; i++)
		(void)buf_putc(out, (char)(i * 7 + 200));
	return true;
}

static bool
say_half(struct buf *out)
{
	const struct frame_header h = { FRAME_LEAF, 1000 };

	(void)buf_append(out, &h, sizeof(h));
	if (write(STDOUT_FILENO, out->data, out->len) == -1)
		_exit(GOT_OUT);
	_exit(0);
}

static bool
say_too_much(struct buf *out)
{
	const struct frame_header h = { FRAME_LEAF, UINT32_MAX };

	(void)buf_append(out, &h, sizeof(h));
	return true;
}

static bool
say_nothing(struct buf *out)
{
	(void)out;
	return true;
}

static bool
say_done_twice(struct buf *out)
{
	(void)look(out);
	frame_done(out);
	return true;
}

/* A report of more messages than its records have. */
static bool
say_wrong_sum(struct buf *out)
{
	char text[] = "x.example";
	struct report_head head = { .pct = -1,
		.org_name = text,
		.reporter = text,
		.policy_domain = text };
	const struct report_totals totals = { .messages = 1 };
	const struct leaf leaf = { .kind = LEAF_REPORT,
		.part = "",
		.head = &head,
		.totals = &totals };

	frame_leaf(out, &leaf);
	return true;
}

/* A text that PostgreSQL would not take. */
static bool
say_no_text(struct buf *out)
{
	struct leaf leaf = { .kind = LEAF_NOT_REPORT, .part = "\xff\xfe" };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, "look", "text");
	frame_leaf(out, &leaf);
	return true;
}

/* Documents without end. */
static bool
say_for_ever(struct buf *out)
{
	struct leaf leaf = { .kind = LEAF_BAD, .part = "" };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, "look", "again");
	say_the_rest(out);
	frame_leaf(out, &leaf);
	while (write(STDOUT_FILENO, out->data, out->len) != -1)
		continue;
	_exit(GOT_OUT);
}

/* Go on with what out holds, n times. */
static void
repeat(const struct buf *out, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t done = 0; done < out->len;) {
			const ssize_t k = write(STDOUT_FILENO, out->data + done,
			    out->len - done);

			if (k == -1)
				_exit(GOT_OUT);
			done += (size_t)k;
		}
}

static char *
long_text(size_t n, char c)
{
	char *s = calloc(n + 1, 1);

	if (s == NULL)
		_exit(GOT_OUT);
	memset(s, c, n);
	return s;
}

/* Texts of documents, in all a little less than may come through the pipe. */
static bool
flood_parts(struct buf *out)
{
	char *text = long_text(4 * LIMIT_MIB, 'x');
	struct leaf leaf = { .kind = LEAF_BAD, .part = text };

	(void)diag_set(&leaf.diag, DIAG_FORMAT, "look", "a long name");
	say_the_rest(out);
	frame_leaf(out, &leaf);
	repeat(out, 95);
	buf_truncate(out, 0);
	free(text);
	return true;
}

/* As many documents as may be, with as many small texts. */
static bool
flood_heads(struct buf *out)
{
	char text[] = "x";
	struct report_head head = { .pct = -1, .n_errors = LIMIT_ERRORS };
	char **texts[FRAME_HEAD_TEXTS];
	struct leaf leaf = { .kind = LEAF_BAD, .part = "", .head = &head };

	frame_head_texts(&head, texts);
	for (size_t i = 0; i < FRAME_HEAD_TEXTS; i++)
		*texts[i] = text;
	for (size_t i = 0; i < LIMIT_ERRORS; i++)
		head.errors[i] = text;
	(void)diag_set(&leaf.diag, DIAG_FORMAT, "look", "again");
	say_the_rest(out);
	frame_leaf(out, &leaf);
	repeat(out, LIMIT_DOCUMENTS + 10);
	buf_truncate(out, 0);
	return true;
}

/* Profiles whose rows are eight times as long as they are; each is another
 * one.  alone: no record has it. */
static void
say_profiles(struct buf *out, bool alone)
{
	char *text = long_text(LIMIT_TEXT, '\\');
	char domain[] = "x.example";
	struct auth_result results[LIMIT_RESULTS];
	struct auth_profile p = { .adkim = 'r',
		.aspf = 'r',
		.dkim = results,
		.n_dkim = LIMIT_RESULTS };
	struct record r = { .count = 1 };
	const struct report_head head = { .pct = -1,
		.reporter = domain,
		.policy_domain = domain };
	const struct chunk chunk = { .profiles = &p,
		.n_profiles = 1,
		.records = &r,
		.n_records = alone ? 0 : 1 };

	for (size_t i = 0; i < LIMIT_RESULTS; i++)
		results[i] = (struct auth_result){ .domain = domain,
			.qualifier = text };
	say_the_rest(out);
	for (int i = 0; i < 900; i++) {
		(void)snprintf(text, 9, "%08d", i);
		text[8] = 'x';
		buf_truncate(out, 0);
		frame_chunk(out, &head, &chunk);
		repeat(out, 1);
	}
	free(text);
	_exit(0);
}

static bool
flood_profiles(struct buf *out)
{
	say_profiles(out, false);
	return true;
}

static bool
flood_idle_profiles(struct buf *out)
{
	say_profiles(out, true);
	return true;
}

/* ---- all of them -------------------------------------------------------------------- */

static const struct {
	const char *word;
	bool (*act)(struct buf *out);
} acts[] = {
	{ "look", look },
	{ "segv", die_by_segv },
	{ "abort", die_by_abort },
	{ "loop", run_for_ever },
	{ "sleep", sleep_for_ever },
	{ "mumble", mumble },
	{ "memory", take_all_memory },
	{ "malloc", take_huge_memory },
	{ "exit-0", exit_0 },
	{ "exit-3", exit_3 },
	{ "poison", poison },
	{ "turn", turn },
	{ "flood-parts", flood_parts },
	{ "flood-heads", flood_heads },
	{ "flood-profiles", flood_profiles },
	{ "flood-idle", flood_idle_profiles },
	{ "files", try_files },
	{ "socket", try_socket },
	{ "connect", try_connect },
	{ "exec", try_exec },
	{ "fork", try_fork },
	{ "ptrace", try_ptrace },
	{ "kill", try_kill },
	{ "tgkill", try_tgkill },
	{ "code", try_code },
	{ "limit", try_limit },
	{ "elsewhere", try_read_elsewhere },
	{ "garbage", say_garbage },
	{ "half", say_half },
	{ "too-much", say_too_much },
	{ "nothing", say_nothing },
	{ "done-twice", say_done_twice },
	{ "wrong-sum", say_wrong_sum },
	{ "no-text", say_no_text },
	{ "for-ever", say_for_ever },
};

bool
misbehave(struct buf *out, const char *item, size_t len)
{
	static const char marker[] = "X-Misbehave: ";
	const char *at = memmem(item, len, marker, sizeof(marker) - 1);
	size_t n;

	if (poisoned)
		(void)die_by_segv(out);
	if (turned)
		return say_what_is_false(out);
	if (at == NULL)
		return false;
	at += sizeof(marker) - 1;
	n = strcspn(at, "\r\n");
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++)
		if (strlen(acts[i].word) == n &&
		    memcmp(acts[i].word, at, n) == 0)
			return acts[i].act(out);
	return false;
}

#else
/* ISO C wants something in every file. */
typedef int misbehave_unused;
#endif
