/* auth_results: bounded, and made of words that only it could have written. */
#include "tests/fuzz/fuzz.h"

#include "common/mem.h"
#include "ingest/decode/auth_results.h"
#include "ingest/limits.h"

#define NAME "Authentication-Results:"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static bool
is_pair(const char *word)
{
	static const char *const keys[] = { "dmarc=", "dkim=", "spf=", "arc=",
		"header.from=", "header.d=", "header.i=", "smtp.mailfrom=",
		"smtp.helo=" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strncmp(word, keys[i], strlen(keys[i])) == 0)
			return word[strlen(keys[i])] != '\0';
	return false;
}

/* An id, and pairs or "none". */
static void
check_line(char *line)
{
	const char *word = strsep(&line, " ");
	size_t dmarc = 0;

	PROMISE(word[0] != '\0');
	PROMISE(line != NULL);
	if (strcmp(line, "none") == 0)
		return;
	while ((word = strsep(&line, " ")) != NULL) {
		PROMISE(is_pair(word));
		PROMISE(strlen(word) <= LIMIT_AUTH_WORD +
			strlen("header.from="
			       "12"));
		dmarc += strncmp(word, "dmarc=", 6) == 0;
	}
	PROMISE(dmarc <= 1);
}

static void
check_text(const struct auth_results *r, int added)
{
	char *text = mem_strdup(buf_str(&r->text));
	char *rest = text;
	char *line;
	int lines = 0;

	PROMISE(r->text.len <= LIMIT_AUTH_TEXT);
	PROMISE(strlen(text) == r->text.len);
	for (const char *p = text; *p != '\0'; p++)
		PROMISE(*p == '\n' || (*p >= ' ' && *p <= '~'));
	while (added > 0 && (line = strsep(&rest, "\n")) != NULL) {
		check_line(line);
		lines++;
	}
	PROMISE(lines == added);
	PROMISE(added <= LIMIT_AUTH_FIELDS);
	free(text);
}

/* The bytes are fields with their names between them, so that a mail will
 * do, too. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data;
	const char *end = at + size;
	const char *next;
	struct auth_results r;
	int added = 0;
	bool room = true;

	auth_results_init(&r);
	do {
		next = memmem(at, (size_t)(end - at), NAME, strlen(NAME));
		if (auth_results_add(&r, at,
			(size_t)((next == NULL ? end : next) - at))) {
			PROMISE(room);
			added++;
		} else {
			room = false;
		}
		at = next == NULL ? end : next + strlen(NAME);
	} while (next != NULL);
	PROMISE(added > 0);
	check_text(&r, added);
	auth_results_free(&r);
	return 0;
}
