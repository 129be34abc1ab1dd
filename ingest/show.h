/*
 * show: the bytes of what was set aside, as they were kept.
 */
#ifndef INGEST_SHOW_H
#define INGEST_SHOW_H

#include "common/db.h"
#include "common/diag.h"

/*
 * Write the bytes of that number (a positive integer) in set_aside to standard
 * output, whether it is open or not.  They are a stranger's: a terminal gets each
 * that could steer it as \xNN.  FORMAT: there are none of that number.
 */
enum diag_code
show(struct db *db, const char *number, struct diag *d) MUST_CHECK;

#endif
