/* failure: a failure report as it travels from decode to store. */
#include "ingest/decode/failure.h"

#include <stdlib.h>
#include <string.h>

#include <nettle/sha2.h>

#include "common/mem.h"
#include "ingest/decode/profile.h"

struct failure_report *
failure_copy(const struct failure_report *f, size_t *bytes)
{
	struct failure_report *to = mem_calloc(1, sizeof(*to));

	*to = *f;
	*bytes = sizeof(*to);
	for (int i = 0; i < FAILURE_TEXTS; i++) {
		if (f->texts[i] == NULL)
			continue;
		to->texts[i] = mem_strdup(f->texts[i]);
		*bytes += strlen(f->texts[i]) + 32;
	}
	return to;
}

void
failure_free(struct failure_report *f)
{
	if (f == NULL)
		return;
	for (int i = 0; i < FAILURE_TEXTS; i++)
		free(f->texts[i]);
	free(f);
}

void
failure_digest(const struct failure_report *f, const char *message_id,
    unsigned char out[32])
{
	struct sha256_ctx sum;

	sha256_init(&sum);
	for (int i = 0; i < FAILURE_TEXTS; i++)
		profile_digest_text(&sum, f->texts[i]);
	sha256_update(&sum, sizeof(f->arrival), (const uint8_t *)&f->arrival);
	sha256_update(&sum, sizeof(f->incidents),
	    (const uint8_t *)&f->incidents);
	if (f->arrival == 0 && f->texts[FAILURE_MESSAGE_ID] == NULL)
		profile_digest_text(&sum, message_id);
	sha256_digest(&sum, SHA256_DIGEST_SIZE, out);
}
