/* item: one message or file from a source. */
#include "ingest/source/item.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "ingest/limits.h"

void
item_free(struct item *item)
{
	free(item->name);
	free(item->bytes);
	*item = (struct item){ 0 };
}

void
item_fit(struct item *item)
{
	if (item->bytes == NULL)
		return;
	item->bytes = mem_realloc(item->bytes, item->len + 1, 1);
	item->bytes[item->len] = '\0';
}

/* Beyond the limit: count the bytes, keep none. */
static void
skip_rest(int fd, struct item *item)
{
	char sink[65536];
	ssize_t n;

	free(item->bytes);
	item->bytes = NULL;
	item->len = 0;
	while ((n = read(fd, sink, sizeof(sink))) > 0)
		item->size += (uint64_t)n;
}

/* Half of it may be of what it was before. */
static bool
has_changed(int fd, const struct stat *before)
{
	struct stat st;

	return S_ISREG(before->st_mode) && fstat(fd, &st) == 0 &&
	    (st.st_size != before->st_size ||
		st.st_mtim.tv_sec != before->st_mtim.tv_sec ||
		st.st_mtim.tv_nsec != before->st_mtim.tv_nsec);
}

enum diag_code
item_read(int fd, const char *name, struct item *item, struct diag *d)
{
	struct stat st = { 0 };
	size_t room = 65536;
	ssize_t n = 0;

	*item = (struct item){ .name = mem_strdup(name) };
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		item->size = (uint64_t)st.st_size;
		/* A file may say that it has terabytes, and have no block. */
		if (item->size > LIMIT_ITEM)
			return DIAG_OK;
		room = (size_t)item->size + 1;
		item->size = 0;
	}
	item->bytes = mem_calloc(room, 1);
	while ((n = read(fd, item->bytes + item->len, room - item->len)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		item->len += (size_t)n;
		item->size += (uint64_t)n;
		if (item->len > LIMIT_ITEM) {
			skip_rest(fd, item);
			return DIAG_OK;
		}
		if (item->len == room) {
			room = room > LIMIT_ITEM / 2 ? LIMIT_ITEM + 1 :
						       room * 2;
			item->bytes = mem_realloc(item->bytes, room, 1);
		}
	}
	if (n == 0 && !has_changed(fd, &st))
		return DIAG_OK;
	item_free(item);
	if (n == 0)
		return diag_set(d, DIAG_RETRY, REASON_UNREADABLE,
		    "%s: it changed while it was read; the next run reads it",
		    name);
	return diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s", name,
	    strerror(errno));
}
