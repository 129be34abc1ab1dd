/* domain_text: a check of a domain for people. */
#include "check/domain_text.h"

#include <stdlib.h>
#include <string.h>

#include "check/spf.h"
#include "common/mem.h"
#include "common/cli/fit.h"

#define WIDTH 78

/* A record is cut here: CSV has all of it. */
#define RECORD_SHOWN 1200

/* What is shown of a record around a mark. */
#define AROUND 70
#define BEFORE 20

/* Print s in lines, each behind so many blanks; the first is there already. */
static void
print_lines(FILE *fp, const char *s, size_t indent)
{
	char *wrapped = fit_wrap(s, WIDTH - indent);
	const char *line = wrapped;

	for (;;) {
		const size_t len = strcspn(line, "\n");

		(void)fprintf(fp, "%.*s\n", (int)len, line);
		if (line[len] == '\0')
			break;
		line += len + 1;
		(void)fprintf(fp, "%*s", (int)indent, "");
	}
	free(wrapped);
}

static void
print_number(FILE *fp, int64_t n, const char *what, const char *many,
    bool *first)
{
	if (n == 0)
		return;
	(void)fprintf(fp, "%s%lld %s", *first ? "" : ", ", (long long)n,
	    n == 1 ? what : many);
	*first = false;
}

void
domain_text_head(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	bool first = true;

	(void)fprintf(fp, "%s%s: ", row == 0 ? "" : "\n",
	    table_show(t, row, "domain", buf));
	print_number(fp, table_count(t, row, table_column(t, "errors")),
	    "error", "errors", &first);
	print_number(fp, table_count(t, row, table_column(t, "warnings")),
	    "warning", "warnings", &first);
	print_number(fp, table_count(t, row, table_column(t, "unknown")),
	    "question without an answer", "questions without an answer",
	    &first);
	(void)fprintf(fp, "%s\n", first ? "nothing to correct" : "");
	if (table_show(t, row, "policy", buf)[0] != '\0')
		(void)fprintf(fp, "DMARC policy: %s\n",
		    table_show(t, row, "policy", buf));
}

/* Whether the row before is a record of the same place, with its findings. */
static bool
same_place_before(const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	for (size_t i = row; i > 0; i--) {
		if (table_section_number(t, i - 1) == DOMAIN_FINDING)
			continue;
		return table_section_number(t, i - 1) == DOMAIN_RECORD &&
		    strcmp(table_show(t, i - 1, "name", buf),
			table_show(t, row, "name", buf)) == 0 &&
		    strcmp(table_show(t, i - 1, "kind", buf),
			table_show(t, row, "kind", buf)) == 0;
	}
	return false;
}

void
domain_text_record(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *record = table_show(t, row, "record", buf);
	const char *path = table_show(t, row, "aliases", buf);
	char *cut;

	if (!same_place_before(t, row)) {
		(void)fprintf(fp, "\n%-8s%s", table_show(t, row, "kind", buf),
		    table_show(t, row, "name", buf));
		if (path[0] != '\0')
			(void)fprintf(fp, " -> %s", path);
		if (record[0] == '\0')
			(void)fprintf(fp, ": %s",
			    table_show(t, row, "state", buf));
		(void)fputc('\n', fp);
	}
	if (record[0] == '\0')
		return;
	cut = mem_printf("%.*s%s", RECORD_SHOWN, record,
	    strlen(record) > RECORD_SHOWN ? "..." : "");
	(void)fputs("    ", fp);
	print_lines(fp, cut, 4);
	free(cut);
}

/* The record that a finding's mark is in. */
static const char *
record_of(const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];

	while (row > 0 && table_section_number(t, row) != DOMAIN_RECORD)
		row--;
	return table_show(t, row, "record", buf);
}

/* The part of the record around the mark, and a line that points at it. */
static void
print_mark(FILE *fp, const struct table *t, size_t row)
{
	const size_t column = table_column(t, "at");
	const char *record = record_of(t, row);
	size_t at;
	size_t len;
	size_t from;
	size_t shown;

	if (table_is_null(t, row, column))
		return;
	at = (size_t)table_count(t, row, column) - 1;
	len = (size_t)table_count(t, row, table_column(t, "length"));
	if (at + len > strlen(record))
		return;
	from = at > BEFORE && strlen(record) > AROUND ? at - BEFORE : 0;
	shown = strlen(record + from) > AROUND ? AROUND : strlen(record + from);
	if (at + len > from + shown)
		len = from + shown - at;
	(void)fprintf(fp, "      %.*s\n      %*s", (int)shown, record + from,
	    (int)(at - from), "");
	for (size_t i = 0; i < len; i++)
		(void)fputc('^', fp);
	(void)fputc('\n', fp);
}

void
domain_text_finding(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *section = table_show(t, row, "section", buf);
	const char *zone = table_show(t, row, "zone", buf);
	char *line = mem_printf("%s%s%s%s", table_show(t, row, "sentence", buf),
	    section[0] == '\0' ? "" : " (", section,
	    section[0] == '\0' ? "" : ")");

	if (table_show(t, row, "kind", buf)[0] == '\0' &&
	    table_show(t, row - 1, "finding", buf)[0] == '\0')
		(void)fputc('\n', fp);
	(void)fprintf(fp, "  %-7s %s  ", table_show(t, row, "severity", buf),
	    table_show(t, row, "finding", buf));
	print_lines(fp, line, 15);
	free(line);
	print_mark(fp, t, row);
	if (zone[0] != '\0')
		(void)fprintf(fp, "      %s\n", zone);
}

void
domain_text_total(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *note = table_show(t, row, "note", buf);

	(void)fprintf(fp, "  look-ups: %s%s%lld of %d\n", note,
	    note[0] == '\0' ? "" : " ",
	    (long long)table_count(t, row, table_column(t, "lookups")),
	    SPF_ASKING_MAX);
}

void
domain_text_cost(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *note = table_show(t, row, "note", buf);
	const int depth = (int)table_count(t, row, table_column(t, "depth"));

	(void)fprintf(fp, "    %2lld  %*s%s%s%s\n",
	    (long long)table_count(t, row, table_column(t, "lookups")),
	    2 * depth, "", table_show(t, row, "term", buf),
	    note[0] == '\0' ? "" : ": ", note);
}

/* People are told what is to be changed, and nothing else. */
void
domain_text_zone(FILE *fp, const struct table *t, size_t row)
{
	char buf[TABLE_CELL_LEN];
	const char *corrected = table_show(t, row, "corrected", buf);

	if (corrected[0] != '\0')
		(void)fprintf(fp, "  publish: %s\n", corrected);
}
