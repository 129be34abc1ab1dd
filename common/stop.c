/* stop: being asked to end, by SIGTERM, SIGINT or SIGHUP. */
#include "common/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/clock.h"

static const int signals[] = { SIGTERM, SIGINT, SIGHUP };
#define N_SIGNALS (sizeof(signals) / sizeof(signals[0]))

static bool taken[N_SIGNALS];
static volatile sig_atomic_t requested;
static volatile sig_atomic_t at_once;
static int event = -1;

/* A flag alone would be lost on a poll() that begins right after the look at
 * it; what can be read from stays readable. */
static void
on_signal(int number)
{
	const uint64_t one = 1;
	const int saved = errno;

	(void)number;
	if (at_once)
		_exit(0);
	requested = 1;
	for (size_t i = 0; i < N_SIGNALS; i++)
		if (taken[i])
			(void)signal(signals[i], SIG_DFL);
	if (write(event, &one, sizeof(one)) == -1)
		requested = 1; /* nothing else can be done here */
	errno = saved;
}

void
stop_install(void)
{
	struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = SA_RESTART };
	struct sigaction old;

	if (event != -1)
		return;
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < N_SIGNALS; i++) {
		/* What nohup and the like had ignored stays ignored. */
		(void)sigaction(signals[i], NULL, &old);
		taken[i] = old.sa_handler != SIG_IGN;
		if (taken[i])
			(void)sigaction(signals[i], &action, NULL);
	}
}

void
stop_at_once(bool on)
{
	at_once = on;
	if (on && requested)
		_exit(0);
}

bool
stop_requested(void)
{
	return requested != 0;
}

/* How long what was begun may go on. */
#define GRACE_MS 5000

bool
stop_is_overdue(void)
{
	static int64_t since;

	if (!stop_requested())
		return false;
	if (since == 0)
		since = clock_ms();
	return clock_ms() - since > GRACE_MS;
}

int
stop_fd(void)
{
	return event;
}

bool
stop_wait(int milliseconds)
{
	struct pollfd p = { .fd = event, .events = POLLIN };

	if (!stop_requested())
		(void)poll(&p, 1, milliseconds);
	return stop_requested();
}
