/*
 * mailbox: what the operator says of one IMAP mailbox, a group "[mailbox NAME]"
 * of dmarc.conf; the settings are in dmarc.conf(5).
 */
#include "ingest/config/mailbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/mem.h"

char *
mailbox_account(const struct mailbox *m)
{
	return mem_printf("%s@%s:%s", m->user, m->host, m->port);
}

bool
mailbox_wants_changes(const struct mailbox *m)
{
	for (int v = 0; v < FATES; v++)
		if (m->actions[v].kind != ACTION_LEAVE)
			return true;
	return false;
}

bool
mailbox_is_pattern(const char *folder)
{
	return strpbrk(folder, "*%") != NULL;
}

void
mailbox_free(struct mailbox *m)
{
	if (m == NULL)
		return;
	if (m->password != NULL)
		explicit_bzero(m->password, strlen(m->password));
	free(m->name);
	free(m->host);
	free(m->port);
	free(m->ca_file);
	free(m->user);
	free(m->password);
	free(m->password_command);
	free(m->token_command);
	for (char **f = m->folders; f != NULL && *f != NULL; f++)
		free(*f);
	free(m->folders);
	for (int v = 0; v < FATES; v++)
		free(m->actions[v].name);
	*m = (struct mailbox){ 0 };
}
