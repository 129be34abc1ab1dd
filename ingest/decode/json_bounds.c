/* json_bounds: how deep and how large a JSON text is, before it is parsed. */
#include "ingest/decode/json_bounds.h"

/* The end of a string, whose first quote is s[i - 1]. */
static size_t
skip_string(const char *s, size_t len, size_t i)
{
	while (i < len && s[i] != '"')
		i += s[i] == '\\' ? 2 : 1;
	return i + 1;
}

enum diag_code
json_bounds(const char *s, size_t len, size_t depth, size_t values,
    struct diag *d)
{
	size_t open = 0;
	size_t n = 0;
	size_t i = 0;

	while (i < len) {
		switch (s[i++]) {
		case '"':
			i = skip_string(s, len, i);
			break;
		case '{':
		case '[':
			n++;
			if (++open > depth)
				return diag_set(d, DIAG_LIMIT,
				    REASON_JSON_TOO_DEEP,
				    "JSON is nested over %zu levels", depth);
			break;
		case '}':
		case ']':
			open -= open > 0 ? 1 : 0;
			break;
		case ',':
			n++;
			break;
		default:
			break;
		}
		if (n > values)
			return diag_set(d, DIAG_LIMIT, REASON_JSON_TOO_LARGE,
			    "JSON has over %zu values", values);
	}
	return DIAG_OK;
}
