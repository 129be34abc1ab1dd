/*
 * bytes_key: bytes as the key of a hash table.
 */
#ifndef INGEST_BYTES_KEY_H
#define INGEST_BYTES_KEY_H

#include <stddef.h>

#include <glib.h>

/* Somebody else's bytes, as long as the key is used. */
struct bytes_key {
	const char *bytes;
	size_t len;
};

/* For g_hash_table_new(), of struct bytes_key. */
guint bytes_key_hash(gconstpointer key);
gboolean bytes_key_equal(gconstpointer a, gconstpointer b);

#endif
