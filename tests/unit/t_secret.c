/* secret: a password, and what commands print; a minute is a second here. */
#define secret_get  quick_get
#define secret_free quick_free
#include "ingest/imap/secret.h"
#undef SECRET_SECONDS
#define SECRET_SECONDS 1
#include "ingest/imap/secret.c"

#include "tests/unit/unit.h"

static struct mailbox
box(const char *command, bool token)
{
	static char name[] = "rua";
	static char host[] = "imap.example.jp";
	static char user[] = "u@example.jp";
	struct mailbox m = { .name = name, .host = host, .user = user };

	if (token)
		m.token_command = mem_strdup(command);
	else
		m.password_command = mem_strdup(command);
	return m;
}

/* What the command gives. */
static enum diag_code
ask(char **secret, const char *command, bool token, bool again, struct diag *d)
{
	struct mailbox m = box(command, token);
	enum diag_code code;

	*d = (struct diag){ 0 };
	code = secret_get(secret, &m, again, d);
	free(m.password_command);
	free(m.token_command);
	return code;
}

static void
gives_the_password(void)
{
	char password[] = "pass \xc3\xbc";
	struct mailbox m = { .password = password };
	char *secret = NULL;
	struct diag d = { 0 };

	CHECK_INT(secret_get(&secret, &m, false, &d), DIAG_OK, "%s", d.text);
	CHECK_STR(secret, password, "a copy");
	CHECK(secret != password, "a copy");
	secret_free(secret);
	secret_free(NULL);
}

