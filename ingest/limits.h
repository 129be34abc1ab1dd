/*
 * limits: every bound that stands between a stranger's bytes and this machine,
 * with its reason.  tests/unit/t_limits.c sends one more of each.
 */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

#define LIMIT_KIB (1024UL)
#define LIMIT_MIB (1024UL * 1024UL)

/* One file, or one message of an mbox or Maildir.  Receivers refuse mails of
 * more than some 50 MiB; a report of a million records is 22 MiB as gzip and
 * 620 MiB without, which nobody sends. */
#define LIMIT_ITEM (256 * LIMIT_MIB)

/* Header fields of a mail: GMime is slow in their number. */
#define LIMIT_MAIL_HEADER (256 * LIMIT_KIB)

/* Authentication-Results that are kept: fields of a mail, the topmost first,
 * which are those of the last servers; bytes of all of them, in which even the
 * longest has room; bytes of a word, as long as an address (RFC 5321). */
#define LIMIT_AUTH_FIELDS 8
#define LIMIT_AUTH_TEXT   2000
#define LIMIT_AUTH_WORD   254

/* A report mail has two parts, a forwarded one five or six. */
#define LIMIT_MIME_PARTS 100
#define LIMIT_MIME_DEPTH 10

/* All that one item may unpack to, nested archives included.  Real reports
 * shrink 20 to 60 times, deflate ends at 1032 times; whatever is small may
 * always become the lower bound. */
#define LIMIT_UNPACKED     (2048 * LIMIT_MIB)
#define LIMIT_UNPACKED_LOW (16 * LIMIT_MIB)
#define LIMIT_RATIO        300

/* A year of daily reports from 25 reporters, zipped by hand, still passes. */
#define LIMIT_MEMBERS 10000

/* gz in zip happens; more than that is somebody's game. */
#define LIMIT_ARCHIVE_DEPTH 2

/* Documents of one item that are read a second time (broken XML, records
 * before the head): to get there again, an archive is gone through anew. */
#define LIMIT_REPEATS 200

/* An archive or mail inside an archive must be held in memory. */
#define LIMIT_NESTED (64 * LIMIT_MIB)

/* A report is five elements deep; extensions may nest a little. */
#define LIMIT_XML_DEPTH 32

/* Bytes that the XML parser may take without reporting anything: a start tag
 * of 2 MB costs it 12 seconds. */
#define LIMIT_XML_SILENCE (64 * LIMIT_KIB)

/* Text of one element.  The longest seen is an ARC comment of 600 bytes. */
#define LIMIT_TEXT 4096

/* Values that make the key of a report; together they must fit an index row
 * of PostgreSQL (2704 bytes). */
#define LIMIT_KEY_TEXT 768

/* A domain name has at most 253 bytes (RFC 1035 3.1). */
#define LIMIT_DOMAIN 253

/* All text of one record, so that a hundred signatures fit and no more. */
#define LIMIT_RECORD_TEXT (256 * LIMIT_KIB)

/* RFC 9990 3.1.3 asks for at most 100 signatures a record. */
#define LIMIT_RESULTS 100

/* report_metadata/error, as many as anybody would read. */
#define LIMIT_ERRORS 20

/* Records of one item, all of which are held until they are stored, some 90
 * bytes each.  The largest reports known have some 30,000. */
#define LIMIT_RECORDS 1000000

/* Messages of one record, and of one report.  All the world sends some 4e11
 * mails a day, so more is a mistake or an attack; and a million reports of
 * that size still add up within 63 bits. */
#define LIMIT_COUNT           1000000000000
#define LIMIT_REPORT_MESSAGES 9000000000000

/* What travels at a time from decode to store. */
#define LIMIT_CHUNK_RECORDS  4096
#define LIMIT_CHUNK_PROFILES 1024
#define LIMIT_CHUNK_TEXT     (2 * LIMIT_MIB)

/* Text of a whole report that has to be held until it is stored: half a
 * million records without anything in common, and as many remarks. */
#define LIMIT_REPORT_TEXT (100 * LIMIT_MIB)

/* Records of one report that are kept aside one by one; beyond that the
 * report is not worth trusting. */
#define LIMIT_BAD_RECORDS 1000

/* Documents of one item, each of which is held until it is stored: an mbox
 * through a pipe of a thousand days of a hundred reporters. */
#define LIMIT_DOCUMENTS 100000

