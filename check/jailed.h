/*
 * jailed: work over bytes that a stranger sent, in a process of its own.
 *
 * The process has no files and no network.  It asks this one for answers of
 * DNS, and hands back the rows of a table, cell by cell; whatever it says is
 * checked here, and text becomes printable as in any table.
 */
#ifndef CHECK_JAILED_H
#define CHECK_JAILED_H

#include <stddef.h>
#include <stdint.h>

#include "check/asking.h"
#include "common/cli/table.h"
#include "common/diag.h"

struct jailed;

/* The work: adds its rows; answers are those it found out so far. */
typedef void jailed_work(struct jailed *j, struct answers *answers, void *arg);

/*
 * Run it.  prepare, which may be NULL, loads what can be loaded only before the
 * sandbox is entered.  FORMAT: the process died, or what it said was wrong.
 */
enum diag_code jailed_run(jailed_work *work, void (*prepare)(void), void *arg,
    struct asking *asking, struct table *t, struct diag *d) MUST_CHECK;

/* For the work: find out all that is wanted of the answers. */
void jailed_find_out(struct jailed *j);

/* For the work: begin a row, and set its cells; NULL sets none. */
void jailed_row(struct jailed *j, size_t section);
void jailed_text(struct jailed *j, const char *column, const char *s);
void jailed_count(struct jailed *j, const char *column, int64_t n);

#endif
