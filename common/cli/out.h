/*
 * out: the formats, behind one table.
 */
#ifndef COMMON_CLI_OUT_H
#define COMMON_CLI_OUT_H

#include <stdbool.h>
#include <stdio.h>

#include "common/cli/table.h"

struct out_format {
	const char *name;
	/* Print t to fp; false when something could not be printed. */
	bool (*print)(FILE *fp, const struct table *t);
};

/* Ends with a member whose name is NULL; the first is the default. */
extern const struct out_format out_formats[];

/* The format of that name, NULL for none. */
const struct out_format *out_find(const char *name);

bool out_text(FILE *fp, const struct table *t);
bool out_csv(FILE *fp, const struct table *t);
bool out_json(FILE *fp, const struct table *t);

#endif
