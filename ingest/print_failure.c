/* print_failure: how the quick look shows a failure report, as text. */
#include "ingest/print_failure.h"

#include "common/num.h"
#include "ingest/print_form.h"

void
print_failure(FILE *fp, const char *name, const struct leaf *leaf)
{
	const struct failure_report *f = leaf->failure;
	char arrival[NUM_DATE_LEN];

	print_say(fp, "", name);
	if (leaf->part[0] != '\0')
		print_say(fp, ": ", leaf->part);
	print_say(fp, "\n  failure report on ", f->texts[FAILURE_DOMAIN]);
	print_say(fp, "  from ", leaf->mail == NULL ? NULL : leaf->mail->from);
	num_timestamp(f->arrival, arrival);
	print_say(fp, "\n  arrival     ", f->arrival == 0 ? NULL : arrival);
	print_say(fp, "\n  source      ", f->texts[FAILURE_SOURCE_IP]);
	print_say(fp, "\n  failed      ", f->texts[FAILURE_TYPE]);
	print_say(fp, "\n  delivery    ", f->texts[FAILURE_RESULT]);
	print_say(fp, "\n  results     ", f->texts[FAILURE_AUTH_RESULTS]);
	if (f->incidents > 1)
		(void)fprintf(fp, "\n  mails       %lld",
		    (long long)f->incidents);
	(void)fputs("\n\n", fp);
}
