/*
 * clock: time that only goes forward, for deadlines.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdint.h>

/* Milliseconds since some moment. */
int64_t clock_ms(void);

#endif
