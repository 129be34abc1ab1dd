/* mail: what is known of a mail as a whole. */
#include "ingest/decode/mail.h"

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "common/printable.h"
#include "ingest/limits.h"

char *
mail_text(const char *s)
{
	char *valid;
	char *out;

	if (s == NULL)
		return NULL;
	valid = g_utf8_make_valid(s, (gssize)strnlen(s, LIMIT_TEXT));
	printable(valid);
	out = mem_strdup(valid);
	g_free(valid);
	return out;
}

void
mail_info_free(struct mail_info *info)
{
	free(info->message_id);
	free(info->from);
	free(info->auth_results);
	*info = (struct mail_info){ 0 };
}
