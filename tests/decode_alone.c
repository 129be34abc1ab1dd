/*
 * decode_alone: a program of ingest/decode/ and nothing else.  It is linked
 * only: that fails when decoding needs the database, the network or a file of
 * another folder.  tests/check-decode.sh looks for the rest.
 */

int
main(void)
{
	return 0;
}
