#include "common/num.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Parse an integer at s; *end is what follows.  False: none, or too large. */
static bool
leading_int64(const char *s, int64_t *out, char **end)
{
	long long n;

	if (*s != '-' && *s != '+' && (*s < '0' || *s > '9'))
		return false;
	errno = 0;
	n = strtoll(s, end, 10);
	if (*end == s || errno != 0)
		return false;
	*out = n;
	return true;
}

bool
num_int64(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	char *end;
	int64_t n;

	if (!leading_int64(s, &n, &end) || *end != '\0' || n < lo || n > hi)
		return false;
	*out = n;
	return true;
}

bool
num_int64_part(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	char *end;
	int64_t n;

	if (!leading_int64(s, &n, &end) || n < lo || n > hi)
		return false;
	if (*end == '.')
		end += 1 + strspn(end + 1, "0123456789");
	if (*end != '\0')
		return false;
	*out = n;
	return true;
}

bool
num_is_date(const char *s)
{
	struct tm tm = { 0 };
	struct tm norm;
	const char *end = strptime(s, "%Y-%m-%d", &tm);

	/* strptime takes blanks for digits. */
	if (end == NULL || *end != '\0' || strlen(s) != 10 ||
	    strspn(s, "0123456789-") != 10)
		return false;
	/* strptime accepts 30 February; timegm moves it. */
	norm = tm;
	return timegm(&norm) != -1 && norm.tm_mday == tm.tm_mday;
}

void
num_date(int64_t epoch, char out[NUM_DATE_LEN])
{
	time_t t = (time_t)epoch;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(out, NUM_DATE_LEN, "%Y-%m-%d", &tm) == 0)
		(void)snprintf(out, NUM_DATE_LEN, "-");
}

void
num_timestamp(int64_t epoch, char out[NUM_DATE_LEN])
{
	time_t t = (time_t)epoch;
	struct tm tm;
	size_t n;

	num_date(epoch, out);
	n = strlen(out);
	if (gmtime_r(&t, &tm) != NULL)
		(void)strftime(out + n, NUM_DATE_LEN - n, " %H:%M:%S+00", &tm);
}
