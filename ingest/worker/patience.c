/* patience: how long the other workers wait for one item. */
#include "ingest/worker/patience.h"

#include "common/clock.h"
#include "ingest/limits.h"

void
patience_reset(struct patience *p)
{
	p->since = 0;
}

void
patience_begin(struct patience *p)
{
	const int64_t now = clock_ms();

	if (p->since == 0) {
		p->since = now;
		p->look = now + PATIENCE_TICK_MS;
		p->cpu = -1;
	} else {
		p->since += now - p->left;
		p->look += now - p->left;
	}
}

void
patience_end(struct patience *p)
{
	p->left = clock_ms();
}

bool
patience_is_over(struct patience *p, const struct decoder *dec,
    struct diag *why)
{
	const int64_t now = clock_ms();
	int64_t cpu;

	/* It begins anew. */
	if (p->since == 0)
		patience_begin(p);
	if (now < p->look || dec->pid == 0)
		return false;
	p->look = now + PATIENCE_TICK_MS;
	cpu = decoder_cpu_ms(dec);
	if (p->cpu == -1)
		p->cpu = cpu;
	if (cpu - p->cpu > LIMIT_DECODER_SECONDS * INT64_C(1000))
		(void)diag_set(why, DIAG_LIMIT, REASON_DECODER_TIMEOUT,
		    "takes over %d s to decode", LIMIT_DECODER_SECONDS);
	else if (now - p->since > LIMIT_DECODER_WAIT * INT64_C(1000))
		(void)diag_set(why, DIAG_LIMIT, REASON_DECODER_TIMEOUT,
		    "the worker has not come to an end in %d s",
		    LIMIT_DECODER_WAIT);
	else
		return false;
	return true;
}
