/*
 * dns_type: the types of DNS records, by their numbers (RFC 1035 and others).
 */
#ifndef CHECK_DNS_TYPE_H
#define CHECK_DNS_TYPE_H

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_SPF = 99 /* obsolete, form of TXT */
};

#endif
