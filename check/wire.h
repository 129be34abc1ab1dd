/*
 * wire: what a nameserver sends, in a form that the library (c-ares) reads.
 *
 * A newer c-ares takes an answer that it cannot read for a broken connection:
 * it closes its socket, and every other question that waits there has failed
 * once.  So it never meets one.  Such an answer travels as the content of a
 * record in an answer that is in order, and whoever asked reads it himself.
 */
#ifndef CHECK_WIRE_H
#define CHECK_WIRE_H

#include <stddef.h>

/* The longest message there is. */
#define WIRE_MAX 65535

/* The type of that record, one of those that RFC 6895 leaves to private use. */
#define WIRE_TYPE 65400

/*
 * The answer m with its question as it is and, in place of its records, m as
 * the content of one; with none when it says that it has no answer.  out has
 * room for WIRE_MAX bytes.  The length; 0: not even the question can be read.
 */
size_t wire_wrap(const unsigned char *m, size_t n, unsigned char *out);

/* The length of the message at the start of a TCP stream, behind the two bytes
 * that tell it; WIRE_MAX + 1: it is not all there. */
size_t wire_message(const unsigned char *stream, size_t n);

#endif
