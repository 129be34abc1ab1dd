#include "tests/bench/files.h"

#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"

static void
one_file(const char *path,
    void (*each)(void *ctx, const char *path, const char *bytes, size_t len),
    void *ctx)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *bytes;

	if (fd == -1 || fstat(fd, &st) == -1)
		err(1, "%s", path);
	bytes = mem_calloc((size_t)st.st_size + 1, 1);
	if (read(fd, bytes, (size_t)st.st_size) != (ssize_t)st.st_size)
		err(1, "%s", path);
	(void)close(fd);
	each(ctx, path, bytes, (size_t)st.st_size);
	free(bytes);
}

size_t
files_each(const char *path,
    void (*each)(void *ctx, const char *path, const char *bytes, size_t len),
    void *ctx)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	size_t n = 0;
	char *file;

	if (dir == NULL) {
		one_file(path, each, ctx);
		return 1;
	}
	while ((e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		file = mem_printf("%s/%s", path, e->d_name);
		one_file(file, each, ctx);
		free(file);
		n++;
	}
	(void)closedir(dir);
	return n;
}
