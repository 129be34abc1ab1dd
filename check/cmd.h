/*
 * cmd: the commands of dmarc-check.
 */
#ifndef CHECK_CMD_H
#define CHECK_CMD_H

#include "common/cli/args.h"
#include "common/cli/table.h"
#include "common/db.h"
#include "common/diag.h"

enum diag_code cmd_addresses(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_spf(struct db *db, const struct args *a, struct table **out,
    struct diag *d) MUST_CHECK;
enum diag_code cmd_domain(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_flatten(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
int cmd_flatten_status(const struct table *t);
enum diag_code cmd_replay(struct db *db, const struct args *a,
    struct table **out, struct diag *d) MUST_CHECK;
enum diag_code cmd_mail(struct db *db, const struct args *a, struct table **out,
    struct diag *d) MUST_CHECK;
int cmd_mail_status(const struct table *t);

#endif
