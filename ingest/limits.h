/*
 * limits: every bound on untrusted input, with its reason.
 * tests/unit/t_limits.c exceeds each by one.
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

/* All bytes that one item may unpack to, nested archives included.  Real
 * reports compress 20 to 60 times, deflate reaches 1032 times.  Small items may
 * always unpack to the lower bound. */
#define LIMIT_UNPACKED     (2048 * LIMIT_MIB)
#define LIMIT_UNPACKED_LOW (16 * LIMIT_MIB)
#define LIMIT_RATIO        300

/* A year of daily reports from 25 reporters, zipped by hand, still passes. */
#define LIMIT_MEMBERS 10000

/* A zip in a tar happens; deeper nesting is an attack.  Compressions are no
 * archives: a tar.gz has one level of each, gz in gz happens. */
#define LIMIT_ARCHIVE_DEPTH 2
#define LIMIT_FILTER_DEPTH  4

/* winmail.dat, S/MIME, base64 and uuencode in texts, one in another. */
#define LIMIT_WRAP_DEPTH 4

/* Documents of one item that are read a second time (broken XML, records
 * before the head): to get there again, an archive is gone through anew. */
#define LIMIT_REPEATS 200

/* An archive or mail inside an archive must be held in memory. */
#define LIMIT_NESTED (64 * LIMIT_MIB)

/* A report is five elements deep; extensions may be a little deeper. */
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

/* report_metadata/error: more than anybody would read. */
#define LIMIT_ERRORS 20

/* Records of one item, all of which are held until they are stored, some 90
 * bytes each.  The largest reports known have some 30,000. */
#define LIMIT_RECORDS 1000000

/* Messages of one record, and of one report.  All the world sends some 4e11
 * mails a day, so more is a mistake or an attack; and a million reports of
 * that size still add up within 63 bits. */
#define LIMIT_COUNT           1000000000000
#define LIMIT_REPORT_MESSAGES 9000000000000

/* A TLS report (RFC 8460), which is JSON and is held whole, as a tree: bytes, of
 * which mail servers take some 10 MiB packed; levels, of which it has five; and
 * members and elements, each of which takes up to 300 bytes of memory. */
#define LIMIT_TLS_REPORT  (8 * LIMIT_MIB)
#define LIMIT_JSON_DEPTH  32
#define LIMIT_JSON_VALUES 200000

/* Of a TLS report: the largest reporters list some hundred failures a day.  A
 * policy has a few lines, a name or text a few hundred bytes. */
#define LIMIT_TLS_POLICIES 1000
#define LIMIT_TLS_FAILURES 20000
#define LIMIT_TLS_LINES    100
#define LIMIT_TLS_TEXT     1024

/* A text of a failure report (RFC 6591): Authentication-Results are the longest;
 * and a word of it, such as bodyhash. */
#define LIMIT_FAILURE_TEXT 1024
#define LIMIT_FAILURE_WORD 40

/* The size of a chunk, which is passed from decode to store at once. */
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

/* The size of a batch: half a second of work. */
#define LIMIT_BATCH_RECORDS 50000
#define LIMIT_BATCH_ITEMS   1000
#define LIMIT_BATCH_BYTES   (32 * LIMIT_MIB)

/* A report with so many records is written in pieces of this size while the
 * rest is being decoded: a tenth of a second of work. */
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

/* Bytes of a line that a mail server sends, without its literals: what is
 * behind that is not looked at.  A mail may come as a quoted string. */
#define LIMIT_IMAP_LINE (1 * LIMIT_MIB)

/* Lines in the answer to one command, such as the names of folders; and folders
 * in one setting. */
#define LIMIT_IMAP_KEPT    10000
#define LIMIT_IMAP_FOLDERS 1000

/* Mails of one folder that are listed; each is 16 bytes here. */
#define LIMIT_MAILBOX_MAILS 4000000

/* Mails that a server refuses and that are logged one by one; and how often
 * such a mail may cost the connection. */
#define LIMIT_NOT_GIVEN 10
#define LIMIT_DEATHS    50

/* After so many refusals in a row with the same text, only a mail further on is
 * tried, and the rest if that one is delivered; and how often that is tried. */
#define LIMIT_LIKE_REFUSALS 3
#define LIMIT_PROBES        100

/* Profiles whose ids are remembered between commits; 32 bytes each and some
 * 60 of the table. */
#define LIMIT_PROFILE_IDS 500000

/* What the database may learn from one transaction: 40 bytes each, and as much
 * again while they are sent; real ones have some thousands.  The rest is
 * learned the next time.  And how many are remembered as written, 50 bytes
 * each. */
#define LIMIT_LESSONS       100000
#define LIMIT_KNOWN_LESSONS 500000

/* And policy domains. */
#define LIMIT_DOMAIN_IDS 100000

/* Items that are looked up together in the database, and their bytes. */
#define LIMIT_FRESH_ITEMS 1000
#define LIMIT_FRESH_BYTES (4 * LIMIT_MIB)

/* Workers at work at once, whatever the number of cores. */
#define LIMIT_DECODERS 4

/* Items after which a worker is replaced: an attacker who controls it unnoticed
 * can falsify no more than these.  To start one costs 18 ms of a processor, as
 * much as to decode and store 80 small mails, so that this is 1 % of a long
 * run. */
