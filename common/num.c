/* num: strict numbers and dates from text. */
#include "common/num.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
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
num_int64_whole(const char *s, int64_t lo, int64_t hi, int64_t *out)
{
	const char *dot = strchr(s, '.');
	int64_t n;

	if (!num_int64_part(s, lo, hi, &n) ||
	    (dot != NULL && dot[1 + strspn(dot + 1, "0")] != '\0'))
		return false;
	*out = n;
	return true;
}

/* So many digits, a number from lo to hi; behind them the sign, unless that is
 * NUL.  *s moves behind it. */
static bool
take_digits(const char **s, int digits, int lo, int hi, char sign, int *out)
{
	int n = 0;

	for (int i = 0; i < digits; i++) {
		if (**s < '0' || **s > '9')
			return false;
		n = n * 10 + (*(*s)++ - '0');
	}
	if (n < lo || n > hi || (sign != '\0' && *(*s)++ != sign))
		return false;
	*out = n;
	return true;
}

/* Z, UTC, GMT, +09:00, +0900, +09 and nothing behind it: its seconds. */
static bool
take_zone(const char *s, int *out)
{
	const bool west = *s == '-';
	int hours;
	int minutes = 0;

	*out = 0;
	if (strcasecmp(s, "Z") == 0 || strcasecmp(s, "UTC") == 0 ||
	    strcasecmp(s, "GMT") == 0)
		return true;
	if (*s != '+' && *s != '-')
		return false;
	s++;
	if (!take_digits(&s, 2, 0, 15, '\0', &hours))
		return false;
	s += *s == ':' ? 1 : 0;
	if (*s != '\0' && !take_digits(&s, 2, 0, 59, '\0', &minutes))
		return false;
	*out = (hours * 60 + minutes) * (west ? -60 : 60);
	return *s == '\0' && s[-1] != ':';
}

bool
num_iso(const char *s, int64_t *out)
{
	struct tm tm = { 0 };
	struct tm norm;
	int month;
	int zone;
	time_t t;

	if (!take_digits(&s, 4, 1, 9999, '-', &tm.tm_year) ||
	    !take_digits(&s, 2, 1, 12, '-', &month) ||
	    !take_digits(&s, 2, 1, 31, '\0', &tm.tm_mday) ||
	    strchr("Tt ", *s) == NULL || *s++ == '\0' ||
	    !take_digits(&s, 2, 0, 23, ':', &tm.tm_hour) ||
	    !take_digits(&s, 2, 0, 59, ':', &tm.tm_min) ||
	    !take_digits(&s, 2, 0, 59, '\0', &tm.tm_sec))
		return false;
	if (*s == '.') {
		s++;
		if (*s < '0' || *s > '9')
			return false;
		s += strspn(s, "0123456789");
	}
	if (!take_zone(s + strspn(s, " "), &zone))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon = month - 1;
	/* timegm moves 30 February to March. */
	norm = tm;
	t = timegm(&norm);
	if (norm.tm_mday != tm.tm_mday)
		return false;
	*out = (int64_t)t - zone;
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
