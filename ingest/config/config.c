/* config: the file dmarc.conf. */
#include "ingest/config/config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/config/setting.h"

/* Of the name of a mailbox. */
#define NAME_MAX_BYTES 64

/* ---- the settings ---------------------------------------------------------- */

#define DB(field)  .at = offsetof(struct config, field)
#define BOX(field) .at = offsetof(struct mailbox, field)

static const struct setting of_database[] = {
	{ "conninfo", SETTING_TEXT, NULL, DB(conninfo) },
};

static const struct setting of_mailbox[] = {
	{ "host", SETTING_HOST, NULL, BOX(host), .required = true },
	{ "port", SETTING_PORT, NULL, BOX(port), 1, 65535 },
	{ "tls", SETTING_CHOICE, "implicit", BOX(tls),
	    .choices = "implicit, starttls, none" },
	{ "ca_file", SETTING_PATH, NULL, BOX(ca_file) },
	{ "user", SETTING_TEXT, NULL, BOX(user), .required = true },
	{ "auth", SETTING_CHOICE, "auto", BOX(auth),
	    .choices = "auto, login, plain, scram-sha-256, xoauth2" },
	{ "password", SETTING_TEXT, NULL, BOX(password) },
	{ "password_command", SETTING_COMMAND, NULL, BOX(password_command) },
	{ "token_command", SETTING_COMMAND, NULL, BOX(token_command) },
	{ "folder", SETTING_FOLDER, "INBOX", BOX(folder) },
	{ "stored", SETTING_ACTION, "move Processed",
	    BOX(actions[VERDICT_STORED]) },
	{ "duplicate", SETTING_ACTION, "move Processed",
	    BOX(actions[VERDICT_DUPLICATE]) },
	{ "foreign", SETTING_ACTION, "leave",
	    BOX(actions[VERDICT_NOT_REPORT]) },
	{ "unreadable", SETTING_ACTION, "move Set-aside",
	    BOX(actions[VERDICT_SET_ASIDE]) },
	{ "max_size", SETTING_SIZE, "50M", BOX(max_size), LIMIT_KIB,
	    LIMIT_ITEM },
	{ "max_age", SETTING_INT, "0", BOX(max_age), 0, 36500 },
	{ "batch", SETTING_INT, "100", BOX(batch), 1, LIMIT_FETCH_MAILS },
	{ "timeout", SETTING_INT, "60", BOX(timeout), 1, 3600 },
	{ "when_busy", SETTING_EITHER, "ignore", BOX(busy_is_failure),
	    .choices = "ignore, fail" },
	{ "poll_interval", SETTING_INT, "60", BOX(poll_interval), 1, 86400 },
	{ "watch", SETTING_EITHER, "poll", BOX(idle), .choices = "poll, idle" },
};

#define N(table) (sizeof(table) / sizeof((table)[0]))

/* ---- a group of settings --------------------------------------------------- */

static enum diag_code
check_known(GKeyFile *file, const char *group, const struct setting *table,
    size_t n, struct diag *d)
{
	char **keys = g_key_file_get_keys(file, group, NULL, NULL);
	enum diag_code code = DIAG_OK;

	for (char **key = keys; *key != NULL && code == DIAG_OK; key++) {
		size_t i = 0;

		while (i < n && strcmp(table[i].name, *key) != 0)
			i++;
		if (i == n)
			code = setting_wrong(d, *key,
			    "there is no such setting");
	}
	g_strfreev(keys);
	return code;
}

static enum diag_code
take_setting(GKeyFile *file, const char *group, const struct setting *s,
    void *to, struct diag *d)
{
	/* The value as it stands: GLib's strings have escapes with \. */
	char *given = g_key_file_get_value(file, group, s->name, NULL);
	const char *value = given == NULL ? s->value : g_strstrip(given);
	enum diag_code code = DIAG_OK;

	if (value != NULL)
		code = setting_set(s, to, value, d);
	else if (s->required)
		code = setting_wrong(d, s->name, "is missing");
	if (given != NULL)
		explicit_bzero(given, strlen(given));
	g_free(given);
	return code;
}

