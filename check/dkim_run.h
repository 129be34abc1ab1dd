/*
 * dkim_run: what the two steps of a signature's verification share.
 */
#ifndef CHECK_DKIM_RUN_H
#define CHECK_DKIM_RUN_H

#include "check/dkim_signature.h"

/* The first result stays: nothing happens when there is one. */
void dkim_ended(struct dkim_signature *s, enum dkim_result result,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The bytes of b=; false: they are no base64, or too many. */
bool dkim_signature_bytes(const struct dkim_signature *s, unsigned char *out,
    size_t size, size_t *n);

#endif
