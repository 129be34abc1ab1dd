/* setting: one line of dmarc.conf: what its value may be, and where it goes. */
#include "ingest/config/setting.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "common/mem.h"
#include "common/num.h"
#include "ingest/limits.h"
#include "ingest/config/mailbox.h"
#include "ingest/config/utf7.h"

#define REASON REASON_CONFIG

/* Of the name of a folder or flag. */
#define FOLDER_MAX_BYTES 255

enum diag_code
setting_wrong(struct diag *d, const char *setting, const char *why)
{
	return diag_set(d, DIAG_CONFIG, REASON, "%s: %s", setting, why);
}

static bool
has_control(const char *value, bool tab_is_fine)
{
	for (const char *p = value; *p != '\0';
	     p = g_utf8_find_next_char(p, NULL))
		if (g_unichar_iscntrl(g_utf8_get_char(p)) &&
		    (*p != '\t' || !tab_is_fine))
			return true;
	return false;
}

/* Digits alone: no sign, as nothing here is negative. */
static bool
whole(const char *value, int64_t lo, int64_t hi, int64_t *out)
{
	return strspn(value, "0123456789") == strlen(value) &&
	    num_int64(value, lo, hi, out);
}

static enum diag_code
set_number(const struct setting *s, void *to, const char *value, struct diag *d)
{
	int64_t n;

	if (!whole(value, s->lo, s->hi, &n))
		return diag_set(d, DIAG_CONFIG, REASON,
		    "%s: is not a number from %lld to %lld", s->name,
		    (long long)s->lo, (long long)s->hi);
	if (s->kind == SETTING_PORT)
		*(char **)to = mem_printf("%lld", (long long)n);
	else
		*(int *)to = (int)n;
	return DIAG_OK;
}

static enum diag_code
set_size(const struct setting *s, uint64_t *to, const char *value,
    struct diag *d)
{
	static const char suffixes[] = "KMG";
	const size_t len = strlen(value);
	const char *suffix = strchr(suffixes, g_ascii_toupper(value[len - 1]));
	char *digits = mem_strdup(value);
	int shift = 0;
	int64_t n = 0;
	bool ok;

	if (suffix != NULL) {
		shift = 10 * (int)(suffix + 1 - suffixes);
		digits[len - 1] = '\0';
	}
	ok = whole(digits, 0, s->hi >> shift, &n) && n << shift >= s->lo;
	free(digits);
	if (!ok)
		return diag_set(d, DIAG_CONFIG, REASON,
		    "%s: is not a size from %lldK to %lldM, such as 50M",
		    s->name, (long long)(s->lo >> 10),
		    (long long)(s->hi >> 20));
	*to = (uint64_t)n << shift;
	return DIAG_OK;
}

static enum diag_code
set_choice(const struct setting *s, void *to, const char *value, struct diag *d)
{
	char **choices = g_strsplit(s->choices, ", ", 0);
	unsigned i = 0;
	const bool ok = g_strv_contains((const char *const *)choices, value);

	while (ok && strcmp(choices[i], value) != 0)
		i++;
	g_strfreev(choices);
	if (!ok)
		return diag_set(d, DIAG_CONFIG, REASON, "%s: is not one of %s",
		    s->name, s->choices);
	if (s->kind == SETTING_EITHER)
		*(bool *)to = i == 1;
	else
		*(unsigned *)to = i;
	return DIAG_OK;
}

