/*
 * replay: run a fuzz target over the files whose names come on standard input,
 * each in a buffer of exactly its length, so that a sanitizer sees a byte too
 * far.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

static void
die(const char *name)
{
	perror(name);
	exit(1);
}

static void
replay(const char *name)
{
	FILE *fp = fopen(name, "rb");
	struct stat st;
	uint8_t *bytes;
	size_t size;

	if (fp == NULL || fstat(fileno(fp), &st) == -1)
		die(name);
	size = (size_t)st.st_size;
	/* malloc(0) may be NULL, which is not what a caller hands over */
	bytes = malloc(size == 0 ? 1 : size);
	if (bytes == NULL || fread(bytes, 1, size, fp) != size)
		die(name);
	(void)fclose(fp);
	(void)LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	size_t files = 0;
	ssize_t n;

	(void)LLVMFuzzerInitialize(&argc, &argv);
	while ((n = getline(&line, &room, stdin)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		/* Which one it was is known when it crashes. */
		if (getenv("V") != NULL)
			(void)fprintf(stderr, "%s\n", line);
		replay(line);
		files++;
	}
	free(line);
	(void)printf("%s: %zu files\n", argv[0], files);
	if (files == 0)
		(void)fprintf(stderr, "%s: no files\n", argv[0]);
	return files == 0;
}
