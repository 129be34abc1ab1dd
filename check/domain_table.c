/* domain_table: what a check of a domain found, as rows. */
#include "check/domain_table.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "check/domain_text.h"
#include "check/spf.h"
#include "common/buf.h"
#include "common/mem.h"

/* The longest record, with each byte as four. */
#define SHOWN_MAX ((size_t)4 * 65535)

static const struct table_column columns[] = {
	{ .name = "row", .type = TABLE_ROW },
	{ .name = "domain" },
	{ .name = "policy" },
	{ .name = "errors", .type = TABLE_COUNT },
	{ .name = "warnings", .type = TABLE_COUNT },
	{ .name = "unknown", .type = TABLE_COUNT },
	{ .name = "notes", .type = TABLE_COUNT },
	{ .name = "kind" },
	{ .name = "name" },
	{ .name = "aliases" },
	{ .name = "state" },
	{ .name = "record" },
	{ .name = "severity" },
	{ .name = "finding" },
	{ .name = "section" },
	{ .name = "sentence" },
	{ .name = "at", .type = TABLE_COUNT },
	{ .name = "length", .type = TABLE_COUNT },
	{ .name = "corrected" },
	{ .name = "depth", .type = TABLE_COUNT },
	{ .name = "term" },
	{ .name = "asks_for" },
	{ .name = "lookups", .type = TABLE_COUNT },
	{ .name = "note" },
	{ .name = "zone" },
	{ .name = NULL },
};

static const struct table_section sections[] = {
	[DOMAIN_HEAD] = { .name = "domain",
	    .heading = domain_text_head,
	    .close = true },
	[DOMAIN_RECORD] = { .name = "record",
	    .heading = domain_text_record,
	    .close = true },
	[DOMAIN_FINDING] = { .name = "finding",
	    .heading = domain_text_finding,
	    .close = true },
	[DOMAIN_COST] = { .name = "lookup",
	    .heading = domain_text_cost,
	    .close = true },
	[DOMAIN_TOTAL] = { .name = "lookups",
	    .heading = domain_text_total,
	    .close = true },
	[DOMAIN_ZONE] = { .name = "zone",
	    .heading = domain_text_zone,
	    .close = true },
	{ .name = NULL },
};

struct table *
domain_table_new(void)
{
	return table_new(columns, sections);
}

static const char *
state_name(const struct place *p)
{
	if (p->given)
		return "given";
	switch (p->state) {
	case ANSWER_RECORDS:
		return "found";
	case ANSWER_NO_DATA:
		return "no such record";
	case ANSWER_NO_NAME:
		return "NXDOMAIN";
	case ANSWER_FAILED:
		return "no answer";
	}
	return "";
}

/* ---- one row -------------------------------------------------------------- */

static size_t
add(struct table *t, size_t section, const struct domain_check *c)
{
	const size_t row = table_add(t, section);

	table_put(t, row, "domain", c->q->domain);
	return row;
}

static void
put(struct table *t, size_t row, const char *column, const char *s)
{
	if (s != NULL)
		table_put(t, row, column, s);
}

static void
add_record(struct table *t, const struct domain_check *c, const struct place *p,
    const struct place_record *r)
{
	const size_t row = add(t, DOMAIN_RECORD, c);
	char *shown = r == NULL ? NULL :
				  finding_shown(r->text, r->len, SHOWN_MAX);

	table_put(t, row, "kind", place_kind_name(p->kind));
	table_put(t, row, "name", p->name);
	put(t, row, "aliases", p->path);
	table_put(t, row, "state", state_name(p));
	put(t, row, "record", shown);
	free(shown);
}

/* Where the mark is in the record as it is shown. */
static void
put_mark(struct table *t, size_t row, const struct place_record *r,
    struct tag_part part)
{
	char *before;
	char *within;

