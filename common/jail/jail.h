/*
 * jail: a process locks itself in.
 *
 * Afterwards it can read its standard input, write its standard output and
 * use a bounded amount of memory and time; it can open nothing, connect to
 * nothing, start nothing, look at no other process, and none but root at it.
 */
#ifndef COMMON_JAIL_JAIL_H
#define COMMON_JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"

/*
 * What is done first: end with the parent, close all descriptors but the
 * standard streams.  name is what ps(1) shows.
 */
void jail_prepare(const char *name);

struct jail_limits {
	size_t memory;     /* bytes, beyond what the process has now */
	size_t memory_max; /* what its parent may raise that to */
	unsigned seconds;  /* of processor time */
};

/*
 * Lock the door; there is no way back.  Without sandbox only the limits of the
 * process are set.  *size is its address space now, which the bound on memory
 * comes on top of.  CONFIG: the kernel will not.
 */
enum diag_code jail_enter(bool sandbox, const struct jail_limits *bounds,
    size_t *size, struct diag *d) MUST_CHECK;

#endif
