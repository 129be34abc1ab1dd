/* log: one line to standard error, with the program's name before it. */
#include "common/log.h"

#include <stdarg.h>
#include <stdio.h>

static const char *log_program = "dmarc";
static enum log_level log_max = LOG_NOTICE;
static void (*log_clear)(void);

void
log_init(const char *program, enum log_level level)
{
	log_program = program;
	log_max = level;
}

void
log_before_line(void (*clear)(void))
{
	log_clear = clear;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (level > log_max)
		return;
	if (log_clear != NULL)
		log_clear();
	flockfile(stderr);
	(void)fprintf(stderr, "%s: ", log_program);
	va_start(ap, fmt);
	(void)vfprintf(stderr, fmt, ap);
	va_end(ap);
	(void)fputc('\n', stderr);
	funlockfile(stderr);
}
