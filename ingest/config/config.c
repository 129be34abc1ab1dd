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

/* The longest name of a mailbox. */
#define NAME_MAX_BYTES 64

/* ---- the settings ---------------------------------------------------------- */

#define DB(field)  .at = offsetof(struct config, field)
#define BOX(field) .at = offsetof(struct mailbox, field)

static const struct setting of_database[] = {
	{ "conninfo", SETTING_TEXT, NULL, DB(conninfo) },
	{ "failure_reports", SETTING_CHOICE, "count", DB(failures.keep),
	    .choices = "count, redacted, full" },
	{ "failure_days", SETTING_INT, "30", DB(failures.days), 1, 36500 },
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
	{ "folder", SETTING_FOLDERS, "INBOX", BOX(folders) },
	{ "stored", SETTING_ACTION, "move Processed",
	    BOX(actions[FATE_STORED]) },
	{ "duplicate", SETTING_ACTION, "move Processed",
	    BOX(actions[FATE_DUPLICATE]) },
	{ "foreign", SETTING_ACTION, "leave", BOX(actions[FATE_NOT_REPORT]) },
	{ "unreadable", SETTING_ACTION, "move Set-aside",
	    BOX(actions[FATE_SET_ASIDE]) },
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

/* A line "setting = value", and a group of them; both point into a copy of the
 * file. */
struct given {
	const char *name;
	const char *value;
};

struct group {
	const char *name;
	size_t from, to; /* in the list of what is given */
};

struct lines {
	GArray *groups; /* struct group */
	GArray *given;  /* struct given */
};

static const struct given *
given_at(const struct lines *lines, size_t i)
{
	return &g_array_index(lines->given, struct given, i);
}

static enum diag_code
check_known(const struct lines *lines, const struct group *group,
    const struct setting *table, size_t n, struct diag *d)
{
	for (size_t k = group->from; k < group->to; k++) {
		const char *name = given_at(lines, k)->name;
		size_t i = 0;

		while (i < n && strcmp(table[i].name, name) != 0)
			i++;
		if (i == n)
			return setting_wrong(d, name,
			    "there is no such setting");
	}
	return DIAG_OK;
}

static enum diag_code
take_setting(const struct lines *lines, const struct group *group,
    const struct setting *s, void *to, struct diag *d)
{
	const char *value = s->value;

	for (size_t k = group->from; k < group->to; k++)
		if (strcmp(given_at(lines, k)->name, s->name) == 0)
			value = given_at(lines, k)->value;
	if (value != NULL)
		return setting_set(s, to, value, d);
	return s->required ? setting_wrong(d, s->name, "is missing") : DIAG_OK;
}

static enum diag_code
take_settings(const struct lines *lines, const struct group *group,
    const struct setting *table, size_t n, void *base, struct diag *d)
{
	enum diag_code code = check_known(lines, group, table, n, d);

	for (size_t i = 0; i < n && code == DIAG_OK; i++)
		code = take_setting(lines, group, &table[i],
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

/* Whether a folder of that name is among those that are read. */
static bool
reads(const struct mailbox *m, const char *folder)
{
	for (char **f = m->folders; *f != NULL; f++)
		if (strcmp(*f, folder) == 0)
			return true;
	return false;
}

static enum diag_code
check_actions(const struct mailbox *m, struct diag *d)
{
	const struct action *a;

	for (size_t i = 0; i < N(of_mailbox); i++) {
		if (of_mailbox[i].kind != SETTING_ACTION)
			continue;
		a = (const void *)((const char *)m + of_mailbox[i].at);
		if (a->kind == ACTION_MOVE && reads(m, a->name))
			return setting_wrong(d, of_mailbox[i].name,
			    "moves to the folder that is read");
	}
	return DIAG_OK;
}

static bool
read_alike(const struct mailbox *a, const struct mailbox *b)
{
	for (char **f = a->folders; *f != NULL; f++)
		if (reads(b, *f))
			return true;
	return false;
}

/* These four identify a folder in the database. */
static enum diag_code
check_once(const struct config *c, const struct mailbox *m, struct diag *d)
{
	for (const struct mailbox *o = c->mailboxes; o < m; o++)
		if (strcmp(o->host, m->host) == 0 &&
		    strcmp(o->port, m->port) == 0 &&
		    strcmp(o->user, m->user) == 0 && read_alike(o, m))
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
take_mailbox(struct config *c, const struct lines *lines,
    const struct group *group, struct diag *d)
{
	const char *name = group->name + strlen(MAILBOX);
	struct mailbox *m = &c->mailboxes[c->n];
	enum diag_code code;

	if (!is_name(name))
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "a name is made of letters, digits, - _ and ., at most %d",
		    NAME_MAX_BYTES);
	c->n++;
	m->name = mem_strdup(name);
	code = take_settings(lines, group, of_mailbox, N(of_mailbox), m, d);
	if (code != DIAG_OK)
		return code;
	if (m->port == NULL)
		m->port = mem_strdup(m->tls == TLS_IMPLICIT ? "993" : "143");
	return check_mailbox(c, m, d);
}

static enum diag_code
take_group(struct config *c, const struct lines *lines,
    const struct group *group, struct diag *d)
{
	enum diag_code code;
	char *subject;

	if (strcmp(group->name, "database") == 0)
		code = take_settings(lines, group, of_database, N(of_database),
		    c, d);
	else if (g_str_has_prefix(group->name, MAILBOX))
		code = take_mailbox(c, lines, group, d);
	else
		code = diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "is neither [database] nor [mailbox NAME]");
	if (code == DIAG_OK)
		return code;
	subject = mem_printf("[%s]", group->name);
	(void)diag_prefix(d, subject);
	free(subject);
	return code;
}

static enum diag_code
take_groups(struct config *c, const struct lines *lines, struct diag *d)
{
	enum diag_code code = DIAG_OK;

	c->mailboxes = mem_calloc(lines->groups->len, sizeof(*c->mailboxes));
	for (guint i = 0; i < lines->groups->len && code == DIAG_OK; i++)
		code = take_group(c, lines,
		    &g_array_index(lines->groups, struct group, i), d);
	return code;
}

/* ---- the file -------------------------------------------------------------- */

static enum diag_code
given_twice(struct diag *d, const char *what)
{
	return diag_set(d, DIAG_CONFIG, REASON_CONFIG, "%s is given twice",
	    what);
}

/* The line "[name]". */
static enum diag_code
read_group(struct lines *lines, char *line, struct diag *d)
{
	const struct group *other = (const void *)lines->groups->data;
	struct group group = { line + 1, lines->given->len, lines->given->len };

	line[strlen(line) - 1] = '\0';
	for (guint i = 0; i < lines->groups->len; i++)
		if (strcmp(other[i].name, group.name) == 0) {
			line[strlen(line)] = ']';
			return given_twice(d, line);
		}
	g_array_append_val(lines->groups, group);
	return DIAG_OK;
}

/* The line "setting = value", whose "=" is at equals. */
static enum diag_code
read_setting(struct lines *lines, char *line, char *equals, struct diag *d)
{
	struct given given = { line, equals + 1 };
	struct group *group;

	if (lines->groups->len == 0)
		return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
		    "stands before any [group]");
	*equals = '\0';
	(void)g_strchomp(line);
	(void)g_strchug(equals + 1);
	group = &g_array_index(lines->groups, struct group,
	    lines->groups->len - 1);
	for (size_t k = group->from; k < group->to; k++)
		if (strcmp(given_at(lines, k)->name, given.name) == 0)
			return given_twice(d, given.name);
	g_array_append_val(lines->given, given);
	group->to++;
	return DIAG_OK;
}

/* Messages never repeat the line: it may hold a password. */
static enum diag_code
read_line(struct lines *lines, char *line, struct diag *d)
{
	char *equals;

	line = g_strstrip(line);
	if (*line == '\0' || *line == '#')
		return DIAG_OK;
	if (*line == '[' && line[strlen(line) - 1] == ']')
		return read_group(lines, line, d);
	equals = strchr(line, '=');
	if (*line != '[' && equals != NULL && equals != line)
		return read_setting(lines, line, equals, d);
	return diag_set(d, DIAG_CONFIG, REASON_CONFIG,
	    "is neither [group], setting = value nor # comment");
}

/* text is cut into pieces. */
static enum diag_code
read_lines(struct lines *lines, char *text, struct diag *d)
{
	char *rest = text;
	char subject[40];
	int n = 0;
	enum diag_code code;

	do {
		code = read_line(lines, strsep(&rest, "\n"), d);
		(void)snprintf(subject, sizeof(subject), "line %d", ++n);
	} while (code == DIAG_OK && rest != NULL);
	if (code != DIAG_OK)
		(void)diag_prefix(d, subject);
	return code;
}

enum diag_code
config_parse(struct config *c, const char *text, size_t len, struct diag *d)
{
	struct lines lines = {
		g_array_new(FALSE, FALSE, sizeof(struct group)),
		g_array_new(FALSE, FALSE, sizeof(struct given)),
	};
	char *copy = mem_strdup(text);
	const size_t copied = strlen(copy);
	enum diag_code code;

	*c = (struct config){ 0 };
	code = g_utf8_validate(text, (gssize)len, NULL) ?
	    read_lines(&lines, copy, d) :
	    diag_set(d, DIAG_CONFIG, REASON_CONFIG, "is not UTF-8");
	if (code == DIAG_OK)
		code = take_groups(c, &lines, d);
	g_array_free(lines.groups, TRUE);
	g_array_free(lines.given, TRUE);
	explicit_bzero(copy, copied);
	free(copy);
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
