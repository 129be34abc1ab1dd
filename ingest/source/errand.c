/*
 * errand: an item on its way from its source to the batch, with what is known
 * about it.
 */
#include "ingest/source/errand.h"

#include <stdlib.h>

void
errand_clear(struct errand *errand)
{
	if (errand->seen != NULL)
		document_row_clear(errand->seen);
	free(errand->seen);
	item_free(&errand->item);
	*errand = (struct errand){ 0 };
}
