/* strict_path: files, folders and links that others may or may not change. */
#include "ingest/config/strict_path.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "tests/unit/unit.h"

/* top/outer/inner/file, and the links top/link -> outer/inner/file,
 * top/dir -> outer/inner, top/open/link -> the same as top/link, top/loop. */
static char top[] = "/tmp/t_strict.XXXXXX";
static char *outer;
static char *inner;
static char *file;
static char *open_folder;
static char *links[4];

static int
set_up(void)
{
	int fd;

	if (mkdtemp(top) == NULL)
		return -1;
	outer = mem_printf("%s/outer", top);
	inner = mem_printf("%s/inner", outer);
	file = mem_printf("%s/file", inner);
	open_folder = mem_printf("%s/open", top);
	links[0] = mem_printf("%s/link", top);
	links[1] = mem_printf("%s/dir", top);
	links[2] = mem_printf("%s/link", open_folder);
	links[3] = mem_printf("%s/loop", top);
	if (mkdir(outer, 0755) == -1 || mkdir(inner, 0755) == -1 ||
	    mkdir(open_folder, 0755) == -1 ||
	    symlink("outer/inner/file", links[0]) == -1 ||
	    symlink(inner, links[1]) == -1 || symlink(file, links[2]) == -1 ||
	    symlink(links[3], links[3]) == -1)
		return -1;
	fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	return fd == -1 || close(fd) == -1 ? -1 : 0;
}

static int
tear_down(void)
{
	char *const folders[] = { inner, outer, open_folder };
	int bad = unlink(file);

	free(file);
	for (size_t i = 0; i < ROWS(links); i++) {
		bad |= unlink(links[i]);
		free(links[i]);
	}
	for (size_t i = 0; i < ROWS(folders); i++) {
		bad |= rmdir(folders[i]);
		free(folders[i]);
	}
	return bad | rmdir(top);
}

/* What is said of the file by the name top/tail. */
static enum diag_code
look(const char *tail, struct diag *d)
{
	const int fd = open(file, O_RDONLY | O_CLOEXEC);
	char *path = mem_printf("%s/%s", top, tail);
	enum diag_code code;

	*d = (struct diag){ 0 };
	CHECK(fd != -1, "%s", file);
	code = strict_path(fd, path, d);
	(void)close(fd);
	free(path);
	return code;
}

static void
check_modes(void)
{
	static const struct {
		mode_t file, inner, outer;
		const char *want; /* NULL: fine */
	} rows[] = {
		{ 0600, 0700, 0700, NULL },
		{ 0644, 0755, 0755, NULL },
		{ 0620, 0755, 0755, "others, who can have any command run" },
		{ 0602, 0755, 0755, "others, who can have any command run" },
		{ 0644, 0775, 0755, "outer/inner may be written by others" },
		{ 0644, 0757, 0755, "outer/inner may be written by others" },
		{ 0644, 0755, 0777, "/outer may be written by others" },
		{ 0644, 0755, 0775, "/outer may be written by others" },
		/* Others may put something there, and take nothing away. */
		{ 0644, 01777, 0755, NULL },
		{ 0644, 0755, 01777, NULL },
		{ 0666, 01777, 0755, "others, who can have any command run" },
	};
	static const char *const ways[] = { "outer/inner/file", "link",
		"dir/file", "open/link", "outer/../dir//./file" };

	for (size_t i = 0; i < ROWS(rows); i++) {
		CHECK_INT(chmod(file, rows[i].file) |
			chmod(inner, rows[i].inner) |
			chmod(outer, rows[i].outer),
		    0, "row %zu", i);
		for (size_t k = 0; k < ROWS(ways); k++) {
			struct diag d;

			CHECK_INT(look(ways[k], &d),
			    rows[i].want == NULL ? DIAG_OK : DIAG_CONFIG,
			    "row %zu %s: %s", i, ways[k], d.text);
			CHECK(rows[i].want == NULL ||
				strstr(d.text, rows[i].want) != NULL,
			    "row %zu %s: %s", i, ways[k], d.text);
		}
	}
	CHECK_INT(chmod(file, 0600) | chmod(inner, 0700) | chmod(outer, 0700),
	    0, "as before");
}