/* What is held until the next commit: half a second of work. */
#define LIMIT_BATCH_RECORDS 50000
#define LIMIT_BATCH_ITEMS   1000
#define LIMIT_BATCH_BYTES   (32 * LIMIT_MIB)

/* Records of one report, and as many again, that are written while the rest of
 * it is being decoded: a tenth of a second of work. */
#define LIMIT_AHEAD_RECORDS 16384

/* Mails, and bytes of them, that one command asks a mailbox for: all of them
 * are held until they are decoded. */
#define LIMIT_FETCH_MAILS 500
#define LIMIT_FETCH_BYTES (16 * LIMIT_MIB)

/* Parentheses within each other in what a mail server says: the structure of
 * the deepest mail that anybody would send, which is not asked for. */
#define LIMIT_IMAP_DEPTH 200

/* Lines by which a mail server may ask for more within one command ("+"): a
 * login by SCRAM has three, a name or password with odd letters one each.  A
 * question is a few bytes and costs a round trip, so that the bound for bytes
 * alone would let it go on for a minute. */
#define LIMIT_IMAP_QUESTIONS 16

/* Mails of one folder that are listed; each is 16 bytes here. */
#define LIMIT_MAILBOX_MAILS 4000000

/* Mails that a server does not give and that are told one by one; and how
 * often such a mail may cost the connection. */
#define LIMIT_NOT_GIVEN 10
#define LIMIT_DEATHS    50

/* Profiles whose ids are remembered between commits; 32 bytes each and some
 * 60 of the table. */
#define LIMIT_KNOWN_PROFILES 500000

/* What a transaction may teach, 40 bytes each and as much again on their way to
 * the server: real ones have some thousands.  What is over is learned when it
 * comes again.  And how much is remembered as taught, 50 bytes each. */
#define LIMIT_LESSONS	    100000
#define LIMIT_KNOWN_LESSONS 500000

/* And policy domains. */
#define LIMIT_KNOWN_DOMAINS 100000

/* Items that are asked together whether they came before, and bytes of them. */
#define LIMIT_FRESH_ITEMS 1000
#define LIMIT_FRESH_BYTES (4 * LIMIT_MIB)

/* Decoders at work at once, whatever the number of cores. */
#define LIMIT_DECODERS 4

/* Items that wait for decoders or were decoded, so that these and the database
 * always have work: a few batches.  And bytes that wait for one decoder, and
 * that it has said and nobody has read yet; one item or frame always goes. */
#define LIMIT_QUEUE_ITEMS 4096
#define LIMIT_QUEUE_BYTES (4 * LIMIT_MIB)

/* One frame of a decoder.  The text of a chunk, and as much again for what
 * describes it, would be a third of that. */
#define LIMIT_FRAME (16 * LIMIT_MIB)

/* What the parent believes of one item, a little more than decode() hands
 * out: the last chunk is counted when it is there. */
#define LIMIT_REPLAYED_RECORDS (LIMIT_RECORDS + 2 * LIMIT_CHUNK_RECORDS)
#define LIMIT_REPLAYED_TEXT    (4 * LIMIT_REPORT_TEXT)

/* Memory of a decoder beyond what it has at its start: an archive of
 * LIMIT_NESTED in a mail in an archive, in buffers that double.  An item comes
 * on top of it, with the copies that a large mail is made of. */
#define LIMIT_DECODER_MEMORY (512 * LIMIT_MIB)
#define LIMIT_DECODER_COPIES 4

/* Seconds of processor time, and seconds that others wait for it, that one
 * item may cost: 2 GiB of XML, which is the most, are read in ten. */
#ifdef TEST_STEPS
#define LIMIT_DECODER_SECONDS 2
#define LIMIT_DECODER_WAIT    20
#else
#define LIMIT_DECODER_SECONDS 60
#define LIMIT_DECODER_WAIT    600
#endif

/* Seconds of processor time after which a decoder is replaced, whatever it
 * does: in case that the parent cannot see to it. */
#define LIMIT_DECODER_LIFE 3600

/* Bytes of profiles that need not be made again, before the next chunk begins:
 * some ten thousand, while two years of four domains have three thousand. */
#define LIMIT_MADE_PROFILES (8 * LIMIT_MIB)

/* Bytes of profiles that need not be checked again. */
#define LIMIT_CHECKED_PROFILES (8 * LIMIT_MIB)

/* Seconds since 1970 that a date may have: up to the year 9999. */
#define LIMIT_EPOCH 253402300799

/* A mail's may be from the year 1 on. */
#define LIMIT_EPOCH_LEAST (-62135596800)

#endif
