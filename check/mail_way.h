/*
 * mail_way: the way of a mail, oldest server first, with what servers said of
 * it (Authentication-Results).
 */
#ifndef CHECK_MAIL_WAY_H
#define CHECK_MAIL_WAY_H

#include <stddef.h>

#include "check/jailed.h"
#include "check/message.h"
#include "check/received.h"

/* Fields that are looked at, the lowest and the topmost. */
#define MAIL_HOPS_MAX 100

struct mail_way {
	struct received *hops; /* oldest first */
	size_t n;
	size_t left_out; /* between the oldest and the newest */
	/* The one that the server of one's own wrote, or NULL.  What stands
	 * below anybody may have written. */
	const struct received *trusted;
};

void
mail_way_take(struct mail_way *w, const struct message *m, const char *trusted);
void mail_way_free(struct mail_way *w);

/* As rows. */
void mail_way_tell(const struct mail_way *w, const struct message *m,
    struct jailed *j);

#endif