	if (r == NULL || part.len == 0 || part.at + part.len > r->len)
		return;
	before = finding_shown(r->text, part.at, SHOWN_MAX);
	within = finding_shown(r->text + part.at, part.len, SHOWN_MAX);
	table_put_count(t, row, "at", (int64_t)strlen(before) + 1);
	table_put_count(t, row, "length", (int64_t)strlen(within));
	free(before);
	free(within);
}

static void
add_finding(struct table *t, const struct domain_check *c,
    const struct finding *f)
{
	const struct finding_kind *k = &finding_kinds[f->id];
	const struct place *p = f->at.place == NO_PLACE ?
	    NULL :
	    &c->places[f->at.place];
	const size_t row = add(t, DOMAIN_FINDING, c);

	if (p != NULL) {
		table_put(t, row, "kind", place_kind_name(p->kind));
		table_put(t, row, "name", p->name);
		put_mark(t, row,
		    f->at.record < p->n ? &p->records[f->at.record] : NULL,
		    f->at.part);
	}
	table_put(t, row, "severity", severity_name(k->severity));
	table_put(t, row, "finding", k->name);
	put(t, row, "section", k->section[0] == '\0' ? NULL : k->section);
	table_put(t, row, "sentence", f->sentence);
	if (f->repaired && p != NULL)
		put(t, row, "corrected", p->publish);
	put(t, row, "zone", f->zone);
}

static void
add_costs(struct table *t, const struct domain_check *c)
{
	size_t row;

	if (c->n_costs == 0)
		return;
	row = add(t, DOMAIN_TOTAL, c);
	table_put_count(t, row, "lookups", c->asking);
	if (c->asking_is_least)
		table_put(t, row, "note", "at least");
	for (size_t i = 0; i < c->n_costs; i++) {
		const struct spf_cost *cost = &c->costs[i];

		row = add(t, DOMAIN_COST, c);
		table_put_count(t, row, "depth", cost->depth);
		table_put(t, row, "term", cost->term);
		put(t, row, "asks_for",
		    cost->name[0] == '\0' ? NULL : cost->name);
		table_put_count(t, row, "lookups", cost->cost);
		put(t, row, "note", cost->note);
	}
}

/* ---- what should be published --------------------------------------------- */

/* A TXT record as a line of a zone file. */
static char *
zone_line(const char *name, const char *text, size_t len)
{
	struct buf b;
	char *out;

	buf_init(&b, 5 * len + strlen(name) + 100);
	(void)buf_printf(&b, "%s. IN TXT", name);
	for (size_t at = 0; at < len || at == 0; at += 255) {
		(void)buf_add(&b, " \"");
		for (size_t i = at; i < len && i < at + 255; i++) {
			const unsigned char c = (unsigned char)text[i];

			if (c < ' ' || c > '~')
				(void)buf_printf(&b, "\\%03u", c);
			else
				(void)buf_printf(&b, "%s%c",
				    c == '"' || c == '\\' ? "\\" : "", c);
		}
		(void)buf_putc(&b, '"');
	}
	out = mem_strdup(buf_str(&b));
	buf_free(&b);
	return out;
}

static bool
has_error(const struct domain_check *c, size_t place)
{
	for (size_t i = 0; i < c->f.n; i++)
		if (c->f.all[i].at.place == place &&
		    finding_kinds[c->f.all[i].id].severity == SEVERITY_ERROR)
			return true;
	return false;
}

/* The line of a place: the corrected record, or the one that is there. */
static void
add_zone(struct table *t, const struct domain_check *c, size_t place)
{
	const struct place *p = &c->places[place];
	char *line = NULL;
	size_t row;

	if (p->kind == PLACE_MX || p->kind == PLACE_REPORTS ||
	    p->kind == PLACE_STS_POLICY || p->kind == PLACE_GIVEN)
		return;
	if (p->publish != NULL)
		line = zone_line(p->name, p->publish, strlen(p->publish));
	else if (p->n == 1 && !has_error(c, place))
		line = zone_line(p->name, p->records[0].text,
		    p->records[0].len);
	else if (p->n == 0)
		return;
	row = add(t, DOMAIN_ZONE, c);
	table_put(t, row, "kind", place_kind_name(p->kind));
	table_put(t, row, "name", p->name);
	put(t, row, "corrected", p->publish);
	table_put(t, row, "note",
	    line == NULL           ? "not derived" :
		p->publish == NULL ? "as it is" :
				     "corrected");
	put(t, row, "zone", line);
	free(line);
}

