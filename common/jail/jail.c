/* jail: the sandbox of a process that reads untrusted bytes. */
#include "common/jail/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

#include "common/sanitizer.h"

#define REASON REASON_SANDBOX

/* When the machine runs out of memory the kernel shall kill this process, which
 * costs one item, and not its parent.  Without the right to say so it is left
 * as it is. */
static void
go_first(void)
{
	const int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	if (write(fd, "500", 3) != 3)
		errno = 0;
	(void)close(fd);
}

void
jail_prepare(const char *name)
{
	/* The parent may have exited already; then the input has ended, too. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* ps and top would call it "exe". */
	(void)prctl(PR_SET_NAME, name);
	(void)close_range(STDERR_FILENO + 1, ~0U, 0);
	go_first();
}

/* ---- limits ---------------------------------------------------------------- */

/* The address space in bytes: the first number of statm, in pages. */
static size_t
own_size(void)
{
	char text[32] = "";
	const int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd == -1 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd != -1)
		(void)close(fd);
	/* Without /proc: the peak of the process. */
	if (n <= 0)
		return 512UL << 20;
	return (size_t)strtoull(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE);
}

/* A lower limit that we were started with stays. */
static bool
lower(__rlimit_resource_t what, struct rlimit limit)
{
	struct rlimit now;

	if (getrlimit(what, &now) == -1)
		return false;
	if (limit.rlim_max > now.rlim_max)
		limit.rlim_max = now.rlim_max;
	if (limit.rlim_cur > limit.rlim_max)
		limit.rlim_cur = limit.rlim_max;
	return setrlimit(what, &limit) == 0;
}

static enum diag_code
set_limits(const struct jail_limits *bounds, size_t size, bool must,
    struct diag *d)
{
	const struct {
		__rlimit_resource_t what;
		struct rlimit limit;
	} limits[] = {
		{ RLIMIT_CORE, { 0, 0 } },
		{ RLIMIT_FSIZE, { 0, 0 } },
		{ RLIMIT_NOFILE, { 0, 0 } },
		{ RLIMIT_NPROC, { 0, 0 } },
		{ RLIMIT_MEMLOCK, { 0, 0 } },
		/* The parent counts the time of each item; this limit is the
		 * second line of defence. */
		{ RLIMIT_CPU, { bounds->seconds, bounds->seconds } },
		/* The parent raises it for a large item. */
		{ RLIMIT_AS,
		    { size + bounds->memory, size + bounds->memory_max } },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		/* AddressSanitizer's shadow is 16 TiB, and its report of what
		 * it found opens files. */
		if (SANITIZER &&
		    (limits[i].what == RLIMIT_AS ||
			limits[i].what == RLIMIT_NOFILE))
			continue;
		if (!lower(limits[i].what, limits[i].limit) && must)
			return diag_set(d, DIAG_CONFIG, REASON, "setrlimit: %s",
			    strerror(errno));
	}
	return DIAG_OK;
}

/* ---- system calls ------------------------------------------------------------ */

/* System calls that are allowed with any argument. */
static const int allowed[] = {
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* the end, also by abort() */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	/* after a stop and a continue */
	SCMP_SYS(restart_syscall),
	/* GLib's locks; glibc's and libxml2's seeds; clocks without a vDSO */
	SCMP_SYS(futex),
	SCMP_SYS(getrandom),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	/* glibc's qsort() asks how much memory there is. */
	SCMP_SYS(sysinfo),
#if SANITIZER
	SCMP_SYS(sigaltstack),
	SCMP_SYS(sched_yield),
	SCMP_SYS(getuid),
	SCMP_SYS(openat),
	SCMP_SYS(read),
	SCMP_SYS(close),
	SCMP_SYS(lseek),
	SCMP_SYS(readlink),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(ioctl),
	SCMP_SYS(prlimit64),
	SCMP_SYS(mmap),
	SCMP_SYS(mprotect),
	SCMP_SYS(pipe),
	SCMP_SYS(write),
	SCMP_SYS(getcwd),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
#endif
};

/*
 * Refused with an error instead of a kill: iconv looks for the module of a
 * charset, GLib for a time zone, the C library for a locale, and all of them
 * continue without.
 */
static const int refused[] = {
	SCMP_SYS(open),
#if !SANITIZER
	SCMP_SYS(openat),
	SCMP_SYS(readlink),
	SCMP_SYS(newfstatat),
	SCMP_SYS(fstat),
	SCMP_SYS(getcwd),
#endif
	SCMP_SYS(openat2),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(readlinkat),
#if !SANITIZER
	/* Is it a terminal? */
	SCMP_SYS(ioctl),
#endif
};

#define N(list) (sizeof(list) / sizeof((list)[0]))

/* Reading from standard input and writing to standard output and error, which
 * is /dev/null. */
static int
allow_streams(scmp_filter_ctx c)
{
	int r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
	    SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO, 0));

	if (r == 0)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		    SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO, 0));
	if (r == 0)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		    SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO, 0));
	return r;
}

/* Memory, but none that can be executed; signals, but to itself only. */
static int
allow_with_care(scmp_filter_ctx c)
{
	int r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));

	if (r == 0)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (r == 0)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
		    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
	return r;
}

static int
add_rules(scmp_filter_ctx c)
{
	int r = 0;

	for (size_t i = 0; i < N(allowed) && r == 0; i++)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < N(refused) && r == 0; i++)
		r = seccomp_rule_add(c, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
	if (r == 0)
		r = allow_streams(c);
	if (r == 0)
		r = allow_with_care(c);
	return r;
}

static enum diag_code
lock(struct diag *d)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = c == NULL ? -ENOMEM : 0;

	/* The calls that are made a thousand times a second come first. */
	if (r == 0)
		r = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (r == 0)
		r = add_rules(c);
	if (r == 0)
		r = seccomp_load(c);
	seccomp_release(c);
	if (r != 0)
		return diag_set(d, DIAG_CONFIG, REASON, "seccomp: %s",
		    strerror(-r));
	return DIAG_OK;
}

enum diag_code
jail_enter(bool sandbox, const struct jail_limits *bounds, size_t *size,
    struct diag *d)
{
	enum diag_code code;

	*size = own_size();
	if (prctl(PR_SET_DUMPABLE, 0) == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return diag_set(d, DIAG_CONFIG, REASON, "prctl: %s",
		    strerror(errno));
	/* Without the sandbox a limit that cannot be set is ignored: valgrind
	 * does not allow the one on descriptors. */
	code = set_limits(bounds, *size, sandbox, d);
	if (code == DIAG_OK && sandbox)
		code = lock(d);
	return code;
}
