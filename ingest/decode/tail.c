/* tail: where a report ends in its document, and what stands behind it. */
#include "ingest/decode/tail.h"

#include <string.h>
#include <strings.h>

enum state {
	IN_TEXT,
	IN_TAG,  /* behind "<" */
	IN_NAME, /* in the name of a tag */
	IN_REST  /* behind it, before ">" */
};

static bool
is_feedback(const struct tail *t)
{
	return t->len == 8 && strncasecmp(t->name, "feedback", 8) == 0;
}

static void
end_name(struct tail *t, char c)
{
	if (!t->is_end && t->ended && is_feedback(t))
		t->is_followed = true;
	t->state = c == '>' ? IN_TEXT : IN_REST;
}

static void
add_to_name(struct tail *t, char c)
{
	if (c == ':') {
		t->len = 0;
		return;
	}
	if (t->len < sizeof(t->name))
		t->name[t->len] = c;
	t->len++;
}

/* A byte that is no NUL; true: it ends the report. */
static bool
take(struct tail *t, char c)
{
	const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';

	if (c == '<') {
		t->state = IN_TAG;
		t->is_end = false;
		t->wide = false;
		t->len = 0;
		return false;
	}
	switch (t->state) {
	case IN_TAG:
		if (c == '/' && !t->is_end) {
			t->is_end = true;
			return false;
		}
		t->state = IN_NAME;
		add_to_name(t, c);
		return false;
	case IN_NAME:
		if (!blank && c != '>' && c != '/') {
			add_to_name(t, c);
			return false;
		}
		end_name(t, c);
		break;
	case IN_REST:
		if (c != '>')
			return false;
		t->state = IN_TEXT;
		break;
	default:
		return false;
	}
	return c == '>' && t->is_end && !t->ended && is_feedback(t);
}

size_t
tail_feed(struct tail *t, const char *bytes, size_t len)
{
	size_t belong = t->ended ? 0 : len;

	for (size_t i = 0; i < len; i++) {
		if (t->want_nul && bytes[i] == '\0')
			belong = i + 1;
		t->want_nul = false;
		if (bytes[i] == '\0') {
			t->wide = t->state != IN_TEXT || t->wide;
			t->after_nul = true;
			continue;
		}
		if (take(t, bytes[i])) {
			t->ended = true;
			belong = i + 1;
			/* In UTF-16 the other half of ">" may follow. */
			t->want_nul = t->wide && !t->after_nul;
		}
		t->after_nul = false;
	}
	return belong;
}
