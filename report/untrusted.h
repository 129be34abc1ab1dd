/*
 * untrusted: reports that are not trusted are in no figure; that there are some
 * is said in one line.
 */
#ifndef REPORT_UNTRUSTED_H
#define REPORT_UNTRUSTED_H

#include "common/db.h"
#include "common/cli/args.h"

struct untrusted {
	char text[160]; /* "": nothing is to be said */
};

/*
 * Within the transaction of a command, before its statements: with --untrusted
 * have them ask about these reports and no others; see what is to be said.
 */
enum diag_code untrusted_begin(struct untrusted *u, struct db *db,
    const struct args *a, struct diag *d) MUST_CHECK;

#endif
