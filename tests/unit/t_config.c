/* config: what dmarc.conf may say, and how each mistake is told. */
#include "ingest/config/config_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/mem.h"
#include "tests/unit/unit.h"

#define SAMPLE "scripts/dmarc.conf.sample"

/* The least that a mailbox needs. */
#define LEAST                      \
	"[mailbox rua]\n"          \
	"host = imap.example.jp\n" \
	"user = rua@example.jp\n"
#define BOX LEAST "password = change-me\n"

/* ---- a file for each case -------------------------------------------------- */

static char dir[] = "/tmp/t_config.XXXXXX";
static char *file;

static int
set_up(void)
{
	if (mkdtemp(dir) == NULL)
		return -1;
	file = mem_printf("%s/dmarc.conf", dir);
	return 0;
}

static int
tear_down(void)
{
	(void)unlink(file);
	free(file);
	return rmdir(dir);
}

static enum diag_code
read_bytes(struct config *c, const void *bytes, size_t len, mode_t mode,
    struct diag *d)
{
	FILE *f;

	*d = (struct diag){ 0 };
	(void)unlink(file);
	f = fopen(file, "wb");
	if (!CHECK(f != NULL, "%s", file))
		return DIAG_RETRY;
	CHECK_INT(fwrite(bytes, 1, len, f), len, "%s", file);
	CHECK_INT(fclose(f), 0, "%s", file);
	CHECK_INT(chmod(file, mode), 0, "%s", file);
	return config_read(c, file, d);
}

static enum diag_code
read_text(struct config *c, const char *text, struct diag *d)
{
	return read_bytes(c, text, strlen(text), 0600, d);
}

/* The file is refused, in these words, and leaves nothing behind. */
static void
check_refused(const char *text, const char *want)
{
	struct config c;
	struct diag d;

	CHECK_INT(read_text(&c, text, &d), DIAG_CONFIG, "%s", text);
	CHECK(strstr(d.text, want) != NULL, "%s: %s", text, d.text);
	CHECK(strncmp(d.text, file, strlen(file)) == 0, "%s: %s", text, d.text);
	CHECK(strstr(d.text, "change-me") == NULL, "%s: %s", text, d.text);
	CHECK_STR(reason_name(d.reason), "config", "%s", text);
	CHECK_INT(c.n, 0, "%s", text);
	CHECK(c.mailboxes == NULL && c.conninfo == NULL, "%s", text);
}

/* ---- what it says ---------------------------------------------------------- */

static void
check_action(const struct mailbox *m, enum fate fate, enum action_kind kind,
    const char *name)
{
	CHECK_INT(m->actions[fate].kind, kind, "fate %d", fate);
	CHECK_STR(m->actions[fate].name, name, "fate %d", fate);
}

/* Nothing given but what must be. */
static void
check_defaults(const struct config *c)
{
	const struct mailbox *m = c->mailboxes;

	CHECK_STR(c->conninfo, NULL, "conninfo");
	if (!CHECK_INT(c->n, 1, "mailboxes"))
		return;
	CHECK_STR(m->name, "rua", "name");
	CHECK_STR(m->host, "imap.example.jp", "host");
	CHECK_STR(m->port, "993", "port");
	CHECK_INT(m->tls, TLS_IMPLICIT, "tls");
	CHECK_STR(m->ca_file, NULL, "ca_file");
	CHECK_STR(m->user, "rua@example.jp", "user");
	CHECK_INT(m->auth, AUTH_AUTO, "auth");
	CHECK_STR(m->password, "change-me", "password");
	CHECK_STR(m->password_command, NULL, "password_command");
	CHECK_STR(m->token_command, NULL, "token_command");
	CHECK_STR(m->folders[0], "INBOX", "folder");
	CHECK_STR(m->folders[1], NULL, "one folder");
	check_action(m, FATE_STORED, ACTION_MOVE, "Processed");
	check_action(m, FATE_DUPLICATE, ACTION_MOVE, "Processed");
	check_action(m, FATE_NOT_REPORT, ACTION_LEAVE, NULL);
	check_action(m, FATE_SET_ASIDE, ACTION_MOVE, "Set-aside");
	CHECK_INT(m->max_size, 52428800, "max_size");
	CHECK_INT(m->max_age, 0, "max_age");
	CHECK_INT(m->batch, 100, "batch");
	CHECK_INT(m->timeout, 60, "timeout");
	CHECK_INT(m->busy_is_failure, false, "when_busy");
	CHECK_INT(m->poll_interval, 60, "poll_interval");
	CHECK_INT(m->idle, false, "watch");
}

