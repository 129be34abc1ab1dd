#include "report/args.h"

#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/num.h"

/* About a hundred years; what is older was not reported. */
#define DAYS_MAX 36500

enum option_code {
	OPT_DOMAIN = 256, /* beyond every character */
	OPT_SINCE,
	OPT_UNTIL,
	OPT_DAYS,
	OPT_FORMAT,
	OPT_VERSION
};

static const struct option options[] = {
	{ "domain", required_argument, NULL, OPT_DOMAIN },
	{ "since", required_argument, NULL, OPT_SINCE },
	{ "until", required_argument, NULL, OPT_UNTIL },
	{ "days", required_argument, NULL, OPT_DAYS },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "db", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

static enum diag_code
set_domain(struct args *a, const char *s, struct diag *d)
{
	size_t len = strlen(s);

	if (a->domain[0] != '\0')
		return diag_set(d, DIAG_CONFIG, "usage",
		    "--domain: given twice");
	if (len > 0 && s[len - 1] == '.')
		len--;
	if (len == 0 || len >= sizeof(a->domain))
		return diag_set(d, DIAG_CONFIG, "usage",
		    "--domain: no domain name: %s", s);
	for (size_t i = 0; i < len; i++) {
		const unsigned char c = (unsigned char)s[i];

		if (c >= 0x80)
			return diag_set(d, DIAG_CONFIG, "usage",
			    "--domain: write %s in its ASCII form (xn--...)",
			    s);
		if (!isgraph(c))
			return diag_set(d, DIAG_CONFIG, "usage",
			    "--domain: no domain name: %s", s);
		a->domain[i] = (char)tolower(c);
	}
	a->domain[len] = '\0';
	return DIAG_OK;
}

static enum diag_code
set_day(char out[ARGS_DATE_LEN], const char *option, const char *s,
    struct diag *d)
{
	/* PostgreSQL has no year 0, and strptime takes less than four digits. */
	if (strspn(s, "0123456789-") != strlen(s) || !num_is_date(s) ||
	    strncmp(s, "0000", 4) == 0 || s[4] != '-' || s[7] != '-')
		return diag_set(d, DIAG_CONFIG, "usage",
		    "--%s: no date (YYYY-MM-DD): %s", option, s);
	(void)snprintf(out, ARGS_DATE_LEN, "%s", s);
	return DIAG_OK;
}

/* The last n days end today: 1 is today alone. */
static enum diag_code
set_days(struct args *a, const char *s, time_t now, struct diag *d)
{
	char text[NUM_DATE_LEN];
	int64_t n;

	if (!num_int64(s, 1, DAYS_MAX, &n))
		return diag_set(d, DIAG_CONFIG, "usage",
		    "--days: no number from 1 to %d: %s", DAYS_MAX, s);
	num_date((int64_t)now, text);
	(void)snprintf(a->until, sizeof(a->until), "%.10s", text);
	num_date((int64_t)now - (n - 1) * 86400, text);
	(void)snprintf(a->since, sizeof(a->since), "%.10s", text);
	return DIAG_OK;
}

/* getopt_long refused something; argv[last] is where. */
static enum diag_code
refused(int c, const char *last, struct diag *d)
{
	if (c == ':')
		return diag_set(d, DIAG_CONFIG, "usage",
		    "%s: an argument is missing", last);
	/* 'h' is --help=x: as a letter it is known. */
	if (optopt > 0 && optopt < 256 && optopt != 'h')
		return diag_set(d, DIAG_CONFIG, "usage", "unknown option: -%c",
		    optopt);
	return diag_set(d, DIAG_CONFIG, "usage",
	    "unknown option, or an argument too many: %s", last);
}

static enum diag_code
take_command(struct args *a, const char *s, struct diag *d)
{
	if (a->command != NULL)
		return diag_set(d, DIAG_CONFIG, "usage",
		    "one command at a time, not %s and %s", a->command, s);
	a->command = s;
	return DIAG_OK;
}

/* What was given; the window is worked out when all of it is known. */
struct given {
	const char *since;
	const char *until;
	const char *days;
};

static enum diag_code
take_option(struct args *a, struct given *g, int c, const char *last,
    struct diag *d)
{
	switch (c) {
	case 1: /* an operand, in its place among the options */
		return take_command(a, optarg, d);
	case OPT_DOMAIN:
		return set_domain(a, optarg, d);
	case OPT_SINCE:
		g->since = optarg;
		return DIAG_OK;
	case OPT_UNTIL:
		g->until = optarg;
		return DIAG_OK;
	case OPT_DAYS:
		g->days = optarg;
		return DIAG_OK;
	case OPT_FORMAT:
		a->format = optarg;
		return DIAG_OK;
	case 'd':
		a->db = optarg;
		return DIAG_OK;
	case 'h':
		a->action = ARGS_HELP;
		return DIAG_OK;
	case OPT_VERSION:
		a->action = ARGS_VERSION;
		return DIAG_OK;
	default:
		return refused(c, last, d);
	}
}

static enum diag_code
set_window(struct args *a, const struct given *g, time_t now, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	if (g->days != NULL && (g->since != NULL || g->until != NULL))
		return diag_set(d, DIAG_CONFIG, "usage",
		    "--days goes with neither --since nor --until");
	if (g->days != NULL)
		return set_days(a, g->days, now, d);
	if (g->since != NULL)
		code = set_day(a->since, "since", g->since, d);
	if (code == DIAG_OK && g->until != NULL)
		code = set_day(a->until, "until", g->until, d);
	if (code == DIAG_OK && g->since != NULL && g->until != NULL &&
	    strcmp(a->since, a->until) > 0)
		return diag_set(d, DIAG_CONFIG, "usage",
		    "--since %s is after --until %s", a->since, a->until);
	return code;
}

enum diag_code
args_parse(struct args *a, int argc, char *const argv[], time_t now,
    struct diag *d)
{
	struct given g = { NULL, NULL, NULL };
	enum diag_code code = DIAG_OK;
	int c;

	memset(a, 0, sizeof(*a));
	optind = 0; /* glibc: begin anew */
	opterr = 0;
	while (code == DIAG_OK && a->action == ARGS_RUN &&
	    (c = getopt_long(argc, argv, "-:d:h", options, NULL)) != -1)
		code = take_option(a, &g, c, argv[optind - 1], d);
	while (code == DIAG_OK && a->action == ARGS_RUN && optind < argc)
		code = take_command(a, argv[optind++], d);
	if (code != DIAG_OK || a->action != ARGS_RUN)
		return code;
	return set_window(a, &g, now, d);
}
