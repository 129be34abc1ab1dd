/* progress: the progress of a long run, on one line of a terminal. */
#include "common/progress.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"

#define EVERY_MS 200

static bool enabled;
static bool shown;
static int64_t began; /* ms */
static int64_t last;

void
progress_enable(void)
{
	enabled = isatty(STDERR_FILENO) == 1;
	log_before_line(progress_clear);
}

void
progress(const char *what, size_t done, size_t total)
{
	int64_t now;

	if (!enabled)
		return;
	now = clock_ms();
	if (done == 0 || began == 0)
		began = now;
	if (now - last < EVERY_MS)
		return;
	last = now;
	shown = true;
	(void)fprintf(stderr, "\r%s: %zu of %zu mails, %lld a second\033[K",
	    what, done, total,
	    (long long)done * 1000 /
		(long long)(now > began ? now - began : 1));
	(void)fflush(stderr);
}

void
progress_clear(void)
{
	if (!shown)
		return;
	shown = false;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
}
