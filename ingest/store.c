#include "ingest/store.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"
#include "common/num.h"
#include "gen/sql.h"
#include "ingest/ledger.h"
#include "ingest/limits.h"
#include "ingest/pgtext.h"

struct store {
	struct db *db;
	GHashTable *known;  /* digest to profile id, both allocated */
	GHashTable *months; /* months that have a partition */
	struct buf rows;
};

/* Deadlocks and the like are tried again at once. */
#define ATTEMPTS 3

static guint
digest_hash(gconstpointer p)
{
	guint h;

	memcpy(&h, p, sizeof(h));
	return h;
}

static gboolean
digest_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, 32) == 0;
}

enum diag_code
store_open(struct store **out, struct db *db, struct diag *d)
{
	struct store *s = mem_calloc(1, sizeof(*s));
	enum diag_code code;

	s->db = db;
	s->known = g_hash_table_new_full(digest_hash, digest_equal, g_free,
	    g_free);
	s->months = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
	    NULL);
	buf_init(&s->rows, SIZE_MAX / 2);
	code = db_script(db, sql_store_tables, d);
	if (code != DIAG_OK) {
		store_close(s);
		return code;
	}
	*out = s;
	return DIAG_OK;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	g_hash_table_destroy(s->known);
	g_hash_table_destroy(s->months);
	buf_free(&s->rows);
	free(s);
}

/* The documents of items from..to-1 lie one behind the other. */
struct span {
	size_t from;
	size_t to;
};

static struct span
documents_of(const struct batch *b, size_t from, size_t to)
{
	const struct batch_item *first = batch_item(b, from);
	const struct batch_item *last = batch_item(b, to - 1);

	return (struct span){ first->documents,
		last->documents + last->n_documents };
}

/* ---- reports ------------------------------------------------------------ */

static void
put_quirks(struct buf *b, uint64_t quirks)
{
	struct pgtext_list list;

	if (quirks == 0) {
		pgtext_str(b, NULL);
		return;
	}
	pgtext_list_begin(&list, false);
	for (int q = 0; q < QUIRK_COUNT; q++)
		if (quirks & QUIRK_BIT(q))
			pgtext_list_add(&list, quirk_name((enum quirk)q));
	pgtext_str(b, pgtext_list_end(&list));
	pgtext_list_free(&list);
}

static void
put_errors(struct buf *b, const struct report_head *h)
{
	struct pgtext_list list;

	if (h->n_errors == 0) {
		pgtext_str(b, NULL);
		return;
	}
	pgtext_list_begin(&list, false);
	for (size_t i = 0; i < h->n_errors; i++)
		pgtext_list_add(&list, h->errors[i]);
	pgtext_str(b, pgtext_list_end(&list));
	pgtext_list_free(&list);
}

static void
put_policy(struct buf *b, const struct report_head *h)
{
	pgtext_str(b, h->p);
	pgtext_str(b, h->sp);
	pgtext_str(b, h->np);
	pgtext_str(b, h->adkim);
	pgtext_str(b, h->aspf);
	if (h->pct == -1)
		pgtext_str(b, NULL);
	else
		pgtext_int(b, h->pct);
	pgtext_str(b, h->fo);
	pgtext_str(b, h->testing);
	pgtext_str(b, h->discovery_method);
}