/* ---- all of it ------------------------------------------------------------ */

static void
add_head(struct table *t, const struct domain_check *c)
{
	static const char *const names[] = { [SEVERITY_ERROR] = "errors",
		[SEVERITY_WARNING] = "warnings",
		[SEVERITY_UNKNOWN] = "unknown",
		[SEVERITY_INFO] = "notes" };
	const size_t row = add(t, DOMAIN_HEAD, c);
	int64_t n[4] = { 0 };

	for (size_t i = 0; i < c->f.n; i++)
		n[finding_kinds[c->f.all[i].id].severity]++;
	for (size_t i = 0; i < 4; i++)
		table_put_count(t, row, names[i], n[i]);
	put(t, row, "policy", c->policy[0] == '\0' ? NULL : c->policy);
}

/* The findings of a record; those with a mark come in its order. */
static void
add_findings(struct table *t, const struct domain_check *c, size_t place,
    size_t record)
{
	for (enum severity s = SEVERITY_ERROR; s <= SEVERITY_INFO; s++)
		for (size_t i = 0; i < c->f.n; i++)
			if (c->f.all[i].at.place == place &&
			    c->f.all[i].at.record == record &&
			    finding_kinds[c->f.all[i].id].severity == s)
				add_finding(t, c, &c->f.all[i]);
}

static void
add_place(struct table *t, const struct domain_check *c, size_t place)
{
	const struct place *p = &c->places[place];

	if (p->n == 0) {
		add_record(t, c, p, NULL);
		add_findings(t, c, place, 0);
	}
	for (size_t i = 0; i < p->n; i++) {
		add_record(t, c, p, &p->records[i]);
		add_findings(t, c, place, i);
	}
	if (p->kind == PLACE_SPF)
		add_costs(t, c);
	add_zone(t, c, place);
}

void
domain_table_add(struct table *t, const struct domain_check *c)
{
	add_head(t, c);
	for (size_t i = 0; i < c->n_places; i++)
		add_place(t, c, i);
	add_findings(t, c, NO_PLACE, 0);
}

bool
domain_table_zone(FILE *fp, const struct table *t)
{
	bool ok = true;

	for (size_t row = 0; row < table_rows(t) && ok; row++) {
		const size_t section = table_section_number(t, row);
		char buf[TABLE_CELL_LEN];
		const char *line = table_show(t, row, "zone", buf);

		if (section == DOMAIN_ZONE && line[0] == '\0')
			ok = fprintf(fp,
				 "; %s: in error, and no correction "
				 "can be derived\n",
				 table_show(t, row, "name", buf)) > 0;
		else if (section == DOMAIN_FINDING && line[0] != '\0')
			ok = fprintf(fp,
				 "; for whoever has the other domain:\n"
				 "%s\n",
				 line) > 0;
		else if (section == DOMAIN_ZONE)
			ok = fprintf(fp, "%s\n", line) > 0;
	}
	return ok;
}

int
domain_table_status(const struct table *t)
{
	int64_t bad = 0;
	int64_t unknown = 0;

	for (size_t row = 0; row < table_rows(t); row++) {
		if (table_section_number(t, row) != DOMAIN_HEAD)
			continue;
		bad += table_count(t, row, table_column(t, "errors")) +
		    table_count(t, row, table_column(t, "warnings"));
		unknown += table_count(t, row, table_column(t, "unknown"));
	}
	return bad > 0 ? 1 : unknown > 0 ? EX_TEMPFAIL : 0;
}
