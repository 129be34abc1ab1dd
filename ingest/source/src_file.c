/*
 * src_file: one file or standard input.  A file that begins as an mbox gives a
 * message at a time, however large it is.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "ingest/limits.h"
#include "ingest/decode/mbox.h"
#include "ingest/source/source.h"

/* How much of an mbox is looked at at a time. */
#define WINDOW 262144

struct file {
	char *name;
	int fd;
	bool is_stdin;
	bool is_mbox;
	bool is_one_mail;
	bool done;
	struct mbox mbox;
	/* a piece of the mbox */
	char *window;
	uint64_t from;
	size_t len;
	bool at_end; /* nothing comes behind it */
	int error;
};

static void
file_close(void *impl)
{
	struct file *file = impl;

	if (file->fd != -1 && !file->is_stdin)
		(void)close(file->fd);
	free(file->name);
	free(file->window);
	free(file);
}

/* Read from at on until the window is full. */
static void
fill_window(struct file *file, uint64_t at)
{
	ssize_t n = 1;

	file->from = at;
	file->len = 0;
	while (n != 0 && file->len < WINDOW) {
		n = pread(file->fd, file->window + file->len,
		    WINDOW - file->len, (off_t)(at + file->len));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			file->error = errno;
			n = 0;
		}
		file->len += (size_t)n;
	}
	file->at_end = n == 0;
}

/* As struct mbox_bytes has it. */
static const char *
look(void *ctx, uint64_t at, size_t *n)
{
	struct file *file = ctx;
	const bool inside = at >= file->from && at <= file->from + file->len;
	const size_t left = inside ? file->len - (size_t)(at - file->from) : 0;

	if (!inside || (left < MBOX_LOOK && !file->at_end))
		fill_window(file, at);
	*n = file->len - (size_t)(at - file->from);
	return file->window + (at - file->from);
}

/* The bytes of a message; of one that is too large only the size. */
static bool
read_mail(struct file *file, const struct mbox_mail *mail, struct item *item)
{
	ssize_t n = 1;

	item->size = mail->end - mail->start;
	if (item->size > LIMIT_ITEM)
		return true;
	item->bytes = mem_calloc(1, (size_t)item->size + 1);
	while (item->len < item->size && n != 0) {
		n = pread(file->fd, item->bytes + item->len,
		    (size_t)item->size - item->len,
		    (off_t)(mail->start + item->len));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			file->error = errno;
			return false;
		}
		item->len += (size_t)n;
	}
	return item->len == item->size;
}

/* Somebody is writing, so that a mail which ends where the file does may not be
 * there yet as a whole. */
static bool
has_changed(struct file *file, const struct mbox_mail *mail)
{
	struct stat st;
	size_t n;

	(void)look(file, mail->end, &n);
	return n == 0 && file->error == 0 && fstat(file->fd, &st) == 0 &&
	    (uint64_t)st.st_size != mail->end;
}

/* A message that is lost inside another one would be lost for good. */
static enum source_next
end_mbox(struct file *file, struct diag *d)
{
	const struct mbox *m = &file->mbox;

	file->done = true;
	if (m->mmdf || m->begins == m->mails)
		return SOURCE_END;
	(void)diag_set(d, DIAG_FORMAT, REASON_MBOX_LINES,
	    "%s: %llu lines begin with \"From \", %llu mails were found: a line "
	    "of text may begin so, or a mail may lie inside another",
	    file->name, (unsigned long long)m->begins,
	    (unsigned long long)m->mails);
	return m->doubtful > 0 ? SOURCE_PROBLEM : SOURCE_NOTICE;
}

static enum source_next
next_message(struct file *file, struct item *item, struct diag *d)
{
	struct mbox_mail mail;
	bool found;

	*item = (struct item){ 0 };
	found = mbox_next(&file->mbox, &mail);
	if (found && file->error == 0 && read_mail(file, &mail, item) &&
	    !has_changed(file, &mail)) {
		item->name = mem_printf("%s#%llu", file->name,
		    (unsigned long long)file->mbox.mails);
		return SOURCE_ITEM;
	}
	if (!found && file->error == 0)
		return end_mbox(file, d);
	item_free(item);
	file->done = true;
	if (file->error == 0)
		(void)diag_set(d, DIAG_RETRY, REASON_UNREADABLE,
		    "%s: it changed while it was read; from mail %llu on it is "
		    "for the next run",
		    file->name, (unsigned long long)file->mbox.mails);
	else
		(void)diag_set(d, DIAG_FORMAT, REASON_UNREADABLE, "%s: %s",
		    file->name, strerror(file->error));
	return SOURCE_PROBLEM;
}

/* Without the line "From " that a mail server put before the mail. */
static void
cut_envelope(struct item *item)
{
	const char *newline = item->bytes == NULL || item->len < 5 ||
		memcmp(item->bytes, "From ", 5) != 0 ?
	    NULL :
	    memchr(item->bytes, '\n', item->len);
	const size_t n = newline == NULL ? 0 :
					   (size_t)(newline - item->bytes) + 1;

	if (n == 0)
		return;
	item->len -= n;
	item->size -= n;
	memmove(item->bytes, item->bytes + n, item->len);
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
		if (file->is_one_mail)
			cut_envelope(item);
		return SOURCE_ITEM;
	}
	if (item->name != NULL)
		(void)diag_set(d, DIAG_RETRY, REASON_TOO_LARGE,
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
	if (file->is_mbox)
		return next_message(file, item, d);
	file->done = true;
	if (file->is_stdin)
		return read_stdin(file, item, d);
	if (item_read(file->fd, file->name, item, d) != DIAG_OK)
		return SOURCE_PROBLEM;
	return SOURCE_ITEM;
}

static const struct source_ops file_ops = { file_next, false, NULL, NULL,
	file_close };

/* Only of a file: from a pipe the bytes could not be put back. */
static void
look_for_mbox(struct file *file)
{
	const struct mbox_bytes bytes = { file, look };
	struct stat st;
	const char *start;
	size_t n;

	if (fstat(file->fd, &st) == -1 || !S_ISREG(st.st_mode))
		return;
	file->window = mem_calloc(1, WINDOW);
	start = look(file, 0, &n);
	file->is_mbox = mbox_begins(start, n);
	if (file->is_mbox)
		mbox_open(&file->mbox, &bytes);
}

enum diag_code
src_file_open(struct source *source, const char *path, struct diag *d)
{
	struct file *file = mem_calloc(1, sizeof(*file));

	file->is_one_mail = strcmp(path, SOURCE_ONE_MAIL) == 0;
	if (strcmp(path, "-") == 0 || file->is_one_mail) {
		file->name = mem_strdup("stdin");
		file->fd = STDIN_FILENO;
		file->is_stdin = true;
	} else {
		file->name = mem_strdup(path);
		file->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (file->fd == -1) {
			(void)diag_set(d, DIAG_FORMAT, REASON_UNREADABLE,
			    "%s: %s", path, strerror(errno));
			file_close(file);
			return d->code;
		}
		look_for_mbox(file);
	}
	*source = (struct source){ &file_ops, file };
	return DIAG_OK;
}