static void
has_defaults(void)
{
	struct config c;
	struct diag d;

	CHECK_INT(read_text(&c, BOX, &d), DIAG_OK, "%s", d.text);
	check_defaults(&c);
	config_free(&c);
}

/* In the sample "#name" is a default; what is explained begins with "# ". */
static void
sample_shows_the_defaults(void)
{
	struct buf text = unit_file(SAMPLE);
	struct buf bare;
	struct config c;
	struct diag d;
	const char *p = buf_str(&text);
	size_t taken = 0;

	buf_init(&bare, 1 << 20);
	CHECK_INT(read_text(&c, p, &d), DIAG_OK, "%s", d.text);
	check_defaults(&c);
	config_free(&c);
	while (*p != '\0') {
		const char *end = strchr(p, '\n') + 1;

		if (p[0] == '#' && p[1] >= 'a' && p[1] <= 'z') {
			p++;
			taken++;
		}
		(void)buf_append(&bare, p, (size_t)(end - p));
		p = end;
	}
	CHECK(taken > 10, "%zu", taken);
	CHECK_INT(read_text(&c, buf_str(&bare), &d), DIAG_OK, "%s", d.text);
	check_defaults(&c);
	config_free(&c);
	buf_free(&bare);
	buf_free(&text);
}

static void
takes_every_setting(void)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "  [database]  \r\n"
				   "conninfo = host=db dbname=dmarc\r\n"
				   "[mailbox A-1_b.c]\n"
				   "host=IMAP.Example.JP\n"
				   "\tport \t=\t1143\n"
				   "tls = starttls\n"
				   "ca_file = /etc/ssl/ca.pem\n"
				   "user = us er\\x#\n"
				   "auth = xoauth2\n"
				   "token_command = printf 'a;b\\n'\t|cat #x\n"
				   "folder = INBOX/Entw\xc3\xbcrfe & mehr\n"
				   "stored = flag \\seen\n"
				   "duplicate = delete\n"
				   "foreign = flag $Foreign\n"
				   "unreadable = move  Be seite\n"
				   "max_size = 2m\n"
				   "max_age = 36500\n"
				   "batch = 500\n"
				   "timeout = 3600\n"
				   "when_busy = fail\n"
				   "poll_interval = 86400\n"
				   "watch = idle\n";
	struct config c;
	struct diag d;
	const struct mailbox *m;

	CHECK_INT(read_text(&c, text, &d), DIAG_OK, "%s", d.text);
	CHECK_STR(c.conninfo, "host=db dbname=dmarc", "conninfo");
	m = config_mailbox(&c, "A-1_b.c");
	if (!CHECK(m != NULL, "by its name"))
		return;
	CHECK_STR(m->host, "imap.example.jp", "host");
	CHECK_STR(m->port, "1143", "port");
	CHECK_INT(m->tls, TLS_STARTTLS, "tls");
	CHECK_STR(m->ca_file, "/etc/ssl/ca.pem", "ca_file");
	CHECK_STR(m->user, "us er\\x#", "user");
	CHECK_INT(m->auth, AUTH_XOAUTH2, "auth");
	CHECK_STR(m->token_command, "printf 'a;b\\n'\t|cat #x", "command");
	CHECK_STR(m->folders[0], "INBOX/Entw\xc3\xbcrfe & mehr", "folder");
	check_action(m, FATE_STORED, ACTION_FLAG, "\\Seen");
	check_action(m, FATE_DUPLICATE, ACTION_DELETE, NULL);
	check_action(m, FATE_NOT_REPORT, ACTION_FLAG, "$Foreign");
	check_action(m, FATE_SET_ASIDE, ACTION_MOVE, "Be seite");
	CHECK_INT(m->max_size, 2097152, "max_size");
	CHECK_INT(m->max_age, 36500, "max_age");
	CHECK_INT(m->batch, 500, "batch");
	CHECK_INT(m->timeout, 3600, "timeout");
	CHECK_INT(m->busy_is_failure, true, "when_busy");
	CHECK_INT(m->poll_interval, 86400, "poll_interval");
	CHECK_INT(m->idle, true, "watch");
	config_free(&c);
}

