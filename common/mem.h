/*
 * mem: allocation that does not fail.
 *
 * Sizes from input are checked against a limit before they get here.  So when
 * memory runs out the machine is at fault: the program prints an error and
 * exits.
 */
#ifndef COMMON_MEM_H
#define COMMON_MEM_H

#include <stddef.h>

/* n zeroed members of size bytes; the caller frees with free(). */
void *mem_calloc(size_t n, size_t size);

/* p with room for n members of size bytes; may move. */
void *mem_realloc(void *p, size_t n, size_t size);

/* A copy of s, or NULL for NULL; the caller frees with free(). */
char *mem_strdup(const char *s);

/* printf into memory of its own; the caller frees with free(). */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
