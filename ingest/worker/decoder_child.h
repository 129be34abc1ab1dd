/*
 * decoder_child: the program as a decoder.
 *
 * It is started by decoder.c, loads what decoding needs, locks itself in, and
 * then turns items on its standard input into frames on its standard output
 * until there are no more.
 */
#ifndef INGEST_DECODER_CHILD_H
#define INGEST_DECODER_CHILD_H

#include <stdbool.h>

/* What decoder.c starts: argv[0], [1], and [2], which is one of two. */
#define DECODER_NAME     "dmarc-decoder"
#define DECODER_OPTION   "--decoder"
#define DECODER_LOCKED   "locked"
#define DECODER_UNLOCKED "unlocked"

/* It was started as one. */
bool decoder_child_is_meant(int argc, char *const *argv);

/* The exit status. */
int decoder_child_main(char *const *argv);

#endif
