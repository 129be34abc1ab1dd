/* args: the command line, checked. */
#include "common/cli/args.h"

#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "common/num.h"
#include "common/address.h"
#include "common/cli/command.h"

/* What getopt_long calls an option: beyond every character. */
#define CODE(id) (256 + (int)(id))

enum diag_code
args_name(const char *what, const char *s, char out[ARGS_DOMAIN_LEN],
    struct diag *d)
{
	size_t len = strlen(s);

	if (len > 0 && s[len - 1] == '.')
		len--;
	if (len == 0 || len >= ARGS_DOMAIN_LEN)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "%s: no domain name: %s", what, s);
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)s[i];

		if (c >= 0x80)
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "%s: write %s in its ASCII form (xn--...)", what,
			    s);
		if (!isgraph(c))
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "%s: no domain name: %s", what, s);
		out[i] = (char)tolower(c);
	}
	out[len] = '\0';
	return DIAG_OK;
}

/* PostgreSQL has no year 0, and strptime takes less than four digits. */
static bool
is_day(const char *s)
{
	return strspn(s, "0123456789-") == strlen(s) && num_is_date(s) &&
	    strncmp(s, "0000", 4) != 0 && s[4] == '-' && s[7] == '-';
}

static bool
is_choice(const struct option_spec *o, const char *s)
{
	for (size_t i = 0; i < OPTION_CHOICES && o->choices[i] != NULL; i++)
		if (strcmp(o->choices[i], s) == 0)
			return true;
	return o->also != NULL && strcmp(o->also, s) == 0;
}

/* Whether the argument is what the option wants. */
static enum diag_code
check_argument(const struct option_spec *o, const char *s, int64_t *number,
    struct diag *d)
{
	char buf[OPTION_CHOICES_LEN];
	struct address address;
	char name[ARGS_DOMAIN_LEN];
	char what[40];

	switch (o->kind) {
	case OPTION_FLAG:
	case OPTION_TEXT:
		return DIAG_OK;
	case OPTION_NUMBER:
		if (num_int64(s, o->lo, o->hi, number))
			return DIAG_OK;
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: no number from %lld to %lld: %s", o->name,
		    (long long)o->lo, (long long)o->hi, s);
	case OPTION_DAY:
		if (is_day(s))
			return DIAG_OK;
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: no date (YYYY-MM-DD): %s", o->name, s);
	case OPTION_NAME:
		(void)snprintf(what, sizeof(what), "--%s", o->name);
		return args_name(what, s, name, d);
	case OPTION_CHOICE:
		if (is_choice(o, s))
			return DIAG_OK;
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: %s, not %s", o->name, options_choices(o, buf), s);
	case OPTION_ADDRESS:
		if (address_parse_port(s, &address))
			return DIAG_OK;
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: no address, with or without a port: %s", o->name, s);
	}
	return DIAG_OK;
}

static enum diag_code
take_option(struct args *a, enum option_id id, const char *s, struct diag *d)
{
	const struct option_spec *o = &options[id];
	struct args_given *g = &a->given[a->n_given];

	if (id == OPT_HELP)
		a->action = ARGS_HELP;
	if (id == OPT_VERSION)
		a->action = ARGS_VERSION;
	if (!o->many && args_has(a, id))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: given twice", o->name);
	if (a->n_given == ARGS_GIVEN_MAX)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: more than %d options", o->name, ARGS_GIVEN_MAX);
	g->id = id;
	g->text = s;
	a->n_given++;
	return check_argument(o, s, &g->number, d);
}

static enum diag_code
take_operand(struct args *a, const char *s, struct diag *d)
{
	if (a->n_operands == ARGS_OPERANDS_MAX)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "too many arguments: %s", s);
	a->operands[a->n_operands++] = s;
	return DIAG_OK;
}

/* getopt_long refused something; last is where. */
static enum diag_code
refused(int c, const char *last, struct diag *d)
{
	if (c == ':')
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "%s: an argument is missing", last);
	if (optopt > 0 && optopt < CODE(0))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "unknown option: -%c", optopt);
	return diag_set(d, DIAG_CONFIG, REASON_USAGE,
	    "unknown option, or an argument too many: %s", last);
}

/* What getopt_long returned; last is the word it came from. */
static enum diag_code
take(struct args *a, int c, const char *last, struct diag *d)
{
	if (c == 1) /* an operand, in its place among the options */
		return take_operand(a, optarg, d);
	for (int id = 0; id < OPT_COUNT; id++)
		if (c == CODE(id) || (c > 1 && c == options[id].letter))
			return take_option(a, (enum option_id)id, optarg, d);
	return refused(c, last, d);
}

/* The options as getopt_long wants them. */
struct forms {
	struct option longs[OPT_COUNT + 1];
	char letters[2 * OPT_COUNT + 3];
};

static void
fill_forms(struct forms *f)
{
	char *p = f->letters + strlen(f->letters);

	for (int id = 0; id < OPT_COUNT; id++) {
		const bool takes = options[id].kind != OPTION_FLAG;

		f->longs[id].name = options[id].name;
		f->longs[id].has_arg = takes ? required_argument : no_argument;
		f->longs[id].val = CODE(id);
		if (options[id].letter == '\0')
			continue;
		*p++ = options[id].letter;
		if (takes)
			*p++ = ':';
	}
}

/* The command is the first operand. */
static enum diag_code
choose_command(struct args *a, const struct command *commands, struct diag *d)
{
	a->command = commands;
	if (a->n_operands == 0)
		return DIAG_OK;
	while (a->command->name != NULL &&
	    strcmp(a->command->name, a->operands[0]) != 0)
		a->command++;
	if (a->command->name == NULL && strchr(a->operands[0], '.') != NULL)
		for (a->command = commands; a->command->name != NULL;
		     a->command++)
			if (a->command->takes_names)
				return DIAG_OK;
	if (a->command->name == NULL)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "no such command: %s", a->operands[0]);
	a->n_operands--;
	memmove(a->operands, a->operands + 1,
	    a->n_operands * sizeof(a->operands[0]));
	return DIAG_OK;
}