static enum diag_code
take_settings(GKeyFile *file, const char *group, const struct setting *table,
    size_t n, void *base, struct diag *d)
{
	enum diag_code code = check_known(file, group, table, n, d);

	for (size_t i = 0; i < n && code == DIAG_OK; i++)
		code = take_setting(file, group, &table[i],
		    (char *)base + table[i].at, d);
	return code;
}

/* ---- what does not go together --------------------------------------------- */

static enum diag_code
check_secret(const struct mailbox *m, struct diag *d)
{
	const bool token = m->token_command != NULL;
	const int n = (m->password != NULL) + (m->password_command != NULL) +
	    token;

	if (n != 1)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "exactly one of password, password_command and "
		    "token_command is needed, not %d",
		    n);
	if (token && m->auth != AUTH_AUTO && m->auth != AUTH_XOAUTH2)
		return setting_wrong(d, "auth",
		    "token_command needs auto or xoauth2");
	if (!token && m->auth == AUTH_XOAUTH2)
		return setting_wrong(d, "auth", "xoauth2 needs token_command");
	return DIAG_OK;
}

static bool
is_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
	if (inet_pton(AF_INET6, host, &v6) == 1)
		return IN6_IS_ADDR_LOOPBACK(&v6);
	return strcmp(host, "localhost") == 0;
}

static enum diag_code
check_actions(const struct mailbox *m, struct diag *d)
{
	const struct action *a;

	for (size_t i = 0; i < N(of_mailbox); i++) {
		if (of_mailbox[i].kind != SETTING_ACTION)
			continue;
		a = (const void *)((const char *)m + of_mailbox[i].at);
		if (a->kind == ACTION_MOVE && strcmp(a->name, m->folder) == 0)
			return setting_wrong(d, of_mailbox[i].name,
			    "moves to the folder that is read");
	}
	return DIAG_OK;
}

/* The database knows a mailbox by these four. */
static enum diag_code
check_once(const struct config *c, const struct mailbox *m, struct diag *d)
{
	for (const struct mailbox *o = c->mailboxes; o < m; o++)
		if (strcmp(o->host, m->host) == 0 &&
		    strcmp(o->port, m->port) == 0 &&
		    strcmp(o->user, m->user) == 0 &&
		    strcmp(o->folder, m->folder) == 0)
			return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
			    "has host, port, user and folder of "
			    "[mailbox %s]",
			    o->name);
	return DIAG_OK;
}

static enum diag_code
check_mailbox(const struct config *c, const struct mailbox *m, struct diag *d)
{
	enum diag_code code = check_secret(m, d);

	if (code == DIAG_OK && m->tls == TLS_NONE && !is_loopback(m->host))
		code = setting_wrong(d, "tls",
		    "none is for localhost, 127.0.0.0/8 and ::1 only");
	if (code == DIAG_OK)
		code = check_actions(m, d);
	if (code == DIAG_OK)
		code = check_once(c, m, d);
	return code;
}

/* ---- the groups ------------------------------------------------------------ */

#define MAILBOX "mailbox "

static bool
is_name(const char *s)
{
	return *s != '\0' && strlen(s) <= NAME_MAX_BYTES &&
	    strspn(s, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.") ==
	    strlen(s);
}

static enum diag_code
take_mailbox(struct config *c, GKeyFile *file, const char *group,
    struct diag *d)
{
	const char *name = group + strlen(MAILBOX);
	struct mailbox *m = &c->mailboxes[c->n];
	enum diag_code code;

	if (!is_name(name))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "a name is made of letters, digits, - _ and ., at most %d",
		    NAME_MAX_BYTES);
	c->n++;
	m->name = mem_strdup(name);
	code = take_settings(file, group, of_mailbox, N(of_mailbox), m, d);
	if (code != DIAG_OK)
		return code;
	if (m->port == NULL)
		m->port = mem_strdup(m->tls == TLS_IMPLICIT ? "993" : "143");
	return check_mailbox(c, m, d);
}

