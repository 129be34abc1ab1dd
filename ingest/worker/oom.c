/*
 * oom: running out of memory ends the program, in whatever library it happens.
 */
#include "ingest/worker/oom.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/sanitizer.h"

#if SANITIZER

void
oom_ends_it(void)
{
}

#else

static bool armed;

void
oom_ends_it(void)
{
	armed = true;
}

/*
 * A program may define the allocator's functions itself, and then all libraries
 * use these.  Ours call glibc's, which has them under the names below, and
 * check the result.
 */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

static void *
checked(void *p, size_t size)
{
	if (p == NULL && size > 0 && armed)
		_exit(OOM_EXIT);
	return p;
}

void *
malloc(size_t size)
{
	return checked(__libc_malloc(size), size);
}

void *
calloc(size_t n, size_t size)
{
	return checked(__libc_calloc(n, size), n > 0 ? size : 0);
}

void *
realloc(void *p, size_t size)
{
	return checked(__libc_realloc(p, size), size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return checked(__libc_memalign(alignment, size), size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	void *p = checked(__libc_memalign(alignment, size), size);

	if (p == NULL && size > 0)
		return ENOMEM;
	*out = p;
	return 0;
}

#endif
