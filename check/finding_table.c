/* finding_table: everything that can be said of a domain's records. */
#include "check/finding.h"

#define ERROR   SEVERITY_ERROR
#define WARNING SEVERITY_WARNING
#define NOTE    SEVERITY_INFO
#define SPF     "RFC 7208, section "
#define DMARC   "RFC 9989, section "
#define REPORTS "RFC 9990, section "
#define DKIM    "RFC 6376, section "
#define TLSRPT  "RFC 8460, section "
#define STS     "RFC 8461, section "
#define BIMI    "draft-brand-indicators-for-message-identification"

const struct finding_kind finding_kinds[FINDING_COUNT] = {
	/* ---- SPF ---- */
	[S01_NONE] = { "S01", ERROR, SPF "4.5",
	    "{domain} has no SPF record: the result is none for every sender" },
	[S01_NO_NAME] = { "S01", ERROR, SPF "4.3",
	    "the name {domain} does not exist in DNS" },
	[S01_NEARLY] = { "S01", ERROR, SPF "4.5",
	    "this is no SPF record, and is ignored: it must begin with "
	    "\"v=spf1\" and a space" },
	[S02_SEVERAL] = { "S02", ERROR, SPF "3.2",
	    "{domain} has {count} SPF records, and only one may be there: the "
	    "result is permerror for every sender" },
	[S03_MECHANISM] = { "S03", ERROR, SPF "4.6",
	    "no mechanism is called \"{name}\": the result is permerror for "
	    "every sender" },
	[S03_ADDRESS] = { "S03", ERROR, SPF "5.6",
	    "\"{mechanism}:\" is missing before an address: the result is "
	    "permerror for every sender" },
	[S04_SPACE] = { "S04", ERROR, SPF "4.6.1",
	    "a space stands within a term: the result is permerror for every "
	    "sender" },
	[S05_ADDRESS] = { "S05", ERROR, SPF "5.6",
	    "\"{address}\" is no address that {mechanism} takes: the result is "
	    "permerror for every sender" },
	[S05_PREFIX] = { "S05", ERROR, SPF "5.6",
	    "\"{prefix}\" is no prefix length here: the result is permerror for "
	    "every sender" },
	[S06_LOOKUPS] = { "S06", ERROR, SPF "4.6.4",
	    "{count} terms ask DNS, counted through all includes, and 10 may: "
	    "what comes later is permerror" },
	[S07_MX] = { "S07", ERROR, SPF "4.6.4",
	    "mx of {domain} leads to {count} mail servers, and 10 may be asked "
	    "for: the result is permerror" },
	[S08_VOID] = { "S08", ERROR, SPF "4.6.4",
	    "{count} questions to DNS have no answer, and 2 may: the result can "
	    "be permerror" },
	[S08_VOID_FAMILY] = { "S08", WARNING, SPF "4.6.4",
	    "for senders with {family} addresses {count} questions to DNS have "
	    "no answer, and 2 may: the result can be permerror" },
	[S09_INCLUDE] = { "S09", ERROR, SPF "5.2",
	    "{name} is included and has no SPF record ({why}): the result is "
	    "permerror" },
	[S10_REDIRECT] = { "S10", ERROR, SPF "6.1",
	    "redirect leads to {name}, which has no SPF record ({why}): the "
	    "result is permerror" },
	[S11_TWICE] = { "S11", ERROR, SPF "6",
	    "{name}= stands there twice: the result is permerror for every "
	    "sender" },
	[S12_REDIRECT_ALL] = { "S12", WARNING, SPF "6.1",
	    "redirect= is ignored, as there is an \"all\"" },
	[S13_BEHIND_ALL] = { "S13", WARNING, SPF "5.1",
	    "what stands behind \"all\" is ignored" },
	[S14_MODIFIER] = { "S14", WARNING, SPF "6",
	    "\"{name}=\" means nothing in SPF and is ignored" },
	[S15_ALL] = { "S15", ERROR, SPF "5.1; RFC 9989, section 11.1",
	    "everybody passes: whoever forges mail of {domain} passes DMARC, "
	    "too" },
	[S15_WIDE] = { "S15", ERROR, SPF "5.1; RFC 9989, section 11.1",
	    "a network of this size lets very many strangers pass" },
	[S15_INCLUDED] = { "S15", ERROR, SPF "5.2; RFC 9989, section 11.1",
	    "the record of {name}, which is included, lets everybody pass" },
	[S16_NO_END] = { "S16", WARNING, SPF "4.7",
	    "neither \"all\" nor redirect= ends the record: senders that it does "
	    "not name are neutral" },
	[S17_NEUTRAL] = { "S17", WARNING, SPF "4.6.2",
	    "?all says nothing about senders that are not named; ~all says that "
	    "they are not yours" },
	[S17_FAIL] = { "S17", NOTE, SPF "4.6.2; RFC 9989, section 7.1",
	    "-all may get forwarded mail refused before DKIM is looked at; for "
	    "DMARC ~all is as good" },
	[S18_PTR] = { "S18", WARNING, SPF "5.5",
	    "ptr should not be published: it is slow, and some receivers skip "
	    "it" },
	[S19_LONG] = { "S19", WARNING, SPF "3.4",
	    "the record has {count} bytes; answers of more than 450 may not fit "
	    "into one packet" },
	[S19_SPLIT] = { "S19", WARNING, SPF "3.3",
	    "the strings of the record are joined without a space, and here two "
	    "terms run into each other" },
	[S19_STRING] = { "S19", ERROR, SPF "3.3",
	    "a string of a TXT record has at most 255 bytes, this one {count}" },
	[S20_BYTES] = { "S20", ERROR, SPF "3.1",
	    "this is not ASCII: the result is permerror for every sender" },
	[S21_TYPE] = { "S21", ERROR, SPF "3.1",
	    "the record has the type SPF (99), which nobody asks for; publish "
	    "it as TXT" },
	[S21_TYPE_TOO] = { "S21", WARNING, SPF "3.1",
	    "there is a record of the type SPF (99), too, which nobody asks "
	    "for; remove it" },
	[S22_LOOP] = { "S22", WARNING, SPF "4.6.4",
	    "{name} is included by itself, which uses up the questions that are "
	    "allowed" },
	[S23_HELO] = { "S23", NOTE, SPF "2.4",
	    "{name} has no SPF record: if a server calls itself so in HELO, SPF "
	    "is none for its mail with the null sender" },
	[S24_WILDCARD] = { "S24", WARNING, SPF "3.5",
	    "a wildcard answers for every name below {domain} with TXT records, "
	    "also where others are looked for" },
	[S25_NO_MAIL] = { "S25", NOTE, SPF "10.1.2",
	    "{domain} takes no mail (null MX); if it sends none, v=spf1 -all "
	    "says so" },
	[S27_NO_ADDRESS] = { "S27", WARNING, SPF "4.6.4",
	    "{name} has no address ({why}): the term matches nothing, and is a "
	    "question without an answer" },
	[S28_BLANK] = { "S28", ERROR, SPF "4.5",
	    "a blank stands before v=spf1: the record is ignored" },
	[S29_SENDER_ID] = { "S29", WARNING, SPF "1.1.1",
	    "this is a record of Sender ID, which nobody uses any more; remove "
	    "it" },
	[S30_REPORTS] = { "S30", WARNING, "RFC 6652, section 3",
	    "{name}= has no effect without ra=" },
	[S31_EXP] = { "S31", WARNING, SPF "6.2",
	    "exp leads to {name}, which has {count} TXT records and not one: "
	    "there is no explanation" },
	[S32_GLUED] = { "S32", ERROR, SPF "4.6.1",
	    "a space is missing before \"{all}\"" },
	[S33_MX_INCLUDED] = { "S33", ERROR, SPF "4.6.4",
	    "the record of {owner} has mx of {domain}, which leads to {count} "
	    "mail servers, and 10 may be asked for: the result is permerror" },
	[S34_DOMAIN] = { "S34", ERROR, SPF "7.1",
	    "\"{name}\" is no name of a domain: the result is permerror for "
	    "every sender" },
	[S34_MACRO] = { "S34", ERROR, SPF "7.1",
	    "\"{name}\" has a % that begins no macro: the result is permerror "
	    "for every sender" },
	[S35_ARGUMENT] = { "S35", ERROR, SPF "4.6.1",
	    "\"{term}\" lacks its argument: the result is permerror for every "
	    "sender" },
	[S36_NO_ARGUMENT] = { "S36", ERROR, SPF "5.1",
	    "\"{term}\": all takes no argument; the result is permerror for "
	    "every sender" },
	[S37_UNUSED] = { "S37", NOTE, SPF "4.6.4",
	    "no address that the reports of 90 days show needs {term}; it costs "
	    "{count} of 10 questions" },
	[S38_SEPARATOR] = { "S38", ERROR, SPF "4.6.1",
	    "terms are separated by spaces, not by \"{separator}\": the result "
	    "is permerror for every sender" },
	[S39_NAME_TWICE] = { "S39", WARNING, SPF "4.6.1",
	    "\"{name}:\" stands there twice: the name that is asked for begins "
	    "with it" },
	[S40_REPEATED] = { "S40", WARNING, SPF "4.6.4",
	    "\"{term}\" stands there twice" },
	[S41_INCLUDED] = { "S41", ERROR, SPF "5.2",
	    "the record of {name}, which is followed, is in error (\"{term}\": "
	    "{why}): the result is permerror" },

	/* ---- DMARC ---- */
	[D01_NONE] = { "D01", ERROR, DMARC "4.10.1",
	    "no DMARC record applies to {domain}: none was found at _dmarc of "
	    "it and of the names above" },
	[D02_SEVERAL] = { "D02", ERROR, DMARC "4.10",
	    "{name} has {count} DMARC records: none of them counts" },
	[D03_VERSION] = { "D03", ERROR, DMARC "4.7",
	    "a DMARC record begins with \"v=DMARC1\", in these letters, and a "
	    "semicolon: this one is ignored" },
	[D04_NO_POLICY] = { "D04", WARNING, DMARC "4.7; RFC 7489, section 6.3",
	    "p= is missing: it counts as p=none, and receivers that follow RFC "
	    "7489 may ignore the record" },
	[D05_POLICY] = { "D05", ERROR, DMARC "4.10.1",
	    "\"{value}\" is no policy that {tag}= takes (none, quarantine, "
	    "reject): {effect}" },
	[D06_ORDER] = { "D06", WARNING, "RFC 7489, section 6.3",
	    "p= is not the second tag: receivers that follow RFC 7489 may "
	    "ignore the record" },
	[D07_HISTORIC] = { "D07", WARNING, DMARC "9.3",
	    "{tag}= is historic and ignored" },
	[D07_PCT] = { "D07", WARNING, DMARC "A.6",
	    "pct= is historic: receivers that follow RFC 9989 ignore it, and "
	    "apply the policy to all mail" },
	[D07_PCT_RANGE] = { "D07", WARNING, "RFC 7489, section 6.3",
	    "pct={value} is no number from 0 to 100, and pct= is historic" },
	[D08_UNKNOWN] = { "D08", WARNING, DMARC "4.7",
	    "\"{tag}=\" is no tag of DMARC and is ignored" },
	[D09_TWICE] = { "D09", ERROR, DKIM "3.2",
	    "{tag}= stands there twice: the record is invalid, and what "
	    "receivers do with it differs" },
	[D10_URI] = { "D10", ERROR, DMARC "4.8",
	    "{tag}: \"{uri}\" is no URI that reports can go to ({why}); it is "
	    "ignored" },
	[D11_SCHEME] = { "D11", WARNING, REPORTS "3.5",
	    "{tag}: receivers send reports to mailto: only, not to {scheme}:" },
	[D11_MANY] = { "D11", WARNING, "RFC 7489, section 6.2",
	    "{tag}: there are {count} addresses; receivers need not serve more "
	    "than two" },
	[D12_SIZE] = { "D12", WARNING, DMARC "4.8",
	    "{tag}: the limit of size in \"{uri}\" is obsolete and ignored" },
	[D13_EXTERNAL] = { "D13", ERROR, REPORTS "4",
	    "{host} does not say that it takes reports on {domain}: none are "
	    "sent there. This has to be published by {host}" },
	[D13_OVERRIDE] = { "D13", ERROR, REPORTS "4",
	    "{name} sends reports to {uri}, which is another host: none are "
	    "sent" },
	[D13_LONG] = { "D13", ERROR, REPORTS "4",
	    "{domain}._report._dmarc.{host} is too long a name: no reports are "
	    "sent there" },
	[D14_NO_RUA] = { "D14", WARNING, DMARC "5.1.5",
	    "no rua=: nobody sends reports, so nobody sees whether the mail is "
	    "in order" },
	[D15_FO_ALONE] = { "D15", WARNING, DMARC "4.7",
	    "fo= has no effect without ruf=" },
	[D15_FO_VALUE] = { "D15", WARNING, DMARC "4.8",
	    "fo=: \"{value}\" is none of 0, 1, d and s" },
	[D15_FO_REDUNDANT] = { "D15", WARNING, DMARC "4.8",
	    "fo={value}: {why}" },
	[D16_SP] = { "D16", WARNING, DMARC "4.7",
	    "{tag}= is ignored: {domain} lies below the organizational domain "
	    "{org}" },
	[D17_WEAKER] = { "D17", WARNING, DMARC "4.7",
	    "{tag}={value} is weaker than p={policy}: {what} can be forged" },
	[D18_TEST_NONE] = { "D18", WARNING, DMARC "4.7",
	    "t=y has no effect with p=none" },
	[D18_TEST_OLD] = { "D18", WARNING, DMARC "4.7",
	    "receivers that follow RFC 7489 do not know t=y and apply p={policy} "
	    "in full" },
	[D18_TEST_VALUE] = { "D18", WARNING, DMARC "4.7",
	    "t={value} is neither y nor n and is ignored" },
	[D19_PSD_RUF] = { "D19", ERROR, "RFC 9991, section 2",
	    "ruf= is ignored in a record with psd=y" },
	[D19_PSD] = { "D19", ERROR, DMARC "4.10.2",
	    "psd=y says that {domain} is a public suffix, as com or co.jp are: "
	    "domains below it no longer belong to it" },
	[D19_PSD_VALUE] = { "D19", WARNING, DMARC "4.7",
	    "psd={value} is none of y, n and u and is ignored" },
	[D20_LABELS] = { "D20", WARNING, DMARC "4.10",
	    "{domain} has {count} labels: receivers skip names between it and "
	    "the last seven labels, so it needs a record of its own" },
	[D21_APEX] = { "D21", ERROR, DMARC "4.5",
	    "a DMARC record lies at {domain}, where nobody looks; its place is "
	    "_dmarc.{domain}" },
	[D21_DOUBLED] = { "D21", ERROR, DMARC "4.5",
	    "a DMARC record lies at {name}: the zone's name was added a second "
	    "time" },
	[D22_BYTES] = { "D22", ERROR, DMARC "4.8",
	    "this is not ASCII and cannot be read" },
	[D22_SEMICOLON] = { "D22", ERROR, DMARC "4.8",
	    "a semicolon is missing before \"{tag}=\"" },
	[D22_PIECE] = { "D22", ERROR, DMARC "4.8",
	    "\"{text}\" is no tag with a value" },
	[D23_STRINGS] = { "D23", NOTE, DMARC "4.5",
	    "the record has {count} strings, which are joined without a space" },
	[D25_ALIGNMENT] = { "D25", WARNING, DMARC "4.7",
	    "{tag}={value} is neither r nor s and counts as r" },
	[D26_ALIAS] = { "D26", NOTE, DMARC "4.5",
	    "{name} is an alias and leads to {target}: whoever has that name "
	    "sets the policy" },
	[D27_NO_MX] = { "D27", WARNING, REPORTS "3.5",
	    "{host}, where reports go, has no MX record ({why})" },
	[D27_NULL_MX] = { "D27", ERROR, "RFC 7505, section 3",
	    "{host}, where reports go, takes no mail (null MX)" },
	[D28_BLANK] = { "D28", ERROR, DMARC "4.7",
	    "a blank stands before v=DMARC1: receivers may ignore the record" },
	[D29_UNRELATED] = { "D29", WARNING, DMARC "4.10",
	    "a TXT record that has nothing to do with DMARC lies at {name}" },
	[D30_NO_MAIL] = { "D30", WARNING, DMARC "5.1",
	    "{domain} takes no mail (null MX); if it sends none, p=reject and "
	    "sp=reject keep others from forging it" },
	[D31_DIFFERS] = { "D31", NOTE, DMARC "C.2; RFC 7489, section 6.6.3",
	    "receivers that follow RFC 7489 come to another result: {old} "
	    "instead of {new}" },

	/* ---- keys of DKIM ---- */
	[K01_NONE] = { "K01", ERROR, DKIM "3.6.2",
	    "no key is at {name} ({why}): signatures with this selector fail" },
	[K02_REVOKED] = { "K02", ERROR, DKIM "3.6.1",
	    "p= is empty: the key is revoked, signatures with it fail" },
	[K03_SEVERAL] = { "K03", ERROR, DKIM "3.6.2.2",
	    "{name} has {count} TXT records: which one is the key is not "
	    "defined" },
	[K04_VERSION] = { "K04", ERROR, DKIM "3.6.1",
	    "v= must be the first tag and DKIM1, in these letters: the record "
	    "is ignored" },
	[K05_BASE64] = { "K05", ERROR, DKIM "3.6.1",
	    "p= is no base64: signatures with this key fail" },
	[K05_BROKEN] = { "K05", ERROR, DKIM "3.6.1; RFC 8463, section 4.2",
	    "p= has no {kind} key, or only a part of one: signatures with it "
	    "fail" },
	[K05_MISSING] = { "K05", ERROR, DKIM "3.6.1",
	    "p= is missing: there is no key" },
	[K06_TESTING] = { "K06", WARNING, DKIM "3.6.1",
	    "t=y: mail signed with it counts as unsigned for whoever takes it "
	    "at its word" },
	[K07_NO_SUBDOMAINS] = { "K07", NOTE, DKIM "3.6.1",
	    "t=s: signatures with an i= below the domain fail" },
	[K08_KIND] = { "K08", ERROR, DKIM "3.6.1",
	    "k={value} is no kind of key that is known (rsa, ed25519)" },
	[K08_SERVICE] = { "K08", ERROR, DKIM "3.6.1",
	    "s={value} leaves e-mail out: signatures of mail fail" },
	[K09_HASH] = { "K09", ERROR, "RFC 8301, section 3.1",
	    "h={value} leaves sha256 out, and nothing else counts any more" },
	[K10_SHORT] = { "K10", ERROR, "RFC 8301, section 3.2",
	    "the key has {count} bits; with less than 1024 signatures do not "
	    "count" },
	[K10_SHORTISH] = { "K10", NOTE, "RFC 8301, section 3.2",
	    "the key has {count} bits; 2048 are advised" },
	[K11_TWICE] = { "K11", WARNING, DKIM "3.2",
	    "{tag}= stands there twice: the record is invalid" },
	[K11_SYNTAX] = { "K11", WARNING, DKIM "3.2",
	    "\"{text}\" is no tag with a value: the record is invalid" },
	[K13_DEAD_ALIAS] = { "K13", ERROR, DKIM "3.6.2",
	    "{name} leads to {target}, where nothing is any more ({why})" },

	/* ---- TLS-RPT, MTA-STS ---- */
	[T01_NONE] = { "T01", NOTE, TLSRPT "3",
	    "{domain} asks for no reports on TLS" },
	[T01_SEVERAL] = { "T01", ERROR, TLSRPT "3",
	    "{name} has {count} TLS-RPT records: none of them counts" },
	[T01_VERSION] = { "T01", ERROR, TLSRPT "3",
	    "a TLS-RPT record begins with \"v=TLSRPTv1;\": this one is ignored" },
	[T02_NO_RUA] = { "T02", ERROR, TLSRPT "3",
	    "rua= is missing: no reports are sent" },
	[T02_URI] = { "T02", ERROR, TLSRPT "3",
	    "rua: \"{uri}\" is no URI that reports can go to ({why})" },
	[T02_RUA_TWICE] = { "T02", WARNING, TLSRPT "3",
	    "rua= stands there twice; some senders read one only, so write "
	    "all URIs into one, with commas" },
	[T03_NONE] = { "T03", NOTE, STS "3.1",
	    "{domain} has no MTA-STS record" },
	[T03_SEVERAL] = { "T03", ERROR, STS "3.1",
	    "{name} has {count} MTA-STS records: none of them counts" },
	[T03_VERSION] = { "T03", ERROR, STS "3.1",
	    "an MTA-STS record begins with \"v=STSv1;\": this one is ignored" },
	[T03_ID] = { "T03", ERROR, STS "3.1",
	    "id= must be there, with 1 to 32 letters and digits" },
	[T03_NO_HOST] = { "T03", ERROR, STS "3.3",
	    "mta-sts.{domain}, which has the policy, has no address ({why})" },
	[T05_SYNTAX] = { "T05", ERROR,
	    "RFC 8460, section 3; RFC 8461, section 3.1",
	    "\"{text}\" is not name=value as the grammar has it: the record is "
	    "invalid" },
	[T05_TWICE] = { "T05", ERROR, STS "3.1", "{tag}= stands there twice" },

	[T06_UNRELATED] = { "T06", WARNING, "RFC 7208, section 3.5",
	    "a TXT record that has nothing to do with {what} lies at {name}" },
	[T04_NOT_COVERED] = { "T04", ERROR, STS "4.1",
	    "the policy does not cover the mail server {name}: with mode "
	    "enforce no mail is sent there" },
	[T07_LINE] = { "T07", ERROR, STS "3.2",
	    "\"{text}\" is no field of a policy with a value" },
	[T07_VERSION] = { "T07", ERROR, STS "3.2",
	    "a policy has the field \"version: STSv1\"" },
	[T07_MODE] = { "T07", ERROR, STS "3.2",
	    "mode: {value} is none of enforce, testing and none" },
	[T07_NO_MODE] = { "T07", ERROR, STS "3.2",
	    "the field mode is missing" },
	[T07_AGE] = { "T07", ERROR, STS "3.2",
	    "max_age: {value} is no number of seconds up to 31557600" },
	[T07_NO_AGE] = { "T07", ERROR, STS "3.2",
	    "the field max_age is missing" },
	[T07_MX] = { "T07", ERROR, STS "3.2",
	    "mx: {name} is neither a host nor *. and a domain" },
	[T07_NO_MX] = { "T07", ERROR, STS "3.2",
	    "mx is missing: with this mode no server is covered" },
	[T07_TWICE] = { "T07", WARNING, STS "3.2",
	    "{name} stands there twice; only the first counts" },
	[T07_UNKNOWN] = { "T07", WARNING, STS "3.2",
	    "\"{name}\" is no field that is known" },

	/* ---- BIMI ---- */
	[B01_NONE] = { "B01", NOTE, BIMI, "{domain} has no BIMI record" },
	[B01_SEVERAL] = { "B01", ERROR, BIMI,
	    "{name} has {count} BIMI records: none of them counts" },
	[B01_VERSION] = { "B01", ERROR, BIMI,
	    "a BIMI record begins with \"v=BIMI1;\": this one is ignored" },
	[B02_NO_LOGO] = { "B02", WARNING, BIMI,
	    "l= is missing: no logo is shown" },
	[B02_URI] = { "B02", ERROR, BIMI,
	    "{tag}=: \"{uri}\" is no https: URI" },
	[B03_TAG] = { "B03", WARNING, BIMI, "\"{tag}\" is no tag of BIMI" },
	[B03_VALUE] = { "B03", ERROR, BIMI, "{tag}={value} cannot be read" },
	[B04_POLICY] = { "B04", WARNING, BIMI,
	    "no logo is shown: that takes DMARC with p=quarantine or p=reject, "
	    "for all mail" },

	/* ---- mail servers ---- */
	[X01_NO_MX] = { "X01", NOTE, "RFC 5321, section 5.1",
	    "{domain} has no MX record" },
	[X02_NO_ADDRESS] = { "X02", ERROR, "RFC 5321, section 5.1",
	    "the mail server {name} has no address ({why})" },
	[X03_ALIAS] = { "X03", WARNING, "RFC 2181, section 10.3",
	    "the mail server {name} is an alias, which an MX record must not "
	    "name" },
	[X04_NULL_AND_OTHERS] = { "X04", ERROR, "RFC 7505, section 3",
	    "a null MX says that no mail is taken, and another MX record names "
	    "a server" },
	[X05_ADDRESS] = { "X05", ERROR, "RFC 1035, section 3.3.9",
	    "an MX record names a host; {name} is an address" },

	/* ---- what is not known ---- */
	[U01_FAILED] = { "U01", SEVERITY_UNKNOWN, "",
	    "DNS did not answer for {name} {type}; so it is not known: {what}" },
	[U02_KIND] = { "U02", ERROR, "",
	    "this is no record of a kind that is known: it begins with none of "
	    "v=spf1, v=DMARC1, v=DKIM1, v=TLSRPTv1, v=STSv1 and v=BIMI1" },
	[U03_MORE] = { "U03", WARNING, "",
	    "{count} findings more are not listed" },
};