static enum diag_code
take_group(struct config *c, GKeyFile *file, const char *group, struct diag *d)
{
	enum diag_code code;
	char *subject;

	if (strcmp(group, "database") == 0)
		code = take_settings(file, group, of_database, N(of_database),
		    c, d);
	else if (g_str_has_prefix(group, MAILBOX))
		code = take_mailbox(c, file, group, d);
	else
		code = diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "is neither [database] nor [mailbox NAME]");
	if (code == DIAG_OK)
		return code;
	subject = mem_printf("[%s]", group);
	(void)diag_prefix(d, subject);
	free(subject);
	return code;
}

static enum diag_code
take_groups(struct config *c, GKeyFile *file, struct diag *d)
{
	gsize n = 0;
	char **groups = g_key_file_get_groups(file, &n);
	enum diag_code code = DIAG_OK;

	c->mailboxes = mem_calloc(n, sizeof(*c->mailboxes));
	for (gsize i = 0; i < n && code == DIAG_OK; i++)
		code = take_group(c, file, groups[i], d);
	g_strfreev(groups);
	return code;
}

/* ---- the file -------------------------------------------------------------- */

/* One line of the file, which is written over. */
static enum diag_code
look_at_line(char *line, GHashTable *groups, GHashTable *keys, struct diag *d)
{
	const bool is_group = *g_strstrip(line) == '[';
	char *equals = strchr(line, '=');

	if (*line == '\0' || *line == '#')
		return DIAG_OK;
	if (is_group ? !g_str_has_suffix(line, "]") : equals == NULL)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "is neither [group], setting = value nor # comment");
	if (is_group)
		g_hash_table_remove_all(keys);
	else
		*equals = '\0';
	if (!g_hash_table_add(is_group ? groups : keys, g_strchomp(line)))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "%s is given twice", line);
	return DIAG_OK;
}

/*
 * GLib merges what is given twice, and repeats in its message a line that it
 * does not understand, in which a password may be: so these are looked for
 * before.
 */
static enum diag_code
look_at_lines(const char *text, struct diag *d)
{
	GHashTable *groups = g_hash_table_new(g_str_hash, g_str_equal);
	GHashTable *keys = g_hash_table_new(g_str_hash, g_str_equal);
	const size_t len = strlen(text);
	char *copy = mem_strdup(text);
	char *rest = copy;
	char *line;
	char subject[40];
	int n = 0;
	enum diag_code code;

	do {
		line = strsep(&rest, "\n");
		code = look_at_line(line, groups, keys, d);
		(void)snprintf(subject, sizeof(subject), "line %d", ++n);
	} while (code == DIAG_OK && rest != NULL);
	if (code != DIAG_OK)
		(void)diag_prefix(d, subject);
	g_hash_table_destroy(groups);
	g_hash_table_destroy(keys);
	explicit_bzero(copy, len);
	free(copy);
	return code;
}

/* With every key that has a language, too: they are unknown, not left out. */
static enum diag_code
parse(GKeyFile *file, const char *text, size_t len, struct diag *d)
{
	GError *error = NULL;
	enum diag_code code = DIAG_OK;

	if (!g_utf8_validate(text, (gssize)len, NULL))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "is not UTF-8");
	code = look_at_lines(text, d);
	if (code != DIAG_OK)
		return code;
	if (len > 0 &&
	    !g_key_file_load_from_data(file, text, len,
		G_KEY_FILE_KEEP_TRANSLATIONS, &error)) {
		code = diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s",
		    error->message);
		g_error_free(error);
	}
	return code;
}

enum diag_code
config_parse(struct config *c, const char *text, size_t len, struct diag *d)
{
	GKeyFile *file = g_key_file_new();
	enum diag_code code = parse(file, text, len, d);

	*c = (struct config){ 0 };
	if (code == DIAG_OK)
		code = take_groups(c, file, d);
	g_key_file_unref(file);
	if (code != DIAG_OK)
		config_free(c);
	return code;
}

void
config_free(struct config *c)
{
	for (size_t i = 0; i < c->n; i++)
		mailbox_free(&c->mailboxes[i]);
	free(c->mailboxes);
	if (c->conninfo != NULL)
		explicit_bzero(c->conninfo, strlen(c->conninfo));
	free(c->conninfo);
	*c = (struct config){ 0 };
}

const struct mailbox *
config_mailbox(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->mailboxes[i].name, name) == 0)
			return &c->mailboxes[i];
	return NULL;
}
