/* out: the formats, behind one table. */
#include "common/cli/out.h"

#include <string.h>

const struct out_format out_formats[] = {
	{ "text", out_text },
	{ "csv", out_csv },
	{ "json", out_json },
	{ NULL, NULL },
};

const struct out_format *
out_find(const char *name)
{
	for (const struct out_format *f = out_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}
