/* ptr: the names of an address, and whether they lead back to it. */
#include "check/ptr.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/mem.h"
#include "check/host.h"
#include "check/reply.h"

struct look_up;

/* A name of the address. */
struct name {
	struct look_up *l;
	char *text;
	bool plain; /* can be asked for */
	bool confirmed;
};

struct look_up {
	struct dns *dns;
	struct address a;
	ptr_done *done;
	void *arg;
	struct name names[PTR_READ_MAX];
	size_t n;
	size_t asked;
	size_t open; /* questions without an answer yet */
	/* Why it is not known whether a name leads back. */
	bool failed, silent, stopped;
};

static void
finish(struct look_up *l, enum ptr_status status)
{
	struct ptr_answer answer = { .status = status };

	for (int confirmed = 1; confirmed >= 0; confirmed--)
		for (size_t i = 0; i < l->n && answer.n < PTR_NAMES_MAX; i++)
			if (l->names[i].confirmed == (confirmed == 1))
				answer.names[answer.n++] = l->names[i].text;
	l->done(l->arg, &answer);
	for (size_t i = 0; i < l->n; i++)
		free(l->names[i].text);
	free(l);
}

static void ask_back(struct look_up *l);

/* All that were asked have answered. */
static void
conclude(struct look_up *l)
{
	bool confirmed = false;

	for (size_t i = 0; i < l->asked; i++)
		confirmed = confirmed || l->names[i].confirmed;
	if (confirmed)
		finish(l, PTR_CONFIRMED);
	else if (l->stopped)
		finish(l, PTR_STOPPED);
	else if (l->silent)
		finish(l, PTR_SILENT);
	else if (l->asked < l->n && l->asked < PTR_ASKED_MAX &&
	    l->names[l->asked].plain)
		ask_back(l);
	else
		finish(l, l->failed ? PTR_FAILED : PTR_UNCONFIRMED);
}

static void
take_addresses(void *arg, enum dns_result result, const unsigned char *reply,
    size_t len)
{
	struct name *name = arg;
	struct look_up *l = name->l;

	switch (result) {
	case DNS_ANSWER:
		if (!reply_has_address(reply, len, &l->a, &name->confirmed))
			l->failed = true;
		break;
	case DNS_NO_NAME:
	case DNS_NO_DATA:
		break;
	case DNS_FAILED:
		l->failed = true;
		break;
	case DNS_SILENT:
		l->silent = true;
		break;
	case DNS_STOPPED:
		l->stopped = true;
		break;
	}
	if (--l->open == 0)
		conclude(l);
}

/* Ask where the next names lead to.  The last answer may come before this
 * returns and frees l. */
static void
ask_back(struct look_up *l)
{
	const int type = l->a.family == AF_INET ? DNS_A : DNS_AAAA;
	struct name *name = l->names + l->asked;
	size_t n = 0;

	while (n < PTR_NAMES_MAX && l->asked + n < l->n && name[n].plain)
		n++;
	l->asked += n;
	l->open = n;
	if (n == 0)
		conclude(l);
	for (size_t i = 0; i < n; i++)
		dns_ask(l->dns, name[i].text, type, take_addresses, &name[i]);
}

/* Those that can be asked first, then by the alphabet. */
static int
compare_names(const void *a, const void *b)
{
	const struct name *x = a;
	const struct name *y = b;

	if (x->plain != y->plain)
		return x->plain ? -1 : 1;
	return strcmp(x->text, y->text);
}

static void
take_names(struct look_up *l, const unsigned char *reply, size_t len)
{
	char *names[PTR_READ_MAX];
	const bool whole = reply_names(reply, len, names, PTR_READ_MAX, &l->n);

	for (size_t i = 0; i < l->n; i++)
		l->names[i] = (struct name){ .l = l,
			.text = names[i],
			.plain = host_is_plain(names[i]) };
	qsort(l->names, l->n, sizeof(l->names[0]), compare_names);
	if (l->n > 0)
		ask_back(l);
	else
		finish(l, whole ? PTR_NONE : PTR_FAILED);
}

static void
take_ptr(void *arg, enum dns_result result, const unsigned char *reply,
    size_t len)
{
	switch (result) {
	case DNS_ANSWER:
		take_names(arg, reply, len);
		break;
	case DNS_NO_NAME:
	case DNS_NO_DATA:
		finish(arg, PTR_NONE);
		break;
	case DNS_FAILED:
		finish(arg, PTR_FAILED);
		break;
	case DNS_SILENT:
		finish(arg, PTR_SILENT);
		break;
	case DNS_STOPPED:
		finish(arg, PTR_STOPPED);
		break;
	}
}

void
ptr_look_up(struct dns *dns, const struct address *a, ptr_done *done, void *arg)
{
	struct look_up *l = mem_calloc(1, sizeof(*l));
	char reverse[ADDRESS_REVERSE_LEN];

	l->dns = dns;
	l->a = *a;
	l->done = done;
	l->arg = arg;
	dns_ask(dns, address_reverse(a, reverse), DNS_PTR, take_ptr, l);
}
