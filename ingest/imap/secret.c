/* secret: the password or token of a mailbox, for as long as it is needed. */
#include "ingest/imap/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <glib.h>

#include "common/clock.h"
#include "common/mem.h"
#include "common/stop.h"

#define REASON REASON_SECRET

/* The first line, and the two bytes that may end it. */
struct answer {
	char bytes[SECRET_MAX + 2];
	size_t n;
};

/* ---- the command starts ---------------------------------------------------- */

/* Our environment but for the database's password, and what the command may
 * want to know. */
static char **
environment(const struct mailbox *m, bool again)
{
	char **env = g_environ_unsetenv(g_get_environ(), "PGPASSWORD");

	env = g_environ_setenv(env, "DMARC_USER", m->user, TRUE);
	env = g_environ_setenv(env, "DMARC_HOST", m->host, TRUE);
	if (again)
		env = g_environ_setenv(env, "DMARC_TOKEN_REFUSED", "1", TRUE);
	else
		env = g_environ_unsetenv(env, "DMARC_TOKEN_REFUSED");
	return env;
}

/*
 * A group of its own, so that all that it starts can be killed; of what we
 * have done to signals nothing is left; and no descriptor beyond the three.
 */
static int
start(pid_t *pid, const char *command, char **env, int out)
{
	char *argv[] = { mem_strdup("sh"), mem_strdup("-c"),
		mem_strdup(command), NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t signals;
	int error;

	(void)posix_spawn_file_actions_init(&files);
	(void)posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
	    "/dev/null", O_RDONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	(void)posix_spawn_file_actions_addclosefrom_np(&files, 3);
	(void)posix_spawnattr_init(&attr);
	(void)posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
		POSIX_SPAWN_SETSIGMASK);
	(void)posix_spawnattr_setpgroup(&attr, 0);
	(void)sigemptyset(&signals);
	(void)posix_spawnattr_setsigmask(&attr, &signals);
	(void)sigaddset(&signals, SIGPIPE);
	(void)sigaddset(&signals, SIGTERM);
	(void)sigaddset(&signals, SIGINT);
	(void)posix_spawnattr_setsigdefault(&attr, &signals);
	error = posix_spawn(pid, "/bin/sh", &files, &attr, argv, env);
	(void)posix_spawnattr_destroy(&attr);
	(void)posix_spawn_file_actions_destroy(&files);
	for (int i = 0; argv[i] != NULL; i++)
		free(argv[i]);
	return error;
}

/* ---- it answers ------------------------------------------------------------ */

static enum diag_code
too_late(struct diag *d)
{
	return diag_set(d, DIAG_RETRY, REASON, "took more than %d seconds",
	    SECRET_SECONDS);
}

static enum diag_code
stopped(struct diag *d)
{
	return diag_set(d, DIAG_RETRY, REASON_STOPPED, "asked to stop");
}

/* Keep as much as a secret may have; beyond that read on, so that the command
 * comes to its end. */
static void
keep(struct answer *a, const char *bytes, size_t n)
{
	const size_t room = sizeof(a->bytes) - a->n;

	if (n > room)
		n = room;
	memcpy(a->bytes + a->n, bytes, n);
	a->n += n;
}

/* Everything up to the end of its output. */
static enum diag_code
listen_to(int fd, struct answer *a, int64_t deadline, struct diag *d)
{
	struct pollfd p[] = { { .fd = fd, .events = POLLIN },
		{ .fd = stop_fd(), .events = POLLIN } };
	enum diag_code code = DIAG_OK;
	char bytes[4096];
	ssize_t n = 1;
	int64_t left;

	while (code == DIAG_OK && n != 0) {
		left = deadline - clock_ms();
		if (stop_requested())
			code = stopped(d);
		else if (left <= 0)
			code = too_late(d);
		else if (poll(p, 2, (int)left) > 0 && p[0].revents != 0) {
			n = read(fd, bytes, sizeof(bytes));
			if (n > 0)
				keep(a, bytes, (size_t)n);
			else if (n == -1 && errno != EINTR)
				n = 0;
		}
	}
	explicit_bzero(bytes, sizeof(bytes));
	return code;
}