static void
keeps_the_order(void)
{
	struct config c;
	struct diag d;

	CHECK_INT(read_text(&c,
		      BOX "folder = a\n[mailbox b]\nhost = h\nuser = u\n"
			  "password_command = x\n[mailbox a]\nhost = h\n"
			  "user = v\npassword_command = x\n",
		      &d),
	    DIAG_OK, "%s", d.text);
	if (!CHECK_INT(c.n, 3, "mailboxes"))
		return;
	CHECK_STR(c.mailboxes[0].name, "rua", "first");
	CHECK_STR(c.mailboxes[1].name, "b", "second");
	CHECK_STR(c.mailboxes[2].name, "a", "third");
	CHECK(config_mailbox(&c, "a") == &c.mailboxes[2], "a");
	CHECK(config_mailbox(&c, "A") == NULL, "A");
	config_free(&c);
	CHECK_INT(c.n, 0, "after");
}

/* Values at their bounds, and what goes together. */
static void
accepts(void)
{
	static const char *const rows[] = {
		"",
		"# nothing\n",
		"[database]\n",
		"[database]\nconninfo = postgresql:///dmarc",
		BOX "port = 1\n",
		BOX "port = 65535\n",
		BOX "max_size = 1K\n",
		BOX "max_size = 1024\n",
		BOX "max_size = 256M\n",
		BOX "max_size = 268435456\n",
		BOX "batch = 1\n",
		BOX "timeout = 1\n",
		BOX "poll_interval = 1\n",
		BOX "auth = login\n",
		BOX "auth = plain\n",
		BOX "auth = scram-sha-256\n",
		LEAST "password_command = x\nauth = plain\n",
		LEAST "token_command = x\n",
		LEAST "token_command = x\nauth = xoauth2\n",
		BOX "stored = flag \\Answered\n",
		BOX "stored = flag \\FLAGGED\n",
		BOX "stored = flag $a-b.c/d:e\n",
		BOX "folder = a%b*\n",
		BOX "folder = Processed\nstored = leave\nduplicate = leave\n",
		BOX "stored = move inbox2\n",
		"[mailbox l]\nhost = localhost\ntls = none\nuser = u\n"
		"password = p\n",
		"[mailbox l]\nhost = LocalHost\ntls = none\nuser = u\n"
		"password = p\n",
		"[mailbox l]\nhost = 127.255.0.9\ntls = none\nuser = u\n"
		"password = p\n",
		"[mailbox l]\nhost = ::1\ntls = none\nuser = u\n"
		"password = p\n",
		"[mailbox aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaa]\nhost = h\nuser = u\npassword = p\n",
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct config c;
		struct diag d;

		CHECK_INT(read_text(&c, rows[i], &d), DIAG_OK, "%s: %s",
		    rows[i], d.text);
		config_free(&c);
	}
}

static void
has_another_port_without_tls(void)
{
	static const char *const rows[] = { "starttls", "none" };

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *text = mem_printf("[mailbox l]\nhost = localhost\n"
					"user = u\npassword = p\ntls = %s\n",
		    rows[i]);
		struct config c;
		struct diag d;

		CHECK_INT(read_text(&c, text, &d), DIAG_OK, "%s", d.text);
		CHECK_STR(c.n == 1 ? c.mailboxes[0].port : NULL, "143", "%s",
		    rows[i]);
		config_free(&c);
		free(text);
	}
}

/* ---- mistakes -------------------------------------------------------------- */

