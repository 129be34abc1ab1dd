/*
 * log: one line to standard error, with the program's name before it.
 *
 * A warning needs a person.  A notice does not, but someone may look for it
 * later.  Info is for debugging.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

enum log_level {
	LOG_ERROR,
	LOG_WARN,
	LOG_NOTICE,
	LOG_INFO
};

/* Print what is at most this level; LOG_NOTICE at the start. */
void log_init(const char *program, enum log_level level);

/* A function to call before every line; it may have to clear a progress line.
 */
void log_before_line(void (*clear)(void));

void log_line(enum log_level level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
