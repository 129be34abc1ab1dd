/*
 * store_records: writes records of a batch, and their profiles, to the
 * database.
 */
#include "ingest/store/store_records.h"

#include <stdlib.h>

#include "common/mem.h"
#include "ingest/store/packed.h"
#include "ingest/store/pgbinary.h"

/* Bytes that are sent at a time. */
#define PIECE 262144

/* ---- profiles ------------------------------------------------------------- */

/* Mark the profiles that the records refer to. */
static void
mark_needed(const struct batch *b, const struct record_lot *lot,
    unsigned char *needed)
{
	size_t at = lot->at;
	struct record r;

	for (size_t i = 0; i < lot->n; i++) {
		at = packed_read(&b->records, at, &r);
		needed[r.profile] = 1;
	}
}

static enum diag_code
write_profiles(struct db *db, struct profile_ids *ids, const struct batch *b,
    const struct record_lot *lots, size_t n, struct diag *d)
{
	unsigned char *needed = mem_calloc(b->profiles->len, 1);
	enum diag_code code;

	for (size_t i = 0; i < n; i++)
		mark_needed(b, &lots[i], needed);
	code = profile_ids_write(ids, db, b, needed, d);
	free(needed);
	return code;
}

/* ---- records ---------------------------------------------------------------- */

/* Rows are dropped as soon as they are sent: a report may have a million
 * records. */
static enum diag_code
send_lot(struct db *db, const struct profile_ids *ids, struct lessons *lessons,
    const struct batch *b, struct record_lot *lot, struct buf *rows,
    struct diag *d)
{
	enum diag_code code = DIAG_OK;
	struct record r;
	const int *id;

	for (size_t i = 0; i < lot->n && code == DIAG_OK; i++) {
		lot->at = packed_read(&b->records, lot->at, &r);
		id = profile_ids_find(ids, b, r.profile);
		if (id == NULL)
			return diag_set(d, DIAG_RETRY, REASON_PROFILE,
			    "database: a profile that was stored is gone");
		record_row(rows, &lot->owner, &r, *id);
		lessons_add(lessons, &lot->owner, *id);
		if (rows->len < PIECE)
			continue;
		code = db_copy_put(db, rows->data, rows->len, d);
		buf_truncate(rows, 0);
	}
	return code;
}

static enum diag_code
write_records(struct db *db, const struct profile_ids *ids,
    struct lessons *lessons, const struct batch *b, struct record_lot *lots,
    size_t n, struct diag *d)
{
	enum diag_code code = db_copy_begin(db, record_row_copy, d);
	struct buf rows;

	if (code != DIAG_OK)
		return code;
	buf_init(&rows, SIZE_MAX / 2);
	pgbinary_begin(&rows);
	for (size_t i = 0; i < n && code == DIAG_OK; i++)
		code = send_lot(db, ids, lessons, b, &lots[i], &rows, d);
	pgbinary_end(&rows);
	if (code == DIAG_OK)
		code = db_copy_put(db, rows.data, rows.len, d);
	buf_free(&rows);
	return db_copy_end(db, code, d);
}

enum diag_code
store_records(struct db *db, struct profile_ids *ids, struct lessons *lessons,
    const struct batch *b, struct record_lot *lots, size_t n, struct diag *d)
{
	enum diag_code code = write_profiles(db, ids, b, lots, n, d);

	return code == DIAG_OK ?
	    write_records(db, ids, lessons, b, lots, n, d) :
	    code;
}
