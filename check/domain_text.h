/*
 * domain_text: a check of a domain for people: each row of its table.
 */
#ifndef CHECK_DOMAIN_TEXT_H
#define CHECK_DOMAIN_TEXT_H

#include <stdio.h>

#include "common/cli/table.h"

enum domain_section {
	DOMAIN_HEAD,
	DOMAIN_RECORD,
	DOMAIN_FINDING,
	DOMAIN_COST,
	DOMAIN_TOTAL,
	DOMAIN_ZONE
};

void domain_text_head(FILE *fp, const struct table *t, size_t row);
void domain_text_record(FILE *fp, const struct table *t, size_t row);
void domain_text_finding(FILE *fp, const struct table *t, size_t row);
void domain_text_cost(FILE *fp, const struct table *t, size_t row);
void domain_text_total(FILE *fp, const struct table *t, size_t row);
void domain_text_zone(FILE *fp, const struct table *t, size_t row);

#endif
