/*
 * domain_table: what a check of a domain found, as rows, and how people and
 * zone files have them.
 */
#ifndef CHECK_DOMAIN_TABLE_H
#define CHECK_DOMAIN_TABLE_H

#include "check/domain_check.h"
#include "common/cli/table.h"

struct table *domain_table_new(void);

/* Append all of one domain. */
void domain_table_add(struct table *t, const struct domain_check *c);

/* --format zone: what should be published. */
bool domain_table_zone(FILE *fp, const struct table *t);

/* 1: something is to be corrected; 75: DNS did not say; 0. */
int domain_table_status(const struct table *t);

#endif
