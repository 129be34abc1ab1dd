/*
 * names: names of parts and files that promise a report.
 */
#ifndef INGEST_NAMES_H
#define INGEST_NAMES_H

#include <stdbool.h>

/* receiver!domain!begin!end, as RFC 7489 and RFC 9990 want it, whatever stands
 * behind it. */
bool names_report(const char *name);

/* The name ends as that of an archive, a compression or XML. */
bool names_archive(const char *name);

/* .xml.gz and its like: what is inside should be XML. */
bool names_packed_xml(const char *name);

#endif
