#!/bin/sh
# Does decoding stay pure?  Prints each function that an object of ingest/decode/
# asks the C library or GLib for and must not: files, sockets, clocks, processes,
# the environment, chance.
# usage: check-decode.sh OBJECT...
set -u

files='f?re?open(64)?|fopen(64)?|open(at)?(64)?|__open(64)?_2|creat|opendir|read|p?readv?|write|p?writev?|mmap(64)?|unlink|rename|stat|lstat|fstat|access|g_file_.*|g_io_.*|g_mapped_file_.*|g_mime_stream_(fs|file|pipe)_.*|xml(Read|Parse|CtxtRead)File|archive_read_open_(filename|fd|FILE).*'
sockets='socket(pair)?|connect|bind|listen|accept4?|send(to|msg)?|recv(from|msg)?|getaddrinfo|gethostby.*|res_.*|poll|ppoll|select'
clocks='time|clock|clock_gettime|gettimeofday|localtime(_r)?|nanosleep|u?sleep|alarm|g_get_(real|monotonic|current)_time|g_date_time_new_now.*'
others='fork|vfork|exec.*|posix_spawn.*|system|popen|kill|(secure_)?getenv|g_getenv|rand(om)?(_r)?|getrandom|getpid|pthread_create|g_thread_.*|printf|puts|fprintf|__f?printf_chk'

found=$(nm -A -u "$@" | sed -E 's/^([^:]*):.* U ([^@]*).*/\1 \2/' |
	grep -E " ($files|$sockets|$clocks|$others|PQ.*|gnutls_.*)$")
[ -z "$found" ] && exit 0
printf '%s\n' "$found" | sed 's/^/check-decode: decoding must not call: /' >&2
exit 1
