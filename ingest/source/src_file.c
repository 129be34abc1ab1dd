/*
 * src_file: one file or standard input.  A file that begins with a From_ line
 * is an mbox and gives a message at a time, however large it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/decode/mbox.h"
#include "ingest/source/source.h"

/* Lines are read in pieces, so that none is too long. */
#define PIECE 65536

struct file {
	char *name;
	FILE *f;
	bool mbox;
	bool blank;      /* the line before was empty */
	uint64_t number; /* of the message */
	bool inside;     /* the last piece was not the end of its line */
	bool pending;    /* the From_ line of the next message was read */
	char *piece;
	bool done;
};

static void
file_close(void *impl)
{
	struct file *file = impl;

	if (file->f != NULL && file->f != stdin)
		(void)fclose(file->f);
	free(file->name);
	free(file->piece);
	free(file);
}

/* Add a line to a message; one that is too large keeps only its size. */
static void
add_line(struct item *item, size_t *room, const char *line, size_t n)
{
	item->size += n;
	if (item->bytes == NULL)
		return;
	if (item->len + n > LIMIT_ITEM) {
		free(item->bytes);
		item->bytes = NULL;
		item->len = 0;
		return;
	}
	if (item->len + n > *room) {
		while (item->len + n > *room)
			*room = *room > LIMIT_ITEM / 2 ? LIMIT_ITEM : *room * 2;
		item->bytes = mem_realloc(item->bytes, *room, 1);
	}
	memcpy(item->bytes + item->len, line, n);
	item->len += n;
}

/*
 * The next line with its end, or as much of it as there is room for; 0 at the
 * end of the file.
 */
static size_t
read_piece(FILE *f, char *piece, size_t size)
{
	size_t n = 0;
	int c = 0;

	while (n < size && c != '\n' && (c = getc_unlocked(f)) != EOF)
		piece[n++] = (char)c;
	return n;
}

static enum source_next
next_message(struct file *file, struct item *item, struct diag *d)
{
	size_t room = PIECE;
	size_t n;

	*item = (struct item){ .bytes = mem_calloc(1, room) };
	while ((n = read_piece(file->f, file->piece, PIECE)) > 0) {
		const bool begins_line = !file->inside;

		file->inside = file->piece[n - 1] != '\n';
		if (file->number == 0 ||
		    (begins_line && file->blank &&
			mbox_is_from_line(file->piece, n))) {
			/* The line itself belongs to no message. */
			file->blank = false;
			if (file->number++ == 0)
				continue;
			file->pending = true;
			break;
		}
		file->blank = begins_line &&
		    (n == 1 || (n == 2 && file->piece[0] == '\r')) &&
		    !file->inside;
		add_line(item, &room, file->piece, n);
	}
	if (n == 0)
		file->done = true;
	if (ferror(file->f)) {
		item_free(item);
		(void)diag_set(d, DIAG_FORMAT, "unreadable", "%s: %s",
		    file->name, strerror(errno));
		return SOURCE_PROBLEM;
	}
	item_fit(item);
	item->name = mem_printf("%s#%llu", file->name,
	    (unsigned long long)(file->number - (file->pending ? 1 : 0)));
	file->pending = false;
	return SOURCE_ITEM;
}

/*
 * What comes through a pipe is nowhere else.  The sender keeps it when it
 * cannot be read, and what is no report is kept in the database.
 */
static enum source_next
read_stdin(struct file *file, struct item *item, struct diag *d)
{
	if (item_read(STDIN_FILENO, file->name, item, d) == DIAG_OK &&
	    item->bytes != NULL) {
		item->only_copy = true;
		return SOURCE_ITEM;
	}
	if (item->name != NULL)
		(void)diag_set(d, DIAG_RETRY, "too_large",
		    "%s: over %lu bytes, which is more than can be kept",
		    file->name, LIMIT_ITEM);
	d->code = DIAG_RETRY;
	item_free(item);
	return SOURCE_FAILED;
}

static enum source_next
file_next(void *impl, struct item *item, struct diag *d)
{
	struct file *file = impl;

	if (file->done)
		return SOURCE_END;
	if (file->mbox)
		return next_message(file, item, d);
	file->done = true;
	if (file->f == stdin)
		return read_stdin(file, item, d);
	if (item_read(fileno(file->f), file->name, item, d) != DIAG_OK)
		return SOURCE_PROBLEM;
	return SOURCE_ITEM;
}

static const struct source_ops file_ops = { file_next, false, NULL, NULL,
	file_close };

/* Only of a file: from a pipe the bytes could not be put back. */
static bool
begins_as_mbox(int fd)
{
	char start[256];
	const ssize_t n = pread(fd, start, sizeof(start), 0);
	const char *nl = n <= 0 ? NULL : memchr(start, '\n', (size_t)n);

	return n > 0 &&
	    mbox_is_from_line(start,
		nl == NULL ? (size_t)n : (size_t)(nl - start));
}

enum diag_code
src_file_open(struct source *source, const char *path, struct diag *d)
{
	struct file *file = mem_calloc(1, sizeof(*file));
	int fd;

	if (strcmp(path, "-") == 0) {
		file->name = mem_strdup("stdin");
		file->f = stdin;
	} else {
		file->name = mem_strdup(path);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd == -1 || (file->f = fdopen(fd, "r")) == NULL) {
			(void)diag_set(d, DIAG_FORMAT, "unreadable", "%s: %s",
			    path, strerror(errno));
			file_close(file);
			return d->code;
		}
		file->mbox = begins_as_mbox(fd);
		if (file->mbox)
			file->piece = mem_calloc(1, PIECE);
	}
	*source = (struct source){ &file_ops, file };
	return DIAG_OK;
}
