/*
 * help: what --help prints, from the tables of commands and options.
 */
#ifndef COMMON_CLI_HELP_H
#define COMMON_CLI_HELP_H

#include <stdio.h>

#include "common/cli/command.h"

/* program is its name; commands ends with one without name; the first is the
 * default. */
void help_print(FILE *fp, const char *program, const struct command *commands);

#endif
