/* misbehave: what a worker does that was taken over by its input. */
#include "ingest/worker/misbehave.h"

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

#include "ingest/worker/frame.h"
#include "ingest/limits.h"
#include "ingest/worker/oom.h"
#include "tests/misbehave/say.h"

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

	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "inside:%s",
	    seen);
	frame_leaf(out, &leaf);
	return true;
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

	(void)diag_set(&leaf.diag, DIAG_FORMAT, REASON_OTHER, "it is not so");
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

static bool
look_twice(struct buf *out)
{
	(void)look(out);
	frame_done(out);
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
	{ "done-twice", look_twice },
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
