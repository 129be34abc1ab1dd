/* num: strict numbers and dates from text. */
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

int64_t
num_count(const char *s)
{
	int64_t n;

	return num_int64(s, INT64_MIN, INT64_MAX, &n) ? n : INT64_MAX;
}

bool
num_is_date(const char *s)
{
	struct tm tm = { 0 };
	struct tm norm;
	const char *end = strptime(s, "%Y-%m-%d", &tm);

	/* strptime() accepts blanks in place of digits. */
	if (end == NULL || *end != '\0' || strlen(s) != 10 ||
	    strspn(s, "0123456789-") != 10)
		return false;
	/* strptime() accepts 30 February and timegm() turns it into 1 or 2
	 * March. */
	norm = tm;
	return timegm(&norm) != -1 && norm.tm_mday == tm.tm_mday;
}

/* Write n with this number of digits; returns the place behind them. */
static char *
put_digits(char *to, int n, int digits)
{
	for (int i = digits - 1; i >= 0; i--, n /= 10)
		to[i] = (char)('0' + n % 10);
	return to + digits;
}

/* Write the date; returns the place behind it.  NULL: a year that struct tm
 * cannot hold.  Years of four digits go without strftime(), which takes ten
 * times as long. */
static char *
put_date(int64_t epoch, struct tm *tm, char out[NUM_DATE_LEN])
{
	const time_t t = (time_t)epoch;
	size_t n;

	if (gmtime_r(&t, tm) == NULL)
		return NULL;
	if (tm->tm_year < 1000 - 1900 || tm->tm_year > 9999 - 1900) {
		n = strftime(out, NUM_DATE_LEN, "%Y-%m-%d", tm);
		return n == 0 ? NULL : out + n;
	}
	out = put_digits(out, tm->tm_year + 1900, 4);
	*out++ = '-';
	out = put_digits(out, tm->tm_mon + 1, 2);
	*out++ = '-';
	out = put_digits(out, tm->tm_mday, 2);
	*out = '\0';
	return out;
}

void
num_date(int64_t epoch, char out[NUM_DATE_LEN])
{
	struct tm tm;

	if (put_date(epoch, &tm, out) == NULL)
		(void)snprintf(out, NUM_DATE_LEN, "-");
}

void
num_timestamp(int64_t epoch, char out[NUM_DATE_LEN])
{
	struct tm tm;
	char *time = put_date(epoch, &tm, out);

	if (time == NULL) {
		(void)snprintf(out, NUM_DATE_LEN, "-");
		return;
	}
	*time++ = ' ';
	time = put_digits(time, tm.tm_hour, 2);
	*time++ = ':';
	time = put_digits(time, tm.tm_min, 2);
	*time++ = ':';
	time = put_digits(time, tm.tm_sec, 2);
	memcpy(time, "+00", sizeof("+00"));
}
