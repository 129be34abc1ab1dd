/*
 * help: what --help prints, from the tables of commands and options.
 */
#ifndef REPORT_HELP_H
#define REPORT_HELP_H

#include <stdio.h>

#include "report/cmd.h"

/* commands ends with one without name; the first is the default. */
void help_print(FILE *fp, const struct command *commands);

#endif
