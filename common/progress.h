/*
 * progress: the progress of a long run, on one line of a terminal.
 */
#ifndef COMMON_PROGRESS_H
#define COMMON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Switch it on.  Nothing is shown when standard error is not a terminal. */
void progress_enable(void);

/* done of total mails are processed; the line is redrawn a few times a second.
 */
void progress(const char *what, size_t done, size_t total);

/* Clear the line, before another is printed. */
void progress_clear(void);

#endif