/* The names of the commands that take the option, "a, b and c". */
static void
takers(const struct command *commands, enum option_id id, char *out,
    size_t size)
{
	const char *names[64];
	size_t n = 0;
	size_t len = 0;

	out[0] = '\0';
	for (const struct command *c = commands; c->name != NULL && n < 64; c++)
		if (command_takes(c, id))
			names[n++] = c->name;
	for (size_t i = 0; i < n && len < size; i++) {
		const char *between = i + 1 < n ? ", " : " and ";

		(void)snprintf(out + len, size - len, "%s%s",
		    i == 0 ? "" : between, names[i]);
		len = strlen(out);
	}
}

static enum diag_code
check_options(const struct args *a, const struct command *commands,
    struct diag *d)
{
	char names[300];

	for (size_t i = 0; i < a->n_given; i++) {
		const enum option_id id = a->given[i].id;

		if (id == OPT_FORMAT && a->command->print_zone == NULL &&
		    strcmp(a->given[i].text, "zone") == 0)
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "--format: %s has no form of a zone",
			    a->command->name);
		if (command_takes(a->command, id))
			continue;
		takers(commands, id, names, sizeof(names));
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--%s: %s does not take it, only %s", options[id].name,
		    a->command->name, names);
	}
	return DIAG_OK;
}

static enum diag_code
check_operands(const struct args *a, struct diag *d)
{
	const struct command *c = a->command;

	if (c->operands_max == 0 && a->n_operands > 0)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "%s: nothing goes behind it, not %s", c->name,
		    a->operands[0]);
	if (a->n_operands > c->operands_max)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "%s: only %s goes behind it, not %s", c->name, c->operands,
		    a->operands[c->operands_max]);
	if (a->n_operands < c->operands_min)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "%s: %s goes behind it", c->name, c->operands);
	return DIAG_OK;
}

/* The last n days end today: 1 is today alone. */
static void
set_days(struct args *a, int64_t n, time_t now)
{
	char text[NUM_DATE_LEN];

	num_date((int64_t)now, text);
	(void)snprintf(a->until, sizeof(a->until), "%.10s", text);
	num_date((int64_t)now - (n - 1) * 86400, text);
	(void)snprintf(a->since, sizeof(a->since), "%.10s", text);
}

static enum diag_code
set_window(struct args *a, time_t now, struct diag *d)
{
	const char *domain = args_text(a, OPT_DOMAIN);
	const char *what = "--domain";
	const char *since = args_text(a, OPT_SINCE);
	const char *until = args_text(a, OPT_UNTIL);

	if (args_has(a, OPT_DAYS) && (since != NULL || until != NULL))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--days goes with neither --since nor --until");
	if (since != NULL)
		(void)snprintf(a->since, sizeof(a->since), "%s", since);
	if (until != NULL)
		(void)snprintf(a->until, sizeof(a->until), "%s", until);
	if (since != NULL && until != NULL && strcmp(since, until) > 0)
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "--since %s is after --until %s", since, until);
	if (args_has(a, OPT_DAYS))
		set_days(a, args_number(a, OPT_DAYS, 1), now);
	if (a->command->operand_is_domain && a->n_operands > 0) {
		if (domain != NULL)
			return diag_set(d, DIAG_CONFIG, REASON_USAGE,
			    "--domain %s and %s: one domain, or none", domain,
			    a->operands[0]);
		domain = a->operands[0];
		what = a->command->name;
	}
	return domain == NULL ? DIAG_OK : args_name(what, domain, a->domain, d);
}

enum diag_code
args_parse(struct args *a, const struct command *commands, int argc,
    char *const argv[], time_t now, struct diag *d)
{
	/* Operands keep their place, and a missing argument is told from an
	 * unknown option. */
	struct forms f = { .letters = "-:" };
	enum diag_code code = DIAG_OK;
	int c;

	memset(a, 0, sizeof(*a));
	fill_forms(&f);
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while (code == DIAG_OK && a->action == ARGS_RUN &&
	    (c = getopt_long(argc, argv, f.letters, f.longs, NULL)) != -1)
		code = take(a, c, argv[optind - 1], d);
	while (code == DIAG_OK && a->action == ARGS_RUN && optind < argc)
		code = take_operand(a, argv[optind++], d);
	if (code != DIAG_OK || a->action != ARGS_RUN)
		return code;
	code = choose_command(a, commands, d);
	if (code == DIAG_OK)
		code = check_options(a, commands, d);
	if (code == DIAG_OK)
		code = check_operands(a, d);
	return code != DIAG_OK ? code : set_window(a, now, d);
}

const char *
args_nth(const struct args *a, enum option_id id, size_t i)
{
	for (size_t n = 0; n < a->n_given; n++)
		if (a->given[n].id == id && i-- == 0)
			return a->given[n].text;
	return NULL;
}

const char *
args_text(const struct args *a, enum option_id id)
{
	return args_nth(a, id, 0);
}

bool
args_has(const struct args *a, enum option_id id)
{
	for (size_t n = 0; n < a->n_given; n++)
		if (a->given[n].id == id)
			return true;
	return false;
}

int64_t
args_number(const struct args *a, enum option_id id, int64_t otherwise)
{
	for (size_t n = 0; n < a->n_given; n++)
		if (a->given[n].id == id)
			return a->given[n].number;
	return otherwise;
}