static void
refuses_lines(void)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "host = x\n", "line 1: stands before any [group]" },
		{ BOX " = x\n", "line 5: is neither [group]" },
		{ BOX "host[de] = x\n", "host[de]: there is no such setting" },
		{ BOX "change-me\n", "line 5: is neither [group]" },
		{ BOX "[change-me\n", "line 5: is neither [group]" },
		{ "\xef\xbb\xbf[database]\n", "line 1: is neither [group]" },
		{ "[database]\nconninfo = \xff\n", ": is not UTF-8" },
		{ BOX "host = b\n", "line 5: host is given twice" },
		{ BOX "port = 1\nport=1\n", "line 6: port is given twice" },
		{ BOX "[database]\n" BOX,
		    "line 6: [mailbox rua] is given twice" },
		{ "[database]\n[database]\n",
		    "line 2: [database] is given twice" },
		{ "[databse]\n", "[databse]: is neither [database] nor" },
		{ "[mailbox]\n", "[mailbox]: is neither [database] nor" },
		{ "[mailbox ]\n", "a name is made of" },
		{ "[mailbox  a]\n", "a name is made of" },
		{ "[mailbox a b]\n", "a name is made of" },
		{ "[mailbox \xc3\xbc]\n", "a name is made of" },
		{ "[mailbox aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaaaaaaa]\n",
		    "at most 64" },
		{ "[database]\nconnstr = x\n",
		    "[database]: connstr: there is no such setting" },
		{ "[database]\nhost = x\n", "host: there is no such setting" },
		{ BOX "Host = x\n", "Host: there is no such setting" },
		/* GLib would leave out what is for another language */
		{ BOX "folder[de] = x\n",
		    "folder[de]: there is no such setting" },
		{ "[database]\nconninfo =  \n", "conninfo: is empty" },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		check_refused(rows[i].text, rows[i].want);
}

