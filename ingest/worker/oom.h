/*
 * oom: running out of memory ends the program, in whatever library it happens.
 *
 * Libraries make of it what they like: a broken archive, a domain that cannot
 * be converted.  That would judge a report, and wrongly.
 */
#ifndef INGEST_OOM_H
#define INGEST_OOM_H

/* The exit status of whoever ran out of memory. */
#define OOM_EXIT 71

/* From now on.  Nothing happens in builds with a sanitizer, which has an
 * allocator of its own. */
void oom_ends_it(void);

#endif
