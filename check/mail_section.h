/*
 * mail_section: the kinds of rows that dmarc-check mail has.
 */
#ifndef CHECK_MAIL_SECTION_H
#define CHECK_MAIL_SECTION_H

enum mail_section {
	MAIL_HEAD,
	MAIL_HOP,
	MAIL_SAID,
	MAIL_SIGNATURE,
	MAIL_SPF,
	MAIL_DMARC,
	MAIL_FINDING,
	MAIL_BAD /* --quiet: the only row of one that is bad */
};

#endif
