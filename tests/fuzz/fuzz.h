/*
 * fuzz: what the targets share.
 *
 * A target takes bytes, calls one function of a header and holds it to what
 * the header promises.  The same object links with libFuzzer and, for make
 * check-replay, with replay.c.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Like assert(), but there in every kind of build. */
#define PROMISE(what) promise((what), #what, __FILE__, __LINE__)

static inline void
promise(bool kept, const char *what, const char *file, int line);
static inline bool is_text(const char *s, const char *allowed);

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

static inline void
promise(bool kept, const char *what, const char *file, int line)
{
	if (kept)
		return;
	(void)fprintf(stderr, "%s:%d: promise broken: %s\n", file, line, what);
	abort();
}

/* Valid UTF-8 without control characters but these; NULL is fine. */
static inline bool
is_text(const char *s, const char *allowed)
{
	if (s == NULL)
		return true;
	for (const char *p = s; *p != '\0'; p++)
		if (((unsigned char)*p < ' ' || *p == 0x7f) &&
		    strchr(allowed, *p) == NULL)
			return false;
	return g_utf8_validate(s, -1, NULL);
}

#endif
