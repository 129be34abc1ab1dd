/*
 * oom: running out of memory ends the program, in whatever library it happens.
 *
 * Libraries report it as other errors: a broken archive, a domain that cannot
 * be converted.  That would judge a report, and wrongly.
 */
#ifndef INGEST_OOM_H
#define INGEST_OOM_H

/* The exit status of a process that ran out of memory. */
#define OOM_EXIT 71

/* Switch it on.  It does nothing in builds with a sanitizer, which has its own
 * allocator. */
void oom_ends_it(void);

#endif
