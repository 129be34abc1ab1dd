/*
 * files: every file of a folder, one after the other, for the bench.
 */
#ifndef BENCH_FILES_H
#define BENCH_FILES_H

#include <stddef.h>

/*
 * Call with the bytes of path, or of every file in the folder path; returns
 * how many there were.  What cannot be read ends the program.
 */
size_t files_each(const char *path,
    void (*each)(void *ctx, const char *path, const char *bytes, size_t len),
    void *ctx);

#endif