static void
put_report(struct buf *b, size_t n, const struct document_row *doc,
    const struct item *item)
{
	const struct report_head *h = &doc->head;
	const struct report_totals *t = &doc->totals;

	pgtext_int(b, (int64_t)n);
	pgtext_str(b, h->policy_domain);
	pgtext_str(b, h->reporter);
	pgtext_str(b, h->org_name);
	pgtext_str(b, h->email);
	pgtext_str(b, h->extra_contact_info);
	pgtext_str(b, h->report_id);
	pgtext_time(b, h->begin);
	pgtext_time(b, h->end);
	pgtext_date(b, report_day(h));
	put_policy(b, h);
	pgtext_str(b, h->generator);
	pgtext_str(b, h->version);
	pgtext_str(b, h->rfc9990 ? "rfc9990" : "rfc7489");
	put_errors(b, h);
	pgtext_int(b, t->records);
	pgtext_int(b, t->bad);
	pgtext_int(b, t->messages);
	pgtext_int(b, t->passes);
	pgtext_bool(b, t->salvaged);
	put_quirks(b, h->quirks);
	pgtext_bytea(b, t->content_hash, sizeof(t->content_hash));
	pgtext_str(b, item->name);
	pgtext_str(b, doc->part[0] == '\0' ? NULL : doc->part);
	pgtext_str(b, doc->message_id);
	pgtext_str(b, doc->mail_from);
	if (doc->mail_date == 0)
		pgtext_str(b, NULL);
	else
		pgtext_time(b, doc->mail_date);
	pgtext_end(b);
}

static const char copy_reports[] =
    "COPY pg_temp.incoming_report (n, domain, reporter, org_name, email,"
    " extra_contact_info, report_id, begin_at, end_at, day, p, sp, np, adkim,"
    " aspf, pct, fo, testing, discovery_method, generator, version, dialect,"
    " errors, record_count, set_aside_count, message_count, pass_count,"
    " salvaged, quirks, content_hash, source, part, message_id, mail_from,"
    " received_at) FROM STDIN";

static void
set_conflict(struct document_row *doc)
{
	doc->outcome = OUTCOME_CONFLICT;
	(void)diag_set(&doc->diag, DIAG_FORMAT, "conflict",
	    "report %s of %s for %s was stored before with other content; the "
	    "first one stays",
	    doc->head.report_id == NULL ? "-" : doc->head.report_id,
	    doc->head.reporter, doc->head.policy_domain);
}

/* Which of the reports were new. */
static enum diag_code
read_verdicts(struct store *s, struct batch *b, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(s->db, &res, sql_store_verdicts, 0, NULL,
	    d);
	int64_t n;

	if (code != DIAG_OK)
		return code;
	for (int i = 0; i < PQntuples(res); i++) {
		const char *outcome = PQgetvalue(res, i, 3);
		struct document_row *doc;

		if (!num_int64(PQgetvalue(res, i, 0), 0,
			(int64_t)b->documents->len - 1, &n))
			continue;
		doc = batch_document(b, (size_t)n);
		(void)num_int64(PQgetvalue(res, i, 1), 0, INT64_MAX,
		    &doc->policy_domain_id);
		(void)num_int64(PQgetvalue(res, i, 2), 0, INT64_MAX,
		    &doc->report_id);
		if (strcmp(outcome, "duplicate") == 0)
			doc->outcome = OUTCOME_DUPLICATE;
		else if (strcmp(outcome, "conflict") == 0)
			set_conflict(doc);
	}
	PQclear(res);
	return DIAG_OK;
}

static enum diag_code
write_reports(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	enum diag_code code;

	buf_truncate(&s->rows, 0);
	for (size_t i = from; i < to; i++) {
		const struct batch_item *item = batch_item(b, i);

		for (size_t k = 0; k < item->n_documents; k++) {
			const size_t n = item->documents + k;

			if (batch_document(b, n)->outcome == OUTCOME_STORED)
				put_report(&s->rows, n, batch_document(b, n),
				    &item->item);
		}
	}
	if (s->rows.len == 0)
		return DIAG_OK;
	code = db_copy(s->db, copy_reports, s->rows.data, s->rows.len, d);
	if (code == DIAG_OK)
		code = db_script(s->db, sql_store_reports, d);
	if (code == DIAG_OK)
		code = read_verdicts(s, b, d);
	return code;
}

/* ---- profiles ------------------------------------------------------------ */

static int *
known_id(struct store *s, const struct batch *b, size_t profile)
{
	return g_hash_table_lookup(s->known,
	    g_array_index(b->profiles, struct batch_profile, profile).digest);
}

