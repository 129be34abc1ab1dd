/* What became of a report, a mail or a file? */
#include "report/cmd.h"

#include <string.h>

#include "common/buf.h"
#include "common/num.h"
#include "gen/sql.h"

enum {
	LOG,
	LOG_REST,
	STORED,
	STORED_REST,
	ASIDE,
	ASIDE_REST,
	RECORD,
	RECORD_REST,
	POLICY,
	POLICY_REST
};

#define IN(section) (1u << (section))
#define EACH        (IN(LOG) | IN(STORED) | IN(ASIDE))

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "id",
	    .title = "NUMBER",
	    .sections = IN(STORED) | IN(ASIDE) | IN(RECORD) | IN(POLICY) },
	{ .name = "seen",
	    .title = "SEEN (UTC)",
	    .sections = EACH,
	    .flags = TABLE_WRAP },
	{ .name = "kind", .title = "KIND", .sections = EACH },
	{ .name = "outcome", .title = "OUTCOME", .sections = IN(LOG) },
	{ .name = "state",
	    .title = "STATE",
	    .sections = IN(STORED) | IN(ASIDE),
	    .flags = TABLE_WRAP },
	{ .name = "reason",
	    .title = "REASON",
	    .sections = IN(LOG) | IN(ASIDE),
	    .flags = TABLE_OPTIONAL },
	{ .name = "detail",
	    .title = "DETAIL",
	    .sections = IN(LOG) | IN(ASIDE),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "domain",
	    .title = "DOMAIN",
	    .sections = EACH | IN(POLICY),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "org_name",
	    .title = "REPORTER",
	    .sections = EACH,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "report_id",
	    .title = "REPORT",
	    .sections = EACH,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "begin_at", .sections = 0 },
	{ .name = "end_at", .sections = 0 },
	{ .name = "source",
	    .title = "SOURCE",
	    .sections = EACH,
	    .flags = TABLE_WRAP },
	{ .name = "part",
	    .title = "PART",
	    .sections = EACH,
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "message_id",
	    .title = "MESSAGE-ID",
	    .sections = IN(LOG),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "mail_from",
	    .title = "BY MAIL OF",
	    .sections = IN(LOG),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "bytes",
	    .title = "BYTES",
	    .type = TABLE_COUNT,
	    .sections = IN(LOG) | IN(ASIDE) },
	{ .name = "records",
	    .title = "RECORDS",
	    .type = TABLE_COUNT,
	    .sections = IN(LOG) | IN(STORED),
	    .flags = TABLE_OPTIONAL },
	{ .name = "messages",
	    .title = "MESSAGES",
	    .type = TABLE_COUNT,
	    .sections = IN(LOG) | IN(STORED) | IN(RECORD),
	    .flags = TABLE_OPTIONAL },
	{ .name = "source_ip", .title = "SOURCE IP", .sections = IN(RECORD) },
	{ .name = "header_from",
	    .title = "FROM",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP },
	{ .name = "envelope_from",
	    .title = "RETURN-PATH",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "envelope_to",
	    .title = "TO",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "disposition", .title = "DONE", .sections = IN(RECORD) },
	{ .name = "eval_dkim",
	    .title = "DKIM ALIGNED",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP },
	{ .name = "eval_spf",
	    .title = "SPF ALIGNED",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP },
	{ .name = "dkim",
	    .title = "DKIM",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "spf",
	    .title = "SPF",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "reasons",
	    .title = "REASONS",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "remarks",
	    .title = "REMARKS",
	    .sections = IN(RECORD),
	    .flags = TABLE_WRAP | TABLE_OPTIONAL },
	{ .name = "policy_type", .title = "POLICY", .sections = IN(POLICY) },
	{ .name = "sessions",
	    .title = "SESSIONS",
	    .type = TABLE_COUNT,
	    .sections = IN(STORED) | IN(POLICY),
	    .flags = TABLE_OPTIONAL },
	{ .name = "failed",
	    .title = "FAILED",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) },
	{ .name = "of_these",
	    .title = "OF THESE",
	    .type = TABLE_COUNT,
	    .sections = IN(POLICY) },
	{ .name = "result_type",
	    .title = "RESULT",
	    .sections = IN(POLICY),
	    .flags = TABLE_WRAP },
	{ .name = "mx",
	    .title = "MAIL SERVER",
	    .sections = IN(POLICY),
	    .flags = TABLE_WRAP },
	{ .name = "sending_ip",
	    .title = "SENT BY",
	    .sections = IN(POLICY),
	    .flags = TABLE_OPTIONAL },
	{ .name = "more", .type = TABLE_COUNT },
	{ .name = NULL },
};

#define REST(of)                                                  \
	{                                                         \
		.name = of "_others", .total = true, .rest = true \
	}

static const struct table_section sections[] = {
	[LOG] = { .name = "log", .label = "What came in:" },
	[LOG_REST] = REST("log"),
	[STORED] = { .name = "stored", .label = "What is stored:" },
	[STORED_REST] = REST("stored"),
	[ASIDE] = { .name = "aside",
	    .label =
		"What was set aside (bytes: dmarc-ingest --show NUMBER):" },
	[ASIDE_REST] = REST("aside"),
	[RECORD] = { .name = "record", .label = "Records:" },
	[RECORD_REST] = REST("record"),
	[POLICY] = { .name = "policy", .label = "TLS policies and failures:" },
	[POLICY_REST] = REST("policy"),
};

static enum diag_code
append(struct table *t, size_t section, struct db *db, const char *sql,
    const char *const *params, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(db, &res, sql, 2, params, d);

	for (int r = 0; code == DIAG_OK && r < PQntuples(res); r++)
		cmd_fill(t,
		    table_add(t, section + (cmd_is_rest(res, r) ? 1 : 0)), res,
		    r, false);
	PQclear(res);
	return code;
}

/* What a Message-ID is written in, and the slash behind a folder, are no part of
 * the name. */
static enum diag_code
read_name(const char *given, struct buf *name, struct diag *d)
{
	size_t n = strlen(given);

	if (n > 2 && given[0] == '<' && given[n - 1] == '>') {
		given++;
		n -= 2;
	}
	while (n > 1 && given[n - 1] == '/')
		n--;
	if (n == 0 || !buf_append(name, given, n))
		return diag_set(d, DIAG_CONFIG, REASON_USAGE,
		    "find: a name is that of a report, a mail or a file; it has "
		    "1 to 4096 bytes");
	return DIAG_OK;
}

enum diag_code
cmd_find(struct db *db, const struct args *a, struct table **out,
    struct diag *d)
{
	const struct {
		size_t section;
		bool show; /* only with --show */
		const char *sql;
	} parts[] = {
		{ LOG, false, sql_find_log },
		{ STORED, false, sql_find_stored },
		{ ASIDE, false, sql_find_aside },
		{ RECORD, true, sql_find_records },
		{ POLICY, true, sql_find_policies },
	};
	struct buf name;
	const char *params[2] = { NULL, cmd_rows(a) };
	enum diag_code code;

	buf_init(&name, 4096);
	code = read_name(a->operands[0], &name, d);
	params[0] = buf_str(&name);
	*out = table_new(columns, sections);
	for (size_t i = 0; code == DIAG_OK && i < CMD_COUNT(parts); i++)
		if (!parts[i].show || args_has(a, OPT_SHOW))
			code = append(*out, parts[i].section, db, parts[i].sql,
			    params, d);
	buf_free(&name);
	return code;
}
