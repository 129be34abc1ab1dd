/*
 * address: one IP address.
 *
 * An IPv4 address in IPv6 form (::ffff:192.0.2.1) counts as IPv4, because DNS
 * and the network databases list it there.
 */
#ifndef COMMON_ADDRESS_H
#define COMMON_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
	int family; /* AF_INET or AF_INET6 */
	unsigned char bytes[16];
	uint16_t port; /* 0: none was given */
};

/* Parse s, which must be an address and nothing else. */
bool address_parse(const char *s, struct address *out);

/* The same, or an address and a port: 192.0.2.1:53, [2001:db8::1]:53. */
bool address_parse_port(const char *s, struct address *out);

size_t address_len(const struct address *a);

/* As text, with its port where it has one. */
#define ADDRESS_LEN 56
const char *address_text(const struct address *a, char buf[ADDRESS_LEN]);

/* The name of its PTR records, below in-addr.arpa or ip6.arpa. */
#define ADDRESS_REVERSE_LEN 80
const char *
address_reverse(const struct address *a, char buf[ADDRESS_REVERSE_LEN]);

#endif
