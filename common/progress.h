/*
 * progress: how far a long run has come, on one line of a terminal.
 */
#ifndef COMMON_PROGRESS_H
#define COMMON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Nothing is shown before this, nor where standard error is no terminal. */
void progress_enable(void);

/* Mail number done of total; shown some times a second. */
void progress(const char *what, size_t done, size_t total);

/* Take the line away, before another is printed. */
void progress_clear(void);

#endif
