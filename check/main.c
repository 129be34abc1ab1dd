/*
 * dmarc-check: brings DNS in: what lies behind the reports.
 */
#include "check/cmd.h"
#include "check/domain_table.h"
#include "common/cli/command.h"
#include "common/cli/program.h"

#define PROGRAM "dmarc-check"

#define OPTIONS_DNS                                                         \
	(OPTION(OPT_DEADLINE) | OPTION(OPT_PARALLEL) | OPTION(OPT_SERVER) | \
	    OPTION(OPT_ZONE))

static const struct command commands[] = {
	{ .name = "addresses",
	    .summary = "look up names and networks of source addresses",
	    .options = OPTIONS_WINDOW | OPTION(OPT_DEADLINE) |
		OPTION(OPT_PARALLEL) | OPTION(OPT_SERVER) | OPTION(OPT_ASN_DB) |
		OPTION(OPT_COUNTRY_DB) | OPTION(OPT_MAX_AGE),
	    .writes = true,
	    .run = cmd_addresses },
	{ .name = "domain",
	    .summary = "what DNS says of a domain's mail, and what is wrong",
	    .operands = "DOMAIN...",
	    .operands_max = ARGS_OPERANDS_MAX - 1,
	    .options = OPTIONS_DNS | OPTION(OPT_RECORD) | OPTION(OPT_ALL) |
		OPTION(OPT_SELECTOR),
	    .no_database = true,
	    .takes_names = true,
	    .nothing = "there are no reports, and so no domains",
	    .run = cmd_domain,
	    .print_zone = domain_table_zone,
	    .status = domain_table_status },
	{ .name = "spf",
	    .summary = "what SPF says of a sender's mail from these addresses",
	    .operands = "MAILBOX IP...",
	    .operands_min = 2,
	    .operands_max = ARGS_OPERANDS_MAX - 1,
	    .options = OPTIONS_DNS | OPTION(OPT_RECORD) | OPTION(OPT_HELO) |
		OPTION(OPT_EXPLAIN) | OPTION(OPT_IPV4) | OPTION(OPT_IPV6),
	    .no_database = true,
	    .run = cmd_spf },
	{ .name = "mail",
	    .summary = "what a mail shows: its way, signatures, mistakes",
	    .operands = "[FILE]",
	    .operands_max = 1,
	    .options = OPTIONS_DNS | OPTION(OPT_IP) | OPTION(OPT_HELO) |
		OPTION(OPT_FROM) | OPTION(OPT_TRUSTED) | OPTION(OPT_QUIET),
	    .no_database = true,
	    .nothing = "",
	    .run = cmd_mail,
	    .status = cmd_mail_status },
	{ .name = "replay",
	    .summary =
		"what an SPF record says of the addresses in the reports",
	    .operands = "DOMAIN",
	    .operands_min = 1,
	    .operands_max = 1,
	    .operand_is_domain = true,
	    .options = OPTIONS_DNS | OPTION(OPT_SINCE) | OPTION(OPT_UNTIL) |
		OPTION(OPT_DAYS) | OPTION(OPT_RECORD) | OPTION(OPT_ALL),
	    .run = cmd_replay },
	{ .name = "flatten",
	    .summary = "the networks that an SPF record authorises",
	    .operands = "DOMAIN...",
	    .operands_min = 1,
	    .operands_max = ARGS_OPERANDS_MAX - 1,
	    .options = OPTIONS_DNS,
	    .no_database = true,
	    .run = cmd_flatten,
	    .status = cmd_flatten_status },
	{ .name = NULL },
};

static int
run(const struct args *a)
{
	struct table *t = NULL;
	struct db *db = NULL;
	struct diag d;
	enum diag_code code = DIAG_OK;

	if (!a->command->no_database)
		code = program_database(PROGRAM, &db, a, &d);
	if (code == DIAG_OK)
		code = a->command->run(db, a, &t, &d);
	db_close(db);
	if (code == DIAG_OK)
		return program_answer(a, t, NULL, NULL);
	table_free(t);
	return program_failed(PROGRAM, &d);
}

int
main(int argc, char *argv[])
{
	const struct program p = { PROGRAM, commands, run };

	return program_main(&p, argc, argv);
}
