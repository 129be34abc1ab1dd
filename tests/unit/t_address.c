/* address: text to address, and back; names for PTR. */
#include <sys/socket.h>

#include "common/address.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_address_suites[];

static void
reads_addresses(void)
{
	static const struct {
		const char *text;
		const char *back; /* NULL: it is none */
		const char *reverse;
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1", "1.2.0.192.in-addr.arpa" },
		{ "255.255.255.255", "255.255.255.255",
		    "255.255.255.255.in-addr.arpa" },
		{ "2001:DB8::a", "2001:db8::a",
		    "a.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."
		    "0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa" },
		{ "::ffff:192.0.2.1", "192.0.2.1", "1.2.0.192.in-addr.arpa" },
		{ "::FFFF:c000:0201", "192.0.2.1", "1.2.0.192.in-addr.arpa" },
		{ "::192.0.2.1", "::192.0.2.1",
		    "1.0.2.0.0.0.0.c.0.0.0.0.0.0.0.0."
		    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa" },
		{ "", NULL, NULL },
		{ "192.0.2", NULL, NULL },
		{ "192.0.2.256", NULL, NULL },
		{ " 192.0.2.1", NULL, NULL },
		{ "192.0.2.1/32", NULL, NULL },
		{ "2001:db8::g", NULL, NULL },
		{ "fe80::1%eth0", NULL, NULL },
		{ "localhost", NULL, NULL },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		char reverse[ADDRESS_REVERSE_LEN];
		char text[ADDRESS_LEN];
		struct address a;
		const bool ok = address_parse(cases[i].text, &a);

		CHECK_INT(ok, cases[i].back != NULL, "%s", cases[i].text);
		if (!ok || cases[i].back == NULL)
			continue;
		CHECK_STR(address_text(&a, text), cases[i].back, "%s",
		    cases[i].text);
		CHECK_STR(address_reverse(&a, reverse), cases[i].reverse, "%s",
		    cases[i].text);
	}
}

static void
reads_ports(void)
{
	static const struct {
		const char *text;
		const char *back; /* NULL: it is none */
	} cases[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "192.0.2.1:53", "192.0.2.1:53" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "[2001:db8::1]:65535", "[2001:db8::1]:65535" },
		{ "192.0.2.1:", NULL },
		{ "192.0.2.1:0", NULL },
		{ "192.0.2.1:65536", NULL },
		{ "192.0.2.1:53x", NULL },
		{ "192.0.2.1:-1", NULL },
		{ ":53", NULL },
		{ "[2001:db8::1]", NULL },
		{ "[2001:db8::1]53", NULL },
		{ "[2001:db8::1:53", NULL },
		{ "[]:53", NULL },
		{ "[", NULL },
		{ "", NULL },
		{ "[00000000000000000000000000000000000000000000000000000001]:1",
		    NULL },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		char text[ADDRESS_LEN];
		struct address a;
		const bool ok = address_parse_port(cases[i].text, &a);

		CHECK_INT(ok, cases[i].back != NULL, "%s", cases[i].text);
		if (ok && cases[i].back != NULL)
			CHECK_STR(address_text(&a, text), cases[i].back, "%s",
			    cases[i].text);
	}
}

static CU_TestInfo tests[] = {
	{ "reads_addresses", reads_addresses },
	{ "reads_ports", reads_ports },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_address_suites[] = {
	{ "address", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