static void
takes_the_first_line(void)
{
	static const struct {
		const char *command;
		const char *want;
	} rows[] = {
		{ "echo secret", "secret" },
		{ "printf secret", "secret" },
		{ "printf 'secret\\r\\n'", "secret" },
		{ "printf 'secret\\r'", "secret" },
		{ "printf 'secret\\nuser: u\\nurl: x\\n'", "secret" },
		{ "printf ' in \\t blanks '", " in \t blanks " },
		{ "printf 'p\\303\\274'", "p\xc3\xbc" },
		{ "printf se; sleep 0.1; echo cret", "secret" },
		{ "echo secret; exec >&-; sleep 0.2", "secret" },
		/* more than the pipe holds, none of it wanted */
		{ "echo secret; head -c 300000 /dev/zero", "secret" },
		{ "echo \"$DMARC_USER $DMARC_HOST\"",
		    "u@example.jp imap.example.jp" },
		/* standard input is empty, not ours */
		{ "cat; echo $?", "0" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *secret = NULL;
		struct diag d;

		CHECK_INT(ask(&secret, rows[i].command, i % 2 == 0, false, &d),
		    DIAG_OK, "%s: %s", rows[i].command, d.text);
		CHECK_STR(secret, rows[i].want, "%s", rows[i].command);
		secret_free(secret);
	}
}

static void
refuses(void)
{
	static const struct {
		const char *command;
		enum diag_code code;
		const char *text;
	} rows[] = {
		{ "true", DIAG_CONFIG, "status 0, but it printed nothing" },
		{ "echo", DIAG_CONFIG, "printed an empty line" },
		{ "printf '\\r\\n'", DIAG_CONFIG, "printed an empty line" },
		{ "printf '\\nsecret'", DIAG_CONFIG, "an empty line" },
		{ "printf 'a\\0b'", DIAG_CONFIG, "printed a NUL byte" },
		{ "echo secret; exit 3", DIAG_CONFIG, "exit status 3" },
		{ "exec 2>&-; /nonexistent/x", DIAG_CONFIG, "exit status 127" },
		{ "kill -TERM $$", DIAG_CONFIG, "ended by signal 15" },
		{ "sleep 9", DIAG_RETRY, "took more than 1 seconds" },
		{ "echo secret; sleep 9", DIAG_RETRY, "took more than 1" },
		{ "exec >&-; sleep 9", DIAG_RETRY, "took more than 1" },
		/* one that stays behind and holds the pipe */
		{ "sleep 9 & echo secret", DIAG_RETRY, "took more than 1" },
		/* one that does not listen */
		{ "trap '' TERM; sleep 9", DIAG_RETRY, "took more than 1" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *secret = NULL;
		struct diag d;
		const int64_t begun = clock_ms();

		CHECK_INT(ask(&secret, rows[i].command, false, false, &d),
		    rows[i].code, "%s", rows[i].command);
		CHECK_STR(secret, NULL, "%s", rows[i].command);
		CHECK(strstr(d.text, rows[i].text) != NULL, "%s: %s",
		    rows[i].command, d.text);
		CHECK(strncmp(d.text, "rua: password_command: ", 23) == 0,
		    "%s: %s", rows[i].command, d.text);
		CHECK(clock_ms() - begun < 5000, "%s", rows[i].command);
	}
}

static void
names_the_setting(void)
{
	char *secret = NULL;
	struct diag d;

	CHECK_INT(ask(&secret, "exit 1", true, false, &d), DIAG_CONFIG, "1");
	CHECK_STR(d.text, "rua: token_command: exit status 1", "token");
}

static void
has_a_bound(void)
{
	static const struct {
		int n;
		const char *end;
		enum diag_code code;
	} rows[] = {
		{ SECRET_MAX, "", DIAG_OK },
		{ SECRET_MAX, "\\n", DIAG_OK },
		{ SECRET_MAX, "\\r\\n", DIAG_OK },
		{ SECRET_MAX, "\\r\\nmore", DIAG_OK },
		{ SECRET_MAX + 1, "", DIAG_CONFIG },
		{ SECRET_MAX + 1, "\\n", DIAG_CONFIG },
		{ SECRET_MAX + 1, "\\r\\n", DIAG_CONFIG },
		{ SECRET_MAX * 9, "\\n", DIAG_CONFIG },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		char *command = mem_printf("printf '%%%dd%s' 1", rows[i].n,
		    rows[i].end);
		char *secret = NULL;
		struct diag d;

		CHECK_INT(ask(&secret, command, false, false, &d), rows[i].code,
		    "%s: %s", command, d.text);
		CHECK_INT(secret == NULL ? 0 : strlen(secret),
		    rows[i].code == DIAG_OK ? SECRET_MAX : 0, "%s", command);
		if (rows[i].code != DIAG_OK)
			CHECK(strstr(d.text, "more than 16384 bytes") != NULL,
			    "%s: %s", command, d.text);
		secret_free(secret);
		free(command);
	}
}

static void
says_that_a_token_was_refused(void)
{
	static const char command[] =
	    "echo \"again ${DMARC_TOKEN_REFUSED-no}\"";
	char *secret = NULL;
	struct diag d;

	CHECK_INT(ask(&secret, command, true, false, &d), DIAG_OK, "first");
	CHECK_STR(secret, "again no", "first");
	secret_free(secret);
	CHECK_INT(ask(&secret, command, true, true, &d), DIAG_OK, "again");
	CHECK_STR(secret, "again 1", "again");
	secret_free(secret);
	/* from outside it means nothing */
	(void)setenv("DMARC_TOKEN_REFUSED", "1", 1);
	CHECK_INT(ask(&secret, command, true, false, &d), DIAG_OK, "outside");
	CHECK_STR(secret, "again no", "outside");
	secret_free(secret);
	(void)unsetenv("DMARC_TOKEN_REFUSED");
}

static void
gives_no_database_password(void)
{
	char *secret = NULL;
	struct diag d;

	(void)setenv("PGPASSWORD", "database", 1);
	CHECK_INT(ask(&secret, "echo \"${PGPASSWORD-none}\"", false, false, &d),
	    DIAG_OK, "%s", d.text);
	CHECK_STR(secret, "none", "unset");
	secret_free(secret);
	(void)unsetenv("PGPASSWORD");
}

/* A descriptor that nobody marked is not inherited either. */
static void
gives_no_descriptor(void)
{
	const int fd = dup(STDERR_FILENO);
	char *command = mem_printf("exec 2>&-; if echo x >&%d; then echo open; "
				   "else echo closed; fi",
	    fd);
	char *secret = NULL;
	struct diag d;

	CHECK(fd > 2, "%d", fd);
	CHECK_INT(ask(&secret, command, false, false, &d), DIAG_OK, "%s",
	    d.text);
	CHECK_STR(secret, "closed", "%s", command);
	secret_free(secret);
	free(command);
	(void)close(fd);
}

/* What we ignore or block the command does not. */
static void
gives_signals_back(void)
{
	static const int signals[] = { SIGPIPE, SIGTERM, SIGINT };
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction old[ROWS(signals)];
	sigset_t block;
	sigset_t mask;

	(void)sigemptyset(&block);
	for (size_t i = 0; i < ROWS(signals); i++) {
		(void)sigaction(signals[i], &ignore, &old[i]);
		(void)sigaddset(&block, signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &block, &mask);
	for (size_t i = 0; i < ROWS(signals); i++) {
		char *command = mem_printf("kill -%d $$; echo alive",
		    signals[i]);
		char *want = mem_printf("ended by signal %d", signals[i]);
		char *secret = NULL;
		struct diag d;

		CHECK_INT(ask(&secret, command, false, false, &d), DIAG_CONFIG,
		    "%s", command);
		CHECK(strstr(d.text, want) != NULL, "%s: %s", command, d.text);
		secret_free(secret);
		free(command);
		free(want);
	}
	(void)sigprocmask(SIG_SETMASK, &mask, NULL);
	for (size_t i = 0; i < ROWS(signals); i++)
		(void)sigaction(signals[i], &old[i], NULL);
}

/* What the command has started ends with it. */
static void
kills_the_whole_group(void)
{
	char dir[] = "/tmp/t_secret.XXXXXX";
	char *command;
	char *file;
	char *secret = NULL;
	struct diag d;

	if (!CHECK(mkdtemp(dir) != NULL, "mkdtemp"))
		return;
	file = mem_printf("%s/late", dir);
	command = mem_printf("(sleep 1.5; : >%s) & sleep 9", file);
	CHECK_INT(ask(&secret, command, false, false, &d), DIAG_RETRY, "%s",
	    d.text);
	(void)poll(NULL, 0, 900);
	CHECK_INT(access(file, F_OK), -1, "it lived on");
	(void)unlink(file);
	(void)rmdir(dir);
	free(command);
	free(file);
}

static CU_TestInfo tests[] = {
	{ "gives_the_password", gives_the_password },
	{ "takes_the_first_line", takes_the_first_line },
	{ "refuses", refuses },
	{ "names_the_setting", names_the_setting },
	{ "has_a_bound", has_a_bound },
	{ "says_that_a_token_was_refused", says_that_a_token_was_refused },
	{ "gives_no_database_password", gives_no_database_password },
	{ "gives_no_descriptor", gives_no_descriptor },
	{ "gives_signals_back", gives_signals_back },
	{ "kills_the_whole_group", kills_the_whole_group },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_secret_suites[] = {
	{ "secret", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