static void
remember(struct store *s, const struct batch *b, size_t profile, int id)
{
	g_hash_table_insert(s->known,
	    g_memdup2(g_array_index(b->profiles, struct batch_profile, profile)
			  .digest,
		32),
	    g_memdup2(&id, sizeof(id)));
}

static enum diag_code
read_profile_ids(struct store *s, const struct batch *b, struct diag *d)
{
	PGresult *res = NULL;
	enum diag_code code = db_query(s->db, &res, sql_store_profile_ids, 0,
	    NULL, d);
	int64_t n;
	int64_t id;

	if (code != DIAG_OK)
		return code;
	for (int i = 0; i < PQntuples(res); i++)
		if (num_int64(PQgetvalue(res, i, 0), 0,
			(int64_t)b->profiles->len - 1, &n) &&
		    num_int64(PQgetvalue(res, i, 1), 0, INT32_MAX, &id))
			remember(s, b, (size_t)n, (int)id);
	PQclear(res);
	return DIAG_OK;
}

/* Mark the profiles that records of new reports refer to. */
static unsigned char *
needed_profiles(const struct batch *b, struct span docs)
{
	unsigned char *needed = mem_calloc(b->profiles->len, 1);

	for (size_t i = docs.from; i < docs.to; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (doc->outcome != OUTCOME_STORED)
			continue;
		for (size_t k = 0; k < doc->n_records; k++)
			needed[g_array_index(b->records, struct batch_record,
			    doc->records + k)
				   .profile] = 1;
	}
	return needed;
}

static enum diag_code
write_profiles(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	unsigned char *needed = needed_profiles(b, docs);
	enum diag_code code;

	buf_truncate(&s->rows, 0);
	for (size_t i = 0; i < b->profiles->len; i++) {
		const struct batch_profile *p = &g_array_index(b->profiles,
		    struct batch_profile, i);

		if (!needed[i] || known_id(s, b, i) != NULL)
			continue;
		pgtext_int(&s->rows, (int64_t)i);
		(void)buf_append(&s->rows, b->profile_rows.data + p->row,
		    p->row_len);
	}
	free(needed);
	if (s->rows.len == 0)
		return DIAG_OK;
	code = db_copy(s->db, "COPY pg_temp.incoming_profile FROM STDIN",
	    s->rows.data, s->rows.len, d);
	if (code == DIAG_OK)
		code = db_script(s->db, sql_store_profiles, d);
	if (code == DIAG_OK)
		code = read_profile_ids(s, b, d);
	return code;
}

/* ---- records ------------------------------------------------------------- */

static void
put_remarks(struct buf *b, const char *remarks)
{
	struct pgtext_list list;
	char *copy;
	char *rest;
	char *line;

	if (remarks == NULL) {
		pgtext_str(b, NULL);
		return;
	}
	copy = mem_strdup(remarks);
	rest = copy;
	pgtext_list_begin(&list, false);
	while ((line = strsep(&rest, "\n")) != NULL)
		pgtext_list_add(&list, line);
	pgtext_str(b, pgtext_list_end(&list));
	pgtext_list_free(&list);
	free(copy);
}

static enum diag_code
put_records(struct store *s, const struct batch *b,
    const struct document_row *doc, struct diag *d)
{
	char day[NUM_DATE_LEN];

	num_date(report_day(&doc->head), day);
	for (size_t i = 0; i < doc->n_records; i++) {
		const struct batch_record *r = &g_array_index(b->records,
		    struct batch_record, doc->records + i);
		const int *id = known_id(s, b, r->profile);

		if (id == NULL)
			return diag_set(d, DIAG_RETRY, "profile",
			    "database: a profile that was stored is gone");
		pgtext_int(&s->rows, doc->report_id);
		pgtext_int(&s->rows, r->count);
		pgtext_int(&s->rows, doc->policy_domain_id);
		pgtext_int(&s->rows, *id);
		pgtext_str(&s->rows, day);
		pgtext_inet(&s->rows, r->family, r->ip);
		pgtext_str(&s->rows, r->envelope_to);
		put_remarks(&s->rows, r->remarks);
		pgtext_end(&s->rows);
	}
	return DIAG_OK;
}

