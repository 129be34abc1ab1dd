/*
 * decoder_child: the program as a worker.
 *
 * decoder.c starts it.  It loads what decoding needs, enters the sandbox, and
 * turns items on its standard input into frames on its standard output, until
 * its input ends.
 */
#ifndef INGEST_DECODER_CHILD_H
#define INGEST_DECODER_CHILD_H

#include <stdbool.h>

/* The command line that decoder.c uses: argv[0], [1], and one of two for [2].
 */
#define DECODER_NAME     "dmarc-worker"
#define DECODER_OPTION   "--worker"
#define DECODER_LOCKED   "locked"
#define DECODER_UNLOCKED "unlocked"

/* Whether the program was started as a worker. */
bool decoder_child_is_meant(int argc, char *const *argv);

/* The exit status. */
int decoder_child_main(char *const *argv);

#endif
