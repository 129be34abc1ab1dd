/* addresses: the addresses that are due. */
#include "check/addresses.h"

const char *
addresses_due(const struct addresses *e, int row, const char *kind)
{
	const int ip = PQfnumber(e->due, "ip");

	if (PQgetisnull(e->due, row, ip) ||
	    PQgetvalue(e->due, row, PQfnumber(e->due, kind))[0] != 't')
		return NULL;
	return PQgetvalue(e->due, row, ip);
}