static enum diag_code
set_host(const struct setting *s, char **to, const char *value, struct diag *d)
{
	for (const char *p = value; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || *p == '/')
			return setting_wrong(d, s->name,
			    "is not a host name or address");
	if (strlen(value) > LIMIT_DOMAIN)
		return setting_wrong(d, s->name, "is too long");
	*to = mem_strdup(value);
	for (char *p = *to; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return DIAG_OK;
}

static enum diag_code
set_path(const struct setting *s, char **to, const char *value, struct diag *d)
{
	if (value[0] != '/')
		return setting_wrong(d, s->name,
		    "is not a path that begins with /");
	*to = mem_strdup(value);
	return DIAG_OK;
}

static enum diag_code
set_folder(const struct setting *s, char **to, const char *value,
    struct diag *d)
{
	char *wire = utf7_from_utf8(value);
	const bool ok = wire != NULL && *value != '\0' &&
	    strlen(value) <= FOLDER_MAX_BYTES;

	free(wire);
	if (!ok)
		return setting_wrong(d, s->name, "is no name of a folder");
	/* The one name that is the same in any case (RFC 3501 5.1). */
	*to = mem_strdup(
	    g_ascii_strcasecmp(value, "INBOX") == 0 ? "INBOX" : value);
	return DIAG_OK;
}

/* The next name of a list, without blanks and quotes around it.  Inside quotes
 * a backslash escapes a quote or a backslash.  *list moves behind the comma.
 * The caller frees. */
static char *
next_name(const char **list)
{
	const char *p = *list + strspn(*list, " \t");
	const bool in_quotes = *p == '"';
	GString *name = g_string_new(NULL);

	for (p += in_quotes; *p != '\0' && *p != (in_quotes ? '"' : ','); p++) {
		if (in_quotes && p[0] == '\\' && p[1] != '\0')
			p++;
		g_string_append_c(name, *p);
	}
	if (in_quotes && *p == '"')
		p++;
	else if (in_quotes)
		g_string_truncate(name, 0);
	else
		g_strchomp(name->str);
	p += strspn(p, " \t");
	/* Nothing may stand between a quote and the comma. */
	if (*p != '\0' && *p != ',')
		g_string_truncate(name, 0);
	p += strcspn(p, ",");
	*list = p;
	return g_string_free(name, FALSE);
}

static enum diag_code
set_folders(const struct setting *s, char ***to, const char *value,
    struct diag *d)
{
	size_t n = 0;
	char *name;
	enum diag_code code = DIAG_OK;

	for (const char *p = value; code == DIAG_OK; p++) {
		name = next_name(&p);
		*to = mem_realloc(*to, n + 2, sizeof(**to));
		(*to)[n] = NULL;
		(*to)[n + 1] = NULL;
		code = set_folder(s, &(*to)[n], name, d);
		g_free(name);
		for (size_t i = 0; code == DIAG_OK && i < n; i++)
			if (g_strcmp0((*to)[i], (*to)[n]) == 0)
				code = setting_wrong(d, s->name,
				    "names a folder twice");
		if (code == DIAG_OK && ++n > LIMIT_IMAP_FOLDERS)
			code = setting_wrong(d, s->name,
			    "names too many folders");
		if (*p == '\0')
			break;
	}
	return code;
}

/* RFC 3501 9: a keyword is an atom; of the system's flags only those that do
 * no more than mark. */
static enum diag_code
set_flag(const struct setting *s, char **to, const char *value, struct diag *d)
{
	static const char *const system[] = { "\\Seen", "\\Flagged",
		"\\Answered", NULL };

	for (int i = 0; system[i] != NULL; i++)
		if (g_ascii_strcasecmp(value, system[i]) == 0) {
			*to = mem_strdup(system[i]);
			return DIAG_OK;
		}
	for (const char *p = value; *p != '\0'; p++)
		if (!g_ascii_isgraph(*p) || strchr("(){%*\"\\]", *p) != NULL)
			return setting_wrong(d, s->name,
			    "is not \\Seen, \\Flagged, \\Answered or a "
			    "keyword");
	if (strlen(value) > FOLDER_MAX_BYTES)
		return setting_wrong(d, s->name, "has a flag that is too long");
	*to = mem_strdup(value);
	return DIAG_OK;
}

static enum diag_code
set_action(const struct setting *s, struct action *to, const char *value,
    struct diag *d)
{
	const size_t verb = strcspn(value, " \t");
	const char *name = value + verb + strspn(value + verb, " \t");

	if (strcmp(value, "leave") == 0) {
		to->kind = ACTION_LEAVE;
		return DIAG_OK;
	}
	if (strcmp(value, "delete") == 0) {
		to->kind = ACTION_DELETE;
		return DIAG_OK;
	}
	if (verb == 4 && strncmp(value, "move", verb) == 0 && *name != '\0') {
		/* LIST takes these two for any name. */
		if (strpbrk(name, "*%") != NULL)
			return setting_wrong(d, s->name,
			    "moves to a name with * or %");
		to->kind = ACTION_MOVE;
		return set_folder(s, &to->name, name, d);
	}
	if (verb == 4 && strncmp(value, "flag", verb) == 0 && *name != '\0') {
		to->kind = ACTION_FLAG;
		return set_flag(s, &to->name, name, d);
	}
	return setting_wrong(d, s->name,
	    "is not leave, delete, move FOLDER or flag FLAG");
}

enum diag_code
setting_set(const struct setting *s, void *to, const char *value,
    struct diag *d)
{
	if (*value == '\0')
		return setting_wrong(d, s->name, "is empty");
	if (has_control(value, s->kind == SETTING_COMMAND))
		return setting_wrong(d, s->name, "has a control character");
	switch (s->kind) {
	case SETTING_TEXT:
	case SETTING_COMMAND:
		break;
	case SETTING_PATH:
		return set_path(s, to, value, d);
	case SETTING_HOST:
		return set_host(s, to, value, d);
	case SETTING_FOLDERS:
		return set_folders(s, to, value, d);
	case SETTING_ACTION:
		return set_action(s, to, value, d);
	case SETTING_PORT:
	case SETTING_INT:
		return set_number(s, to, value, d);
	case SETTING_SIZE:
		return set_size(s, to, value, d);
	case SETTING_CHOICE:
	case SETTING_EITHER:
		return set_choice(s, to, value, d);
	}
	*(char **)to = mem_strdup(value);
	return DIAG_OK;
}
