/*
 * setting: one line of dmarc.conf: what its value may be, and where it goes.
 */
#ifndef INGEST_SETTING_H
#define INGEST_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/diag.h"

enum setting_kind {
	SETTING_TEXT,
	SETTING_COMMAND, /* may have tabs */
	SETTING_PATH,    /* from the root */
	SETTING_HOST,
	SETTING_FOLDERS, /* a list with commas; the last of the array is NULL */
	SETTING_ACTION,
	SETTING_PORT,   /* an integer that is kept as text */
	SETTING_INT,    /* from lo to hi */
	SETTING_SIZE,   /* the same with K, M or G behind */
	SETTING_CHOICE, /* an enum: the place among the choices */
	SETTING_EITHER  /* a bool: the second of two */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	const char *value; /* when the file has none; NULL: nothing */
	size_t at;         /* in the struct of its group */
	int64_t lo;
	int64_t hi;
	const char *choices; /* separated by ", " */
	bool required;
};

/*
 * Parse the value (UTF-8, without white space around it) into *to, which must
 * be zero and of the kind's type: char *, char **, struct action, int,
 * uint64_t, an enum or bool.  The caller frees what is allocated.  CONFIG: the
 * value is not valid for this setting; *d begins with the setting's name.
 */
enum diag_code setting_set(const struct setting *s, void *to, const char *value,
    struct diag *d) MUST_CHECK;

/* CONFIG, "NAME: WHY". */
enum diag_code setting_wrong(struct diag *d, const char *name, const char *why);

#endif