static enum diag_code
write_records(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;

	buf_truncate(&s->rows, 0);
	for (size_t i = docs.from; i < docs.to && code == DIAG_OK; i++)
		if (batch_document(b, i)->outcome == OUTCOME_STORED)
			code = put_records(s, b, batch_document(b, i), d);
	if (code != DIAG_OK || s->rows.len == 0)
		return code;
	return db_copy(s->db,
	    "COPY dmarc.record (report_id, message_count, policy_domain_id,"
	    " profile_id, day, source_ip, envelope_to, remarks) FROM STDIN",
	    s->rows.data, s->rows.len, d);
}

/* ---- the transaction ------------------------------------------------------ */

/* Make the partition for a day, unless that was done for its month. */
static enum diag_code
make_partition(struct store *s, const char *day, struct diag *d)
{
	const char *params[] = { day };
	char *month = g_strndup(day, strlen("YYYY-MM"));
	enum diag_code code = DIAG_OK;

	if (!g_hash_table_contains(s->months, month))
		code = db_run(s->db, sql_store_partition, 1, params, d);
	if (code == DIAG_OK)
		(void)g_hash_table_add(s->months, month);
	else
		g_free(month);
	return code;
}

/* Partitions are made before, and for good: an empty one harms nobody. */
static enum diag_code
make_partitions(struct store *s, const struct batch *b, struct span docs,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	char day[NUM_DATE_LEN];

	for (size_t i = docs.from; i < docs.to && code == DIAG_OK; i++) {
		const struct document_row *doc = batch_document(b, i);

		if (doc->outcome != OUTCOME_STORED)
			continue;
		num_date(report_day(&doc->head), day);
		code = make_partition(s, day, d);
	}
	return code;
}

static enum diag_code
write_all(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	const struct span docs = documents_of(b, from, to);
	enum diag_code code = db_script(s->db, "BEGIN", d);

	if (code == DIAG_OK)
		code = write_reports(s, b, from, to, d);
	if (code == DIAG_OK)
		code = write_profiles(s, b, docs, d);
	if (code == DIAG_OK)
		code = write_records(s, b, docs, d);
	if (code == DIAG_OK)
		code = ledger_write(s->db, b, from, to, d);
	if (code == DIAG_OK)
		code = db_script(s->db, "COMMIT", d);
	return code;
}

/* After a rollback ids that were handed out in it are nobody's, and what was
 * found out about the reports is open again. */
static void
undo(struct store *s, struct batch *b, struct span docs)
{
	struct diag ignored;

	(void)!db_script(s->db, "ROLLBACK", &ignored);
	g_hash_table_remove_all(s->known);
	for (size_t i = docs.from; i < docs.to; i++) {
		struct document_row *doc = batch_document(b, i);

		if (doc->outcome == OUTCOME_DUPLICATE ||
		    doc->outcome == OUTCOME_CONFLICT)
			doc->outcome = OUTCOME_STORED;
	}
}

enum diag_code
store_write(struct store *s, struct batch *b, size_t from, size_t to,
    struct diag *d)
{
	const struct span docs = documents_of(b, from, to);
	enum diag_code code = DIAG_RETRY;

	if (g_hash_table_size(s->known) > LIMIT_KNOWN_PROFILES)
		g_hash_table_remove_all(s->known);
	for (int i = 0; i < ATTEMPTS && code == DIAG_RETRY; i++) {
		code = make_partitions(s, b, docs, d);
		if (code == DIAG_OK)
			code = write_all(s, b, from, to, d);
		if (code != DIAG_OK)
			undo(s, b, docs);
		if (code == DIAG_RETRY && !db_is_alive(s->db))
			break;
	}
	return code;
}
