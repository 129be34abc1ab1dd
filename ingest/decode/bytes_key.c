/* bytes_key: bytes as the key of a hash table. */
#include "ingest/decode/bytes_key.h"

#include <string.h>

#include <xxhash.h>

guint
bytes_key_hash(gconstpointer key)
{
	const struct bytes_key *k = key;

	return (guint)XXH3_64bits(k->bytes, k->len);
}

gboolean
bytes_key_equal(gconstpointer a, gconstpointer b)
{
	const struct bytes_key *k = a;
	const struct bytes_key *l = b;

	return k->len == l->len && memcmp(k->bytes, l->bytes, k->len) == 0;
}
