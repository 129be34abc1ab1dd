/* csv_text: one cell of CSV that came from a stranger. */
#include "common/csv_text.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "common/mem.h"

bool
csv_text(FILE *fp, const char *s)
{
	char *guarded;
	bool ok;

	if (*s == '\0' || strchr("=+-@\t\r", *s) == NULL)
		return csv_fwrite(fp, s, strlen(s)) == 0;
	guarded = mem_printf("'%s", s);
	ok = csv_fwrite(fp, guarded, strlen(guarded)) == 0;
	free(guarded);
	return ok;
}
