/* names: names of parts and files that promise a report. */
#include "ingest/decode/names.h"

#include <string.h>
#include <strings.h>

bool
names_report(const char *name)
{
	int n = 0;

	for (const char *p = name; (p = strchr(p, '!')) != NULL; p++)
		n++;
	return n >= 3;
}

bool
names_archive(const char *name)
{
	static const char *const ends[] = { ".xml", ".zip", ".gz", ".gzip",
		".tgz", ".xz", ".zst", ".bz2", ".7z", ".tar" };
	const size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (len > strlen(ends[i]) &&
		    strcasecmp(name + len - strlen(ends[i]), ends[i]) == 0)
			return true;
	return false;
}

bool
names_packed_xml(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && dot - name > 4 && names_archive(name) &&
	    strncasecmp(dot - 4, ".xml", 4) == 0;
}