#ifdef TEST_STEPS
#define LIMIT_DECODER_ITEMS 20
#else
#define LIMIT_DECODER_ITEMS 8192
#endif

/* Items in the queue of a fresh worker that replaces one with a suspicious
 * item.  When such items come in a row, what was decoded behind them is
 * discarded, so it begins low and doubles with each finished item. */
#define LIMIT_DECODER_FIRST 4

/* Items that wait for workers or were decoded, so that these and the database
 * always have work: a few batches.  And bytes that wait for one worker, and
 * that it has said and nobody has read yet; one item or frame always goes. */
#define LIMIT_QUEUE_ITEMS 4096
#define LIMIT_QUEUE_BYTES (4 * LIMIT_MIB)

/* Bytes of items that wait for all workers, and of all items anywhere, beyond
 * which none is read ahead: with one more, which may be a large one, that is
 * all that items take of memory. */
#define LIMIT_QUEUE_ALL    (LIMIT_DECODERS * LIMIT_QUEUE_BYTES)
#define LIMIT_ITEMS_QUEUED (64 * LIMIT_MIB)

/* One frame of a worker.  The text of a chunk, and as much again for what
 * describes it, would be a third of that. */
#define LIMIT_FRAME (16 * LIMIT_MIB)

/* The most that the parent accepts for one item; a little more than decode()
 * sends, because the last chunk is counted after it has arrived. */
#define LIMIT_REPLAYED_RECORDS (LIMIT_RECORDS + 2 * LIMIT_CHUNK_RECORDS)
#define LIMIT_REPLAYED_TEXT    (4 * LIMIT_REPORT_TEXT)

/* What the parent holds of one item that was decoded, overhead and the rows
 * that are made of it included, whatever it consists of: a hundred thousand
 * small reports, or one of LIMIT_REPORT_TEXT.  And what --print holds, which
 * shows a profile with each of its records: a thousand bytes for each. */
#define LIMIT_HELD    (256 * LIMIT_MIB)
#define LIMIT_PRINTED (1000UL * LIMIT_RECORDS)

/*
 * Memory of a worker beyond what it has at its start.  Whatever anybody sends
 * in earnest takes less than 64 MiB.  Where that is not enough, or the item is
 * large by itself, it is decoded when it is next to come out and has more room
 * then, so that only one worker at a time has it: for an archive of
 * LIMIT_NESTED in a mail in an archive, in buffers that double; the item comes
 * on top of that, with the copies that a large mail is made of.
 */
#define LIMIT_DECODER_MEMORY (128 * LIMIT_MIB)
#define LIMIT_DECODER_SMALL  (4 * LIMIT_MIB)
#define LIMIT_DECODER_ROOM   (512 * LIMIT_MIB)
#define LIMIT_DECODER_COPIES 3

/*
 * The budget of memory: what parent and workers take together at the worst,
 * and MemoryMax of the units in scripts/systemd (the tests compare).
 *
 *   decoders: all but one small, one with room for the largest item, 16 MiB
 *   each for what they have at the start, and their pipes
 *     3 * 128 + (512 + 3 * 256) + 4 * (16 + 2)                = 1736
 *   parent: items (64 ahead and one of 256), the largest once more as libpq
 *   sends it, frames that came, what is held (one large item, a batch, and the
 *   batch that is being written); profiles, domains and mails of a mailbox
 *   that it remembers, and itself
 *     (64 + 256) + 256 + 4 * 32 + (256 + 32 + 64) + 192       = 1248
 */
#define LIMIT_DECODERS_MEMORY                                               \
	((LIMIT_DECODERS - 1) * LIMIT_DECODER_MEMORY + LIMIT_DECODER_ROOM + \
	    LIMIT_DECODER_COPIES * LIMIT_ITEM +                             \
	    LIMIT_DECODERS * 18 * LIMIT_MIB)
#define LIMIT_PARENT_MEMORY                                 \
	(LIMIT_ITEMS_QUEUED + 2 * LIMIT_ITEM +              \
	    LIMIT_DECODERS * 2 * LIMIT_FRAME + LIMIT_HELD + \
	    3 * LIMIT_BATCH_BYTES + 192 * LIMIT_MIB)
#define LIMIT_MEMORY (3072 * LIMIT_MIB)

/* Seconds of processor time, and seconds that others wait for it, that one
 * item may cost: 2 GiB of XML, which is the most, are read in ten. */
#ifdef TEST_STEPS
#define LIMIT_DECODER_SECONDS 2
#define LIMIT_DECODER_WAIT    20
#else
#define LIMIT_DECODER_SECONDS 60
#define LIMIT_DECODER_WAIT    600
#endif

/* Seconds of processor time after which a worker is killed in any case, should
 * the parent fail to do so. */
#define LIMIT_DECODER_LIFE 3600

/* Bytes of profiles that a worker remembers: some ten thousand.  Two years of
 * four domains have three thousand. */
#define LIMIT_MADE_PROFILES (8 * LIMIT_MIB)

/* Bytes of validated profiles that the parent remembers. */
#define LIMIT_CHECKED_PROFILES (8 * LIMIT_MIB)

/* Seconds since 1970 that a date may have: up to the year 9999. */
#define LIMIT_EPOCH 253402300799

/* A mail's may be from the year 1 on. */
#define LIMIT_EPOCH_LEAST (-62135596800)

#endif
