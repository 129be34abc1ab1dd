/* address: one IP address. */
#include "common/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "common/num.h"

/* The twelve bytes before an IPv4 address in IPv6 form. */
static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

bool
address_parse(const char *s, struct address *out)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, s, out->bytes) == 1) {
		out->family = AF_INET;
		return true;
	}
	if (inet_pton(AF_INET6, s, out->bytes) != 1)
		return false;
	out->family = AF_INET6;
	if (memcmp(out->bytes, mapped, sizeof(mapped)) == 0) {
		out->family = AF_INET;
		memmove(out->bytes, out->bytes + sizeof(mapped), 4);
	}
	return true;
}

/* s[0..end) is an address; a port follows it. */
static bool
parse_both(const char *s, size_t len, const char *port, struct address *out)
{
	char text[ADDRESS_LEN];
	int64_t n;

	if (len >= sizeof(text) || !num_int64(port, 1, UINT16_MAX, &n))
		return false;
	memcpy(text, s, len);
	text[len] = '\0';
	if (!address_parse(text, out))
		return false;
	out->port = (uint16_t)n;
	return true;
}

bool
address_parse_port(const char *s, struct address *out)
{
	const char *end = strchr(s, ']');
	const char *colon = strchr(s, ':');

	if (s[0] == '[')
		return end != NULL && end[1] == ':' &&
		    parse_both(s + 1, (size_t)(end - s - 1), end + 2, out);
	if (colon != NULL && strchr(colon + 1, ':') == NULL)
		return parse_both(s, (size_t)(colon - s), colon + 1, out);
	return address_parse(s, out);
}

size_t
address_len(const struct address *a)
{
	return a->family == AF_INET ? 4 : 16;
}

const char *
address_text(const struct address *a, char buf[ADDRESS_LEN])
{
	char text[INET6_ADDRSTRLEN] = "";

	(void)inet_ntop(a->family, a->bytes, text, sizeof(text));
	if (a->port == 0)
		(void)snprintf(buf, ADDRESS_LEN, "%s", text);
	else
		(void)snprintf(buf, ADDRESS_LEN,
		    a->family == AF_INET ? "%s:%u" : "[%s]:%u", text, a->port);
	return buf;
}

const char *
address_reverse(const struct address *a, char buf[ADDRESS_REVERSE_LEN])
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *b = a->bytes;
	char *p = buf;

	if (a->family == AF_INET) {
		(void)snprintf(buf, ADDRESS_REVERSE_LEN,
		    "%u.%u.%u.%u.in-addr.arpa", b[3], b[2], b[1], b[0]);
		return buf;
	}
	for (size_t i = 16; i-- > 0;) {
		*p++ = hex[b[i] & 15];
		*p++ = '.';
		*p++ = hex[b[i] >> 4];
		*p++ = '.';
	}
	(void)snprintf(p, ADDRESS_REVERSE_LEN - 64, "ip6.arpa");
	return buf;
}
