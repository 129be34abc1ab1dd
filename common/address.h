/*
 * address: one IP address.
 *
 * An IPv4 address in IPv6 dress (::ffff:192.0.2.1) is IPv4 here: that is where
 * DNS and the databases of networks have it.
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

/* Take s for an address and nothing else. */
bool address_parse(const char *s, struct address *out);

/* The same, or an address and a port: 192.0.2.1:53, [2001:db8::1]:53. */
bool address_parse_port(const char *s, struct address *out);

size_t address_len(const struct address *a);

/* As text, with its port where it has one. */
#define ADDRESS_LEN 56
const char *address_text(const struct address *a, char buf[ADDRESS_LEN]);

/* The name below in-addr.arpa or ip6.arpa that its PTR records have. */
#define ADDRESS_REVERSE_LEN 80
const char *
address_reverse(const struct address *a, char buf[ADDRESS_REVERSE_LEN]);

#endif