/* What is wrong with one value. */
static void
refuses_values(void)
{
	static const struct {
		const char *line;
		const char *want;
	} rows[] = {
		{ "port = 0", "port: is not a number from 1 to 65535" },
		{ "port = 65536", "port: is not a number from 1 to 65535" },
		{ "port = imaps", "port: is not a number" },
		{ "port = +993", "port: is not a number" },
		{ "port = 993 # TLS", "port: is not a number" },
		{ "tls = ssl", "tls: is not one of implicit, starttls, none" },
		{ "tls = Implicit", "tls: is not one of" },
		{ "tls = implicit, starttls", "tls: is not one of" },
		{ "tls = none", "tls: none is for localhost" },
		{ "ca_file = ca.pem", "ca_file: is not a path that begins" },
		{ "ca_file =", "ca_file: is empty" },
		{ "auth = cram-md5", "auth: is not one of auto, login, plain" },
		{ "auth = xoauth2", "auth: xoauth2 needs token_command" },
		{ "password_command = x", "exactly one of password" },
		{ "token_command = x", "exactly one of password" },
		{ "folder = a\tb", "folder: has a control character" },
		{ "folder = a\xc2\x80", "folder: has a control character" },
		{ "folder = a\x7f", "folder: has a control character" },
		{ "stored = move", "stored: is not leave, delete, move" },
		{ "stored = moved x", "stored: is not leave, delete, move" },
		{ "stored = keep", "stored: is not leave, delete, move" },
		{ "stored = delete all", "stored: is not leave" },
		{ "stored = flag", "stored: is not leave" },
		{ "stored = Leave", "stored: is not leave" },
		{ "stored = flag \\Deleted", "stored: is not \\Seen, \\Flag" },
		{ "stored = flag \\Draft", "stored: is not \\Seen" },
		{ "stored = flag a b", "stored: is not \\Seen" },
		{ "stored = flag a(", "stored: is not \\Seen" },
		{ "stored = flag a]", "stored: is not \\Seen" },
		{ "stored = flag a\"", "stored: is not \\Seen" },
		{ "stored = flag \xc3\xbc", "stored: is not \\Seen" },
		{ "stored = move INBOX", "stored: moves to the folder that" },
		{ "stored = move Inbox", "stored: moves to the folder that" },
		{ "folder = Set-aside",
		    "unreadable: moves to the folder that" },
		{ "folder = Processed", "stored: moves to the folder that" },
		{ "foreign = move a*", "foreign: moves to a name with" },
		{ "foreign = move %", "foreign: moves to a name with" },
		{ "max_size = 1023",
		    "max_size: is not a size from 1K to 256M" },
		{ "max_size = 0K", "max_size: is not a size" },
		{ "max_size = 257M", "max_size: is not a size" },
		{ "max_size = 268435457", "max_size: is not a size" },
		{ "max_size = 1G", "max_size: is not a size" },
		{ "max_size = 99999999999999999999K", "max_size: is not" },
		{ "max_size = K", "max_size: is not a size" },
		{ "max_size = 5MB", "max_size: is not a size" },
		{ "max_size = 1.5M", "max_size: is not a size" },
		{ "max_size = -5M", "max_size: is not a size" },
		{ "max_age = -1", "max_age: is not a number from 0 to 36500" },
		{ "max_age = 36501", "max_age: is not a number" },
		{ "batch = 0", "batch: is not a number from 1 to 500" },
		{ "batch = 501", "batch: is not a number" },
		{ "timeout = 0", "timeout: is not a number from 1 to 3600" },
		{ "timeout = 3601", "timeout: is not a number" },
		{ "timeout = 60s", "timeout: is not a number" },
		{ "poll_interval = 0", "poll_interval: is not a number from" },
		{ "poll_interval = 86401", "poll_interval: is not a number" },
		{ "when_busy = no", "when_busy: is not one of ignore, fail" },
		{ "watch = push", "watch: is not one of poll, idle" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *text = mem_printf(BOX "%s\n", rows[i].line);
		char *want = mem_printf("[mailbox rua]: %s", rows[i].want);

		check_refused(text, want);
		free(text);
		free(want);
	}
}

/* What a mailbox needs, and hosts. */
static void
refuses_mailboxes(void)
{
	static const struct {
		const char *text;
		const char *want;
	} rows[] = {
		{ "[mailbox a]\n", "[mailbox a]: host: is missing" },
		{ "[mailbox a]\nhost = h\n", "user: is missing" },
		{ LEAST, "token_command is needed, not 0" },
		{ LEAST "password =\n", "password: is empty" },
		{ LEAST "password = \x1b\n", "password: has a control" },
		{ LEAST "password_command = x\ntoken_command = y\n",
		    "token_command is needed, not 2" },
		{ LEAST "token_command = x\nauth = plain\n",
		    "auth: token_command needs auto or xoauth2" },
		{ LEAST "password_command = x\nauth = xoauth2\n",
		    "auth: xoauth2 needs token_command" },
		{ "[mailbox a]\nhost = a b\n", "host: is not a host name" },
		{ "[mailbox a]\nhost = a/b\n", "host: is not a host name" },
		{ "[mailbox a]\nhost = \xc3\xbc.jp\n",
		    "host: is not a host name" },
		{ "[mailbox a]\nhost = 128.0.0.1\nuser = u\npassword = p\n"
		  "tls = none\n",
		    "tls: none is for localhost" },
		{ "[mailbox a]\nhost = ::2\nuser = u\npassword = p\n"
		  "tls = none\n",
		    "tls: none is for localhost" },
		{ "[mailbox a]\nhost = localhost.jp\nuser = u\npassword = p\n"
		  "tls = none\n",
		    "tls: none is for localhost" },
		{ BOX "[mailbox b]\nhost = IMAP.example.jp\n"
		      "user = rua@example.jp\nfolder = inbox\n"
		      "password_command = x\n",
		    "[mailbox b]: has host, port, user and folder of [mailbox rua]" },
	};

	for (size_t i = 0; i < ROWS(rows); i++)
		check_refused(rows[i].text, rows[i].want);
}

/* One byte more than a name may have. */
static void
refuses_long_values(void)
{
	static const struct {
		const char *setting;
		int most;
		const char *want;
	} rows[] = {
		{ "folder = ", 255, "folder: is no name of a folder" },
		{ "stored = move ", 255, "stored: is no name of a folder" },
		{ "stored = flag ", 255, "stored: has a flag that is too" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		for (int more = 0; more < 2; more++) {
			/* zeros, as many as asked for */
			char *text = mem_printf(BOX "%s%0*d\n", rows[i].setting,
			    rows[i].most + more, 0);
			struct config c;
			struct diag d;

			CHECK_INT(read_text(&c, text, &d),
			    more == 0 ? DIAG_OK : DIAG_CONFIG, "%s: %s",
			    rows[i].setting, d.text);
			config_free(&c);
			if (more == 1)
				check_refused(text, rows[i].want);
			free(text);
		}
	}
}

static void
refuses_files(void)
{
	static char large[(1 << 20) + 1];
	struct config c;
	struct diag d;

	memset(large, '\n', sizeof(large));
	CHECK_INT(read_bytes(&c, large, sizeof(large) - 1, 0600, &d), DIAG_OK,
	    "%s", d.text);
	config_free(&c);
	CHECK_INT(read_bytes(&c, large, sizeof(large), 0600, &d), DIAG_CONFIG,
	    "large");
	CHECK(strstr(d.text, ": is too large") != NULL, "%s", d.text);
	CHECK_INT(read_bytes(&c, "[database]\n\0\n", 13, 0600, &d), DIAG_CONFIG,
	    "NUL");
	CHECK(strstr(d.text, ": is not UTF-8") != NULL, "%s", d.text);
	CHECK_INT(config_read(&c, "/nonexistent/x", &d), DIAG_CONFIG, "none");
	CHECK_STR(d.text, "/nonexistent/x: No such file or directory", "none");
	CHECK_INT(config_read(&c, dir, &d), DIAG_CONFIG, "a folder");
	CHECK(strstr(d.text, "Is a directory") != NULL, "%s", d.text);
}

/* One by its name would be waited for; one that is open is read. */
static void
takes_pipes_by_descriptor(void)
{
	char *fifo = mem_printf("%s/fifo", dir);
	char *by_fd;
	struct config c;
	struct diag d;
	int fds[2];

	CHECK_INT(mkfifo(fifo, 0600), 0, "%s", fifo);
	CHECK_INT(config_read(&c, fifo, &d), DIAG_CONFIG, "a FIFO");
	CHECK(strstr(d.text, "/fifo: is no regular file") != NULL, "%s",
	    d.text);
	(void)unlink(fifo);
	free(fifo);
	CHECK_INT(pipe(fds), 0, "pipe");
	by_fd = mem_printf("/dev/fd/%d", fds[0]);
	CHECK_INT(write(fds[1], "[database]\n", 11), 11, "pipe");
	(void)close(fds[1]);
	CHECK_INT(config_read(&c, by_fd, &d), DIAG_OK, "%s", d.text);
	config_free(&c);
	free(by_fd);
	(void)close(fds[0]);
}

/* ---- who may read it ------------------------------------------------------- */

#define COMMAND LEAST "password_command = x\n"

static void
keeps_passwords_private(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		bool ok;
	} rows[] = {
		{ BOX, 0600, true },
		{ BOX, 0400, true },
		{ BOX, 0640, false },
		{ BOX, 0604, false },
		{ BOX, 0620, false },
		{ BOX, 0644, false },
		{ COMMAND "[mailbox b]\nhost = h\nuser = u\npassword = p\n",
		    0640, false },
		{ COMMAND, 0644, true },
		{ "[database]\nconninfo = dmarc\n", 0644, true },
		{ "[database]\nconninfo = postgresql:///dmarc\n", 0644, true },
		{ "[database]\nconninfo = host=h password=p\n", 0644, false },
		{ "[database]\nconninfo = postgresql://u:p@h/d\n", 0640,
		    false },
	};
	char *want = mem_printf("%s holds a password and others may read it; "
				"chmod 600 %s",
	    file, file);

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct config c;
		struct diag d;

		CHECK_INT(read_bytes(&c, rows[i].text, strlen(rows[i].text),
			      rows[i].mode, &d),
		    rows[i].ok ? DIAG_OK : DIAG_CONFIG, "row %zu: %s", i,
		    d.text);
		if (!rows[i].ok)
			CHECK_STR(d.text, want, "row %zu", i);
		config_free(&c);
	}
	free(want);
}

