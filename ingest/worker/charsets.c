/*
 * charsets: character set conversions that reports and mails may need, loaded
 * before the sandbox forbids to open files.
 */
#include "ingest/worker/charsets.h"

#include <iconv.h>
#include <stddef.h>

/* UTF-8, UTF-16, UTF-32 and ASCII need no loading. */
static const char *const names[] = {
	/* Europe */
	"ISO-8859-1", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5",
	"ISO-8859-7", "ISO-8859-9", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14",
	"ISO-8859-15", "ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251",
	"WINDOWS-1252", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1257",
	"KOI8-R", "KOI8-U", "IBM437", "IBM850", "IBM852", "IBM855", "IBM858",
	"IBM866", "MACINTOSH",
	/* the Middle East */
	"ISO-8859-6", "ISO-8859-8", "WINDOWS-1255", "WINDOWS-1256",
	/* Japan */
	"ISO-2022-JP", "ISO-2022-JP-2", "ISO-2022-JP-3", "SHIFT_JIS", "CP932",
	"EUC-JP", "EUC-JP-MS", "SHIFT_JISX0213", "EUC-JISX0213",
	/* China, Taiwan, Hong Kong */
	"GB2312", "GBK", "GB18030", "BIG5", "BIG5-HKSCS", "CP950", "EUC-TW",
	"ISO-2022-CN", "ISO-2022-CN-EXT",
	/* Korea */
	"EUC-KR", "CP949", "ISO-2022-KR", "JOHAB",
	/* Thailand, Vietnam */
	"TIS-620", "ISO-8859-11", "CP874", "WINDOWS-1258", "VISCII", "TCVN",
	/* mails, and mainframes */
	"UTF-7", "IBM037", "IBM1047"
};

#define N (sizeof(names) / sizeof(names[0]))

/* They stay open: a closed one may be unloaded. */
static iconv_t kept[2 * N];

void
charsets_load(void)
{
	/* A conversion that this system does not have cannot be loaded, and
	 * need not be. */
	for (size_t i = 0; i < N; i++) {
		kept[2 * i] = iconv_open("UTF-8", names[i]);
		kept[2 * i + 1] = iconv_open(names[i], "UTF-8");
	}
}
