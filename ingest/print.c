#include "ingest/print.h"

enum diag_code
print_sources(char *const *paths, int n, bool csv, struct run_counts *counts,
    struct diag *d)
{
	(void)paths; (void)n; (void)csv; (void)counts; (void)d;
	return DIAG_OK;
}
