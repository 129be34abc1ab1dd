/*
 * stop: being asked to end, by SIGTERM, SIGINT or SIGHUP.
 *
 * After stop_install() the first such signal only leaves a mark, so that what
 * is under way can come to its end; the second ends the program, which is safe
 * at any instant, too.  Before it the signals do what they always do.
 */
#ifndef COMMON_STOP_H
#define COMMON_STOP_H

#include <stdbool.h>

void stop_install(void);
bool stop_requested(void);

/* It was asked, and so long ago that what was begun is not waited for any
 * more.  The clock starts when this is asked first. */
bool stop_is_overdue(void);

/*
 * While it is on the first signal ends the program, and well, wherever it is:
 * for calls that wait in a library, when nothing is under way.
 */
void stop_at_once(bool on);

/* For poll(): readable once it was asked; -1 before stop_install(). */
int stop_fd(void);

/* Sleep, at most this long; true when it was asked to end. */
bool stop_wait(int milliseconds);

#endif
