/*
 * zip_mend: zip archives whose headers call a file a folder.
 *
 * Some programs put a slash behind the name of a file, or set the bit of a
 * folder.  libarchive gives no bytes of a folder, so the headers are set right
 * in a copy.
 */
#ifndef INGEST_ZIP_MEND_H
#define INGEST_ZIP_MEND_H

#include <stddef.h>

/* A copy of in[0..len) with such headers set right, the caller's to free; NULL:
 * there are none, which is the rule. */
unsigned char *zip_mend(const unsigned char *in, size_t len);

/* How many bytes stand ahead of the archive that a zip is by its end, when these
 * are a zip, too: somebody put several into one file.  0: it is one. */
size_t zip_before(const void *bytes, size_t len);

#endif
