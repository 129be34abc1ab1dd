/*
 * jail: the sandbox of a process that reads untrusted bytes.
 *
 * Inside it the process can read its standard input, write its standard output
 * and use a bounded amount of memory and time.  It cannot open files, connect,
 * start programs or look at other processes, and only root can look at it.
 */
#ifndef COMMON_JAIL_JAIL_H
#define COMMON_JAIL_JAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "common/diag.h"

/*
 * Call this first: the process will end with its parent, and all descriptors
 * but the standard streams are closed. name is what ps(1) shows.
 */
void jail_prepare(const char *name);

struct jail_limits {
	size_t memory;     /* bytes, beyond what the process has now */
	size_t memory_max; /* what its parent may raise that to */
	unsigned seconds;  /* of processor time */
};

/*
 * Enter the sandbox, for good.  Without sandbox only the resource limits are
 * set.  *size is the address space now; the bound on memory is added to it.
 * CONFIG: the kernel refuses.
 */
enum diag_code jail_enter(bool sandbox, const struct jail_limits *bounds,
    size_t *size, struct diag *d) MUST_CHECK;

#endif
