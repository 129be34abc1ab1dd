/*
 * unit: runs the unit tests.
 *
 * usage: unit [-l] [SUITE [TEST]]      (from the top of the tree)
 *
 * It fails when an assertion fails, when a suite cannot be set up, and when no
 * test ran.
 */
#include <stdio.h>
#include <string.h>

#include <CUnit/CUnit.h>
#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>

#include "ingest/decode/decode.h"
#include "tests/unit/unit.h"

extern CU_SuiteInfo t_address_suites[];
extern CU_SuiteInfo t_aggregate_suites[];
extern CU_SuiteInfo t_args_suites[];
extern CU_SuiteInfo t_auth_results_suites[];
extern CU_SuiteInfo t_base64_suites[];
extern CU_SuiteInfo t_buf_suites[];
extern CU_SuiteInfo t_check_suites[];
extern CU_SuiteInfo t_batch_suites[];
extern CU_SuiteInfo t_chunk_suites[];
extern CU_SuiteInfo t_cms_suites[];
extern CU_SuiteInfo t_config_suites[];
extern CU_SuiteInfo t_decode_suites[];
extern CU_SuiteInfo t_diag_suites[];
extern CU_SuiteInfo t_dkim_key_suites[];
extern CU_SuiteInfo t_domain_suites[];
extern CU_SuiteInfo t_domain_check_suites[];
extern CU_SuiteInfo t_elements_suites[];
extern CU_SuiteInfo t_failure_suites[];
extern CU_SuiteInfo t_frame_suites[];
extern CU_SuiteInfo t_host_suites[];
extern CU_SuiteInfo t_imap_guard_suites[];
extern CU_SuiteInfo t_imap_lines_suites[];
extern CU_SuiteInfo t_jsonb_suites[];
extern CU_SuiteInfo t_limits_suites[];
extern CU_SuiteInfo t_mbox_suites[];
extern CU_SuiteInfo t_mime_suites[];
extern CU_SuiteInfo t_num_suites[];
extern CU_SuiteInfo t_out_suites[];
extern CU_SuiteInfo t_pgbinary_suites[];
extern CU_SuiteInfo t_pgtext_suites[];
extern CU_SuiteInfo t_printable_suites[];
extern CU_SuiteInfo t_profile_memo_suites[];
extern CU_SuiteInfo t_reply_suites[];
extern CU_SuiteInfo t_secret_suites[];
extern CU_SuiteInfo t_sniff_suites[];
extern CU_SuiteInfo t_strict_path_suites[];
extern CU_SuiteInfo t_table_suites[];
extern CU_SuiteInfo t_tls_suites[];
extern CU_SuiteInfo t_unpack_suites[];
extern CU_SuiteInfo t_utf7_suites[];
extern CU_SuiteInfo t_source_suites[];
extern CU_SuiteInfo t_spf_suites[];
extern CU_SuiteInfo t_wire_suites[];
extern CU_SuiteInfo t_xml_suites[];

static CU_SuiteInfo *const all[] = {
	t_buf_suites,
	t_num_suites,
	t_diag_suites,
	t_printable_suites,
	t_sniff_suites,
	t_mbox_suites,
	t_domain_suites,
	t_pgbinary_suites,
	t_pgtext_suites,
	t_unpack_suites,
	t_tls_suites,
	t_auth_results_suites,
	t_base64_suites,
	t_mime_suites,
	t_xml_suites,
	t_elements_suites,
	t_profile_memo_suites,
	t_batch_suites,
	t_chunk_suites,
	t_check_suites,
	t_aggregate_suites,
	t_decode_suites,
	t_failure_suites,
	t_frame_suites,
	t_imap_guard_suites,
	t_imap_lines_suites,
	t_limits_suites,
	t_utf7_suites,
	t_source_suites,
	t_strict_path_suites,
	t_cms_suites,
	t_config_suites,
	t_secret_suites,
	t_table_suites,
	t_args_suites,
	t_address_suites,
	t_host_suites,
	t_reply_suites,
	t_spf_suites,
	t_dkim_key_suites,
	t_domain_check_suites,
	t_wire_suites,
	t_jsonb_suites,
	t_out_suites,
};

static unsigned passed;
static unsigned failed;

static void
on_test(const CU_pTest test, const CU_pSuite suite,
    const CU_pFailureRecord failures)
{
	if (failures == NULL) {
		passed++;
		return;
	}
	failed++;
	(void)printf("FAIL %s %s\n", suite->pName, test->pName);
	for (CU_pFailureRecord f = failures; f != NULL; f = f->pNext)
		(void)printf("  %s:%u: %s\n",
		    f->strFileName == NULL ? "?" : f->strFileName,
		    f->uiLineNumber,
		    f->strCondition == NULL ? "?" : f->strCondition);
	(void)fflush(stdout);
}

static void
on_setup_failure(const CU_pSuite suite)
{
	failed++;
	(void)printf("FAIL %s: cannot be set up\n", suite->pName);
}

static void
list(void)
{
	for (CU_pSuite s = CU_get_registry()->pSuite; s != NULL; s = s->pNext)
		for (CU_pTest t = s->pTest; t != NULL; t = t->pNext)
			(void)printf("%s %s\n", s->pName, t->pName);
}

/* Run all, a suite, or a test. */
static int
run(const char *suite_name, const char *test_name)
{
	CU_pSuite suite = NULL;
	CU_pTest test = NULL;

	if (suite_name == NULL)
		return CU_run_all_tests() == CUE_SUCCESS;
	suite = CU_get_suite(suite_name);
	if (suite == NULL) {
		(void)fprintf(stderr, "no suite %s, see unit -l\n", suite_name);
		return 0;
	}
	if (test_name == NULL)
		return CU_run_suite(suite) == CUE_SUCCESS;
	test = CU_get_test(suite, test_name);
	if (test == NULL) {
		(void)fprintf(stderr, "no test %s %s, see unit -l\n",
		    suite_name, test_name);
		return 0;
	}
	return CU_run_test(suite, test) == CUE_SUCCESS;
}

int
main(int argc, char **argv)
{
	int ok = 1;

	if (CU_initialize_registry() != CUE_SUCCESS)
		return 1;
	for (size_t i = 0; i < ROWS(all); i++)
		if (CU_register_suites(all[i]) != CUE_SUCCESS) {
			(void)fprintf(stderr, "%s\n", CU_get_error_msg());
			return 1;
		}
	if (argc > 1 && strcmp(argv[1], "-l") == 0) {
		list();
	} else {
		decode_init();
		CU_set_test_complete_handler(on_test);
		CU_set_suite_init_failure_handler(on_setup_failure);
		ok = run(argc > 1 ? argv[1] : NULL, argc > 2 ? argv[2] : NULL);
		(void)printf("%u passed, %u failed (%u of %u assertions)\n",
		    passed, failed, CU_get_number_of_failures(),
		    CU_get_number_of_asserts());
		ok = ok && failed == 0 && passed > 0 &&
		    CU_get_number_of_failures() == 0;
	}
	CU_cleanup_registry();
	return !ok;
}
