/* enrich: the addresses that are due. */
#include "report/enrich.h"

const char *
enrich_due(const struct enrich *e, int row, const char *kind)
{
	const int ip = PQfnumber(e->due, "ip");

	if (PQgetisnull(e->due, row, ip) ||
	    PQgetvalue(e->due, row, PQfnumber(e->due, kind))[0] != 't')
		return NULL;
	return PQgetvalue(e->due, row, ip);
}
