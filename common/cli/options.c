/* options: every option there is, and what its argument may be. */
#include "common/cli/options.h"

#include <stdio.h>
#include <string.h>

/* About a hundred years; what is older was not reported. */
#define DAYS_MAX 36500

const struct option_spec options[OPT_COUNT] = {
	[OPT_DOMAIN] = { .name = "domain",
	    .kind = OPTION_NAME,
	    .argument = "DOMAIN",
	    .help = "only this domain" },
	[OPT_SINCE] = { .name = "since",
	    .kind = OPTION_DAY,
	    .argument = "YYYY-MM-DD",
	    .help = "from this day on (UTC)" },
	[OPT_UNTIL] = { .name = "until",
	    .kind = OPTION_DAY,
	    .argument = "YYYY-MM-DD",
	    .help = "up to and with this day (UTC)" },
	[OPT_DAYS] = { .name = "days",
	    .kind = OPTION_NUMBER,
	    .lo = 1,
	    .hi = DAYS_MAX,
	    .argument = "N",
	    .help = "the last N days, today included" },
	[OPT_HEARTBEAT] = { .name = "heartbeat",
	    .help = "print a line even when nothing has changed" },
	[OPT_ALL] = { .name = "all",
	    .help = "every row, however many there are" },
	[OPT_UNTRUSTED] = { .name = "untrusted",
	    .help = "only the reports that are left out, as not trusted" },
	[OPT_POLICY] = { .name = "policy",
	    .kind = OPTION_CHOICE,
	    .choices = { "none", "quarantine", "reject" },
	    .argument = "POLICY",
	    .help = "for the domain itself" },
	[OPT_SP] = { .name = "sp",
	    .kind = OPTION_CHOICE,
	    .choices = { "none", "quarantine", "reject" },
	    .argument = "POLICY",
	    .help = "for the domains below" },
	[OPT_NP] = { .name = "np",
	    .kind = OPTION_CHOICE,
	    .choices = { "none", "quarantine", "reject" },
	    .argument = "POLICY",
	    .help = "for those that do not exist" },
	[OPT_ADKIM] = { .name = "adkim",
	    .kind = OPTION_CHOICE,
	    .choices = { "s", "r" },
	    .argument = "MODE",
	    .help = "alignment of DKIM" },
	[OPT_ASPF] = { .name = "aspf",
	    .kind = OPTION_CHOICE,
	    .choices = { "s", "r" },
	    .argument = "MODE",
	    .help = "alignment of SPF" },
	[OPT_FIXED] = { .name = "fixed",
	    .many = true,
	    .kind = OPTION_TEXT,
	    .argument = "SENDER",
	    .help = "as if its mail passed" },
	[OPT_GONE] = { .name = "gone",
	    .many = true,
	    .kind = OPTION_TEXT,
	    .argument = "SENDER",
	    .help = "as if it sent no more" },
	[OPT_OWNER] = { .name = "owner",
	    .kind = OPTION_TEXT,
	    .argument = "TEXT",
	    .help = "who answers for the sender" },
	[OPT_NOTE] = { .name = "note",
	    .kind = OPTION_TEXT,
	    .argument = "TEXT",
	    .help = "anything worth knowing of it" },
	[OPT_DEADLINE] = { .name = "deadline",
	    .kind = OPTION_NUMBER,
	    .lo = 1,
	    .hi = 86400,
	    .argument = "SECONDS",
	    .help = "end after this time, done or not; default: 60" },
	[OPT_PARALLEL] = { .name = "parallel",
	    .kind = OPTION_NUMBER,
	    .lo = 1,
	    .hi = 1000,
	    .argument = "N",
	    .help = "addresses looked up at once; default: 200" },
	[OPT_SERVER] = { .name = "server",
	    .many = true,
	    .kind = OPTION_ADDRESS,
	    .argument = "ADDRESS[:PORT]",
	    .help = "nameserver; default: those of resolv.conf" },
	[OPT_ASN_DB] = { .name = "asn-db",
	    .kind = OPTION_TEXT,
	    .argument = "FILE",
	    .help = "database of AS numbers (.mmdb)" },
	[OPT_COUNTRY_DB] = { .name = "country-db",
	    .kind = OPTION_TEXT,
	    .argument = "FILE",
	    .help = "database of countries (.mmdb)" },
	[OPT_MAX_AGE] = { .name = "max-age",
	    .kind = OPTION_NUMBER,
	    .lo = 0,
	    .hi = DAYS_MAX,
	    .argument = "DAYS",
	    .help = "look up again what is older; default: 90" },
	[OPT_FORMAT] = { .name = "format",
	    .kind = OPTION_CHOICE,
	    .choices = { "text", "csv" },
	    .argument = "FORMAT",
	    .help = "" },
	[OPT_DB] = { .name = "db",
	    .letter = 'd',
	    .kind = OPTION_TEXT,
	    .argument = "CONNINFO",
	    .help = "database; default: PGHOST, PGDATABASE, ..." },
	[OPT_HELP] = { .name = "help", .letter = 'h', .help = "" },
	[OPT_VERSION] = { .name = "version", .help = "" },
};

const char *
options_choices(const struct option_spec *o, char buf[OPTION_CHOICES_LEN])
{
	size_t len = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < OPTION_CHOICES && o->choices[i] != NULL; i++) {
		const bool last = i + 1 == OPTION_CHOICES ||
		    o->choices[i + 1] == NULL;

		(void)snprintf(buf + len, OPTION_CHOICES_LEN - len, "%s%s",
		    i == 0   ? "" :
			last ? " or " :
			       ", ",
		    o->choices[i]);
		len = strlen(buf);
	}
	return buf;
}