/* An ACL of systemd's shows as bits of the group. */
static void
believes_systemd(void)
{
	static const struct {
		const char *folder; /* NULL: the file's */
		mode_t mode;
		bool ok;
	} rows[] = {
		{ NULL, 0440, true },
		{ NULL, 0444, false },
		{ "/tmp/t_conf", 0440, false }, /* the name only begins so */
		{ "", 0440, false },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct config c;
		struct diag d;

		(void)setenv("CREDENTIALS_DIRECTORY",
		    rows[i].folder == NULL ? dir : rows[i].folder, 1);
		CHECK_INT(read_bytes(&c, BOX, strlen(BOX), rows[i].mode, &d),
		    rows[i].ok ? DIAG_OK : DIAG_CONFIG, "row %zu: %s", i,
		    d.text);
		config_free(&c);
	}
	(void)unsetenv("CREDENTIALS_DIRECTORY");
}

/* Only root can give a file away, so only root tests it. */
static void
minds_the_owner(void)
{
	struct config c;
	struct diag d;

	CHECK_INT(read_text(&c, BOX, &d), DIAG_OK, "%s", d.text);
	config_free(&c);
	if (geteuid() != 0 || chown(file, 12345, (gid_t)-1) == -1)
		return;
	CHECK_INT(config_read(&c, file, &d), DIAG_CONFIG, "another's");
	CHECK(strstr(d.text, "belongs to another user") != NULL, "%s", d.text);
}