/* A command may close its output long before its end. */
static enum diag_code
await_end(pid_t pid, int64_t deadline, int *status, struct diag *d)
{
	pid_t ended;

	while ((ended = waitpid(pid, status, WNOHANG)) == 0) {
		if (stop_wait(10))
			return stopped(d);
		if (clock_ms() >= deadline)
			return too_late(d);
	}
	/* Only whoever started us with SIGCHLD ignored sees this. */
	if (ended == -1)
		return diag_set(d, DIAG_CONFIG, REASON,
		    "cannot wait for it: %s", strerror(errno));
	return DIAG_OK;
}

/* ---- what it said ---------------------------------------------------------- */

static enum diag_code
check_status(int status, struct diag *d)
{
	if (WIFSIGNALED(status))
		return diag_set(d, DIAG_CONFIG, REASON,
		    "was ended by signal %d", WTERMSIG(status));
	/* As everywhere, 75 says that later may do. */
	if (WEXITSTATUS(status) != 0)
		return diag_set(d,
		    WEXITSTATUS(status) == EX_TEMPFAIL ? DIAG_RETRY :
							 DIAG_CONFIG,
		    REASON, "exit status %d", WEXITSTATUS(status));
	return DIAG_OK;
}

static enum diag_code
take_line(char **out, const struct answer *a, struct diag *d)
{
	const char *end = memchr(a->bytes, '\n', a->n);
	size_t n = end == NULL ? a->n : (size_t)(end - a->bytes);

	if (n > 0 && a->bytes[n - 1] == '\r')
		n--;
	if (n == 0)
		return diag_set(d, DIAG_CONFIG, REASON,
		    "exit status 0, but it printed %s",
		    a->n == 0 ? "nothing" : "an empty line");
	if (n > SECRET_MAX)
		return diag_set(d, DIAG_CONFIG, REASON,
		    "exit status 0, but it printed more than %d bytes",
		    SECRET_MAX);
	if (memchr(a->bytes, '\0', n) != NULL)
		return diag_set(d, DIAG_CONFIG, REASON,
		    "exit status 0, but it printed a NUL byte");
	*out = mem_calloc(n + 1, 1);
	memcpy(*out, a->bytes, n);
	return DIAG_OK;
}

/* ---- all of it ------------------------------------------------------------- */

static enum diag_code
converse(char **out, pid_t pid, int fd, struct diag *d)
{
	const int64_t deadline = clock_ms() + SECRET_SECONDS * INT64_C(1000);
	struct answer *a = mem_calloc(1, sizeof(*a));
	int status = 0;
	enum diag_code code = listen_to(fd, a, deadline, d);

	if (code == DIAG_OK)
		code = await_end(pid, deadline, &status, d);
	if (code == DIAG_RETRY) {
		(void)kill(-pid, SIGKILL);
		while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
			continue;
	}
	if (code == DIAG_OK)
		code = check_status(status, d);
	if (code == DIAG_OK)
		code = take_line(out, a, d);
	explicit_bzero(a, sizeof(*a));
	free(a);
	return code;
}

static enum diag_code
run(char **out, const char *command, const struct mailbox *m, bool again,
    struct diag *d)
{
	char **env;
	pid_t pid = -1;
	int fds[2];
	int error;
	enum diag_code code;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return diag_set(d, DIAG_RETRY, REASON, "cannot make a pipe: %s",
		    strerror(errno));
	env = environment(m, again);
	error = start(&pid, command, env, fds[1]);
	g_strfreev(env);
	(void)close(fds[1]);
	if (error == 0)
		code = converse(out, pid, fds[0], d);
	else
		code = diag_set(d, DIAG_RETRY, REASON, "cannot run it: %s",
		    strerror(error));
	(void)close(fds[0]);
	return code;
}

enum diag_code
secret_get(char **out, const struct mailbox *m, bool again, struct diag *d)
{
	const bool token = m->token_command != NULL;
	enum diag_code code;
	char *subject;

	*out = NULL;
	if (m->password != NULL) {
		*out = mem_strdup(m->password);
		return DIAG_OK;
	}
	code = run(out, token ? m->token_command : m->password_command, m,
	    again, d);
	if (code == DIAG_OK)
		return code;
	subject = mem_printf("%s: %s", m->name,
	    token ? "token_command" : "password_command");
	(void)diag_prefix(d, subject);
	free(subject);
	return code;
}

void
secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
