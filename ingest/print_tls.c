/* print_tls: how the quick look shows a TLS report, as text. */
#include "ingest/print_tls.h"

#include "common/num.h"
#include "ingest/print_form.h"

static void
print_failures(FILE *fp, const struct tls_report *t, size_t policy)
{
	for (size_t i = 0; i < t->failures->len; i++) {
		const struct tls_failure *f = tls_report_failure(t, i);

		if (f->policy != policy)
			continue;
		if (f->sessions == -1)
			(void)fprintf(fp, "%10s", "-");
		else
			(void)fprintf(fp, "%10lld", (long long)f->sessions);
		print_say(fp, "  ", f->type);
		print_say(fp, "  at ", f->mx);
		print_say(fp, "  from ", f->sending_ip);
		if (f->reason != NULL)
			print_say(fp, "  ", f->reason);
		(void)fputc('\n', fp);
	}
}

void
print_tls_report(FILE *fp, const char *name, const struct leaf *leaf)
{
	const struct tls_report *t = leaf->tls;

	print_head(fp, name, leaf, "TLS report  ", "period      ");
	(void)fputc('\n', fp);
	for (size_t i = 0; i < t->policies->len; i++) {
		const struct tls_policy *p = tls_report_policy(t, i);

		print_say(fp, "  policy      ", p->type);
		print_say(fp, " of ", p->domain);
		(void)fprintf(fp, ", sessions %lld, failed %lld\n",
		    (long long)p->successes + (long long)p->failures,
		    (long long)p->failures);
		print_failures(fp, t, i);
	}
	(void)fputc('\n', fp);
}
