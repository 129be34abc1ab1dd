/*
 * spf_order: the terms of an SPF record in an order in which all of them count.
 */
#ifndef CHECK_SPF_ORDER_H
#define CHECK_SPF_ORDER_H

#include <stdbool.h>

/* Whether "all" or redirect= ends the record. */
bool spf_order_ends(const char *text);

/*
 * The record with each term once, what stands behind "all" before it, no
 * redirect= beside it and an "all" at the end, if nothing ends it (~all); that
 * end is never +all or ?all.  The caller frees; NULL: a term is in error.
 */
char *spf_order(const char *text);

/* The same of the terms of several records: the mildest "all" is taken, and
 * redirect= becomes an include. */
char *spf_order_merge(const char *text);

#endif
