/*
 * step: places where state changes hands, for tests that end the program there.
 */
#include "common/step.h"

#ifdef TEST_STEPS
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void
step(const char *name)
{
	static int count;
	const char *last = getenv("DMARC_DIE_AFTER");

	if (last == NULL || ++count < atoi(last))
		return;
	(void)fprintf(stderr, "died after step %d, %s\n", count, name);
	_exit(99);
}
#else
/* ISO C wants something in every file. */
typedef int step_unused;
#endif
