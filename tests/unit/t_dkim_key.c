/* dkim_key and tags: records of DKIM keys taken apart. */
#include <stdlib.h>
#include <string.h>

#include <nettle/rsa.h>

#include "check/dkim_key.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_dkim_key_suites[];

/* Made for this test: RSA keys of 1024 and 512 bits, both forms of the first. */
#define SPKI_1024                                                      \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDTv/218IdMSBi90YI9jHeb" \
	"BsFCwYYNa5XYKQOUvPwHOYGDP5xoS0nampTiKD5fpwaX7s1AaZGMRLSdtZtg" \
	"QkLkQRx4gMU7YslBatDZiU6JZ4eSGQ3wsf1FtH7o9JLs+hJgygRi8GdUXV77" \
	"lK6ueZ4ySZpJFqh2w6PzSFxEcuIqUwIDAQAB"
#define BARE_1024                                                      \
	"MIGJAoGBANO//bXwh0xIGL3Rgj2Md5sGwULBhg1rldgpA5S8/Ac5gYM/nGhL" \
	"SdqalOIoPl+nBpfuzUBpkYxEtJ21m2BCQuRBHHiAxTtiyUFq0NmJTolnh5IZ" \
	"DfCx/UW0fuj0kuz6EmDKBGLwZ1RdXvuUrq55njJJmkkWqHbDo/NIXERy4ipT" \
	"AgMBAAE="
#define SPKI_512                                                       \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL5fhWPwIgfG9pEcYe0370oNA/WQ" \
	"euYUatxoICSthFJzbgqzLL/grNSnacF6Tfwv77UeOyhtB4yZnQUl2MUvdi8C" \
	"AwEAAQ=="

static void
takes_keys_apart(void)
{
	static const struct {
		const char *text;
		unsigned faults;
		unsigned bits;
		enum dkim_key_kind kind;
	} cases[] = {
		{ "v=DKIM1; k=rsa; p=" SPKI_1024, 0, 1024, DKIM_KEY_RSA },
		{ "p=" SPKI_1024, 0, 1024, DKIM_KEY_RSA },
		{ "v=DKIM1; p=" BARE_1024, 0, 1024, DKIM_KEY_RSA },
		{ "v=DKIM1; p=" SPKI_512 ";", 0, 512, DKIM_KEY_RSA },
		{ "v = DKIM1 ; k\t=ed25519; p = JDc bZ0Hpb a5NK\tXI4UAW3G0"
		  "IDhhFOxhJTDybZEwe1FeA= ;s = email : tlsrpt; n = a note",
		    0, 256, DKIM_KEY_ED25519 },
		{ "v=DKIM1; p=", 1u << DKIM_KEY_REVOKED, 0, DKIM_KEY_RSA },
		{ "v=DKIM1", 1u << DKIM_KEY_MISSING, 0, DKIM_KEY_RSA },
		{ "", 1u << DKIM_KEY_MISSING, 0, DKIM_KEY_RSA },
		{ "v=dkim1; p=" SPKI_1024, 1u << DKIM_KEY_VERSION, 1024,
		    DKIM_KEY_RSA },
		{ "v=DKIM1: g=*; p=" SPKI_1024, 1u << DKIM_KEY_VERSION, 1024,
		    DKIM_KEY_RSA },
		{ "p=" SPKI_1024 "; v=DKIM1", 1u << DKIM_KEY_VERSION, 1024,
		    DKIM_KEY_RSA },
		{ "v=DKIM1; k=ed25519-sha256; p=" SPKI_1024,
		    1u << DKIM_KEY_KIND, 0, DKIM_KEY_OTHER },
		{ "v=DKIM1; k=ed25519; p=" SPKI_1024, 1u << DKIM_KEY_BROKEN, 0,
		    DKIM_KEY_ED25519 },
		{ "v=DKIM1; s=tlsrpt; p=" SPKI_1024, 1u << DKIM_KEY_SERVICE,
		    1024, DKIM_KEY_RSA },
		{ "v=DKIM1; s=tlsrpt:*; p=" SPKI_1024, 0, 1024, DKIM_KEY_RSA },
		{ "v=DKIM1; h=sha1; p=" SPKI_1024, 1u << DKIM_KEY_HASH, 1024,
		    DKIM_KEY_RSA },
		{ "v=DKIM1; h=sha1:SHA256; p=" SPKI_1024, 0, 1024,
		    DKIM_KEY_RSA },
		{ "v=DKIM1; p=" SPKI_1024 "; p=", 1u << DKIM_KEY_TWICE, 1024,
		    DKIM_KEY_RSA },
		{ "v=DKIM1; p=AAA\"BBB", 1u << DKIM_KEY_BASE64, 0,
		    DKIM_KEY_RSA },
		{ "v=DKIM1; p=AAAA", 1u << DKIM_KEY_BROKEN, 0, DKIM_KEY_RSA },
		{ "v=DKIM1; notes; p=" SPKI_1024, 1u << DKIM_KEY_SYNTAX, 1024,
		    DKIM_KEY_RSA },
		{ "v=DKIM1;; p=" SPKI_1024, 1u << DKIM_KEY_SYNTAX, 1024,
		    DKIM_KEY_RSA },
	};

	for (size_t i = 0; i < ROWS(cases); i++) {
		struct dkim_key k;

		CHECK(dkim_key_parse(&k, cases[i].text,
			  strlen(cases[i].text)) == (cases[i].faults == 0),
		    "%s", cases[i].text);
		CHECK_INT(k.faults, cases[i].faults, "%s", cases[i].text);
		CHECK_INT(k.bits, cases[i].bits, "%s", cases[i].text);
		CHECK_INT(k.kind, cases[i].kind, "%s", cases[i].text);
		dkim_key_free(&k);
	}
}

/* Every part of a key may be missing: no byte behind its end is read. */
static void
takes_pieces(void)
{
	static const char text[] = "v=DKIM1; k=rsa; t=y:s; p=" SPKI_512;

	for (size_t len = 0; len <= strlen(text); len++) {
		char *exact = unit_exact(text, len);
		struct rsa_public_key rsa;
		struct dkim_key k;
		const bool fine = dkim_key_parse(&k, exact, len);

		CHECK(fine == (len == strlen(text)), "%zu bytes", len);
		rsa_public_key_init(&rsa);
		CHECK(dkim_key_rsa(&k, &rsa) == fine, "%zu bytes", len);
		rsa_public_key_clear(&rsa);
		CHECK(!fine || (k.testing && k.no_subdomains), "its flags");
		dkim_key_free(&k);
		free(exact);
	}
}

static void
knows_meaning(void)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "p=", true },
		{ "k=rsa; p=x", true },
		{ "v=DKIM1", true },
		{ "v=DKIM2; x=y", true },
		{ "v=spf1 -all", false },
		{ "", false },
		{ "google-site-verification=abc", false },
	};

	for (size_t i = 0; i < ROWS(cases); i++)
		CHECK(dkim_key_is_meant(cases[i].text, strlen(cases[i].text)) ==
			cases[i].is,
		    "%s", cases[i].text);
}

static CU_TestInfo tests[] = {
	{ "takes_keys_apart", takes_keys_apart },
	{ "takes_pieces", takes_pieces },
	{ "knows_meaning", knows_meaning },
	CU_TEST_INFO_NULL,
};

CU_SuiteInfo t_dkim_key_suites[] = {
	{ "dkim_key", NULL, NULL, NULL, NULL, tests },
	CU_SUITE_INFO_NULL,
};