/* Who may write the folder that a link lies in leads us elsewhere. */
static void
check_links(void)
{
	struct diag d;

	CHECK_INT(chmod(open_folder, 0777), 0, "open");
	CHECK_INT(look("open/link", &d), DIAG_CONFIG, "a link in it");
	CHECK(strstr(d.text, "/open may be written by others") != NULL, "%s",
	    d.text);
	CHECK_INT(look("link", &d), DIAG_OK, "another: %s", d.text);
	CHECK_INT(chmod(open_folder, 0755), 0, "open");
	CHECK_INT(look("loop", &d), DIAG_CONFIG, "a link to itself");
	CHECK(strstr(d.text, "symbolic links") != NULL, "%s", d.text);
	CHECK_INT(look("outer/none/file", &d), DIAG_CONFIG, "nothing there");
	CHECK(strstr(d.text, "No such file") != NULL, "%s", d.text);
}

/* Only root can give things away, so only root tests it. */
static void
check_owners(void)
{
	static const struct {
		char **what;
		const char *way;
		const char *want;
	} rows[] = {
		{ &file, "outer/inner/file", "belongs to another user, who" },
		{ &inner, "outer/inner/file", "inner belongs to another user" },
		{ &outer, "link", "outer belongs to another user" },
		{ &links[0], "link", "link belongs to another user" },
		{ &links[1], "dir/file", "dir belongs to another user" },
	};

	for (size_t i = 0; geteuid() == 0 && i < ROWS(rows); i++) {
		struct diag d;

		CHECK_INT(lchown(*rows[i].what, 12345, 0), 0, "row %zu", i);
		CHECK_INT(look(rows[i].way, &d), DIAG_CONFIG, "row %zu", i);
		CHECK(strstr(d.text, rows[i].want) != NULL, "row %zu: %s", i,
		    d.text);
		CHECK_INT(lchown(*rows[i].what, 0, 0), 0, "row %zu", i);
	}
}

static void
look_by(const char *path, enum diag_code want, int fd)
{
	struct diag d = { 0 };

	CHECK_INT(strict_path(fd, path, &d), want, "%s: %s", path, d.text);
}

/* From where we stand, and by a descriptor. */
static void
check_names(void)
{
	char *here = getcwd(NULL, 0);
	int fd;
	struct diag d = { 0 };

	CHECK_INT(chdir(outer), 0, "%s", outer);
	fd = open("inner/file", O_RDONLY | O_CLOEXEC);
	CHECK_INT(strict_path(fd, "inner/file", &d), DIAG_OK, "%s", d.text);
	CHECK_INT(strict_path(fd, "../outer/inner/file", &d), DIAG_OK, "%s",
	    d.text);
	CHECK_INT(chmod(inner, 0777), 0, "%s", inner);
	CHECK_INT(strict_path(fd, "inner/file", &d), DIAG_CONFIG, "open");
	CHECK_INT(strict_path(fd, "/dev/fd/9", &d), DIAG_OK, "%s", d.text);
	look_by("/proc/self/fd/9", DIAG_OK, fd);
	look_by("/proc/self/fd/../cwd/inner/file", DIAG_CONFIG, fd);
	look_by("/dev/fd/../cwd/inner/file", DIAG_CONFIG, fd);
	CHECK_INT(chmod(inner, 0700), 0, "%s", inner);
	CHECK_INT(chmod(file, 0622), 0, "%s", file);
	CHECK_INT(strict_path(fd, "/dev/fd/9", &d), DIAG_CONFIG, "file");
	CHECK_INT(chmod(file, 0600), 0, "%s", file);
	(void)close(fd);
	CHECK_INT(chdir(here), 0, "%s", here);
	free(here);
}

static CU_TestInfo tests[] = {
	{ "minds_modes", check_modes },
	{ "minds_links", check_links },
	{ "minds_owners", check_owners },
	{ "takes_any_name", check_names },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_strict_path_suites[] = {
	{ "strict_path", set_up, tear_down, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
