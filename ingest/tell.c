/* tell: logs what became of each item, and counts it. */
#include "ingest/tell.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/log.h"
#include "common/mem.h"
#include "common/printable.h"

static void
say(enum log_level level, const struct item *item,
    const struct document_row *doc, const char *text)
{
	char *name = mem_strdup(item->name);

	printable(name);
	log_line(level, "%s%s%s: %s", name, doc->part[0] == '\0' ? "" : ": ",
	    doc->part, text);
	free(name);
}

static void
say_bad_records(const struct batch *b, const struct item *item,
    const struct document_row *doc)
{
	const struct bad_record *first = &g_array_index(b->bad,
	    struct bad_record, doc->bad);
	char text[200];

	(void)snprintf(text, sizeof(text),
	    "%zu of %lld records set aside: record %llu %s%s", doc->n_bad,
	    (long long)doc->totals.records, (unsigned long long)first->number,
	    first->detail, doc->n_bad > 1 ? ", ..." : "");
	say(LOG_WARN, item, doc, text);
}

/* Quirks that a person may want to look at. */
static void
say_quirks(const struct item *item, const struct document_row *doc)
{
	static const struct {
		enum quirk quirk;
		const char *text;
	} table[] = {
		{ QUIRK_BAD_SOURCE_IP,
		    "a source_ip is no address; stored without it" },
		{ QUIRK_REVERSED_DATES,
		    "the period ends before it begins; stored as it is" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (doc->head.quirks & QUIRK_BIT(table[i].quirk))
			say(LOG_NOTICE, item, doc, table[i].text);
	if (doc->totals.salvaged)
		say(LOG_NOTICE, item, doc,
		    "broken XML; its records are whole and were salvaged");
}

static void
count_stored(struct run_counts *c, const struct batch *b,
    const struct item *item, const struct document_row *doc)
{
	c->stored++;
	c->messages += doc->totals.messages;
	c->bad_records += doc->n_bad;
	say_quirks(item, doc);
	if (doc->n_bad > 0)
		say_bad_records(b, item, doc);
}

/* Count a document and print the line that it deserves. */
static void
tell_document(struct run_counts *c, const struct batch *b,
    const struct item *item, const struct document_row *doc)
{
	switch (doc->outcome) {
	case OUTCOME_STORED:
		count_stored(c, b, item, doc);
		break;
	case OUTCOME_DUPLICATE:
		c->duplicates++;
		say(LOG_INFO, item, doc, "stored before");
		break;
	case OUTCOME_CONFLICT:
		c->conflicts++;
		say(LOG_WARN, item, doc, doc->diag.text);
		break;
	case OUTCOME_SET_ASIDE:
		c->set_aside++;
		say(LOG_WARN, item, doc, doc->diag.text);
		break;
	case OUTCOME_FAILURE_REPORT:
		c->failure_reports++;
		say(LOG_INFO, item, doc, "a failure report; counted");
		break;
	case OUTCOME_NOT_REPORT:
		if (doc->is_missing)
			c->set_aside++;
		else
			c->not_reports++;
		say(doc->is_missing ? LOG_WARN : LOG_NOTICE, item, doc,
		    doc->diag.text);
		break;
	}
}

void
tell_item(struct run_counts *counts, const struct batch *b, size_t i)
{
	const struct batch_item *item = batch_item(b, i);

	counts->items++;
	for (size_t k = 0; k < item->n_documents; k++)
		tell_document(counts, b, &item->errand.item,
		    batch_document(b, item->documents + k));
}

void
tell_left(struct run_counts *counts, const struct batch *b, size_t i,
    const struct diag *why)
{
	char *name = mem_strdup(batch_item(b, i)->errand.item.name);

	counts->problems++;
	if (counts->worst == DIAG_OK)
		counts->worst = why->code;
	printable(name);
	log_line(LOG_WARN, "%s: left for the next run: %s", name, why->text);
	free(name);
}
