/*
 * step: places where state changes hands, for tests that end the program
 * there.  Built with -DTEST_STEPS, DMARC_DIE_AFTER=n in the environment ends
 * it without a word at the n-th; otherwise a step is nothing.
 */
#ifndef COMMON_STEP_H
#define COMMON_STEP_H

#ifdef TEST_STEPS
void step(const char *name);
#define STEP(name) step(name)
#else
#define STEP(name) ((void)0)
#endif

#endif
