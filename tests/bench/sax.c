/*
 * sax: what reading the XML costs at the least: libarchive and libxml2's SAX2
 * push parser over the same archives, with handlers that only count.
 *
 * usage: sax PATH...    (an archive, or a folder of archives)
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <libxml/SAX2.h>
#include <libxml/parser.h>

#include "tests/bench/files.h"

struct counts {
	size_t elements;
	size_t text;
};

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int n_namespaces, const xmlChar **namespaces,
    int n_attributes, int n_defaulted, const xmlChar **attributes)
{
	(void)name;
	(void)prefix;
	(void)uri;
	(void)n_namespaces;
	(void)namespaces;
	(void)n_attributes;
	(void)n_defaulted;
	(void)attributes;
	((struct counts *)ctx)->elements++;
}

static void
on_text(void *ctx, const xmlChar *s, int n)
{
	(void)s;
	((struct counts *)ctx)->text += (size_t)n;
}

static void
parse(struct archive *a, struct counts *counts)
{
	static char block[65536];
	xmlSAXHandler sax = {
		.initialized = XML_SAX2_MAGIC,
		.startElementNs = on_start,
		.characters = on_text,
	};
	xmlParserCtxtPtr p = xmlCreatePushParserCtxt(&sax, counts, NULL, 0,
	    NULL);
	la_ssize_t n;

	while ((n = archive_read_data(a, block, sizeof(block))) > 0)
		if (xmlParseChunk(p, block, (int)n, 0) != 0)
			abort();
	if (n < 0 || xmlParseChunk(p, NULL, 0, 1) != 0)
		abort();
	xmlFreeParserCtxt(p);
}

static void
read_archive(void *ctx, const char *path, const char *bytes, size_t len)
{
	struct archive *a = archive_read_new();
	struct archive_entry *entry;

	(void)path;
	if (bytes[0] == 'P')
		(void)archive_read_support_format_zip(a);
	else if (archive_read_append_filter(a, ARCHIVE_FILTER_GZIP) ==
	    ARCHIVE_OK)
		(void)archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, bytes, len) != ARCHIVE_OK ||
	    archive_read_next_header(a, &entry) != ARCHIVE_OK)
		abort();
	parse(a, ctx);
	archive_read_free(a);
}

int
main(int argc, char **argv)
{
	struct counts counts = { 0 };
	size_t n = 0;

	xmlInitParser();
	for (int i = 1; i < argc; i++)
		n += files_each(argv[i], read_archive, &counts);
	(void)printf("%zu files, %zu elements, %zu bytes of text\n", n,
	    counts.elements, counts.text);
	return 0;
}
