/*
 * config: whatever a file says, it is understood, with all that is needed, or
 * one line tells what is wrong.
 */
#include "tests/fuzz/fuzz.h"

#include "ingest/config/config.h"
#include "ingest/limits.h"

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static void
check_mailbox(const struct config *c, const struct mailbox *m)
{
	PROMISE(m->name != NULL && m->host != NULL && m->user != NULL);
	PROMISE(m->port != NULL && m->folders[0] != NULL);
	PROMISE(config_mailbox(c, m->name) != NULL);
	/* One secret and no more. */
	PROMISE((m->password != NULL) + (m->password_command != NULL) +
		(m->token_command != NULL) ==
	    1);
	PROMISE(m->max_size >= LIMIT_KIB && m->max_size <= LIMIT_ITEM);
	PROMISE(m->batch >= 1 && m->batch <= LIMIT_FETCH_MAILS);
	for (int v = 0; v < FATES; v++)
		for (char **f = m->folders; *f != NULL; f++)
			PROMISE(m->actions[v].kind != ACTION_MOVE ||
			    strcmp(m->actions[v].name, *f) != 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct config c;
	struct diag d = { 0 };

	PROMISE(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	if (config_parse(&c, text, size, &d) == DIAG_OK) {
		for (size_t i = 0; i < c.n; i++)
			check_mailbox(&c, &c.mailboxes[i]);
		config_free(&c);
	} else {
		PROMISE(d.code == DIAG_CONFIG);
		PROMISE(d.text[0] != '\0' && is_text(d.text, ""));
		PROMISE(c.mailboxes == NULL && c.n == 0);
	}
	free(text);
	return 0;
}
