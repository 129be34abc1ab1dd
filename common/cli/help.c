/* help: what --help prints, from the tables of commands and options. */
#include "common/cli/help.h"

#include <string.h>

/* Where the explanations begin. */
#define COLUMN 23

/* left in its column; when it is too long, the rest goes below. */
static void
print_left(FILE *fp, const char *left)
{
	if (strlen(left) + 3 <= COLUMN)
		(void)fprintf(fp, "  %-*s", COLUMN - 2, left);
	else
		(void)fprintf(fp, "  %s\n%*s", left, COLUMN, "");
}

static void
print_command(FILE *fp, const struct command *c, bool is_default)
{
	char left[100];

	(void)snprintf(left, sizeof(left), "%s%s%s", c->name,
	    c->operands == NULL ? "" : " ",
	    c->operands == NULL ? "" : c->operands);
	print_left(fp, left);
	(void)fprintf(fp, "%s%s\n", c->summary, is_default ? " (default)" : "");
}

static void
print_option(FILE *fp, const struct option_spec *o)
{
	char choices[OPTION_CHOICES_LEN];
	char left[100];

	(void)snprintf(left, sizeof(left), "%.*s%s--%s%s%s",
	    o->letter == '\0' ? 0 : 2, (char[]){ '-', o->letter, '\0' },
	    o->letter == '\0' ? "" : ", ", o->name,
	    o->argument == NULL ? "" : " ",
	    o->argument == NULL ? "" : o->argument);
	(void)options_choices(o, choices);
	if (o->help[0] == '\0' && choices[0] == '\0') {
		(void)fprintf(fp, "  %s\n", left);
		return;
	}
	print_left(fp, left);
	(void)fprintf(fp, "%s%s%s\n", o->help,
	    o->help[0] != '\0' && choices[0] != '\0' ? ": " : "", choices);
}

/* How many commands take it; only is the last of them. */
static size_t
count_takers(const struct command *commands, enum option_id id,
    const struct command **only)
{
	size_t n = 0;

	for (const struct command *c = commands; c->name != NULL; c++)
		if (command_takes(c, id)) {
			*only = c;
			n++;
		}
	return n;
}

/* The options of c alone; NULL: those of several commands. */
static void
print_options(FILE *fp, const struct command *commands, const struct command *c)
{
	const struct command *only = NULL;
	bool first = true;

	for (int id = 0; id < OPT_COUNT; id++) {
		const size_t n = count_takers(commands, (enum option_id)id,
		    &only);

		if (c == NULL ? n < 2 : n != 1 || only != c)
			continue;
		if (first && c == NULL)
			(void)fputc('\n', fp);
		else if (first)
			(void)fprintf(fp, "\nof %s:\n", c->name);
		first = false;
		print_option(fp, &options[id]);
	}
}

void
help_print(FILE *fp, const char *program, const struct command *commands)
{
	(void)fprintf(fp, "usage: %s [command] [option ...]\n\n", program);
	for (const struct command *c = commands; c->name != NULL; c++)
		print_command(fp, c, c == commands);
	print_options(fp, commands, NULL);
	for (const struct command *c = commands; c->name != NULL; c++)
		print_options(fp, commands, c);
}