static void
names_the_account(void)
{
	char user[] = "u@example.jp";
	char host[] = "imap.example.jp";
	char port[] = "993";
	const struct mailbox m = { .user = user, .host = host, .port = port };
	char *account = mailbox_account(&m);

	CHECK_STR(account, "u@example.jp@imap.example.jp:993", "account");
	free(account);
	mailbox_free(NULL);
}

static void
folders_are_a_list(void)
{
	static const struct {
		const char *value;
		const char *want[4];
	} lists[] = {
		{ "inbox, Reports/*", { "INBOX", "Reports/*" } },
		{ "a,b ,  c d", { "a", "b", "c d" } },
		{ "\"a, b\", c", { "a, b", "c" } },
		{ "\"say \\\"x\\\" \\\\ y\"", { "say \"x\" \\ y" } },
		{ "a\"b", { "a\"b" } },
		{ "Entw\xc3\xbcrfe, %", { "Entw\xc3\xbcrfe", "%" } },
	};

	for (size_t i = 0; i < ROWS(lists); i++) {
		char *text = mem_printf(BOX "folder = %s\n", lists[i].value);
		struct config c;
		struct diag d;
		int n = 0;

		CHECK_INT(read_text(&c, text, &d), DIAG_OK, "%s: %s",
		    lists[i].value, d.text);
		for (; c.n == 1 && lists[i].want[n] != NULL &&
		     c.mailboxes[0].folders[n] != NULL;
		     n++)
			CHECK_STR(c.mailboxes[0].folders[n], lists[i].want[n],
			    "%s", lists[i].value);
		CHECK_STR(lists[i].want[n], NULL, "%s", lists[i].value);
		CHECK(c.n == 1 && c.mailboxes[0].folders[n] == NULL, "%s",
		    lists[i].value);
		config_free(&c);
		free(text);
	}
	check_refused(BOX "folder = a, \n", "folder: is no name of a folder");
	check_refused(BOX "folder = a,, b\n", "folder: is no name of a folder");
	check_refused(BOX "folder = \"a\n", "folder: is no name of a folder");
	check_refused(BOX "folder = \"a\" b\n",
	    "folder: is no name of a folder");
	check_refused(BOX "folder = a, INBOX, inbox\n",
	    "folder: names a folder twice");
	check_refused(BOX "folder = INBOX, Processed\n",
	    "stored: moves to the folder that");
	check_refused(BOX "folder = x, y\n[mailbox b]\n"
			  "host = imap.example.jp\nuser = rua@example.jp\n"
			  "password = change-me\nfolder = z, y\n",
	    "has host, port, user and folder of [mailbox rua]");
}

static CU_TestInfo tests[] = {
	{ "has_defaults", has_defaults },
	{ "sample_shows_the_defaults", sample_shows_the_defaults },
	{ "takes_every_setting", takes_every_setting },
	{ "keeps_the_order", keeps_the_order },
	{ "accepts", accepts },
	{ "has_another_port_without_tls", has_another_port_without_tls },
	{ "refuses_lines", refuses_lines },
	{ "refuses_values", refuses_values },
	{ "refuses_mailboxes", refuses_mailboxes },
	{ "refuses_long_values", refuses_long_values },
	{ "refuses_files", refuses_files },
	{ "takes_pipes_by_descriptor", takes_pipes_by_descriptor },
	{ "keeps_passwords_private", keeps_passwords_private },
	{ "believes_systemd", believes_systemd },
	{ "minds_the_owner", minds_the_owner },
	{ "names_the_account", names_the_account },
	{ "folders_are_a_list", folders_are_a_list },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_config_suites[] = {
	{ "config", set_up, tear_down, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
